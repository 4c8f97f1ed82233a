"""Signs of life of the processes that no visitor meets, a row for each on each machine.

A worker's comes with its work: every task begins with one, and the sweeper rings for a task that does nothing
else while there is none to do. So a fresh row says that messages arrive, that the pool takes them and that it
reaches the database; a process that merely exists says none of this.
"""

from __future__ import annotations

import logging
import socket
import time
from datetime import timedelta

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, InterfaceError, models
from django.utils import timezone

TASK = "conference.pulse"
WORKER, SWEEPER = "worker", "sweeper"
EVERY = 40.0  # seconds; three make a silence
# Longer than a task may take (75 s) and the next pulse: whoever is silent so long is not at work.
SILENT = timedelta(minutes=2)
FORGOTTEN = timedelta(days=1)  # a container that was replaced does not come back under its name
UNREAD = 60  # seconds after which a message that no worker took is worth nothing

_log = logging.getLogger(__name__)
_last: dict[str, float] = {}  # of this process: what it did when, by its own clock


class Pulse(models.Model):
    """When a process on a machine was last at work, and what it runs."""

    process = models.CharField(max_length=20)
    host = models.CharField(max_length=120)
    version = models.CharField(max_length=60)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("process", "host"), name="pulse_once"),)

    def __str__(self) -> str:
        return f"{self.process}@{self.host}"


def beat(process: str) -> None:
    """This process is at work; written at most every few seconds."""
    if not _is_time(process):
        return
    row = Pulse(process=process, host=socket.gethostname()[:120], version=settings.VERSION, at=timezone.now())
    Pulse.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=("process", "host"), update_fields=("version", "at")
    )


def at_work(process: str) -> None:
    """The same, for whom a database that is away is no reason to stop here: the work itself will tell."""
    try:
        beat(process)
    except (DatabaseError, InterfaceError):
        _log.warning("The pulse of the %s was not written", process, exc_info=True)


def sweep() -> None:
    """The sweeper's own pulse, and a ring for that of the workers. Named in `SWEEPS`."""
    beat(SWEEPER)
    silence = age(WORKER)
    if silence is None or silence > timedelta(seconds=EVERY):
        _ring()
    Pulse.objects.filter(at__lt=timezone.now() - FORGOTTEN).delete()


def age(process: str) -> timedelta | None:
    """Since when no machine had a sign of life of it; None: never.

    One from far ahead was written before the clock was put back, and says nothing of now.
    """
    told = Pulse.objects.filter(process=process, at__lte=timezone.now() + SILENT)
    latest = told.aggregate(at=models.Max("at"))["at"]
    return latest and max(timezone.now() - latest, timedelta())


def _ring() -> None:
    if not _is_time("ring"):
        return
    try:
        current_app.send_task(TASK, expires=UNREAD)
    except Exception:  # as kombu and the client of the broker please; `readiness` says that it is away
        _log.warning("The broker did not take a message", exc_info=True)


def _is_time(what: str) -> bool:
    now = time.monotonic()
    if now - _last.get(what, -EVERY) < EVERY / 2:
        return False
    _last[what] = now
    return True
