"""One day on one landscape page: halls side by side, time running down; every text measured.

Plain values in, cells with their places out. Knows no database and no engine. Lengths are in points.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

from documents.errors import DoesNotFit
from documents.fitting import MM, Style, fill_lines, shortened
from documents.grid_columns import Columns, Place, Slot, arrange
from documents.time_axis import Axis, Span, axis
from documents.typefaces import SERIF, SERIF_BOLD

LEADING = 1.2
TITLE, WHO = Style(SERIF_BOLD, LEADING), Style(SERIF, LEADING)
# Of a cell (documents/paper/desk.css): what is around its text, and what is between title and people.
ABOVE_AND_BELOW, BESIDE, BETWEEN = 1.2 * MM, 4.4 * MM, 4 * MM
# From this width on people and hall stand beside the title: their shares of what is inside.
WIDE, SHARES = 110 * MM, (0.48, 0.37, 0.15)
TO_SCALE = 0.5  # of the height that a minute would have without stretching: less only where nothing else fits
NARROWEST = 20 * MM  # where the hours of a session still stand on one line, in the smallest type
BREAK = "break"
GOES_ON = "(tiếp)"
LEAST_TICK = 3.6 * MM  # between two times on the axis
_MOST_WHO = 2  # lines, where the title gives way as well


@dataclass(frozen=True)
class Item:
    """One session: minutes of the day, what is said of it in full (`who`) and in short (`names`)."""

    starts: int
    ends: int
    hours: str
    kind: str
    title: str
    hall: str = ""
    who: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    goes_on: bool = False  # began on the page before


@dataclass(frozen=True)
class Cell:
    """What stands in one place; `title` without the hours, which begin its first line."""

    kind: str
    hours: str
    title: tuple[str, ...]
    who: tuple[str, ...]
    where: tuple[str, ...]
    is_wide: bool
    is_cut: bool
    left: float
    top: float
    width: float
    height: float


class Tick(NamedTuple):
    """A time on the axis."""

    text: str
    top: float


class Head(NamedTuple):
    """A hall over its column."""

    lines: tuple[str, ...]
    left: float
    width: float


@dataclass(frozen=True)
class Grid:
    """A page: its heads (none where there is nothing to tell apart), its times, its cells in their order."""

    size: float
    heads: tuple[Head, ...]
    head_height: float
    ticks: tuple[Tick, ...]
    cells: tuple[Cell, ...]
    height: float

    @property
    def is_cut(self) -> bool:
        return any(cell.is_cut for cell in self.cells)


@dataclass(frozen=True)
class _Texts:
    """An item set at a size in a width."""

    title: tuple[str, ...]
    who: tuple[str, ...]
    names: tuple[str, ...]
    where: tuple[str, ...]  # the hall, where it stands beside the people
    is_wide: bool
    is_torn: bool  # not even the hours stand on one line
    rooms: tuple[float, ...]  # of title, people and hall, in parts of the size

    def lines(self, title: Sequence[str], who: Sequence[str], most_where: int | None = None) -> int:
        """How many lines the cell needs with these."""
        if self.is_wide:
            return max(len(title), len(who), len(self.where[:most_where]))
        return len(title) + len(who)


# How many lines an item needs at least.
_Need = Callable[[_Texts], int]


def _whole(texts: _Texts) -> int:
    return texts.lines(texts.title, texts.who)


def _without_bodies(texts: _Texts) -> int:
    return texts.lines(texts.title, texts.names)


def _shortened_to(most: int) -> _Need:
    """Title and people to so many lines, people to two at most."""
    most_who = min(_MOST_WHO, most // 2)
    return lambda texts: texts.lines(texts.title[:most], texts.names[:most_who], most)


def _one_line(texts: _Texts) -> int:
    return 1


# From the fullest way to set a day to the shortest, each from its largest type to its smallest.
_WAYS: tuple[tuple[_Need, tuple[float, ...]], ...] = (
    (_whole, (12, 11, 10.5, 10, 9.5, 9, 8.5, 8, 7.5)),
    (_without_bodies, (9, 8.5, 8, 7.5)),
    *((_shortened_to(most), (8,)) for most in (10, 8, 6, 5, 4, 3, 2)),
    (_one_line, (8, 7.5)),
)


def day_pages(items: Sequence[Item], order: Sequence[str], width: float, height: float) -> list[Grid]:
    """The pages of a day: one, unless not even the shortest way to say everything goes on it.

    `order` is that of the halls. Raises DoesNotFit where so much is on at once that no column can be read.
    """
    page = _page(items, order, width, height)
    if page is not None:
        return [page]
    first, second = _split(items)
    return [*day_pages(first, order, width, height), *day_pages(second, order, width, height)]


def _page(items: Sequence[Item], order: Sequence[str], width: float, height: float) -> Grid | None:
    """One page with all of them, said as fully as can be; in a type for which time still runs to scale."""
    columns = arrange([Slot(item.starts, item.ends, item.hall, item.kind == BREAK) for item in items], order)
    if columns.narrowest * width < NARROWEST:
        raise DoesNotFit("; ".join(item.title for item in items))
    heads = _heads(items, columns, width)
    room = height - _head_height(heads)
    for need, sizes in _WAYS:
        found = list(filter(None, (_laid_out(items, columns, need, size, width, room) for size in sizes)))
        if found:
            size, texts, found_axis = next((one for one in found if one[2].share >= TO_SCALE), found[0])
            cells = tuple(_cells(items, texts, columns.places, found_axis.at, width, size))
            ticks = tuple(_ticks(items, found_axis.at))
            return Grid(size, heads, height - room, ticks, cells, max(found_axis.at.values()))
    return None


def _laid_out(
    items: Sequence[Item], columns: Columns, need: _Need, size: float, width: float, room: float
) -> tuple[float, list[_Texts], Axis] | None:
    """Type size, texts and axis; None where they do not go into the room."""
    texts = _set_all(items, columns, width, size)
    if any(text.is_torn for text in texts):
        return None
    spans = [
        Span(item.starts, item.ends, need(text) * size * LEADING + ABOVE_AND_BELOW)
        for item, text in zip(items, texts, strict=True)
    ]
    found = axis(spans, room)
    return (size, texts, found) if found else None


def _set_all(items: Sequence[Item], columns: Columns, width: float, size: float) -> list[_Texts]:
    """Every item in its place; where all of them have the same hall, the head of the page names it."""
    one_hall = len(_halls(items)) == 1
    return [
        _set(item, place.width * width, size, item.hall if place.column is None and not one_hall else "")
        for item, place in zip(items, columns.places, strict=True)
    ]


def _set(item: Item, room: float, size: float, hall: str) -> _Texts:
    is_wide = room >= WIDE
    shares = SHARES if is_wide else (1, 1, 1)
    inside = room - BESIDE - (2 * BETWEEN if is_wide else 0)
    rooms = [inside * share / size for share in shares]
    where = fill_lines(hall, WHO, rooms[2])
    before = () if is_wide else where
    who = [*before, *chain.from_iterable(fill_lines(text, WHO, rooms[1]) for text in item.who)]
    names = [*before, *fill_lines(", ".join(item.names), WHO, rooms[1])]
    again = f"{GOES_ON} " if item.goes_on else ""
    title = fill_lines(f"{item.hours} {again}{item.title}", TITLE, rooms[0])
    is_torn = not title[0].startswith(item.hours)
    return _Texts(title, tuple(who), tuple(names), where if is_wide else (), is_wide, is_torn, tuple(rooms))


def _cells(
    items: Sequence[Item],
    texts: Sequence[_Texts],
    places: Sequence[Place],
    at: dict[int, float],
    width: float,
    size: float,
) -> Iterator[Cell]:
    for item, text, place in zip(items, texts, places, strict=True):
        top, foot = at[item.starts], at[item.ends]
        lines = int((foot - top - ABOVE_AND_BELOW) / (size * LEADING) + 0.01)
        title, who = _within(text, lines)
        where = shortened(text.where, lines, WHO, text.rooms[2])
        is_cut = (title, who, where) != (text.title, text.who, text.where)
        shown = (title[0].removeprefix(item.hours).lstrip(), *title[1:])
        yield Cell(
            item.kind, item.hours, shown, who, where, text.is_wide, is_cut,
            place.left * width, top, place.width * width, foot - top,
        )  # fmt: skip


def _within(text: _Texts, lines: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Title and people, as much of them as so many lines hold."""
    for who in (text.who, text.names):
        if text.lines(text.title, who) <= lines:
            return text.title, who
    most_who = lines if text.is_wide else min(_MOST_WHO, lines - min(len(text.title), 2))
    who = shortened(text.names, max(most_who, 0), WHO, text.rooms[1])
    left = lines if text.is_wide else lines - len(who)
    return shortened(text.title, max(left, 1), TITLE, text.rooms[0]), who


