"""Programmes for tests: entries without a database, and sessions with one."""

import datetime
from typing import Any

from attendees.models import Attendee
from conference.models import Conference
from sessions.models import Participation, Session
from sessions.snapshots import Entry, Part

DAY = datetime.date(2024, 6, 6)
EIGHT, NINE, TEN = datetime.time(8), datetime.time(9), datetime.time(10)


def entry(code: str = "khai-mac", **more: Any) -> Entry:
    """Khai mạc, 08:00–09:00, in the main hall."""
    given: dict[str, Any] = {
        "kind": "speech", "title": "Khai mạc", "number": None, "day": DAY, "starts": EIGHT, "ends": NINE,
        "hall": "Hội trường lớn", "note": "", "people": (),
    }  # fmt: skip
    return Entry(code=code, **{**given, **more})


def part(full_name: str = "Trần Minh Quân", **more: Any) -> Part:
    given = {"role": "speaker", "title": "Phó Cục trưởng", "organisation_name": "Cục A"}
    return Part(full_name=full_name, **{**given, **more})


def session(conference: Conference, code: str, starts: int, ends: int, **more: Any) -> Session:
    given = {"title": code, "day": conference.starts_on, "kind": "topic"}
    clock = datetime.time
    return Session.objects.create(
        conference=conference, code=code, starts=clock(starts), ends=clock(ends), **{**given, **more}
    )


def speaks(person: Attendee, at: Session, role: str = "speaker") -> Participation:
    """The person has a part in the session."""
    return Participation.objects.create(
        session=at, attendee=person, role=role, full_name=person.full_name, title="Vụ trưởng"
    )


def move(moved: Session, **fields: Any) -> None:
    """Another day, hour, title …, as an editor would write it."""
    Session.objects.filter(pk=moved.pk).update(**fields)
    moved.refresh_from_db()
