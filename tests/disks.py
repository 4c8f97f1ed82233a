"""A disk that can be full: a small one in memory, mounted where that is allowed, or the database's word."""

from __future__ import annotations

import errno
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BLOCK = 4096  # bytes
BALLAST = "ballast"
NO_ROOM = "DO $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$"


class CannotMount(Exception):
    """This machine, or this account, mounts nothing; says why."""


class Disk:
    """What is mounted at `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def fill(self, leave: int = 0) -> None:
        """Until not one block is left, or these bytes: too few for a file, enough to begin one."""
        with (self.root / BALLAST).open("ab", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(BLOCK))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
            file.truncate(file.tell() - leave)

    def free(self) -> None:
        (self.root / BALLAST).unlink()


@contextmanager
def mounted(root: Path, size: str = "50m") -> Iterator[Disk]:
    """An empty disk of this size at `root`, which is made."""
    root.mkdir(mode=0o700, exist_ok=True)
    try:
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", root], check=True, capture_output=True
        )
    except FileNotFoundError as error:
        raise CannotMount(str(error)) from error
    except subprocess.CalledProcessError as error:
        raise CannotMount(error.stderr.decode().strip()) from error
    try:
        yield Disk(root)
    finally:
        subprocess.run(["umount", "--lazy", root], check=True)


def without_room(*verbs: str) -> Callable[..., Any]:
    """For `connection.execute_wrapper`: PostgreSQL answers these statements as where its disk is full."""

    def refusing(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(verbs):
            return execute(NO_ROOM, None, False, context)
        return execute(sql, params, many, context)

    return refusing
