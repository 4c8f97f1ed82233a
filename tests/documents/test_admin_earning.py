"""The desk of who earns a certificate: the list, the rule tried and saved, exceptions."""

import datetime
from typing import Any

import pytest
from django.test import Client

from attendees.models import Attendee, Delegation
from conference.models import Conference, JournalEntry, User
from documents import ruling
from documents.models import CertificateDecision, CertificateRule
from sessions.models import Attendance, Session
from tests.conference.desk import queries, rows, same_count, signed_in, strict, text, url  # noqa: F401  (fixture)
from tests.conftest import MakeAttendee
from tests.documents.conftest import give
from tests.documents.test_ruling import RULE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]
PAGE, FORM = "/admin/earning/", "/admin/earning/rule/"
TYPED = {"must_come": "on", "share": "80", "complete_share": "", "feedback_sessions": "0"}


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def desk(olga: User) -> Client:
    return signed_in(olga)


def of(person: Attendee) -> str:
    return f"/admin/earning/people/{person.code}/"


# ── Everybody ─────────────────────────────────────────────────────────────────────────────────────


def test_everybody_stands_there_with_what_is_missing(
    desk: Client, conference: Conference, people: list[Attendee], olga: User
) -> None:
    ruling.set_rule(conference, by=olga, **{**RULE, "share": 80})
    page = desk.get(PAGE)
    assert rows(page) == [
        "Đặng Văn Sơn", "Trần Chưa Chắc", "Nguyễn Thị Thu Hương", "H' Linh Niê Kđăm", "Hà Trung Thọ",
    ]  # fmt: skip
    said = text(page)
    assert (
        "Có mặt 1 trên 2 khung giờ (50%). Cần ít nhất 80%, tức 2 khung giờ. "
        "Còn thiếu 1 khung giờ. Nếu có dự mà chưa ghi, bổ sung theo danh sách ký."
    ) in said
    assert "Hoàn thành 0 Tham dự 0 Chưa được cấp 5 Ngoại lệ 0" in said
    assert "Chưa xác nhận tham dự 1" in said
    assert "Chưa đủ tỷ lệ có mặt 5" in said


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"state": "earned"}, ["Đặng Văn Sơn", "H' Linh Niê Kđăm"]),
        ({"state": "completed"}, []),
        ({"state": "not"}, ["Trần Chưa Chắc", "Nguyễn Thị Thu Hương", "Hà Trung Thọ"]),
        ({"state": "exception"}, ["Hà Trung Thọ"]),
        ({"state": "waiting"}, ["H' Linh Niê Kđăm"]),
        ({"state": "differs"}, ["Nguyễn Thị Thu Hương"]),
        ({"lacks": "once"}, ["Trần Chưa Chắc", "Nguyễn Thị Thu Hương"]),
        ({"lacks": "withheld"}, ["Hà Trung Thọ"]),
        ({"q": "thu huong"}, ["Nguyễn Thị Thu Hương"]),
        ({"q": "123318"}, []),
        ({"delegation": "quang-nam"}, ["Đặng Văn Sơn"]),
    ],
)
def test_the_list_is_narrowed(
    desk: Client, conference: Conference, people: list[Attendee], olga: User, query: Any, names: list[str]
) -> None:
    chosen = Attendee.objects.filter(full_name__in=("Nguyễn Thị Thu Hương", "Đặng Văn Sơn"))
    give(conference, chosen, by=olga)
    people[1].phone = "+84905123318"
    people[1].save()
    Attendance.objects.filter(attendee=people[0]).delete()
    ruling.decide(people[1], "withheld", "Chờ xác minh", by=olga)
    assert rows(desk.get(PAGE, query)) == names


def test_where_nobody_is_on_the_list_nobody_is_said_to_have_earned_one(
    desk: Client, conference: Conference
) -> None:
    said = text(desk.get(PAGE))
    assert "Chưa có đại biểu nào." in said
    assert "Mọi người đều được cấp." not in said
    assert "Không có ai như đã lọc." not in said


def test_a_mistyped_filter_shows_everybody(desk: Client, people: list[Attendee]) -> None:
    query = {"state": "x", "lacks": "y", "delegation": "khong-co", "page": "x", "q": "z" * 900}
    assert desk.get(PAGE, query).status_code == 200


def test_the_list_asks_as_many_questions_for_thirty_people_as_for_one(
    desk: Client,
    delegation: Delegation,
    make_attendee: MakeAttendee,
    opening: Session,
    olga: User,
) -> None:
    def grow() -> None:
        one = make_attendee(delegation, status="confirmed")
        Attendance.objects.create(session=opening, attendee=one)
        ruling.decide(one, "completed", "Báo cáo viên", by=olga)
        give(delegation.conference, [one], by=olga)
        make_attendee(delegation, "Trần Chưa Chắc")

    counts = same_count(desk, PAGE, grow)
    assert len(set(counts)) == 1, counts


def test_a_viewer_reads_and_changes_nothing(victor: User, people: list[Attendee]) -> None:
    client = signed_in(victor)
    assert "Sửa điều kiện" not in text(client.get(PAGE))
    assert "Lưu quyết định" not in text(client.get(of(people[0])))
    assert client.get(FORM).status_code == 403
    assert client.post(of(people[0]), {"decision": "withheld", "reason": "x"}).status_code == 403
    assert not CertificateDecision.objects.exists()


# ── The rule ──────────────────────────────────────────────────────────────────────────────────────


