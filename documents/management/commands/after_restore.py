"""`manage.py after_restore [--apply]`: after a backup was restored, before anybody issues or sends."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from conference import appending
from documents import marks, restoring

BACK = """As the backup has them, told by no mark: look through what was done since, before anybody signs in.
  accounts that were switched off, roles that were taken away, passwords and second factors that were changed
  phones at the door that were revoked (they fetch the list of everybody again), links that were withdrawn
  consents that were withdrawn, with answer and photo; files and answers that were replaced"""


def _findings(end: list[str], erase: list[str]) -> restoring.Findings:
    """Nothing is done where a code is a slip of the pen."""
    found = restoring.findings(end, erase)
    if found.strangers:
        told = ", ".join(found.strangers)
        raise CommandError(f"No mark names {told}: look at the code. Nothing was changed.")
    return found


class Command(BaseCommand):
    help = (
        "Compare the database with the marks outside it: raise counters, end what was replaced or revoked "
        "since, erase again who was erased, hold all mail. Without --apply it only says what it would do."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="do it")
        parser.add_argument(
            "--end", metavar="CODE", action="append", default=[],
            help="end this certificate too: its ending was begun, and you know that it came through",
        )  # fmt: skip
        parser.add_argument(
            "--erase", metavar="CODE", action="append", default=[],
            help="erase this person or account too: the erasing was begun, and you know that it came through",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        if not appending.lines(marks.path()):
            self.stdout.write(self.style.WARNING(f"There is no mark at {marks.path()} to compare with."))
        found = _findings(options["end"], options["erase"])
        for series in found.counters:
            stand = "stand" if series.is_given else "may stand"
            self._say(
                f"{series.conference}, {series.kind} {series.year}: counter {series.last} -> {series.mark}; "
                f"{series.last + 1}-{series.mark} {stand} on papers that this database does not know"
            )
        for one in found.endings:
            self._say(f"certificate {one.code}: {one.state} on {one.at:%Y-%m-%d %H:%M}")
        for one in found.uncertain:
            self._say(
                f"NOT ended: {one.code} was being {one.state} on {one.at:%Y-%m-%d %H:%M}; "
                f"add --end {one.code} if that came through"
            )
        if found.unknown:
            self._say(f"{len(found.unknown)} ended certificates are not in this database; they stay unknown")
        for person in found.erased:
            kind = "" if person.code.startswith("account:") else "person "
            self._say(f"{kind}{person.code}: erased since the backup, to be erased again")
        for person in found.unsure:
            self._say(
                f"NOT erased: {person.code} was being erased; add --erase {person.code} if that came through"
            )
        for slug in sorted(set(found.conferences)):
            self._say(f"the conference {slug} is not in this database")
        if options["apply"]:
            restoring.apply(found)
            self._say("Done. All mail is held until an administrator releases it at the desk.")
        else:
            self._say("Nothing was changed. All mail would be held. Run again with --apply.")
        self._say(BACK)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