def _ticks(items: Sequence[Item], at: dict[int, float]) -> Iterator[Tick]:
    """Where something begins, and where the day ends; none where it would run into the one above."""
    last = max(item.ends for item in items)
    lowest = -math.inf
    for minute in sorted({item.starts for item in items} | {last}):
        if at[minute] - lowest >= LEAST_TICK:
            lowest = at[minute]
            yield Tick(f"{minute // 60:02}:{minute % 60:02}", lowest)


_HEAD_SIZE = 9.5
HEAD_PADDING = 1.6 * MM


def _heads(items: Sequence[Item], columns: Columns, width: float) -> tuple[Head, ...]:
    names = columns.halls
    if not any(names):
        used = _halls(items)
        if len(used) > 1 or not any(used):
            return ()
        names = (used.pop(),)
    room = [max(part * width - 2 * MM, 1) / _HEAD_SIZE for _left, part in columns.edges]
    return tuple(
        Head(fill_lines(name or "Nơi khác", TITLE, space), left * width, part * width)
        for name, space, (left, part) in zip(names, room, columns.edges, strict=True)
    )


def _halls(items: Sequence[Item]) -> set[str]:
    """Where the day takes place; a break without a hall is nowhere else."""
    return {item.hall for item in items if item.hall or item.kind != BREAK}


def _head_height(heads: Sequence[Head]) -> float:
    if not heads:
        return 0
    return max(len(head.lines) for head in heads) * _HEAD_SIZE * LEADING + HEAD_PADDING


def _split(items: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """The day in two, where least is torn and the halves are most alike; what is torn stands in both."""
    first = min(item.starts for item in items)
    times = sorted({item.starts for item in items} - {first})
    if not times:
        raise DoesNotFit("; ".join(item.title for item in items))

    def cost(at: int) -> tuple[int, int]:
        torn = sum(item.starts < at < item.ends for item in items)
        before = sum(item.ends <= at for item in items)
        return torn, abs(2 * before - len(items))

    at = min(times, key=cost)
    return (
        [replace(item, ends=min(item.ends, at)) for item in items if item.starts < at],
        [
            replace(item, starts=max(item.starts, at), goes_on=item.goes_on or item.starts < at)
            for item in items
            if item.ends > at
        ],
    )
