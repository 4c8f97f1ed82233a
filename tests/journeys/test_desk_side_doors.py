"""Ways round the lists of the desk that Django's admin knows: hidden columns, pop-ups, rows of others."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib import admin
from django.db import models
from django.test import Client, RequestFactory, override_settings

from attendees.models import Attendee, Delegation
from conference import journal
from conference.models import JournalEntry, Membership, User
from tests.conference.desk import signed_in, url
from tests.conftest import make_categories, make_conference, make_delegation, make_user, member
from tests.journeys.saying import said
from tests.journeys.world import Side, row_of

HIDDEN = "Trần Thị Khách"


@pytest.fixture(scope="module")
def made(shared_rows: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[tuple[Side, Side], User, Path]:
    """The own conference of Olga and one that she may not see; Olga; their files."""
    files = tmp_path_factory.mktemp("media")
    own, foreign = make_conference("da-lat-2024"), make_conference("ha-long-2022")
    sides = []
    with override_settings(MEDIA_ROOT=files):
        for conference, unit, name in ((own, "lam-dong", "Nguyễn Văn Nhà"), (foreign, "quang-ninh", HIDDEN)):
            make_categories(conference)
            delegation = make_delegation(conference, unit)
            department = conference.categories.get(slug="department")
            person = Attendee.objects.create(
                conference=conference, delegation=delegation, full_name=name, category=department
            )
            journal.record("demo", person, by=None, conference=conference)
            sides.append(Side(conference, delegation, person, department).furnish())
    sides[0].delegation.officers.add(make_user("dan", "Dan"))
    return (sides[0], sides[1]), member(own, "olga", "Olga", Membership.Role.ORGANISER), files


@pytest.fixture
def _copied(
    made: tuple[tuple[Side, Side], User, Path], db: None, settings: LazySettings, media: Path
) -> tuple[tuple[Side, Side], User]:
    settings.DEMO = True  # no second factor to pass first
    sides, olga, files = made
    shutil.copytree(files, media)
    return deepcopy((sides, olga))


@pytest.fixture
def sides(_copied: tuple[tuple[Side, Side], User]) -> tuple[Side, Side]:
    return _copied[0]


@pytest.fixture
def olga(_copied: tuple[tuple[Side, Side], User]) -> User:
    return _copied[1]


@pytest.fixture
def client(olga: User) -> Client:
    return signed_in(olga)


TABLES = sorted(admin.site._registry, key=lambda model: model._meta.label)


def columns(model: type[models.Model], deep: int = 2) -> Iterator[str]:
    """Every column of a table and, by its keys, of those beside it."""
    for field in model._meta.get_fields():
        beside: Any = field.related_model
        if beside is None:
            yield field.name
        elif deep:
            yield from (f"{field.name}__{inner}" for inner in columns(beside, deep - 1))


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.label_lower)
def test_a_list_answers_no_question_about_a_column_that_its_filters_do_not_offer(
    model: type[models.Model], olga: User, sides: tuple[Side, Side], rf: RequestFactory
) -> None:
    request = rf.get("/")
    request.user, request.session = olga, {}  # type: ignore[assignment]  # what the desk reads of a request
    desk = admin.site.get_model_admin(model)
    lookups = [f"{name}__{how}" for name in columns(model) for how in ("startswith", "gt", "regex")]
    assert len(lookups) > 10
    assert [one for one in lookups if desk.lookup_allowed(one, "a", request)] == []


def test_a_question_about_a_hidden_column_is_an_error_and_not_an_answer(client: Client) -> None:
    """The control: what is refused above is refused by the page."""
    for lookup in (
        "badge_token__startswith",
        "delegation__officers__password__startswith",
        "phone__contains",
    ):
        assert client.get(url(Attendee), {lookup: "A"}).status_code == 400


@pytest.mark.parametrize("asked", ["_popup=1", "_to_field=id", "_to_field=phone", "_source_model=x"])
def test_the_desk_has_no_pop_up_windows(client: Client, sides: tuple[Side, Side], asked: str) -> None:
    row = sides[0].attendee.pk
    pages = (url(Attendee), url(Attendee, "add"), url(Attendee, "change", row), url(Attendee, "delete", row))
    assert [client.get(f"{page}?{asked}").status_code for page in pages] == [404] * 4
    name, _, value = asked.partition("=")
    assert [client.post(page, {name: value}).status_code for page in pages] == [404] * 4


def acts_of(client: Client, model: type[models.Model], olga: User, rf: RequestFactory) -> list[str]:
    request = rf.get("/")
    request.user, request.session = olga, {}  # type: ignore[assignment]  # what the desk reads of a request
    return list(admin.site.get_model_admin(model).get_actions(request))


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.label_lower)
def test_an_act_on_a_row_of_another_conference_finds_no_row(
    model: type[models.Model], client: Client, sides: tuple[Side, Side], olga: User, rf: RequestFactory
) -> None:
    row = row_of(model, sides[1], User.objects.get(email=olga.email))
    if row is None or model is User:
        pytest.skip("no row of another conference in this table")
    before = JournalEntry.objects.latest("pk").pk
    for act in acts_of(client, model, olga, rf):
        sent = {"action": act, "_selected_action": row.pk, "reason": "Thử", "apply": "1"}
        response = client.post(url(model), sent, follow=True)
        assert response.status_code < 500
        assert HIDDEN not in said(response), act
    assert not JournalEntry.objects.filter(conference=sides[1].conference, pk__gt=before).exists()


@pytest.mark.parametrize(
    ("page", "lookup"),
    [(url(Attendee), "delegation__id__exact"), (url(Attendee), "delegation"), (url(Delegation), "id__in")],
)
def test_a_filter_by_a_thing_of_another_conference_tells_nothing_of_it(
    client: Client, sides: tuple[Side, Side], page: str, lookup: str
) -> None:
    foreign: Any = sides[1].delegation
    response = client.get(page, {lookup: foreign.pk}, follow=True)
    body = response.content.decode()
    assert response.status_code in (200, 400)
    assert HIDDEN not in body
    assert foreign.name not in body
