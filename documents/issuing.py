"""Issuing certificates in batches: put before the signer, approved as seen, issued in one act.

Whoever drafts, issues or decides against the rule holds the row of the rule (`documents.ruling`): a person
stands in one open batch, and is judged by one rule. Nothing that was issued is touched by a second press.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from attendees.models import Attendee, AttendeeQuerySet
from conference import journal, vietnamese
from conference.kept_words import in_vietnamese
from conference.models import Conference, User
from documents import certificates, earning, looks, ruling
from documents.batches import (
    CertificateBatch,
    CertificateBatchLine,
    Printed,
    content_hash,
    printed_of,
    said_of,
)
from documents.designs import Design
from documents.earning import Rule
from documents.eligibility import Judged, judge, plain
from documents.models import Certificate
from documents.requests import Scope
from documents.rules import Wording

LONGEST = 300
TOLD = 3  # people told one by one
State = CertificateBatch.State


@dataclass(frozen=True)
class Considered:
    """Whom a draft would hold, and who is left out of it because of what."""

    coming: list[Judged]
    unearned: list[Judged]
    held: int  # have a valid certificate
    waiting: int  # stand in a batch that is not issued yet


def considered(conference: Conference, scope: Scope, rule: Rule | None = None) -> Considered:
    """The confirmed people of a scope: who would get a certificate now."""
    people = _people(conference, scope)
    has_one = Certificate.objects.valid().values("attendee")
    waits = CertificateBatchLine.objects.filter(is_open=True).values("attendee")
    found = judge(conference, people.exclude(pk__in=has_one).exclude(pk__in=waits), rule)
    return Considered(
        coming=[one for one in found if one.outcome.is_earned],
        unearned=[one for one in found if not one.outcome.is_earned],
        held=people.filter(pk__in=has_one).count(),
        waiting=people.filter(pk__in=waits).count(),
    )


@transaction.atomic
def draft(
    conference: Conference, scope: Scope, *, by: User | None, key: uuid.UUID | None = None
) -> CertificateBatch:
    """Put before the signer who earns a certificate and has none, and exactly what each will say.

    The same `key` gives the same batch. Raises `ValidationError` where there is nobody, `PermissionDenied`.
    """
    _require_organiser(conference, by)
    rule = plain(ruling.held(conference))  # one drafts at a time
    key = key or uuid.uuid4()
    if known := conference.certificate_batches.filter(draft_key=key).first():
        return known
    found = considered(conference, scope, rule)
    if not found.coming:
        raise ValidationError(_nobody(found), code="nobody")
    last = conference.certificate_batches.order_by("-ordinal").values_list("ordinal", flat=True).first()
    with in_vietnamese():
        said = in_words(scope)
    batch = CertificateBatch.objects.create(
        conference=conference, ordinal=(last or 0) + 1, scope=said, draft_key=key, drafted_by=by,
        drafted_at=conference.now(), design=Design.objects.current(conference, looks.CERTIFICATE),
        said=said_of(conference),
    )  # fmt: skip
    CertificateBatchLine.objects.bulk_create(
        (_line(batch, position, one, rule) for position, one in enumerate(found.coming, start=1)),
        batch_size=500,
    )
    _record("draft-certificates", batch, by, people=len(found.coming))
    return batch


@transaction.atomic
def approve(
    batch: CertificateBatch, seen: str, *, by: User | None, paper_reference: str = ""
) -> CertificateBatch:
    """The signer approves what was shown, or an organiser writes down the paper on which the signer did.

    `seen`: the `content_hash` of what the page showed. Raises `ValidationError`: code "stale" where it is
    another, or the batch is no draft any more; without the paper's number from who is not the signer.
    """
    held = hold(batch)
    signs = by is not None and held.conference.is_signed_by(by)
    if not signs:
        _require_organiser(held.conference, by)
    reference = vietnamese.clean(paper_reference)[:200]
    current = content_hash(held.lines.all())
    if held.state in (State.APPROVED, State.ISSUED) and held.approved_hash == seen:
        return held
    if held.state != State.DRAFT or current != seen:
        sentence = _("Đợt này vừa thay đổi. Xem lại danh sách dưới đây rồi duyệt.")
        raise ValidationError(sentence, code="stale")
    if not signs and not reference:
        raise ValidationError(
            {"paper_reference": _("Ghi số, ngày phiếu trình mà người ký đã duyệt trên giấy.")}
        )
    held.state, held.approved_hash, held.approved_at = State.APPROVED, current, held.conference.now()
    held.approved_by, held.paper_reference = by, "" if signs else reference
    held.save()
    if signs:
        _record("approve-certificates", held, by, hash=current)
    else:
        _record("approve-certificates-on-paper", held, by, paper_reference=reference, hash=current)
    return held


@transaction.atomic
def withdraw(batch: CertificateBatch, reason: str, *, by: User | None) -> CertificateBatch:
    """A batch that is not issued is taken back; its people may stand in another. Twice is once."""
    held = hold(batch)
    if by is None or not held.conference.is_signed_by(by):
        _require_organiser(held.conference, by)
    if held.state == State.WITHDRAWN:
        return held
    if held.state == State.ISSUED:
        raise ValidationError(_("Đợt này đã cấp. Giấy cấp sai thì thu hồi từng giấy."), code="stale")
    if not (reason := vietnamese.clean(reason)[:LONGEST]):
        raise ValidationError({"reason": _("Ghi lý do rút.")})
    held.state, held.reason, held.withdrawn_at = State.WITHDRAWN, reason, held.conference.now()
    held.save()
    held.lines.update(is_open=False)
    _record("withdraw-certificates", held, by, reason=reason)
    return held


@transaction.atomic
def issue(batch: CertificateBatch, *, by: User | None) -> CertificateBatch:
    """Numbers, certificates and the order for their files, for everybody of an approved batch at once.

    Who has changed since it was approved is left out with a reason, and the others get theirs. A batch that
    is issued stays as it is, whoever presses again. Raises `ValidationError` for one that is not approved, or
    where nobody is left; `PermissionDenied`. The same queries for any number of people.
    """
    held = hold(batch)
    conference = held.conference
    _require_organiser(conference, by)
    if held.state == State.ISSUED:
        return held
    lines = list(held.lines.all())
    if held.state != State.APPROVED or content_hash(lines) != held.approved_hash:
        raise ValidationError(_("Đợt này chưa được duyệt, hoặc đã rút. Tải lại trang để xem."), code="stale")
    with in_vietnamese():  # kept with the batch
        _sort_out(conference, lines, plain(ruling.held(conference)))
    coming = [line for line in lines if not line.left_out]
    if not coming:
        sentence = _("Không còn ai trong đợt đủ điều kiện như đã duyệt: %(who)s Rút đợt này rồi trình lại.")
        raise ValidationError(sentence % {"who": " ".join(_told(lines))}, code="nobody")
    given = _give(held, coming, by)
    CertificateBatchLine.objects.bulk_update(lines, ["left_out"], batch_size=500)
    held.lines.update(is_open=False)
    held.state, held.issue_key, held.issued_at, held.issued_by = (
        State.ISSUED,
        uuid.uuid4(),
        conference.now(),
        by,
    )
    held.save()
    span = f"{given[0].full_number} … {given[-1].full_number}"
    _record(
        "issue-certificates", held, by,
        number=span, people=len(given), hash=held.approved_hash, left_out=len(lines) - len(given),
    )  # fmt: skip
    certificates.make_files(conference, given, key=held.issue_key, by=by)
    return held


def left_out(batch: CertificateBatch) -> list[str]:
    """The first of those who were left out, each with the reason, for a message."""
    return _told(list(batch.lines.exclude(left_out="")[:TOLD]))


def in_words(scope: Scope) -> str:
    """A scope as the list of batches shows it."""
    if scope.attendees:
        return (_("%(n)s người được chọn") % {"n": len(scope.attendees)})[:LONGEST]
    if scope.delegations:
        return vietnamese.clean("; ".join(one.name for one in scope.delegations))[:LONGEST]
    return _("Cả hội nghị")


# ── Within ────────────────────────────────────────────────────────────────────────────────────────


def _people(conference: Conference, scope: Scope) -> AttendeeQuerySet:
    people = Attendee.objects.filter(conference=conference, erased_at=None)
    if scope.attendees:
        people = people.filter(pk__in=[one.pk for one in scope.attendees])
    elif scope.delegations:
        people = people.filter(delegation__in=[one.pk for one in scope.delegations])
    return people.active().in_order()


def hold(batch: CertificateBatch) -> CertificateBatch:
    """The batch as it is now, held until the transaction ends."""
    rows = CertificateBatch.objects.select_for_update(of=("self",)).select_related("conference")
    return rows.get(pk=batch.pk)


def _line(batch: CertificateBatch, position: int, one: Judged, rule: Rule) -> CertificateBatchLine:
    printed = printed_of(one.person, one.outcome.wording)
    return CertificateBatchLine(
        batch=batch,
        attendee=one.person,
        position=position,
        grounds=earning.grounds(rule, one.outcome),
        **vars(printed),
    )


def _sort_out(conference: Conference, lines: Sequence[CertificateBatchLine], rule: Rule) -> None:
    """Write at each line why it gets nothing; nothing where it is as it was approved."""
    people = Attendee.objects.filter(pk__in=[line.attendee_id for line in lines])
    now = {one.person.pk: one for one in judge(conference, people, rule)}
    has_one = certificates.valid_of(one.person for one in now.values())
    for line in lines:
        line.left_out = _against(line, now[line.attendee_id], has_one.get(line.attendee_id))[:LONGEST]


def _against(line: CertificateBatchLine, now: Judged, has_one: Certificate | None) -> str:
    if has_one is not None:
        return _("Đã có giấy số %s.") % has_one.full_number
    if now.person.erased_at is not None:
        return _("Đã xóa dữ liệu cá nhân.")
    if not now.outcome.is_earned:
        return now.outcome.against
    current, labels = printed_of(now.person, now.outcome.wording), CertificateBatchLine._meta
    if current.wording != line.wording:
        words = {"then": line.get_wording_display(), "now": Wording(current.wording).label}
        return _("Khi duyệt ghi “%(then)s”, nay là “%(now)s”.") % words
    changed = [
        str(labels.get_field(one.name).verbose_name)  # type: ignore[union-attr]  # fields of its own
        for one in fields(Printed)
        if getattr(current, one.name) != getattr(line, one.name)
    ]
    return _("Thông tin đã sửa sau khi duyệt: %s.") % ", ".join(changed) if changed else ""


def _give(
    batch: CertificateBatch, lines: Sequence[CertificateBatchLine], by: User | None
) -> list[Certificate]:
    """The certificates of these people, in their order."""
    series = certificates.held_series(batch.conference)
    numbers = series.take(len(lines))
    return Certificate.objects.bulk_create(
        (
            certificates.made(
                series, number, attendee=line.attendee_id, printed=line.printed, said=batch.said,
                grounds=line.grounds, by=by, batch=batch, design=batch.design_id,
            )
            for line, number in zip(lines, numbers, strict=True)
        ),
        batch_size=500,
    )  # fmt: skip


def _nobody(found: Considered) -> str:
    """Why there is nobody to put before the signer."""
    told = [f"{one.person.full_name}: {one.outcome.against}" for one in found.unearned[:TOLD]]
    if len(found.unearned) > TOLD:
        told.append(_("Lý do của từng người: trang “Ai được cấp giấy chứng nhận”."))
    if found.waiting:
        told.append(_("%(n)s người đang ở một đợt chưa cấp.") % {"n": found.waiting})
    if found.held:
        told.append(_("%(n)s người đã có giấy.") % {"n": found.held})
    return " ".join([_("Trong phạm vi đã chọn không có ai cần cấp giấy."), *told])


def _told(lines: Iterable[CertificateBatchLine]) -> list[str]:
    return [f"{line.full_name}: {line.left_out}" for line in list(lines)[:TOLD]]


def _record(act: str, batch: CertificateBatch, by: User | None, **told: Any) -> None:
    changes = {name: [None, value] for name, value in told.items() if value}
    journal.record(act, batch, by=by, conference=batch.conference, changes=changes)


def _require_organiser(conference: Conference, by: User | None) -> None:
    if by is not None and not conference.is_run_by(by):
        raise PermissionDenied(_("Không có quyền cấp giấy chứng nhận của hội nghị này."))
