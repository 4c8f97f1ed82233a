"""The desk of opinions and tests: who reads it, what it shows, what it keeps back."""

import io
import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from openpyxl import load_workbook

from attendees.models import Attendee, Delegation
from conference.models import Conference, JournalEntry, User
from sessions import collecting, results
from sessions.feedback import Paper
from sessions.models import Feedback, FeedbackSetting, Session, TestQuestion
from tests.conference.desk import fields, queries, signed_in, strict_templates, text, url
from tests.conftest import MakeAttendee, publish
from tests.journeys.pages import Page
from tests.sessions.papers import TOPIC, ask, at, feedback, filled, take, topic_of
from tests.sessions.plans import session

pytestmark = pytest.mark.django_db
OVERVIEW = "/admin/feedback/"
RESULT = f"/admin/feedback/sessions/{TOPIC}/"
EXPORT = "/admin/feedback/export/"
DAYS = "/admin/feedback/days/"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def topic(conference: Conference) -> Session:
    made = topic_of(conference)
    at(9)
    return made


# Who reads


def test_the_desk_reads_results_and_nobody_else(
    topic: Session, olga: User, victor: User, greta: User, dan: User, sam: User
) -> None:
    for user, status in ((olga, 200), (victor, 200), (greta, 403), (dan, 403), (sam, 403)):
        client = signed_in(user)
        for where in (OVERVIEW, RESULT, "/admin/feedback/whole/"):
            assert client.get(where).status_code == status, (user, where)
        assert client.post(EXPORT).status_code == status
    assert "Thời hạn nhận phiếu" not in text(signed_in(victor).get(OVERVIEW))


def test_results_of_another_conference_are_not_there(
    topic: Session, olga: User, foreign_delegation: Delegation
) -> None:
    foreign = session(foreign_delegation.conference, "cua-nguoi-khac", 8, 9)
    feedback(foreign, foreign.conference, 9, content=5)
    assert signed_in(olga).get("/admin/feedback/sessions/cua-nguoi-khac/").status_code == 404
    assert signed_in(olga).get("/admin/feedback/sessions/giai-lao/").status_code == 404
    assert "cua-nguoi-khac" not in text(signed_in(olga).get(OVERVIEW))


# What is shown


def test_four_answers_are_kept_back_and_five_are_shown(
    topic: Session, conference: Conference, olga: User
) -> None:
    feedback(topic, conference, 4, content=5, helpful="Chỉ có bốn người")
    kept_back = text(signed_in(olga).get(RESULT))
    assert "Chưa đủ 5 phiếu trong số liệu." in kept_back
    assert "Chỉ có bốn người" not in kept_back
    assert "Chưa đủ phiếu để công bố" in text(signed_in(olga).get(OVERVIEW))
    feedback(topic, conference, 1, content=3)
    with strict_templates():
        shown = text(signed_in(olga).get(RESULT))
    assert "Nội dung 5 ý kiến · trung bình 4,60 · trung vị 5" in shown
    assert "Chỉ có bốn người × 4" in shown
    assert "Báo cáo viên Chưa đủ 5 ý kiến" in shown
    assert "5 phiếu gửi về · 5 phiếu trong số liệu" in shown
    shown = text(signed_in(olga).get(OVERVIEW))
    assert "4,60" in shown
    assert "Người nhận phiếu Phiếu gửi về" in shown


def test_what_lies_in_the_urn_is_counted_at_the_end_only(
    topic: Session, conference: Conference, olga: User
) -> None:
    feedback(topic, conference, 6, content=5)
    feedback(topic, conference, 5, content=1)
    waiting = Feedback.objects.filter(content=1)
    waiting.update(is_counted=False)
    waiting.update(improve="Còn trong hòm")
    page = text(signed_in(olga).get(RESULT))
    assert "trung bình 5,00" in page
    assert "5 phiếu mới chờ đủ đợt" in page
    assert "Còn trong hòm" not in page
    at(0, day=15)
    page = text(signed_in(olga).get(RESULT))
    assert "11 ý kiến · trung bình 3,18" in page
    assert "Còn trong hòm × 5" in page


