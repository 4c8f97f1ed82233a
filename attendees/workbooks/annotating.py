"""The same workbook back: red and yellow cells, a comment on each, and a first sheet that lists all problems.

An .xlsx keeps its styles, widths and merges; formulas give way to the values that were read, so that the file
can be sent again. Other formats, and an .xlsx that openpyxl cannot load, are written anew from their cells.
"""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from attendees.workbooks import walls
from attendees.workbooks.grids import Book, Sheet, Value
from attendees.workbooks.parsing import parse
from attendees.workbooks.shapes import ERROR, LEVELS, NOTICE, WARNING
from attendees.workbooks.sheet_names import is_ours

AUTHOR = "Hội Nghị"
RED, YELLOW = "FFFFC7CE", "FFFFEB9C"
COLOURS = {ERROR: RED, WARNING: YELLOW}
MOST_MARKED = 2_000  # cells with a comment: beyond that Excel opens the file with pain
MOST_LISTED = 5_000
LONGEST_COMMENT = 1_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_BAD_TITLE = re.compile(r"[\[\]:*?/\\]")

Told = Mapping[str, Any]


def annotated(data: bytes, problems: Sequence[Told], words: Mapping[str, str]) -> bytes:
    """The workbook of `data` as .xlsx with its problems marked. Raises Unreadable."""
    book = parse(data)
    workbook = _loaded(data, book) if book.kind == walls.XLSX else None
    workbook = workbook or _anew(book)
    _unmark(workbook)
    titles = _titles(workbook, book)
    for sheet in book.sheets:
        own = [problem for problem in problems if problem["sheet"] == sheet.name and problem["row"]]
        if sheet.name in titles:
            _mark(workbook[titles[sheet.name]], own)
    _list(workbook, titles, problems, words)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _loaded(data: bytes, book: Book) -> Workbook | None:
    """The workbook as openpyxl loads it, values for formulas; None when it cannot."""
    with warnings.catch_warnings(), contextlib.suppress(Exception):
        warnings.simplefilter("ignore")
        workbook = load_workbook(io.BytesIO(data), keep_links=False)
        for name in list(workbook.defined_names):
            del workbook.defined_names[name]
        for sheet in book.sheets:
            _freeze(workbook[sheet.name], sheet)
        return workbook
    return None


def _freeze(worksheet: Worksheet, sheet: Sheet) -> None:
    """Put values for formulas, and recovered text for text in old encodings."""
    for cells in worksheet.iter_rows():
        for cell in cells:
            if isinstance(cell, Cell) and cell.data_type == "f":
                inside = cell.row <= len(sheet.rows)
                _write(cell, sheet.value(cell.row - 1, cell.column - 1) if inside else None)
    for (row, column), (before, _encoding) in sheet.recovered.items():
        cell = worksheet.cell(row + 1, column + 1)
        if isinstance(cell, Cell) and cell.value == before:
            _write(cell, sheet.value(row, column))
            cell.font = Font(name="Times New Roman", size=cell.font.sz, bold=cell.font.b, italic=cell.font.i)


