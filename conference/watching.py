"""What an operator watches: the figures of the machine, then those of the rooms (`conference.figures`)."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator

import django
from django.conf import settings
from django.db import connection
from django.utils import timezone

from conference import backups, figures, pulses, readiness
from conference.figures import Figure


def page() -> str:
    """All of them. A database that is away leaves those of the machine."""
    return figures.text(collect())


def collect() -> Iterator[Figure]:
    answers = readiness.report().answers
    build = {"version": settings.VERSION, "python": platform.python_version(), "django": django.get_version()}
    yield Figure("build_info", "What runs here.", [(build, 1)])
    parts = [({"part": part}, float(well)) for part, well in answers.items()]
    yield Figure("up", "Whether this part does its work, as /readyz tells.", parts)
    yield from _disks()
    if (at := backups.last()) is not None:
        age = (timezone.now() - at).total_seconds()
        yield Figure("backup_age_seconds", "Since the last backup that is whole.", [({}, age)])
    if answers["database"]:
        yield _silences()
        yield from _size()
        yield from figures.of_rooms()


def _disks() -> Iterator[Figure]:
    found = {name: shutil.disk_usage(path) for name, path in readiness.folders().items()}
    free = [({"folder": name}, float(disk.free)) for name, disk in found.items()]
    size = [({"folder": name}, float(disk.total)) for name, disk in found.items()]
    yield Figure("disk_free_bytes", "Room left where this folder lies.", free)
    yield Figure("disk_size_bytes", "Room in all where this folder lies.", size)


def _size() -> Iterator[Figure]:
    """Where PostgreSQL has a disk of its own it tells what it takes, not what is left."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            size = float(cursor.fetchone()[0])
        yield Figure("database_size_bytes", "What the database takes, without its log.", [({}, size)])


def _silences() -> Figure:
    ages = {process: pulses.age(process) for process in (pulses.WORKER, pulses.SWEEPER)}
    samples = [({"process": one}, age.total_seconds()) for one, age in ages.items() if age is not None]
    return Figure("pulse_age_seconds", "Since the last sign of life on any machine.", samples)