def test_a_bar_is_as_long_as_the_share_and_the_table_says_the_same(
    topic: Session, conference: Conference, olga: User
) -> None:
    feedback(topic, conference, 15, content=5)
    feedback(topic, conference, 5, content=2)
    page = signed_in(olga).get(RESULT).content.decode()
    table = re.search(r"<caption>Nội dung.*?</table>", page, re.S)
    assert table
    rows = re.findall(r'num">(\d)</th>.*?width="(\d+)".*?num">(\d+)</td>.*?quiet">(\d+)%', table[0], re.S)
    assert rows == [
        ("5", "75", "15", "75"), ("4", "0", "0", "0"), ("3", "0", "0", "0"), ("2", "25", "5", "25"),
        ("1", "0", "0", "0"),
    ]  # fmt: skip


def test_texts_stand_in_the_order_of_the_alphabet_and_no_two_together(
    topic: Session, conference: Conference
) -> None:
    for said, wish in (("Ổn", "b"), ("an toàn", "c"), ("Đủ", "a"), ("", ""), ("Cần", "a")):
        feedback(topic, conference, 1, helpful=said, improve=wish)
    [helpful, improve] = results.opinions(results.overall(conference)[1], conference)
    assert [said for said, _times in helpful.texts] == ["an toàn", "Cần", "Đủ", "Ổn"]
    assert improve.texts == [("a", 2), ("b", 1), ("c", 1)]


def test_markup_in_a_text_is_text(topic: Session, conference: Conference, olga: User) -> None:
    feedback(topic, conference, 5, helpful="<script>alert(1)</script>")
    page = signed_in(olga).get(RESULT).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_pages_ask_as_much_for_many_as_for_one(topic: Session, conference: Conference, olga: User) -> None:
    client = signed_in(olga)
    ask(topic)
    feedback(topic, conference, 6, content=4, helpful="Tốt")
    few = [queries(client, where) for where in (OVERVIEW, RESULT)]
    for number in range(12):
        other = session(conference, f"cd-{number}", 10, 11)
        ask(other)
        feedback(other, conference, 20, content=4)
    feedback(topic, conference, 60, content=4, helpful="Tốt")
    for category in conference.categories.all():
        filled(topic, Paper.BEFORE, category, 9, 9)
    publish(conference)
    assert [queries(client, where) for where in (OVERVIEW, RESULT)] == few


# Tests


def test_the_gain_by_component_and_by_question(topic: Session, conference: Conference, olga: User) -> None:
    ask(topic)
    department, press = conference.categories.all()
    filled(topic, Paper.BEFORE, department, 4, 6)
    filled(topic, Paper.AFTER, department, 7, 3)
    filled(topic, Paper.BEFORE, press, 5, 0)
    found = results.test_of(topic, conference.categories.all())
    assert found
    assert found.everybody.before.n == 15
    assert [(row.label, row.gain.before.n, row.gain.after.n) for row in found.components] == [
        ("Sở TTTT", 10, 10), ("Báo, Đài", 5, 0),
    ]  # fmt: skip
    gain = found.components[0].gain
    assert (gain.points, gain.normalised) == ("+30", pytest.approx(0.5))
    with strict_templates():
        page = text(signed_in(olga).get(RESULT))
    assert "Sở TTTT 10 40% 10 70% +30 0,50" in page
    assert "Báo, Đài 5 100% – – – –" in page
    assert "Câu 1? 15 60% 10 70% +10 0,25" in page


def test_small_components_go_together_at_the_end_and_never_stand_alone(
    topic: Session, conference: Conference
) -> None:
    ask(topic)
    department, press = conference.categories.all()
    filled(topic, Paper.AFTER, department, 3, 0, counted=False)
    filled(topic, Paper.AFTER, press, 0, 3, counted=False)
    assert_hidden = results.test_of(topic, conference.categories.all())
    assert assert_hidden
    assert assert_hidden.components == []
    at(0, day=15)
    topic.refresh_from_db()
    fresh = Session.objects.select_related("conference").get(pk=topic.pk)
    found = results.test_of(fresh, conference.categories.all())
    assert found
    assert [(row.label, row.gain.after.n, row.is_mixed) for row in found.components] == [
        ("Các thành phần khác", 6, True)
    ]
    assert found.everybody.after.n == 6


def test_a_session_without_questions_has_no_test(topic: Session, conference: Conference, olga: User) -> None:
    assert results.test_of(topic, conference.categories.all()) is None
    assert "Kiểm tra trước và sau" not in text(signed_in(olga).get(RESULT))


