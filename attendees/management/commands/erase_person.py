"""`manage.py erase_person CODE [--dry-run]`: take out what tells of one person, and say what stays."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from attendees import codes, erasing
from attendees.erasing import Outcome
from attendees.models import Attendee


class Command(BaseCommand):
    help = "Erase what is held of one person, by the code on the badge or the number of the row."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", help="the code on the badge, or the number of the row")
        parser.add_argument("--dry-run", action="store_true", help="only say what would go and stay")

    def handle(self, *args: Any, person: str, dry_run: bool, **options: Any) -> None:
        found = _find(person)
        try:
            outcome = erasing.preview(found) if dry_run else erasing.erase(found, by=None)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        if outcome is None:
            self.stdout.write(f"{found.code} was erased before, on {found.erased_at:%Y-%m-%d}.")
            return
        with translation.override("en"):
            self._tell(found, outcome)
        self.stdout.write("Nothing was changed." if dry_run else "Done.")

    def _tell(self, person: Attendee, outcome: Outcome) -> None:
        self.stdout.write(f"{person.code}, {person.conference.slug}")
        for one in outcome.goes:
            self.stdout.write(f"  goes   {one.rows.label}: {one.held.what}, {one.count} ({one.held.columns})")
        self.stdout.write(f"  goes   {outcome.entries} journal entries emptied, {outcome.files} files")
        for one in outcome.stays:
            self.stdout.write(f"  stays  {one.rows.label}: {one.held.what}, {one.count}: {one.held.because}")
        if outcome.unsure:
            self.stdout.write(
                f"  look   {outcome.unsure} journal entries say a name or contact that somebody else has too"
            )


def _find(text: str) -> Attendee:
    rows = Attendee.objects.select_related("conference", "delegation")
    is_number = text.isdecimal() and len(text) < codes.CODE_LENGTH
    known = {"pk": int(text)} if is_number else {"code": codes.as_stored(text)}
    person = rows.filter(**known).first()
    if person is None:
        raise CommandError(f"nobody has the code or number {text}")
    return person
