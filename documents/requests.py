"""Asking for a paper: one verb for the desk, the portal and the commands."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from attendees.models import Attendee, Delegation, Receipt
from conference import journal
from conference.journal import Actor
from conference.models import Conference, User
from documents import bell
from documents.errors import PaperError
from documents.kinds import KINDS
from documents.kinds.base import DocumentKind
from documents.models import RECEIPT, Design, Document, DocumentPart

RECEIPTS = uuid.UUID("6a0f6f5e-53a4-4b0d-9c39-0d6f0c1c2b57")  # what the keys of receipts are derived in


@dataclass(frozen=True)
class Scope:
    """Whom a paper is for: chosen people, else delegations, else the whole conference."""

    delegations: Sequence[Delegation] = ()
    attendees: Sequence[Attendee] = ()
    day: date | None = None
    subjects: Sequence[int] = ()  # as the kind names them, where they are no people
    since: Document | None = None  # of badges: only what is new or changed since that run


def request_document(
    kind: str,
    conference: Conference,
    *,
    by: Actor,
    scope: Scope | None = None,
    each: bool = False,
    key: uuid.UUID | None = None,
) -> Document:
    """Ask for a paper. It is made by a worker; the row says how far it is.

    The same `key` gives the same row, however often it is sent. Raises `PermissionDenied` for what the person
    may not print, and `PaperError` with a sentence when there is nothing to print.
    """
    scope = scope or Scope()
    require_right(_kind(kind), conference, by, scope)
    return begin_once(kind, conference, by=by, scope=scope, each=each, key=key)


def begin_once(
    kind: str, conference: Conference, *, by: Actor, scope: Scope, each: bool, key: uuid.UUID | None
) -> Document:
    """As `begin`; the same press of a button sent again, in the same moment too, gives the same row."""
    if key is None:
        return begin(kind, conference, by=by, scope=scope, each=each)
    pressed = Document.objects.filter(request_key=key, requested_by=by if isinstance(by, User) else None)
    if known := pressed.first():
        return known
    try:
        return begin(kind, conference, by=by, scope=scope, each=each, key=key)
    except IntegrityError:
        if known := pressed.first():
            return known
        raise


def request_receipt(receipt: Receipt, *, by: Actor) -> Document:
    """Ask for the receipt of an answer: one file, whoever asks and however often."""
    delegation = receipt.delegation
    if not Delegation.objects.visible_to(by).filter(pk=delegation.pk).exists():
        raise PermissionDenied
    key = uuid.uuid5(RECEIPTS, receipt.code)
    with transaction.atomic():
        Delegation.objects.select_for_update().get(pk=delegation.pk)  # one asks at a time
        known = Document.objects.filter(request_key=key).first()
        if known is not None:
            if not known.is_moving and known.state != Document.State.READY:
                retry(known, by=by)
            return known
        scope = Scope(delegations=[delegation], subjects=[receipt.pk])
        return begin(RECEIPT, delegation.conference, by=by, scope=scope, key=key, is_shared=True)


@transaction.atomic
def begin(
    kind: str,
    conference: Conference,
    *,
    by: Actor | None,
    scope: Scope,
    each: bool = False,
    key: uuid.UUID | None = None,
    is_shared: bool = False,
) -> Document:
    """Plan a paper and ring for it, asking nobody's right: for acts of which it is a part.

    `is_shared`: one file for all who ask, so that it belongs to none of them.
    """
    asked_by = by if isinstance(by, User) and not is_shared else None
    document = describe(kind, conference, by=asked_by, scope=scope, each=each, key=key)
    document.save()
    plan(document, by=asked_by)
    journal.record("request-document", document, by=by, conference=conference)
    transaction.on_commit(lambda: bell.ring_for(document), robust=True)
    return document


def retry(document: Document, *, by: Actor) -> bool:
    """Begin a failed or stopped paper again."""
    with transaction.atomic():
        begun = document.retry(by=by)
        if begun:
            transaction.on_commit(lambda: bell.ring_for(document), robust=True)
    return begun


def describe(
    kind: str,
    conference: Conference,
    *,
    by: User | None,
    scope: Scope,
    each: bool = False,
    key: uuid.UUID | None = None,
) -> Document:
    """The row of a paper, not yet saved."""
    chosen = _kind(kind)
    one = _only_delegation(scope)
    return Document(
        conference=conference,
        kind=chosen.slug,
        delegation=one,
        delegation_ids=[] if one or scope.attendees else [delegation.pk for delegation in scope.delegations],
        attendee_ids=[attendee.pk for attendee in scope.attendees],
        subject_ids=list(scope.subjects),
        holds_links=chosen.holds_links,
        each=each and chosen.may_be_each,
        day=scope.day,
        since=scope.since,
        design=_design(chosen, conference, scope),
        requested_by=by,
        **({"request_key": key} if key else {}),
    )


def _design(kind: DocumentKind, conference: Conference, scope: Scope) -> Design | None:
    """The version that stands now; badges that complete a run look as that run does."""
    if not kind.designed:
        return None
    return scope.since.design if scope.since else Design.objects.current(conference, kind.designed)


def plan(document: Document, *, by: User | None) -> list[DocumentPart]:
    """Prepare what the paper needs and cut it into pieces, in the transaction of the request."""
    kind = KINDS[document.kind]
    kind.prepare(document, by=by)
    pieces = kind.parts(document)
    parts = [
        DocumentPart(document=document, index=index, subjects=subjects, total=kind.weigh(subjects))
        for index, subjects in enumerate(pieces)
    ]
    DocumentPart.objects.bulk_create(parts)
    document.total = sum(part.total for part in parts)
    document.save(update_fields=("total",))
    return parts


def may_print(conference: Conference, user: Actor, delegations: Iterable[Delegation]) -> bool:
    """Organisers print everything; an officer prints papers of the own delegations; a guest none."""
    if conference.is_run_by(user):
        return True
    wanted = {delegation.pk for delegation in delegations}
    own = Delegation.objects.answered_by(user).filter(conference=conference, pk__in=wanted)
    return bool(wanted) and own.count() == len(wanted)


def require_right(kind: DocumentKind, conference: Conference, by: Actor, scope: Scope) -> None:
    """Raises `PermissionDenied` for what the person may not print."""
    concerned = {delegation.pk: delegation for delegation in scope.delegations}
    concerned |= {attendee.delegation_id: attendee.delegation for attendee in scope.attendees}
    if any(delegation.conference_id != conference.pk for delegation in concerned.values()):
        raise PermissionDenied(_("Đoàn này thuộc hội nghị khác."))
    allowed = may_print(conference, by, concerned.values())
    if not allowed or not kind.is_offered or not (kind.for_officers or conference.is_run_by(by)):
        raise PermissionDenied(_("Không có quyền lập giấy tờ này."))


def _only_delegation(scope: Scope) -> Delegation | None:
    """The one delegation that a paper concerns: its officers see the paper too."""
    concerned = {delegation.pk: delegation for delegation in scope.delegations}
    if scope.attendees:
        concerned = {attendee.delegation_id: attendee.delegation for attendee in scope.attendees}
    return next(iter(concerned.values())) if len(concerned) == 1 else None


def _kind(slug: str) -> DocumentKind:
    if slug not in KINDS:
        raise PaperError(_("Không có loại giấy tờ này."))
    return KINDS[slug]
