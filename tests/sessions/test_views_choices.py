"""Signing up over HTTP: the person by the own link, the officer for a delegation; what is said and kept."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from attendees.models import Attendee, Delegation
from conference import programme
from conference.models import Conference, User
from sessions import signing_up
from sessions.models import Session, SignUp
from tests.attendees.portal import text_of
from tests.attendees.test_views_person import opened
from tests.conference.desk import queries, signed_in, strict  # noqa: F401  (a fixture)
from tests.conftest import MakeAttendee, publish
from tests.sessions.choosing import at, bearer, crowd, parallel, queue, stands
from tests.sessions.plans import move, session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True  # no second factor in the way


@pytest.fixture
def beside(conference: Conference) -> dict[str, Session]:
    return parallel(conference, a=2, b=2)


@pytest.fixture
def people(beside: dict[str, Session], delegation: Delegation, make_attendee: MakeAttendee) -> list[Attendee]:
    return crowd(make_attendee, delegation, 5)


@pytest.fixture
def pia(client: Client, people: list[Attendee]) -> Client:
    """The first of them, by the own link."""
    return opened(client, people[0])


def url(name: str, person: Attendee, *more: str) -> str:
    return reverse(f"thematic:{name}", args=(person.conference.slug, person.code, *more))


def table_url(delegation: Delegation) -> str:
    return reverse("thematic:delegation_choices", args=(delegation.conference.slug, delegation.code))


def take(person: Attendee, code: str) -> None:
    signing_up.sign_up(person, code, by=bearer(person), move=True)


def card(response: HttpResponse, code: str) -> str:
    """The words of one card."""
    found = re.search(rf'(?s)<li class="choice-card[^>]*id="{code}">.*?</li>', response.content.decode())
    assert found is not None
    return text_of(HttpResponse(found[0]))


def press(client: Client, person: Attendee, code: str, verb: str = "take", **more: str) -> HttpResponse:
    """The button of a card, with the hidden fields that the page has for it."""
    page = client.get(url("choices", person)).content.decode()
    action = url(f"choice_{verb}", person, code)
    form = re.search(rf'(?s)<form method="post" action="{action}">.*?</form>', page)
    assert form is not None, f"no button for {action}"
    hidden = dict(re.findall(r'name="(seen|move)" value="([^"]*)"', form[0]))
    return client.post(action, {**hidden, **more}, follow=True)


# ── One person ────────────────────────────────────────────────────────────────────────────────────


def test_the_own_page_leads_to_the_choices_where_there_are_some(
    pia: Client, people: list[Attendee], beside: dict[str, Session]
) -> None:
    home = reverse("attendees:attendee_page", args=(people[0].conference.slug, people[0].code))
    assert url("choices", people[0]) in pia.get(home).content.decode()
    Session.objects.update(sign_up=False)
    assert url("choices", people[0]) not in pia.get(home).content.decode()


def test_sessions_stand_side_by_side_with_what_is_left_and_until_when(
    pia: Client, people: list[Attendee]
) -> None:
    for person in people[1:4]:
        take(person, "b")
    page = pia.get(url("choices", people[0]))
    assert "09:00–10:00, thứ Năm, 06/6/2024" in text_of(page)
    assert card(page, "a") == (
        "Truyền thông chính sách 09:00–10:00 Còn 2 chỗ Đăng ký đến 09:00, thứ Năm, 06/6/2024 "
        "Đăng ký phiên này : Truyền thông chính sách"
    )
    assert "Hết chỗ, đang chờ: 1" in card(page, "b")
    assert "Vào danh sách chờ" in card(page, "b")


def test_a_place_is_taken_moved_and_given_up_by_buttons(pia: Client, people: list[Attendee]) -> None:
    page = press(pia, people[0], "a")
    assert "Đã đăng ký. Ông/Bà có chỗ ở phiên này." in text_of(page)
    assert card(page, "a").startswith("Đã có chỗ")
    assert "Chỗ ở “Truyền thông chính sách” sẽ nhường lại. Chuyển sang phiên này" in card(page, "b")
    page = press(pia, people[0], "b")
    assert "Đã chuyển sang phiên này. Chỗ ở “Truyền thông chính sách” đã nhường lại." in text_of(page)
    page = press(pia, people[0], "b", "leave")
    assert "Đã thôi đăng ký “Quảng bá địa phương”." in text_of(page)
    assert stands(people[0]) == {}


def test_who_waits_reads_the_place_in_the_queue_and_what_happens_then(
    pia: Client, people: list[Attendee]
) -> None:
    for person in people[1:4]:
        take(person, "b")
    press(pia, people[0], "a")
    assert (
        "Giữ chỗ ở “Truyền thông chính sách” đến khi có chỗ ở đây, rồi nhường lại. Vào danh sách chờ"
        in card(pia.get(url("choices", people[0])), "b")
    )
    page = press(pia, people[0], "b")
    assert "Đã vào danh sách chờ; có chỗ thì hiện ở trang này, Ban Tổ chức báo đoàn." in text_of(page)
    assert card(page, "b").startswith("Đang chờ, thứ 2")
    assert stands(people[0]) == {"a": "taken", "b": "waiting"}


def test_a_place_that_went_meanwhile_costs_nobody_the_old_one(pia: Client, people: list[Attendee]) -> None:
    Attendee.objects.filter(pk=people[0].pk).update(email="an@lam-dong.example")
    take(people[0], "a")
    seen, action = "a:taken", url("choice_take", people[0], "b")
    for person in people[1:3]:
        take(person, "b")
    page = pia.post(action, {"seen": seen, "move": "1"}, follow=True)
    assert "Đã vào danh sách chờ; có chỗ thì Ban Tổ chức báo bằng thư." in text_of(page)
    assert stands(people[0]) == {"a": "taken", "b": "waiting"}


def test_an_old_page_is_told_and_shown_anew(pia: Client, people: list[Attendee]) -> None:
    take(people[0], "a")
    for verb in ("choice_take", "choice_leave"):
        page = pia.post(url(verb, people[0], "b"), {"seen": "b:taken"})
        assert page.status_code == 409
        assert "Lựa chọn ở khung giờ này vừa được đổi ở nơi khác." in text_of(page)
    assert stands(people[0]) == {"a": "taken"}


def test_what_is_refused_is_a_sentence_on_the_page(
    pia: Client, people: list[Attendee], beside: dict[str, Session]
) -> None:
    action = url("choice_take", people[0], "a")
    move(beside["a"], sign_up=False)
    assert "Phiên này không nhận đăng ký." in text_of(pia.post(action, follow=True))
    gone = url("choice_take", people[0], "khong-co")
    assert "Phiên này không còn trong chương trình." in text_of(pia.post(gone, follow=True))


def test_once_a_session_runs_there_is_no_button(
    pia: Client, people: list[Attendee], conference: Conference
) -> None:
    take(people[0], "a")
    at(conference, 9, 5)
    page = pia.get(url("choices", people[0]))
    assert "Đã hết hạn đăng ký lúc 09:00" in card(page, "b")
    assert "/take/" not in page.content.decode()
    assert "choices/a/leave/" not in page.content.decode()


def test_the_officer_looks_at_the_page_of_a_person_without_buttons(
    people: list[Attendee], dan: User, mai: User
) -> None:
    page = signed_in(dan).get(url("choices", people[0]))
    assert "Đăng ký giúp ở trang của đoàn." in text_of(page)
    assert "/take/" not in page.content.decode()
    assert signed_in(dan).post(url("choice_take", people[0], "a")).status_code == 403
    assert signed_in(mai).get(url("choices", people[0])).status_code == 404


def test_without_a_released_session_the_page_says_what_is_missing(
    client: Client, delegation: Delegation, make_attendee: MakeAttendee, conference: Conference
) -> None:
    person = make_attendee(delegation)
    session(conference, "nhap", 9, 10, sign_up=True, places=3)
    page = opened(client, person).get(url("choices", person))
    assert "Chưa có phiên nào để đăng ký" in text_of(page)


def test_the_own_calendar_has_what_was_chosen_and_follows_a_change_at_once(
    pia: Client, people: list[Attendee]
) -> None:
    address = programme.own_calendar(people[0])
    before = pia.get(address)
    assert "Truyền thông chính sách" not in before.content.decode()
    take(people[0], "a")
    after = pia.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Truyền thông chính sách" in after.content.decode()
    assert "Quảng bá địa phương" not in after.content.decode()
    assert pia.get(address, headers={"If-None-Match": after.headers["ETag"]}).status_code == 304


def test_the_public_programme_tells_nothing_of_who_signed_up(
    client: Client, people: list[Attendee], conference: Conference
) -> None:
    public = reverse("conference:public", args=(conference.slug,))
    before = text_of(client.get(public))
    take(people[0], "a")
    after = text_of(client.get(public))
    assert (after, "Người thứ 1" in after) == (before, False)


def test_the_page_asks_as_many_questions_for_one_session_as_for_many(
    pia: Client, people: list[Attendee], conference: Conference
) -> None:
    take(people[0], "a")
    address = url("choices", people[0])
    before = queries(pia, address)
    for number in range(12):
        session(conference, f"p{number}", 10 + number % 3, 11 + number % 3, sign_up=True, places=3)
    publish(conference)
    take(people[0], "p0")
    take(people[1], "p1")
    assert queries(pia, address) == before


# ── A delegation ──────────────────────────────────────────────────────────────────────────────────


def fields(response: HttpResponse) -> dict[str, str]:
    """The table as a browser would send it back unchanged."""
    page = response.content.decode()
    found = dict(re.findall(r'<input type="hidden" name="(s-[^"]+)" value="([^"]*)"', page))
    for name, inner in re.findall(r'(?s)<select[^>]* name="(c-[^"]+)"[^>]*>(.*?)</select>', page):
        chosen = re.search(r'<option value="([^"]*)" selected', inner)
        found[name] = chosen[1] if chosen else ""
    return found


def cell(person: Attendee, slot: str = "a") -> str:
    return f"c-{person.code}-{slot}"


def test_an_officer_signs_up_several_people_in_one_save(
    people: list[Attendee], delegation: Delegation, dan: User
) -> None:
    client, address = signed_in(dan), table_url(delegation)
    sent = fields(client.get(address)) | {cell(people[0]): "a", cell(people[1]): "b"}
    page = client.post(address, sent, follow=True)
    assert "Đã lưu 2 lựa chọn." in text_of(page)
    assert (stands(people[0]), stands(people[1]), stands(people[2])) == (
        {"a": "taken"}, {"b": "taken"}, {},
    )  # fmt: skip
    sent = fields(page) | {cell(people[0]): "b", cell(people[1]): ""}
    client.post(address, sent)
    assert (stands(people[0]), stands(people[1])) == ({"b": "taken"}, {})
    assert "Không có lựa chọn nào thay đổi." in text_of(
        client.post(address, fields(client.get(address)), follow=True)
    )


def test_who_does_not_fit_any_more_waits_and_the_officer_reads_it(
    people: list[Attendee], delegation: Delegation, dan: User
) -> None:
    client, address = signed_in(dan), table_url(delegation)
    sent = fields(client.get(address)) | {cell(person): "a" for person in people[:4]}
    page = client.post(address, sent, follow=True)
    assert "Đã lưu 4 lựa chọn." in text_of(page)
    assert "Đang chờ, thứ 2" in text_of(page)
    assert len(queue("a")) == 2


def test_what_somebody_else_changed_is_not_written_over_and_the_rest_is_saved(
    people: list[Attendee], delegation: Delegation, dan: User
) -> None:
    client, address = signed_in(dan), table_url(delegation)
    sent = fields(client.get(address)) | {cell(people[0]): "a", cell(people[1]): "a"}
    take(people[0], "b")  # the person by the own link, meanwhile
    take(people[2], "b")  # not touched by the officer
    page = client.post(address, sent)
    assert page.status_code == 409
    assert "1 lựa chọn chưa lưu được Người thứ 1 : Người khác vừa đổi lựa chọn này." in text_of(page)
    assert "Đã lưu 1 lựa chọn." in text_of(page)
    assert [stands(person) for person in people[:3]] == [{"b": "taken"}, {"a": "taken"}, {"b": "taken"}]
    again = fields(page)
    assert again[cell(people[0])] == "a"  # what was typed stands there still
    client.post(address, again)
    assert stands(people[0]) == {"a": "taken"}


def test_waiting_is_stopped_by_a_tick_and_the_place_stays(
    people: list[Attendee], delegation: Delegation, dan: User
) -> None:
    for person in people[1:3]:
        take(person, "b")
    take(people[0], "a")
    take(people[0], "b")
    client, address = signed_in(dan), table_url(delegation)
    before = fields(client.get(address))
    page = client.post(address, before | {cell(people[0]): "b"})  # what is waited for already
    assert "Người thứ 1 : Đang chờ chỗ ở phiên này" in text_of(page)
    assert stands(people[0]) == {"a": "taken", "b": "waiting"}
    client.post(address, before | {f"w-{cell(people[0])}": "1"})
    assert stands(people[0]) == {"a": "taken"}


def test_waiting_is_stopped_and_another_session_chosen_in_one_save(
    conference: Conference, delegation: Delegation, make_attendee: MakeAttendee, dan: User
) -> None:
    parallel(conference, a=1, b=1, c=1)
    people = crowd(make_attendee, delegation, 2)
    take(people[0], "b")
    take(people[1], "a")
    take(people[1], "b")
    client, address = signed_in(dan), table_url(delegation)
    sent = fields(client.get(address)) | {cell(people[1]): "c", f"w-{cell(people[1])}": "1"}
    client.post(address, sent)
    assert (stands(people[0]), stands(people[1])) == ({"b": "taken"}, {"c": "taken"})


def test_a_choice_that_was_struck_out_of_the_plan_stands_in_nobodys_way(
    pia: Client, people: list[Attendee], beside: dict[str, Session]
) -> None:
    take(people[0], "a")
    beside["a"].delete()
    press(pia, people[0], "b")
    assert stands(people[0]) == {"b": "taken"}


def test_made_up_choices_are_refused_at_their_person(
    people: list[Attendee], delegation: Delegation, dan: User
) -> None:
    client, address = signed_in(dan), table_url(delegation)
    sent = fields(client.get(address)) | {cell(people[0]): "khai-mac", cell(people[1]): "a"}
    page = client.post(address, sent)
    assert page.status_code == 200
    assert "Người thứ 1 : Phiên này không còn nhận đăng ký. Chọn phiên khác." in text_of(page)
    assert (stands(people[0]), stands(people[1])) == ({}, {"a": "taken"})


def test_people_of_another_delegation_are_not_in_the_form(
    people: list[Attendee], other_delegation: Delegation, delegation: Delegation, mai: User
) -> None:
    client = signed_in(mai)
    assert client.get(table_url(delegation)).status_code == 404
    client.post(table_url(other_delegation), {cell(people[0]): "a", f"s-{cell(people[0])}": ""})
    assert SignUp.objects.count() == 0
    assert "Đoàn chưa cử ai" in text_of(client.get(table_url(other_delegation)))


def test_after_the_deadline_the_table_is_only_read(
    people: list[Attendee], delegation: Delegation, dan: User, conference: Conference
) -> None:
    take(people[0], "a")
    at(conference, 9, 30)
    page = signed_in(dan).get(table_url(delegation))
    assert "<select" not in page.content.decode()
    assert "Lưu lựa chọn" not in text_of(page)
    assert "Đã có chỗ Truyền thông chính sách" in text_of(page)


def test_the_table_asks_as_many_questions_for_one_person_as_for_many(
    people: list[Attendee], delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    client, address = signed_in(dan), table_url(delegation)
    take(people[0], "a")
    before = queries(client, address)
    for number in range(20):
        take(make_attendee(delegation, f"Thêm {number}"), "ab"[number % 2])
    assert queries(client, address) == before
