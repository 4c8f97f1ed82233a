"""Compile the translation catalogues, without the system's gettext."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def catalogues() -> list[Path]:
    """Every .po file of the project."""
    return [
        path for folder in settings.LOCALE_PATHS for path in sorted(Path(folder).glob("*/LC_MESSAGES/*.po"))
    ]


def offences(path: Path) -> Iterator[str]:
    """What a translator still has to do: doubtful or missing entries, placeholders that got lost."""
    for entry in polib.pofile(str(path), check_for_duplicates=True):
        if entry.obsolete:
            continue
        place = f"{path.parent.parent.name}:{entry.linenum} {entry.msgid!r}"
        if entry.fuzzy:
            yield f"{place} is marked fuzzy"
        elif not entry.translated():
            yield f"{place} has no translation"
        for text in (entry.msgstr, *entry.msgstr_plural.values()):
            allowed = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
            if lost := set(PLACEHOLDER.findall(text)) - allowed:
                yield f"{place} names {', '.join(sorted(lost))}, which the source does not have"


class Command(BaseCommand):
    help = "Compile every .po file that is newer than its .mo file; --check looks for gaps instead."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            if found := [line for path in catalogues() for line in offences(path)]:
                raise CommandError("\n".join(found))
            return
        for path in catalogues():
            compiled = path.with_suffix(".mo")
            if not compiled.exists() or compiled.stat().st_mtime_ns < path.stat().st_mtime_ns:
                part = compiled.with_suffix(".part")
                polib.pofile(str(path)).save_as_mofile(str(part))
                part.replace(compiled)
