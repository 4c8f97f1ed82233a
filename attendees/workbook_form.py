"""The workbook of one delegation: locked, with its people and its free seats, to be filled in and sent back.

It comes back through the door of every other list (`attendees.importing`): its headings are those that the
reader knows best, people carry their codes, and a hidden sheet says whose list it is and of which version.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from attendees import codes
from attendees.models import EARLIEST_BIRTH_YEAR, YOUNGEST, Attendee, Delegation
from attendees.seats import Seat, Seats
from attendees.workbook_cells import TEXT, Value, put
from attendees.workbook_marks import LISTS, MARK, SHEET
from conference import journal, vietnamese, vietnamese_dates
from conference.journal import Actor
from conference.kept_words import in_vietnamese

HEADING = 9  # the row of the headings; people begin below
FONT = "Times New Roman"
# Heading, width, and whether a person fills it in.
COLUMNS = (
    ("STT", 5, False),
    ("Mã đại biểu", 12, False),
    ("Họ và tên", 26, True),
    ("Ông/Bà", 11, True),
    ("Năm sinh", 8, True),
    ("Chức vụ", 26, True),
    ("Cấp bậc", 12, True),
    ("Đơn vị công tác", 30, True),
    ("Thành phần", 26, True),
    ("Điện thoại", 14, True),
    ("Thư điện tử", 26, True),
    ("Trưởng đoàn", 9, True),
    ("Ghi chú", 16, True),
)
HONORIFIC, BIRTH, CATEGORY, HEAD = "D", "E", "I", "L"
_THIN = Side(style="thin", color="FF857A70")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_LOCKED = PatternFill("solid", fgColor="FFF3EEE5")
_HEADED = PatternFill("solid", fgColor="FFE8EFF8")


def delegation_workbook(delegation: Delegation, *, by: Actor | None) -> bytes:
    """The workbook as .xlsx, with contacts of the delegation's own people. That it was made is recorded."""
    delegation = Delegation.objects.select_related("conference").get(pk=delegation.pk)  # as it stands now
    seats = [seat for seat in Seats(delegation).rows if not seat.is_declined]
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError(sheet)
    sheet.title = SHEET
    _head(sheet, delegation)
    rows = [_row(number, seat) for number, seat in enumerate(seats, 1)]
    _people(sheet, rows)
    _foot(sheet, HEADING + len(rows) + 2)
    _offer(book, sheet, delegation, len(rows))
    _lay_out(sheet)
    out = io.BytesIO()
    book.save(out)
    with in_vietnamese():
        changes: dict[str, list[Any]] = {
            _("bảng"): ["", _("Tệp mẫu của đoàn")],
            _("số người"): ["", sum(1 for seat in seats if seat.person)],
            _("kèm liên hệ"): ["", True],
        }
    journal.record("export", delegation, by=by, conference=delegation.conference, changes=changes)
    return out.getvalue()


def _row(number: int, seat: Seat) -> list[Value]:
    person, category = seat.person, seat.category.name
    if person is None:
        return [number, *[None] * 7, category, *[None] * 4]
    return [
        number, codes.group(person.code), person.full_name, person.get_honorific_display() or None,
        person.birth_year, person.position or None, person.rank or None, person.organisation_name or None,
        category, vietnamese.show_phone(person.phone) or None, person.email or None,
        "x" if seat.is_head else None, person.note or None,
    ]  # fmt: skip


# ── The sheet ─────────────────────────────────────────────────────────────────────────────────────


def _head(sheet: Worksheet, delegation: Delegation) -> None:
    """As official lists begin (decree 30/2020, annex I), then how to fill it in."""
    conference, last = delegation.conference, len(COLUMNS)
    days = vietnamese_dates.date_range_in_words(conference.starts_on, conference.ends_on)
    until = (
        f"{vietnamese_dates.clock(delegation.deadline)}, {vietnamese_dates.short_date(delegation.deadline)}"
    )
    lines = (
        (1, 1, 6, f"ĐOÀN {vietnamese.display_caps(delegation.name)}", 12, True),
        (1, 7, last, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, True),
        (2, 7, last, "Độc lập - Tự do - Hạnh phúc", 13, True),
        (4, 1, last, "DANH SÁCH ĐẠI BIỂU THAM DỰ", 14, True),
        (5, 1, last, conference.title, 13, True),
        (6, 1, last, f"({days}, tại {conference.place})", 12, False),
        (7, 1, last, _GUIDE % until, 11, False),
    )
    for row, first, end, text, size, bold in lines:
        put(sheet.cell(row, first), text)
        cell = sheet.cell(row, first)
        cell.font = Font(name=FONT, size=size, bold=bold, italic=row == HEADING - 2)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=end)
    sheet.row_dimensions[5].height = 36
    sheet.row_dimensions[7].height = 34


