"""Ledgers that outlive the database: one JSON object a line, only ever added to, lasting before we go on."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from conference import storing

_log = logging.getLogger(__name__)


def ledgers() -> tuple[Path, ...]:
    """All of them: what a restored database does not take back."""
    return tuple(map(Path, (settings.NUMBERS_FILE, settings.HEADS_FILE, settings.ERASED_FILE)))


def append(path: Path, entry: dict[str, Any]) -> None:
    """Add one line, whole and lasting. Raises `OSError`."""
    append_all(path, [entry])


def append_all(path: Path, entries: Iterable[dict[str, Any]]) -> None:
    """The same with several, written at once."""
    at = timezone.now().isoformat(timespec="seconds")
    if lines := [json.dumps({"at": at, **entry}).encode() for entry in entries]:
        storing.store().add_lines(path, lines)


def entries(path: Path) -> Iterator[dict[str, Any]]:
    """What the ledger says, oldest first; a line that a power cut left broken is skipped, and logged."""
    for number, line in enumerate(lines(path), start=1):
        try:
            entry = json.loads(line)
        except ValueError:
            _log.warning("Line %d of %s cannot be read", number, path)
            continue
        if isinstance(entry, dict):
            yield entry


def lines(path: Path) -> list[bytes]:
    """The lines as they stand there."""
    return storing.store().lines(path)


def add_lacking(path: Path, saved: list[bytes]) -> None:
    """Lines that the ledger lacks are added in their order, and none is taken away."""
    known = set(lines(path))
    if lacking := [line for line in saved if line not in known]:
        storing.store().add_lines(path, lacking)
