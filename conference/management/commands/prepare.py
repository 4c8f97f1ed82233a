"""Bring an installation up to the code: translations, files for the browser, tables, demo data."""

import hashlib
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from conference import static_files
from conference.static_files import MANIFEST


def static_fingerprint() -> str:
    """Changes when a file for the browser does."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            with storage.open(path) as file:
                digest.update(f"{path} {hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return digest.hexdigest()


def collect_static() -> None:
    """Copy, name by content and compress what browsers load, if anything of it changed."""
    stamp = settings.STATIC_ROOT.with_suffix(".stamp")
    wanted = static_fingerprint()
    if not stamp.exists() or stamp.read_text() != wanted or not (settings.STATIC_ROOT / MANIFEST).exists():
        stamp.unlink(missing_ok=True)
        static_files.collect(settings.STATIC_ROOT)
        stamp.write_text(wanted)


class Command(BaseCommand):
    help = "Migrate, compile translations, collect static files; in a demonstration load its data once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--files-only", action="store_true", help="leave the database alone")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.FONTS_DIR.is_dir():
            told = f"FONTS_DIR: there is no folder {settings.FONTS_DIR}"
            raise CommandError(f"{told}; npm ci makes it as node_modules, or name where it is.")
        try:
            settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
            call_command("catalogues")
            collect_static()
        except OSError as error:
            told = f"{error.filename} cannot be written ({error.strerror})"
            raise CommandError(f"{told}: give it to the account of the processes.") from error
        if not options["files_only"]:
            self.prepare_database()

    def prepare_database(self) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        if settings.DEMO:
            call_command("demo_data", accounts=settings.DATA_DIR / "demo-accounts.json")
