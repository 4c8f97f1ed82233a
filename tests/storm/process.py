"""A worker, a sweeper or a beat of a storm or a drill: `python -m tests.storm.process worker|sweeper|beat`.

The same code as in production with shorter waits, so that minutes are enough; what a worker finishes it
writes into FINISHES. The options take something away, for the controls and for old code:

--without-fence  the token that refuses a worker which was overtaken: a piece must be seen finished twice
--without-claim  the condition under which a row is taken: a letter must be seen to leave twice
--without-lock   that one sweeper is at work at a time and rings for nothing twice within seconds
--of-old         the task of papers: as workers that run the code of yesterday
"""

from __future__ import annotations

import os
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import django

LEASE = timedelta(seconds=12)
RESEND = timedelta(seconds=4)
POOL = ("--concurrency", "2", "--loglevel", "ERROR", "--without-gossip", "--without-mingle")


def main(role: str, *options: str) -> None:
    django.setup()
    from conference import leases, sweeping
    from mailing import sending

    leases.LEASE, sweeping.RESEND, sending.MARGIN = LEASE, RESEND, LEASE / 4
    leases.LONGEST_PAUSE = timedelta(seconds=8)
    if "--without-fence" in options:
        leases.finish = _finish_without_fence
    if "--without-claim" in options:
        leases.claim = _claim_what_others_hold
    if "--without-lock" in options:
        sweeping._alone, sweeping.RESEND = _never_alone, timedelta(0)
    if role == "sweeper":
        sweeping.run(threading.Event(), every=0.5)
    elif role == "beat":
        _beat(options[0])
    else:
        _work(*options)


def _work(*options: str) -> None:
    _tell_what_is_finished()
    from conference.celery import app
    from documents import bell

    app.loader.import_default_modules()
    app.finalize()
    if "--of-old" in options:
        app.tasks.unregister(bell.PRODUCE)
    app.worker_main(["worker", *POOL])


def _beat(schedule: str) -> None:
    """Every second what production does every six hours; a schedule of its own, as on another machine."""
    from conference.celery import app

    app.conf.beat_schedule = {
        name: {**entry, "schedule": 1.0} for name, entry in app.conf.beat_schedule.items()
    }
    app.start(["beat", "--loglevel", "ERROR", "--schedule", schedule])


def _finish_without_fence(rows: Any, pk: int, token: uuid.UUID, **fields: Any) -> bool:
    return bool(rows.filter(pk=pk).update(token=None, lease_until=None, **fields))


def _claim_what_others_hold(rows: Any, pk: int, *, most: int = 0, **state: Any) -> uuid.UUID | None:
    from django.utils import timezone

    token = uuid.uuid4()
    held_until = timezone.now() + timedelta(seconds=90)
    return token if rows.filter(pk=pk).update(token=token, lease_until=held_until, **state) else None


@contextmanager
def _never_alone() -> Iterator[bool]:
    yield True


def _tell_what_is_finished() -> None:
    from documents import making

    finish = making._finish

    def told(part: Any, token: uuid.UUID, piece: Any) -> bool:
        is_mine = finish(part, token, piece)
        if is_mine:
            handle = os.open(os.environ["FINISHES"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            os.write(handle, f"{part.pk}\n".encode())
            os.close(handle)
        return is_mine

    making._finish = told


if __name__ == "__main__":
    main(*sys.argv[1:])
