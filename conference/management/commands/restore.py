"""`manage.py restore BACKUP [--check] [--replace]`: a backup becomes the installation again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from conference import backups, bringing_back
from conference.dumping import DumpError

NEXT = """Restored. Before anybody signs in:
  manage.py prepare          brings the tables up to this code
  manage.py after_restore    says which numbers were given out since; then again with --apply
  manage.py doctor           looks for what is missing"""

ANOTHER = "Take another backup, or the copy of this one on another machine; --check says whether it is whole."
ROTTEN = "Left out, for they were damaged before they were backed up; an older backup may have them whole:"


class Command(BaseCommand):
    """Refuses what is damaged, newer than the code, or would overwrite something unasked."""

    help = "Load a backup into this installation; with --check only read all of it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", type=Path)
        parser.add_argument("--check", action="store_true", help="read all of it, change nothing")
        parser.add_argument("--replace", action="store_true", help="throw away the database that is there")

    def handle(self, *args: Any, backup: Path, check: bool, replace: bool, **options: Any) -> None:
        if check:
            if faults := backups.check(backup):
                raise CommandError("\n".join([f"{backup} is not whole:", *faults, ANOTHER]))
            self.stdout.write(f"{backup}: all is there, as it was backed up")
            return
        faults, rotten = backups.look(backup)
        if faults:
            raise CommandError("\n".join([f"{backup} is not restored:", *faults, ANOTHER]))
        if why := bringing_back.refusals(backup, replace=replace):
            raise CommandError("\n".join([f"{backup} is not restored:", *why]))
        try:
            bringing_back.bring_back(backup, without=rotten)
        except (DumpError, OSError) as error:
            raise CommandError(f"Nothing was restored, the database is as it was: {error}") from error
        if rotten:
            self.stdout.write("\n".join([ROTTEN, *rotten]))
        self.stdout.write(NEXT)
