"""No log holds the token of a link: whichever logger writes, through whichever handler."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from conference import redacting

TOKEN = "7K3M9QFEX2VTR8HB4CDN6PWZ1YJG5SA0"
LOGGERS = (
    "", "django", "django.request", "django.server", "django.security.csrf", "django.db.backends",
    "gunicorn.error", "gunicorn.access", "celery", "celery.worker", "allauth", "weasyprint", "attendees",
    "asyncio", "py.warnings",
)  # fmt: skip


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What every logger writes, through a handler as a library would bring it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
    touched = [logging.getLogger(name) for name in LOGGERS]
    before = [(one, one.level, one.propagate) for one in touched]
    for one in touched:
        one.addHandler(handler)
        one.setLevel(logging.DEBUG)
        one.propagate = False
    yield stream
    for one, level, propagate in before:
        one.removeHandler(handler)
        one.setLevel(level)
        one.propagate = propagate


@pytest.mark.parametrize(
    "text",
    [
        f"GET /l/{TOKEN}/ HTTP/1.1",
        f"/l/{TOKEN}",
        f"/l/{TOKEN.lower()}/?utm=1",
        f"//l/{TOKEN.lower()}",
        f"/L/{TOKEN.lower()}/",
        f"/accounts/login/?next=/l/{TOKEN.lower()}/",
        f"/accounts/login/?next=%2Fl%2F{TOKEN.lower()}%2F",
        f"https://hoinghi.example/l/{TOKEN.lower()[:20]}",
        f"GET /da-lat-2024/programme/own/17-{TOKEN.lower()}.ics HTTP/1.1",
        f"/accounts/login/?next=%2Fda-lat-2024%2Fprogramme%2Fown%2F17-{TOKEN.lower()}.ics",
        f"token={TOKEN}",
        f"{{'token': '{TOKEN}'}}",
    ],
)
def test_a_token_is_struck_wherever_it_stands(text: str) -> None:
    clean = redacting.redact(text)
    assert TOKEN not in clean
    assert TOKEN.lower()[:20] not in clean
    assert redacting.STRUCK in clean


@pytest.mark.parametrize(
    "text",
    [
        "GET /da-lat-2024/delegations/lam-dong/ 200",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "/html/l.css",
        "5 l/100 km",
        "celery@host ready",
    ],
)
def test_other_lines_stay_as_they_are(text: str) -> None:
    assert redacting.redact(text) == text


def test_every_logger_strikes_tokens_from_message_arguments_and_trace(written: io.StringIO) -> None:
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.info("Not Found: /l/%s/", TOKEN)
        logger.warning(f"Not Found: /l/{TOKEN}/")
        logger.info("%(path)s %(status)s", {"path": f"/l/{TOKEN}/", "status": 404})
        logger.info("100 %% of %s", f"/l/{TOKEN.lower()}/")
        try:
            raise ValueError(f"no such page: /l/{TOKEN}/")
        except ValueError:
            logger.exception("Error handling request %s", f"/l/{TOKEN}/")
    text = written.getvalue()
    assert text.count(redacting.STRUCK) >= len(LOGGERS) * 6
    assert "Traceback (most recent call last)" in text
    assert "100 % of /l/•••/" in text
    assert TOKEN not in text.upper()


def test_a_line_with_wrong_arguments_is_struck_too(
    written: io.StringIO, capsys: pytest.CaptureFixture
) -> None:
    logging.getLogger("attendees").info("%s %s", f"/l/{TOKEN}/")
    assert TOKEN not in written.getvalue()


@pytest.mark.django_db
def test_errors_of_the_site_do_not_tell_the_token(
    written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    found = [
        client.get(f"/l/{TOKEN}/").status_code,
        client.post(f"/l/{TOKEN}/").status_code,
        client.get(f"/l/{TOKEN}/mehr/").status_code,
        client.get(f"/l/{TOKEN}/%00").status_code,
        client.put(f"/l/{TOKEN}/", headers={"x-csrftoken": "x"}).status_code,
        client.get(f"/khong-co/l/{TOKEN}/").status_code,
        client.get(f"/l/{TOKEN}/", headers={"host": "elsewhere.example"}).status_code,
    ]
    assert found == [404, 403, 404, 400, 405, 404, 400]

    def fail(token: str) -> None:
        raise RuntimeError(f"database gone while looking for {token} at /l/{token}/")

    monkeypatch.setattr("attendees.links.find", fail)  # the fault, not the code under test
    assert client.get(f"/l/{TOKEN}/").status_code == 500
    text = written.getvalue()
    assert "database gone while looking for •••" in text
    assert text.count("/l/•••") >= 5, text
    assert TOKEN not in text
