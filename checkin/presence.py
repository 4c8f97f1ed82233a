"""Who is in a session, derived from the scans of its doors. Pure: no database, no clock.

The order in which scans arrive and how often they are sent do not matter. Scans of one phone are in the
order of its sequence, whatever its clock says; scans of two phones in the order of their corrected times, and
inside the sum of both errors nobody knows: that is said, and a person decides.
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


Pair = tuple[Seen, Seen]


@dataclass(frozen=True)
class Presence:
    """One person in one session."""

    person: int
    since: datetime.datetime | None  # the earliest "in"; None where the person was only seen going out
    state: State
    undecided: tuple[Pair, ...]
    clashes: tuple[Pair, ...]  # let in twice, by two doors neither of which knew of the other
    scans: tuple[Seen, ...]


def derive(scans: Iterable[Seen]) -> dict[int, Presence]:
    """Person → presence, from every scan of one session in any order and any number of copies."""
    of_person: dict[int, set[Seen]] = defaultdict(set)
    for scan in scans:
        of_person[scan.person].add(scan)
    return {person: _presence(person, sorted(found)) for person, found in sorted(of_person.items())}


def _presence(person: int, scans: list[Seen]) -> Presence:
    pairs = list(combinations(scans, 2))
    return Presence(
        person,
        min((one.at for one in scans if one.is_in), default=None),
        _state(scans),
        tuple(pair for pair in pairs if pair[0].contradicts(pair[1])),
        tuple(pair for pair in pairs if _is_clash(*pair)),
        tuple(scans),
    )


def _state(scans: list[Seen]) -> State:
    """The last word of every door; of these the latest, where no other contradicts it."""
    last: dict[int, Seen] = {}
    for one in sorted(scans, key=lambda scan: scan.sequence):
        last[one.device] = one
    latest = max(last.values())
    if any(latest.contradicts(other) for other in last.values()):
        return State.UNDECIDED
    return State.IN if latest.is_in else State.OUT


def _is_clash(one: Seen, other: Seen) -> bool:
    let_in = one.is_in and other.is_in and one.welcomed and other.welcomed
    return let_in and one.device != other.device
