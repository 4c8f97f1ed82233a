"""Who is in a session, derived from the scans of its doors. Pure: no database, no clock.

The order in which scans arrive and how often they are sent do not matter. Scans of one phone are in the
order of its sequence, whatever its clock says; scans of two phones in the order of their corrected times, and
inside the sum of both errors nobody knows: that is said, and a person decides. What was decided settles the
scans that the person saw, and no others.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations


class State(StrEnum):
    """Where the person is now."""

    IN = "in"
    OUT = "out"
    UNDECIDED = "undecided"


@dataclass(frozen=True, order=True)
class Seen:
    """One scan of a known badge. `at` is corrected; `bound`: how far it may be from the truth."""

    at: datetime.datetime
    device: int
    sequence: int
    id: str
    person: int
    is_in: bool
    bound: datetime.timedelta
    welcomed: bool  # the volunteer was told to let the person in, as somebody not seen before

    def contradicts(self, other: Seen) -> bool:
        """Opposite directions at two doors, too close to tell which came first."""
        apart = self.device != other.device and self.is_in != other.is_in
        return apart and abs(self.at - other.at) <= self.bound + other.bound

    def precedes(self, other: Seen) -> bool:
        """Surely before: by the count of one phone, else by time and beyond both errors."""
        if self.device == other.device:
            return self.sequence < other.sequence
        return other.at - self.at > self.bound + other.bound


Pair = tuple[Seen, Seen]


@dataclass(frozen=True)
class Settled:
    """What a person decided on having seen these scans. `state`: where somebody is; None: about a clash."""

    person: int
    scans: frozenset[str]
    state: State | None = None

    def covers(self, pair: Pair) -> bool:
        return {pair[0].id, pair[1].id} <= self.scans


@dataclass(frozen=True)
class Presence:
    """One person in one session."""

    person: int
    since: datetime.datetime | None  # the earliest "in"; None where the person was only seen going out
    state: State
    undecided: tuple[Pair, ...]
    clashes: tuple[Pair, ...]  # let in twice, by two doors, and not seen leaving in between
    scans: tuple[Seen, ...]


def derive(scans: Iterable[Seen], settled: Iterable[Settled] = ()) -> dict[int, Presence]:
    """Person → presence, from every scan of one session in any order and any number of copies.

    `settled`: the decisions on this session, the oldest first; what they cover is open no more.
    """
    of_person: dict[int, set[Seen]] = defaultdict(set)
    for scan in scans:
        of_person[scan.person].add(scan)
    decided: dict[int, list[Settled]] = defaultdict(list)
    for one in settled:
        decided[one.person].append(one)
    return {
        person: _presence(person, sorted(found), decided[person])
        for person, found in sorted(of_person.items())
    }


def _presence(person: int, scans: list[Seen], decided: list[Settled]) -> Presence:
    pairs = list(combinations(scans, 2))
    states = [one for one in decided if one.state is not None]
    clashes = [one for one in decided if one.state is None]
    return Presence(
        person,
        min((one.at for one in scans if one.is_in), default=None),
        _state(scans, states),
        tuple(pair for pair in pairs if pair[0].contradicts(pair[1]) and not _is_covered(pair, states)),
        tuple(pair for pair in pairs if _is_clash(pair, scans) and not _is_covered(pair, clashes)),
        tuple(scans),
    )


def _state(scans: list[Seen], decided: list[Settled]) -> State:
    """The last word of every door; of these the latest. Where another contradicts it: what was decided."""
    last: dict[int, Seen] = {}
    for one in sorted(scans, key=lambda scan: scan.sequence):
        last[one.device] = one
    latest = max(last.values())
    doubts = [(latest, other) for other in last.values() if latest.contradicts(other)]
    if not doubts:
        return State.IN if latest.is_in else State.OUT
    for decision in reversed(decided):
        if decision.state is not None and all(map(decision.covers, doubts)):
            return decision.state
    return State.UNDECIDED


def _is_covered(pair: Pair, decided: list[Settled]) -> bool:
    return any(one.covers(pair) for one in decided)


def _is_clash(pair: Pair, scans: list[Seen]) -> bool:
    """Two doors that both welcomed one badge, unless its holder surely left between them."""
    one, other = pair
    let_in = one.is_in and other.is_in and one.welcomed and other.welcomed
    return let_in and one.device != other.device and not _left_between(one, other, scans)


def _left_between(one: Seen, other: Seen, scans: list[Seen]) -> bool:
    outs = [scan for scan in scans if not scan.is_in]
    return any(
        (one.precedes(out) and out.precedes(other)) or (other.precedes(out) and out.precedes(one))
        for out in outs
    )
