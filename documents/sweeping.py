"""What of papers a dead worker or a lost message left behind. Named in `SWEEPS`."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from conference import leases, sweeping
from documents import bell, making, storing
from documents.kinds import KINDS
from documents.models import Document, DocumentPart


def sweep() -> tuple[list[int], list[int]]:
    """One round. Returns the parts and the documents that were rung for."""
    _give_up_hopeless()
    _clear_away()
    parts, documents = sweeping.forgotten(making.open_parts()), sweeping.forgotten(_unjoined())
    if parts or documents:
        bell.ring(parts=parts, documents=documents)
    return parts, documents


def _unjoined() -> models.QuerySet[Document]:
    """Documents whose pieces are all done but not joined."""
    pieces = DocumentPart.objects.filter(document=OuterRef("pk"))
    return making.open_documents().filter(
        Exists(pieces), ~Exists(pieces.exclude(state=DocumentPart.State.DONE))
    )


def _give_up_hopeless() -> None:
    """A piece that took its worker down every time is not tried for ever."""
    now = timezone.now()
    spent = leases.free(now) & Q(attempts__gte=leases.MOST_ATTEMPTS)
    pieces = making.open_parts().filter(spent).values("document")
    for document in making.open_documents().filter(spent | Q(pk__in=pieces)):
        document.fail(making.broken_sentence())


def _clear_away() -> None:
    """Pieces of papers that are ready: their worker was killed before it could remove them."""
    for folder in {storing.FINISHED, *(kind.keeps_in for kind in KINDS.values() if kind.keeps_in)}:
        storing.forget_leftovers(folder)
    found = storing.documents_with_pieces()
    if not found:
        return
    unfinished = Document.objects.filter(pk__in=found).exclude(state=Document.State.READY)
    for pk in found - set(unfinished.values_list("pk", flat=True)):
        storing.forget_pieces(pk)
