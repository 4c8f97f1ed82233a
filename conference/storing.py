"""Files below MEDIA_ROOT: written whole or not at all, and named by what they hold.

A reader never meets half a file: temporary name, fsync, rename. Equal files have equal names, so what is made
or given twice leaves nothing behind. The name that a person gave to a file never reaches the disk.
"""

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

_BLOCK = 1 << 20
_HOUR = 3600


def path(name: str) -> Path:
    """Where a stored file lies."""
    return Path(settings.MEDIA_ROOT) / name


@contextmanager
def fresh(folder: str, suffix: str) -> Iterator[Path]:
    """A temporary path in the folder to write to; removed at the end unless it was kept."""
    home = path(folder)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(dir=home, prefix=".", suffix=f".{suffix}.part", delete=False) as file:
        temporary = Path(file.name)
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def keep(temporary: Path, folder: str, suffix: str) -> tuple[str, str, int]:
    """Make a written file lasting, named by its hash. Returns (name below MEDIA_ROOT, SHA-256, bytes)."""
    digest = hashlib.sha256()
    with temporary.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
        os.fsync(file.fileno())
    size = temporary.stat().st_size
    sha256 = digest.hexdigest()
    name = f"{folder}/{sha256[:2]}/{sha256}.{suffix}"
    target = path(name)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary.replace(target)
    _sync_folder(target.parent)
    return name, sha256, size


def keep_bytes(data: bytes, folder: str, suffix: str) -> tuple[str, str, int]:
    """The same for bytes in memory."""
    with fresh(folder, suffix) as temporary:
        temporary.write_bytes(data)
        return keep(temporary, folder, suffix)


def forget(name: str) -> None:
    """Remove a stored file; nothing happens where there is none, or no name."""
    if name:
        path(name).unlink(missing_ok=True)


def forget_leftovers(folder: str) -> None:
    """Remove what a killed process was writing there; nobody writes at one file for an hour."""
    for part in path(folder).glob(".*.part"):
        with suppress(FileNotFoundError):
            if time.time() - part.stat().st_mtime > _HOUR:
                part.unlink()


def _sync_folder(folder: Path) -> None:
    """A renamed file outlives a power cut only when its folder is written too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
