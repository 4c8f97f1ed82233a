"""The programme as people read it: day, half day, item. Reads through reverse relations only."""

import datetime
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any

from conference.models import Conference


@dataclass
class Item:
    """One line of the programme; `ends` only where the next line does not already tell it."""

    session: Any
    parts: list[Any]
    ends: datetime.time | None = None


@dataclass
class Day:
    """A day and its half days: (name, items)."""

    on: datetime.date
    halves: list[tuple[str, list[Item]]]

    @property
    def anchor(self) -> str:
        return f"ngay-{self.on:%Y-%m-%d}"


@dataclass
class Speaker:
    """A person who is named in the programme, and what for."""

    person: Any
    does: list[tuple[str, Any]] = field(default_factory=list)


def days(conference: Conference) -> list[Day]:
    """The programme by day. Three queries, however long it is."""
    found = []
    for day, rows in groupby(_sessions(conference), lambda session: session.day):
        items = [Item(session, list(session.participations.all())) for session in rows]
        for item, following in pairwise([*items, None]):
            if item and not (following and following.session.starts <= item.session.ends):
                item.ends = item.session.ends
        halves = groupby(items, lambda item: item.session.get_part_display())
        found.append(Day(day, [(str(name), list(group)) for name, group in halves]))
    return found


def speakers(programme: list[Day]) -> list[Speaker]:
    """Everybody whom the programme names, in its order, each once with all their parts."""
    found: dict[tuple[str, str], Speaker] = {}
    for item in (item for day in programme for _half, items in day.halves for item in items):
        for part in item.parts:
            if part.full_name:
                speaker = found.setdefault((part.full_name, part.organisation_name), Speaker(part))
                speaker.does.append((part.get_role_display(), item.session))
    return list(found.values())


def _sessions(conference: Conference) -> Any:
    return conference.sessions.with_people().in_order()
