"""The one page of an erratum, measured: what changed, before and now, in the largest type that fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from documents.errors import DoesNotFit
from documents.fitting import MM, Fitted, Step, Style, fit
from documents.typefaces import SERIF

FULL, SHORT = (13.0, 12.0, 11.0), (12.0, 11.0, 10.0)  # points, with whole titles and with short ones
LEADING = 1.3
# Of what stands in the columns, their padding left out: with whole titles, and with short ones.
WIDTHS, SHORT_WIDTHS = (56.5 * MM, 42.5 * MM, 42.5 * MM), (28.5 * MM, 56.5 * MM, 56.5 * MM)
PADDING = 2.4 * MM
HEAD = 9 * MM
MOST_LINES = 60
_LADDERS = {size: (Step(MOST_LINES, size, size, last_resort=True),) for size in {*FULL, *SHORT}}


@dataclass(frozen=True)
class Told:
    """What is told of one session; parts of a cell stand on lines of their own."""

    what: str
    short: str  # instead of `what` where room is scarce
    before: str
    now: str


@dataclass(frozen=True)
class ErratumRow:
    """One session: its number in the list, what it is, how it was announced before, and how now."""

    number: int
    what: Fitted
    before: Fitted
    now: Fitted


def erratum_rows(changes: Sequence[Told], room: float) -> tuple[str, list[ErratumRow]]:
    """The rows, and the classes of their size.

    `room`: points that the table may take. Raises DoesNotFit when it would take more at every size.
    """
    for is_short, size in [*((False, size) for size in FULL), *((True, size) for size in SHORT)]:
        rows = [_row(number, change, size, is_short) for number, change in enumerate(changes, start=1)]
        if HEAD + sum(map(_height, rows)) <= room:
            return f"pt{size:g} brief" if is_short else f"pt{size:g}", rows
    raise DoesNotFit("; ".join(change.short for change in changes))


def lines_of(text: str, room: float, size: float = 13.5) -> float:
    """Points that a paragraph takes."""
    return fit(text, Style(SERIF, 1.35), (Step(MOST_LINES, size, size, last_resort=True),), room).height


def _row(number: int, change: Told, size: float, is_short: bool) -> ErratumRow:
    style = Style(SERIF, LEADING)
    texts = (change.short if is_short else change.what, change.before, change.now)
    widths = SHORT_WIDTHS if is_short else WIDTHS
    cells = [fit(text, style, _LADDERS[size], room) for text, room in zip(texts, widths, strict=True)]
    return ErratumRow(number, *cells)


def _height(row: ErratumRow) -> float:
    return max(row.what.height, row.before.height, row.now.height) + PADDING + 0.5
