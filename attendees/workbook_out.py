"""Lists for organisers: people, delegations; as a workbook or as text. Each that goes out is recorded."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from attendees import codes
from attendees.models import AttendeeQuerySet, Delegation
from attendees.workbook_cells import Value, as_csv, fresh
from attendees.workbook_marks import CSV, KINDS, XLSX
from conference import journal, vietnamese
from conference.journal import Actor
from conference.kept_words import in_vietnamese
from conference.models import Conference

AT_ONCE = 1000


class Column(NamedTuple):
    """A column of a list. `is_private`: contacts and remarks, which go out only when they are asked for."""

    heading: Any
    width: int
    value: Callable[[Any], Value]
    is_private: bool = False


@dataclass(frozen=True)
class Export:
    """A list that has been made: its bytes, what to call the file, how many rows it has."""

    data: bytes
    name: str
    kind: str
    rows: int


def _local(one: Any, moment: datetime.datetime | None) -> datetime.datetime | None:
    return moment.astimezone(one.conference.zone) if moment else None


PEOPLE = (
    Column(gettext_lazy("Mã đại biểu"), 12, lambda one: codes.group(one.code)),
    Column(gettext_lazy("Họ và tên"), 28, lambda one: one.full_name),
    Column(gettext_lazy("Ông/Bà"), 10, lambda one: one.get_honorific_display()),
    Column(gettext_lazy("Năm sinh"), 9, lambda one: one.birth_year),
    Column(gettext_lazy("Chức vụ"), 32, lambda one: one.position),
    Column(gettext_lazy("Cấp bậc"), 12, lambda one: one.rank),
    Column(gettext_lazy("Đơn vị công tác"), 38, lambda one: one.organisation_name),
    Column(gettext_lazy("Đoàn"), 24, lambda one: one.delegation.name),
    Column(gettext_lazy("Thành phần"), 28, lambda one: one.category.name),
    Column(gettext_lazy("Chỗ ngồi"), 18, lambda one: one.seat_note),
    Column(gettext_lazy("Tình trạng"), 16, lambda one: one.get_status_display()),
    Column(gettext_lazy("Trưởng đoàn"), 10, lambda one: "x" if one.delegation.head_id == one.pk else ""),
    Column(gettext_lazy("Thay cho"), 24, lambda one: str(one.substitute_for or "")),
    Column(gettext_lazy("Lý do"), 24, lambda one: one.decline_reason),
    Column(gettext_lazy("Điện thoại"), 15, lambda one: vietnamese.show_phone(one.phone), True),
    Column(gettext_lazy("Thư điện tử"), 28, lambda one: one.email, True),
    Column(gettext_lazy("Ghi chú"), 24, lambda one: one.note, True),
    Column(gettext_lazy("Thêm lúc"), 17, lambda one: _local(one, one.created_at)),
)
DELEGATIONS = (
    Column(gettext_lazy("Mã"), 6, lambda one: one.unit.code if one.unit else _("TW")),
    Column(gettext_lazy("Đoàn"), 30, lambda one: one.name),
    Column(gettext_lazy("Vùng"), 34, lambda one: one.unit.region_name if one.unit else ""),
    Column(gettext_lazy("Số suất"), 9, lambda one: one.seats),
    Column(gettext_lazy("Không cử"), 10, lambda one: one.declined_seats),
    Column(gettext_lazy("Đã cử"), 8, lambda one: one.nominated),
    Column(pgettext_lazy("column", "Đã xác nhận"), 12, lambda one: one.confirmed),
    Column(gettext_lazy("Có mặt"), 8, lambda one: one.present),
    Column(gettext_lazy("Tình trạng"), 16, lambda one: one.get_status_display()),
    Column(gettext_lazy("Hạn trả lời"), 17, lambda one: _local(one, one.deadline)),
    Column(gettext_lazy("Trả lời lúc"), 17, lambda one: _local(one, one.answered_at)),
    Column(gettext_lazy("Người trả lời"), 24, lambda one: one.answered_by_name),
    Column(gettext_lazy("Lý do không cử"), 30, lambda one: one.decline_reason),
    Column(gettext_lazy("Đầu mối liên hệ"), 24, lambda one: one.contact_name, True),
    Column(
        gettext_lazy("Điện thoại đầu mối"), 15, lambda one: vietnamese.show_phone(one.contact_phone), True
    ),
    Column(gettext_lazy("Thư đầu mối"), 28, lambda one: one.contact_email, True),
)


def people(
    conference: Conference,
    rows: AttendeeQuerySet,
    *,
    by: Actor,
    kind: str = XLSX,
    private: bool = False,
    narrowed: str = "",
) -> Export:
    """Attendees in the order of lists. `narrowed`: the filter in Vietnamese, for the record."""
    found = rows.in_order().select_related("conference", "delegation", "category", "substitute_for")
    title = gettext_lazy("Danh sách đại biểu")
    return _export(conference, title, PEOPLE, found, by=by, kind=kind, private=private, narrowed=narrowed)


def delegations(
    conference: Conference,
    rows: QuerySet[Delegation],
    *,
    by: Actor,
    kind: str = XLSX,
    private: bool = False,
    narrowed: str = "",
) -> Export:
    """Delegations with their counts."""
    keys = list(rows.values_list("pk", flat=True))
    found = Delegation.objects.filter(pk__in=keys).select_related("conference", "unit").with_counts()
    title = gettext_lazy("Danh sách đoàn")
    return _export(
        conference, title, DELEGATIONS, found, by=by, kind=kind, private=private, narrowed=narrowed
    )


def _export(
    conference: Conference,
    title: Promise,
    columns: Sequence[Column],
    rows: QuerySet[Any],
    *,
    by: Actor,
    kind: str,
    private: bool,
    narrowed: str,
) -> Export:
    shown = [column for column in columns if private or not column.is_private]
    table = [[column.value(one) for column in shown] for one in rows.iterator(AT_ONCE)]
    data = _csv(shown, table) if kind == CSV else _workbook(conference, str(title), shown, table)
    with in_vietnamese():
        changes: dict[str, list[Any]] = {
            _("bảng"): ["", title],
            _("số dòng"): ["", len(table)],
            _("bộ lọc"): ["", narrowed or _("tất cả")],
            _("kèm liên hệ"): ["", private],
            _("dạng tệp"): ["", kind],
        }
    journal.record("export", conference, by=by, conference=conference, changes=changes)
    day = conference.today()
    return Export(data, f"{title} - {conference.slug} - {day:%Y-%m-%d}.{kind}", KINDS[kind], len(table))


def _csv(columns: Sequence[Column], table: Sequence[Sequence[Value]]) -> bytes:
    return as_csv([[str(column.heading) for column in columns], *table])


def _workbook(
    conference: Conference, title: str, columns: Sequence[Column], table: Sequence[Sequence[Value]]
) -> bytes:
    """One sheet with a frozen, filtered heading; written row by row, so that thousands take little memory."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(title[:31])
    for place, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    last = get_column_letter(len(columns))
    sheet.freeze_panes, sheet.auto_filter.ref = "C2", f"A1:{last}{len(table) + 1}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.left.text = f"{conference.short_title[:80]}".replace("&", "&&")
    sheet.oddFooter.right.text = "&P/&N"
    sheet.append(list(_heads(sheet, columns)))
    for values in table:
        sheet.append([fresh(sheet, value) if value not in (None, "") else None for value in values])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _heads(sheet: Worksheet, columns: Iterable[Column]) -> Iterator[Any]:
    for column in columns:
        cell = fresh(sheet, str(column.heading))
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFE8EFF8")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        yield cell
