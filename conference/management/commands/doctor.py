"""`manage.py doctor [--json]`: what is wrong on this server, and what mends it."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from conference import examining


class Command(BaseCommand):
    """Changes nothing. Ends with 1 where something does not work; warnings alone end with 0."""

    help = "Examine this installation: a line for each part, with the mend of what is wrong."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            parts = dict(examining.examine())
        if options["json"]:
            self._as_json(parts)
        else:
            self._for_people(parts)
        if any(finding.is_serious for found in parts.values() for finding in found):
            raise SystemExit(1)

    def _as_json(self, parts: dict[str, list[examining.Finding]]) -> None:
        told = {part: [asdict(finding) for finding in found] for part, found in parts.items()}
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))

    def _for_people(self, parts: dict[str, list[examining.Finding]]) -> None:
        for part, found in parts.items():
            if not found:
                self.stdout.write(self.style.SUCCESS(f"ok       {part}"))
            for finding in found:
                word, style = (
                    ("WRONG", self.style.ERROR) if finding.is_serious else ("warning", self.style.WARNING)
                )
                self.stdout.write(style(f"{word:<8} {part}: {finding.says}"))
                self.stdout.write(f"         {finding.mend}")
