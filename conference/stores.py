"""Where stored files lie: `Folder` here, `Bucket` in `conference.buckets`. Named in `STORAGES["default"]`.

Both are Django's own storages and a little more, which `conference.storing` and `conference.appending` need.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from django.core.files import File
from django.core.files.storage import FileSystemStorage

_HOUR = 3600
_AT_ONCE = 8  # files that the disk is asked for together: more are not quicker


class Found(NamedTuple):
    """A stored file: its name, how many bytes it has, and when it was kept (seconds since the epoch)."""

    name: str
    size: int
    at: float


class Written(File):
    """A file that was written whole, on its way to its name."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.open("rb"), str(path))

    def temporary_file_path(self) -> str:
        """Asked by `FileSystemStorage`, which then renames it."""
        return str(self.name)


class Store(Protocol):
    """What we ask of a storage: Django's words first, then ours."""

    def open(self, name: str, mode: str = "rb") -> File: ...
    def save(self, name: str, content: File) -> str: ...
    def exists(self, name: str) -> bool: ...
    def size(self, name: str) -> int: ...
    def get_modified_time(self, name: str) -> datetime: ...
    def delete(self, name: str) -> None: ...
    def listdir(self, path: str) -> tuple[list[str], list[str]]: ...
    def path(self, name: str) -> str: ...

    def save_all(self, files: Mapping[str, Path]) -> None:
        """Files that were written whole, each under its name; when this returns all of them are lasting."""
        ...

    def workshop(self, folder: str) -> Path:
        """Where a file for this folder is written before it has its name."""
        ...

    def walk(self, folder: str = "") -> Iterator[Found]:
        """Finished files below a folder, by name."""
        ...

    def touch(self, name: str) -> None:
        """The file was kept now."""
        ...

    def forget_folder(self, folder: str) -> None:
        """Remove everything below it."""
        ...

    def forget_leftovers(self, folder: str) -> None:
        """Remove what a killed process was writing there; nobody writes at one file for an hour."""
        ...

    def add_lines(self, ledger: Path, lines: list[bytes]) -> None:
        """Add lines to a file that is only ever added to, lasting when this returns. Raises `OSError`."""
        ...

    def lines(self, ledger: Path) -> list[bytes]:
        """The lines of such a file, oldest first."""
        ...

    def fault(self) -> str:
        """Why the store cannot be used, in a sentence; empty if it can."""
        ...


class Folder(FileSystemStorage):
    """Files below MEDIA_ROOT, whole or absent: temporary name, fsync, rename.

    Ledgers are files of their own: a lock lets machines that share a file system write one after another.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_overwrite=True, **options)  # equal names are equal files

    def _save(self, name: str, content: Any) -> str:
        os.fsync(content.fileno())
        kept = self._placed(name, content)
        _sync(Path(self.path(name)).parent)
        return kept

    def save_all(self, files: Mapping[str, Path]) -> None:
        """A disk that is asked for many at once writes them together: a hundred in the time of ten."""
        _sync_all(files.values())
        for name, path in files.items():
            with Written(path) as file:
                self._placed(name, file)
        _sync_all({Path(self.path(name)).parent for name in files})

    def _placed(self, name: str, content: Any) -> str:
        Path(self.path(name)).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept: str = super()._save(name, content)  # type: ignore[misc]  # the stubs leave it out
        return kept

    def workshop(self, folder: str) -> Path:
        home = Path(self.path(folder))
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        return home

    def walk(self, folder: str = "") -> Iterator[Found]:
        root, home = Path(self.path("")), Path(self.path(folder))
        for path in sorted(home.rglob("*")) if home.is_dir() else ():
            with suppress(FileNotFoundError):
                if path.is_file() and not path.name.startswith("."):
                    told = path.stat()
                    yield Found(str(path.relative_to(root)), told.st_size, told.st_mtime)

    def touch(self, name: str) -> None:
        os.utime(self.path(name))

    def forget_folder(self, folder: str) -> None:
        shutil.rmtree(self.path(folder), ignore_errors=True)

    def forget_leftovers(self, folder: str) -> None:
        for part in Path(self.path(folder)).glob(".*.part"):
            with suppress(FileNotFoundError):
                if time.time() - part.stat().st_mtime > _HOUR:
                    part.unlink()

    def add_lines(self, ledger: Path, lines: list[bytes]) -> None:
        """Behind a broken line it begins anew."""
        is_new, added = not ledger.exists(), b"".join(line + b"\n" for line in lines)
        with _locked(ledger) as handle:
            size = os.fstat(handle).st_size
            if size and os.pread(handle, 1, size - 1) != b"\n":
                added = b"\n" + added
            written = 0
            while written < len(added):
                written += os.write(handle, added[written:])
            os.fsync(handle)
        if is_new:
            _sync(ledger.parent)

    def lines(self, ledger: Path) -> list[bytes]:
        with suppress(FileNotFoundError):
            return ledger.read_bytes().splitlines()
        return []

    def fault(self) -> str:
        root = Path(self.path(""))
        if root.is_dir() and not os.access(root, os.W_OK | os.X_OK):
            return f"{root} cannot be written."
        return ""


@contextmanager
def _locked(ledger: Path) -> Iterator[int]:
    handle = os.open(ledger, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _sync_all(paths: Iterable[Path]) -> None:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(_sync, paths))


def _sync(path: Path) -> None:
    """Have it on the disk. A renamed file outlives a power cut only when its folder is written too."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
