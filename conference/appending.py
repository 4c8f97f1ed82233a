"""Files that outlive the database: one JSON object a line, only ever added to, flushed before we go on."""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils import timezone

_log = logging.getLogger(__name__)


def append(path: Path, entry: dict[str, Any]) -> None:
    """Add one line, whole and flushed; behind a broken one it begins anew. Raises `OSError`."""
    line = json.dumps({"at": timezone.now().isoformat(timespec="seconds"), **entry}).encode() + b"\n"
    is_new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        size = os.fstat(handle).st_size
        if size and os.pread(handle, 1, size - 1) != b"\n":
            line = b"\n" + line
        written = 0
        while written < len(line):
            written += os.write(handle, line[written:])
        os.fsync(handle)
    finally:
        os.close(handle)
    if is_new:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def entries(path: Path) -> Iterator[dict[str, Any]]:
    """What the file says, oldest first; a line that a power cut left broken is skipped, and logged."""
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return
    for number, line in enumerate(lines, start=1):
        try:
            entry = json.loads(line)
        except ValueError:
            _log.warning("Line %d of %s cannot be read", number, path)
            continue
        if isinstance(entry, dict):
            yield entry
