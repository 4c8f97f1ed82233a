"""The desk's editor of questions, and its page of arrivals, rooms and meals."""

import pytest
from django.test import Client
from django.urls import reverse

from attendees import travel
from attendees.models import Delegation, Question
from conference.models import Conference, JournalEntry, User
from tests.conference.desk import fields, rows, same_count, signed_in, strict, text, url  # noqa: F401  (a fixture)
from tests.conftest import MakeAttendee

pytestmark = pytest.mark.usefixtures("demo_desk", "strict")

TRAVEL, ASK = reverse("admin:travel"), reverse("admin:attendees_question_ask")


@pytest.fixture
def demo_desk(settings: object) -> None:
    settings.DEMO = True  # no second factor to pass first


@pytest.fixture
def as_olga(olga: User) -> Client:
    return signed_in(olga)


@pytest.fixture
def as_victor(victor: User) -> Client:
    return signed_in(victor)


def typed(**more: str) -> dict[str, str]:
    return {"subject": "person", "label": "Cỡ áo", "kind": "choice", "choices": "S\nM\nL", "topic": "",
            "position": "1", "is_active": "on", **more}  # fmt: skip


def test_a_question_is_typed_with_its_choices_one_a_line(as_olga: Client, conference: Conference) -> None:
    response = as_olga.post(url(Question, "add"), typed(choices=" S \n\nM\n m\nL"))
    assert response.status_code == 302
    made = conference.questions.get()
    assert (made.slug, made.choices, made.kind) == ("co-ao", ["S", "m", "L"], "choice")
    entry = JournalEntry.objects.get(act="add")
    assert (entry.subject_name, entry.actor_name) == ("Cỡ áo", "Olga")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"choices": "S"}, "Ghi ít nhất hai lựa chọn, mỗi dòng một lựa chọn."),
        ({"choices": "x" * 101 + "\nM"}, "mỗi lựa chọn dài tối đa 100 ký tự."),
        (
            {"is_required": "on", "is_sensitive": "on"},
            "Câu hỏi về dữ liệu nhạy cảm không được bắt buộc trả lời.",
        ),
        ({"kind": "file", "is_sensitive": "on"}, "Không thu tệp chứa dữ liệu nhạy cảm. Đổi dạng trả lời."),
        ({"answer_by": "hôm nay"}, "Chưa đọc được thời điểm này."),
    ],
)
def test_what_makes_no_question_is_refused(as_olga: Client, more: dict[str, str], sentence: str) -> None:
    assert sentence in text(as_olga.post(url(Question, "add"), typed(**more)))
    assert not Question.objects.exists()


def test_a_kind_without_choices_keeps_none(as_olga: Client) -> None:
    as_olga.post(url(Question, "add"), typed(kind="date"))
    assert Question.objects.get().choices == []


def test_the_form_shows_what_people_will_see(as_olga: Client, conference: Conference) -> None:
    diet = conference.questions.create(
        label="Chế độ ăn", kind="choices", choices=["Ăn chay", "Ăn kiêng"], is_sensitive=True
    )
    page = text(as_olga.get(url(Question, "change", diet.pk)))
    assert "Người trả lời thấy Chế độ ăn Dữ liệu nhạy cảm, không bắt buộc. Ăn chay Ăn kiêng" in page
    assert "Đại biểu đã đồng ý để Ban Tổ chức dùng câu trả lời này" in page