# The workbook


def test_the_workbook_says_what_the_desk_shows_and_its_text_is_no_formula(
    topic: Session, conference: Conference, olga: User
) -> None:
    ask(topic)
    feedback(topic, conference, 5, content=4, improve="=HYPERLINK(1)")
    feedback(None, conference, 4, content=1, improve="Bốn người")
    filled(topic, Paper.BEFORE, conference.categories.first(), 6, 4)
    answer = signed_in(olga).post(EXPORT)
    assert "da-lat-2024" in answer["Content-Disposition"]
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["So sánh", "Phân bố", "Ý kiến", "Bài kiểm tra", "Thông tin"]
    compared = list(book["So sánh"].values)
    assert compared[1] == ("Toàn hội nghị", 0, 4, 0, *[None] * 6)
    assert compared[2] == ("Chuyên đề 1: Quảng bá hình ảnh địa phương", 0, 5, 5, 4, *[None] * 5)
    assert list(book["Phân bố"].values)[1:] == [(compared[2][0], "Nội dung", 5, 4, 4, 0, 0, 0, 5, 0)]
    [said] = list(book["Ý kiến"].iter_rows(min_row=2))
    assert (said[2].value, said[2].data_type, said[3].value) == ("=HYPERLINK(1)", "s", 5)
    assert list(book["Bài kiểm tra"].values)[1][1:] == ("Tất cả", 10, 0.6, None, None, None, None)
    assert "Bốn người" not in str([list(sheet.values) for sheet in book])
    entry = JournalEntry.objects.get(act="export")
    assert (entry.actor, entry.changes) == (olga, {"bảng": ["", "Đánh giá, kiểm tra"]})


# The time


def test_organisers_set_for_how_long_papers_are_taken(
    topic: Session, conference: Conference, olga: User
) -> None:
    client = signed_in(olga)
    assert "hết thứ Sáu, 14/6/2024" in text(client.get(OVERVIEW))
    answer = client.post(DAYS, {"days_after": "0"}, follow=True)
    assert "hết thứ Sáu, 07/6/2024" in text(answer)
    assert FeedbackSetting.objects.get().days_after == 0
    entry = JournalEntry.objects.get(act="edit")
    assert entry.changes == {"days_after": [7, 0]}
    assert not collecting.take_for(conference, 0, by=olga)


def test_the_second_to_set_the_time_is_shown_what_the_first_set(
    topic: Session, conference: Conference, olga: User
) -> None:
    client = signed_in(olga)
    opened = typed_into(client.get(OVERVIEW), DAYS)
    assert opened["shown"] == "7"
    collecting.take_for(conference, 3, by=olga)
    told = client.post(DAYS, opened | {"days_after": "9"})
    assert told.status_code == 409
    assert "Người khác vừa đổi ô này thành “3”" in text(told)
    assert FeedbackSetting.objects.get().days_after == 3
    wrong = client.post(DAYS, opened | {"days_after": "61"})
    assert typed_into(wrong, DAYS)["shown"] == "7", "a slip of the hand says nothing of the other"
    again = typed_into(told, DAYS)
    assert (again["days_after"], again["shown"]) == ("9", "3")
    assert client.post(DAYS, again).status_code == 302
    assert FeedbackSetting.objects.get().days_after == 9
    assert client.post(DAYS, opened | {"days_after": "9"}).status_code == 302, "the same is no conflict"


def typed_into(response: Any, address: str) -> dict[str, object]:
    """What the form to that address would send."""
    found = Page(OVERVIEW, response.content.decode()).forms
    return next(form for form in found if form.action == address).filled()


@pytest.mark.parametrize("typed", ["", "-1", "61", "mười", "1.5", "99999999999999999999"])
def test_a_wrong_number_of_days_is_told_in_place(topic: Session, olga: User, typed: str) -> None:
    answer = signed_in(olga).post(DAYS, {"days_after": typed})
    assert answer.status_code == 200
    assert "Nhập số ngày, từ 0 đến 60." in text(answer)
    assert not typed or f'value="{typed}"' in answer.content.decode()
    assert not FeedbackSetting.objects.exists()


