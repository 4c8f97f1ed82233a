"""What runs at a moment, and what comes next: a pure look at the entries of the released programme."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from conference import vietnamese
from sessions.snapshots import Entry


@dataclass(frozen=True)
class Running:
    """At one moment, in one hall or in all of them.

    `next`: what begins at the earliest time still to come; `later`: what follows on that day. All three are
    empty once everything is over.
    """

    at: datetime.datetime  # wall time of the conference, without a zone
    now: tuple[Entry, ...] = ()
    next: tuple[Entry, ...] = ()
    later: tuple[Entry, ...] = ()

    @property
    def is_over(self) -> bool:
        return not self.now and not self.next

    @property
    def is_today(self) -> bool:
        """Does what comes next begin today?"""
        return bool(self.next) and self.next[0].day == self.at.date()

    @property
    def until_next(self) -> datetime.timedelta:
        return begins(self.next[0]) - self.at if self.next else datetime.timedelta(0)


def look(entries: Sequence[Entry], at: datetime.datetime) -> Running:
    """A session runs from its first minute to the one before its end. `at`: wall time, zone left out."""
    at = at.replace(tzinfo=None)
    ahead = sorted((entry for entry in entries if begins(entry) > at), key=begins)
    coming = tuple(entry for entry in ahead if begins(entry) == begins(ahead[0]))
    return Running(
        at,
        tuple(entry for entry in entries if begins(entry) <= at < ends(entry)),
        coming,
        tuple(entry for entry in ahead[len(coming) :] if entry.day == ahead[0].day),
    )


def in_hall(entries: Sequence[Entry], key: str) -> list[Entry]:
    """What concerns a hall: its own sessions, and breaks wherever they are held."""
    return [entry for entry in entries if entry.is_break or not entry.hall or hall_key(entry.hall) == key]


def halls(entries: Sequence[Entry]) -> dict[str, str]:
    """The halls of a programme by their key in an address, in the order of their first use."""
    return {hall_key(entry.hall): entry.hall for entry in entries if entry.hall}


def hall_key(name: str) -> str:
    """Hội trường lớn → hoi-truong-lon"""
    return "-".join(vietnamese.fold(name).split())


def begins(entry: Entry) -> datetime.datetime:
    return datetime.datetime.combine(entry.day, entry.starts)


def ends(entry: Entry) -> datetime.datetime:
    return datetime.datetime.combine(entry.day, entry.ends)
