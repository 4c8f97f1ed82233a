"""An installation that others can reach does not start with what would open it."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from conference import starting
from tests.installation import ROOT

STRONG = "mX3vJ9q2Lw8xR5tB7nM4cD6fH1gS0aPyUeIoQzXwVbNtKjYlGr"
GOOD: dict[str, Any] = {
    "debug": False,
    "demo": False,
    "site_url": "https://hoinghi.example",
    "keys": [STRONG],
    "metrics_token": "",
}


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"debug": True}, "DEBUG"),
        ({"site_url": "http://hoinghi.example"}, "SITE_URL"),
        ({"keys": ["secret"]}, "SECRET_KEY"),
        ({"keys": ["x" * 60]}, "SECRET_KEY"),
        ({"keys": ["django-insecure-" + STRONG]}, "SECRET_KEY"),
        ({"keys": [STRONG, "former"]}, "SECRET_KEY_FALLBACKS"),
        ({"metrics_token": "short"}, "METRICS_TOKEN"),
        ({"demo": True}, "DEMO"),
        ({"site_url": "https://127.0.0.1.hoinghi.example", "demo": True}, "DEMO"),
        ({"site_url": "https://localhost.hoinghi.example", "keys": ["secret"]}, "SECRET_KEY"),
    ],
)
def test_what_would_open_it_stops_the_start(fault: dict[str, Any], named: str) -> None:
    starting.require(**GOOD)
    with pytest.raises(ImproperlyConfigured, match=named) as refused:
        starting.require(**{**GOOD, **fault})
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize(
    "allowed",
    [
        {"debug": True, "site_url": "http://127.0.0.1:8000", "keys": ["weak"]},
        {"site_url": "http://localhost:8000", "keys": ["weak"]},
        {"demo": True, "site_url": "http://127.0.0.2:8000"},
        {"demo": True, "site_url": "http://[::1]:8000"},
    ],
)
def test_on_ones_own_machine_and_to_show_it_less_is_asked(allowed: dict[str, Any]) -> None:
    starting.require(**{**GOOD, **allowed})


@pytest.mark.parametrize(
    ("name", "version", "is_refused"),
    [
        ("weasyprint", "69.9", True),
        ("weasyprint", "70.0", False),
        ("weasyprint", "100.1", False),
        ("django-allauth", "65.14.1", True),
        ("django-allauth", "65.14.2", False),
    ],
)
def test_versions_with_known_holes_are_refused(name: str, version: str, is_refused: bool) -> None:
    good = dict.fromkeys(starting.MENDED_IN, "9999")
    assert bool(starting.holes({**good, name: version})) is is_refused


def test_this_machine_may_always_ask_itself_whether_it_is_well() -> None:
    """A container asks its own web as 127.0.0.1, whatever names it has outside."""
    asks = "from django.conf import settings; print(*settings.ALLOWED_HOSTS)"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", asks],
        cwd=ROOT, env=os.environ | {"ALLOWED_HOSTS": "hoinghi.example"}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["hoinghi.example", "127.0.0.1", "localhost"]


def test_everything_wrong_is_said_at_once_and_nothing_of_the_key() -> None:
    wrong = {"DEBUG": "1", "SITE_URL": "http://hoinghi.example", "SECRET_KEY": "my-secret", "DEMO": "0"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT, env=os.environ | wrong, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert [line.split()[0] for line in done.stderr.splitlines()] == ["DEBUG", "SITE_URL", "SECRET_KEY,"]
    assert "my-secret" not in done.stderr
