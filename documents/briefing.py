"""The page for a leader, made and mailed at seven on each day of a conference, once however often one looks.

The letter goes the way of every other: drafted, approved, sent. Where the organisers said so beforehand it is
approved at once. The paper is a row like any that is asked for by hand, and its key the mark that the day is
done: of two sweepers in the same moment the second finds it taken.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from conference import journal, refusals, vietnamese, vietnamese_dates
from conference.models import Conference, User
from documents import bell, mail_kinds, morning_facts
from documents.models import MORNING, Document
from documents.mornings import MorningLetter
from documents.requests import Scope, describe, plan
from mailing import kinds, outbox
from mailing.errors import MailError
from mailing.models import Mailing
from mailing.outbox import Letter

FROM, UNTIL = datetime.time(7), datetime.time(12)  # a page that comes after noon tells nobody anything
_OF_MORNINGS = uuid.UUID("c2f6b0a4-7c3d-4c0e-8d6e-5f0b8f3a9d17")
_log = logging.getLogger(__name__)


def setting_of(conference: Conference) -> MorningLetter:
    """What was asked for; not yet saved where nobody has."""
    return MorningLetter.objects.filter(conference=conference).first() or MorningLetter(conference=conference)


@transaction.atomic
def ask_for(
    conference: Conference,
    addresses: Sequence[str],
    *,
    without_approval: bool,
    by: User,
    shown: str | None = None,
) -> MorningLetter:
    """From now on these addresses get the page each morning; none: nobody does.

    `shown`: `MorningLetter.shown` as it was on the page. Raises `ValidationError`, code "stale", where
    somebody else has saved something else since; the same saved twice is no conflict.
    """
    if not conference.is_run_by(by):
        raise PermissionDenied
    Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
    setting = setting_of(conference)
    was = setting.shown
    before = {"to": ", ".join(setting.addresses), "without_approval": setting.without_approval}
    setting.addresses = list(dict.fromkeys(addresses))
    setting.without_approval = without_approval and bool(setting.addresses)
    if shown not in (None, was) and setting.shown != was:
        sent = _("gửi ngay") if before["without_approval"] else _("chờ duyệt")
        now = f"{before['to']} ({sent})" if before["to"] else ""
        raise ValidationError({"addresses": refusals.overtaken(now)})
    setting.save()
    after = {"to": ", ".join(setting.addresses), "without_approval": setting.without_approval}
    if changes := journal.differences(before, after):
        journal.record("ask_morning", setting, by=by, conference=conference, changes=changes)
    return setting


def sweep() -> None:
    """One round: every conference whose page of this morning is not made. Named in `SWEEPS`."""
    for setting in MorningLetter.objects.wanted().select_related("conference"):
        now = setting.conference.now()
        if _is_due(setting.conference, now):
            issue(setting, now.date())


def _is_due(conference: Conference, now: datetime.datetime) -> bool:
    return conference.starts_on <= now.date() <= conference.ends_on and FROM <= now.time() < UNTIL


def issue(setting: MorningLetter, day: datetime.date) -> Document | None:
    """The paper of that morning and the letters with it; None where it was made before."""
    conference, key = setting.conference, key_of(setting.conference, day)
    if Document.objects.filter(request_key=key).exists():
        return None
    try:
        with transaction.atomic():
            document = describe(MORNING, conference, by=None, scope=Scope(day=day), key=key)
            document.save()
            plan(document, by=None)
            journal.record("request-document", document, by=None, conference=conference)
            _write(setting, document, day)
            transaction.on_commit(lambda: bell.ring_for(document), robust=True)
    except IntegrityError:
        if Document.objects.filter(request_key=key).exists():
            return None  # another sweeper, in the same moment
        raise
    return document


def key_of(conference: Conference, day: datetime.date) -> uuid.UUID:
    """By which the paper and the letters of one morning are found."""
    return uuid.uuid5(_OF_MORNINGS, f"{conference.pk} {day.isoformat()}")


def letters_of(conference: Conference, documents: Iterable[Document]) -> dict[uuid.UUID, Mailing]:
    """Key of a paper → the letters that carry it, with their counts. What was made by hand has none."""
    keys = [document.request_key for document in documents]
    rows = Mailing.objects.filter(conference=conference, key__in=keys).with_counts()
    return {one.key: one for one in rows if one.key}


def _write(setting: MorningLetter, document: Document, day: datetime.date) -> None:
    """Drafts the letters. A text that somebody spoiled costs the letters, not the paper."""
    conference = setting.conference
    values = _values(conference, day)
    letters = [_letter(document, one, values) for one in setting.addresses]
    title = f"Tình hình đại biểu, {vietnamese_dates.short_date(day)}"
    try:
        with transaction.atomic():
            mailing = outbox.draft(
                conference, mail_kinds.MORNING, letters, by=None, title=title, key=document.request_key
            )
    except MailError as refused:
        _log.warning("No letter of the morning was written for conference %s: %s", conference.pk, refused)
        return
    if setting.without_approval:
        outbox.approve(mailing, by=None)


def _letter(document: Document, address: str, values: dict[str, str]) -> Letter:
    return Letter(
        subject_ref=journal.ref_of(document),
        subject_name=vietnamese.mask_email(address),
        to=[address],
        values=values,
        attachments=[("morning", document.pk)],
    )


def _values(conference: Conference, day: datetime.date) -> dict[str, str]:
    return {
        **kinds.values_of(conference),
        "ngay": f"{vietnamese_dates.weekday(day)}, {vietnamese_dates.date_in_words(day)}",
        "tom_tat": _in_short(conference, day),
    }


def _in_short(conference: Conference, day: datetime.date) -> str:
    """The figures, for who reads the letter and not the page."""
    morning = morning_facts.read(conference, day)
    return "\n".join(
        (
            f"- Đại biểu đã đến: {morning.whole.present}/{morning.whole.expected}",
            f"- Trưởng đoàn đã đến: {morning.heads.present}/{morning.heads.expected}",
            f"- Đoàn đủ người: {len(morning.complete)}/{len(morning.teams)}",
        )
    )
