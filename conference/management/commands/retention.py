"""`manage.py retention [--dry-run] [--conference SLUG]`: what was held of people long enough goes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from conference import retention
from conference.models import Conference


class Command(BaseCommand):
    help = "Forget what is over its time, as every night; says how much of what, and no names."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")
        parser.add_argument("--conference", metavar="SLUG", help="only this one")

    def handle(self, *args: Any, dry_run: bool, conference: str | None, **options: Any) -> None:
        found = Conference.objects.filter(slug=conference) if conference else Conference.objects.all()
        if conference and not found.exists():
            raise CommandError(f"there is no conference {conference}")
        for one in found.order_by("pk"):
            if one.legal_hold:
                self.stdout.write(f"{one.slug}: under legal hold, nothing goes")
                continue
            lines = retention.preview(one) if dry_run else retention.forget(one)
            with translation.override("en"):
                for line in lines:
                    self.stdout.write(f"{one.slug}: {line.held.what}: {line.count} ({line.rows.label})")
            if not lines:
                self.stdout.write(f"{one.slug}: nothing is over its time")
        self.stdout.write("Nothing was changed." if dry_run else "Done.")
