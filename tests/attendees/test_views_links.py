"""The pages of a personal link over HTTP: looking changes nothing, a press opens one thing for a while."""

import datetime
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from attendees import links
from attendees.models import Attendee, Delegation, Link
from conference.models import Conference, JournalEntry, User
from tests.attendees.portal import PERSON_PAGES, close, every_address, filled, text_of, url
from tests.conftest import MakeAttendee

COUNTED = "allauth:rl:allauth.account:link:300/60/ip:ip:127.0.0.1"
pytestmark = pytest.mark.django_db


def at(link: Link) -> str:
    return reverse("attendees:link", args=(links.token_of(link),))


def everything() -> list[Any]:
    """Every row that a visit could change."""
    tables = (Link, Delegation, Attendee, JournalEntry, Session)
    return [list(table._default_manager.order_by("pk").values()) for table in tables]


# ── Looking ───────────────────────────────────────────────────────────────────────────────────────


def test_a_link_says_whose_page_it_opens_and_offers_one_press(client: Client, link: Link) -> None:
    Conference.objects.update(contact_name="Tổ Thư ký", contact_phone="+84912345678")
    response = client.get(at(link))
    page = text_of(response)
    assert "Đoàn đại biểu Tỉnh Lâm Đồng" in page
    assert "Hạn trả lời: 17:00, thứ Sáu, 31/5/2024 Mở trang trả lời" in page
    assert "Đầu mối Ban Tổ chức: Tổ Thư ký 0912 345 678" in page
    body = response.content.decode()
    assert body.count("<form") == 1
    assert links.token_of(link) not in body


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(client: Client, link: Link, method: str) -> None:
    before = everything()
    for _ in range(3):
        assert getattr(client, method)(at(link)).status_code == 200
    assert everything() == before
    assert client.get(url("delegation", link.delegation)).status_code == 302, "nobody came in by looking"


def test_a_scanner_that_follows_every_link_of_the_page_changes_nothing(client: Client, link: Link) -> None:
    before = everything()
    client.get(at(link).rstrip("/"), follow=True)
    for method in ("put", "patch", "delete", "options"):
        assert getattr(client, method)(at(link)).status_code == 405
    assert everything() == before


@pytest.mark.parametrize("state", ["good", "unknown", "over", "revoked", "too many"])
def test_the_page_is_kept_and_told_nowhere(client: Client, link: Link, olga: User, state: str) -> None:
    address = at(link)
    if state == "over":
        Link.objects.update(expires_at=timezone.now(), created_at="2024-01-01T00:00:00Z")
    elif state == "revoked":
        links.revoke(link, by=olga)
    elif state == "unknown":
        address = "/l/khong-co/"
    elif state == "too many":
        spend(client, address)
    response = client.post(address) if state == "too many" else client.get(address)
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "no-store, private"
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def spend(client: Client, address: str) -> None:
    """Uses up what one address may send in a minute, without sending three hundred times."""
    assert client.post(address).status_code == 302
    assert cache.get(COUNTED), "the limit counts under another name"
    cache.set(COUNTED, [timezone.now().timestamp()] * 300, 60)


def test_three_hundred_from_one_office_come_in_and_the_next_waits(client: Client, link: Link) -> None:
    spend(client, at(link))
    uses = Link.objects.get().uses
    response = client.post(at(link))
    assert (response.status_code, response["Retry-After"]) == (429, "60")
    assert client.post("/l/khong-co/").status_code == 429, "guesses are counted like the rest"
    assert Link.objects.get().uses == uses
    cache.clear()
    assert client.post(at(link)).status_code == 302


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_is_not_counted_and_not_stopped(client: Client, link: Link, method: str) -> None:
    look = getattr(client, method)
    assert [look(at(link)).status_code, look("/l/khong-co/").status_code] == [200, 404]
    assert cache.get(COUNTED) is None
    spend(client, at(link))
    assert (look(at(link)).status_code, len(cache.get(COUNTED))) == (200, 300)


# ── Coming in ─────────────────────────────────────────────────────────────────────────────────────