def test_what_is_closed_is_not_opened_again(topic: Session, conference: Conference, olga: User) -> None:
    at(0, day=15)
    conference.refresh_from_db()
    with pytest.raises(ValidationError, match="Không mở lại được"):
        collecting.take_for(conference, 30, by=olga)
    assert "Không mở lại được" in text(signed_in(olga).post(DAYS, {"days_after": "30"}))
    assert not FeedbackSetting.objects.exists()


def test_only_organisers_set_the_time(topic: Session, conference: Conference, victor: User) -> None:
    assert signed_in(victor).post(DAYS, {"days_after": "3"}).status_code == 403
    with pytest.raises(PermissionDenied):
        collecting.take_for(conference, 3, by=victor)


# Questions


def written(topic: Session, **more: Any) -> dict[str, Any]:
    return {
        "session": topic.pk, "position": 1, "text": "Mục tiêu đến năm nào?", "options": "2025\r\n2030\r\n",
        "right": 2, **more,
    }  # fmt: skip


def test_an_organiser_writes_questions(topic: Session, olga: User) -> None:
    answer = signed_in(olga).post(url(TestQuestion, "add"), written(topic), follow=True)
    assert answer.status_code == 200
    made = TestQuestion.objects.get()
    assert (made.lines, made.right) == (["2025", "2030"], 2)
    assert JournalEntry.objects.filter(act="add").exists()
    assert "Mục tiêu đến năm nào?" in text(signed_in(olga).get(url(TestQuestion)))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"options": "2025"}, "Nhập từ 2 đến 6 phương án"),
        ({"right": "3"}, "Chỉ có 2 phương án. Nhập một số từ 1 đến 2."),
        ({"right": "0"}, "Nhập một số từ 1 đến 2."),
        ({"text": " "}, "text"),
        ({"session": ""}, "session"),
    ],
)
def test_a_wrong_question_is_told_in_place(
    topic: Session, olga: User, typed: dict[str, str], said: str
) -> None:
    answer = signed_in(olga).post(url(TestQuestion, "add"), written(topic, **typed))
    assert answer.status_code == 200
    assert said in text(answer) or said in answer.context["adminform"].form.errors
    assert not TestQuestion.objects.exists()


def test_only_topics_have_tests(topic: Session, conference: Conference, olga: User) -> None:
    talk = conference.sessions.get(code="tham-luan")
    answer = signed_in(olga).post(url(TestQuestion, "add"), written(talk))
    assert "session" in answer.context["adminform"].form.errors


def test_once_somebody_holds_a_paper_the_questions_stand(
    topic: Session, olga: User, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    [question, _second] = ask(topic)
    client = signed_in(olga)
    page = url(TestQuestion, "change", question.pk)
    form = fields(client.get(page))
    person: Attendee = make_attendee(delegation, "Trần Thị Ánh", status="confirmed")
    at(7)
    take(person, Paper.BEFORE)
    answer = client.post(page, {**form, "right": "2"})
    assert "Đã có đại biểu nhận bài kiểm tra này." in text(answer)
    answer = client.post(url(TestQuestion, "delete", question.pk), {"post": "yes"}, follow=True)
    assert "Đã có đại biểu nhận bài kiểm tra này." in text(answer)
    answer = client.post(url(TestQuestion, "add"), written(topic))
    assert "Đã có đại biểu nhận bài kiểm tra này." in text(answer)
    question.refresh_from_db()
    assert (question.right, TestQuestion.objects.count()) == (1, 2)


def test_a_question_does_not_leave_a_test_that_was_given(
    topic: Session, conference: Conference, olga: User, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    [question] = ask(topic, 1)
    other = session(conference, "chuyen-de-2", 10, 11)
    client, page = signed_in(olga), url(TestQuestion, "change", question.pk)
    form = fields(client.get(page))
    at(7)
    take(make_attendee(delegation, "Trần Thị Ánh", status="confirmed"), Paper.BEFORE)
    answer = client.post(page, {**form, "session": other.pk})
    assert "Đã có đại biểu nhận bài kiểm tra này." in text(answer)


def test_the_menu_leads_to_results_and_questions(topic: Session, olga: User) -> None:
    page = signed_in(olga).get("/admin/").content.decode()
    assert reverse("admin:feedback") in page
    assert url(TestQuestion) in page
