"""Whom the door of a session turns away, because of what people signed up to.

Who has no place in a session that people sign up to is turned away there; who has one is turned away from
sessions that run beside it. The reception and breaks are open to everybody, and so is every session to those
who have a part in it, and to staff and service.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from attendees.models import Attendee, Band
from conference.models import Conference
from sessions.models import Participation, Session, SignUp

OPEN_KINDS = (Session.Kind.RECEPTION, Session.Kind.BREAK)
FREE_BANDS = (Band.STAFF, Band.SERVICE)


def turned_away(
    conference: Conference, at: Collection[Session], people: Collection[Attendee]
) -> dict[tuple[int, int], str]:
    """(session, person) → title of the session where the person has a place; "" where there is none.

    `people` with their categories. Three queries for any number, one on days when nobody signs up.
    """
    days = {one.day for one in at}
    by_code = {one.code: one for one in conference.sessions.signed_up_to().filter(day__in=days).order_by()}
    if not people or not by_code:
        return {}
    places: dict[int, list[Session]] = defaultdict(list)
    taken = SignUp.objects.of(conference).taken().filter(attendee__in=people)
    for pk, code in taken.values_list("attendee", "code"):
        if code in by_code:
            places[pk].append(by_code[code])
    parts = Participation.objects.filter(session__conference=conference, attendee__in=people)
    with_part = set(parts.values_list("session", "attendee"))
    found = {}
    for session in at:
        if session.kind in OPEN_KINDS:
            continue
        for person in people:
            if (session.pk, person.pk) in with_part or person.category.band in FREE_BANDS:
                continue
            mine = places[person.pk]
            if session in mine:
                continue
            beside = next((one for one in mine if _overlap(one, session)), None)
            if session.sign_up or beside:
                found[session.pk, person.pk] = beside.title if beside else ""
    return found


def _overlap(one: Session, other: Session) -> bool:
    return one.day == other.day and one.starts < other.ends and other.starts < one.ends
