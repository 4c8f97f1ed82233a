"""The one page that a leader reads at seven, measured: what does not fit in the smallest type is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from documents.fitting import MM, Fitted, Step, Style, fit
from documents.typefaces import SERIF, SERIF_BOLD

PAGE = 268 * MM  # between the margins (documents/paper/morning.css), a little on the safe side
WIDTH = 180 * MM
LEADING = 1.3
SIZES = (11.0, 10.0, 9.0, 8.0, 7.5)  # points
PADDING = 0.6 * MM  # of a row, above and below it together
GAP = 1 * MM  # of a cell
HEADING = 9 * MM  # of a part, with its rule
MOST_LINES = 30


@dataclass(frozen=True)
class Line:
    """A row of short cells, the first one in bold."""

    cells: tuple[Fitted, ...]

    @property
    def height(self) -> float:
        return max(cell.height for cell in self.cells) + PADDING


@dataclass(frozen=True)
class Columns:
    """Rows side by side, to be read down; `left_out`: how many found no room."""

    columns: tuple[tuple[Line, ...], ...] = ()
    height: float = 0
    left_out: int = 0


def columns(
    rows: Sequence[tuple[str, ...]], widths: Sequence[float], count: int, room: float = PAGE,
    sizes: Sequence[float] = SIZES,
) -> Columns:  # fmt: skip
    """The rows in `count` columns, in the largest type in which they stand in the room.

    `widths`: of the cells of one column, in points. In the smallest type the last rows are left out.
    """
    if not rows:
        return Columns()
    for size in sizes:
        lines = [_line(row, widths, size) for row in rows]
        found = _split(lines, count)
        if found.height <= room:
            return found
    while lines and _split(lines, count).height > room:
        lines.pop()
    found = _split(lines, count)
    return Columns(found.columns, found.height, len(rows) - len(lines))


def paragraph(text: str, size: float, width: float = WIDTH, *, is_bold: bool = False) -> Fitted:
    """A text over the whole width, in one size."""
    face = SERIF_BOLD if is_bold else SERIF
    return fit(text, Style(face, LEADING), (Step(MOST_LINES, size, size, last_resort=True),), width)


def _line(row: tuple[str, ...], widths: Sequence[float], size: float) -> Line:
    faces = (SERIF_BOLD, *[SERIF] * (len(row) - 1))
    cells = (
        paragraph(text, size, width - 2 * GAP, is_bold=face is SERIF_BOLD)
        for text, width, face in zip(row, widths, faces, strict=True)
    )
    return Line(tuple(cells))


def _split(lines: Sequence[Line], count: int) -> Columns:
    """As even as can be, in their order."""
    if not lines:
        return Columns()
    heights = [line.height for line in lines]
    highest = max(heights)
    room = max(sum(heights) / count, highest)
    while True:
        found = _poured(lines, room)
        if len(found) <= count:
            return Columns(found, max(sum(line.height for line in one) for one in found))
        room += highest / 4


def _poured(lines: Sequence[Line], room: float) -> tuple[tuple[Line, ...], ...]:
    """Columns of at most that height."""
    found: list[list[Line]] = [[]]
    filled = 0.0
    for line in lines:
        if found[-1] and filled + line.height > room + 0.01:
            found.append([])
            filled = 0.0
        found[-1].append(line)
        filled += line.height
    return tuple(map(tuple, found))
