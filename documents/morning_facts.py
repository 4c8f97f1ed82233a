"""How a conference stands at one moment: who has come, who is missing, what is next. Plain values.

Somebody has come as soon as any session knows it, on this day or before; "today" is said beside it. Who
attends online has not come.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from attendees.models import Attendee, Band, Category, Delegation
from conference.models import Conference
from sessions import release, running
from sessions.models import Attendance
from sessions.snapshots import Entry


class Share(NamedTuple):
    """How many of how many have come."""

    present: int
    expected: int

    @property
    def is_whole(self) -> bool:
        return self.present == self.expected


class Guest(NamedTuple):
    """Somebody for whom one goes to the door; `came`: None while they are missing."""

    person: Attendee
    came: datetime.datetime | None


class Team(NamedTuple):
    """A delegation; `head`: its head who still comes, if one is named."""

    delegation: Delegation
    share: Share
    head: Guest | None


@dataclass(frozen=True)
class Morning:
    """What the page for a leader says. `coming`: what begins next; nothing was released: None."""

    at: datetime.datetime
    whole: Share
    today: int
    categories: tuple[tuple[Category, Share], ...]
    leaders: tuple[Guest, ...]
    teams: tuple[Team, ...]
    coming: tuple[Entry, ...] | None

    @property
    def heads(self) -> Share:
        named = [team.head for team in self.teams if team.head]
        return Share(sum(one.came is not None for one in named), len(named))

    @property
    def short(self) -> list[Team]:
        """Delegations of whom somebody is missing."""
        return [team for team in self.teams if not team.share.is_whole]

    @property
    def complete(self) -> list[Team]:
        return [team for team in self.teams if team.share.is_whole]


def read(conference: Conference, on: datetime.date) -> Morning:
    """As it stands now; `on`: the day that "today" means. The same queries however many people there are."""
    people = list(conference.attendees.active().in_order().defer("extra").select_related("category"))
    came, today = _arrivals(conference, on)
    here = {person.pk for person in people if person.pk in came}
    entries = [entry for entry in release.entries(conference) if not entry.is_break]
    at = conference.now()
    leaders = (one for one in people if one.category.band == Band.LEADER)
    return Morning(
        at=at,
        whole=Share(len(here), len(people)),
        today=len(today & here),
        categories=_categories(conference, people, here),
        leaders=tuple(Guest(one, _local(came.get(one.pk), conference)) for one in leaders),
        teams=_teams(conference, people, came),
        coming=running.look(entries, at).next if entries else None,
    )


def _arrivals(conference: Conference, on: datetime.date) -> tuple[dict[int, datetime.datetime], set[int]]:
    """Person → when they were first seen; and who was seen in a session of the day."""
    first: dict[int, datetime.datetime] = {}
    today = set()
    rows = Attendance.objects.in_person().filter(session__conference=conference).order_by()
    for person, at, day in rows.values_list("attendee", "at", "session__day"):
        first[person] = min(at, first.get(person, at))
        if day == on:
            today.add(person)
    return first, today


def _local(at: datetime.datetime | None, conference: Conference) -> datetime.datetime | None:
    return at.astimezone(conference.zone) if at else None


def _categories(
    conference: Conference, people: Sequence[Attendee], here: set[int]
) -> tuple[tuple[Category, Share], ...]:
    expected = Counter(person.category_id for person in people)
    present = Counter(person.category_id for person in people if person.pk in here)
    rows = conference.categories.all()
    return tuple((one, Share(present[one.pk], expected[one.pk])) for one in rows if expected[one.pk])


def _teams(
    conference: Conference, people: Sequence[Attendee], came: dict[int, datetime.datetime]
) -> tuple[Team, ...]:
    members: dict[int, list[Attendee]] = defaultdict(list)
    for person in people:
        members[person.delegation_id].append(person)
    found = []
    for one in conference.delegations.select_related("unit").order_by("position", "code"):
        if one.pk in members:
            own = members[one.pk]
            head = next((person for person in own if person.pk == one.head_id), None)
            share = Share(sum(person.pk in came for person in own), len(own))
            guest = Guest(head, _local(came.get(head.pk), conference)) if head else None
            found.append(Team(one, share, guest))
    return tuple(found)
