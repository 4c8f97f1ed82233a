"""The workbook of a delegation goes out filled in and comes back through the door of every list."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.utils import translation

from attendees import answers, codes, importing
from attendees.models import Attendee, Delegation
from attendees.workbook_form import HEADING, delegation_workbook
from attendees.workbook_marks import LISTS, SHEET, mark_of
from conference.models import JournalEntry, User
from tests.attendees.lists import acts, shown, told
from tests.conftest import MakeAttendee

pytestmark = pytest.mark.django_db
FIRST = HEADING + 1


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee, dan: User) -> Attendee:
    made = make_attendee(
        delegation, "Nguyễn Văn An", honorific="ong", birth_year=1975, position="Phó Giám đốc", rank="",
        organisation_name="Sở Thông tin và Truyền thông tỉnh Lâm Đồng", phone="+84905123318",
        email="an@lamdong.example", note="Ăn chay",
    )  # fmt: skip
    answers.choose_head(made, by=dan)
    return made


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def saved(book: Any) -> bytes:
    """As another program writes it: everything once through its own model."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def returned(delegation: Delegation, data: bytes, by: User | None = None) -> Any:
    file = ContentFile(data, "danh-sach-lam-dong.xlsx")
    return importing.stage(delegation.conference, file, by=by, delegation=delegation)


def test_untouched_it_comes_back_without_a_problem_and_changes_nothing(
    delegation: Delegation, person: Attendee, dan: User
) -> None:
    data = delegation_workbook(delegation, by=dan)
    for sent in (data, saved(opened(data))):
        comparison = shown(returned(delegation, sent, dan), dan)
        assert (acts(comparison), told(comparison)) == (["same"], [])
        assert comparison.is_ready


def test_filled_in_it_updates_by_code_and_fills_the_seats(
    delegation: Delegation, person: Attendee, dan: User
) -> None:
    book = opened(delegation_workbook(delegation, by=dan))
    sheet = book[SHEET]
    sheet.cell(FIRST, 3).value, sheet.cell(FIRST, 6).value = "Nguyễn Văn Ân", "Giám đốc"
    new = FIRST + 3  # the free seat of the press
    for column, value in ((3, "Trần Thị Bình"), (4, "Bà"), (5, 1981), (6, "Phóng viên"), (10, "0912345678")):
        sheet.cell(new, column).value = value
    batch = returned(delegation, saved(book), dan)
    comparison = shown(batch, dan)
    assert acts(comparison) == ["changed", "new"]
    assert comparison.rows[1].category.slug == "press"
    importing.take(batch, by=dan)
    person.refresh_from_db()
    assert (person.full_name, person.position) == ("Nguyễn Văn Ân", "Giám đốc")
    assert delegation.attendees.get(full_name="Trần Thị Bình").phone == "+84912345678"
    assert delegation.attendees.count() == 2


def test_another_name_over_an_old_one_asks_whether_it_is_a_substitute(
    delegation: Delegation, person: Attendee, dan: User
) -> None:
    book = opened(delegation_workbook(delegation, by=dan))
    book[SHEET].cell(FIRST, 3).value = "Phạm Thị Thanh"
    comparison = shown(returned(delegation, saved(book), dan), dan)
    assert [one.value for one in comparison.rows[0].questions[0].options] == ["rename", "substitute"]


def test_only_what_is_to_be_filled_in_is_open(delegation: Delegation, person: Attendee) -> None:
    sheet = opened(delegation_workbook(delegation, by=None))[SHEET]
    assert sheet.protection.sheet
    headings = [sheet.cell(HEADING, column).value for column in range(1, 14)]
    locked = {
        sheet.cell(HEADING, column).value: sheet.cell(FIRST, column).protection.locked
        for column in range(1, 14)
    }
    assert [name for name in headings if locked[name]] == ["STT", "Mã đại biểu"]
    assert all(sheet.cell(HEADING, column).protection.locked for column in range(1, 14))
    assert [sheet.cell(FIRST, column).number_format for column in (2, 10)] == ["@", "@"]
    assert sheet.cell(FIRST, 2).value == codes.group(person.code)
    assert sheet.cell(FIRST, 10).value == "0905 123 318"
    assert [sheet.cell(FIRST + n, 9).value for n in range(4)] == [
        *["Sở Thông tin và Truyền thông"] * 3,
        "Báo, Đài tỉnh",
    ]


