"""Finds every row that a dead worker or a lost message left behind, and rings for it again.

What there is to sweep the rooms above say, by name, in `SWEEPS`. Runs in a process of its own and needs no
broker to live. Two sweepers do no harm: on PostgreSQL one waits for the lock of the other, and a row that is
rung for twice is claimed once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from conference import leases

EVERY = 2.0  # seconds
RESEND = timedelta(seconds=20)
AT_ONCE = 500
_LOCK = 0x48_4E_53_57  # any number that nothing else of ours uses

_log = logging.getLogger(__name__)


def run(stop: threading.Event, every: float = EVERY) -> None:
    """Sweep until told to stop; a database that is away is waited for, and told of once."""
    waits = False
    while not stop.is_set():
        try:
            with _alone() as alone:
                if alone:
                    sweep()
        except (DatabaseError, InterfaceError):  # psycopg2 tells of a lost server in either way
            if not waits:
                _log.warning("The database is away; the sweeper waits", exc_info=True)
            waits = True
            connection.close()
        else:
            if waits:
                _log.warning("The database is back; the sweeper goes on")
            waits = False
        stop.wait(every)


def sweep() -> None:
    """One round. A room that cannot be swept, a full disk say, keeps no other room waiting."""
    for name in settings.SWEEPS:
        try:
            import_string(name)()
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            _log.exception("%s failed; it is tried again in the next round", name)


def forgotten(rows: models.QuerySet[Any], *, most: int = leases.MOST_ATTEMPTS) -> list[int]:
    """Rows that wait, or whose worker is gone, for which nobody rang lately; marked as rung for."""
    now = timezone.now()
    lately = Q(rung_at__gte=now - RESEND, rung_at__lte=now + RESEND)  # later: the clock was put back since
    waiting = rows.filter(leases.free(now), ~lately, attempts__lt=most).order_by("pk")
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True, of=("self",))
        found = list(waiting.values_list("pk", flat=True)[:AT_ONCE])
        rows.model._default_manager.filter(pk__in=found).update(rung_at=now)
    return found


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other sweeper is at work; only PostgreSQL can tell."""
    if connection.vendor != "postgresql":
        yield True
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,))
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))
