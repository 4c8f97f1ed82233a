"""Stored files: written whole or not at all, and named by what they hold.

A reader never meets half a file. Equal files have equal names, so what is made or given twice leaves nothing
behind. The name that a person gave to a file never reaches the store. `STORAGES` says where files lie: in a
folder (MEDIA_ROOT) or in a bucket (FILES_URL); see `conference.stores`.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

from django.core.files.storage import storages

from conference.stores import Found, Store, Written


def store() -> Store:
    """The one store of this installation."""
    return cast(Store, storages["default"])


def path(name: str) -> Path:
    """Where a stored file lies on the disk; `NotImplementedError` where it lies in a bucket."""
    return Path(store().path(name))


def opened(name: str) -> BinaryIO:
    """A stored file to be read, from anywhere in it. Raises `FileNotFoundError`, `OSError`."""
    return cast(BinaryIO, store().open(name))


def read(name: str) -> bytes:
    """All of it. Raises `FileNotFoundError`, `OSError`."""
    with opened(name) as file:
        return bytes(file.read())


def exists(name: str) -> bool:
    return bool(name) and store().exists(name)


def copy(name: str, target: Path) -> None:
    """A stored file onto a disk. Raises `FileNotFoundError`, `OSError`."""
    with opened(name) as source, target.open("wb") as file:
        shutil.copyfileobj(source, file)


@contextmanager
def fresh(folder: str, suffix: str) -> Iterator[Path]:
    """A temporary path to write to, for a file of this folder; removed at the end unless it was kept."""
    home = store().workshop(folder)
    with NamedTemporaryFile(dir=home, prefix=".", suffix=f".{suffix}.part", delete=False) as file:
        temporary = Path(file.name)
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def keep(temporary: Path, folder: str, suffix: str) -> tuple[str, str, int]:
    """Make a written file lasting, named by its hash. Returns (name, SHA-256, bytes)."""
    with temporary.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    size = temporary.stat().st_size
    name = _named(folder, sha256, suffix)
    _place(temporary, name)
    return name, sha256, size


def keep_bytes(data: bytes, folder: str, suffix: str) -> tuple[str, str, int]:
    """The same for bytes in memory."""
    with fresh(folder, suffix) as temporary:
        temporary.write_bytes(data)
        return keep(temporary, folder, suffix)


@contextmanager
def together(folder: str, suffix: str) -> Iterator[Callable[[bytes], tuple[str, str, int]]]:
    """`keep_bytes` for many files, which are lasting together when the block ends.

    The disk is waited for twice in all instead of twice for each file. Where the block fails, none is kept.
    """
    with ExitStack() as stack:
        written: dict[str, Path] = {}

        def keep_one(data: bytes) -> tuple[str, str, int]:
            temporary = stack.enter_context(fresh(folder, suffix))
            temporary.write_bytes(data)
            sha256 = hashlib.sha256(data).hexdigest()
            name = _named(folder, sha256, suffix)
            written[name] = temporary
            return name, sha256, len(data)

        yield keep_one
        if written:
            store().save_all(written)


def bring(source: Path, name: str) -> None:
    """A file that was stored under this name before; nothing happens where it still is."""
    if exists(name) and store().size(name) == source.stat().st_size:
        return
    folder, _slash, last = name.rpartition("/")
    with fresh(folder, last.rpartition(".")[2]) as temporary:
        shutil.copyfile(source, temporary)
        _place(temporary, name)


def walk(folder: str = "") -> Iterator[Found]:
    """Finished files below a folder; those of all folders without one."""
    return store().walk(folder)


def kept_at(name: str) -> float:
    """When the file was kept last, in seconds of Unix time. Raises `FileNotFoundError`, `OSError`."""
    return store().get_modified_time(name).timestamp()


def touch(name: str) -> None:
    """As if it had been kept now."""
    store().touch(name)


def forget(name: str) -> None:
    """Remove a stored file; nothing happens where there is none, or no name."""
    if name:
        store().delete(name)


def forget_folder(folder: str) -> None:
    """Remove everything below it."""
    store().forget_folder(folder)


def forget_leftovers(folder: str) -> None:
    """Remove what a killed process was writing there."""
    store().forget_leftovers(folder)


def _named(folder: str, sha256: str, suffix: str) -> str:
    return f"{folder}/{sha256[:2]}/{sha256}.{suffix}"


def _place(temporary: Path, name: str) -> None:
    with Written(temporary) as file:
        store().save(name, file)