def test_lists_to_choose_from_and_the_page_are_set_up(delegation: Delegation) -> None:
    book = opened(delegation_workbook(delegation, by=None))
    sheet = book[SHEET]
    rules = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert rules == {
        f"D{FIRST}": '"Ông,Bà,Đồng chí"', f"I{FIRST}": f"'{LISTS}'!$A$1:$A$2", f"L{FIRST}": '"x"',
        f"E{FIRST}": "1900",
    }  # fmt: skip
    assert book[LISTS].sheet_state == "hidden"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.freeze_panes == f"D{FIRST}"
    assert sheet["G1"].value == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"


def test_it_is_in_vietnamese_whoever_hands_it_out(
    delegation: Delegation, make_attendee: MakeAttendee, dan: User
) -> None:
    make_attendee(delegation, "Trần Quốc Hưng", honorific="dong-chi")
    with translation.override("en"):
        data = delegation_workbook(delegation, by=dan)
    sheet = opened(data)[SHEET]
    assert sheet.cell(FIRST, 4).value == "Đồng chí"
    rules = {rule.formula1: rule.error for rule in sheet.data_validations.dataValidation}
    assert rules['"Ông,Bà,Đồng chí"'] == "Chọn một mục trong danh sách thả xuống của ô này."
    comparison = shown(returned(delegation, data, dan), dan)
    assert (acts(comparison), told(comparison)) == (["same"], [])
    assert list(JournalEntry.objects.get(act="export").changes) == ["bảng", "số người", "kèm liên hệ"]


def test_seats_that_stay_empty_are_not_offered(delegation: Delegation, dan: User) -> None:
    press = delegation.conference.categories.get(slug="press")
    answers.decline_seats(delegation, press, 1, "Không có người", by=dan)
    sheet = opened(delegation_workbook(delegation, by=None))[SHEET]
    assert [sheet.cell(FIRST + n, 1).value for n in range(4)] == [1, 2, 3, None]


def test_it_says_whose_it_is_and_is_refused_elsewhere(
    delegation: Delegation, other_delegation: Delegation, person: Attendee, olga: User
) -> None:
    data = delegation_workbook(delegation, by=None)
    batch = returned(other_delegation, data, olga)
    mark = mark_of(importing.reading_of(batch).previews)
    assert (mark.conference, mark.delegation, mark.version) == ("da-lat-2024", "lam-dong", 2)
    comparison = shown(batch, olga)
    assert comparison.refusal == "Tệp mẫu này là của đoàn lam-dong. Tải lên ở trang của đoàn đó."


def test_it_warns_when_the_list_has_moved_on_since(
    delegation: Delegation, person: Attendee, dan: User
) -> None:
    data = delegation_workbook(delegation, by=None)
    answers.edit(person, by=dan, position="Chánh Văn phòng")
    comparison = shown(returned(delegation, data, dan), dan)
    assert told(comparison) == [("", "warning", "older")]
    assert comparison.rows[0].changes == {"position": ["Chánh Văn phòng", "Phó Giám đốc"]}
    assert comparison.is_ready


def test_that_it_was_made_is_recorded(delegation: Delegation, person: Attendee, dan: User) -> None:
    delegation_workbook(delegation, by=dan)
    entry = JournalEntry.objects.get(act="export")
    assert (entry.actor, entry.delegation_ref) == (dan, delegation.pk)
    assert entry.changes == {"bảng": ["", "Tệp mẫu của đoàn"], "số người": ["", 1], "kèm liên hệ": ["", True]}
