"""The page of the app of the door, its worker and its manifest, as a browser fetches them."""

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from checkin import app_files
from conference.models import Conference

pytestmark = pytest.mark.django_db
PAGE = "/da-lat-2024/door/"


def test_the_page_loosens_its_policy_for_the_reader_alone(client: Client) -> None:
    response = client.get(PAGE)
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert policy["worker-src"] == "'self'"
    assert policy["default-src"] == "'none'"
    assert response["Permissions-Policy"] == "camera=(self), microphone=(), geolocation=()"
    other = client.get("/")
    assert "wasm" not in other["Content-Security-Policy"]
    assert "camera=()" in other["Permissions-Policy"]


def test_the_page_tells_nothing_and_asks_nothing(
    client: Client, conference: Conference, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        there, absent = client.get(PAGE), client.get("/khong-co/door/")
    assert there.content.replace(b"da-lat-2024", b"khong-co") == absent.content
    assert there.cookies == {}


def test_every_module_is_there_without_a_network() -> None:
    folder = settings.BASE_DIR / "static" / "js" / "door"
    listed = {f"js/door/{path.name}" for path in folder.glob("*.js")}
    kept = {*app_files.FILES, *app_files.LATE}
    assert {name for name in kept if name.startswith("js/door/")} == listed
    assert [name for name in kept if finders.find(name) is None] == []
    linked = set(
        re.findall(r'static "([^"]+)"', (settings.BASE_DIR / "templates" / app_files.PAGE).read_text())
    )
    assert linked - kept == set()


def test_the_worker_is_served_from_the_root_and_named_by_its_files(client: Client) -> None:
    response = client.get("/sw.js")
    assert response["Content-Type"] == "text/javascript"
    assert "no-cache" in response["Cache-Control"]
    text = response.content.decode()
    assert f'VERSION = "{app_files.version()}"' in text
    assert text.count("js/door/") == len(app_files.MODULES) + 1


def test_the_version_follows_every_word(monkeypatch: pytest.MonkeyPatch) -> None:
    before = app_files.version()
    app_files.version.cache_clear()
    assert app_files.version() == before
    monkeypatch.setattr(app_files, "words", lambda: {"welcome": "Xin mời"})
    app_files.version.cache_clear()
    assert app_files.version() != before
    app_files.version.cache_clear()


def test_the_manifest_lets_the_app_be_installed(client: Client) -> None:
    response = client.get(f"{PAGE}app.webmanifest")
    told = response.json()
    assert response["Content-Type"] == "application/manifest+json"
    assert (told["start_url"], told["scope"], told["display"]) == (PAGE, PAGE, "standalone")
    assert [icon["src"] for icon in told["icons"]] == ["/static/img/mark.svg"]
