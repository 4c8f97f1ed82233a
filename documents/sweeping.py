"""Finds every row that a dead worker or a lost message left behind, and rings for it again.

Runs in a process of its own and needs no broker to live. Two sweepers do no harm: on PostgreSQL one waits
for the lock of the other, and a row that is rung for twice is claimed once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, connection, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from documents import bell, leases, making, storing
from documents.models import Document, DocumentPart

EVERY = 2.0  # seconds
RESEND = timedelta(seconds=20)
AT_ONCE = 500
_LOCK = 0x48_4E_53_57  # any number that nothing else of ours uses

_log = logging.getLogger(__name__)


def run(stop: threading.Event, every: float = EVERY) -> None:
    """Sweep until told to stop; a database that is away is waited for."""
    while not stop.is_set():
        try:
            with _alone() as alone:
                if alone:
                    sweep()
        except (OperationalError, InterfaceError):
            _log.warning("The database is away; the sweeper waits", exc_info=True)
            connection.close()
        stop.wait(every)


def sweep() -> tuple[list[int], list[int]]:
    """One round. Returns the parts and the documents that were rung for."""
    _give_up_hopeless()
    _clear_away()
    parts, documents = _forgotten(making.open_parts()), _forgotten(_unjoined())
    if parts or documents:
        bell.ring(parts=parts, documents=documents)
    return parts, documents


def _unjoined() -> models.QuerySet[Document]:
    """Documents whose pieces are all done but not joined."""
    pieces = DocumentPart.objects.filter(document=OuterRef("pk"))
    return making.open_documents().filter(
        Exists(pieces), ~Exists(pieces.exclude(state=DocumentPart.State.DONE))
    )


def _forgotten(rows: models.QuerySet[Any]) -> list[int]:
    """Rows that wait, or whose worker is gone, for which nobody rang lately; marked as rung for."""
    now = timezone.now()
    quiet = Q(sent_at=None) | Q(sent_at__lt=now - RESEND)
    waiting = rows.filter(leases.free(now), quiet, attempts__lt=leases.MOST_ATTEMPTS).order_by("pk")
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True, of=("self",))
        found = list(waiting.values_list("pk", flat=True)[:AT_ONCE])
        rows.model._default_manager.filter(pk__in=found).update(sent_at=now)
    return found


def _give_up_hopeless() -> None:
    """A piece that took its worker down every time is not tried for ever."""
    now = timezone.now()
    spent = leases.free(now) & Q(attempts__gte=leases.MOST_ATTEMPTS)
    pieces = making.open_parts().filter(spent).values("document")
    for document in making.open_documents().filter(spent | Q(pk__in=pieces)):
        document.fail(making.broken_sentence())


def _clear_away() -> None:
    """Pieces of papers that are ready: their worker was killed before it could remove them."""
    storing.forget_leftovers()
    found = storing.documents_with_pieces()
    if not found:
        return
    unfinished = Document.objects.filter(pk__in=found).exclude(state=Document.State.READY)
    for pk in found - set(unfinished.values_list("pk", flat=True)):
        storing.forget_pieces(pk)


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
