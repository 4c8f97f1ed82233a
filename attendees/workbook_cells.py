"""Cells that we write: text stays text, whatever it begins with; days are days; nothing invisible."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | datetime.date | datetime.datetime | None

WIDEST = 40  # characters
DAY, MOMENT, TEXT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "@"
# A program may take these for the beginning of a formula, the wide forms of East Asia too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def put(cell: Any, value: Value) -> None:
    """Writes a value under its own type: a text is never a formula, an error or a number."""
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
        cell.number_format = TEXT
    elif isinstance(value, datetime.datetime):
        cell.value = value.replace(tzinfo=None, second=0, microsecond=0)  # the caller gives the local time
        cell.number_format = MOMENT
    elif isinstance(value, datetime.date):
        cell.value, cell.number_format = value, DAY
    else:
        cell.value = value


def fresh(sheet: Worksheet, value: Value) -> Cell:
    """A cell for a sheet that is only written."""
    cell: Cell = WriteOnlyCell(sheet)
    put(cell, value)
    return cell


def write_table(sheet: Any, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A head that stays in view and can be filtered by, then the rows; columns as wide as what they hold."""
    widths = [len(word) for word in head]
    for line, values in enumerate([head, *rows], start=1):
        for column, value in enumerate(values, start=1):
            cell: Any = sheet.cell(line, column)
            put(cell, value)
            if line == 1:
                cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
            elif isinstance(value, str):
                widths[column - 1] = max(widths[column - 1], len(value))
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = min(width + 2, WIDEST)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", "9"
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.print_title_rows = "1:1"


def as_csv(rows: Iterable[Sequence[Value]]) -> bytes:
    """UTF-8 with the mark that Excel needs; a text that looks like a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([_plain(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _plain(value: Value) -> str:
    if isinstance(value, datetime.datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    text = ILLEGAL_CHARACTERS_RE.sub("", "" if value is None else str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text
