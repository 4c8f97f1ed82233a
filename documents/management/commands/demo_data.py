"""Load an invented conference of any size, with accounts to try every role."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from conference.models import RESERVED_SLUGS, Conference
from documents.demo import accounts
from documents.demo.components import FULL_HOUSE
from documents.demo.load import SLUG, load, load_uninvited
from documents.demo.plan import FEWEST, MOST


class Command(BaseCommand):
    help = "Load the demo conference; where it is there already, change nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--people", type=int, default=FULL_HOUSE, help=f"{FEWEST}-{MOST}, default {FULL_HOUSE}"
        )
        parser.add_argument("--seed", type=int, default=2024, help="the same seed gives the same people")
        parser.add_argument("--slug", default=SLUG, help=f"address of the conference, default {SLUG}")
        parser.add_argument(
            "--uninvited", action="store_true", help="on the morning of the invitations: nobody has answered"
        )
        parser.add_argument("--accounts", type=Path, help="file for the accounts (JSON), only with DEMO=1")

    def handle(self, *args: Any, **options: Any) -> None:
        slug, people, file = options["slug"], options["people"], options["accounts"]
        if Conference.objects.filter(slug=slug).exists():
            self.stdout.write(f"The conference {slug} is there already; nothing changed.")
            return
        if not FEWEST <= people <= MOST:
            raise CommandError(f"--people must be between {FEWEST} and {MOST}, not {people}.")
        if file and not settings.DEMO:
            raise CommandError("Accounts with written passwords are made with DEMO=1 only.")
        check_slug(slug)
        with transaction.atomic():
            uninvited = options["uninvited"]
            conference = load_uninvited(slug) if uninvited else load(slug, people, options["seed"])
            units, people = conference.delegations.of_units().count(), conference.attendees.active().count()
            self.stdout.write(f"Loaded {slug}: {units} delegations, {people} people.")
            if settings.DEMO:
                file = file or settings.DATA_DIR / "demo-accounts.json"
                accounts.write(file, accounts.make(conference, with_officers=not uninvited))
                self.stdout.write(f"Accounts: {file}")
            else:
                self.stdout.write("No accounts: they are made with DEMO=1 only.")


def check_slug(slug: str) -> None:
    try:
        Conference._meta.get_field("slug").run_validators(slug)
    except ValidationError as error:
        raise CommandError(f"--slug {slug}: {' '.join(error.messages)}") from error
    if slug in RESERVED_SLUGS:
        raise CommandError(f"--slug {slug} is taken by a page of the site.")
