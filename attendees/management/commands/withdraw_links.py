"""`manage.py withdraw_links [--dry-run]`: after a leak, the personal links that a former key made."""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from attendees import links


class Command(BaseCommand):
    help = "Withdraw every personal link that another SECRET_KEY than today's made."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say how many")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        found = Counter(
            link.conference.slug
            for link in list(links.of_former_keys())
            if dry_run or links.revoke(link, by=None)
        )
        for slug, number in sorted(found.items()):
            self.stdout.write(f"{slug}: {number} links")
        if dry_run:
            self.stdout.write("Nothing was changed.")
        elif found:
            self.stdout.write("Done. Make new ones at the desk, and write to whom they belong.")
        else:
            self.stdout.write("Today's key made every link that is good.")
