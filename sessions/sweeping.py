"""Places that nobody holds any more go to who waits for them. Named in `SWEEPS`.

Acts elsewhere free places without knowing of sessions: somebody is declined or replaced, a hall grows. Looked
for with two queries a round while nobody waits and nobody left.
"""

from __future__ import annotations

from django.db.models import Count

from attendees.models import Attendee
from conference.models import Conference
from sessions import signing_up
from sessions.models import Session, SignUp

Place = tuple[int, str]  # key of a conference, code of a session
PLACE = ("attendee__conference", "code")


def sweep() -> None:
    """One round; every time slot on its own."""
    due = sorted(left_behind() | waited_for())
    known = Conference.objects.in_bulk({key for key, _code in due})
    for key, code in due:
        signing_up.settle(known[key], code)


def left_behind() -> set[Place]:
    """Where people stand who do not come any more."""
    rows = SignUp.objects.exclude(attendee__status__in=Attendee.ACTIVE)
    return set(rows.order_by().values_list(*PLACE).distinct())


def waited_for() -> set[Place]:
    """Where people wait although there is a place, in sessions that have not begun."""
    rows = SignUp.objects.active().order_by()
    waiting = set(rows.waiting().values_list(*PLACE).distinct())
    if not waiting:
        return set()
    codes = {code for _key, code in waiting}
    counted = rows.taken().filter(code__in=codes).values_list(*PLACE).annotate(Count("pk"))
    taken = {(key, code): number for key, code, number in counted}
    sessions = Session.objects.signed_up_to().filter(code__in=codes).select_related("hall", "conference")
    return {
        place
        for one in sessions
        if (place := (one.conference_id, one.code)) in waiting
        and taken.get(place, 0) < (one.capacity or 0)
        and _is_ahead(one)
    }


def _is_ahead(session: Session) -> bool:
    now = session.conference.now()
    return (session.day, session.starts) > (now.date(), now.time())