def test_a_press_leads_to_the_page_of_the_delegation_by_an_address_without_the_token(
    client: Client, link: Link
) -> None:
    response = client.post(at(link))
    assert (response.status_code, response["Location"]) == (302, url("delegation_answer", link.delegation))
    page = text_of(client.get(response["Location"]))
    assert "Đang trả lời bằng liên kết của đoàn Tỉnh Lâm Đồng Kết thúc" in page
    assert "Xác nhận trước 17:00, thứ Sáu, 31/5/2024" in page
    link.refresh_from_db()
    assert (link.uses, link.last_used_at is not None) == (1, True)
    entry = JournalEntry.objects.get(act="open_link")
    assert (entry.actor, entry.actor_name, entry.origin) == (
        None,
        "Liên kết của đoàn Tỉnh Lâm Đồng",
        "127.0.0.1",
    )


@pytest.mark.parametrize("state", ["sent", "over"])
def test_a_press_leads_to_what_was_answered_when_nothing_is_to_be_answered(
    client: Client, link: Link, state: str
) -> None:
    if state == "sent":
        Delegation.objects.filter(pk=link.delegation_id).update(status="declined")
    else:
        close(link.conference.delegations.get())
    assert client.post(at(link))["Location"] == url("delegation", link.delegation)


def test_the_session_has_a_new_key_and_holds_the_number_of_the_link_only(client: Client, link: Link) -> None:
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies["session"] = session.session_key
    client.post(at(link))
    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(pk=session.session_key).exists()
    assert set(client.session["guest-links"]) == {str(link.pk)}
    assert links.token_of(link) not in str(dict(client.session))


def test_a_guest_answers_and_the_journal_names_the_link(
    as_gus: Client, link: Link, delegation: Delegation
) -> None:
    response = as_gus.post(url("person_nominate", delegation, "department"), filled(), follow=True)
    assert "Đã cử Trần Quốc Hưng." in text_of(response)
    as_gus.post(url("delegation_confirm", delegation), {"version": 2})
    delegation.refresh_from_db()
    assert delegation.status == Delegation.Status.CONFIRMED
    assert (delegation.answered_by, delegation.answered_by_name) == (None, str(link))
    assert JournalEntry.objects.filter(act="nominate").get().actor_name == str(link)


def test_who_acts_by_a_link_in_english_is_kept_under_the_name_that_everybody_reads(
    as_gus: Client, delegation: Delegation, person: Attendee
) -> None:
    as_gus.cookies["django_language"] = "en"
    as_gus.post(url("delegation_confirm", delegation), {"version": 1})
    name = "Liên kết của đoàn Tỉnh Lâm Đồng"
    assert delegation.receipts.get().sent_by == name
    assert JournalEntry.objects.filter(act="answer").get().actor_name == name


def test_every_page_of_the_delegation_opens_for_its_guest(
    as_gus: Client, delegation: Delegation, person: Attendee
) -> None:
    for method, address in every_address(delegation, person):
        if method == "get":
            response = as_gus.get(address)
            assert (response.status_code, response["Cache-Control"]) == (200, "no-store, private"), address


def test_an_organiser_who_opens_a_link_stays_signed_in_and_keeps_the_own_part(
    client: Client, link: Link, olga: User, settings: Any
) -> None:
    settings.DEMO = True
    client.post(reverse("account_login"), {"login": olga.email, "password": "mat-khau-de-thu-nghiem"})
    client.post(at(link))
    page = text_of(client.get(url("delegation", link.delegation)))
    assert "Đang trả lời bằng liên kết" not in page
    assert client.get("/admin/").status_code == 200
    assert UserSession.objects.get().session_key == client.session.session_key


def test_an_officer_of_another_province_answers_by_the_link_and_stays_signed_in(
    client: Client, link: Link, other_delegation: Delegation, mai: User
) -> None:
    client.force_login(mai)
    client.post(at(link))
    assert "Đang trả lời bằng liên kết" in text_of(client.get(url("delegation", link.delegation)))
    own = client.get(url("delegation", other_delegation))
    assert (own.status_code, "Đang trả lời bằng liên kết" in text_of(own)) == (200, False)


