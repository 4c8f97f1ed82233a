"""A worker or a sweeper in a storm: `python -m tests.storm.process worker|sweeper [--without-fence]`.

The same code as in production with shorter waits, so that minutes are enough; what a worker finishes it
writes into FINISHES. `--without-fence` takes out the token that refuses a worker which was overtaken: the
control, in which a piece must be seen finished twice.
"""

from __future__ import annotations

import os
import sys
import threading
import uuid
from datetime import timedelta
from typing import Any

import django

LEASE = timedelta(seconds=12)
RESEND = timedelta(seconds=4)


def main(role: str, *options: str) -> None:
    django.setup()
    from conference import leases, sweeping

    leases.LEASE, sweeping.RESEND = LEASE, RESEND
    leases.LONGEST_PAUSE = timedelta(seconds=8)
    if "--without-fence" in options:
        leases.finish = _finish_without_fence
    if role == "sweeper":
        sweeping.run(threading.Event(), every=0.5)
        return
    _tell_what_is_finished()
    from conference.celery import app

    app.worker_main(
        ["worker", "--concurrency", "2", "--loglevel", "ERROR", "--without-gossip", "--without-mingle"]
    )


def _finish_without_fence(rows: Any, pk: int, token: uuid.UUID, **fields: Any) -> bool:
    return bool(rows.filter(pk=pk).update(token=None, lease_until=None, **fields))


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
