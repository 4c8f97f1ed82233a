"""Every address × everybody × GET and POST × own, foreign and absent things.

What somebody may not see answers exactly as if it were not there. A new address without a line here fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from attendees.models import Delegation
from conference import journal
from conference.models import JournalEntry, User
from tests.conftest import MakeAttendee, member
from tests.journeys.crawl import kind_of, walk
from tests.journeys.pages import Field, Form
from tests.journeys.policy import (
    ACCOUNTS,
    GUS,
    MAY_TOO,
    NOBODY,
    OTTO,
    OWN_PAGES,
    PIA,
    WITHOUT_ACCOUNT,
    Rule,
    rule_of,
)  # fmt: skip
from tests.journeys.world import ABSENT, Route, Side, routes, row_of
from tests.watching import at_work

ROLES = ("nobody", "sam", "dan", "mai", "greta", "victor", "olga", "ada", "otto", "gus", "pia")
KNOW_ALL = {"ada", OTTO}  # who may read about the other conference


@dataclass
class World:
    own: Side  # of Olga's conference, of Dan's delegation
    foreign: Side  # of Otto's
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
    users = {name: request.getfixturevalue(name) for name in ROLES if name not in {*WITHOUT_ACCOUNT, OTTO}}
    users[OTTO] = member(foreign_delegation.conference, "otto", "Otto", "organiser")
    clients = {name: Client(raise_request_exception=False) for name in ROLES}
    for name, user in users.items():
        clients[name].force_login(user)
    sides = []
    for one, name in ((delegation, "Nguyễn Văn Nhà"), (foreign_delegation, "Trần Thị Khách")):
        person = make_attendee(one, name)
        journal.record("demo", person, by=None, conference=one.conference)
        sides.append(Side(one.conference, one, person, person.category).furnish())
    letter, sheet = sides[0].value("l/", "token"), sides[0].sheet()
    clients[GUS].post(reverse("attendees:link", args=(letter,)))
    clients[PIA].post(reverse("attendees:link", args=(sheet,)))
    return World(*sides, clients, users)


def address(route: Route, world: World, scope: str) -> str | None:
    """The address of the route for a scope; crossed is the own conference with a foreign thing."""
    values = {}
    for name in route.parameters:
        side = world.foreign if scope in ("foreign", "crossed") else world.own
        if name == "conference" and scope == "crossed":
            side = world.own
        if scope == "absent" and not (name == "conference" and len(route.parameters) > 1):
            values[name] = ABSENT.get(name)
        elif name == "object_id" and route.model is not None:
            row = row_of(route.model, side, world.users["otto" if scope != "own" else "dan"])
            values[name] = row.pk if row is not None else ABSENT["object_id"]
        else:
            values[name] = side.value(route.path, name)
        if values[name] is None:
            return None
    return reverse(route.name, kwargs=values)


def again(client: Client) -> Client:
    """A browser with the same cookies: signing out in one changes nothing in the other."""
    copy = Client(raise_request_exception=False)
    copy.cookies.load(client.cookies.output(attrs=[], header="", sep=";"))
    return copy


def ask(client: Client, method: str, url: str) -> HttpResponse:
    """One request of a signed-in browser; what it changed is undone, a sign-out too."""
    with transaction.atomic():
        response = getattr(again(client), method)(url)
        transaction.set_rollback(True)
    return response


def outcome(response: HttpResponse) -> str:
    """in, out (403 or 404), login or 405."""
    if response.status_code in (301, 302):
        return "login" if "/login/" in response.headers["Location"] else "in"
    if response.status_code in (400, 403, 404):
        return "out"
    return "in" if response.status_code < 400 else str(response.status_code)


def scopes(route: Route) -> tuple[str, ...]:
    if not route.parameters:
        return ("own",)
    crossed = ("crossed",) if "conference" in route.parameters and len(route.parameters) > 1 else ()
    return ("own", "foreign", *crossed, "absent")


def answers(world: World, route: Route, method: str) -> dict[str, dict[str, HttpResponse]]:
    """Scope → role → response."""
    found: dict[str, dict[str, HttpResponse]] = {}
    if route.name.startswith("admin:("):
        return found  # Django's own catch-alls only lead on, or say that there is nothing
    for scope in scopes(route):
        if (url := address(route, world, scope)) is not None:
            found[scope] = {role: ask(world.clients[role], method, url) for role in ROLES}
    return found


def faults(route: Route, method: str, rule: Rule, found: dict[str, dict[str, HttpResponse]]) -> list[str]:
    """What the answers tell that the rule forbids."""
    wrong = []
    may = rule.get if method == "get" else rule.post
    got = {role for role, response in found.get("own", {}).items() if outcome(response) == "in"}
    if "own" in found and got != may:
        wrong.append(f"got in: {sorted(got - may)}, kept out: {sorted(may - got)}")
    absent = found.get("absent", {})
    for scope in ("own", "foreign", "crossed"):
        if scope not in found or rule.is_public or not absent:
            continue
        knows = (rule.sees if scope == "own" else set()) | {"ada"} | ({"otto"} if scope != "own" else set())
        told = {role: response.status_code for role, response in found[scope].items()}
        wrong += [
            f"{scope} {told[role]}, absent {absent[role].status_code} to {role}"
            for role in ROLES
            if role not in knows and told[role] != absent[role].status_code
        ]
    return wrong


def test_every_address_has_a_rule() -> None:
    assert [route.name for route in routes() if not known(route)] == []


def known(route: Route) -> bool:
    return route.name.startswith((*ACCOUNTS, "admin:(")) or rule_of(route) is not None


@pytest.mark.parametrize("method", ["get", "post"])
def test_everybody_gets_what_the_rules_say_and_nothing_tells_what_is_there(world: World, method: str) -> None:
    broken, wrong, named = [], [], []
    for route in routes():
        rule, found = rule_of(route), answers(world, route, method)
        for scope, by in found.items():
            where = f"{method} {route.name} {scope}"
            broken += [(where, role) for role in by if by[role].status_code >= 500]
            if rule and not rule.is_public:
                named += [(where, role) for role in set(by) - KNOW_ALL if tells(world, by[role])]
        if rule:
            wrong += [f"{method} {route.name}: {fault}" for fault in faults(route, method, rule, found)]

    assert broken == []
    assert named == []
    assert wrong == []


def tells(world: World, response: HttpResponse) -> bool:
    """Names a person of the other conference."""
    sent = b"".join(response.streaming_content) if response.streaming else response.content
    return str(world.foreign.attendee) in sent.decode(errors="replace")


# ── What one may send, sent by others ─────────────────────────────────────────────────────────────


def acts_of(client: Client, start: str) -> list[Form]:
    """Every form of the pages that this person reaches, as it would be sent."""
    found = {}
    for page, _ in walk(client, start):
        for form in page.forms:
            if form.method == "post" and form.action and not form.action.startswith(("/accounts/", "/i18n/")):
                found[kind_of(form.action), form.shape] = form
    return list(found.values())


def gain(client: Client, form: Form, button: Field | None) -> int:
    """How many acts the journal gains when the form is sent."""
    with transaction.atomic():
        before = JournalEntry.objects.count()
        response = again(client).post(form.action, form.filled("Trùng lịch công tác", button))
        assert response.status_code < 500, form.action
        gained = JournalEntry.objects.count() - before
        transaction.set_rollback(True)
    return gained


@pytest.mark.parametrize(
    ("who", "start", "others", "fewest"),
    [
        (
            "dan",
            "/da-lat-2024/delegations/lam-dong/",
            (NOBODY, "sam", "mai", "greta", "victor", OTTO, PIA),
            4,
        ),
        (GUS, "/da-lat-2024/delegations/lam-dong/", (NOBODY, "sam", "mai", "greta", "victor", OTTO, PIA), 4),
        (
            PIA,
            "/da-lat-2024/people/{person}/",
            (NOBODY, "sam", "dan", "mai", "greta", "victor", "olga", OTTO, GUS),
            2,
        ),
        (
            "mai",
            "/da-lat-2024/delegations/quang-nam/",
            (NOBODY, "sam", "dan", "greta", "victor", OTTO, GUS, PIA),
            2,
        ),
        ("olga", "/admin/", (NOBODY, "sam", "mai", "greta", "victor", GUS, PIA), 4),
    ],
)
def test_nobody_sends_what_another_may(
    world: World, make_attendee: MakeAttendee, who: str, start: str, others: tuple[str, ...], fewest: int
) -> None:
    make_attendee(world.own.delegation, "Lê Thị Chờ")
    acts = {
        kind_of(form.action): (form, button)
        for form in acts_of(world.clients[who], start.format(person=world.own.attendee.code))
        for button in form.buttons[:4] or [None]
        if gain(world.clients[who], form, button)
    }

    assert len(acts) >= fewest, "forms that do nothing prove nothing"
    for role in others:
        assert [
            form.action
            for form, button in acts.values()
            if gain(world.clients[role], form, button)
            and (role, form.action.partition("?")[0]) not in MAY_TOO
            and not form.action.startswith(OWN_PAGES.get(role, "-"))
        ] == []
