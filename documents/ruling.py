"""Acts on who gets a certificate: the rule of a conference, and a decision for one person against it.

Both hold the row of the rule until they are done, and so does whoever issues (`documents.certificates`):
a certificate is issued under the rule as it was before, or as it is after, never under half of it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from attendees.models import Attendee, Category
from conference import journal, vietnamese
from conference.models import Conference, User
from documents.rules import CertificateDecision, CertificateRule
from sessions.models import Session

FIELDS = ("must_come", "share", "complete_share", "whole_feedback", "feedback_sessions")
LONGEST_REASON = 300


def held(conference: Conference) -> CertificateRule:
    """The rule, made where there is none, held until the transaction ends."""
    CertificateRule.objects.get_or_create(conference=conference)
    return CertificateRule.objects.select_for_update(no_key=True).get(conference=conference)


@transaction.atomic
def set_rule(
    conference: Conference,
    *,
    by: User,
    mandatory: Collection[Session] = (),
    categories: Collection[Category] = (),
    **fields: Any,
) -> CertificateRule:
    """Sets what is asked for; `fields`: those of `FIELDS`. Certificates that were issued stay as they are.

    Raises `ValidationError` for a rule that contradicts itself, `PermissionDenied` for who does not run the
    conference. Nothing is written, nor journalled, where the rule is that already.
    """
    if not conference.is_run_by(by):
        raise PermissionDenied
    owners = {one.conference_id for one in mandatory} | {one.conference_id for one in categories}
    if owners - {conference.pk}:
        raise ValidationError(_("Phiên hoặc thành phần này thuộc hội nghị khác."))
    rule = held(conference)
    before = _told(rule)
    for name in FIELDS:
        setattr(rule, name, fields[name])
    rule.full_clean()
    rule.save()
    rule.mandatory.set(mandatory)
    rule.categories.set(categories)
    if changes := journal.differences(before, _told(rule)):
        journal.record("edit", rule, by=by, conference=conference, changes=changes)
    return rule


def _told(rule: CertificateRule) -> dict[str, Any]:
    """The rule for the journal; sessions and components by name."""
    return {
        **{name: getattr(rule, name) for name in FIELDS},
        "mandatory": "; ".join(rule.mandatory.in_order().values_list("title", flat=True)),
        "categories": "; ".join(rule.categories.values_list("name", flat=True)),
    }


@transaction.atomic
def decide(
    person: Attendee, decision: str, reason: str, *, after: int | None = None, by: User
) -> CertificateDecision:
    """Gives a certificate against the rule, keeps one back, or lets the rule hold again; the last one stands.

    `after`: the key of the last decision that `by` had seen, 0 for none; another one since is told, code
    "stale". What was decided before stays written. The same decision with the same reason, sent twice, is
    one. A certificate that was issued stays valid until it is revoked. Raises `ValidationError` without a
    reason, for who does not come, and where there is nothing to take back; `PermissionDenied` as `set_rule`.
    """
    conference = person.conference
    if not conference.is_run_by(by):
        raise PermissionDenied
    held(conference)
    reason = vietnamese.clean(reason)
    last = person.certificate_decisions.newest_first().first()
    if last and (last.decision, last.reason) == (decision, reason):
        return last
    if after is not None and after != (last.pk if last else 0):
        sentence = _("Người khác vừa ghi quyết định cho người này. Xem lại rồi lưu lần nữa.")
        raise ValidationError(sentence, code="stale")
    _check(person, decision, reason, last)
    made = CertificateDecision.objects.create(
        attendee=person, decision=decision, reason=reason, by=by, by_name=str(by), at=conference.now()
    )
    changes: dict[str, list[Any]] = {
        "decision": [last.decision if last else "", decision],
        "reason": ["", reason],
    }
    journal.record("except_certificate", made, by=by, conference=conference, changes=changes)
    return made


def _check(person: Attendee, decision: str, reason: str, last: CertificateDecision | None) -> None:
    known = CertificateDecision.Decision
    if not reason:
        raise ValidationError({"reason": _("Ghi lý do.")})
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": _("Lý do dài quá %(most)s ký tự.") % {"most": LONGEST_REASON}})
    if decision not in known.values:
        raise ValidationError({"decision": _("Chọn một quyết định.")})
    if decision == known.BY_RULE and (last is None or last.decision == decision):
        raise ValidationError(
            {"decision": _("Người này đang theo điều kiện chung, không có ngoại lệ để bỏ.")}
        )
    current = Attendee.objects.only("status").get(pk=person.pk)
    if decision in (known.ATTENDED, known.COMPLETED) and current.status != Attendee.Status.CONFIRMED:
        raise ValidationError({"decision": _("Xác nhận người này tham dự trước, rồi ghi ngoại lệ.")})
