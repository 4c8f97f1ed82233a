"""Does this installation do its work? Asked by whoever is woken when it does not.

No proxy should take a site away for what is found here: pages, answers and scans go on while papers wait.
That a web process lives is told by `/healthz`. A broker that is away alone is no failure: rows keep the work,
and the sweeper rings once it is back. Should that take minutes, the workers fall silent, and that is one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from kombu.exceptions import KombuError

from conference import appending, figures, pulses, room, storing
from conference.figures import Figure

LONGEST_WAIT = timedelta(minutes=30)  # of a job while no worker holds any of its kind
LEAST_FREE = 512 * 1024 * 1024  # bytes; the largest request is an eighth of it
# Rows of 8 KiB that the database is asked to put down for a moment; with so little memory it takes its disk.
SPILL = "WITH put AS MATERIALIZED (SELECT repeat(md5(n::text), 256) FROM generate_series(1, 2048) n) "
SPILL += "SELECT count(*) FROM put"
HARMLESS = frozenset({"broker"})


@dataclass(frozen=True)
class Report:
    """What was found, by part; a part that could not be asked is left out."""

    answers: dict[str, bool]

    @property
    def failing(self) -> list[str]:
        return [part for part, well in self.answers.items() if not well]

    @property
    def status(self) -> str:
        if set(self.failing) - HARMLESS:
            return "failing"
        return "degraded" if self.failing else "ok"


def report() -> Report:
    """Ask everything; the longest it takes is the time limits of database and broker."""
    answers = {"database": has_database(), "disk": has_room(), "files": has_store(), "broker": has_broker()}
    if answers["database"]:
        answers |= {
            "disk": answers["disk"] and database_has_room(),
            "worker": is_at_work(pulses.WORKER),
            "sweeper": is_at_work(pulses.SWEEPER),
            "jobs": not stalled(figures.of_rooms()),
        }
    return Report(answers)


def has_database() -> bool:
    """Whether it answers a question."""
    return not database_fault()


def database_fault() -> str:
    """Why it does not, in the first line of its own words."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError) as error:
        connection.close()
        return str(error).strip().partition("\n")[0] or type(error).__name__
    return ""


def database_has_room() -> bool:
    """Whether it finds 16 MiB for a moment. How much is left it tells nobody; a refused write does."""
    if connection.vendor != "postgresql":
        return True
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '64kB'")
            cursor.execute(SPILL)
    except DatabaseError as error:
        return not room.is_lacking(error)
    return True


def has_room() -> bool:
    """Whether a day's work finds room on the disk."""
    return all(shutil.disk_usage(path).free >= LEAST_FREE for path in folders().values())


def has_store() -> bool:
    """Whether stored files, and the ledgers that are there, can be read and written."""
    return not storing.store().fault() and not closed_ledgers()


def closed_ledgers() -> list[Path]:
    """Ledgers on this machine that these processes cannot read and write."""
    there = [ledger for ledger in appending.ledgers() if ledger.exists()]
    return [one for one in there if not (one.is_file() and os.access(one, os.R_OK | os.W_OK))]


def folders() -> dict[str, Path]:
    """Where this installation writes, as far as it has begun to."""
    named = {"data": Path(settings.DATA_DIR), "media": Path(settings.MEDIA_ROOT)}
    return {name: path for name, path in named.items() if path.is_dir()}


def has_broker() -> bool:
    """Whether it takes a connection."""
    try:
        with current_app.connection_for_write() as broker:
            broker.connect()
            broker.default_channel.close()
    except (KombuError, OSError, *broker.connection_errors):
        return False
    return True


def is_at_work(process: str) -> bool:
    age = pulses.age(process)
    return age is not None and age < pulses.SILENT


def stalled(told: Iterable[Figure]) -> list[str]:
    """Kinds of jobs that have waited too long while no worker holds one: a large run alone stalls nothing."""
    oldest: dict[str, float] = {}
    held: dict[str, float] = {}
    for figure in told:
        if figure.name in {figures.OLDEST, figures.HELD}:
            values = {labels["kind"]: value for labels, value in figure.samples}
            (oldest if figure.name == figures.OLDEST else held).update(values)
    limit = LONGEST_WAIT.total_seconds()
    return [kind for kind, age in oldest.items() if age > limit and not held.get(kind)]
