"""What people can sign up to: sessions of the released programme, by time slot, with what is left in each."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count

from conference import moments, vietnamese_dates
from conference.models import Conference
from sessions import comparing, snapshots
from sessions.models import Session, SignUp
from sessions.snapshots import Entry


@dataclass(frozen=True)
class Offer:
    """One announced session, its row in the plan, and how many take a place or wait for one.

    Hours are those of the announcement, which people know; places and the last moment are those of the plan.
    """

    entry: Entry
    session: Session
    taken: int = 0
    waiting: int = 0

    @property
    def code(self) -> str:
        return self.entry.code

    @property
    def capacity(self) -> int:
        """0 where nobody knows: then nobody gets a place."""
        return (self.session.capacity or 0) if self.session.sign_up else 0

    @property
    def left(self) -> int:
        return max(self.capacity - self.taken, 0)

    @property
    def over(self) -> int:
        """How many more than places the organisers let in, or the hall lost since."""
        return max(self.taken - self.capacity, 0)

    @property
    def begins(self) -> datetime.datetime:
        return datetime.datetime.combine(
            self.entry.day, self.entry.starts, self.session.conference.zone
        )  # fmt: skip

    @property
    def has_begun(self) -> bool:
        return self.begins <= self.session.conference.now()

    @property
    def closes_at(self) -> datetime.datetime:
        """The last moment for everybody but the organisers, in the conference's zone."""
        until = self.session.sign_up_until
        return min(until, self.begins).astimezone(self.begins.tzinfo) if until else self.begins

    @property
    def is_open(self) -> bool:
        return bool(self.capacity) and self.session.conference.now() < self.closes_at

    @property
    def fill(self) -> int:
        """What a bar of `capacity` shows."""
        return min(self.taken, self.capacity)


@dataclass(frozen=True)
class Slot:
    """What runs at the same time, directly or by way of others.

    `codes`: also of what was struck out of the plan, which nobody can choose any more.
    """

    codes: tuple[str, ...]
    offers: tuple[Offer, ...]

    @property
    def key(self) -> str:
        return self.offers[0].code

    @property
    def hours(self) -> str:
        """09:00–11:30"""
        entries = [offer.entry for offer in self.offers]
        first, last = min(one.starts for one in entries), max(one.ends for one in entries)
        return vietnamese_dates.time_range(first, last)

    @property
    def day(self) -> str:
        """thứ Năm, 06/6/2024"""
        return moments.weekday_date(self.offers[0].entry.day)

    @property
    def when(self) -> str:
        """09:00–11:30, thứ Năm, 06/6/2024"""
        return f"{self.hours}, {self.day}"


def known_codes(conference: Conference) -> set[str]:
    """Of sessions to which people can sign up, or are signed up. Two queries."""
    taken = SignUp.objects.of(conference).order_by().values_list("code", flat=True).distinct()
    return {*conference.sessions.signed_up_to().order_by().values_list("code", flat=True), *taken}


def announced(conference: Conference) -> list[Entry]:
    """What of them stands in the released programme. Three queries at most."""
    codes = known_codes(conference)
    return [entry for entry in snapshots.released(conference).entries if entry.code in codes] if codes else []


def read(conference: Conference) -> list[Slot]:
    """Every time slot with what can be chosen in it, in the order of the programme. Five queries at most."""
    entries = announced(conference)
    if not entries:
        return []
    codes = [entry.code for entry in entries]
    live = {one.code: one for one in conference.sessions.filter(code__in=codes).select_related("hall")}
    for session in live.values():
        session.conference = conference
    found = counts(conference, codes)
    slots = (
        Slot(
            tuple(entry.code for entry in group),
            tuple(Offer(one, live[one.code], *found[one.code]) for one in group if one.code in live),
        )
        for group in side_by_side(entries)
    )
    return [slot for slot in slots if slot.offers]


def counts(conference: Conference, codes: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Code of a session → (places taken, people who wait). One query."""
    rows = SignUp.objects.of(conference).filter(code__in=codes).active().order_by()
    found = {
        (code, state): number
        for code, state, number in rows.values_list("code", "state").annotate(Count("pk"))
    }
    return {code: (found.get((code, "taken"), 0), found.get((code, "waiting"), 0)) for code in codes}


def side_by_side(entries: Iterable[Entry]) -> list[list[Entry]]:
    """By time slot: whatever runs at the same time, directly or by way of others, together."""
    found: list[list[Entry]] = []
    until: tuple[datetime.date, datetime.time] | None = None
    for entry in comparing.in_order(entries):
        end = (entry.day, entry.ends)
        if until is None or (entry.day, entry.starts) >= until:
            found.append([])
            until = end
        found[-1].append(entry)
        until = max(until, end)
    return found


def beside(code: str, entries: Iterable[Entry]) -> list[str]:
    """The codes of the time slot of a session; of one that is not announced, its own."""
    groups = ([entry.code for entry in group] for group in side_by_side(entries))
    return next((codes for codes in groups if code in codes), [code])
