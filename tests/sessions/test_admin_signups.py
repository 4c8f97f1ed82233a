"""Sign-ups at the desk: figures, names, adding and removing by hand, the workbook, what is told."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from attendees import codes
from attendees.models import Attendee, Delegation
from conference.models import Conference, JournalEntry, User
from sessions import release, signing_up
from sessions.models import Session
from tests.conference.desk import queries, signed_in, strict, text  # noqa: F401  (a fixture)
from tests.conftest import MakeAttendee, publish
from tests.sessions.choosing import bearer, crowd, parallel, queue, stands, taken
from tests.sessions.plans import move, session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]
DESK, ONE = "/admin/sign-ups/", "/admin/sign-ups/a/"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True  # no second factor in the way


@pytest.fixture
def as_olga(olga: User) -> Client:
    return signed_in(olga)


@pytest.fixture
def beside(conference: Conference) -> dict[str, Session]:
    return parallel(conference, a=2, b=2)


@pytest.fixture
def people(beside: dict[str, Session], delegation: Delegation, make_attendee: MakeAttendee) -> list[Attendee]:
    return crowd(make_attendee, delegation, 4)


@pytest.fixture
def full(people: list[Attendee]) -> list[Attendee]:
    """Two have a place in a, one waits; the fourth has signed up to nothing."""
    for person in people[:3]:
        signing_up.sign_up(person, "a", by=bearer(person))
    return people


def test_without_sessions_the_page_says_how_to_open_one(as_olga: Client) -> None:
    assert "Chưa có phiên nào để đăng ký" in text(as_olga.get(DESK))


def test_the_overview_counts_places_and_queue(as_olga: Client, full: list[Attendee]) -> None:
    page = text(as_olga.get(DESK))
    assert "09:00–10:00, thứ Năm, 06/6/2024" in page
    assert "Truyền thông chính sách – 2 2 0 1 09:00, thứ Năm, 06/6/2024" in page
    assert "Quảng bá địa phương – 2 0 2 0 09:00, thứ Năm, 06/6/2024" in page


def test_what_waits_for_a_release_or_was_struck_out_is_told(
    as_olga: Client, full: list[Attendee], beside: dict[str, Session], conference: Conference
) -> None:
    session(conference, "moi", 14, 15, sign_up=True, places=3)
    deleting = as_olga.get(reverse("admin:thematic_session_delete", args=(beside["a"].pk,)))
    assert "3 người đã đăng ký phiên này. Họ và đoàn của họ được báo khi phát hành" in text(deleting)
    beside["a"].delete()
    page = text(as_olga.get(DESK))
    assert "1 phiên có đăng ký chưa phát hành" in page
    assert "“Truyền thông chính sách”: 3 người. Phát hành chương trình thì họ được báo." in page


def test_the_people_of_a_session_stand_by_name_the_queue_in_turn(
    as_olga: Client, full: list[Attendee]
) -> None:
    page = text(as_olga.get(ONE))
    assert page.index("Người thứ 1") < page.index("Người thứ 2") < page.index("Danh sách chờ")
    assert "1 Người thứ 3 Tỉnh Lâm Đồng" in page


def test_somebody_is_added_by_code_and_waits_where_it_is_full(as_olga: Client, full: list[Attendee]) -> None:
    page = as_olga.post(f"{ONE}add/", {"code": full[3].code}, follow=True)
    assert "Người thứ 4 vào danh sách chờ của phiên này." in text(page)
    page = as_olga.post(f"{ONE}add/", {"code": full[3].code, "beyond": "Khách mời"}, follow=True)
    assert "Người thứ 4 có chỗ ở phiên này." in text(page)
    assert "vượt 1" in text(page)
    told = JournalEntry.objects.filter(act="sign_up").latest("pk")
    assert (told.actor_name, told.changes["reason"]) == ("Olga", ["", "Khách mời"])


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Nhập mã đại biểu."),
        ({"code": codes.new_code()}, "Không có đại biểu nào mang mã này trong hội nghị."),
        ({"code": "?"}, "Mã thẻ có 8 ký tự."),
    ],
)
def test_a_wrong_code_is_told_at_the_field(
    as_olga: Client, full: list[Attendee], sent: dict[str, str], said: str
) -> None:
    page = as_olga.post(f"{ONE}add/", sent)
    assert page.status_code == 200
    assert said in text(page)


def test_somebody_in_a_session_at_the_same_time_is_moved_only_when_it_is_said(
    as_olga: Client, people: list[Attendee]
) -> None:
    signing_up.sign_up(people[0], "b", by=bearer(people[0]))
    page = as_olga.post(f"{ONE}add/", {"code": people[0].code})
    assert "Đã có chỗ ở “Quảng bá địa phương” (09:00–10:00), trùng giờ." in text(page)
    as_olga.post(f"{ONE}add/", {"code": people[0].code, "move": "on"})
    assert stands(people[0]) == {"a": "taken"}


def test_somebody_is_removed_and_the_next_one_moves_up(as_olga: Client, full: list[Attendee]) -> None:
    page = as_olga.post(f"{ONE}remove/", {"person": full[0].code}, follow=True)
    assert "Đã bỏ Người thứ 1 khỏi phiên này." in text(page)
    assert (taken("a"), queue("a")) == (["Người thứ 2", "Người thứ 3"], [])
    page = as_olga.post(f"{ONE}remove/", {"person": full[0].code}, follow=True)
    assert "Người thứ 1 không còn trong danh sách của phiên này." in text(page)


def test_who_only_looks_on_changes_nothing(victor: User, full: list[Attendee]) -> None:
    client = signed_in(victor)
    page = client.get(ONE).content.decode()
    assert "/add/" not in page
    assert "/remove/" not in page
    assert client.post(f"{ONE}add/", {"code": full[3].code}).status_code == 403
    assert client.post(f"{ONE}remove/", {"person": full[0].code}).status_code == 403


def test_the_workbook_has_figures_and_names_and_is_journalled(as_olga: Client, full: list[Attendee]) -> None:
    Attendee.objects.filter(pk=full[0].pk).update(full_name="=1+1")
    book = load_workbook(io.BytesIO(as_olga.post(f"{DESK}export/").content))
    figures, names = (list(sheet.iter_rows(values_only=True)) for sheet in book)
    assert [row[2:] for row in figures[1:]] == [
        ("Truyền thông chính sách", "", 2, 2, 1), ("Quảng bá địa phương", "", 2, 0, 0),
    ] or [row[2:] for row in figures[1:]] == [
        ("Truyền thông chính sách", None, 2, 2, 1), ("Quảng bá địa phương", None, 2, 0, 0),
    ]  # fmt: skip
    assert [(row[1], row[2], row[3]) for row in names[1:]] == [
        ("Có chỗ", None, "=1+1"), ("Có chỗ", None, "Người thứ 2"), ("Chờ chỗ", 1, "Người thứ 3"),
    ]  # fmt: skip
    assert book["Danh sách"]["D2"].data_type == "s"
    assert JournalEntry.objects.get(act="export").changes["session"] == ["", "tất cả các phiên"]
    alone = load_workbook(io.BytesIO(as_olga.post(f"{DESK}export/", {"item": "b"}).content))
    assert alone["Danh sách"].max_row == 1
    assert as_olga.post(f"{DESK}export/", {"item": "khong-co"}).status_code == 404
    as_olga.cookies["django_language"] = "en"
    as_olga.post(f"{DESK}export/")
    told = JournalEntry.objects.filter(act="export").latest("pk").changes
    assert told == {"list": ["", "Đăng ký phiên"], "session": ["", "tất cả các phiên"]}


def test_the_form_of_a_session_asks_for_the_number_of_places(
    as_olga: Client, beside: dict[str, Session]
) -> None:
    change = reverse("admin:thematic_session_change", args=(beside["a"].pk,))
    kept = {
        "title": "A",
        "kind": "topic",
        "code": "a",
        "day": "06/06/2024",
        "starts": "09:00",
        "ends": "10:00",
    }
    inline = {"participations-TOTAL_FORMS": "0", "participations-INITIAL_FORMS": "0"}
    page = as_olga.post(change, {**kept, **inline, "sign_up": "on", "places": ""})
    assert "Nhập số chỗ đăng ký: phiên chưa có hội trường" in text(page)
    page = as_olga.post(change, {**kept, **inline, "sign_up": "on", "places": "0"})
    assert page.status_code == 200  # 0 is no number of places
    as_olga.post(
        change, {**kept, **inline, "sign_up": "on", "places": "7", "sign_up_until": "01/06/2024 17:00"}
    )
    beside["a"].refresh_from_db()
    assert (beside["a"].places, f"{beside['a'].sign_up_until:%d %H}") == (7, "01 10")


def test_whoever_closes_a_session_reads_how_many_are_in_it(
    as_olga: Client, full: list[Attendee], beside: dict[str, Session]
) -> None:
    change = reverse("admin:thematic_session_change", args=(beside["a"].pk,))
    kept = {
        "title": "A",
        "kind": "topic",
        "code": "a",
        "day": "06/06/2024",
        "starts": "09:00",
        "ends": "10:00",
    }
    inline = {"participations-TOTAL_FORMS": "0", "participations-INITIAL_FORMS": "0"}
    page = as_olga.post(change, {**kept, **inline, "places": "2"}, follow=True)
    assert "3 người đã đăng ký phiên này: danh sách vẫn giữ, không nhận thêm." in text(page)
    assert "Không nhận đăng ký" in text(as_olga.get(DESK))


def test_a_release_tells_those_who_signed_up_and_nobody_else_of_two_at_one_time(
    conference: Conference, full: list[Attendee], beside: dict[str, Session], olga: User,
    other_delegation: Delegation, make_attendee: MakeAttendee,
) -> None:  # fmt: skip
    make_attendee(other_delegation, "Người ngoài", status="confirmed")
    move(beside["a"], title="Truyền thông chính sách, phần mới")
    assert release.draft_diff(conference).whom().everybody == []  # only renamed
    beside["a"].delete()
    whom = release.draft_diff(conference).whom()
    assert [one.name for one in whom.people] == ["Người thứ 1", "Người thứ 2", "Người thứ 3"]
    assert [one.name for one in whom.delegations] == ["Tỉnh Lâm Đồng"]
    release.release(conference, by=olga)
    assert [stands(person) for person in full] == [{}, {}, {}, {}]


def test_the_desk_asks_as_many_questions_for_few_people_as_for_many(
    as_olga: Client, full: list[Attendee], conference: Conference, make_attendee: MakeAttendee
) -> None:
    before = [queries(as_olga, address) for address in (DESK, ONE)]
    for number in range(6):
        session(conference, f"p{number}", 9, 10, sign_up=True, places=3)
    publish(conference)
    for number in range(12):
        person = make_attendee(full[0].delegation, f"Thêm {number}")
        signing_up.sign_up(person, "a" if number % 2 else f"p{number // 2}", by=bearer(person))
    assert [queries(as_olga, address) for address in (DESK, ONE)] == before
