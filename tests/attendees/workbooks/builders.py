"""Files in every format that the reader knows, from rows of values; and files that are none."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import xlwt
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from attendees.workbooks import Problem, Reading
from attendees.workbooks.reading import read_file

Rows = Sequence[Sequence[Any]]
TODAY = datetime.date(2024, 6, 1)
HEAD = ("STT", "Họ và tên", "Năm sinh", "Chức vụ", "Đơn vị công tác", "Điện thoại", "Email")


def xlsx(
    rows: Rows,
    *,
    merges: Sequence[str] = (),
    fonts: Mapping[str, str] | None = None,
    title: str = "Sheet1",
    more: Mapping[str, Rows] | None = None,
    hidden: Sequence[str] = (),
) -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    fill(sheet, rows)
    for merge in merges:
        sheet.merge_cells(merge)
    for place, font in (fonts or {}).items():
        sheet[place].font = Font(name=font)
    for name, others in (more or {}).items():
        fill(workbook.create_sheet(name), others)
    for name in hidden:
        workbook[name].sheet_state = "hidden"
    return saved(workbook)


def fill(sheet: Worksheet, rows: Rows) -> None:
    for row, values in enumerate(rows, 1):
        for column, value in enumerate(values, 1):
            if value is not None:
                sheet.cell(row, column).value = value


def saved(workbook: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def xls(rows: Rows, *, merges: Sequence[tuple[int, int, int, int]] = (), blanks: int = 0) -> bytes:
    """An Excel 97 file; `merges` are first row, last row, first column, last column; dates are dates."""
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Danh sách")
    dated = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    bordered = xlwt.easyxf("borders: left thin, right thin, top thin, bottom thin")
    heads = {(merge[0], merge[2]): merge for merge in merges}
    covered = {
        (row, column)
        for top, bottom, left, right in merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    }
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if (row, column) in heads:
                sheet.write_merge(*heads[row, column], value)
            elif (row, column) in covered:
                continue
            elif isinstance(value, datetime.date):
                sheet.write(row, column, value, dated)
            elif value is not None:
                sheet.write(row, column, value)
    for row in range(len(rows), len(rows) + blanks):
        sheet.write(row, 0, None, bordered)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"'
)

_MANIFEST = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'


def ods(
    rows: Rows, *, spans: Mapping[tuple[int, int], tuple[int, int]] | None = None, tail: str = ""
) -> bytes:
    """An OpenDocument file; `spans` give rows and columns of a merged cell; `tail` is XML after the rows."""
    spans = spans or {}
    covered = {
        (row + down, column + across)
        for (row, column), (rows_down, columns_across) in spans.items()
        for down in range(rows_down)
        for across in range(columns_across)
    } - set(spans)
    lines = []
    for row, values in enumerate(rows):
        cells = "".join(
            _ods_cell(value, spans.get((row, column)), is_covered=(row, column) in covered)
            for column, value in enumerate(values)
        )
        lines.append(f"<table:table-row>{cells}</table:table-row>")
    table = f'<table:table table:name="Danh sách">{"".join(lines)}{tail}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    content = f'<?xml version="1.0"?><office:document-content {_SPACES}>{body}</office:document-content>'
    manifest = (
        f'<?xml version="1.0"?><manifest:manifest {_MANIFEST}>'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/></manifest:manifest>'
    )
    return zipped({"mimetype": ODS_TYPE, "content.xml": content, "META-INF/manifest.xml": manifest})


def _ods_cell(value: Any, span: tuple[int, int] | None, *, is_covered: bool) -> str:
    name = "table:covered-table-cell" if is_covered else "table:table-cell"
    attributes = ""
    if span:
        attributes += f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"'
    if value is None:
        return f"<{name}{attributes}/>"
    if isinstance(value, datetime.date):
        attributes += f' office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, int | float):
        attributes += f' office:value-type="float" office:value="{value}"'
    else:
        attributes += ' office:value-type="string"'
    return f"<{name}{attributes}><text:p>{escape(str(value))}</text:p></{name}>"


def zipped(parts: Mapping[str, str | bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def changed(data: bytes, changes: Mapping[str, Any]) -> bytes:
    """A zip with some parts changed (a function of the old bytes), or put in (bytes)."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, change in changes.items():
        parts[name] = change(parts[name]) if callable(change) else change
    return zipped(parts)


def csv_text(rows: Rows, delimiter: str = ",") -> str:
    def cell(value: Any) -> str:
        text = "" if value is None else str(value)
        return quoteattr(text) if delimiter in text or '"' in text or "\n" in text else text

    return "".join(delimiter.join(map(cell, row)) + "\r\n" for row in rows)


def person(number: int, name: str = "Nguyễn Văn An", **cells: Any) -> list[Any]:
    """A row under HEAD that is right unless told otherwise."""
    values = {
        "stt": number,
        "name": name,
        "birth": 1970 + number % 30,
        "position": "Chuyên viên",
        "organisation": "Sở Thông tin và Truyền thông tỉnh Lâm Đồng",
        "phone": f"0912 345 {number:03d}",
        "email": f"an{number}@lamdong.example",
    }
    return list((values | cells).values())


def told(reading: Reading, *levels: str) -> list[tuple[str, str, str]]:
    """Level, cell and code of the problems, in order."""
    return [
        (problem.level, problem.cell, problem.code)
        for problem in reading.problems
        if not levels or problem.level in levels
    ]


def only(reading: Reading, code: str) -> Problem:
    """The one problem of a kind."""
    (problem,) = [problem for problem in reading.problems if problem.code == code]
    return problem


def read_rows(rows: Rows, **options: Any) -> Reading:
    """Read rows as an .xlsx, here and not in the child: what a cell means is the same, and it is faster."""
    return read_file(xlsx(rows, **options), None, {}, TODAY)
