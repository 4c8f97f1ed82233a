"""The walls that every request passes."""

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve

from attendees.models import Category, Delegation
from conference.middleware import BadRequests, Policy
from conference.models import User
from tests.conference.desk import url


def test_a_nul_byte_in_the_address_is_answered_400(client: Client, db: None) -> None:
    assert client.get("/", {"q": "a\0b"}).status_code == 400
    assert client.get("/a%00b/").status_code == 400


@pytest.mark.parametrize("name", ["session", "csrf", "django_language", "messages"])
def test_a_nul_byte_in_a_cookie_is_no_cookie(client: Client, db: None, name: str) -> None:
    client.cookies[name] = "a" * 32 + "\0"
    assert "\\000" in client.cookies.output(), "quoted as a browser sends it"
    for page in ("/", "/accounts/login/"):
        assert client.get(page).status_code == 200
    assert client.post("/accounts/login/", {"login": "x", "password": "y"}).status_code == 200


def test_a_nul_byte_that_no_field_has_looked_at_is_answered_400(
    olga: User, delegation: Delegation, settings: LazySettings
) -> None:
    settings.DEMO = True
    desk = Client(raise_request_exception=False)
    desk.force_login(olga)
    assert desk.post("/admin/sign-ups/khai-mac/remove/", {"person": "a\0b"}).status_code == 400
    assert desk.post(url(Category, "add"), {"once": "a\0b"}).status_code == 200


def test_other_faults_are_faults(rf: RequestFactory) -> None:
    """The control: only what brought a NUL byte is told that it is to blame."""
    wall = BadRequests(lambda _: HttpResponse())
    fault = ValueError("A string literal cannot contain NUL (0x00) characters.")
    for names in ({"a\0": "b"}, {"a": ["b", "c\0"]}):
        with pytest.raises(SuspiciousOperation):
            wall.process_exception(rf.post("/", names), fault)
    wall.process_exception(rf.post("/", {"a": "b"}), fault)
    wall.process_exception(rf.post("/", {"a": "\0"}), KeyError("x"))


def test_pages_of_a_signed_in_person_are_kept_by_no_cache(client: Client, sam: User) -> None:
    client.force_login(sam)
    assert client.get("/").headers["Cache-Control"] == "no-store, private"


def test_no_page_allows_code_or_style_from_elsewhere(client: Client, db: None) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("who", ["olga", "ada"])
def test_an_organiser_without_a_second_factor_is_sent_to_set_it_up(
    client: Client, who: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))
    response = client.get("/admin/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/2fa/")


def test_an_organiser_with_a_second_factor_passes(client: Client, olga: User) -> None:
    Authenticator.objects.create(user=olga, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client.force_login(olga)
    assert client.get("/admin/").status_code == 200


def test_a_demonstration_asks_for_no_second_factor(
    client: Client, olga: User, settings: LazySettings
) -> None:
    settings.DEMO = True
    client.force_login(olga)
    assert client.get("/admin/").status_code == 200


def test_an_officer_needs_no_second_factor(client: Client, dan: User) -> None:
    client.force_login(dan)
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("length", "status"), [(str(64 * 1024 * 1024 + 1), 413), ("x", 413), ("0", 200), ("", 200)]
)
def test_what_is_too_long_is_not_read(client: Client, length: str, status: int) -> None:
    response = client.get("/healthz", CONTENT_LENGTH=length)
    assert response.status_code == status
    assert status == 200 or "Mỗi lần gửi tối đa 64 MB." in response.content.decode()


@pytest.mark.parametrize(
    ("who", "method", "path", "says"),
    [
        ("nobody", "get", "/", "in"),
        ("nobody", "get", "/start/", 302),  # to the sign-in
        ("nobody", "post", "/", 405),
        ("sam", "get", "/admin/", "forbidden"),
        ("sam", "get", "/da-lat-2024/reception/", "absent"),
        ("greta", "get", "/da-lat-2024/reception/", "in"),
        ("greta", "get", "/admin/board/", "forbidden"),
        ("victor", "get", "/admin/board/", "in"),
        ("victor", "post", "/admin/programme/shift/", "forbidden"),
        ("olga", "post", "/admin/programme/shift/", "in"),
        ("olga", "get", "/admin/programme/shift/", 405),
        ("olga", "post", "/admin/mailing/message/hold-all/", "forbidden"),
        ("ada", "post", "/admin/mailing/message/hold-all/", "in"),
        ("ada", "get", "/admin/password_change/", "absent"),
    ],
)
def test_the_outer_wall_alone_lets_in_only_whom_its_line_names(
    who: str, method: str, path: str, says: str | int, rf: RequestFactory, request: pytest.FixtureRequest
) -> None:
    """Asked by itself: behind it the views have walls of their own."""
    asked = getattr(rf, method)(path)
    asked.user = AnonymousUser() if who == "nobody" else request.getfixturevalue(who)
    asked.session, asked.resolver_match = {}, resolve(path)
    try:
        answer = Policy(lambda _: HttpResponse()).process_view(asked, None, (), {})
        told: str | int = "in" if answer is None else answer.status_code
    except PermissionDenied:
        told = "forbidden"
    except Http404:
        told = "absent"
    assert told == says
