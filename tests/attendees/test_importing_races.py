"""Lists and everybody else at once: real requests, real processes, a real PostgreSQL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from pytest_django.live_server_helper import LiveServer

from attendees import answers, importing
from attendees.importing.rows import Act
from attendees.models import Attendee, Category, Delegation, ImportBatch
from conference.models import JournalEntry, User
from tests.attendees.lists import AN, BINH, CUONG, shown, stage, workbook
from tests.attendees.test_races import at_once
from tests.conference.test_pages_in_browser import session_of
from tests.conftest import MakeAttendee
from tests.installation import ROOT
from tests.patience import LONGEST, until

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "a" * 32


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


class Browser:
    """Posts over HTTP as one signed-in person."""

    def __init__(self, server: LiveServer, user: User) -> None:
        self.server, self.cookies = server, f"session={session_of(user)}; csrf={TOKEN}"

    def post(self, address: str, **data: str) -> int:
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": TOKEN, **data}).encode()
        request = urllib.request.Request(self.server.url + address, body, {"Cookie": self.cookies})
        try:
            with urllib.request.build_opener(Still).open(request, timeout=LONGEST) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as answer:
            return answer.code


class Still(urllib.request.HTTPRedirectHandler):
    """The answer itself, not the page it leads to."""

    def redirect_request(self, *args: object) -> None:
        return None


@pytest.fixture
def one_seat_left(delegation: Delegation, make_attendee: MakeAttendee) -> Delegation:
    for name in ("Đỗ Thị Dung", "Hồ Văn Em"):
        make_attendee(delegation, name)
    return delegation


def together(*acts: Callable[[], object]) -> None:
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        gate.wait(LONGEST)
        act()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)


@pytest.mark.parametrize("round_", range(4))
def test_the_last_seat_goes_to_the_list_or_to_the_form_never_to_both(
    live_server: LiveServer, one_seat_left: Delegation, dan: User, mai: User, round_: int
) -> None:
    one_seat_left.officers.add(mai)
    batch = stage(one_seat_left, AN, by=dan)
    here = "/da-lat-2024/delegations/lam-dong"
    version = shown(batch, dan).version
    listed, typed = Browser(live_server, dan), Browser(live_server, mai)
    person = {"full_name": "Trần Thị Bình", "version": "1", "request_key": str(uuid.uuid4())}
    codes: dict[str, int] = {}
    together(
        lambda: codes.update(list=listed.post(f"{here}/list/{batch.public_id}/take/", version=version)),
        lambda: codes.update(form=typed.post(f"{here}/seats/department/nominate/", **person)),
    )
    batch.refresh_from_db()
    names = set(one_seat_left.attendees.active().values_list("full_name", flat=True))
    assert len(names) == 3  # no seat is given twice, and none is wasted
    assert (batch.state == ImportBatch.State.TAKEN) == ("Nguyễn Văn An" in names)
    assert codes["list"] in (302, 409)
    assert codes["form"] == (200 if "Nguyễn Văn An" in names else 302)


def test_without_the_lock_the_same_race_oversells(
    one_seat_left: Delegation, department: Category, dan: User
) -> None:
    """The control: it shows that the race above is one."""
    batch = stage(one_seat_left, AN, by=dan)
    asked, typed = threading.Event(), threading.Event()

    def act(number: int) -> None:
        if number:
            asked.wait(LONGEST)
            answers.nominate(one_seat_left, department, by=dan, full_name="Trần Thị Bình")
            typed.set()
            return
        rows = importing.preview(batch, by=dan).rows
        asked.set()
        typed.wait(LONGEST)  # between the question and the answer somebody else writes
        people = [row.attendee for row in rows if row.act == Act.NEW and row.attendee]
        for one in people:
            one.prepare()
        Attendee.objects.bulk_create(people)

    assert at_once(act, clients=2) == {"done": 2}
    assert one_seat_left.attendees.active().count() == 4


def test_one_list_taken_by_many_at_once_is_taken_once(delegation: Delegation, dan: User) -> None:
    batch = stage(delegation, AN, BINH, by=dan)
    version = shown(batch, dan).version
    assert at_once(lambda _: importing.take(batch, by=dan, version=version), clients=6) == {"done": 6}
    assert delegation.attendees.count() == 2
    assert JournalEntry.objects.filter(act="import").count() == 1


def test_two_lists_of_one_file_at_once_double_nobody(delegation: Delegation, dan: User, olga: User) -> None:
    batches = [stage(delegation, AN, by=by) for by in (dan, olga)]
    people = [(batch, shown(batch, by).version, by) for batch, by in zip(batches, (dan, olga), strict=True)]
    outcomes = at_once(
        lambda n: importing.take(people[n][0], version=people[n][1], by=people[n][2]), clients=2
    )
    assert outcomes == {"done": 1, "Stale": 1}
    assert delegation.attendees.count() == 1


def test_lists_of_many_delegations_never_wait_for_each_other(
    delegation: Delegation, other_delegation: Delegation, olga: User
) -> None:
    """They hold the delegations in one order, whatever the order of their rows."""
    there, here = ("Lâm Đồng", "Quảng Nam"), ("Quảng Nam", "Lâm Đồng")
    headings = ("Họ và tên", "Tỉnh", "Thành phần")
    batches = []
    for number, places in enumerate((there, here, there, here)):
        rows = [(f"{'Người' if n else 'Ông'} {'abcd'[number]}", place, "") for n, place in enumerate(places)]
        batch = stage(delegation, *rows, headings=headings, whole=True, by=olga)
        importing.choose(batch, {f"part.0.{row}": "department" for row in (2, 3)}, by=olga)
        batches.append(batch)
    outcomes = at_once(lambda n: importing.take(batches[n], by=olga), clients=4)
    assert outcomes == {
        "done": 3,
        ValidationError.__name__: 1,
    }  # three seats each: the fourth list finds none
    assert [one.attendees.count() for one in (delegation, other_delegation)] == [3, 3]


# ── Killed ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def command(delegation: Delegation, tmp_path: Path) -> list[str]:
    path = tmp_path / "danh-sach.xlsx"
    path.write_bytes(workbook(AN, BINH, CUONG))
    arguments = [sys.executable, "manage.py", "import_people", str(path)]
    return [*arguments, "--conference", "da-lat-2024", "--unit", "lam-dong"]


def environment() -> dict[str, str]:
    """That of the tests, with the database of this one."""
    name = connection.settings_dict["NAME"]
    url = os.environ["DATABASE_URL"].replace("/postgres?", f"/{name}?")
    return os.environ | {"DATABASE_URL": url, "MEDIA_ROOT": str(settings.MEDIA_ROOT)}


BACKENDS = """
    SELECT pid, wait_event_type = 'Lock' AND query LIKE 'INSERT INTO "conference_journalentry"%%'
    FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def backends() -> dict[int, bool]:
    """Processes of the database, and whether they wait to write the record."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction it would be that of before
        cursor.execute(BACKENDS)
        return dict(cursor.fetchall())


def test_a_list_killed_half_way_changes_nothing(delegation: Delegation, command: list[str]) -> None:
    """The people are written, the record of them waits: then the process is killed."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE conference_journalentry IN EXCLUSIVE MODE")
        process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL)
        until(lambda: any(backends().values()) or process.poll() is not None, "the record to wait")
        assert process.poll() is None
        (killed,) = (pid for pid, waits in backends().items() if waits)
        process.send_signal(signal.SIGKILL)
        process.wait(LONGEST)
    until(lambda: killed not in backends(), "its backend to end")
    delegation.refresh_from_db()
    assert not delegation.attendees.exists()
    assert not JournalEntry.objects.exists()
    assert (delegation.version, ImportBatch.objects.get().state) == (1, ImportBatch.State.READ)
    subprocess.run(command, cwd=ROOT, env=environment(), check=True, stdout=subprocess.DEVNULL)
    assert delegation.attendees.count() == 3
    assert ImportBatch.objects.get().state == ImportBatch.State.TAKEN
