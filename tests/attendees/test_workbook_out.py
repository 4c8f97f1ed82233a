"""Lists that go out: days are days, phones are text, nothing is a formula, contacts only when asked for."""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest
from django.utils import translation

from attendees import answers, workbook_out
from attendees.models import Attendee, Delegation
from attendees.workbook_cells import as_csv
from attendees.workbook_form import HEADING, delegation_workbook
from attendees.workbook_marks import SHEET
from conference.models import Conference, JournalEntry, User
from tests.conftest import MakeAttendee

pytestmark = pytest.mark.django_db
# What programs take for formulas, links or errors when a cell begins with it.
HOSTILE = (
    "=1+1", "=HYPERLINK(\"http://x.example\",\"y\")", "+84905123318", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1",
    "＝1+1", "＋1", "－1", "＠SUM(1)", "=cmd|' /C calc'!A0", "#REF!", "#N/A", "1e5", "007", "TRUE", "{=1}",
    "a\x0bb\x00c\x1fd", "=", "==", "'=1+1",
)  # fmt: skip


def opened(export: workbook_out.Export) -> Any:
    return openpyxl.load_workbook(io.BytesIO(export.data)).active


def column(sheet: Any, heading: str) -> int:
    return 1 + [cell.value for cell in sheet[1]].index(heading)


def formulas(data: bytes) -> list[str]:
    """Every formula of every sheet, read from the file itself."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        pages = [archive.read(name).decode() for name in archive.namelist() if "worksheets/" in name]
    return [found for page in pages for found in re.findall(r"<f[ >].*?</f>", page)]


def export(conference: Conference, by: User, **more: Any) -> workbook_out.Export:
    return workbook_out.people(conference, Attendee.objects.filter(conference=conference), by=by, **more)


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(
        delegation, "Nguyễn Văn An", birth_year=1975, phone="+84905123318", email="an@lamdong.example",
        note="Ăn chay",
    )  # fmt: skip


def test_people_stand_in_the_order_of_lists_under_a_frozen_filtered_heading(
    delegation: Delegation, person: Attendee, make_attendee: MakeAttendee, olga: User
) -> None:
    make_attendee(delegation, "Trần Thị Ái")
    sheet = opened(export(delegation.conference, olga))
    names = column(sheet, "Họ và tên")
    assert [sheet.cell(row, names).value for row in (2, 3)] == ["Trần Thị Ái", "Nguyễn Văn An"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, sheet.max_column).column_letter}3"
    assert sheet.page_setup.orientation == "landscape"


def test_days_are_days_and_phones_are_text(delegation: Delegation, person: Attendee, olga: User) -> None:
    sheet = opened(export(delegation.conference, olga, private=True))
    added, phone = sheet.cell(2, column(sheet, "Thêm lúc")), sheet.cell(2, column(sheet, "Điện thoại"))
    assert isinstance(added.value, datetime.datetime)
    assert (added.is_date, added.number_format) == (True, "dd/mm/yyyy hh:mm")
    assert (phone.value, phone.data_type, phone.number_format) == ("0905 123 318", "s", "@")
    code = sheet.cell(2, column(sheet, "Mã đại biểu"))
    assert (code.data_type, code.number_format) == ("s", "@")
    assert sheet.cell(2, column(sheet, "Năm sinh")).value == 1975


def test_contacts_and_remarks_stay_unless_asked_for(
    delegation: Delegation, person: Attendee, olga: User
) -> None:
    plain, whole = (
        export(delegation.conference, olga, kind="csv", private=private) for private in (False, True)
    )
    for canary in ("0905", "an@lamdong.example", "Ăn chay"):
        assert canary not in plain.data.decode("utf-8-sig")
        assert canary in whole.data.decode("utf-8-sig")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_formula(
    delegation: Delegation, make_attendee: MakeAttendee, olga: User, text: str
) -> None:
    make_attendee(delegation, text, position=text, organisation_name=text, note=text)
    Attendee.objects.update(position=text.replace("\x00", ""), note=text.replace("\x00", ""))
    export_ = export(delegation.conference, olga, private=True)
    assert formulas(export_.data) == []
    sheet = opened(export_)
    cell = sheet.cell(2, column(sheet, "Chức vụ"))
    assert cell.data_type == "s"
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", cell.value)
    form = delegation_workbook(delegation, by=None)
    assert formulas(form) == []
    assert openpyxl.load_workbook(io.BytesIO(form))[SHEET].cell(HEADING + 1, 6).data_type == "s"
    rows = csv.reader(io.StringIO(export(delegation.conference, olga, kind="csv").data.decode("utf-8-sig")))
    for value in list(rows)[1]:
        assert not value.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


def test_text_of_many_lines_stays_one_row_of_a_text_file() -> None:
    data = as_csv([["a\nb", 'c"d', "e,f", None, datetime.date(2024, 6, 6)]])
    (row,) = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert row == ["a\nb", 'c"d', "e,f", "", "06/06/2024"]


def test_delegations_are_counted(delegation: Delegation, person: Attendee, dan: User, olga: User) -> None:
    answers.confirm(delegation, by=dan)
    made = workbook_out.delegations(delegation.conference, Delegation.objects.all(), by=olga)
    sheet = opened(made)
    said = {cell.value: sheet.cell(2, cell.column).value for cell in sheet[1]}
    assert (said["Mã"], said["Đoàn"], said["Số suất"]) == ("68", "Tỉnh Lâm Đồng", 4)
    assert (said["Đã cử"], said["Đã xác nhận"], said["Có mặt"]) == (1, 1, 0)
    assert said["Trả lời lúc"] == datetime.datetime(2024, 5, 30, 16, 0)  # noqa: DTZ001  as a cell holds it
    assert "Đầu mối liên hệ" not in said


def test_each_list_that_goes_out_is_recorded(delegation: Delegation, person: Attendee, olga: User) -> None:
    made = export(delegation.conference, olga, private=True, narrowed="Tìm: an")
    assert made.name == "Danh sách đại biểu - da-lat-2024 - 2024-05-30.xlsx"
    entry = JournalEntry.objects.get(act="export")
    assert (entry.actor, entry.subject) == (olga, f"conference.conference:{delegation.conference_id}")
    assert entry.changes == {
        "bảng": ["", "Danh sách đại biểu"],
        "số dòng": ["", 1],
        "bộ lọc": ["", "Tìm: an"],
        "kèm liên hệ": ["", True],
        "dạng tệp": ["", "xlsx"],
    }


def test_the_record_is_in_one_language_whoever_takes_the_list(
    delegation: Delegation, person: Attendee, olga: User
) -> None:
    with translation.override("en"):
        export(delegation.conference, olga)
    assert JournalEntry.objects.get(act="export").changes == {
        "bảng": ["", "Danh sách đại biểu"],
        "số dòng": ["", 1],
        "bộ lọc": ["", "tất cả"],
        "kèm liên hệ": ["", False],
        "dạng tệp": ["", "xlsx"],
    }


def test_a_list_of_many_asks_no_more_than_one_of_few(
    delegation: Delegation, make_attendee: MakeAttendee, olga: User, django_assert_num_queries: Any
) -> None:
    counts = []
    for names in (["Người A"], ["Người B", "Người C"]):
        for name in names:
            make_attendee(delegation, name)
        with django_assert_num_queries(2):  # the people; the record
            counts.append(export(delegation.conference, olga).rows)
    assert counts == [1, 3]
