"""What is wrong with a plan: a pure look at the sessions of a programme, without database and clock.

Every question is answered by one pass over the sessions in the order of their beginning, so that the time
grows as n log n; where many things clash at once, each is reported against the one that blocks it longest.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from django.utils.translation import gettext as _

from conference import vietnamese_dates

LONGEST_TITLE = 60


@dataclass(frozen=True)
class Place:
    """A hall; `minutes_away` on foot from the lobby, by way of which people walk from hall to hall."""

    key: Hashable
    name: str
    capacity: int | None = None
    minutes_away: int = 0

    def minutes_to(self, other: Place) -> int:
        return 0 if self.key == other.key else self.minutes_away + other.minutes_away


@dataclass(frozen=True)
class Part:
    """Somebody in a session: `who` is the same for the same person or body, whatever is written about them.

    `answer` is "pending", "confirmed" or "declined"; "" where nobody is asked (a body, the organisers).
    `busy`: from when to when the person said to be elsewhere.
    """

    who: Hashable
    name: str
    is_person: bool = True
    answer: str = ""
    busy: tuple[tuple[datetime.datetime, datetime.datetime], ...] = ()


@dataclass(frozen=True)
class Slot:
    """A session as a plan sees it, in wall time of the conference. `members`: who signed up to it."""

    key: Hashable
    title: str
    day: datetime.date
    starts: datetime.time
    ends: datetime.time
    place: Place | None = None
    parts: tuple[Part, ...] = ()
    members: frozenset[Hashable] = frozenset()
    expected: int | None = None  # None: everybody, unless something else happens at the same time
    is_break: bool = False
    may_be_outside: bool = False  # the reception on the eve, the excursion afterwards

    @cached_property
    def begin(self) -> datetime.datetime:
        return datetime.datetime.combine(self.day, self.starts)

    @cached_property
    def end(self) -> datetime.datetime:
        return datetime.datetime.combine(self.day, self.ends)

    @property
    def short(self) -> str:
        return short(self.title)

    @property
    def hours(self) -> str:
        return vietnamese_dates.time_range(self.starts, self.ends)


def short(title: str) -> str:
    """A title as it fits in a sentence."""
    if len(title) <= LONGEST_TITLE:
        return title
    return title[:LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(",.;:") + "…"


class Kind(StrEnum):
    HALL = "hall"  # a hall twice
    PERSON = "person"  # somebody in two places
    BUSY = "busy"  # somebody who said to be elsewhere
    BODY = "body"  # an institution in two places: two people can be sent
    MEMBERS = "members"  # people who signed up to two things at once
    OUTSIDE = "outside"  # not on a day of the conference
    CAPACITY = "capacity"
    WALK = "walk"  # too little time from hall to hall
    DECLINED = "declined"  # a speaker who does not come
    PENDING = "pending"  # a speaker who has not answered


SERIOUS = frozenset({Kind.HALL, Kind.PERSON, Kind.BUSY, Kind.OUTSIDE, Kind.DECLINED})


@dataclass(frozen=True)
class Finding:
    """One warning: the sessions it is about, the first of them where it is to be mended."""

    kind: Kind
    slots: tuple[Slot, ...]
    text: str

    @property
    def is_serious(self) -> bool:
        return self.kind in SERIOUS

    @property
    def keys(self) -> tuple[Hashable, ...]:
        return tuple(slot.key for slot in self.slots)


def warnings(
    slots: Iterable[Slot], first: datetime.date, last: datetime.date, everybody: int = 0
) -> list[Finding]:
    """All warnings, the serious first, then in the order of the programme.

    `first` and `last` are the days of the conference; `everybody` is how many people come to what has no
    parallel.
    """
    plan = sorted(slots, key=_by_time)
    found = [
        *_outside(plan, first, last),
        *_halls(plan),
        *_people(plan),
        *_busy(plan),
        *_walks(plan),
        *_members(plan),
        *_capacity(plan, everybody),
        *_answers(plan),
    ]
    return sorted(found, key=lambda one: (not one.is_serious, _by_time(one.slots[0])))


def clashes(slot: Slot, others: Iterable[Slot]) -> list[Slot]:
    """Which of the others stand in its hall while it runs. Ending at its beginning is no clash."""
    if slot.place is None:
        return []
    return [
        one
        for one in sorted(others, key=_by_time)
        if one.key != slot.key and one.place is not None and one.place.key == slot.place.key
        and one.begin < slot.end and slot.begin < one.end
    ]  # fmt: skip


def _by_time(slot: Slot) -> tuple[datetime.datetime, datetime.datetime, str]:
    return slot.begin, slot.end, str(slot.key)


def overlaps(plan: Sequence[Slot]) -> Iterator[tuple[Slot, Slot]]:
    """Pairs that run at the same time, of sessions in their order: each against the longest before it."""
    longest: Slot | None = None
    for slot in plan:
        if longest is not None and slot.begin < longest.end:
            yield longest, slot
        if longest is None or slot.end > longest.end:
            longest = slot


# ── One question each ─────────────────────────────────────────────────────────────────────────────


def _outside(plan: Sequence[Slot], first: datetime.date, last: datetime.date) -> Iterator[Finding]:
    a_day = datetime.timedelta(days=1)
    for slot in plan:
        spare = a_day if slot.may_be_outside else datetime.timedelta(0)
        if not first - spare <= slot.day <= last + spare:
            days = vietnamese_dates.short_range(first, last)
            said = {"title": slot.short, "day": vietnamese_dates.short_date(slot.day), "days": days}
            yield Finding(
                Kind.OUTSIDE, (slot,), _("“%(title)s” xếp ngày %(day)s, ngoài hội nghị (%(days)s).") % said
            )


def _halls(plan: Sequence[Slot]) -> Iterator[Finding]:
    by_hall = defaultdict(list)
    for slot in plan:
        if slot.place is not None:
            by_hall[slot.place.key].append(slot)
    for held in by_hall.values():
        for before, slot in overlaps(held):
            said = {"hall": before.place.name if before.place else "", **_two(before, slot)}
            yield Finding(
                Kind.HALL, (slot, before),
                _("%(hall)s có hai phiên cùng lúc: “%(title)s” (%(hours)s) và “%(other)s” (%(other_hours)s).")
                % said,
            )  # fmt: skip


def _people(plan: Sequence[Slot]) -> Iterator[Finding]:
    for part, held in _by_person(plan):
        for before, slot in overlaps(held):
            said = {"name": part.name, **_two(before, slot)}
            if part.is_person:
                text = _(
                    "%(name)s có mặt ở hai phiên cùng lúc: “%(title)s” (%(hours)s) và “%(other)s” "
                    "(%(other_hours)s)."
                )
                yield Finding(Kind.PERSON, (slot, before), text % said)
            else:
                text = _(
                    "%(name)s tham gia hai phiên cùng lúc, cần cử hai người: “%(title)s” (%(hours)s) và "
                    "“%(other)s” (%(other_hours)s)."
                )
                yield Finding(Kind.BODY, (slot, before), text % said)


def _busy(plan: Sequence[Slot]) -> Iterator[Finding]:
    """One warning for a person and a session, however many of their times meet it."""
    for part, held in _by_person(plan):
        for slot in held:
            met = [(start, end) for start, end in part.busy if start < slot.end and slot.begin < end]
            if met:
                said = {
                    "name": part.name, "title": slot.short, "hours": slot.hours,
                    "busy": ", ".join(vietnamese_dates.time_range(start, end) for start, end in met),
                }  # fmt: skip
                text = _("%(name)s báo bận lúc %(busy)s, trùng “%(title)s” (%(hours)s).")
                yield Finding(Kind.BUSY, (slot,), text % said)


def _walks(plan: Sequence[Slot]) -> Iterator[Finding]:
    for part, held in _by_person(plan):
        if not part.is_person:
            continue
        for before, slot in pairwise(held):
            if before.place is None or slot.place is None:
                continue
            needed, free = (
                before.place.minutes_to(slot.place),
                int((slot.begin - before.end).total_seconds() // 60),
            )
            if 0 <= free < needed:
                said = {
                    "name": part.name, "needed": needed, "free": free,
                    "from": before.place.name, "to": slot.place.name, "title": slot.short,
                }  # fmt: skip
                text = _(
                    "%(name)s có %(free)s phút để đi từ %(from)s sang %(to)s, cần %(needed)s phút, "
                    "trước “%(title)s”."
                )
                yield Finding(Kind.WALK, (slot, before), text % said)


def _members(plan: Sequence[Slot]) -> Iterator[Finding]:
    """One warning for two sessions, however many people signed up to both."""
    by_member = defaultdict(list)
    for slot in plan:
        for member in slot.members:
            by_member[member].append(slot)
    pairs: dict[tuple[Slot, Slot], int] = defaultdict(int)
    for held in by_member.values():
        for pair in overlaps(held):
            pairs[pair] += 1
    for (before, slot), number in pairs.items():
        said = {"n": number, **_two(before, slot)}
        text = _(
            "%(n)s người đăng ký cả hai phiên cùng lúc: “%(title)s” (%(hours)s) và “%(other)s” "
            "(%(other_hours)s)."
        )
        yield Finding(Kind.MEMBERS, (slot, before), text % said)


def _capacity(plan: Sequence[Slot], everybody: int) -> Iterator[Finding]:
    parallel = _with_parallel(plan)
    for slot in plan:
        if slot.place is None or slot.place.capacity is None or slot.is_break:
            continue
        plenary = 0 if slot.key in parallel else everybody
        expected = slot.expected if slot.expected is not None else len(slot.members) or plenary
        if expected > slot.place.capacity:
            said = {
                "hall": slot.place.name, "capacity": slot.place.capacity, "expected": expected,
                "title": slot.short,
            }  # fmt: skip
            text = _("%(hall)s có %(capacity)s chỗ, “%(title)s” dự kiến %(expected)s người.")
            yield Finding(Kind.CAPACITY, (slot,), text % said)


def _answers(plan: Sequence[Slot]) -> Iterator[Finding]:
    for slot in plan:
        for part in slot.parts:
            said = {"name": part.name, "title": slot.short}
            if part.answer == "declined":
                yield Finding(
                    Kind.DECLINED, (slot,), _("%(name)s từ chối “%(title)s”. Mời người khác.") % said
                )
            elif part.answer == "pending":
                yield Finding(Kind.PENDING, (slot,), _("%(name)s chưa nhận lời “%(title)s”.") % said)


def _by_person(plan: Sequence[Slot]) -> Iterator[tuple[Part, list[Slot]]]:
    """Everybody with the sessions they are in, each session once; who declined is in none."""
    held: dict[Hashable, list[Slot]] = defaultdict(list)
    known: dict[Hashable, Part] = {}
    for slot in plan:
        for part in slot.parts:
            slots = held[part.who]
            if part.answer != "declined" and not (slots and slots[-1] is slot):
                slots.append(slot)
                known.setdefault(part.who, part)
    for who, part in known.items():
        yield part, held[who]


def _with_parallel(plan: Sequence[Slot]) -> set[Hashable]:
    """Sessions that run while another one runs elsewhere; breaks and what has no hall draw nobody away."""
    held = [slot for slot in plan if slot.place is not None and not slot.is_break]
    return {slot.key for pair in overlaps(held) for slot in pair}


def _two(before: Slot, slot: Slot) -> dict[str, str]:
    return {
        "title": slot.short, "hours": slot.hours, "other": before.short, "other_hours": before.hours
    }  # fmt: skip
