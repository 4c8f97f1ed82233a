"""Letters that tell speakers what was given back to them, and why."""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils.translation import gettext as _

from attendees import correspondence
from attendees.models import Attendee
from conference.journal import Actor
from conference.kept_words import in_vietnamese
from mailing import kinds, outbox
from mailing.errors import MailError
from mailing.models import Mailing
from mailing.outbox import Letter
from sessions import mail_kinds

_log = logging.getLogger(__name__)


def draft(person: Attendee, what: str, remark: str, *, by: Actor | None) -> Mailing | None:
    """One letter, to be looked at and approved; none to who has no address or does not come any more.

    `what` was given back, in Vietnamese: "phần giới thiệu". That is not held up by a letter which cannot be
    written.
    """
    if not person.email or not person.is_active:
        return None
    try:
        with transaction.atomic(), in_vietnamese():
            letter = _letter(person, what, remark, by)
            title = _("Trả lại báo cáo viên: %s") % person.full_name
            return outbox.draft(person.conference, mail_kinds.RETURNED, [letter], by=by, title=title)
    except MailError as refused:
        _log.warning("No letter was written about what speaker %s gets back: %s", person.pk, refused)
        return None


def _letter(person: Attendee, what: str, remark: str, by: Actor | None) -> Letter:
    values = {"nguoi_nhan": person.addressed, "noi_dung": what, "nhan_xet": remark}
    return Letter(
        subject_ref=correspondence.ref_of(person),
        subject_name=person.full_name,
        to=[person.email],
        recipient_name=person.addressed,
        values={**kinds.values_of(person.conference), **values},
        secrets={"link": correspondence.personal_link(person, by=by).pk},
    )
