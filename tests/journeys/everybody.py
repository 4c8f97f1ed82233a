"""Two conferences with one thing of every kind, and a browser for everybody who might ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from attendees.models import Attendee, Delegation
from conference import journal
from conference.models import User
from tests.conftest import MakeAttendee, member
from tests.journeys.crawl import kind_of, walk
from tests.journeys.pages import Form
from tests.journeys.policy import GUS, OTTO, PIA, TAM, WITHOUT_ACCOUNT
from tests.journeys.world import Side
from tests.watching import at_work

ROLES = ("nobody", "sam", "dan", "mai", "greta", "victor", "tam", "olga", "ada", "otto", "gus", "pia")


@dataclass
class World:
    own: Side  # of Olga's conference, of Dan's delegation
    foreign: Side  # of Otto's
    neighbour: Attendee  # of Mai's delegation, in Olga's conference
    clients: dict[str, Client]
    users: dict[str, User]


@pytest.fixture
def world(
    delegation: Delegation,
    other_delegation: Delegation,
    foreign_delegation: Delegation,
    make_attendee: MakeAttendee,
    request: pytest.FixtureRequest,
    settings: LazySettings,
    media: Path,
) -> World:
    settings.DEMO = True  # no second factor to pass first
    at_work()
    users = {
        OTTO: member(foreign_delegation.conference, "otto", "Otto", "organiser"),
        TAM: member(delegation.conference, "tam", "Tâm", "signer"),
    }
    users |= {name: request.getfixturevalue(name) for name in ROLES if name not in {*WITHOUT_ACCOUNT, *users}}
    clients = {name: Client(raise_request_exception=False) for name in ROLES}
    for name, user in users.items():
        clients[name].force_login(user)
    sides = []
    for one, name in ((delegation, "Nguyễn Văn Nhà"), (foreign_delegation, "Trần Thị Khách")):
        person = make_attendee(one, name)
        journal.record("demo", person, by=None, conference=one.conference)
        sides.append(Side(one.conference, one, person, person.category).furnish())
    neighbour = make_attendee(other_delegation, "Lê Thị Láng Giềng")
    letter, sheet = sides[0].value("l/", "token"), sides[0].sheet()
    clients[GUS].post(reverse("attendees:link", args=(letter,)))
    clients[PIA].post(reverse("attendees:link", args=(sheet,)))
    return World(*sides, neighbour, clients, users)


def again(client: Client) -> Client:
    """A browser with the same cookies: signing out in one changes nothing in the other."""
    copy = Client(raise_request_exception=False)
    copy.cookies.load(client.cookies.output(attrs=[], header="", sep=";"))
    return copy


def ask(client: Client, method: str, url: str) -> HttpResponse:
    """One request of a signed-in browser; what it changed is undone, a sign-out too."""
    copy = again(client)
    copy.handler = client.handler  # its middleware is set up once
    with transaction.atomic():
        response = getattr(copy, method)(url)
        transaction.set_rollback(True)
    return response


def acts_of(client: Client, start: str) -> list[Form]:
    """Every form of the pages that this person reaches, as it would be sent."""
    found = {}
    for page, _ in walk(client, start):
        for form in page.forms:
            if form.method == "post" and form.action and not form.action.startswith(("/accounts/", "/i18n/")):
                found[kind_of(form.action), form.shape] = form
    return list(found.values())