def test_a_rule_is_tried_on_everybody_before_it_is_saved(
    desk: Client, conference: Conference, people: list[Attendee], olga: User
) -> None:
    give(conference, by=olga)
    page = text(desk.post(FORM, {**TYPED, "preview": "1"}))
    assert "Nếu lưu điều kiện này" in page
    assert "Ghi “hoàn thành” 0 0 Ghi “tham dự” 4 0 Chưa được cấp 1 5" in page
    assert "4 người đã có giấy sẽ không còn đủ điều kiện." in page
    assert not CertificateRule.objects.filter(share=80).exists()
    page = text(desk.post(FORM, {**TYPED, "share": "10", "complete_share": "50", "preview": "1"}))
    assert "Ghi “hoàn thành” 0 4 Ghi “tham dự” 4 0 Chưa được cấp 1 1" in page


def test_a_rule_is_saved_with_sessions_and_components(
    desk: Client, conference: Conference, opening: Session
) -> None:
    component = conference.categories.get(slug="press")
    saved = desk.post(FORM, {**TYPED, "mandatory": [opening.pk], "categories": [component.pk]}, follow=True)
    assert "Đã lưu điều kiện cấp giấy." in text(saved)
    assert "Có mặt ở phiên bắt buộc: Phát biểu khai mạc." in text(saved)
    rule = CertificateRule.objects.get()
    assert (rule.share, list(rule.mandatory.all()), list(rule.categories.all())) == (
        80, [opening], [component],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"share": "101"}, "Nhập một số từ 0 đến 100."),
        ({"share": "tám mươi"}, "Nhập một số từ 0 đến 100."),
        ({"share": ""}, "Nhập một số từ 0 đến 100."),
        ({"share": "-1"}, "Nhập một số từ 0 đến 100."),
        ({"complete_share": "79"}, "không được thấp hơn tỷ lệ có mặt tối thiểu"),
        ({"feedback_sessions": "2"}, "Chương trình chỉ có 0 phiên lấy phiếu đánh giá."),
        ({"mandatory": "999999"}, "Một mục đã chọn không còn trong hội nghị."),
        ({"categories": "x"}, "Một mục đã chọn không còn trong hội nghị."),
        ({"feedback_sessions": "9" * 30}, "Nhập một số, ví dụ 3."),
    ],
)
def test_a_mistyped_rule_is_told_at_its_field_and_nothing_is_lost(
    desk: Client, opening: Session, typed: dict[str, str], sentence: str
) -> None:
    page = desk.post(FORM, {**TYPED, **typed})
    assert page.status_code == 200
    assert sentence in text(page)
    assert text(page).count("từ 0 đến 100.") <= 2  # in the summary and at the field
    assert not CertificateRule.objects.exists()


def test_who_saves_after_somebody_else_is_told(desk: Client, conference: Conference, olga: User) -> None:
    ruling.set_rule(conference, by=olga, **RULE)
    seen = desk.get(FORM).context["form"].initial["seen"]
    ruling.set_rule(conference, by=olga, **{**RULE, "share": 60})
    page = desk.post(FORM, {**TYPED, "seen": seen})
    assert page.status_code == 409
    assert "Người khác vừa đổi ô này thành “60”." in text(page)
    assert CertificateRule.objects.get().share == 60


# ── One person ────────────────────────────────────────────────────────────────────────────────────


def test_an_organiser_decides_for_one_person(desk: Client, people: list[Attendee]) -> None:
    Attendance.objects.filter(attendee=people[0]).delete()
    page = text(desk.get(of(people[0])))
    assert "Phát biểu khai mạc Chưa ghi nhận" in page
    given = {"decision": "attended", "reason": "Đi công tác cùng Bộ trưởng", "after": "0"}
    page = text(desk.post(of(people[0]), given, follow=True))
    assert "Đã ghi quyết định cho Nguyễn Thị Thu Hương." in page
    assert "Ngoại lệ của Olga: Đi công tác cùng Bộ trưởng" in page
    assert JournalEntry.objects.filter(act="except_certificate", person_ref=people[0].pk).count() == 1


@pytest.mark.parametrize(
    ("given", "status", "sentence"),
    [
        ({}, 200, "Chọn một quyết định."),
        ({"decision": "attended", "after": "0"}, 200, "Ghi lý do."),
        ({"decision": "x", "reason": "x", "after": "0"}, 200, "Chưa lưu được"),
        ({"decision": "by-rule", "reason": "x", "after": "0"}, 200, "không có ngoại lệ để bỏ"),
        ({"decision": "attended", "reason": "x", "after": "77"}, 409, "Người khác vừa ghi quyết định"),
    ],
)
def test_a_mistyped_decision_is_told_in_place(
    desk: Client, people: list[Attendee], given: dict[str, str], status: int, sentence: str
) -> None:
    page = desk.post(of(people[0]), given)
    assert (page.status_code, sentence in text(page)) == (status, True)
    assert not CertificateDecision.objects.exists()


def test_people_of_another_conference_are_not_there(
    desk: Client, foreign_delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    stranger = make_attendee(foreign_delegation, "Người Lạ")
    assert desk.get(of(stranger)).status_code == 404
    assert "Người Lạ" not in text(desk.get(PAGE))


def test_the_page_of_a_person_says_the_same(
    desk: Client, conference: Conference, people: list[Attendee], olga: User
) -> None:
    ruling.set_rule(conference, by=olga, **{**RULE, "share": 80})
    page = text(desk.get(url(Attendee, "change", people[0].pk)))
    assert "Giấy chứng nhận Xem từng phiên, ghi ngoại lệ Chưa được cấp" in page
    assert "Cần ít nhất 80%, tức 2 khung giờ." in page


def test_a_decision_keeps_the_moment_of_the_conference(
    desk: Client, conference: Conference, people: list[Attendee], olga: User
) -> None:
    made = ruling.decide(people[0], "withheld", "Chờ xác minh", by=olga)
    assert made.at == datetime.datetime(2024, 5, 30, 9, tzinfo=datetime.UTC)
    assert queries(desk, of(people[0])) < 40
