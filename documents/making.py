"""One turn of a worker at a row: claim, make, finish. Safe to run twice, late, or in two workers at once."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference import leases, room
from conference.kept_words import in_vietnamese
from documents import producing, storing
from documents.errors import Overtaken, PaperError, Unanswered
from documents.kinds import KINDS
from documents.models import Document, DocumentPart, DocumentQuerySet

MOST_TIMEOUTS = 3
_log = logging.getLogger(__name__)


def open_parts() -> models.QuerySet[DocumentPart]:
    """Pieces that may be worked on; a running one only when its lease is over."""
    return DocumentPart.objects.filter(state__in=(DocumentPart.State.QUEUED, DocumentPart.State.RUNNING))


def open_documents() -> DocumentQuerySet:
    return Document.objects.moving()


def make_part(pk: int) -> None:
    """Make one piece; the last to finish joins them all."""
    token = leases.claim(open_parts(), pk, state=DocumentPart.State.RUNNING)
    if token is None:
        return
    part = DocumentPart.objects.select_related("document__conference__host_unit").get(pk=pk)
    document = part.document
    try:
        begun = Document.objects.filter(pk=document.pk, state=Document.State.QUEUED)
        begun.update(state=Document.State.RUNNING)
        is_mine = _finish(part, token, _piece(part))
    except PaperError as error:
        _give_up(part, token, str(error))
        return
    except Exception as error:
        _try_again(part, token, error)
        return
    if not is_mine:
        _log.warning("Piece %s was finished too late; another worker has it", part)
        return
    if not document.parts.exclude(state=DocumentPart.State.DONE).exists():
        join_parts(document.pk)


def _piece(part: DocumentPart) -> producing.Piece:
    """The piece, made; an empty one where nothing of it can be made, and the paper has others."""
    document = part.document
    kind = KINDS[document.kind]
    try:
        return producing.make(document, part.subjects, storing.pieces_of(document.pk))
    except PaperError as error:
        if kind.chunk is None or document.parts.count() == 1:
            raise
        # One reason for all of them: each person is counted as lacking, `_lacking` tells it once.
        people = max(kind.weigh(part.subjects), 1)
        return producing.Piece("", 0, "", 0, left_out=(str(error),) * people)


@transaction.atomic
def _finish(part: DocumentPart, token: uuid.UUID, piece: producing.Piece) -> bool:
    """The piece is done, and what its kind keeps is written down; nothing of both by who was overtaken."""
    done = {"file": piece.name, "pages": piece.pages, "left_out": list(piece.left_out)}
    if not leases.finish(DocumentPart.objects.all(), part.pk, token, state=DocumentPart.State.DONE, **done):
        return False
    if piece.files:
        KINDS[part.document.kind].finished(part.document, piece.files)
    return True


def join_parts(pk: int) -> None:
    """Join the pieces of a document once all are done."""
    if DocumentPart.objects.filter(document=pk).exclude(state=DocumentPart.State.DONE).exists():
        return
    token = leases.claim(open_documents(), pk, state=Document.State.RUNNING)
    if token is None:
        return
    document = Document.objects.get(pk=pk)
    try:
        pieces = document.parts.exclude(file="").values_list("file", "pages")
        if not pieces:
            _give_up(document, token, _lacking(document))
            return
        paper = producing.join(document, pieces)
    except FileNotFoundError:
        _make_all_again(document, token)
        return
    except Exception as error:
        _join_again(document, token, error)
        return
    ready = {
        "state": Document.State.READY,
        "was_ready": True,
        "file": paper.name,
        "pages": paper.pages,
        "size": paper.size,
        "sha256": paper.sha256,
        "error": _lacking(document),
        "finished_at": timezone.now(),
    }
    if leases.finish(Document.objects.moving(), pk, token, **ready):
        storing.forget_pieces(pk)


def _lacking(document: Document) -> str:
    """Which subjects a paper came out without, in one text; empty where it has them all."""
    sentences = [one for part in document.parts.exclude(left_out=[]) for one in part.left_out]
    if not sentences:
        return ""
    with in_vietnamese():
        head = ngettext("Thiếu %d người:", "Thiếu %d người:", len(sentences)) % len(sentences)
    return " ".join([head, *dict.fromkeys(sentences)])[:500]


@transaction.atomic
def _give_up(row: Document | DocumentPart, token: uuid.UUID, sentence: str) -> None:
    """The paper fails; not by who was overtaken: it may have been begun again since, and be coming well."""
    document = row if isinstance(row, Document) else row.document
    Document.objects.select_for_update(of=("self",)).get(pk=document.pk)  # before its pieces, as who stops it
    rows: models.QuerySet[Any] = type(row)._default_manager.all()
    if leases.finish(rows, row.pk, token):
        document.fail(sentence)


def _try_again(part: DocumentPart, token: uuid.UUID, error: Exception) -> None:
    """A piece that failed by accident comes again; one that never ends does not."""
    if isinstance(error, Overtaken):
        _log.info("Piece %s is made again: %s", part, error)
    else:
        _log.error("Piece %s failed, attempt %d", part, part.attempts, exc_info=error)
    if room.is_lacking(error):
        _put_aside(DocumentPart.objects.all(), part.pk, token, state=DocumentPart.State.QUEUED)
        return
    is_large = isinstance(error, SoftTimeLimitExceeded | MemoryError)
    too_slow = is_large and part.attempts >= MOST_TIMEOUTS
    if too_slow or part.attempts >= leases.MOST_ATTEMPTS:
        told = str(error) if isinstance(error, Unanswered) else broken_sentence()
        _give_up(part, token, too_slow_sentence() if too_slow else told)
        return
    queued = DocumentPart.State.QUEUED
    leases.put_back(DocumentPart.objects.all(), part.pk, token, part.attempts, state=queued)


def _join_again(document: Document, token: uuid.UUID, error: Exception) -> None:
    _log.error("Joining %s failed, attempt %d", document, document.attempts, exc_info=error)
    if room.is_lacking(error):
        _put_aside(Document.objects.moving(), document.pk, token)
        return
    if document.attempts >= leases.MOST_ATTEMPTS:
        _give_up(document, token, broken_sentence())
        return
    leases.put_back(Document.objects.moving(), document.pk, token, document.attempts)


def _put_aside(rows: models.QuerySet[Any], pk: int, token: uuid.UUID, **state: Any) -> None:
    """Wait for room on the disk, for a night if need be: with it papers are made by themselves.

    Through no fault of the paper, so this attempt does not count.
    """
    again = timezone.now() + room.PAUSE
    leases.finish(rows, pk, token, run_after=again, rung_at=None, attempts=F("attempts") - 1, **state)


def _make_all_again(document: Document, token: uuid.UUID) -> None:
    """A piece is gone (a restored database, a cleaned folder): make it once more."""
    _log.warning("Pieces of %s are missing; they are made again", document)
    again = {
        "state": DocumentPart.State.QUEUED,
        "file": "",
        "rung_at": None,
        "lease_until": None,
        "token": None,
    }
    missing = [part.pk for part in document.parts.all() if part.file and not storing.exists(part.file)]
    document.parts.filter(pk__in=missing).update(**again)
    leases.put_back(Document.objects.moving(), document.pk, token, document.attempts)


def broken_sentence() -> str:
    with in_vietnamese():
        return _("Chưa lập được giấy do lỗi của hệ thống. Bấm Làm lại; nếu vẫn lỗi, báo người quản trị.")


def too_slow_sentence() -> str:
    with in_vietnamese():
        return _("Giấy quá lớn, lập chưa xong trong thời gian cho phép. Chọn ít người hơn rồi lập lại.")
