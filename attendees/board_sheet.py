"""The board as a workbook: real numbers, real dates, text that stays text, a head that stays in view."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from attendees.board import NOTHING, Board, Figure, Figures, Place, Reading, review_state, sums, total
from attendees.models import Category
from attendees.workbook_cells import write
from conference import moments

WIDEST = 40


def name(reading: Reading) -> str:
    """What to call the file."""
    conference = reading.conference
    return f"{_('Bảng đoàn')} - {conference.slug} - {conference.today():%Y-%m-%d}.xlsx"


def content(reading: Reading, board: Board, narrowed: str) -> bytes:
    """The file. `narrowed`: what the board was narrowed by, in words."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = _("Bảng đoàn")
    _matrix(sheet, board)
    _cells(book.create_sheet(_("Từng thành phần")), board)
    _regions(book.create_sheet(_("Theo vùng")), board)
    write(book.create_sheet(_("Dự phòng")), [_("Thành phần"), _("Suất dự phòng")], _pools(reading))
    write(book.create_sheet(_("Thông tin")), [_("Mục"), _("Nội dung")], _about(reading, narrowed))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def heads() -> list[str]:
    """The five figures, in the order in which they are written."""
    order = (Figure.NOMINATED, Figure.CONFIRMED, Figure.DECLINED, Figure.PRESENT)
    return [_("Suất"), *(str(one.label) for one in order)]


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
    write(sheet, head, rows)
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
        until,
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
    write(sheet, head, rows)


def _regions(sheet: Worksheet, board: Board) -> None:
    head = [_("Vùng"), _("Số đơn vị"), *heads()]
    groups = [(region.name, region.places, board.columns) for region in board.regions]
    groups += [(_("Trung ương"), board.central, board.central_columns)] if board.central else []
    rows = [[name, len(places), *five(total(sums(places, columns)))] for name, places, columns in groups]
    write(sheet, head, rows)


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