_GUIDE = (
    "Điền vào các ô nền trắng; ô nền xám bị khóa. Mỗi dòng một người. Thay người: ghi tên người mới đè lên "
    "tên cũ. Lưu tệp rồi tải lên trang của đoàn trước %s."
)


def _people(sheet: Worksheet, rows: Sequence[Sequence[Value]]) -> None:
    for column, (heading, width, _open) in enumerate(COLUMNS, 1):
        cell = sheet.cell(HEADING, column)
        put(cell, heading)
        cell.font, cell.fill, cell.border = Font(name=FONT, size=12, bold=True), _HEADED, _BOX
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for place, values in enumerate(rows, HEADING + 1):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(place, column)
            is_open = COLUMNS[column - 1][2]
            put(cell, value)
            if get_column_letter(column) != BIRTH and column > 1:
                cell.number_format = TEXT  # also of what will be typed: codes and phones keep their zeros
            cell.font, cell.border = Font(name=FONT, size=12), _BOX
            cell.alignment = Alignment(vertical="center", wrap_text=True)
            cell.protection = Protection(locked=not is_open)
            if not is_open:
                cell.fill = _LOCKED
        sheet.row_dimensions[place].height = 32


def _foot(sheet: Worksheet, row: int) -> None:
    """Place and date, and who signs: below that nobody is read."""
    right = len(COLUMNS) - 5
    lines = (
        (row, right, "…………, ngày …… tháng …… năm ………", False),
        (row + 1, 2, "NGƯỜI LẬP BIỂU", True),
        (row + 1, right, "THỦ TRƯỞNG ĐƠN VỊ", True),
        (row + 2, right, "(Ký, đóng dấu)", False),
    )
    for place, column, text, bold in lines:
        cell = sheet.cell(place, column)
        put(cell, text)
        cell.font = Font(name=FONT, size=12, bold=bold, italic=not bold)
        cell.alignment = Alignment(horizontal="center")
        cell.protection = Protection(locked=False)
        width = 4 if column == right else 1
        sheet.merge_cells(start_row=place, end_row=place, start_column=column, end_column=column + width)


def _offer(book: Workbook, sheet: Worksheet, delegation: Delegation, rows: int) -> None:
    """What may be chosen; and the hidden sheet, which holds the components and the mark."""
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    names = [quota.category.name for quota in delegation.quotas.select_related("category")]
    for row, name in enumerate(names, 1):
        put(lists.cell(row, 1), name)
    mark: tuple[Value, ...] = (MARK, delegation.conference.slug, delegation.code, delegation.version)
    for place, value in enumerate(mark, 3):
        put(lists.cell(1, place), value)
    lists.protection.sheet = True
    first, last = HEADING + 1, HEADING + max(rows, 1)
    latest = delegation.conference.today().year - YOUNGEST
    wrong_year = _("Năm sinh từ %(first)s đến %(last)s. Nhập bốn chữ số, ví dụ 1985.")
    for column, rule in (
        (HONORIFIC, _one_of([str(label) for label in Attendee.Honorific.labels])),
        (CATEGORY, _one_of_range(f"'{LISTS}'!$A$1:$A${max(len(names), 1)}")),
        (HEAD, _one_of(["x"])),
        (BIRTH, DataValidation(
            "whole", operator="between", formula1=str(EARLIEST_BIRTH_YEAR), formula2=str(latest),
            allow_blank=True, showErrorMessage=True, errorTitle=_("Năm sinh"),
            error=wrong_year % {"first": EARLIEST_BIRTH_YEAR, "last": latest},
        )),
    ):  # fmt: skip
        rule.add(f"{column}{first}:{column}{last}")
        sheet.add_data_validation(rule)


def _one_of(words: Sequence[str]) -> DataValidation:
    return _one_of_range(f'"{",".join(words)}"')


def _one_of_range(source: str) -> DataValidation:
    return DataValidation(
        "list", formula1=source, allow_blank=True, showErrorMessage=True,
        errorTitle=_("Chọn trong danh sách"), error=_("Chọn một mục trong danh sách thả xuống của ô này."),
    )  # fmt: skip


def _lay_out(sheet: Any) -> None:
    """Locked but for the open cells; A4 landscape, one page wide, the headings on every page."""
    sheet.protection.sheet = True
    sheet.protection.formatRows = sheet.protection.formatColumns = False  # heights and widths may be changed
    sheet.freeze_panes = f"D{HEADING + 1}"
    sheet.print_title_rows = f"{HEADING}:{HEADING}"
    setup = sheet.page_setup
    setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight = "landscape", 9, 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = 0.6
    margins.top = margins.bottom = 0.7
    sheet.oddFooter.center.text = "&P/&N"
