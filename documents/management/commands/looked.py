"""`manage.py looked ACCOUNT --since MOMENT`: whose data the account could read since then (breach drill)."""

import datetime
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from attendees.models import Attendee
from conference.models import User
from documents import looking


class Command(BaseCommand):
    help = "List the people whose data an account has read or taken out since a moment, with the acts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", help="the address with which it signs in")
        parser.add_argument("--since", required=True, help="2026-11-28 or 2026-11-28T08:30")

    def handle(self, *args: Any, account: str, since: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=account).first()
        if user is None:
            raise CommandError(f"there is no account {account}")
        try:
            moment = datetime.datetime.fromisoformat(since)
        except ValueError as error:
            raise CommandError(f"this is no moment: {since}") from error
        moment = moment if moment.tzinfo else timezone.make_aware(moment)
        seen = looking.seen_by(user, moment)
        people = Attendee.objects.filter(pk__in=seen).select_related("conference", "delegation")
        for one in people.order_by("conference", "delegation__position", "pk"):
            acts = ", ".join(sorted(seen[one.pk]))
            self.stdout.write(f"{one.conference.slug}\t{one.delegation.code}\t{one.code}\t{acts}")
        self.stdout.write(f"{len(seen)} people since {moment:%Y-%m-%d %H:%M %Z}")
