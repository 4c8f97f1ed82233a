"""What storms and drills stand on: PostgreSQL, Redis and an installation of their own; all may break."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import django

from tests.installation import free_port, migrate, tables
from tests.servers import FOLDER
from tests.storm.machines import Broker, Postgres


@dataclass(frozen=True)
class Ground:
    """The servers, and the folder of everything else."""

    folder: Path
    postgres: Postgres
    broker: Broker


@contextmanager
def ground(prefix: str) -> Iterator[Ground]:
    """Running, with tables, and in the environment of this process, whose models can be imported then."""
    ended = 128 + signal.SIGTERM
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(ended))  # so that nothing is left running
    with tempfile.TemporaryDirectory(prefix=prefix) as name:
        folder = Path(name)
        there = Ground(folder, Postgres(folder), Broker(folder))
        there.postgres.start()
        there.broker.start()
        try:
            os.environ |= environment(there)
            _bring_tables(there)
            django.setup()
            yield there
        finally:
            there.broker.thaw()
            there.broker.stop()
            there.postgres.stop()


def _bring_tables(there: Ground) -> None:
    """As the tests have them, where this is one of them; else they are made here."""
    if FOLDER in os.environ:
        there.postgres.load(tables())
    else:
        migrate(dict(os.environ))


def environment(there: Ground) -> dict[str, str]:
    """What the processes of an installation of their own read."""
    port = str(free_port())
    return {
        "DJANGO_SETTINGS_MODULE": "conference.settings",
        "DATABASE_URL": there.postgres.address,
        "REDIS_URL": there.broker.address,
        "DATA_DIR": str(there.folder / "data"),
        "MEDIA_ROOT": str(there.folder / "media"),
        "FINISHES": str(there.folder / "finishes"),
        "SECRET_KEY": "a key for storms only, long enough for every check of its length",
        "PORT": port,
        "SITE_URL": f"http://127.0.0.1:{port}",
        "LOG_LEVEL": "ERROR",
    }
