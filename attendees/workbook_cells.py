"""Cells that we write: text stays text, whatever it begins with; days are days; nothing invisible."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | datetime.date | datetime.datetime | None

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
