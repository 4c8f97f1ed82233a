"""`manage.py backup FOLDER [--keep-days N]`: the database, every file and the mark of numbers, checked."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from conference import backups
from conference.dumping import DumpError


def _days(text: str) -> int:
    """A slip of the pen removes no backup."""
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text} is no number of days")
    return int(text)


class Command(BaseCommand):
    """One backup, in a folder of its own named by its moment."""

    help = "Back up the database and every file into a new folder below FOLDER, and read all of it again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--keep-days", type=_days, metavar="N", help="afterwards remove backups older than this"
        )

    def handle(self, *args: Any, folder: Path, keep_days: int | None, **options: Any) -> None:
        try:
            made = backups.make(folder)
        except DumpError as error:
            raise CommandError(f"There is no backup: {error}") from error
        except OSError as error:
            mend = f"Mend what it says, or make room in {folder}; then run it again."
            raise CommandError(f"There is no backup: {error}. {mend}") from error
        self.stdout.write(f"{made.path}: {made.files} files, {made.bytes:,} bytes".replace(",", " "))
        if made.faults:
            told = "\n".join(made.faults)
            mend = "Put what is damaged right, from an older backup; then run it again."
            raise CommandError(f"It was kept, older ones too, but it is not whole:\n{told}\n{mend}")
        if keep_days is not None:
            self.prune(folder, keep_days)

    def prune(self, folder: Path, days: int) -> None:
        try:
            for path in backups.prune(folder, days):
                self.stdout.write(f"removed {path}")
        except OSError as error:
            told = f"The backup is whole; an older one is not removed: {error}"
            raise CommandError(f"{told}. Remove it: it holds who was erased since.") from error
