"""Who was seen where: at the desk, by phones at the doors, and on the sheets that came back signed."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from random import Random

from attendees.models import Attendee
from documents.demo import names
from documents.demo.people import VIETNAM
from sessions import attending
from sessions.models import Attendance, Session, SignedSheet, Source

UNSEEN = 0.06  # of the people expected
# Seen where, and how: session → share of those who came at all, first minute, minutes in which they came.
SEEN = {
    "diem-danh": (Source.DESK, 0.93, 7 * 60 + 20, 45),
    "chuyen-de-1": (Source.SCAN, 0.97, 8 * 60 + 45, 30),
}
SIGNED, SIGNED_UNSEEN = 0.97, 0.01  # of who was seen; of who was not
UNTIL = 10 * 60 + 5  # the sheets of the topic are entered until 10:05
SHEETS_BACK = 0.7  # of the delegations
SELF_CHECK_IN = "chuyen-de-2"  # begins soon: the screen of its hall shows the code


def load(sessions: dict[str, Session], people: Sequence[Attendee], seed: int, rng: Random) -> None:
    """Most of the confirmed, whoever came without notice, and not everybody; then the sheets of a topic."""
    expected = [person for person in people if person.status == Attendee.Status.CONFIRMED]
    came = [person for person in expected if person.is_walk_in or rng.random() >= UNSEEN]
    facts = [
        _fact(sessions[code], person, source, first + rng.randrange(minutes))
        for code, (source, ratio, first, minutes) in SEEN.items()
        for person in came
        if person.is_walk_in or rng.random() < ratio
    ]
    attending.record_many(facts)
    Session.objects.filter(pk=sessions[SELF_CHECK_IN].pk).update(self_check_in=True)
    topic = sessions["chuyen-de-1"]
    seen = {one.attendee.pk for one in facts if one.session == topic}
    _sheets(topic, expected, seen, names.seeded(f"sheets {seed}"))


def _sheets(session: Session, people: Sequence[Attendee], seen: set[int], rng: Random) -> None:
    groups: dict[int, list[Attendee]] = defaultdict(list)
    for person in people:
        groups[person.delegation_id].append(person)
    facts, sheets = [], []
    for delegation, members in groups.items():
        if rng.random() >= SHEETS_BACK:
            continue
        signed = [one for one in members if rng.random() < (SIGNED if one.pk in seen else SIGNED_UNSEEN)]
        facts += [_fact(session, one, Source.PAPER, UNTIL - rng.randrange(10)) for one in signed]
        done = {"signatures": len(signed), "at": _at(session, UNTIL)}
        sheets.append(SignedSheet(session=session, delegation_id=delegation, **done))
    attending.record_many(facts)
    SignedSheet.objects.bulk_create(sheets)


def _fact(session: Session, person: Attendee, source: str, minute: int) -> Attendance:
    return Attendance(session=session, attendee=person, at=_at(session, minute), source=source)


def _at(session: Session, minute: int) -> datetime.datetime:
    """That minute of its day."""
    midnight = datetime.datetime.combine(session.day, datetime.time(), VIETNAM)
    return midnight + datetime.timedelta(minutes=minute)
