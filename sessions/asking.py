"""Letters that ask speakers whether they come, with the link by which they answer."""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from attendees import correspondence
from attendees.models import Attendee
from conference.journal import Actor
from conference.kept_words import in_vietnamese
from conference.models import Conference
from mailing import kinds, outbox
from mailing.models import Mailing
from mailing.outbox import Letter
from sessions import mail_kinds
from sessions.models import Participation
from sessions.speaker_page import Own


def speakers(parts: Iterable[Participation]) -> list[Attendee]:
    """Who is meant by these parts, each once, in their order: people on the list who are asked to come."""
    found: dict[int, Attendee] = {}
    for one in parts:
        if one.attendee and one.role in Participation.ASKED and one.attendee.is_active:
            found.setdefault(one.attendee.pk, one.attendee)
    return list(found.values())


def draft(
    conference: Conference,
    people: Iterable[Attendee],
    *,
    by: Actor | None,
    send_after: datetime.datetime | None = None,
    key: uuid.UUID | None = None,
) -> Mailing:
    """To each of them who has an address: all the own sessions and the link. Raises MailError."""
    reached = [one for one in people if one.email]
    with in_vietnamese(), transaction.atomic():
        own, told = kinds.values_of(conference), _sessions(conference, reached)
        letters = [_letter(one, own, told[one.pk], by) for one in reached]
        title = _("Mời báo cáo viên")
        return outbox.draft(
            conference, mail_kinds.SPEAKER, letters, by=by, title=title, send_after=send_after, key=key
        )


def still_speaks(pk: int) -> bool:
    """Is this person still asked to come for a part? Named in `MAIL_CONDITIONS`."""
    return Participation.objects.filter(attendee=pk, role__in=Participation.ASKED).exists()


def _sessions(conference: Conference, people: Iterable[Attendee]) -> dict[int, list[Own]]:
    """Key of an attendee → the own sessions, in their order. Three queries, however many there are."""
    wanted = {one.pk for one in people}
    found: dict[int, list[Own]] = defaultdict(list)
    rows = conference.sessions.filter(participations__attendee__in=wanted).distinct()
    for session in rows.with_people().in_order():
        mine = defaultdict(list)
        for part in session.participations.all():
            if part.attendee_id in wanted:
                mine[part.attendee_id].append(part)
        for key, parts in mine.items():
            found[key].append(Own(session, parts, []))
    return found


def _letter(person: Attendee, own: dict[str, str], sessions: list[Own], by: Actor | None) -> Letter:
    values = {
        "nguoi_nhan": person.addressed,
        "chuc_vu": person.title,
        "don_vi": person.organisation_name,
        "phan_viec": "\n".join(f"- {line(one)}" for one in sessions),
    }
    return Letter(
        subject_ref=correspondence.ref_of(person),
        subject_name=person.full_name,
        to=[person.email],
        recipient_name=person.addressed,
        values={**own, **values},
        secrets={"link": correspondence.personal_link(person, by=by).pk},
        condition="speaks",
    )


def line(own: Own) -> str:
    """Báo cáo viên: Một số điểm mới (08:45–09:45, thứ Năm, 06/6/2024, Hội trường lớn)"""
    where = ", ".join(filter(None, (own.when, str(own.session.hall or ""))))
    return f"{own.roles}: {own.session.title} ({where})"
