"""Who still owes an answer, and the letters that remind exactly them.

A delegation owes until it has sent its answer as a whole, and again when the organisers gave it back. One
that was sent and not yet accepted owes nothing: there the organisers have to act.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from attendees import correspondence, mail_kinds
from attendees.models import Delegation, DelegationQuerySet
from conference.journal import Actor
from conference.kept_words import in_vietnamese
from conference.models import Conference
from mailing import log, outbox
from mailing.errors import MailError
from mailing.models import Mailing

CONDITION = "owes"  # in `MAIL_CONDITIONS`: asked again when the letter leaves


@dataclass(frozen=True)
class Debtor:
    """A delegation that owes its answer, and how it can be reached."""

    delegation: Delegation
    addresses: list[str]
    phone: str
    is_late: bool
    reminded_at: datetime.datetime | None

    @property
    def state(self) -> str:
        """What it owes, in a word."""
        if self.delegation.review == Delegation.Review.RETURNED:
            return _("Trả lại, chờ bổ sung")
        return str(Delegation.Status(self.delegation.status).label)


def owing(conference: Conference) -> DelegationQuerySet:
    """Delegations whose answer is still to come."""
    rows: DelegationQuerySet = Delegation.objects.filter(conference=conference)
    return rows.exclude(status__in=Delegation.SENT)


def still_owes(pk: int) -> bool:
    """Is this delegation's answer still to come? Named in `MAIL_CONDITIONS`."""
    return Delegation.objects.exclude(status__in=Delegation.SENT).filter(pk=pk).exists()


def debtors(
    conference: Conference, *, among: Collection[int] | None = None, late: bool | None = None
) -> list[Debtor]:
    """Who owes, in the official order. `among`: of these rows; `late`: only after the deadline, or before."""
    rows = owing(conference).select_related("unit", "organisation", "head").prefetch_related("officers")
    if among is not None:
        rows = rows.filter(pk__in=among)
    found = list(rows.order_by("position", "code"))
    reminded = log.last_sent(mail_kinds.REMINDER, [correspondence.ref_of(one) for one in found])
    for one in found:
        one.conference = conference
    return [
        Debtor(
            one,
            correspondence.addresses_of(one),
            correspondence.phone_of(one),
            not one.is_open(),
            reminded.get(correspondence.ref_of(one)),
        )
        for one in found
        if late in (None, not one.is_open())
    ]


def draft_reminders(
    conference: Conference,
    *,
    by: Actor | None,
    send_after: datetime.datetime | None = None,
    among: Collection[int] | None = None,
    late: bool | None = None,
    key: uuid.UUID | None = None,
) -> Mailing:
    """Letters to those who owe and can be written to. `MailError` where there is nobody.

    Whoever answers before a letter leaves does not get it.
    """
    reached = [one for one in debtors(conference, among=among, late=late) if one.addresses]
    if not reached:
        raise MailError(_("Không có đoàn nào còn nợ trả lời mà có địa chỉ thư điện tử."))
    with transaction.atomic():
        letters = [
            correspondence.letter_to(one.delegation, by=by, at=send_after, condition=CONDITION)
            for one in reached
        ]
        with in_vietnamese():
            title = _("Nhắc trả lời %(n)s đoàn") % {"n": len(letters)}
        return outbox.draft(
            conference, mail_kinds.REMINDER, letters, by=by, title=title, send_after=send_after, key=key
        )
