"""Real worker processes on the database of a test, and a sweeper beside them."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import LazySettings
from django.db import connection

from conference import sweeping

ROOT = Path(__file__).resolve().parents[1]
WORKER = ("-m", "celery", "--app", "conference.celery", "worker", "--concurrency", "2", "--loglevel", "ERROR",
          "--without-gossip", "--without-mingle")  # fmt: skip


def database() -> str:
    """The address of the database of this test, for other processes."""
    known = connection.settings_dict
    host = known["HOST"] or known["OPTIONS"]["host"]
    return f"postgres://{known['USER']}@/{known['NAME']}?host={host}"


def environment(settings: LazySettings, **more: str) -> dict[str, str]:
    """What a process needs to work on the database of this test."""
    own = {"DATABASE_URL": database(), "MEDIA_ROOT": str(settings.MEDIA_ROOT), "LOG_LEVEL": "ERROR"}
    return os.environ | own | more


@contextmanager
def running(settings: LazySettings, *arguments: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own group, killed at the end; `more` goes into its environment."""
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=environment(settings, **more), start_new_session=True
    )
    try:
        yield process
    finally:
        with_children(process, signal.SIGKILL)


def with_children(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if process.poll() is None:
        os.killpg(process.pid, number)
    process.wait()


@contextmanager
def sweeping_beside(every: float = 0.2) -> Iterator[None]:
    """A sweeper in a thread."""
    stop = threading.Event()

    def sweep() -> None:
        try:
            sweeping.run(stop, every=every)
        finally:
            connection.close()

    thread = threading.Thread(target=sweep)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
