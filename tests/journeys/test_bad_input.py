"""Everything that can be typed, typed into every field that can be found: no error page, nothing raw."""

from collections.abc import Sequence

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from attendees.models import Delegation
from conference.models import User
from tests.conftest import MakeAttendee
from tests.journeys.crawl import kind_of, walk
from tests.journeys.pages import Form
from tests.journeys.world import Side

pytestmark = pytest.mark.slow

NAUGHTY = {
    "NUL": "Nguyễn\0Văn",
    "NFD": "Nguye\u0302\u0303n Va\u0306n An",
    "markup": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "formula": "=1+1",
    "200 characters": "Ă" * 200,
    "right to left": "\u202eNguyễn \u05d0\u05d1\u05d2 \u0627\u0644\u0639\u0631\u0628\u064a\u0629",
    "emoji": "👩🏽‍🚀🇻🇳",
    "5 000 characters": "x " * 2500,
    "blanks": "\u200b \u00a0\t\r\n ",
    "braces": "{{ 7*7 }} {% now %} %(x)s {0}",
    "number": "99999999999999999999",
}
SHORT = ("NUL", "markup", "right to left", "5 000 characters", "number")
RAW = ("<script>alert(1)", "<img src=x")


@pytest.fixture
def small_world(delegation: Delegation, other_delegation: Delegation, make_attendee: MakeAttendee) -> None:
    """One of everything is enough: forms of the same kind are alike."""
    person = make_attendee(delegation, "Nguyễn Văn Nhà")
    Side(delegation.conference, delegation, person, person.category).furnish()


@pytest.fixture
def organiser(small_world: None, olga: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(olga)
    return client


@pytest.fixture
def officer(small_world: None, dan: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(dan)
    return client


def forms_of(client: Client, *starts: str) -> list[Form]:
    """Every form that can be reached and takes text, each kind once."""
    found = {}
    for page, _ in walk(client, *starts, of_a_kind=2):
        for form in page.forms:
            if form.action and any(one.is_typed for one in form.fields):
                found.setdefault((kind_of(form.action), form.shape), form)
    return list(found.values())


def send(client: Client, form: Form, data: dict[str, object]) -> HttpResponse:
    """Send a form; what it changed is undone, so that every form meets the same data."""
    with transaction.atomic():
        path = form.action.partition("?")[0]
        response = client.post(form.action, data) if form.method == "post" else client.get(path, data)
        transaction.set_rollback(True)
    return response


def trouble(client: Client, forms: list[Form], texts: Sequence[str]) -> list[str]:
    """What went wrong with which form and which text."""
    found = []
    for form in forms:
        button = next(iter(form.buttons), None)
        for name in texts:
            response = send(client, form, form.filled(NAUGHTY[name], button))
            body = "" if response.streaming else response.content.decode(errors="replace")
            where = f"{form.method} {form.action} with {name}"
            if response.status_code >= 500:
                found.append(f"{response.status_code}: {where}")
            if any(raw in body for raw in RAW):
                found.append(f"raw text on the page: {where}")
    return found


@pytest.mark.parametrize(
    "texts",
    [SHORT, pytest.param([name for name in NAUGHTY if name not in SHORT], marks=pytest.mark.long)],
    ids=["some", "others"],
)
@pytest.mark.parametrize(
    ("who", "starts", "fewest"),
    [
        ("organiser", ("/start/", "/admin/", "/", "/accounts/email/", "/v/"), 20),
        ("officer", ("/start/", "/", "/da-lat-2024/delegations/lam-dong/", "/accounts/password/change/"), 6),
        ("nobody", ("/", "/accounts/login/", "/accounts/password/reset/", "/accounts/login/code/", "/v/"), 3),
    ],
)
def test_no_text_breaks_a_form(
    who: str,
    starts: tuple[str, ...],
    fewest: int,
    texts: Sequence[str],
    organiser: Client,
    officer: Client,
    settings: LazySettings,
) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    settings.DEMO = True  # no second factor to pass first
    client = {"organiser": organiser, "officer": officer, "nobody": Client(raise_request_exception=False)}[
        who
    ]
    forms = forms_of(client, *starts)

    assert len(forms) >= fewest
    assert trouble(client, forms, texts) == []


@pytest.mark.parametrize("name", list(NAUGHTY))
def test_an_address_with_such_text_is_no_error(db: None, name: str) -> None:
    client = Client(raise_request_exception=False)
    for pattern in ("/{}/", "/v/{}", "/da-lat-2024/delegations/{}/", "/?q={}"):
        response = client.get(pattern.format(NAUGHTY[name].replace("/", "")))
        assert response.status_code < 500
        assert not any(raw in response.content.decode() for raw in RAW)
