"""Every address × every method × everybody × own, foreign, smuggled, deleted and absent things.

What somebody may not see answers exactly as if it were not there. A new address without a line here fails.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conference import checks, policy
from conference.middleware import Methods
from conference.models import JournalEntry
from tests.conftest import MakeAttendee
from tests.journeys.crawl import kind_of
from tests.journeys.everybody import ROLES, World, acts_of, again, ask
from tests.journeys.pages import Field, Form
from tests.journeys.policy import (
    GUS,
    MAY_TOO,
    NOBODY,
    OTTO,
    OWN_PAGES,
    PIA,
    TAM,
    WITHOUT_ACCOUNT,
    Rule,
    rule_of,
)
from tests.journeys.world import ABSENT, Route, routes, row_of

pytestmark = pytest.mark.slow

KNOW_ALL = {"ada", OTTO}  # who may read about the other conference
ROOMS = ("attendees", "thematic", "documents", "checkin", "mailing")  # whose rows the scope "deleted" lacks
# Who sees one delegation or person, and asks for those of the neighbour in the same conference.
NARROW = ("dan", GUS, PIA)


# On both sides of most walls; the others are asked in the long form.
FEW = ("nobody", "dan", "olga", OTTO)

# Pages of libraries that take a POST for a GET, or lead on from a GET that does nothing.
GENEROUS = ("admin:index", "_history", "mfa_download_recovery_codes", "set_language")


def address(route: Route, world: World, scope: str) -> str | None:
    """The address of the route for a scope.

    Crossed is the own conference with a foreign thing, the neighbour's what another delegation of the own
    conference holds, smuggled a person of the neighbour under the own delegation, unknown nobody under it.
    """
    values = {}
    for name in route.parameters:
        side = world.foreign if scope in ("foreign", "crossed") else world.own
        if name == "conference" and scope == "crossed":
            side = world.own
        if name == "person" and scope == "unknown":
            values[name] = ABSENT[name]
        elif scope == "absent" and not (name == "conference" and len(route.parameters) > 1):
            values[name] = ABSENT.get(name)
        elif name == "person" and scope in ("neighbour", "smuggled"):
            values[name] = world.neighbour.code
        elif name == "code" and scope == "neighbour":
            values[name] = world.neighbour.delegation.code
        elif name == "account":
            values[name] = str(world.users["otto" if scope == "foreign" else "dan"].pk)
        elif name == "object_id" and route.model is not None:
            row = row_of(route.model, side, world.users["otto" if scope in ("foreign", "crossed") else "dan"])
            values[name] = row.pk if row is not None else ABSENT["object_id"]
        else:
            values[name] = side.value(route.path, name)
        if values[name] is None:
            return None
    return reverse(route.name, kwargs=values)


def outcome(response: HttpResponse) -> str:
    """in, out (no such thing, no such right, no such method) or login."""
    if response.status_code in (301, 302):
        return "login" if "/login/" in response.headers["Location"] else "in"
    if response.status_code in (400, 403, 404, 405):
        return "out"
    return "in" if response.status_code < 400 else str(response.status_code)


def scopes(route: Route) -> tuple[str, ...]:
    if not route.parameters:
        return ("own",)
    found = ["own", "foreign", "absent"]
    if "conference" in route.parameters and len(route.parameters) > 1:
        found.append("crossed")
    if "person" in route.parameters or "delegations/<slug:code>" in route.path:
        found.append("neighbour")
    if "person" in route.parameters and "code" in route.parameters:
        found += ["smuggled", "unknown"]
    return tuple(found)


def answers(
    world: World, route: Route, method: str, roles: Collection[str] = ROLES
) -> dict[str, dict[str, HttpResponse]]:
    """Scope → role → response."""
    found: dict[str, dict[str, HttpResponse]] = {}
    for scope in scopes(route):
        if (url := address(route, world, scope)) is not None:
            asking = NARROW if scope in ("neighbour", "smuggled", "unknown") else ROLES
            found[scope] = {role: ask(world.clients[role], method, url) for role in asking if role in roles}
    return found


def faults(method: str, rule: Rule, found: dict[str, dict[str, HttpResponse]]) -> list[str]:
    """What the answers tell that the rule forbids."""
    wrong = []
    may = (rule.get if method == "get" else rule.post) & set(found.get("own", {}))
    got = {role for role, response in found.get("own", {}).items() if outcome(response) == "in"}
    if "own" in found and got != may:
        wrong.append(f"got in: {sorted(got - may)}, kept out: {sorted(may - got)}")
    absent = found.get("absent", {})
    for scope in ("own", "foreign", "crossed", "neighbour", "smuggled"):
        if scope not in found or rule.is_public or not absent:
            continue
        knows = (rule.sees if scope == "own" else set()) | {"ada"}
        knows |= {"otto"} if scope in ("foreign", "crossed") else set()
        without = found["unknown"] if scope == "smuggled" else absent
        wrong += [
            f"{scope} {response.status_code}, absent {without[role].status_code} to {role}"
            for role, response in found[scope].items()
            if role not in knows and response.status_code != without[role].status_code
        ]
    return wrong


def part(room: str) -> list[Route]:
    """The addresses of one room: a part of the whole that one process walks."""
    return [route for route in routes() if room_of(route) == room]


def room_of(route: Route) -> str:
    room, _, name = route.name.rpartition(":")
    if room != "admin":
        return room or "accounts"
    return f"admin {name.partition('_')[0]}" if route.model is not None else "admin pages"


def test_every_address_has_a_rule() -> None:
    assert [route.name for route in routes() if rule_of(route) is None] == []


@pytest.mark.parametrize(
    "roles",
    [FEW, pytest.param(tuple(role for role in ROLES if role not in FEW), marks=pytest.mark.long)],
    ids=["few", "others"],
)
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("room", sorted({room_of(route) for route in routes()}))
def test_everybody_gets_what_the_rules_say_and_nothing_tells_what_is_there(
    world: World, room: str, method: str, roles: Collection[str]
) -> None:
    broken, wrong, named = [], [], []
    for route in part(room):
        rule, found = rule_of(route), answers(world, route, method, roles)
        assert rule is not None
        for scope, by in found.items():
            where = f"{method} {route.name} {scope}"
            broken += [(where, role) for role in by if by[role].status_code >= 500]
            if not rule.is_public:
                named += [(where, role) for role in set(by) - KNOW_ALL if tells(world, by[role], role)]
        wrong += [f"{method} {route.name}: {fault}" for fault in faults(method, rule, found)]

    assert broken == []
    assert named == []
    assert wrong == []


def tells(world: World, response: HttpResponse, role: str) -> bool:
    """Names a person of the other conference; to who sees one delegation or person, one of the neighbour."""
    sent = b"".join(response.streaming_content) if response.streaming else response.content
    hidden = [str(world.foreign.attendee), *([str(world.neighbour)] if role in NARROW else [])]
    return any(name in sent.decode(errors="replace") for name in hidden)


@contextmanager
def emptied() -> Iterator[None]:
    """Every row of the rooms gone, until the block ends: what was there is now deleted."""
    with transaction.atomic():
        for model in apps.get_models(include_auto_created=True):
            if model._meta.app_label in ROOMS and model._meta.managed and not model._meta.proxy:
                rows = model._base_manager.all()
                rows._raw_delete(rows.db)  # keys between them are looked at when a transaction commits
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_was_deleted_answers_as_if_it_had_never_been(world: World, method: str) -> None:
    """To those who saw it: to everybody else it was never there."""
    asked = []
    for route in routes():
        rule, url, absent = rule_of(route), address(route, world, "own"), address(route, world, "absent")
        if rule is None or url is None or absent is None or set(route.parameters) <= {"conference"}:
            continue
        if route.model is None or route.model._meta.app_label in ROOMS:
            asked += [(route, role, url, absent) for role in sorted(rule.sees - WITHOUT_ACCOUNT)]
    found = []
    with emptied():
        for route, role, url, absent in asked:
            gone, never = (ask(world.clients[role], method, one).status_code for one in (url, absent))
            if gone != never:
                found.append(f"{method} {route.name}: deleted {gone}, absent {never} to {role}")
    assert len(asked) > 300
    assert found == []


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_other_method_reaches_an_account_or_a_row(world: World, method: str) -> None:
    """Refused before anything is read, so that neither role nor thing can matter: two people will do."""
    wrong = []
    with CaptureQueriesContext(
        connection,
    ) as asked:
        for route in routes():
            for scope in scopes(route):
                if (url := address(route, world, scope)) is not None:
                    before = len(asked)
                    asking = (world.clients[role] for role in (NOBODY, "ada"))
                    statuses = {getattr(client, method)(url).status_code for client in asking}
                    if statuses != {405} or len(asked) != before:
                        wrong.append((route.name, scope, statuses, len(asked) - before))
    assert wrong == []


def test_head_is_asked_as_get_before_anything_is_decided(world: World, rf: RequestFactory) -> None:
    heard: list[str | None] = []

    def answer(request: HttpRequest) -> HttpResponse:
        heard.append(request.method)
        return HttpResponse()

    Methods(answer)(rf.head("/"))
    statuses = {
        (
            ask(world.clients[NOBODY], "get", url).status_code,
            ask(world.clients[NOBODY], "head", url).status_code,
        )
        for route in routes()
        if (url := address(route, world, "own")) is not None
    }
    assert heard == ["GET"]
    assert all(got == headed for got, headed in statuses)
    assert len(statuses) > 3


def test_no_view_answers_to_a_method_that_its_line_does_not_name(
    world: World, settings: LazySettings
) -> None:
    """The outer wall taken away, the views alone answer: a line narrower than they would keep people out."""
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if not one.endswith(".Policy")]
    world.clients |= {"ada": again(world.clients["ada"])}
    shut = []
    for route in routes():
        line, url = policy.RULES[route.name], address(route, world, "own")
        if url is None or route.name.endswith(GENEROUS) or line == policy.Rule():
            continue
        for method, who in (("get", line.get), ("post", line.post)):
            if who is policy.Who.NOBODY and ask(world.clients["ada"], method, url).status_code != 405:
                shut.append((route.name, method))
    assert shut == []


def test_an_address_without_a_line_is_refused_to_everybody_and_stops_the_start(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = {"admin:board": "/admin/board/", "conference:home": "/", "healthz": "/healthz"}
    for name in urls:
        monkeypatch.delitem(policy.RULES, name)
    monkeypatch.setitem(policy.RULES, "attendees:nowhere", policy.Rule())
    told = {ask(world.clients[role], "get", url).status_code for url in urls.values() for role in ROLES}

    assert told == {404}
    assert {(error.id, error.msg.split()[2]) for error in checks.every_address_has_a_line()} == {
        *(("conference.E001", name) for name in urls),
        ("conference.E002", "attendees:nowhere,"),
    }


def test_the_search_sees_a_wall_that_is_open(world: World) -> None:
    """The control: Mai answers for Dan's delegation too, and Dan's person stands in Mai's."""
    world.own.delegation.officers.add(world.users["mai"])
    world.neighbour.delegation.officers.add(world.users["dan"])
    route = next(route for route in routes() if route.name == "attendees:delegation")
    rule = rule_of(route)
    assert rule is not None
    found = answers(world, route, "get")
    assert faults("get", rule, found) == [
        "got in: ['mai'], kept out: []",
        "own 200, absent 404 to mai",
        "neighbour 200, absent 404 to dan",
    ]
    assert tells(world, found["neighbour"]["dan"], "dan")


# ── What one may send, sent by others ─────────────────────────────────────────────────────────────


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
            (NOBODY, "sam", "mai", "greta", "victor", TAM, OTTO, PIA),
            4,
        ),
        (
            GUS,
            "/da-lat-2024/delegations/lam-dong/",
            (NOBODY, "sam", "mai", "greta", "victor", TAM, OTTO, PIA),
            4,
        ),
        (
            PIA,
            "/da-lat-2024/people/{person}/",
            (NOBODY, "sam", "dan", "mai", "greta", "victor", TAM, "olga", OTTO, GUS),
            2,
        ),
        (
            "mai",
            "/da-lat-2024/delegations/quang-nam/",
            (NOBODY, "sam", "dan", "greta", "victor", TAM, OTTO, GUS, PIA),
            2,
        ),
        ("olga", "/admin/", (NOBODY, "sam", "mai", "greta", "victor", TAM, GUS, PIA), 4),
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
            and (role, kind_of(form.action)) not in MAY_TOO
            and not form.action.startswith(OWN_PAGES.get(role, "-"))
        ] == []
