"""What the desk writes into the journal is Vietnamese, whatever language its organiser reads."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from attendees.models import Delegation
from conference.models import JournalEntry, User
from tests.conference.desk import fields, signed_in
from tests.conftest import MakeAttendee

pytestmark = pytest.mark.django_db
PEOPLE, DELEGATIONS = "/admin/attendees/attendee/", "/admin/attendees/delegation/"
CHOSEN = {"bộ lọc": ["", "các dòng đã chọn"], "kèm liên hệ": ["", False], "dạng tệp": ["", "xlsx"]}


@pytest.fixture
def desk(olga: User, settings: LazySettings) -> Client:
    settings.DEMO = True  # no second factor here
    client = signed_in(olga)
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.parametrize(
    ("address", "act", "kept"),
    [
        (
            "/admin/board/export/?state=confirmed&region=central&map=now",
            "",
            {
                "bảng": ["", "Bảng đoàn"],
                "bộ lọc": ["", "Như hiện nay, Vùng: Khối Trung ương, Tình trạng trả lời: Đã chốt"],
            },
        ),
        (
            f"{PEOPLE}?status__exact=nominated&q=an",
            "export_people",
            {
                **CHOSEN,
                "bảng": ["", "Danh sách đại biểu"],
                "số dòng": ["", 1],
                "bộ lọc": ["", "Tìm: an, Tình trạng: Chờ xác nhận, các dòng đã chọn"],
            },
        ),
        (
            DELEGATIONS,
            "export_delegations",
            {**CHOSEN, "bảng": ["", "Danh sách đoàn"], "số dòng": ["", 1]},
        ),
        (
            DELEGATIONS,
            "hand_out_forms",
            {"bảng": ["", "Tệp mẫu của đoàn"], "số người": ["", 1], "kèm liên hệ": ["", True]},
        ),
        ("/admin/feedback/export/", "", {"bảng": ["", "Đánh giá, kiểm tra"]}),
        (
            "/admin/sign-ups/export/",
            "",
            {"list": ["", "Đăng ký phiên"], "session": ["", "tất cả các phiên"]},
        ),
    ],
)
def test_what_went_out_is_told_in_vietnamese(
    desk: Client,
    delegation: Delegation,
    make_attendee: MakeAttendee,
    address: str,
    act: str,
    kept: dict[str, Any],
) -> None:
    person = make_attendee(delegation, "Nguyễn Văn An")
    chosen = person.pk if address.startswith(PEOPLE) else delegation.pk
    sent = {"action": act, "_selected_action": [chosen], "apply": "1", "kind": "xlsx"}
    assert "attachment" in desk.post(address, sent).headers["Content-Disposition"]
    assert JournalEntry.objects.get(act="export").changes == kept


def test_the_reader_has_the_words_of_the_workbook_in_english(desk: Client, delegation: Delegation) -> None:
    sent = {"action": "export_delegations", "_selected_action": [delegation.pk], "apply": "1", "kind": "csv"}
    assert "List of delegations" in desk.post(DELEGATIONS, sent).headers["Content-Disposition"]


def test_rows_removed_in_a_form_are_told_in_vietnamese(desk: Client, delegation: Delegation) -> None:
    page = f"{DELEGATIONS}{delegation.pk}/change/"
    form = fields(desk.get(page))
    desk.post(page, {**form, "quotas-0-DELETE": "on"})
    [(name, said)] = JournalEntry.objects.get(act="edit").changes.items()
    assert (name.split(" “")[0], said) == ("suất phân bổ", ["", "xóa"])


def test_an_officer_is_told_by_name_and_what_was_changed_by_its_words(
    desk: Client, delegation: Delegation, dan: User
) -> None:
    page = f"{DELEGATIONS}{delegation.pk}/change/"
    form = fields(desk.get(page))
    [taken] = [name for name in form if name.endswith("-0-id") and not name.startswith("quotas")]
    officer = taken.removesuffix("-id")
    desk.post(page, {**form, f"{officer}-DELETE": "on", "quotas-0-seats": "2"})
    quota = delegation.quotas.order_by("pk").first()
    assert JournalEntry.objects.get(act="edit").changes == {
        f"suất phân bổ “{quota}”": ["", "Số suất"],
        f"cán bộ đầu mối “{dan}”": ["", "xóa"],
    }