def test_an_answered_question_keeps_its_kind_and_is_not_deleted(
    as_olga: Client, conference: Conference, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    asked = conference.questions.create(label="Ngày đến", kind="date")
    address = url(Question, "change", asked.pk)
    assert 'name="kind"' in as_olga.get(address).content.decode()
    make_attendee(delegation, extra={asked.slug: "2024-06-05"})
    response = as_olga.get(address)
    assert 'name="kind"' not in response.content.decode()
    data = fields(response) | {"label": "Ngày tới nơi", "kind": "text"}
    assert as_olga.post(address, data).status_code == 302
    asked.refresh_from_db()
    assert (asked.label, asked.kind, asked.slug) == ("Ngày tới nơi", "date", "ngay-den")
    page = text(as_olga.post(url(Question, "delete", asked.pk), {"post": "yes"}, follow=True))
    assert "Câu này đã có người trả lời, không xóa được." in page
    assert Question.objects.get() == asked
    assert not JournalEntry.objects.filter(act="remove").exists()


def test_a_question_nobody_answered_is_deleted(as_olga: Client, conference: Conference) -> None:
    asked = conference.questions.create(label="Ngày đến")
    as_olga.post(url(Question, "delete", asked.pk), {"post": "yes"})
    assert not Question.objects.exists()


def test_the_list_tells_how_many_answered_in_the_same_number_of_queries(
    as_olga: Client, conference: Conference, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    first = conference.questions.create(label="Ngày đến", kind="date", is_required=True, position=0)
    make_attendee(delegation, extra={first.slug: "2024-06-05"})
    make_attendee(delegation)

    def grow() -> None:
        conference.questions.create(label="Câu khác", kind="number", position=5)

    assert len(set(same_count(as_olga, url(Question), grow, (1, 3, 20)))) == 1
    response = as_olga.get(url(Question))
    assert rows(response)[0] == "Ngày đến"
    assert "Bắt buộc 17:00, 31/5/2024 hạn chung 1/2" in text(response)


def test_one_click_adds_the_questions_about_travel_once(
    as_olga: Client, as_victor: Client, conference: Conference
) -> None:
    assert as_victor.post(ASK).status_code == 403
    assert "Đã thêm 8 câu hỏi về đi lại, ăn, nghỉ." in text(as_olga.post(ASK, follow=True))
    assert "Bộ câu hỏi về đi lại, ăn, nghỉ đã có đủ." in text(as_olga.post(ASK, follow=True))
    assert conference.questions.count() == len(travel.READY)
    assert as_olga.get(ASK).status_code == 405


def test_days_and_hours_of_travel_stay_days_and_hours(as_olga: Client, conference: Conference) -> None:
    travel.ask(conference, by=None)
    may_change = {
        one.slug for one in conference.questions.all()
        if 'name="kind"' in as_olga.get(url(Question, "change", one.pk)).content.decode()
    }  # fmt: skip
    assert may_change == {one["slug"] for one in travel.READY} - set(travel.MOMENTS)


def test_the_page_of_travel_says_who_comes_when_and_of_meals_only_numbers(
    as_olga: Client, as_victor: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    assert "Chưa hỏi đại biểu về đi lại, ăn, nghỉ" in text(as_victor.get(TRAVEL))
    travel.ask(delegation.conference, by=None)
    make_attendee(delegation, "Lê Văn Sớm", phone="+84905123318", extra={
        "arrival-day": "2024-06-05", "arrival-time": "09:10", "vehicle": "Máy bay", "trip-number": "VN 1377",
        "return-day": "2024-06-08", "room": "Phòng đơn", "diet": ["Ăn chay"],
    })  # fmt: skip
    make_attendee(delegation, "Lê Văn Im")
    page = text(as_victor.get(TRAVEL))
    assert "1/2 người đã báo ngày đến." in page
    assert "Đến thứ Tư, 05/6/2024 Máy bay · 1 người" in page
    assert "09:10 Lê Văn Sớm Lâm Đồng VN 1377" in page
    assert "Ngày về Thứ Bảy, 08/6/2024 1 Phòng nghỉ Phòng đơn 1 Chế độ ăn Ăn chay 1 Dữ liệu nhạy cảm" in page
    assert page.count("Lê Văn Sớm") == 1


def test_another_conference_shows_nothing_of_ours(
    as_olga: Client, foreign_delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    foreign = foreign_delegation.conference.questions.create(label="Câu lạ")
    travel.ask(foreign_delegation.conference, by=None)
    make_attendee(foreign_delegation, "Trần Thị Khách", extra={"arrival-day": "2024-06-05"})
    assert as_olga.get(url(Question, "change", foreign.pk)).status_code == 404
    assert "Câu lạ" not in text(as_olga.get(url(Question)))
    assert "Trần Thị Khách" not in text(as_olga.get(TRAVEL))