def test_two_links_stand_side_by_side_and_one_can_be_left(
    as_gus: Client, link: Link, other_delegation: Delegation, olga: User
) -> None:
    second = links.make(other_delegation, Link.Purpose.ANSWER, by=olga)
    as_gus.post(at(second))
    pages = [url("delegation", one) for one in (link.delegation, other_delegation)]
    assert [as_gus.get(page).status_code for page in pages] == [200, 200]
    as_gus.post(reverse("attendees:link_leave"), {"link": link.pk})
    assert [as_gus.get(page).status_code for page in pages] == [404, 200]
    as_gus.post(reverse("attendees:link_leave"), {"link": second.pk})
    assert [as_gus.get(page).status_code for page in pages] == [302, 302]


def test_leaving_what_one_does_not_hold_changes_nothing(as_gus: Client, link: Link) -> None:
    for sent in ("", "x", "0", "999999"):
        assert as_gus.post(reverse("attendees:link_leave"), {"link": sent}).status_code == 302
    assert as_gus.get(url("delegation", link.delegation)).status_code == 200


# ── S11: what a link must not do ──────────────────────────────────────────────────────────────────


def test_a_link_is_used_again_until_its_end(link: Link) -> None:
    for count in (1, 2, 3):
        browser = Client()
        assert browser.post(at(link)).status_code == 302
        assert browser.get(url("delegation", link.delegation)).status_code == 200
        link.refresh_from_db()
        assert link.uses == count


@pytest.mark.parametrize(
    "spoil", [lambda token: token[:-1], lambda token: token[1:], lambda token: token + "0"]
)
def test_a_truncated_token_opens_nothing(client: Client, link: Link, spoil: Any) -> None:
    address = f"/l/{spoil(links.token_of(link))}/"
    for method in ("get", "post"):
        response = getattr(client, method)(address)
        assert (response.status_code, "Liên kết không đúng" in text_of(response)) == (404, True)
    assert client.get(url("delegation", link.delegation)).status_code == 302


def test_unknown_and_malformed_are_answered_alike(client: Client, link: Link) -> None:
    tokens = ("0" * 32, "khong-co", "a" * 3000, "%C3%A9", "..", "' OR 1=1 --")
    answered = [client.get(f"/l/{token}/") for token in tokens]
    assert {(one.status_code, one.content) for one in answered} == {(404, answered[0].content)}


@pytest.mark.parametrize("state", ["over", "revoked"])
def test_a_dead_link_opens_nothing_and_ends_the_session_at_the_next_request(
    as_gus: Client, client: Client, link: Link, olga: User, person: Attendee, state: str
) -> None:
    Conference.objects.update(contact_name="Tổ Thư ký")
    if state == "over":
        Link.objects.update(expires_at=timezone.now(), created_at="2024-01-01T00:00:00Z")
        sentence = "Liên kết đã hết hạn"
    else:
        links.revoke(link, by=olga)
        sentence = "Liên kết đã thu hồi"
    uses, before = link.uses, Attendee.objects.values().get()
    for method in ("get", "post"):
        response = getattr(client, method)(at(link))
        assert response.status_code == 410
        assert sentence in text_of(response)
        assert "Tổ Thư ký" in text_of(response)
    for method, address in every_address(link.delegation, person):
        response = getattr(as_gus, method)(
            address, filled(version=1, reason="Ốm") if method == "post" else {}
        )
        assert (response.status_code, sentence in text_of(response)) == (403, True), address
    assert Attendee.objects.values().get() == before
    link.refresh_from_db()
    assert link.uses == 1 + uses


def test_the_session_of_a_guest_ends_after_two_hours(as_gus: Client, link: Link) -> None:
    page = url("delegation", link.delegation)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=119), tick=False):
        assert as_gus.get(page).status_code == 200
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=121), tick=False):
        response = as_gus.get(page)
        assert (response.status_code, "Phiên làm việc đã hết" in text_of(response)) == (403, True)
        as_gus.post(at(link))
        assert as_gus.get(page).status_code == 200


def test_a_link_that_was_given_to_another_delegation_opens_the_old_one_no_more(
    as_gus: Client, link: Link, delegation: Delegation, other_delegation: Delegation
) -> None:
    Link.objects.update(delegation=other_delegation)
    assert as_gus.get(url("delegation", delegation)).status_code == 404
    assert as_gus.get(url("delegation", other_delegation)).status_code == 200