def _anew(book: Book) -> Workbook:
    """The cells of a book that openpyxl cannot keep, in a workbook of our own."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet in book.sheets:
        title = _BAD_TITLE.sub(" ", sheet.name)[:31].strip(" '") or "Sheet"
        worksheet = workbook.create_sheet(title)
        for row, values in enumerate(sheet.rows, 1):
            for column, value in enumerate(values, 1):
                if value is not None:
                    _write(worksheet.cell(row, column), value)
        for first, left, last, right in sheet.extras.merges:
            if last < len(sheet.rows) + 10 and right < 200:
                worksheet.merge_cells(None, first + 1, left + 1, last + 1, right + 1)
        for column in range(1, sheet.width + 1):
            longest = max((len(str(row[column - 1])) for row in sheet.rows if len(row) >= column), default=0)
            worksheet.column_dimensions[get_column_letter(column)].width = min(max(longest + 2, 8), 40)
        if sheet.hidden and len(book.sheets) > 1:
            worksheet.sheet_state = "hidden"
    return workbook


def _write(cell: Cell, value: Value) -> None:
    """Write a value as what it is: text is text, whatever it begins with."""
    if isinstance(value, str):
        cell.value = _CONTROL.sub("", value)[:32_000]
        cell.data_type = "s"
    else:
        cell.value = value


def _titles(workbook: Workbook, book: Book) -> dict[str, str]:
    """Name of a sheet as it was read → its title in the workbook."""
    if book.kind == walls.XLSX and any(sheet.name in workbook.sheetnames for sheet in book.sheets):
        return {sheet.name: sheet.name for sheet in book.sheets if sheet.name in workbook.sheetnames}
    return dict(zip((sheet.name for sheet in book.sheets), workbook.sheetnames, strict=False))


def _unmark(workbook: Workbook) -> None:
    """Take away what we marked the last time this file went back."""
    for worksheet in list(workbook.worksheets):
        if is_ours(worksheet.title) and worksheet.sheet_properties.codeName == _CODE_NAME:
            workbook.remove(worksheet)
            continue
        for row in worksheet.iter_rows():
            for cell in row:
                if isinstance(cell, Cell) and cell.comment and cell.comment.author == AUTHOR:
                    cell.comment = None
                    if cell.fill.fgColor.rgb in COLOURS.values():
                        cell.fill = PatternFill()


_CODE_NAME = "HoiNghiProblems"


def _mark(worksheet: Worksheet, problems: Sequence[Told]) -> None:
    """Colour the cells and say in a comment what is wrong; a problem of a row stands on its first cell."""
    anchors = {
        (row, column): (area.min_row, area.min_col)
        for area in worksheet.merged_cells.ranges
        for row, column in (*area.cells,)
    }
    told: dict[tuple[int, int], list[Told]] = {}
    for problem in sorted(problems, key=lambda one: LEVELS.index(one["level"])):
        column = _column(problem["column"])
        at = anchors.get((problem["row"], column), (problem["row"], column))
        if problem["level"] != NOTICE and (at in told or len(told) < MOST_MARKED):
            told.setdefault(at, []).append(problem)
    for at, own in told.items():
        cell = worksheet.cell(*at)
        if isinstance(cell, MergedCell):
            continue
        colour = COLOURS[own[0]["level"]]
        cell.fill = PatternFill("solid", fgColor=colour)
        text = "\n".join(dict.fromkeys(problem["sentence"] for problem in own))
        cell.comment = Comment(_CONTROL.sub("", text)[:LONGEST_COMMENT], AUTHOR, height=90, width=300)


def _column(letters: str | None) -> int:
    column = 0
    for char in letters or "A":
        column = column * 26 + ord(char) - 64
    return column


def _list(
    workbook: Workbook, titles: Mapping[str, str], problems: Sequence[Told], words: Mapping[str, str]
) -> None:
    """The first sheet: every problem with its place, the gravest first."""
    title = words["sheet"]
    while title in workbook.sheetnames:
        title += " "
    worksheet = workbook.create_sheet(title, 0)
    worksheet.sheet_properties.codeName = _CODE_NAME
    heads = ("level", "where", "cell", "sentence", "before", "after")
    for column, (head, width) in enumerate(zip(heads, (12, 22, 8, 70, 30, 30), strict=True), 1):
        cell = worksheet.cell(1, column)
        _write(cell, words[head])
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="FFE7E6E6")
        worksheet.column_dimensions[get_column_letter(column)].width = width
    ordered = sorted(problems, key=lambda one: LEVELS.index(one["level"]))[:MOST_LISTED]
    for row, problem in enumerate(ordered, 2):
        place = f"{problem['column'] or ''}{problem['row'] or ''}"
        texts = (
            words[problem["level"]], problem["sheet"], place,
            problem["sentence"], problem["before"], problem["after"],
        )  # fmt: skip
        for column, text in enumerate(texts, 1):
            cell = worksheet.cell(row, column)
            _write(cell, text)
            cell.alignment = Alignment(wrap_text=column > 3, vertical="top")
            if column == 1 and problem["level"] in COLOURS:
                cell.fill = PatternFill("solid", fgColor=COLOURS[problem["level"]])
        if problem["sheet"] in titles and problem["row"]:
            target = titles[problem["sheet"]].replace("'", "''")
            link = worksheet.cell(row, 3)
            spot = f"{problem['column'] or 'A'}{problem['row']}"
            link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{target}'!{spot}")
            link.font = Font(color="FF0563C1", underline="single")
    worksheet.freeze_panes = "A2"
    worksheet.auto_filter.ref = f"A1:F{max(len(ordered) + 1, 2)}"
    for other in workbook.worksheets:
        other.sheet_view.tabSelected = False
    workbook.active = 0
