"""Two people have one form of the desk open: whoever saves second is shown both values, and loses nothing.

Walks every table of the desk whose rows can be changed, and every field of its form, those of inner rows too.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.conf import LazySettings
from django.contrib import admin
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from attendees.holding import Stale
from conference import desk_forms
from conference.desk_lists import ReadOnlyAdmin
from conference.models import Conference, JournalEntry, Organisation, OrganisationKind, User
from sessions import planning
from sessions.admin import SessionAdmin
from sessions.models import Session
from tests.attendees.test_races import at_once, meeting
from tests.conference.desk import signed_in, text
from tests.journeys.everybody import World
from tests.journeys.pages import Field, Form, Page
from tests.journeys.world import row_of

# Rows without a form: only the acts of the organisers move them on, and those ask for what was seen.
BY_ACTS = {"ImportBatch"}
# Forms whose row in the world of these tests is refused as it stands: that they hold what was seen is asked.
UNSAVED = {"Delegation", "TestQuestion"}
HOUSE = (User, Organisation, OrganisationKind)  # kept by administrators
# Only hidden fields and files: nothing in them that another person could have changed.
UNTYPED = {"hidden", "file", "submit", "image", "button", "reset", "password"}


def changeable() -> list[type[models.Model]]:
    """Tables of the desk that have a form to change a row by."""
    return [model for model, desk in admin.site._registry.items() if not isinstance(desk, ReadOnlyAdmin)]


def address_of(row: models.Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=(row.pk,))


def form_on(client: Client, address: str) -> Form | None:
    """The form by which the row is saved."""
    response = client.get(address)
    assert response.status_code == 200, address
    forms = Page(address, response.content.decode()).forms
    return next((form for form in forms if any(one.name == "_save" for one in form.fields)), None)


def value_of(client: Client, address: str, name: str) -> str:
    """What one of its fields says now."""
    form = form_on(client, address)
    assert form is not None
    return next(one.value for one in form.fields if one.name == name)


def fields_of(form: Form) -> Iterator[Field]:
    """What a person may change in it; rows that are still to be added are left out."""
    first = {one.name.removesuffix("-INITIAL_FORMS"): int(one.value or 0) for one in form.fields
             if one.name.endswith("-INITIAL_FORMS")}  # fmt: skip
    for one in form.fields:
        prefix, _dash, rest = one.name.partition("-")
        is_new = prefix in first and (not rest[:1].isdigit() or int(rest.partition("-")[0]) >= first[prefix])
        if one.kind not in UNTYPED and not is_new and not one.name.endswith("-DELETE"):
            yield one


def others(one: Field) -> list[str]:
    """Values that may stand there instead."""
    if one.kind == "select":
        return [value for value in one.values if value not in ("", one.value)]
    if one.value.isdigit():
        return [str(int(one.value) + more) for more in (1, 2)]
    if len(one.value) == 10 and one.value[2] == "/":
        day = int(one.value[:2])
        return [f"{(day + more) % 28 + 1:02}{one.value[2:]}" for more in (0, 1)]
    if one.is_typed:
        return [f"{one.value} {word}".strip() for word in ("Giáp", "Ất")]
    return []


def with_value(form: Form, one: Field, value: str) -> dict[str, object]:
    return {**form.filled(), one.name: value, "_save": "1"}


@pytest.mark.slow
def test_whoever_saves_second_is_shown_what_the_first_saved(world: World) -> None:
    tried: Counter[str] = Counter()
    silent: list[str] = []
    without: set[str] = set()
    for model in changeable():
        client = signed_in(world.users["ada" if model in HOUSE else "olga"])
        row = row_of(model, world.own, world.users["olga"])
        assert row is not None, model
        address = address_of(row)
        form = form_on(client, address)
        if form is None:
            without.add(model.__name__)
            continue
        assert any(one.name == "seen" and one.value for one in form.fields), address
        for one in list(fields_of(form)):
            values = others(one)
            if not values:
                continue
            mine, theirs = (values * 2)[:2]
            with transaction.atomic():
                saved = client.post(address, with_value(form, one, mine))
                if saved.status_code == 302:  # else it may not have that value at all
                    tried[model.__name__] += 1
                    silent += _second(client, address, form, one, mine, theirs)
                transaction.set_rollback(True)
    assert silent == []
    assert without == BY_ACTS
    untried = {model.__name__ for model in changeable()} - set(tried)
    assert untried == BY_ACTS | UNSAVED, "a form in which nothing changes"
    assert tried.total() > 40


def _second(client: Client, address: str, form: Form, one: Field, mine: str, theirs: str) -> Iterator[str]:
    """What goes wrong when somebody with the old page types another value, or leaves it as it was."""
    now = value_of(client, address, one.name)
    if now == one.value:
        return  # written, but as the same: capitals of an address, say
    for typed in {theirs, one.value} - {mine}:
        answer = client.post(address, with_value(form, one, typed))
        if answer.status_code != 200:
            yield f"{address} {one.name}: overwritten by {typed!r}"
            continue
        page = Page(address, answer.content.decode())
        kept = [each.value for form in page.forms for each in form.fields if each.name == one.name]
        if typed not in kept:
            yield f"{address} {one.name}: {typed!r} was typed, {kept} is left"
        if "Người khác vừa đổi" not in text(answer) and "vừa thay đổi" not in text(answer):
            yield f"{address} {one.name}: nothing is said of the other"
    if value_of(client, address, one.name) != now:
        yield f"{address} {one.name}: refused, and written all the same"


# ── At the same moment ────────────────────────────────────────────────────────────────────────────

MANY = 8


@pytest.fixture
def session(conference: Conference, settings: LazySettings) -> Session:
    settings.DEMO = True  # no second factor to pass first
    return Session.objects.create(
        conference=conference, code="khai-mac", title="Khai mạc", day=conference.starts_on,
        starts=datetime.time(8), ends=datetime.time(9),
    )  # fmt: skip


def savers(session: Session, olga: User) -> Callable[[int], object]:
    """So many browsers with the form of one session open, each with another title typed."""
    address = address_of(session)
    clients = [signed_in(olga) for _ in range(MANY)]
    form = form_on(clients[0], address)
    assert form is not None

    def save(number: int) -> None:
        answer = clients[number].post(address, {**form.filled(), "title": f"Phiên {number}", "_save": "1"})
        if answer.status_code != 302:
            raise Stale(session)

    return save


@pytest.mark.django_db(transaction=True)
def test_of_many_who_save_one_form_at_once_one_does(session: Session, olga: User) -> None:
    assert at_once(savers(session, olga), clients=MANY) == {"done": 1, "Stale": MANY - 1}
    session.refresh_from_db()
    assert session.version == 2
    assert JournalEntry.objects.filter(act="edit").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_form_and_the_plan_at_once_lose_nothing(session: Session, olga: User) -> None:
    """The form writes every column: what the plan has moved meanwhile must not go back."""
    save = savers(session, olga)
    later = planning.Time(session.day, datetime.time(14), datetime.time(15), None)

    def act(number: int) -> object:
        return planning.place(session, later, by=olga, version=1) if number else save(number)

    outcomes = at_once(act, clients=2)
    session.refresh_from_db()
    assert outcomes == {"done": 1, "Stale": 1}
    assert (session.title, session.starts) in {
        ("Phiên 0", datetime.time(8)), ("Khai mạc", datetime.time(14)),
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_without_the_row_held_more_than_one_saves(
    session: Session, olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: nothing is held, and the moment between looking and writing made longer."""
    looked, all_have_looked = desk_forms.DeskForm._tell_of_others, meeting(MANY)

    def look_and_wait(form: desk_forms.DeskForm) -> None:
        looked(form)
        all_have_looked()

    monkeypatch.setattr(desk_forms.DeskForm, "_tell_of_others", look_and_wait)
    monkeypatch.setattr(SessionAdmin, "hold", lambda *_: None)
    assert at_once(savers(session, olga), clients=MANY)["done"] > 1
