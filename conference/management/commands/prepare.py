"""Bring an installation up to the code: translations, files for the browser, tables, demo data."""

import hashlib
import time
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection

from conference import static_files
from conference.static_files import MANIFEST

NOT_AVAILABLE = "55P03"  # as PostgreSQL says that a lock was waited for too long
LONGEST_WAIT, PAUSE, MOST_TRIES = 3, 5, 100  # seconds, seconds


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
        for _try in range(MOST_TRIES):
            if self.migrate():
                break
            told = "A table that is to be changed is in use, by a backup perhaps; it is tried again."
            self.stdout.write(told)
            self.stdout.flush()
            time.sleep(PAUSE)
        else:
            raise CommandError("The tables are in use all the time. Let a backup end, or stop the web first.")
        call_command("createcachetable", verbosity=0)
        if settings.DEMO:
            call_command("demo_data", accounts=settings.DATA_DIR / "demo-accounts.json")

    def migrate(self) -> bool:
        """Whoever waits to change a table keeps all from it who only want to read, so it is not for long.

        False where it was in vain: what was begun is undone, what was done before stays.
        """
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = '{LONGEST_WAIT}s'")
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", None) != NOT_AVAILABLE:
                raise
            return False
        finally:
            connection.close()  # and with it the limit
        return True
