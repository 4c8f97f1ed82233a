"""The last seat over HTTP: guests by link, officers, whole pages and lists at once, on PostgreSQL."""

from __future__ import annotations

import http.client
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from attendees import answers, importing, links
from attendees.models import Attendee, Category, Delegation, DelegationQuerySet, Link
from conference.models import Conference, User
from tests.attendees.lists import stage
from tests.attendees.portal import filled, url
from tests.attendees.test_races import meeting
from tests.conftest import MakeAttendee, make_delegation
from tests.journeys.pages import Page
from tests.patience import LONGEST

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media"), pytest.mark.slow]

PLACES = ("lam-dong", "quang-nam", "ha-giang", "ca-mau")


class Browser:
    """Cookies and plain sockets: nothing of Django's own client."""

    def __init__(self, server: LiveServer) -> None:
        self.host = urlsplit(server.url).netloc
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, data: dict[str, Any] | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection(self.host, timeout=LONGEST)
        held = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": held, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, urlencode(data) if data else None, headers)
        response = connection.getresponse()
        for line in response.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        text = response.read().decode()
        connection.close()
        return response.status, text

    def token(self, path: str) -> str:
        """The token of the forms on a page."""
        status, text = self.ask("GET", path)
        assert status == 200, (path, status)
        return text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]


Act = Callable[[], int]
Entry = tuple[str, Act]
NAMES = ("Một", "Hai", "Ba", "Bốn")


class Crowd:
    """Everybody who wants the last seat of one delegation, each with a page already open."""

    def __init__(self, server: LiveServer, delegation: Delegation, department: Category, dan: User) -> None:
        self.server, self.delegation, self.department, self.dan = server, delegation, department, dan

    def by_buttons(self) -> Iterator[Entry]:
        for name in NAMES:
            yield "guest", self.nominates(self.guest(), f"Khách {name}")
            yield "officer", self.nominates(self.officer(), f"Cán bộ {name}")

    def by_lists(self) -> Iterator[Entry]:
        for name in NAMES[:2]:
            yield "page", self.sends(self.guest(), f"Trang {name}")
            yield "list", self.takes(self.officer(), f"Tệp {name}")

    def guest(self) -> Browser:
        link = links.make(self.delegation, Link.Purpose.ANSWER, by=None)
        browser, address = Browser(self.server), reverse("attendees:link", args=(links.token_of(link),))
        status, _ = browser.ask("POST", address, {"csrfmiddlewaretoken": browser.token(address)})
        assert status == 302
        return browser

    def officer(self) -> Browser:
        browser, client = Browser(self.server), Client()
        client.force_login(self.dan)
        browser.cookies["session"] = client.cookies["session"].value
        return browser

    def nominates(self, browser: Browser, name: str) -> Act:
        address = url("person_nominate", self.delegation, self.department.slug)
        data = {"csrfmiddlewaretoken": browser.token(address), **filled(full_name=name)}
        return lambda: browser.ask("POST", address, data)[0]

    def sends(self, browser: Browser, name: str) -> Act:
        address = url("delegation_answer", self.delegation)
        page = Page("/", browser.ask("GET", address)[1])
        data = next(form for form in page.forms if "shown" in form.shape).filled()
        data |= {"s-department-1-act": "nominate", "s-department-1-full_name": name}
        return lambda: browser.ask("POST", address, data)[0]

    def takes(self, browser: Browser, name: str) -> Act:
        row = (1, name, 1980, "Chuyên viên", "Sở TTTT", self.department.short_name, "")
        batch = stage(self.delegation, row, by=self.dan, name=f"{name}.xlsx")
        comparison = importing.preview(batch, by=self.dan)
        assert comparison.is_ready, [one.message for one in comparison.problems]
        place = (self.delegation.conference.slug, self.delegation.code, batch.public_id)
        token = browser.token(url("delegation", self.delegation))
        data = {"csrfmiddlewaretoken": token, "version": comparison.version}
        return lambda: browser.ask("POST", reverse("attendees:list_take", args=place), data)[0]


def race(acts: list[Entry]) -> Counter[tuple[str, int]]:
    """All at the same moment: who, and the status of the answer."""
    gate, outcomes = threading.Barrier(len(acts)), list[tuple[str, int]]()

    def run(who: str, act: Act) -> None:
        gate.wait(LONGEST)
        outcomes.append((who, act()))

    threads = [threading.Thread(target=run, args=one) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
    return Counter(outcomes)


@pytest.fixture
def crowd_of(
    live_server: LiveServer,
    conference: Conference,
    department: Category,
    dan: User,
    make_attendee: MakeAttendee,
) -> Callable[[str], Crowd]:
    def make(slug: str) -> Crowd:
        """A delegation of three seats with two people, and everybody who wants the third."""
        delegation = make_delegation(conference, slug)
        delegation.officers.add(dan)
        for name in ("Nguyễn Văn An", "Trần Thị Bình"):
            make_attendee(delegation, name)
        return Crowd(live_server, delegation, department, dan)

    return make


def seated(crowd: Crowd) -> int:
    return crowd.delegation.attendees.active().filter(category=crowd.department).count()


def test_the_last_seat_is_never_given_twice_and_never_wasted(crowd_of: Callable[[str], Crowd]) -> None:
    winners = Counter[str]()
    for slug in PLACES:
        crowd = crowd_of(slug)
        outcomes = race([*crowd.by_buttons(), *crowd.by_lists()])
        assert sum(outcomes.values()) == 12
        assert {status for _, status in outcomes} <= {200, 302, 409}, outcomes
        assert seated(crowd) == 3, outcomes
        last = crowd.delegation.attendees.active().order_by("pk").last()
        assert last is not None
        winners[last.full_name.rpartition(" ")[0]] += 1
    assert sum(winners.values()) == len(PLACES)


def test_a_page_that_is_sent_many_times_at_once_has_one_effect(crowd_of: Callable[[str], Crowd]) -> None:
    crowd = crowd_of(PLACES[0])
    once = crowd.sends(crowd.guest(), "Cả trang")
    assert race([("page", once)] * 8) == {("page", 302): 8}
    assert (seated(crowd), crowd.delegation.receipts.count()) == (3, 1)


def test_without_the_lock_the_same_requests_oversell(
    crowd_of: Callable[[str], Crowd], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the lock is taken out, and the moment between question and answer made longer."""
    asked, all_have_asked = answers.require_seat, meeting(2 * len(NAMES))

    def ask_and_wait(held: Delegation, category: Category) -> None:
        asked(held, category)
        all_have_asked()

    monkeypatch.setattr(answers, "require_seat", ask_and_wait)
    monkeypatch.setattr(DelegationQuerySet, "select_for_update", lambda self, **_: self, raising=False)
    crowd = crowd_of(PLACES[0])
    race(list(crowd.by_buttons()))
    assert seated(crowd) > 3
    assert Attendee.objects.active().count() > 3
