"""A database that goes away in the middle of a request: the page says so, and when to try again."""

import html
import os
from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg2
import pytest
from django.db import OperationalError, connection
from django.test import Client

from attendees.models import Attendee, Delegation
from conference import env
from conference.models import Conference, User
from documents import requests
from documents.requests import Scope
from tests.conftest import MakeAttendee
from tests.servers import FOLDER, database_account

pytestmark = pytest.mark.django_db(transaction=True)
Wrapper = Callable[..., Any]


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def killed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """The server throws this connection out before it answers."""
    pid = connection.connection.get_backend_pid()
    place = f"host={os.environ[FOLDER]} dbname=postgres user={database_account() or ''}"
    with closing(psycopg2.connect(place)) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", (pid,))
    return execute(sql, params, many, context)


def killed_after_the_commit(execute: Callable[..., Any], *asked: Any) -> Any:
    return execute(*asked) if connection.in_atomic_block else killed(execute, *asked)


def mistaken(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    return execute("SELECT a_column_that_is_nowhere", None, many, context)


@pytest.mark.parametrize("path", ["/", "/start/"], ids=["in the view", "in the walls before it"])
def test_a_lost_database_is_told_with_when_to_try_again(visitor: Client, sam: Any, path: str) -> None:
    visitor.force_login(sam)
    with connection.execute_wrapper(killed):
        response = visitor.get(path)
    connection.close()
    said = html.unescape(response.content.decode())
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert "Hệ thống tạm gián đoạn" in said
    assert "gửi lại không làm việc đó hai lần" in said
    assert response.headers["X-Request-ID"] in said
    assert visitor.get(path, follow=True).status_code == 200


def test_it_is_told_in_the_language_that_was_chosen(visitor: Client) -> None:
    visitor.cookies["django_language"] = "en"
    with connection.execute_wrapper(killed):
        response = visitor.get("/")
    connection.close()
    assert "The system is interrupted for a moment" in response.content.decode()


def test_a_mistake_of_ours_stays_a_mistake(visitor: Client) -> None:
    """The control: what no waiting mends must not be called an interruption."""
    with connection.execute_wrapper(mistaken):
        response = visitor.get("/")
    assert response.status_code == 500
    assert "Retry-After" not in response.headers


def test_what_is_committed_is_told_as_done_though_the_bell_cannot_be_rung(
    conference: Conference, olga: User, make_attendee: MakeAttendee, delegation: Delegation
) -> None:
    make_attendee(delegation, status=Attendee.Status.CONFIRMED)
    with connection.execute_wrapper(killed_after_the_commit):
        document = requests.begin("attendee-list", conference, by=olga, scope=Scope())
    connection.close()
    part = document.parts.get()
    assert (document.state, part.state, part.rung_at) == ("queued", "queued", None)


@pytest.mark.parametrize("is_ours", [True, False], ids=["with our patience", "without, the control"])
def test_who_stands_still_in_a_transaction_does_not_keep_its_rows(
    conference: Conference, is_ours: bool
) -> None:
    ours = str(env.PATIENCE["options"]).replace("timeout=90s", "timeout=300ms") if is_ours else ""
    place = f"host={os.environ[FOLDER]} user={database_account() or ''}"
    with closing(psycopg2.connect(place, dbname=connection.settings_dict["NAME"], options=ours)) as still:
        still.cursor().execute("SELECT 1 FROM conference_conference FOR UPDATE")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '4s'")
        try:
            Conference.objects.update(title="Hội nghị khác")
            is_free = True
        except OperationalError:
            is_free = False
        finally:
            connection.close()
    assert is_free is is_ours
