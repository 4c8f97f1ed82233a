"""The heads of the journal's chains, mailed each day to who keeps them (`JOURNAL_HEADS_TO`).

Who rules the database and the file of heads alike can make a chain anew; what lies in other people's
mailboxes they cannot reach. The letters of a day have a key of their own, derived from conference and day: of
two sweepers in the same moment one finds them written.
"""

from __future__ import annotations

import datetime
import uuid

from django.conf import settings
from django.db import transaction

from conference import journal, sealing, vietnamese, vietnamese_dates
from conference.models import Conference
from mailing import kinds, outbox
from mailing.models import Mailing
from mailing.outbox import Letter

FROM = datetime.time(6)  # of the conference's own zone
_OF_HEADS = uuid.UUID("5b0d5b1e-0c56-4b0f-9a35-2f7f6d0c8e41")


def sweep() -> None:
    """One round: every conference, until it is archived, whose letters of today are not written."""
    if not settings.JOURNAL_HEADS_TO:
        return
    due = {}
    for conference in Conference.objects.exclude(status=Conference.Status.ARCHIVED):
        now = conference.now()
        if now.time() >= FROM:
            due[key_of(conference, now.date())] = (conference, now.date())
    known = set(Mailing.objects.filter(key__in=due).values_list("key", flat=True))
    for key, about in due.items():
        if key not in known:
            write(*about)


def key_of(conference: Conference, day: datetime.date) -> uuid.UUID:
    """By which the letters of one day are found."""
    return uuid.uuid5(_OF_HEADS, f"{conference.pk} {day.isoformat()}")


@transaction.atomic
def write(conference: Conference, day: datetime.date) -> Mailing:
    """The letters of one day, a letter for each keeper; they leave at once. Twice is once."""
    in_words = vietnamese_dates.date_in_words(day)
    marks = (sealing.mark(chain) for chain in (conference.pk, sealing.NONE))
    values = {**kinds.values_of(conference), "ngay": in_words, "dau_chuoi": "\n".join(marks)}
    ref = journal.ref_of(conference)
    letters = [
        Letter(subject_ref=ref, subject_name=vietnamese.mask_email(one), to=[one], values=values)
        for one in settings.JOURNAL_HEADS_TO
    ]
    title = f"Đầu chuỗi nhật ký, {vietnamese_dates.short_date(day)}"
    key = key_of(conference, day)
    mailing = outbox.draft(conference, kinds.HEADS.slug, letters, by=None, title=title, key=key)
    outbox.approve(mailing, by=None)
    return mailing
