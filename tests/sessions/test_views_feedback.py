"""Papers in the browser: the own page gives one, and the page of the paper knows nobody."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session as BrowserSession
from django.test import Client
from django.urls import reverse

from attendees.models import Attendee, Delegation
from conference import redacting
from conference.models import Conference, JournalEntry, User
from sessions import voting
from sessions.models import Feedback, Session, Slip, TestAnswer
from tests.attendees.portal import text_of
from tests.attendees.test_views_person import opened
from tests.conference.desk import queries, strict_templates
from tests.conftest import MakeAttendee, publish
from tests.sessions.papers import TOPIC, ask, at, topic_of
from tests.sessions.plans import session

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(conference: Conference) -> Session:
    made = topic_of(conference)
    at(9)
    return made


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation, "Trần Thị Ngọc Ánh", status="confirmed")


def own(person: Attendee, name: str = "feedback") -> str:
    return reverse(f"thematic:{name}", args=("da-lat-2024", person.code))


def paper_of(client: Client, person: Attendee, kind: str = "feedback") -> str:
    """The address of a paper that the person was given in this browser."""
    answer = opened(client, person).post(own(person, "feedback_give"), {"kind": kind, "session": TOPIC})
    assert answer.status_code == 303
    return str(answer["Location"])


# The own page


def test_the_own_page_leads_to_papers_from_the_first_day_or_the_first_test_on(
    topic: Session, person: Attendee, client: Client
) -> None:
    page = reverse("attendees:attendee_page", args=("da-lat-2024", person.code))
    opened(client, person)
    assert own(person) in client.get(page).content.decode()
    at(16, day=5)
    assert own(person) not in client.get(page).content.decode()
    ask(topic)
    assert own(person) in client.get(page).content.decode()
    Attendee.objects.update(status="nominated")
    assert own(person) not in client.get(page).content.decode()


def test_what_can_be_had_now_comes_first(topic: Session, person: Attendee, client: Client) -> None:
    with strict_templates():
        said = text_of(opened(client, person).get(own(person)))
    assert "undefined" not in said
    assert said.index("Đang mở") < said.index("Chuyên đề 1: Quảng bá") < said.index("Mở phiếu")
    assert said.index("Mở phiếu") < said.index("Sắp mở") < said.index("Mở lúc 08:45, thứ Sáu, 07/6/2024")
    assert "Nhận phiếu đến hết thứ Sáu, 14/6/2024" in said


def test_nobody_else_reads_which_papers_a_person_was_given(
    topic: Session, person: Attendee, olga: User, dan: User, settings: Any
) -> None:
    settings.DEMO = True
    for user in (olga, dan):
        client = Client()
        client.force_login(user)
        assert client.get(own(person)).status_code == 403
        given = {"kind": "feedback", "session": TOPIC}
        assert client.post(own(person, "feedback_give"), given).status_code == 403
    assert not Slip.objects.exists()


def test_a_second_paper_is_refused_where_the_person_looks(
    topic: Session, person: Attendee, client: Client
) -> None:
    paper_of(client, person)
    answer = client.post(own(person, "feedback_give"), {"kind": "feedback", "session": TOPIC}, follow=True)
    assert "Ông/Bà đã nhận phiếu này." in text_of(answer)
    assert "Mở phiếu" not in text_of(answer)


@pytest.mark.parametrize(
    "sent",
    [{}, {"kind": "x"}, {"kind": "feedback", "session": "../.."}, {"kind": "feedback", "session": "a" * 99},
     {"kind": "feedback", "session": "a\0"}],
)  # fmt: skip
def test_a_request_for_no_paper_is_answered_with_a_sentence(
    topic: Session, person: Attendee, client: Client, sent: dict[str, str]
) -> None:
    answer = opened(client, person).post(own(person, "feedback_give"), sent, follow=True)
    assert "Không có phiếu này." in text_of(answer)
    assert not Slip.objects.exists()


def test_the_page_asks_as_much_for_many_sessions_as_for_one(
    topic: Session, person: Attendee, client: Client, conference: Conference
) -> None:
    opened(client, person)
    few = queries(client, own(person))
    for number in range(12):
        ask(session(conference, f"cd-{number}", 10, 11))
    publish(conference)
    assert queries(client, own(person)) == few


# The paper


def test_the_paper_is_the_same_for_whoever_opens_it(topic: Session, person: Attendee, client: Client) -> None:
    where = paper_of(client, person)
    bare = Client()
    pages = [re.sub(r'value="\w{64}"', "", one.get(where).content.decode()) for one in (client, bare)]
    assert pages[0] == pages[1]
    assert person.full_name not in pages[0]
    assert person.code not in pages[0]
    assert "session" not in bare.cookies


def test_to_send_a_paper_writes_one_row_and_nothing_else(
    topic: Session, person: Attendee, client: Client
) -> None:
    where = paper_of(client, person)
    before = (JournalEntry.objects.count(), list(BrowserSession.objects.values_list()))
    answer = client.post(where, {"content": "5", "speaker": "", "helpful": "  Phần   hỏi\nđáp "}, follow=True)
    assert "Phiếu này đã được gửi" in text_of(answer)
    assert (JournalEntry.objects.count(), list(BrowserSession.objects.values_list())) == before
    paper = Feedback.objects.get()
    assert (paper.content, paper.speaker, paper.helpful, paper.session) == (5, None, "Phần hỏi đáp", topic)


def test_a_paper_that_was_sent_says_so(topic: Session, person: Attendee, client: Client) -> None:
    where = paper_of(client, person)
    client.post(where, {"content": "5"})
    again = client.post(where, {"content": "1"})
    assert (again.status_code, Feedback.objects.get().content) == (409, 5)
    assert "Phiếu này đã được gửi. Lần gửi này không tính." in text_of(again)
    assert '<form method="post" class="form"' not in client.get(where).content.decode()


def test_the_address_goes_into_no_referer_no_cache_and_no_log(
    topic: Session, person: Attendee, client: Client
) -> None:
    answer = opened(client, person).post(own(person, "feedback_give"), {"kind": "feedback", "session": TOPIC})
    page = Client().get(answer["Location"])
    for one in (answer, page, client.get(own(person))):
        assert one["Referrer-Policy"] == "strict-origin"
    assert page["Cache-Control"] == "no-store, private"
    secret = answer["Location"].rsplit("/", 2)[1]
    line = f'"GET {answer["Location"]} HTTP/1.1" 200 and next=%2Fda-lat-2024%2Fballots%2F{secret}%2F'
    assert redacting.redact(line) == (
        '"GET /da-lat-2024/ballots/•••/ HTTP/1.1" 200 and next=%2Fda-lat-2024%2Fballots%2F•••%2F'
    )


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Phiếu còn trống. Chọn ít nhất một mức hoặc viết một câu."),
        ({"helpful": " \n "}, "Phiếu còn trống."),
        ({"content": "6", "helpful": "Giữ lại"}, "Chọn một mức từ 1 đến 5"),
        ({"content": "-1", "helpful": "Giữ lại"}, "Chọn một mức từ 1 đến 5"),
        ({"content": "5 hay 4", "helpful": "Giữ lại"}, "Chọn một mức từ 1 đến 5"),
        ({"content": "5", "improve": "Giữ lại" * 200}, "1000"),
        ({"content": "5", "improve": "Giữ lại\0"}, "Chưa gửi được."),
    ],
)
def test_mistakes_are_told_in_place_and_the_paper_stays_good(
    topic: Session, person: Attendee, client: Client, sent: dict[str, str], said: str
) -> None:
    where = paper_of(client, person)
    answer = client.post(where, sent)
    assert answer.status_code == 200
    assert said in text_of(answer)
    if any("Giữ lại" in value for value in sent.values()):
        assert "Giữ lại" in text_of(answer)
    assert not Feedback.objects.exists()
    assert client.post(where, {"content": "5"}).status_code == 303


def test_after_the_end_the_paper_says_so(topic: Session, person: Attendee, client: Client) -> None:
    where = paper_of(client, person)
    at(0, day=15)
    for answer, status in ((client.get(where), 410), (client.post(where, {"content": "5"}), 409)):
        assert answer.status_code == status
        assert "Đã hết thời gian nhận phiếu này" in text_of(answer)
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("paper", ["khong-co", "a.b", "feedback-1-0-00.x", "x" * 500])
def test_a_wrong_address_is_answered_with_a_sentence(topic: Session, client: Client, paper: str) -> None:
    where = reverse("thematic:ballot", args=("da-lat-2024", paper))
    for answer in (client.get(where), client.post(where, {"content": "5"})):
        assert answer.status_code == 404
        assert "Không có phiếu này" in text_of(answer)


def test_a_paper_can_be_sent_only_from_its_page(topic: Session, person: Attendee, client: Client) -> None:
    where = paper_of(client, person)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(where, {"content": "5"}).status_code == 403
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', strict.get(where).content.decode())
    assert token
    assert strict.post(where, {"content": "5", "csrfmiddlewaretoken": token[1]}).status_code == 303


# Tests


def test_a_test_is_taken_before_and_after(topic: Session, person: Attendee, client: Client) -> None:
    first, second = ask(topic)
    at(7, 30)
    before = paper_of(client, person, "before")
    said = text_of(client.get(before))
    assert "1. Câu 1?" in said
    assert "Chưa biết" in said
    assert client.post(before, {str(first.pk): "1", str(second.pk): ""}).status_code == 303
    at(8, 50)
    after = paper_of(client, person, "after")
    assert client.post(after, {str(first.pk): "1", str(second.pk): "2", "content": "5"}).status_code == 303
    assert sorted(TestAnswer.objects.values_list("phase", "chosen"), key=str) == [
        ("after", {str(first.pk): 1, str(second.pk): 2}),
        ("before", {str(first.pk): 1}),
    ]


def test_an_option_that_is_not_there_is_told_in_place(
    topic: Session, person: Attendee, client: Client
) -> None:
    first, second = ask(topic)
    at(7, 30)
    where = paper_of(client, person, "before")
    answer = client.post(where, {str(first.pk): "4", str(second.pk): "2"})
    assert answer.status_code == 200
    assert "Chọn một phương án." in text_of(answer)
    assert re.search(rf'name="{second.pk}" value="2"[^>]*checked', answer.content.decode())
    assert not TestAnswer.objects.exists()


def test_the_paper_of_the_whole_conference(topic: Session, conference: Conference, client: Client) -> None:
    at(12, day=7)
    where = reverse("thematic:ballot", args=("da-lat-2024", voting.seal(conference, "feedback", None, None)))
    assert "Toàn hội nghị" in text_of(client.get(where))
    assert client.post(where, {"organisation": "4"}).status_code == 303
    assert Feedback.objects.get().session is None
