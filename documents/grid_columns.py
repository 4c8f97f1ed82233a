"""Which column of a day's grid a session stands in: halls side by side, what concerns everybody across.

Pure: sessions come as (starts, ends, hall), minutes of the day and a name; "" is no hall.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

ELSEWHERE = ""  # the column of what runs beside the halls and has none itself


class Slot(NamedTuple):
    """What of a session says where it stands."""

    starts: int
    ends: int
    hall: str
    is_break: bool = False


@dataclass(frozen=True)
class Place:
    """From left to left + width, in parts of the whole width; `column` where it has one to itself."""

    left: float
    width: float
    column: int | None = None


@dataclass(frozen=True)
class Columns:
    """The columns from left to right: names, and (left, width) in parts of the whole width."""

    halls: tuple[str, ...]
    edges: tuple[tuple[float, float], ...]
    places: tuple[Place, ...]
    narrowest: float


def arrange(slots: Sequence[Slot], order: Sequence[str]) -> Columns:
    """The columns of a day, and a place for each slot, in the order given.

    What meets nothing in a hall has the whole width: by itself, or shared with what runs at the same time. A
    hall has a column where something happens in it beside other things; two sessions in it at one time share
    the column, which is the wider for it. A break without a hall takes the widest row of halls that are free
    meanwhile; what else has none stands in the last column, of what is elsewhere.
    """
    groups = _meeting(slots)
    across = {
        at: place for group in groups if _is_across(slots, group) for at, place in _shared(slots, group)
    }
    used = {slot.hall for at, slot in enumerate(slots) if at not in across and slot.hall}
    halls = [hall for hall in order if hall in used]
    halls += sorted(used.difference(halls))
    beside = {at: slot for at, slot in enumerate(slots) if at not in across}
    runs = _free_runs(beside, halls)
    if not halls or any(not slot.hall and at not in runs for at, slot in beside.items()):
        halls.append(ELSEWHERE)
    own = [[at for at, slot in beside.items() if at not in runs and slot.hall == hall] for hall in halls]
    lanes = [_lanes(slots, column) for column in own]
    counts = [max([count for _lane, count in column.values()], default=1) for column in lanes]
    edges = [
        (left / sum(counts), count / sum(counts)) for left, count in zip(_starts(counts), counts, strict=True)
    ]
    places = across | {
        at: Place(edges[first][0], sum(edges[last]) - edges[first][0]) for at, (first, last) in runs.items()
    }
    for number, (column, (left, width)) in enumerate(zip(lanes, edges, strict=True)):
        for at, (lane, count) in column.items():
            places[at] = Place(left + width * lane / count, width / count, number)
    in_order = tuple(places[at] for at in range(len(slots)))
    return Columns(tuple(halls), tuple(edges), in_order, min(place.width for place in in_order))


def _meeting(slots: Sequence[Slot]) -> list[list[int]]:
    """The slots (by their index) in groups that are apart in time."""
    groups: list[list[int]] = []
    ends = 0
    for at in sorted(range(len(slots)), key=lambda at: slots[at]):
        if not groups or slots[at].starts >= ends:
            groups.append([])
        groups[-1].append(at)
        ends = max(ends, slots[at].ends)
    return groups


def _is_across(slots: Sequence[Slot], group: Sequence[int]) -> bool:
    return len(group) == 1 or not any(slots[at].hall for at in group)


def _shared(slots: Sequence[Slot], group: Sequence[int]) -> Iterator[tuple[int, Place]]:
    """The whole width for what is alone; else as many parts as run at once."""
    for at, (lane, count) in _lanes(slots, group).items():
        yield at, Place(lane / count, 1 / count)


def _overlap(one: Slot, other: Slot) -> bool:
    return one.starts < other.ends and other.starts < one.ends


def _starts(counts: Iterable[int]) -> list[int]:
    return list(accumulate(counts, initial=0))[:-1]


def _free_runs(beside: Mapping[int, Slot], halls: Sequence[str]) -> dict[int, tuple[int, int]]:
    """For breaks without a hall: the widest row of columns (first, last) in which nothing is on meanwhile."""
    taken = [(slot, halls.index(slot.hall)) for slot in beside.values() if slot.hall]
    runs: dict[int, tuple[int, int]] = {}
    for at, slot in beside.items():
        if slot.hall or not slot.is_break:
            continue
        busy = {column for other, column in taken if _overlap(slot, other)}
        free, widest = 0, (0, -1)
        for column in range(len(halls)):
            free = 0 if column in busy else free + 1
            if free > widest[1] - widest[0] + 1:
                widest = (column - free + 1, column)
        if widest[1] >= 0:
            runs[at] = widest
            taken += [(slot, column) for column in range(widest[0], widest[1] + 1)]
    return runs


def _lanes(slots: Sequence[Slot], column: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Of the slots of one column: the lane of each, and how many lanes its group has at that time."""
    found: dict[int, tuple[int, int]] = {}
    for group in _meeting([slots[at] for at in column]):
        ends: list[int] = []  # of the last session in each lane
        for at in (column[index] for index in group):
            lane = next((n for n, end in enumerate(ends) if end <= slots[at].starts), len(ends))
            ends[lane : lane + 1] = [slots[at].ends]
            found[at] = (lane, 0)
        found |= {column[index]: (found[column[index]][0], len(ends)) for index in group}
    return found