def test_a_guest_finds_no_other_delegation_conference_or_desk(
    as_gus: Client, delegation: Delegation, other_delegation: Delegation, foreign_delegation: Delegation
) -> None:
    absent = url("delegation", delegation).replace("lam-dong", "khong-co")
    for address in (url("delegation", other_delegation), url("delegation", foreign_delegation)):
        response = as_gus.get(address)
        assert (response.status_code, text_of(response)) == (404, text_of(as_gus.get(absent))), address
    slug = delegation.conference.slug
    for name in ("attendees:delegations", "documents:papers", "thematic:reception"):
        response = as_gus.get(reverse(name, args=(slug,)))
        assert response["Location"].startswith(reverse("account_login")), name
    assert as_gus.get("/admin/").status_code == 302
    assert as_gus.get("/start/").status_code == 302


def test_a_guest_does_not_reach_people_of_others_through_the_own_delegation(
    as_gus: Client, delegation: Delegation, other_delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    other = make_attendee(other_delegation, "Trần Thị Khách")
    for name in PERSON_PAGES:
        assert as_gus.get(url(name, delegation, other.code)).status_code == 404
        as_gus.post(url(name, delegation, other.code), filled(reason="Ốm"))
    assert Attendee.objects.get().full_name == "Trần Thị Khách"


def test_the_link_of_a_person_opens_no_delegation(
    client: Client, person: Attendee, delegation: Delegation, olga: User
) -> None:
    held = client.session
    held["guest-links"] = {
        str(links.make(person, Link.Purpose.PERSON, by=olga).pk): int(timezone.now().timestamp())
    }
    held.save()
    client.cookies["session"] = held.session_key
    for method, address in every_address(delegation, person):
        assert getattr(client, method)(address, filled()).status_code == 404, address


def test_a_guest_cannot_change_the_contact_or_the_deadline(
    as_gus: Client, delegation: Delegation, person: Attendee
) -> None:
    Delegation.objects.filter(pk=delegation.pk).update(contact_email="sotttt@lamdong.example")
    wanted = {"contact_email": "toi@example.com", "extended_to": "2030-01-01", "review": "accepted"}
    for method, address in every_address(delegation, person):
        if method == "post" and "remove" not in address:
            as_gus.post(address, filled(version=1, reason="Ốm", **wanted))
    delegation.refresh_from_db()
    assert delegation.contact_email == "sotttt@lamdong.example"
    assert (delegation.extended_to, delegation.review) == (None, "")


def test_after_the_deadline_a_guest_only_reads(
    as_gus: Client, delegation: Delegation, person: Attendee
) -> None:
    Conference.objects.update(demo_now="2024-06-01T00:00:00+07:00")
    assert "Danh sách chỉ để xem." in text_of(as_gus.get(url("delegation", delegation)))
    as_gus.post(url("person_confirm", delegation, person.code), {"version": 1})
    person.refresh_from_db()
    assert person.status == Attendee.Status.NOMINATED


def test_a_guest_page_costs_no_more_than_an_officers(
    as_gus: Client, as_dan: Client, delegation: Delegation, person: Attendee
) -> None:
    costs = []
    for browser in (as_dan, as_gus):
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(url("delegation", delegation)).status_code == 200
        costs.append(len(queries))
    assert costs[1] <= costs[0]


def test_the_form_of_a_link_is_taken_although_the_browser_hides_its_origin(link: Link) -> None:
    browser = Client(enforce_csrf_checks=True)
    token = {"csrfmiddlewaretoken": form_token(browser.get(at(link)))}

    def send(address: str, fields: dict[str, str], origin: str) -> int:
        return browser.post(address, fields, headers={"origin": origin}).status_code

    assert send(at(link), {}, "null") == 403
    assert send(at(link), token, "https://elsewhere.example") == 403
    assert send(at(link), token, "null") == 302
    assert send(reverse("set_language"), token, "null") == 403, "only for links"


def form_token(response: HttpResponse) -> str:
    return response.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]


def test_whose_session_is_over_is_told_once(client: Client, delegation: Delegation) -> None:
    """The script saved what was typed a moment before somebody pressed the button: one sentence, not two."""
    client.post(url("answer_draft", delegation), headers={"accept": "application/json"})
    page = client.post(url("delegation_answer", delegation), follow=True)
    assert text_of(page).count("Phiên đăng nhập đã hết") == 1
