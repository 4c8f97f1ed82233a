"""Sign-up through the small installation, on SQLite: two processes at once at one place, and the queue."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.installation import ROOT, environment, manage, prepared
from tests.patience import LONGEST

pytestmark = pytest.mark.slow
BEGIN = """
import json
from attendees.models import Attendee
from sessions import signing_up, sweeping
from sessions.models import Session, SignUp
from tests.conftest import make_categories, make_conference, make_delegation
"""
GROUND = """
from tests.sessions.choosing import parallel
conference = make_conference("da-lat-2024")
make_categories(conference)
delegation = make_delegation(conference, "lam-dong")
parallel(conference, a=1, b=1)
for number in range(1, 7):
    Attendee.objects.create(conference=conference, delegation=delegation, full_name=f"Người thứ {number}",
                            category=conference.categories.get(slug="department"))
"""
CROWD = """
for person in Attendee.objects.order_by("pk")[{first}::2]:
    signing_up.sign_up(person, "a", by=None)
"""
LEAVE = """
person = SignUp.objects.taken().get().attendee
Attendee.objects.filter(pk=person.pk).update(status="declined")
sweeping.sweep()
"""
STANDS = """
print(">>>", json.dumps([SignUp.objects.taken().count(), SignUp.objects.waiting().count()]))
"""


def shell(code: str) -> tuple[str, ...]:
    return ("shell", "--verbosity", "0", "--no-imports", "--command", BEGIN + code + STANDS)


def run(env: dict[str, str], code: str) -> Any:
    return json.loads(manage(env, *shell(code)).rpartition(">>>")[2])


def test_one_place_goes_to_one_of_two_processes_and_the_queue_moves_up(tmp_path: Path) -> None:
    env = environment(tmp_path)
    prepared(tmp_path)
    assert run(env, GROUND) == [0, 0]
    command = [sys.executable, str(ROOT / "manage.py")]
    at_once = [subprocess.Popen([*command, *shell(CROWD.format(first=n))], env=env, cwd=ROOT) for n in (0, 1)]
    assert [one.wait(LONGEST) for one in at_once] == [0, 0]
    assert run(env, "") == [1, 5]
    assert run(env, LEAVE) == [1, 4]
