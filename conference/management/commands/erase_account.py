"""`manage.py erase_account ADDRESS [--dry-run]`: take out what tells of one account, and say what stays."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from conference import account_erasing
from conference.account_erasing import Outcome
from conference.models import User


class Command(BaseCommand):
    help = "Erase an account, by the address with which it signs in; what it did stays, without its name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", help="the address with which it signs in")
        parser.add_argument("--dry-run", action="store_true", help="only say what would go and stay")
        parser.add_argument("--reason", default="", help="goes into the journal, without the name")

    def handle(self, *args: Any, address: str, dry_run: bool, reason: str, **options: Any) -> None:
        account = User.objects.filter(email__iexact=address.strip(), erased_at=None).first()
        if account is None:
            raise CommandError("there is no account with this address")
        with translation.override("en"):
            try:
                account_erasing.require_erasable(account, by=None)
                if dry_run:
                    outcome = account_erasing.preview(account)
                else:
                    outcome = account_erasing.erase(account, by=None, reason=reason) or Outcome()
            except ValidationError as refusal:
                raise CommandError(" ".join(refusal.messages)) from refusal
            self._tell(account_erasing.code_of(account), outcome)
        self.stdout.write("Nothing was changed." if dry_run else "Done.")

    def _tell(self, code: str, outcome: Outcome) -> None:
        self.stdout.write(code)
        for one in outcome.goes:
            self.stdout.write(f"  goes   {one.label}: {one.what}, {one.count}: {one.how}")
        self.stdout.write(f"  goes   the name in {outcome.entries} journal entries")
        for one in outcome.stays:
            self.stdout.write(f"  stays  {one.label}: {one.what}, {one.count}: {one.how}")
        if outcome.unsure:
            told = "texts say a name or contact that somebody else, or an office, has too"
            self.stdout.write(f"  look   {outcome.unsure} {told}")
