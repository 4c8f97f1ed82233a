"""A workbook as grids of cells: values as they are typed, merges, and what the parser does not tell."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from attendees.workbooks.shapes import Unreadable, letter
from conference import vietnamese
from conference.vietnamese import gettext_noop
from conference.vietnamese_dates import clock, short_date

MOST_PEOPLE = 5_000
# Titles, headings, group rows, blank rows and signatures come on top of the people.
MOST_ROWS = 6_000
MOST_COLUMNS = 60
LONGEST_TEXT = 2_000  # characters of a cell
MOST_TEXT = 8_000_000  # characters of a file
MOST_SHEETS = 100

FAR_CELL = gettext_noop(
    "Trang «%(sheet)s» có ô %(cell)s nằm quá xa bảng. Xóa các ô thừa bên dưới và bên phải bảng, rồi gửi lại."
)
TOO_MANY = gettext_noop("Tệp có hơn %(limit)s dòng. Chia thành nhiều tệp rồi gửi từng tệp.")
TOO_MUCH_TEXT = gettext_noop(
    "Tệp có quá nhiều chữ so với một danh sách. Chép riêng bảng đại biểu sang tệp mới."
)

Value = (
    str | int | float | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta | None
)
Place = tuple[int, int]  # row and column, from 0


@dataclass(slots=True)
class Extras:
    """What a scan of the file itself tells of a sheet, beside the values that the parser gives."""

    merges: list[tuple[int, int, int, int]] = field(
        default_factory=list
    )  # first row, column, last row, column
    uncalculated: set[Place] = field(default_factory=set)  # formulas that were saved without a result
    faulty: dict[Place, str] = field(default_factory=dict)  # formulas whose result is #N/A, #REF! …
    fonts: dict[Place, str] = field(default_factory=dict)  # only fonts of old encodings


@dataclass(slots=True)
class Sheet:
    """One sheet; rows are as long as they need to be, `None` where there is nothing."""

    name: str
    rows: list[list[Value]]
    extras: Extras = field(default_factory=Extras)
    hidden: bool = False
    # Text that was read anew: what stood there, and under which encoding it was read.
    recovered: dict[Place, tuple[str, str]] = field(default_factory=dict)
    doubtful: set[Place] = field(default_factory=set)  # recovered only because its neighbours were

    def value(self, row: int, column: int) -> Value:
        cells = self.rows[row]
        return cells[column] if column < len(cells) else None

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)


@dataclass(slots=True)
class Book:
    kind: str
    sheets: list[Sheet]


# A row is asked for its texts many times over: those of the last ones are kept.
_clean = lru_cache(1 << 12)(vietnamese.clean)


def shown(value: Value) -> str:
    """The text of a cell as people see it: one line, whole numbers without a point, dates in digits."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return short_date(value) if midnight else f"{short_date(value)} {clock(value)}"
    if isinstance(value, datetime.date):
        return short_date(value)
    if isinstance(value, datetime.time):
        return clock(value)
    return str(value)


def trimmed(rows: list[list[Value]]) -> list[list[Value]]:
    """Rows without what is empty at their ends, empty texts as None."""
    kept: list[list[Value]] = []
    for row in rows:
        cells = [
            None if cell is None or (isinstance(cell, str) and not cell.strip()) else cell for cell in row
        ]
        while cells and cells[-1] is None:
            cells.pop()
        kept.append(cells)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def require_extent(sheet: str, row: int, column: int) -> None:
    """Raises Unreadable for a filled cell (counted from 0) that lies outside every list."""
    if row >= MOST_ROWS or column >= MOST_COLUMNS:
        raise Unreadable(FAR_CELL, sheet=sheet[:60], cell=f"{letter(column)}{row + 1}")


def require_size(book: Book) -> None:
    """Raises Unreadable when there are more rows, or more text, than a list of people has."""
    filled = sum(1 for sheet in book.sheets for row in sheet.rows if row)
    if filled > MOST_ROWS or len(book.sheets) > MOST_SHEETS:
        raise too_many()
    if sum(map(len, _texts(book))) > MOST_TEXT:
        raise Unreadable(TOO_MUCH_TEXT)


def too_many() -> Unreadable:
    return Unreadable(TOO_MANY, limit="5.000")


def _texts(book: Book) -> Iterator[str]:
    return (cell for sheet in book.sheets for row in sheet.rows for cell in row if isinstance(cell, str))
