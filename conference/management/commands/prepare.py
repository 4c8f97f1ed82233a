"""Bring an installation up to the code: translations, files for the browser, tables, demo data."""

import hashlib
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError


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
    if not stamp.exists() or stamp.read_text() != wanted or not settings.STATIC_ROOT.exists():
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(wanted)


class Command(BaseCommand):
    help = "Migrate, compile translations, collect static files; in a demonstration load its data once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--files-only", action="store_true", help="leave the database alone")

    def handle(self, *args: Any, **options: Any) -> None:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        call_command("catalogues")
        collect_static()
        if not options["files_only"]:
            self.prepare_database()

    def prepare_database(self) -> None:
        try:
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
            if settings.DEMO:
                call_command("demo_data", accounts=settings.DATA_DIR / "demo-accounts.json")
        except OperationalError as error:
            raise CommandError(f"The database cannot be used: {error}") from error
