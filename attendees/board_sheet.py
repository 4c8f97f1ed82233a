"""The board as a workbook: real numbers, real dates, text that stays text, a head that stays in view."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from attendees.board import NOTHING, Board, Figures, Place, Reading, review_state, sums, total
from attendees.models import Category
from conference import moments

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOMENT = "dd/mm/yyyy hh:mm"
WIDEST = 40


def response(reading: Reading, board: Board, narrowed: str) -> HttpResponse:
    """The workbook as a file to keep. `narrowed`: what the board was narrowed by, in words."""
    answer = HttpResponse(content(reading, board, narrowed), content_type=TYPE)
    name = f"bang-doan-{reading.conference.slug}.xlsx"
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


def content(reading: Reading, board: Board, narrowed: str) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = _("Bảng đoàn")
    _matrix(sheet, board)
    _cells(book.create_sheet(_("Từng thành phần")), board)
    _regions(book.create_sheet(_("Theo vùng")), board)
    _write(book.create_sheet(_("Dự phòng")), [_("Thành phần"), _("Suất dự phòng")], _pools(reading))
    _write(book.create_sheet(_("Thông tin")), [_("Mục"), _("Nội dung")], _about(reading, narrowed))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def heads() -> list[str]:
    """The five figures, in the order in which they are written."""
    return [_("Suất"), _("Đã cử"), _("Xác nhận"), _("Không cử"), _("Có mặt")]


def five(figures: Figures) -> list[int]:
    return [figures.seats, figures.nominated, figures.confirmed, figures.declined, figures.present]


def _matrix(sheet: Worksheet, board: Board) -> None:
    """One line for each unit or central body; five columns for each component, then their sum."""
    columns = list({one.pk: one for one in (*board.columns, *board.central_columns)}.values())
    names = [*(_short(one) for one in columns), _("Cộng")]
    head = [_("Mã"), _("Đoàn"), _("Vùng"), _("Tình trạng"), _("Tiếp nhận"), _("Hạn trả lời")]
    head += [f"{name}: {figure.lower()}" for name in names for figure in heads()]
    places = [*board.places, *board.central]
    rows = [[*_who(place), *_figures([place], columns)] for place in places]
    rows.append([None, _("Cộng"), None, None, None, None, *_figures(places, columns)])
    _write(sheet, head, rows)
    sheet.freeze_panes = "C2"
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)


def _who(place: Place) -> list[Any]:
    first = place.delegations[0]
    reviews = list(dict.fromkeys(str(review_state(one).label) for one in place.delegations))
    until = max(one.deadline for one in place.delegations)
    return [
        place.unit.code if place.unit else _("TW"),
        place.unit.full_name if place.unit else first.name,
        place.unit.region_name if place.unit else _("Trung ương"),
        str(place.status.label),
        ", ".join(reviews),
        until.replace(tzinfo=None),
    ]


def _figures(places: Sequence[Place], columns: Sequence[Category]) -> list[int]:
    found = sums(places, columns)
    return [number for figures in (*found, total(found)) for number in five(figures)]


def _cells(sheet: Worksheet, board: Board) -> None:
    """One line for each cell that has seats or people: for whoever counts anew."""
    head = [_("Mã"), _("Đoàn"), _("Vùng"), _("Thành phần"), *heads()]
    columns = {one.pk: one for one in (*board.columns, *board.central_columns)}
    rows = [
        [*_who(place)[:3], _short(columns[key]), *five(figures)]
        for place in (*board.places, *board.central)
        for key, figures in place.figures.items()
        if key in columns and figures != NOTHING
    ]
    _write(sheet, head, rows)


def _regions(sheet: Worksheet, board: Board) -> None:
    head = [_("Vùng"), _("Số đơn vị"), *heads()]
    groups = [(region.name, region.places, board.columns) for region in board.regions]
    groups += [(_("Trung ương"), board.central, board.central_columns)] if board.central else []
    rows = [[name, len(places), *five(total(sums(places, columns)))] for name, places, columns in groups]
    _write(sheet, head, rows)


def _pools(reading: Reading) -> list[list[Any]]:
    return [[one.name, one.pool] for one in reading.categories]


def _about(reading: Reading, narrowed: str) -> list[list[Any]]:
    conference = reading.conference
    return [
        [_("Hội nghị"), conference.title],
        [_("Số liệu lúc"), moments.moment(conference.now())],
        [_("Đơn vị hành chính"), str(reading.map.label)],
        [_("Bộ lọc"), narrowed],
    ]


def _short(category: Category) -> str:
    return category.short_name or category.name


# ── Sheets ────────────────────────────────────────────────────────────────────────────────────────


def _write(sheet: Any, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A head that stays in view and can be filtered by, then the rows; columns as wide as what they hold."""
    widths = [len(word) for word in head]
    for line, values in enumerate([head, *rows], start=1):
        for column, value in enumerate(values, start=1):
            cell: Any = sheet.cell(line, column)
            _put(cell, value)
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


def _put(cell: Any, value: Any) -> None:
    """A number as a number, a moment as a moment, and words never as a formula."""
    if isinstance(value, str):
        cell.value, cell.data_type = ILLEGAL_CHARACTERS_RE.sub("", value), "s"
    else:
        cell.value = value
        if isinstance(value, datetime.datetime):
            cell.number_format = MOMENT
