"""The programme as people read it: by day and half day, and only what was released. Entries come by name."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, pairwise
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from conference import vietnamese_dates
from conference.models import Conference


@dataclass
class Item:
    """One line of the programme; `ends` only where the next line does not already tell it.

    `was`: the session in the version before, where its time or place was another; `is_new`: it was not there.
    """

    session: Any
    parts: list[Any]
    ends: datetime.time | None = None
    was: Any | None = None
    is_new: bool = False

    @property
    def was_when(self) -> str:
        """The old hours, and the old day where it was another."""
        if self.was is None or (self.was.day, self.was.hours) == (self.session.day, self.session.hours):
            return ""
        day = vietnamese_dates.short_date(self.was.day).rpartition("/")[0]
        hours = str(self.was.hours)
        return hours if self.was.day == self.session.day else f"{hours}, {day}"

    @property
    def was_hall(self) -> str:
        return str(self.was.hall) if self.was is not None and self.was.hall != self.session.hall else ""


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
    page: str = ""  # where more is told of the person


@dataclass
class Programme:
    """The latest version: its days, its release, what it changed; without days where nothing was released."""

    days: list[Day] = field(default_factory=list)
    release: Any | None = None
    diff: Any | None = None
    cancelled: list[Any] = field(default_factory=list)


def released(conference: Conference) -> Programme:
    """What everybody reads. One query, however long it is."""
    found = import_string(settings.PROGRAMME)(conference)
    if found is None:
        return Programme()
    changes = {change.entry.code: change for change in found.diff.changes} if found.diff else {}
    gone = [change.old for change in changes.values() if change.new is None]
    return Programme(by_day(found.entries, changes), found.release, found.diff, gone)


def planned(conference: Conference) -> Programme:
    """What organisers plan and nobody else reads yet."""
    return Programme(by_day(import_string(settings.PROGRAMME_DRAFT)(conference)))


class Announced:
    """The latest version for pages that many read at once: taken apart only where it is not yet rendered."""

    def __init__(self, conference: Conference) -> None:
        self.conference = conference

    @cached_property
    def head(self) -> tuple[int, datetime.datetime] | None:
        """Number and moment of the version; None while there is none. One query."""
        found: tuple[int, datetime.datetime] | None = import_string(settings.PROGRAMME_HEAD)(self.conference)
        return found

    @cached_property
    def pages(self) -> Mapping[str, str]:
        """Where more is told of whom, by the code of the attendee. One query."""
        found: Mapping[str, str] = import_string(settings.SPEAKER_PAGES)(self.conference)
        return found

    @cached_property
    def programme(self) -> Programme:
        return released(self.conference)

    @cached_property
    def speakers(self) -> list[Speaker]:
        return speakers(self.programme.days, self.pages)

    @cached_property
    def key(self) -> str:
        """Another one for whatever looks otherwise: a version never changes, what was rendered stays true."""
        made = f"{self.head[0]} {self.head[1].isoformat()}" if self.head else ""
        where = f"{get_language()} {self.conference.pk} {self.conference.slug}"
        return f"{where} {self.conference.today()} {made}"

    @cached_property
    def speakers_key(self) -> str:
        return f"{self.key} {sorted(self.pages.items())}"


def own_calendar(person: Any) -> str:
    """The address of one person's calendar; "" where there is none."""
    return str(import_string(settings.PROGRAMME_OWN)(person))


def by_day(entries: Iterable[Any], changes: Mapping[str, Any] | None = None) -> list[Day]:
    """Entries in their order, under their days and half days."""
    found = []
    for day, rows in groupby(entries, lambda entry: entry.day):
        items = [_item(entry, (changes or {}).get(entry.code)) for entry in rows]
        for item, following in pairwise([*items, None]):
            if item and not (following and following.session.starts <= item.session.ends):
                item.ends = item.session.ends
        halves = groupby(items, lambda item: item.session.get_part_display())
        found.append(Day(day, [(str(name), list(group)) for name, group in halves]))
    return found


def _item(entry: Any, change: Any | None) -> Item:
    item = Item(entry, list(entry.people))
    if change is not None:
        item.is_new = change.old is None
        item.was = change.old if change.is_moved else None
        if item.was is not None:
            item.ends = entry.ends  # beside the old hours the new ones stand in full
    return item


def speakers(programme: list[Day], pages: Mapping[str, str]) -> list[Speaker]:
    """Everybody whom the programme names, in its order, each once with all their parts."""
    found: dict[tuple[str, str], Speaker] = {}
    for item in (item for day in programme for _half, items in day.halves for item in items):
        for part in item.parts:
            if part.full_name:
                speaker = found.setdefault((part.full_name, part.organisation_name), Speaker(part))
                speaker.page = speaker.page or pages.get(part.attendee, "")
                speaker.does.append((part.get_role_display(), item.session))
    return list(found.values())
