"""Every form with a key, sent several times in the same moment over real HTTP: it acts once."""

from __future__ import annotations

import http.client
import threading
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from tests.conference.desk import signed_in
from tests.conftest import MakeAttendee
from tests.journeys.crawl import kind_of, walk
from tests.journeys.everybody import World, again
from tests.journeys.pages import Field, Form, Page
from tests.journeys.test_replays import state
from tests.patience import LONGEST

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

TIMES = 5
FAULTS = range(500, 600)
KEYS = {"once", "key", "request_key"}  # fields that mark one press; "add-once" where forms stand side by side
# What fields want that take no sentence, by the last part of their name.
TYPED = {
    "full_name": "Lê Văn Gửi", "birth_year": "1980", "phone": "0912345678", "email": "gui@hoinghi.example",
    "day": "06/06/2024", "starts": "13:00", "ends": "14:00", "seats": "2", "position": "9", "slug": "moi",
    "code": "",
}  # fmt: skip
Sent = dict[str, object]


def key_of(form: Form) -> Field | None:
    """The field by which one press is known."""
    return next((one for one in form.fields if one.name.rpartition("-")[2] in KEYS and one.value), None)


def filled(form: Form, button: Field | None) -> Sent:
    """As a person fills it in."""
    known = {one.name: TYPED.get(one.name.rpartition("-")[2]) for one in form.fields if one.is_typed}
    sent = form.filled("Trùng lịch công tác", button)
    return sent | {name: value for name, value in known.items() if value is not None}


def keyed_forms(client: Client, start: str) -> Iterator[tuple[str, Form]]:
    """One of each kind that this person reaches, and the page on which it stands."""
    known = set()
    for page, _ in walk(client, start):
        for form in page.forms:
            kind = (kind_of(form.action), form.shape)
            if form.method == "post" and form.action and key_of(form) and kind not in known:
                known.add(kind)
                yield page.address, form


def as_shown(client: Client, address: str, like: Form) -> Form | None:
    """The form as the page shows it now: those sent before it may have changed what it says."""
    forms = Page(address, again(client).get(address).content.decode()).forms
    same = [one for one in forms if one.action == like.action and key_of(one)]
    return next((one for one in same if one.shape == like.shape), same[0] if same else None)


def effect(client: Client, form: Form, sent: Sent) -> dict[str, int]:
    """What one sending does; undone again."""
    with transaction.atomic():
        before = state()
        again(client).post(form.action, sent)
        after = state()
        transaction.set_rollback(True)
    return {name: after[name] - before[name] for name in before if after[name] != before[name]}


def at_once(server: LiveServer, client: Client, form: Form, sent: Sent) -> dict[str, int]:
    """What it does when it is sent so many times in one moment, each by a connection of its own."""
    cookies = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    gate, statuses = threading.Barrier(TIMES), list[int]()

    def send() -> None:
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=LONGEST)
        gate.wait(LONGEST)
        connection.request("POST", form.action, urlencode(sent, doseq=True), headers)
        statuses.append(connection.getresponse().status)
        connection.close()

    before = state()
    threads = [threading.Thread(target=send) for _ in range(TIMES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
    after = state()
    bad = Counter(status for status in statuses if status in (403, *FAULTS))
    told = {f"answered {status}": count for status, count in bad.items()}
    assert len(statuses) == TIMES
    return told | {name: after[name] - before[name] for name in before if after[name] != before[name]}


def browser_of(world: World, who: str) -> Client:
    return signed_in(world.users[who])


@pytest.mark.parametrize(
    ("who", "start", "fewest"),
    [
        ("dan", "/da-lat-2024/delegations/lam-dong/", 3),
        ("greta", "/da-lat-2024/reception/?q=van", 1),
        ("olga", "/admin/", 8),
    ],
)
def test_a_form_sent_many_times_at_once_acts_once(
    world: World, make_attendee: MakeAttendee, live_server: LiveServer, who: str, start: str, fewest: int
) -> None:
    make_attendee(world.own.delegation, "Lê Thị Chờ")
    client, acted, more = browser_of(world, who), set(), []
    # Short forms first: the whole list of a delegation, sent at once, leaves nothing for the others to do.
    for address, known in sorted(keyed_forms(client, start), key=lambda one: len(one[1].fields)):
        form = as_shown(client, address, known)
        if form is None:
            continue  # an act before it has made it needless
        for button in form.buttons[:4] or [None]:
            sent = filled(form, button)
            if alone := effect(client, form, sent):
                acted.add(kind_of(form.action))
                if (together := at_once(live_server, client, form, sent)) != alone:
                    more.append((form.action, button.value if button else "", alone, together))
                break
    assert len(acted) >= fewest, acted
    assert more == []


def test_without_its_key_the_same_form_acts_each_time(world: World, live_server: LiveServer) -> None:
    """The control: a press without a key is a new press."""
    client = browser_of(world, "olga")
    address = f"/admin/attendees/delegation/{world.own.delegation.pk}/change/"
    form = next(one for one in Page(address, client.get(address).content.decode()).forms
                if one.action.endswith("/links/make/"))  # fmt: skip
    key = key_of(form)
    assert key is not None
    assert at_once(live_server, client, form, form.filled()) == {"attendees.Link": 1, "acts": 1}
    form.fields.remove(key)
    assert at_once(live_server, client, form, form.filled()) == {"attendees.Link": TIMES, "acts": TIMES}
