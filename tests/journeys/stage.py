"""A whole installation with invented people, and browsers to use it: what the journeys are played on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests import browsers
from tests.installation import ROOT, Served, environment, manage, prepared, serving

SHOTS = Path(tempfile.gettempdir(), "hoi-nghi-journeys")
# Answers with JSON, line by line: a process that starts for each question takes seconds.
ORACLE = """
import json, sys
import django
django.setup()
from attendees.models import *
from conference.models import *
from documents.models import *
from sessions.models import *
for line in sys.stdin:
    slug, expression = json.loads(line)
    conference = Conference.objects.get(slug=slug)
    print(json.dumps(eval(expression), default=str), flush=True)
"""
PHONE, DESKTOP = {"width": 360, "height": 760}, {"width": 1440, "height": 900}


@dataclass
class Stage:
    """The installation as a test meets it."""

    served: Served
    env: dict[str, str]
    oracle: subprocess.Popen[str]
    slug: str = "da-lat-2024"

    @property
    def address(self) -> str:
        return self.served.address

    def account(self, role: str, delegation: str = "") -> dict[str, str]:
        """From the file that the set-up wrote."""
        accounts = json.loads(Path(self.env["DATA_DIR"], "demo-accounts.json").read_text(encoding="utf-8"))
        return next(one for one in accounts if one["role"] == role and delegation in ("", one["delegation"]))

    @contextmanager
    def page(self, size: dict[str, int] = DESKTOP) -> Iterator[Page]:
        """A browser of its own; when the story breaks off, its last picture is kept."""
        context = browsers.new_context(viewport=size, locale="vi-VN", accept_downloads=True)
        page = context.new_page()
        answers: list[tuple[int, str]] = []
        page.on("response", lambda answer: answers.append((answer.status, answer.url)))
        try:
            yield page
            assert [answer for answer in answers if answer[0] >= 500] == []
        except BaseException:
            SHOTS.mkdir(exist_ok=True)
            with suppress(Exception):  # the picture only explains the failure that is on its way
                page.screenshot(path=SHOTS / f"{os.getpid()}-{time.time():.0f}.png", full_page=True)
            raise
        finally:
            context.close()

    @contextmanager
    def signed_in(self, role: str, delegation: str = "", size: dict[str, int] = DESKTOP) -> Iterator[Page]:
        account = self.account(role, delegation)
        with self.page(size) as page:
            page.goto(f"{self.address}/accounts/login/")
            page.fill("input[name=login]", account["email"])
            page.fill("input[name=password]", account["password"])
            page.get_by_role("button", name="Đăng nhập", exact=True).click()
            page.wait_for_url(lambda url: "/accounts/login" not in url)
            yield page

    def facts(self, expression: str) -> Any:
        """What a Python expression over the models gives, as JSON, from the installation's own database."""
        asking, answering = self.oracle.stdin, self.oracle.stdout
        assert asking is not None
        assert answering is not None
        asking.write(json.dumps([self.slug, expression]) + "\n")
        asking.flush()
        return json.loads(answering.readline())


@contextmanager
def installed(*demo: str, **more: str) -> Iterator[tuple[Served, dict[str, str]]]:
    """A demonstration, loaded with the arguments `demo`, served until the block ends."""
    with tempfile.TemporaryDirectory(prefix="hn-journey-") as folder:
        env = environment(Path(folder), DEMO="1", **more)
        prepared(Path(folder))
        manage(env, "demo_data", *demo)
        with serving(Path(folder), env) as served:
            yield served, env


@contextmanager
def staged(*demo: str, slug: str = "da-lat-2024", **more: str) -> Iterator[Stage]:
    """An installation as `installed` serves it, with somebody who knows its database."""
    with installed(*demo, **more) as (served, env):
        known = env | {"DJANGO_SETTINGS_MODULE": "conference.settings"}
        oracle = [sys.executable, "-c", ORACLE]
        pipe = subprocess.PIPE
        with subprocess.Popen(oracle, cwd=ROOT, env=known, stdin=pipe, stdout=pipe, text=True) as process:
            yield Stage(served, env, process, slug)
