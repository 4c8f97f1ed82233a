"""`manage.py lost_phone ADDRESS`: take the second factor off an account; its owner sets one up again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from conference import second_factors
from conference.models import User


class Command(BaseCommand):
    help = "Take the second factor off an account whose owner lost the phone and the recovery codes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", help="the address with which it signs in")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        account = User.objects.filter(email__iexact=address.strip(), erased_at=None).first()
        if account is None:
            raise CommandError("there is no account with this address")
        if not second_factors.take_off(account, by=None):
            raise CommandError("this account has no second factor: it signs in by its address alone")
        self.stdout.write(
            "Done. It is signed out everywhere, and sets up a second factor when it signs in next."
        )
