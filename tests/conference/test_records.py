"""Logs tell of requests by number and route, as JSON where it is wanted, and of nobody."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.test import Client

from attendees.models import Delegation
from conference import records, redacting
from conference.models import User
from tests.conftest import MakeAttendee
from tests.installation import ROOT

NAME, PHONE, MAIL = "Trịnh Bạch Yến Oanh", "0977318246", "chim.hoang.yen@lamdong.example"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.handler.setFormatter(records.Json())
    caplog.set_level(logging.INFO)
    return caplog


def told(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [json.loads(line) for line in caplog.text.splitlines()]


@pytest.mark.django_db
def test_an_answer_and_its_line_carry_one_number(client: Client, lines: pytest.LogCaptureFixture) -> None:
    response = client.get("/khong-co/")
    number = response.headers["X-Request-ID"]
    assert f"<code>{number}</code>" in response.content.decode()
    (line,) = told(lines)
    assert line["request_id"] == number
    assert (line["level"], line["logger"], line["message"]) == (
        "warning", "django.request", "404 GET <slug:conference>/",
    )  # fmt: skip
    assert client.get("/khong-co/").headers["X-Request-ID"] != number


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("proxies", "given", "is_taken"),
    [
        (1, "abc-DEF_12345678", True),
        (0, "abc-DEF_12345678", False),
        (1, "a b", False),
        (1, '"><script>', False),
    ],
)
def test_only_our_proxy_gives_numbers_and_only_such_as_break_nothing(
    client: Client, settings: LazySettings, proxies: int, given: str, is_taken: bool
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    response = client.get("/healthz", headers={"x-request-id": given, "x-forwarded-for": "203.0.113.9"})
    assert (response.headers["X-Request-ID"] == given) is is_taken


@pytest.mark.django_db
def test_a_fault_shows_its_number_and_its_trace_tells_of_nobody(
    delegation: Delegation,
    make_attendee: MakeAttendee,
    dan: User,
    lines: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = make_attendee(delegation, NAME, phone=f"+84{PHONE[1:]}", email=MAIL)

    def fail(*args: object, **kwargs: object) -> None:
        with transaction.atomic():
            User.objects.create_user(dan.email, full_name=NAME)

    monkeypatch.setattr("conference.views._places", fail)  # the fault, not the code under test
    client = Client(raise_request_exception=False)
    client.force_login(dan)
    response = client.get("/start/")
    assert response.status_code == 500
    [line] = [one for one in told(lines) if one["level"] == "error"]
    assert f"<code>{line['request_id']}</code>" in response.content.decode()
    assert line["message"] == "500 GET start/"
    trace = str(line["trace"])
    assert 'duplicate key value violates unique constraint "conference_user_email' in trace
    assert "in create_user" in trace
    client.get(f"/da-lat-2024/people/{person.code}/khong-co/")
    for word in ("dan@hoinghi", NAME, "Oanh", PHONE, person.code):
        assert word not in lines.text


def test_the_control_the_trace_of_python_tells_the_address(db: None, dan: User) -> None:
    with pytest.raises(IntegrityError, match="dan@hoinghi"):
        User.objects.create_user("dan@hoinghi.example", full_name=NAME)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (f"550 5.1.1 <{MAIL}>: no such user", "550 5.1.1 <•••>: no such user"),
        (f"call {PHONE} or +84 977 318 246", "call ••• or •••"),
        ("identity 079123456789", "identity •••"),
        (f"No letter to {NAME}: (x)", "No letter to •••: (x)"),
        ("for 'Nguyễn Văn An' in row 7", "for '•••' in row 7"),
        ("code 7K3M-9QFE-X2VT-R8HB is known", "code ••• is known"),
        ("/v/7K3M9QFEX2VTR8HB", "/v/•••"),
        ("/da-lat-2024/people/7K3M9QFE/answer/", "/da-lat-2024/people/•••/answer/"),
    ],
)
def test_people_are_struck_by_their_form(said: str, left: str) -> None:
    assert redacting.redact(said) == left


@pytest.mark.parametrize(
    "text",
    [
        "Piece 17/3 failed, attempt 2",
        "Task documents.produce[0d1e3c1a-9f7a-4c5e-8f2e-0c7a6d1b2f3a] received",
        "Task documents.produce[…] succeeded in 0.123456789s: None",
        "connection to server at 127.0.0.1, port 5432 failed: Connection refused",
        "Listening at: http://127.0.0.1:8000 (1234567)",
        "/programme/versions.atom",
    ],
)
def test_what_an_operator_needs_stays(text: str) -> None:
    assert redacting.redact(text) == text


def test_of_a_fault_within_a_fault_both_kinds_stay() -> None:
    trace = (
        "Traceback (most recent call last):\n"
        '  File "a.py", line 1, in f\n    g()\n'
        'psycopg2.errors.UniqueViolation: duplicate key value violates unique constraint "x"\n'
        f"DETAIL:  Key (email)=({MAIL}) already exists.\n"
        "\nThe above exception was the direct cause of the following exception:\n\n"
        "Traceback (most recent call last):\n"
        '  File "b.py", line 2, in h\n    k()\n'
        f"ValueError: bad\n  Oanh\nOanh {PHONE}"
    )
    plain = redacting.plain_trace(trace)
    assert plain.splitlines() == [
        "Traceback (most recent call last):",
        '  File "a.py", line 1, in f',
        "    g()",
        'psycopg2.errors.UniqueViolation: duplicate key value violates unique constraint "x"',
        "The above exception was the direct cause of the following exception:",
        "Traceback (most recent call last):",
        '  File "b.py", line 2, in h',
        "    k()",
        "ValueError: bad",
    ]


def test_a_line_for_people_ends_with_the_number() -> None:
    record = logging.makeLogRecord({"name": "x", "levelname": "INFO", "msg": "said"})
    token = records.current.set("abc")
    try:
        assert records.Line().format(record).endswith("INFO x said [abc]")
    finally:
        records.current.reset(token)
    assert json.loads(records.Json().format(record))["message"] == "said"


def test_an_unknown_form_stops_the_start(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT, env=os.environ | {"LOG_FORMAT": "xml"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr.strip() == "LOG_FORMAT must be one of line, json, not 'xml'."
