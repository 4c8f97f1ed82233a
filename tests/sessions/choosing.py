"""A time slot with parallel sessions to which people sign up, and what became of them, for tests."""

import datetime

from attendees.models import Attendee, Delegation
from conference.guests import Guest
from conference.models import Conference
from sessions.models import Session, SignUp
from sessions.signups import SignUpQuerySet
from tests.conftest import MakeAttendee, publish
from tests.sessions.plans import session

TITLES = {"a": "Truyền thông chính sách", "b": "Quảng bá địa phương", "c": "Xử lý khủng hoảng"}


def parallel(conference: Conference, **places: int) -> dict[str, Session]:
    """Sessions at 09:00–10:00 with so many places each, and one alone at 08:00, released."""
    session(conference, "khai-mac", 8, 9, title="Phát biểu khai mạc", kind="speech")
    made = {
        code: session(conference, code, 9, 10, title=TITLES.get(code, code), sign_up=True, places=number)
        for code, number in places.items()
    }
    publish(conference)
    return made


def crowd(make_attendee: MakeAttendee, delegation: Delegation, number: int) -> list[Attendee]:
    """So many people of one delegation."""
    return [make_attendee(delegation, f"Người thứ {n}") for n in range(1, number + 1)]


def bearer(person: Attendee) -> Guest:
    """The person, by the own link."""
    return Guest("Liên kết riêng", 1, attendee_id=person.pk)


def stands(person: Attendee) -> dict[str, str]:
    """Session → taken or waiting."""
    return dict(SignUp.objects.filter(attendee=person).order_by("code").values_list("code", "state"))


def taken(code: str) -> list[str]:
    return names(SignUp.objects.taken().filter(code=code))


def queue(code: str) -> list[str]:
    return names(SignUp.objects.waiting().filter(code=code))


def names(rows: SignUpQuerySet) -> list[str]:
    return list(rows.in_turn().values_list("attendee__full_name", flat=True))


def at(conference: Conference, hour: int, minute: int = 0) -> None:
    """The clock of the conference stands at that hour of its first day."""
    day = conference.starts_on
    conference.demo_now = datetime.datetime.combine(day, datetime.time(hour, minute), conference.zone)
    conference.save()
