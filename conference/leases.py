"""Who works on a row: claimed by one conditional update, held by a lease, finished behind a fence.

The row is the truth and a message only a doorbell. Every condition stands on the row's own columns:
PostgreSQL checks those again after it has waited for another writer, but not what a join had read before.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

# Longer than the hard time limit of a task (75 s): a living worker is never overtaken.
LEASE = timedelta(seconds=90)
# Kills by the machine count too; five were seen under 280 faults.
MOST_ATTEMPTS = 12
LONGEST_PAUSE = timedelta(minutes=2)
FARTHEST = timedelta(minutes=30)  # no room lets a row wait for longer


class Leased(models.Model):
    """The columns of a row that workers take in turn."""

    token = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    rung_at = models.DateTimeField(null=True, blank=True, editable=False)
    run_after = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)

    # What these columns say of a row that nobody has worked on yet.
    FRESH: ClassVar[dict[str, Any]] = {
        "token": None,
        "lease_until": None,
        "rung_at": None,
        "run_after": None,
        "attempts": 0,
    }

    class Meta:
        abstract = True


def held(now: datetime) -> Q:
    """Rows that a worker has in its hands.

    A lease that ends later than any that begins now was written before the clock was put back. It is over
    like one of the past: whoever holds it meets the fence. One lease more is for clocks that differ a little.
    """
    return Q(lease_until__gte=now, lease_until__lte=now + 2 * LEASE)


def free(now: datetime) -> Q:
    """Rows that nobody holds and that are not told to wait; of a pause that was put off too far as above."""
    waits = Q(run_after__gt=now, run_after__lte=now + FARTHEST + LEASE)
    return ~held(now) & ~waits


def claim(
    rows: models.QuerySet[Any], pk: int, *, most: int = MOST_ATTEMPTS, **state: Any
) -> uuid.UUID | None:
    """Take one of `rows` for the length of a lease; returns the token that holds it, or None."""
    now, token = timezone.now(), uuid.uuid4()
    wanted = rows.filter(free(now), pk=pk, attempts__lt=most)
    taken = wanted.update(token=token, lease_until=now + LEASE, attempts=F("attempts") + 1, **state)
    return token if taken else None


def finish(rows: models.QuerySet[Any], pk: int, token: uuid.UUID, **fields: Any) -> bool:
    """Write the result if the row is still held by the token; a worker that was overtaken changes nothing."""
    return bool(rows.filter(pk=pk, token=token).update(token=None, lease_until=None, **fields))


def put_back(
    rows: models.QuerySet[Any],
    pk: int,
    token: uuid.UUID,
    attempts: int,
    *,
    longest: timedelta = LONGEST_PAUSE,
    **state: Any,
) -> bool:
    """Give the row back, to be tried again after 2, 4, 8 … seconds."""
    return finish(rows, pk, token, run_after=timezone.now() + pause(attempts, longest), rung_at=None, **state)


def pause(attempts: int, longest: timedelta = LONGEST_PAUSE) -> timedelta:
    """How long to wait after so many attempts."""
    return min(timedelta(seconds=2 ** min(attempts, 20)), longest)
