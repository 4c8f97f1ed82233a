"""The last minutes in small: nothing that was acknowledged is lost, no answer is a 500.

And the control: the history checker finds each kind of loss in a history that somebody made up.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from attendees import answers, links
from attendees.models import Attendee, Delegation
from conference.browser_sessions import SessionStore
from conference.guests import SESSION_KEY
from conference.models import Conference
from tests.load import checking, people
from tests.load.browsing import Browser, Page, Timings
from tests.load.officers import Officer
from tests.storm.processes import ROOT


@pytest.mark.slow
@pytest.mark.xdist_group("journeys")  # it wants a core for itself, as they do
def test_nothing_acknowledged_is_lost_in_the_last_minutes() -> None:
    short = ("--minutes", "0.7", "--quiet-minutes", "0.1", "--people", "63", "--fault-every", "12")
    done = subprocess.run(
        [sys.executable, "-m", "tests.load", *short, "--pause", "2", "5"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=3600,
        check=False,
    )
    report = json.loads(done.stdout.strip().splitlines()[-1])
    assert {name: count for name, count in report["found"].items() if count} == {}, report
    assert (report["presses"], report["refused presses"]) == (people.DELEGATIONS, []), report
    assert report["backup"]["is_whole"], report
    assert len(report["faults"]) >= 2, report
    assert report["acknowledged"]["nominations"] > 0, report


@pytest.fixture
def officer() -> Officer:
    return Officer(7, Browser("http://127.0.0.1:1", Timings()), "/", (0, 0), random.Random(7))


@pytest.fixture
def told(officer: Officer, conference: Conference, delegation: object) -> Officer:
    """Two nominations, one of them corrected and confirmed, exactly as they were told."""
    one, two = (
        answers.nominate(delegation, conference.categories.get(slug="department"), by=None, full_name=name)
        for name in ("Trần Thị Thử 07-00", "Trần Thị Thử 07-01")
    )
    answers.edit(one, by=None, version=one.version, position="Chuyên viên số 07.00001")
    one.refresh_from_db()
    answers.confirm_person(one, by=None, version=one.version)
    officer.ledger.nominated = {one.full_name: one.code, two.full_name: two.code}
    officer.ledger.edits = {one.code: ["Chuyên viên số 07.00001"]}
    officer.ledger.confirmed = [one.code]
    return officer


def found(conference: Conference, officer: Officer) -> dict[str, int]:
    return {name: count for name, count in checking.verdict(conference, [officer], []).items() if count}


def test_a_true_history_has_no_fault(conference: Conference, told: Officer) -> None:
    told.ledger.doubtful = {told.ledger.confirmed[0]: ["Chuyên viên số 07.00002"]}
    told.ledger.nominated["Trần Thị Thử 07-02"] = ""  # sent, and no answer came
    assert found(conference, told) == {}


def _lose(officer: Officer) -> None:
    Attendee.objects.filter(full_name="Trần Thị Thử 07-01").delete()


def _double(officer: Officer) -> None:
    Attendee.objects.filter(full_name="Trần Thị Thử 07-01").update(full_name="Trần Thị Thử 07-00")
    del officer.ledger.nominated["Trần Thị Thử 07-01"]


def _take_back(officer: Officer) -> None:
    Attendee.objects.filter(code__in=officer.ledger.confirmed).update(position="", status="proposed")


def _invent(officer: Officer) -> None:
    officer.ledger.edits[officer.ledger.confirmed[0]].insert(0, "Chuyên viên số 07.00000")


@pytest.mark.parametrize(
    ("harm", "faults"),
    [
        (_lose, {"nominations lost": 1}),
        (_double, {"nominations doubled": 1}),
        (_take_back, {"corrections lost": 1, "confirmations lost": 1}),
        (_invent, {"corrections not in the journal": 1}),
    ],
)
def test_the_checker_finds_what_was_lost(
    harm: Callable[[Officer], None], faults: dict[str, int], conference: Conference, told: Officer
) -> None:
    harm(told)
    assert found(conference, told) == faults


def test_people_without_a_certificate_are_found(conference: Conference, told: Officer) -> None:
    assert checking.verdict(conference, [told], [1, 2])["people without a certificate"] == 2


def test_a_form_is_read_as_a_browser_would_send_it() -> None:
    page = Page(
        "/a/b/",
        '<form action="../c/#here"><input name="x" value="1"><input type="checkbox" name="y" checked>'
        '<input type="checkbox" name="z"><select name="s"><option value="1"><option value="2" selected>'
        "</select>"
        "<textarea name=t>A &amp; B</textarea><button name=go>Go</button></form>",
    )
    form = page.form("/c/")
    assert form is not None
    assert (form.action, form.fields) == ("/a/c/", {"x": "1", "y": "on", "s": "2", "t": "A & B"})


@pytest.mark.django_db(transaction=True)
def test_who_came_by_a_letter_opens_it_again_when_two_hours_are_over(
    live_server: LiveServer, delegation: Delegation
) -> None:
    officer = people.officer(0, delegation, Browser(live_server.url, Timings()), (0, 0), random.Random(7))
    session = SessionStore(officer.browser.cookies[settings.SESSION_COOKIE_NAME])
    session[SESSION_KEY] = {pk: at - links.SESSION_SECONDS - 1 for pk, at in session[SESSION_KEY].items()}
    session.save()
    end = threading.Event()
    assert officer.browser.open(officer.home, "page of the delegation", end) is None

    officer.open_letter(end)

    assert officer.browser.open(officer.home, "page of the delegation", end)
    assert officer.ledger.refused == []
