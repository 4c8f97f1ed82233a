"""Who works on a row: claimed by one conditional update, held by a lease, finished behind a fence.

The row is the truth and a message only a doorbell. Every condition stands on the row's own columns:
PostgreSQL checks those again after it has waited for another writer, but not what a join had read before.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

# Longer than the hard time limit of a task (75 s): a living worker is never overtaken.
LEASE = timedelta(seconds=90)
# Kills by the machine count too; five were seen under 280 faults.
MOST_ATTEMPTS = 12
_LONGEST_PAUSE = timedelta(minutes=2)


def free(now: datetime) -> Q:
    """Rows that nobody holds and that are not told to wait."""
    return (Q(lease_until=None) | Q(lease_until__lt=now)) & (Q(run_after=None) | Q(run_after__lte=now))


def claim(rows: models.QuerySet[Any], pk: int, **state: Any) -> uuid.UUID | None:
    """Take one of `rows` for the length of a lease; returns the token that holds it, or None."""
    now, token = timezone.now(), uuid.uuid4()
    wanted = rows.filter(free(now), pk=pk, attempts__lt=MOST_ATTEMPTS)
    taken = wanted.update(token=token, lease_until=now + LEASE, attempts=F("attempts") + 1, **state)
    return token if taken else None


def finish(rows: models.QuerySet[Any], pk: int, token: uuid.UUID, **fields: Any) -> bool:
    """Write the result if the row is still held by the token; a worker that was overtaken changes nothing."""
    return bool(rows.filter(pk=pk, token=token).update(token=None, lease_until=None, **fields))


def put_back(rows: models.QuerySet[Any], pk: int, token: uuid.UUID, attempts: int, **state: Any) -> bool:
    """Give the row back, to be tried again after 2, 4, 8 … seconds."""
    pause = min(timedelta(seconds=2**attempts), _LONGEST_PAUSE)
    return finish(rows, pk, token, run_after=timezone.now() + pause, sent_at=None, **state)
