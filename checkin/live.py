"""A day at the doors in figures: who came when, who is missing, how full the halls are.

Somebody has come on a day as soon as one of its sessions knows it, whatever told it: a scan, the reception, a
signed list; who attends online has not come. Who is in a hall now is told by the scans where there are any,
else by that same fact. When somebody came is told by a fact of the same day only: a sheet that was entered
days later, or a phone that lost its date, tells that they came, and not when.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from attendees import correspondence
from attendees.models import Attendee, Category, Delegation
from checkin import judging
from checkin.presence import Presence, State
from conference.models import Conference
from sessions.models import Attendance, Session

QUARTERS = 4  # of the time line, each with its hour below
# Minutes of one bar, and bars of a quarter: so that the hours below are round.
STEPS = ((1, 5), (2, 5), (5, 3), (10, 3), (15, 4), (30, 4), (60, 6))
MOST_BARS = 100


class Share(NamedTuple):
    """How many of those who are expected have come."""

    present: int
    expected: int

    @property
    def missing(self) -> int:
        return self.expected - self.present


class Bar(NamedTuple):
    """Who came in one step of the time line. `height`: of a hundred, where the highest bar has all."""

    starts: datetime.datetime
    people: int
    height: int

    @property
    def top(self) -> int:
        return 100 - self.height


@dataclass(frozen=True)
class Line:
    """Arrivals in order of time: bars without gaps, and the hours at every quarter of their width."""

    bars: tuple[Bar, ...] = ()
    step: int = 1  # minutes
    hours: tuple[datetime.datetime, ...] = ()

    @property
    def busiest(self) -> Bar | None:
        return max(self.bars, key=lambda bar: bar.people, default=None)

    @property
    def filled(self) -> list[Bar]:
        return [bar for bar in self.bars if bar.people]


@dataclass(frozen=True)
class Team:
    """One delegation: how many came, who did not, and whom to call."""

    delegation: Delegation
    share: Share
    missing: tuple[Attendee, ...]
    phone: str


@dataclass(frozen=True)
class Room:
    """One session in its hall. `inside`: now; None where it does not run. `unclear`: of these, in doubt."""

    session: Session
    came: int
    is_on: bool
    inside: int | None
    unclear: int = 0

    @property
    def capacity(self) -> int | None:
        return self.session.hall.capacity if self.session.hall else None

    @property
    def is_over(self) -> bool:
        """More people than chairs."""
        return self.inside is not None and self.capacity is not None and self.inside > self.capacity


@dataclass(frozen=True)
class Day:
    """Everything that the page shows of one day."""

    on: datetime.date
    at: datetime.datetime
    whole: Share
    line: Line
    categories: tuple[tuple[Category, Share], ...]
    teams: tuple[Team, ...]
    rooms: tuple[Room, ...]
    questions: int

    @property
    def short(self) -> list[Team]:
        """Delegations of whom somebody is missing."""
        return [team for team in self.teams if team.missing]

    @property
    def complete(self) -> list[Team]:
        return [team for team in self.teams if not team.missing]


def days(conference: Conference) -> list[datetime.date]:
    """The days of the conference, and those beside them on which people come: a reception on the eve, say."""
    length = (conference.ends_on - conference.starts_on).days
    own = {conference.starts_on + datetime.timedelta(days=number) for number in range(length + 1)}
    held = conference.sessions.exclude(kind=Session.Kind.BREAK).order_by()
    return sorted(own.union(held.values_list("day", flat=True)))


def read(conference: Conference, on: datetime.date) -> Day:
    """The day as it stands now, in the same number of queries however many people come."""
    sessions = list(
        conference.sessions.filter(day=on).exclude(kind=Session.Kind.BREAK).select_related("hall").in_order()
    )
    people = list(conference.attendees.active().in_order().defer("extra").select_related("category"))
    facts = list(
        Attendance.objects.in_person().filter(session__in=sessions).values_list("session", "attendee", "at")
    )
    expected = {person.pk for person in people}
    first: dict[int, datetime.datetime] = {}
    for _session, person, at in facts:
        if person in expected:
            first[person] = min(at, first.get(person, at))
    return Day(
        on=on,
        at=conference.now(),
        whole=Share(len(first), len(expected)),
        line=line(at for one in first.values() if (at := one.astimezone(conference.zone)).date() == on),
        categories=_categories(conference, people, first.keys()),
        teams=_teams(conference, people, first.keys()),
        rooms=_rooms(conference, sessions, facts),
        questions=len(judging.questions(conference)),
    )


def line(arrivals: Iterable[datetime.datetime]) -> Line:
    """Moments of one day as bars: a minute each where they lie close together, else as many as must be."""
    moments = sorted(arrivals)
    if not moments:
        return Line()
    day = moments[0].replace(hour=0, minute=0, second=0, microsecond=0)
    minutes = [int((at - day).total_seconds() // 60) for at in moments]
    for step, quarter in STEPS:
        begin = minutes[0] - minutes[0] % (step * quarter)
        whole = step * quarter * QUARTERS
        bars = -(-(minutes[-1] + 1 - begin) // whole) * quarter * QUARTERS
        if bars <= MOST_BARS:
            break
    counted = Counter((minute - begin) // step for minute in minutes)
    highest = max(counted.values())

    def hour(number: int) -> datetime.datetime:
        return day + datetime.timedelta(minutes=begin + number * step)

    return Line(
        tuple(
            Bar(hour(number), counted[number], round(100 * counted[number] / highest))
            for number in range(bars)
        ),
        step,
        tuple(hour(bars * part // QUARTERS) for part in range(QUARTERS + 1)),
    )


def _categories(
    conference: Conference, people: Sequence[Attendee], came: Iterable[int]
) -> tuple[tuple[Category, Share], ...]:
    expected = Counter(person.category_id for person in people)
    here = set(came)
    present = Counter(person.category_id for person in people if person.pk in here)
    rows = conference.categories.all()
    return tuple((one, Share(present[one.pk], expected[one.pk])) for one in rows if expected[one.pk])


def _teams(conference: Conference, people: Sequence[Attendee], came: Iterable[int]) -> tuple[Team, ...]:
    members: dict[int, list[Attendee]] = defaultdict(list)
    for person in people:
        members[person.delegation_id].append(person)
    here = set(came)
    rows = conference.delegations.select_related("unit", "head").order_by("position", "code")
    found = []
    for one in rows:
        if one.pk in members:
            missing = tuple(person for person in members[one.pk] if person.pk not in here)
            share = Share(len(members[one.pk]) - len(missing), len(members[one.pk]))
            found.append(Team(one, share, missing, correspondence.phone_of(one)))
    return tuple(found)


def _rooms(
    conference: Conference, sessions: Sequence[Session], facts: Sequence[tuple[int, int, datetime.datetime]]
) -> tuple[Room, ...]:
    came: dict[int, set[int]] = defaultdict(set)
    for session, person, _at in facts:
        came[session].add(person)
    now = conference.now().replace(tzinfo=None)
    on = [one for one in sessions if _is_on(one, now)]
    seen = judging.whereabouts(conference, on)
    return tuple(_room(one, came[one.pk], seen.get(one.pk, {}) if one in on else None) for one in sessions)


def _room(session: Session, came: set[int], seen: dict[int, Presence] | None) -> Room:
    if seen is None:
        return Room(session, len(came), is_on=False, inside=None)
    states = {person: seen[person].state for person in came if person in seen}
    left = sum(state == State.OUT for state in states.values())
    unclear = sum(state == State.UNDECIDED for state in states.values())
    return Room(session, len(came), is_on=True, inside=len(came) - left, unclear=unclear)


def _is_on(session: Session, now: datetime.datetime) -> bool:
    combine = datetime.datetime.combine
    return combine(session.day, session.starts) <= now < combine(session.day, session.ends)
