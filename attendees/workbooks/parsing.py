"""Bytes into grids: .xlsx, .xls and .ods through calamine, text through `texts`."""

from __future__ import annotations

import io

import python_calamine

from attendees.workbooks import walls
from attendees.workbooks.grids import (
    MOST_COLUMNS,
    MOST_ROWS,
    Book,
    Extras,
    Sheet,
    require_extent,
    require_size,
    trimmed,
)
from attendees.workbooks.recovering import recover_book
from attendees.workbooks.scanning import scan_ods, scan_xlsx
from attendees.workbooks.shapes import Unreadable
from attendees.workbooks.texts import rows_of_text


def parse(data: bytes) -> Book:
    """Read a file into grids, texts in old encodings read anew. Raises Unreadable."""
    kind = walls.kind_of(data)
    if kind == walls.CSV:
        book = Book(kind, [Sheet("", trimmed(rows_of_text(data)))])
    else:
        extras: dict[str, Extras] = {}
        if kind != walls.XLS:
            parts = walls.parts_of(data)
            extras = scan_xlsx(parts) if kind == walls.XLSX else scan_ods(parts)
            data = walls.packed(parts)
        book = Book(kind, _sheets(data, extras))
    for sheet in book.sheets:
        if len(sheet.rows) > MOST_ROWS or sheet.width > MOST_COLUMNS:
            row = max(
                range(len(sheet.rows)), key=lambda place: (len(sheet.rows[place]) > MOST_COLUMNS, place)
            )
            require_extent(sheet.name, row, max(len(sheet.rows[row]) - 1, 0))
    require_size(book)
    recover_book(book)
    return book


def _sheets(data: bytes, extras: dict[str, Extras]) -> list[Sheet]:
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(data))
        return [
            _sheet(workbook, meta, extras.get(meta.name))
            for meta in workbook.sheets_metadata
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    except python_calamine.PasswordError as locked:
        raise Unreadable(walls.LOCKED) from locked
    except (python_calamine.CalamineError, OSError, ValueError, KeyError) as fault:
        raise Unreadable(walls.BROKEN) from fault
    except BaseException as fault:
        if (
            type(fault).__name__ != "PanicException"
        ):  # of Rust, and no Exception: its module has no name to import
            raise
        raise Unreadable(walls.BROKEN) from fault


def _sheet(
    workbook: python_calamine.CalamineWorkbook, meta: python_calamine.SheetMetadata, extras: Extras | None
) -> Sheet:
    table = workbook.get_sheet_by_name(meta.name)
    if table.end:
        require_extent(meta.name, *table.end)
    extras = extras or Extras()
    extras.merges = extras.merges or [(*first, *last) for first, last in table.merged_cell_ranges or []]
    return Sheet(
        meta.name,
        trimmed([list(row) for row in table.to_python(skip_empty_area=False)]),
        extras,
        hidden=meta.visible != python_calamine.SheetVisibleEnum.Visible,
    )
