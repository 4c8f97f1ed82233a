"""The journal of a delegation and of a person at the desk: everything, in words, narrowed, paged."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from attendees import answers, corrections, links, privacy, questioning
from attendees.models import Attendee, Category, Delegation, Link
from conference import journal
from conference.guests import Guest
from conference.models import Conference, JournalEntry, User
from tests.attendees.portal import text_of
from tests.attendees.portal import url as portal_url
from tests.conference.desk import same_count, signed_in, strict, text, url  # noqa: F401  (a fixture)
from tests.conftest import VN, MakeAttendee

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def desk(olga: User) -> Client:
    return signed_in(olga)


@pytest.fixture
def person(delegation: Delegation, department: Category, dan: User) -> Attendee:
    return answers.nominate(
        delegation, department, by=dan, full_name="Nguyễn Văn An", phone="0905123318", position="Chuyên viên"
    )


def of(client: Client, row: Delegation | Attendee, **narrow: str) -> str:
    page = text(client.get(url(type(row), "history", row.pk), narrow))
    return page[page.index("Bỏ lọc" if narrow else "Từ đâu") :] if "Từ đâu" in page else page


def test_the_journal_of_a_delegation_holds_its_people_seats_links_and_questions(
    desk: Client, delegation: Delegation, department: Category, person: Attendee, dan: User, olga: User
) -> None:
    delegation.conference.questions.create(label="Phương tiện", kind="choice", choices=["Máy bay", "Ô tô"])
    with journal.coming_from("203.0.113.7"):
        answers.decline_seats(delegation, department, 1, "Thiếu người", by=dan)
    answers.extend(delegation, datetime.datetime(2024, 6, 3, 12, tzinfo=VN), by=olga)
    questioning.answer(person, {"phuong-tien": "Máy bay"}, by=dan)
    links.make(delegation, Link.Purpose.ANSWER, by=olga)
    answers.edit(person, by=olga, position="Phó Giám đốc", honorific="ong", phone="0912345678")
    page = of(desk, delegation)
    for words in (
        "Cử đại biểu Nguyễn Văn An",
        "Để trống suất suất phân bổ Sở Thông tin và Truyền thông: 3 không cử 0 → 1",
        "lý do Thiếu người 203.0.113.7",
        "Gia hạn đoàn đại biểu Tỉnh Lâm Đồng gia hạn đến 12:00, 03/6/2024",
        "Trả lời câu hỏi đại biểu Nguyễn Văn An Phương tiện Máy bay",
        "Lập liên kết Liên kết của đoàn Tỉnh Lâm Đồng",
        "Sửa đại biểu Nguyễn Văn An",
        "chức vụ Chuyên viên → Phó Giám đốc",
        "danh xưng Ông",
        "điện thoại 0905 ••• 318 → 0912 ••• 678",
        "tình trạng Chưa phản hồi → Một phần",
    ):
        assert words in page, words
    for raw in ("position", "phone", "waiting", "answering", "attendees.", "345 678", "+84"):
        assert raw not in page, raw


def test_a_person_who_is_gone_is_still_read_in_the_journal_of_the_delegation(
    desk: Client, delegation: Delegation, person: Attendee, dan: User
) -> None:
    answers.remove(person, by=dan)
    assert "Xóa đại biểu Nguyễn Văn An" in of(desk, delegation)


def test_the_journal_of_a_person_holds_requests_openings_and_links_and_nobody_else(
    desk: Client, delegation: Delegation, department: Category, person: Attendee, dan: User, olga: User
) -> None:
    answers.nominate(delegation, department, by=dan, full_name="Lê Thị Khác")
    guest = Guest("Liên kết của Nguyễn Văn An", link_id=1, attendee_id=person.pk)
    asked = corrections.ask(person, {"position": "Trưởng phòng", "honorific": "ba"}, "", by=guest)
    corrections.refuse(asked, "Chưa có quyết định", by=olga)
    privacy.reveal(person, by=olga, session=desk.session)
    privacy.acknowledge(person, by=guest)
    links.make(person, Link.Purpose.PERSON, by=olga)
    page = of(desk, person)
    for words in (
        "Liên kết của Nguyễn Văn An Đề nghị sửa đề nghị sửa Nguyễn Văn An",
        "chức vụ Chuyên viên → Trưởng phòng danh xưng Bà",
        "Trả lời đề nghị sửa đề nghị sửa Nguyễn Văn An tình trạng Chờ xử lý → Không thực hiện",
        "Olga Mở số điện thoại và thư đại biểu Nguyễn Văn An",
        "Đọc thông báo về dữ liệu cá nhân đại biểu Nguyễn Văn An",
        "Olga Lập liên kết Liên kết của Nguyễn Văn An",
    ):
        assert words in page, words
    assert "Lê Thị Khác" not in page


def test_lists_that_were_taken_out_are_told(desk: Client, delegation: Delegation, olga: User) -> None:
    privacy.journal_export(
        delegation.conference, "Danh sách đoàn", by=olga, people=4, contacts=True, about=delegation
    )
    words = (
        "Xuất danh sách đoàn đại biểu Tỉnh Lâm Đồng danh sách Danh sách đoàn số người 4 có điện thoại, thư Có"
    )
    assert words in of(desk, delegation)


def test_a_journal_is_narrowed_by_who_what_and_when(
    desk: Client, delegation: Delegation, person: Attendee, olga: User
) -> None:
    answers.edit(person, by=olga, position="Giám đốc")
    today = timezone.localdate(JournalEntry.objects.get(act="nominate").at)
    later = today + datetime.timedelta(days=2)  # midnight may have come since
    everything = of(desk, delegation)
    assert "Cử đại biểu" in everything
    assert "Sửa đại biểu" in everything
    assert "Cử đại biểu" not in of(desk, delegation, who="Olga")
    assert "Sửa đại biểu" in of(desk, delegation, who="Olga")
    assert "Sửa đại biểu" not in of(desk, delegation, act="nominate")
    assert "Cử đại biểu" in of(
        desk, delegation, act="nominate", since=f"{today:%d/%m/%Y}", until=f"{today:%d/%m/%Y}"
    )
    assert "Không có việc nào như đã lọc." in of(desk, delegation, since=f"{later:%d/%m/%Y}")
    page = of(desk, delegation, since="hôm qua", act="khong-co", who="<script>")
    assert "Chưa đọc được ngày này." in text(
        desk.get(url(Delegation, "history", delegation.pk), {"since": "hôm qua"})
    )
    assert "Cử đại biểu" in page


def test_a_journal_is_paged_and_costs_the_same_for_any_number(
    desk: Client, delegation: Delegation, person: Attendee, olga: User
) -> None:
    def grow() -> None:
        journal.record("edit", person, by=olga, conference=delegation.conference, changes={"note": ["", "x"]})

    for row in (delegation, person):
        assert len(set(same_count(desk, url(type(row), "history", row.pk), grow, (1, 3, 60)))) == 1
    assert "trong 122" in text(desk.get(url(Delegation, "history", delegation.pk)))
    assert JournalEntry.objects.count() == 122
    second = text(desk.get(url(Delegation, "history", delegation.pk), {"page": 3, "act": "edit"}))
    assert "101–120 trong 120" in second


def test_nothing_of_another_delegation_or_conference_is_told(
    desk: Client,
    delegation: Delegation,
    other_delegation: Delegation,
    foreign_delegation: Delegation,
    department: Category,
    olga: User,
) -> None:
    answers.nominate(other_delegation, department, by=olga, full_name="Trần Văn Quảng")
    assert "Trần Văn Quảng" not in of(desk, delegation)
    assert desk.get(url(Delegation, "history", foreign_delegation.pk)).status_code == 404


# For the officers themselves


def test_officers_read_what_was_changed_by_whom_and_when_in_short(
    as_dan: Client, delegation: Delegation, person: Attendee, olga: User
) -> None:
    with journal.coming_from("203.0.113.7"):
        answers.edit(person, by=olga, position="Giám đốc", phone="0912345678")
    page = text_of(as_dan.get(portal_url("changes", delegation)))
    assert "Sửa: đại biểu Nguyễn Văn An" in page
    assert ", Olga" in page
    assert "Cử: đại biểu Nguyễn Văn An" in page
    for hidden in ("Giám đốc", "0912", "203.0.113.7"):
        assert hidden not in page
    assert "Các thay đổi Ai đã làm gì, lúc nào" in text_of(as_dan.get(portal_url("delegation", delegation)))


def test_the_changes_are_for_the_own_officers_with_an_account(
    client: Client,
    delegation: Delegation,
    person: Attendee,
    mai: User,
    victor: User,
    conference: Conference,
) -> None:
    address = portal_url("changes", delegation)
    for user, status in ((mai, 404), (victor, 403)):
        client.force_login(user)
        assert client.get(address).status_code == status
    client.logout()
    link = links.make(delegation, Link.Purpose.ANSWER, by=None)
    client.post(f"/l/{links.token_of(link)}/")
    assert client.get(address).status_code == 302  # to the sign-in


def test_the_changes_cost_the_same_with_one_and_with_three(
    as_dan: Client, delegation: Delegation, person: Attendee, olga: User
) -> None:
    def grow() -> None:
        answers.edit(person, by=olga, note=f"{JournalEntry.objects.count()}")

    assert len(set(same_count(as_dan, portal_url("changes", delegation), grow, (1, 3, 9)))) == 1


def test_the_whole_journal_tells_from_where_and_is_narrowed_by_time(
    desk: Client, person: Attendee, make_attendee: MakeAttendee, olga: User
) -> None:
    with journal.coming_from("203.0.113.7"):
        answers.edit(person, by=olga, position="Giám đốc")
    page = text(desk.get(url(JournalEntry), {"when": "1"}))
    assert "chức vụ Chuyên viên → Giám đốc 203.0.113.7" in page
