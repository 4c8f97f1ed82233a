"""The doorbell of the workers: a message names a row, no more. Losing one costs seconds, not papers."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from celery import current_app
from django.utils import timezone

from documents.models import Document, DocumentPart

PRODUCE, ASSEMBLE = "documents.produce", "documents.assemble"
_log = logging.getLogger(__name__)


def ring(*, parts: Iterable[int] = (), documents: Iterable[int] = ()) -> bool:
    """Tell the workers, best effort: at the first refusal leave the rest to the sweeper. Never raises."""
    rung: list[int] = []
    try:
        for pk in parts:
            current_app.send_task(PRODUCE, (pk,))
            rung.append(pk)
        for pk in documents:
            current_app.send_task(ASSEMBLE, (pk,))
    except Exception:
        _log.warning("The broker did not take a message; the sweeper will send it", exc_info=True)
        return False
    finally:
        DocumentPart.objects.filter(pk__in=rung).update(rung_at=timezone.now())
    return True


def ring_for(document: Document) -> None:
    """Tell the workers about every piece of a document that waits."""
    waiting = document.parts.filter(state=DocumentPart.State.QUEUED)
    ring(parts=list(waiting.values_list("pk", flat=True)), documents=())
