"""People check in themselves by the code that turns on the screen of their hall."""

import datetime
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendees import answers, links
from attendees.models import Attendee, Delegation
from conference.models import User
from sessions import attending, self_check_in
from sessions.models import Attendance, Hall, Report, Session, Source
from tests.attendees.test_races import at_once
from tests.conference.desk import signed_in, strict, text  # noqa: F401  (a fixture)
from tests.conftest import VN, MakeAttendee, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]
NOW = datetime.datetime(2026, 3, 1, 9, 0, 10, tzinfo=VN)  # ten seconds into a step
HERE = "/da-lat-2024/here/khai-mac/"
SCREEN = "/da-lat-2024/now/hoi-truong-lon/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """The real clock, by which the code turns."""
    cache.clear()
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def held(opening: Session, hall: Hall) -> Session:
    """The opening lets people check in themselves; it is 07:42, and it begins at eight."""
    opening.self_check_in, opening.hall = True, hall
    opening.save()
    publish(opening.conference)
    return opening


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation, "Trần Thị Bình", honorific="ba")


def code(held: Session) -> str:
    return self_check_in.token(held, self_check_in.step_now())


def opened(client: Client, held: Session) -> str:
    """The ticket of the page that the code on the screen opens."""
    response = client.get(f"{HERE}{code(held)}/")
    return str(response.context["form"]["ticket"].value())


def at(held: Session, hour: int, minute: int = 0, day: int = 6) -> None:
    """By the clock of the conference."""
    conference = held.conference
    conference.demo_now = datetime.datetime(2024, 6, day, hour, minute, tzinfo=VN)
    conference.save()


# ── The code ──────────────────────────────────────────────────────────────────────────────────────


def test_a_code_is_good_in_its_step_and_the_next_one(held: Session, clock: Any) -> None:
    shown = code(held)
    good = []
    for seconds in (0, 19, 20, 49, 50, 300):
        clock.move_to(NOW + datetime.timedelta(seconds=seconds))
        good.append(self_check_in.is_fresh(held, shown))
    assert good == [True, True, True, True, False, False]


def test_a_code_is_of_one_session_and_one_installation(
    held: Session, settings: LazySettings, clock: Any
) -> None:
    other = Session.objects.create(
        conference=held.conference, code="khac", title="Khác", day=held.day, starts=held.starts,
        ends=held.ends,
    )  # fmt: skip
    shown = code(held)
    assert not self_check_in.is_fresh(other, shown)
    settings.SECRET_KEY = "another" * 8
    assert not self_check_in.is_fresh(held, shown)


@pytest.mark.parametrize("typed", ["", "0" * 16, "x" * 5000, "Đ" * 16])
def test_what_is_no_code_opens_nothing(held: Session, typed: str) -> None:
    assert not self_check_in.is_fresh(held, typed)


# ── The screen ────────────────────────────────────────────────────────────────────────────────────


def test_only_a_screen_opened_by_the_door_shows_the_code(
    client: Client, held: Session, greta: User, victor: User
) -> None:
    assert "Quét để điểm danh" not in text(client.get(SCREEN))
    assert "Quét để điểm danh" not in text(signed_in(victor).get(SCREEN))
    response = signed_in(greta).get(SCREEN)
    assert "Quét để điểm danh" in text(response)
    assert 'data-now-turns="20"' in response.content.decode()
    assert response.context["check_in"].address.endswith(f"{HERE}{code(held)}/")
    assert "no-store" in response["Cache-Control"]


def test_the_screen_turns_with_the_code_and_without_a_script(held: Session, greta: User, clock: Any) -> None:
    screen = signed_in(greta)
    first = screen.get(SCREEN, headers={"X-Fragment": "now"}).content
    clock.move_to(NOW + datetime.timedelta(seconds=20))
    assert screen.get(SCREEN, headers={"X-Fragment": "now"}).content != first
    assert '<noscript><meta http-equiv="refresh"' in screen.get(SCREEN).content.decode()


@pytest.mark.parametrize(
    ("hour", "minute", "is_shown"),
    [(7, 29, False), (7, 30, True), (8, 30, True), (9, 30, True), (9, 31, False)],
)
def test_the_screen_shows_it_half_an_hour_before_until_half_an_hour_after(
    held: Session, greta: User, hour: int, minute: int, is_shown: bool
) -> None:
    at(held, hour, minute)
    assert ("Quét để điểm danh" in text(signed_in(greta).get(SCREEN))) is is_shown


def test_a_screen_shows_the_session_that_is_on_before_the_one_that_comes(held: Session) -> None:
    later = Session.objects.create(
        conference=held.conference, code="sau", title="Sau", day=held.day, starts=held.ends,
        ends=datetime.time(10), self_check_in=True,
    )  # fmt: skip
    shown = []
    for hour, minute in ((7, 40), (8, 45), (9, 5), (10, 10)):
        at(held, hour, minute)
        found = self_check_in.shown(held.conference, ["khai-mac", "sau"])
        shown.append(found.session if found else None)
    assert shown == [held, held, later, later]


def test_the_screen_asks_once_more(client: Client, held: Session, greta: User) -> None:
    screen = signed_in(greta)
    with CaptureQueriesContext(connection) as caught:
        screen.get(SCREEN)
    assert sum("self_check_in" in one["sql"] and "thematic_session" in one["sql"] for one in caught) == 1


# ── The page ──────────────────────────────────────────────────────────────────────────────────────


def test_the_code_of_a_badge_is_enough_and_a_replay_answers_the_same(
    client: Client, held: Session, person: Attendee, clock: Any
) -> None:
    given = {"code": person.code.lower(), "ticket": opened(client, held)}
    first = text(client.post(HERE, given))
    assert "Đã điểm danh Bà Trần Thị Bình có mặt từ 07:42. Khai mạc" in first
    fact, report = Attendance.objects.get(), Report.objects.get()
    assert (fact.attendee, fact.source, fact.recorded_by) == (person, "self", None)
    assert (report.attendee, report.source) == (person, "self")
    at(held, 7, 50)
    assert text(client.post(HERE, given)) == first
    assert Attendance.objects.count() == Report.objects.count() == 1


def test_who_was_scanned_before_is_there_since_then(client: Client, held: Session, person: Attendee) -> None:
    attending.record(person, held, by=None, source=Source.SCAN)
    at(held, 7, 55)
    said = text(client.post(HERE, {"code": person.code, "ticket": opened(client, held)}))
    assert "có mặt từ 07:42" in said
    assert set(person.reports.values_list("source", flat=True)) == {"scan", "self"}


def test_who_came_by_the_personal_link_presses_one_button(
    client: Client, held: Session, person: Attendee
) -> None:
    clock_now = NOW.astimezone(datetime.UTC)
    link = links.make(person, "person", by=None, expires_at=clock_now + datetime.timedelta(days=9))
    client.post(reverse("attendees:link", args=(links.token_of(link),)))
    page = client.get(f"{HERE}{code(held)}/")
    assert "Bà Trần Thị Bình" in text(page)
    ticket = page.context["form"]["ticket"].value()
    assert "Bà Trần Thị Bình có mặt" in text(client.post(HERE, {"code": "", "ticket": ticket}))


def test_somebody_else_on_the_same_phone_types_a_code(
    client: Client, held: Session, person: Attendee, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    other = make_attendee(delegation, "Lê Văn An")
    expires = NOW.astimezone(datetime.UTC) + datetime.timedelta(days=9)
    link = links.make(person, "person", by=None, expires_at=expires)
    client.post(reverse("attendees:link", args=(links.token_of(link),)))
    given = {"code": other.code, "ticket": opened(client, held)}
    assert "Lê Văn An có mặt" in text(client.post(HERE, given))
    assert Attendance.objects.get().attendee == other


# ── Refusals ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (7, 29, "Chưa đến giờ. Điểm danh từ 07:30, thứ Năm, 06/6/2024."),
        (9, 31, "Đã hết giờ điểm danh, lúc 09:30, thứ Năm, 06/6/2024."),
    ],
)
def test_it_is_open_in_the_hours_of_the_session_alone(
    client: Client, held: Session, person: Attendee, hour: int, minute: int, words: str
) -> None:
    ticket = opened(client, held)
    at(held, hour, minute)
    assert words in text(client.get(f"{HERE}{code(held)}/"))
    assert words in text(client.post(HERE, {"code": person.code, "ticket": ticket}))
    assert not Attendance.objects.exists()


def test_a_session_that_does_not_allow_it_says_so(client: Client, held: Session, person: Attendee) -> None:
    ticket = opened(client, held)
    Session.objects.update(self_check_in=False)
    for response in (
        client.get(f"{HERE}{code(held)}/"),
        client.post(HERE, {"code": person.code, "ticket": ticket}),
    ):
        assert "Phiên này không tự điểm danh." in text(response)
    assert not Attendance.objects.exists()


def test_a_photograph_of_the_screen_is_of_no_use_a_minute_later(
    client: Client, held: Session, person: Attendee, clock: Any
) -> None:
    photographed = code(held)
    clock.move_to(NOW + datetime.timedelta(seconds=60))
    assert "Mã đã đổi. Quét lại" in text(client.get(f"{HERE}{photographed}/"))
    refused = client.post(HERE, {"code": person.code, "ticket": photographed})
    assert "Trang này mở quá lâu." in text(refused)
    assert not Attendance.objects.exists()


def test_an_open_page_is_good_for_three_minutes(
    client: Client, held: Session, person: Attendee, clock: Any
) -> None:
    given = {"code": person.code, "ticket": opened(client, held)}
    clock.move_to(NOW + datetime.timedelta(seconds=181))
    assert "Trang này mở quá lâu." in text(client.post(HERE, given))
    clock.move_to(NOW + datetime.timedelta(seconds=179))
    assert "có mặt từ 07:42" in text(client.post(HERE, given))


def test_a_ticket_is_of_one_session(client: Client, held: Session, person: Attendee) -> None:
    other = Session.objects.create(
        conference=held.conference, code="khac", title="Khác", day=held.day, starts=held.starts,
        ends=held.ends, self_check_in=True,
    )  # fmt: skip
    ticket = opened(client, held)
    said = text(client.post("/da-lat-2024/here/khac/", {"code": person.code, "ticket": ticket}))
    assert "Trang này mở quá lâu." in said
    assert not other.attendances.exists()


def test_who_was_replaced_and_who_withdrew_are_told(
    client: Client, held: Session, person: Attendee, olga: User
) -> None:
    ticket = opened(client, held)
    answers.replace(person, by=olga, full_name="Lê Thay Thế", version=person.version)
    given = {"code": person.code, "ticket": ticket}
    assert "Thẻ này đã thay người" in text(client.post(HERE, given))
    assert "Lê Thay Thế" not in text(client.post(HERE, given))  # whose name it is, the desk tells
    Attendee.objects.filter(pk=person.pk).update(status=Attendee.Status.DECLINED)
    assert "không còn trong danh sách đoàn" in text(client.post(HERE, given))
    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Nhập mã in dưới hình QR của thẻ."),
        ("7K3M", "Mã thẻ có 8 ký tự."),
        ("7K3M9QFF", "Mã thẻ có ký tự sai hoặc hai ký tự đổi chỗ."),
        ("00000000", "Không có thẻ nào mang mã này trong hội nghị."),
        ("x" * 300, "40"),
    ],
)
def test_a_wrong_code_of_a_badge_is_told_in_place_and_the_page_stays(
    client: Client, held: Session, typed: str, words: str
) -> None:
    response = client.post(HERE, {"code": typed, "ticket": opened(client, held)})
    assert response.status_code == 200
    assert words in text(response)
    assert response.context["form"]["ticket"].value()


def test_a_person_of_another_conference_is_not_known(
    client: Client, held: Session, foreign_delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    foreign = make_attendee(foreign_delegation, "Phạm Lạ")
    said = text(client.post(HERE, {"code": foreign.code, "ticket": opened(client, held)}))
    assert "Không có thẻ nào mang mã này" in said
    assert "Phạm Lạ" not in said


def test_who_guesses_codes_waits(client: Client, held: Session, settings: LazySettings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "here_unknown": "3/m/ip"}
    ticket = opened(client, held)
    codes = [client.post(HERE, {"code": "00000000", "ticket": ticket}).status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]


def test_a_form_without_a_token_of_ours_is_refused(held: Session, person: Attendee) -> None:
    client = Client(enforce_csrf_checks=True)
    ticket = opened(client, held)
    assert client.post(HERE, {"code": person.code, "ticket": ticket}).status_code == 403
    assert not Attendance.objects.exists()


def test_the_address_without_a_code_says_what_to_do_and_nothing_is_kept_or_indexed(
    client: Client, held: Session
) -> None:
    response = client.get(HERE)
    assert "Quét lại mã đang hiện trên màn hình" in text(response)
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert client.get("/da-lat-2024/here/khong-co/").status_code == 404
    assert not re.search(code(held), response.content.decode())


@pytest.mark.django_db(transaction=True)
def test_twelve_presses_and_scans_at_once_are_one_presence(
    client: Client, held: Session, person: Attendee
) -> None:
    """No path of its own: the same verb, and the same constraint decides."""
    ticket = opened(client, held)

    def press(number: int) -> None:
        if number % 3:
            self_check_in.check_in(held, person, ticket)
        else:
            attending.record(person, held, by=None, source=Source.SCAN)

    assert at_once(press, 12) == {"done": 12}
    assert Attendance.objects.count() == 1
    assert set(person.reports.values_list("source", flat=True)) == {"scan", "self"}


def test_a_refusal_has_a_code_and_a_sentence(held: Session, person: Attendee) -> None:
    with pytest.raises(ValidationError) as refused:
        self_check_in.check_in(held, person, "x")
    assert refused.value.code == "expired"
