"""The sweeper finds what a dead worker or a lost message left behind; with real workers, killed for real."""

import datetime
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from celery import current_app
from django.conf import LazySettings
from django.db import connection
from django.utils import timezone

from attendees.models import Attendee
from documents import bell, leases, making, storing, sweeping
from documents.models import Certificate, Document, DocumentPart
from tests.conftest import MakeAttendee
from tests.documents import reading
from tests.documents.conftest import Ask

ROOT = Path(__file__).resolve().parents[2]
LATE = datetime.timedelta(seconds=21)


class Bell:
    """Messages as they would leave for the broker."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rung: list[tuple[str, int]] = []
        self.broken = False
        monkeypatch.setattr(current_app, "send_task", self.send)

    def send(self, name: str, arguments: tuple[int]) -> None:
        if self.broken:
            raise ConnectionError("no broker")
        self.rung.append((name, arguments[0]))


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Bell:
    return Bell(monkeypatch)


@pytest.mark.django_db
def test_a_message_that_was_never_sent_is_sent_by_the_sweeper(ask: Ask, wire: Bell) -> None:
    part = ask().parts.get()
    assert sweeping.sweep() == ([part.pk], [])
    assert wire.rung == [(bell.PRODUCE, part.pk)]


@pytest.mark.django_db
def test_a_message_is_sent_again_only_after_a_while(ask: Ask, wire: Bell) -> None:
    part = ask().parts.get()
    sweeping.sweep()
    assert sweeping.sweep() == ([], [])
    DocumentPart.objects.update(sent_at=timezone.now() - LATE)
    assert sweeping.sweep() == ([part.pk], [])


@pytest.mark.django_db
def test_a_piece_is_rung_for_when_its_lease_is_over(ask: Ask, wire: Bell) -> None:
    part = ask().parts.get()
    leases.claim(making.open_parts(), part.pk, state=DocumentPart.State.RUNNING)
    assert sweeping.sweep() == ([], [])
    DocumentPart.objects.update(lease_until=timezone.now() - LATE)
    assert sweeping.sweep() == ([part.pk], [])


@pytest.mark.django_db
def test_a_paper_whose_pieces_are_done_but_not_joined_is_joined(ask: Ask, wire: Bell) -> None:
    document = ask()
    DocumentPart.objects.update(state=DocumentPart.State.DONE)
    assert sweeping.sweep() == ([], [document.pk])
    assert wire.rung == [(bell.ASSEMBLE, document.pk)]


@pytest.mark.django_db
def test_a_piece_that_kills_its_worker_every_time_ends_with_a_sentence(ask: Ask, wire: Bell) -> None:
    document = ask()
    past = timezone.now() - LATE
    DocumentPart.objects.update(
        state=DocumentPart.State.RUNNING, attempts=leases.MOST_ATTEMPTS, lease_until=past
    )
    assert sweeping.sweep() == ([], [])
    document.refresh_from_db()
    assert document.state == Document.State.FAILED
    assert document.error.startswith("Chưa lập được giấy do lỗi của hệ thống")


@pytest.mark.django_db
def test_cancelled_and_failed_papers_are_left_alone(ask: Ask, wire: Bell) -> None:
    ask().cancel(by=None)
    ask("agenda").fail("x")
    assert sweeping.sweep() == ([], [])


@pytest.mark.django_db
def test_a_broken_broker_stops_the_ringing_at_its_first_refusal(ask: Ask, wire: Bell) -> None:
    wire.broken = True
    ask()
    ask("agenda")
    sweeping.sweep()
    assert wire.rung == []
    DocumentPart.objects.update(sent_at=timezone.now() - LATE)
    wire.broken = False
    sweeping.sweep()
    assert len(wire.rung) == 2


@pytest.mark.django_db
def test_what_killed_workers_left_on_the_disk_is_cleared_away(ask: Ask, wire: Bell) -> None:
    ready, waiting = ask(), ask("agenda")
    Document.objects.filter(pk=ready.pk).update(state=Document.State.READY)
    for document in (ready.pk, waiting.pk, 999_999):
        storing.keep_bytes(b"piece", storing.pieces_of(document), "pdf")
    leftover = storing.path(storing.FINISHED) / ".x.pdf.part"
    leftover.parent.mkdir(parents=True)
    leftover.write_bytes(b"half")
    sweeping.sweep()
    assert storing.documents_with_pieces() == {waiting.pk}
    assert leftover.exists()
    os.utime(leftover, (0, 0))
    sweeping.sweep()
    assert not leftover.exists()


# ── With real workers ─────────────────────────────────────────────────────────────────────────────


def database() -> str:
    """The address of the database of this test, for other processes."""
    known = connection.settings_dict
    host = known["HOST"] or known["OPTIONS"]["host"]
    return f"postgres://{known['USER']}@/{known['NAME']}?host={host}"


def environment(settings: LazySettings) -> dict[str, str]:
    """What a process needs to work on the database of this test."""
    return os.environ | {
        "DATABASE_URL": database(),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "LOG_LEVEL": "ERROR",
    }


@contextmanager
def running(settings: LazySettings, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=environment(settings), start_new_session=True
    )
    try:
        yield process
    finally:
        with_children(process, signal.SIGKILL)


def with_children(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if process.poll() is None:
        os.killpg(process.pid, number)
    process.wait()


WORKER = ("-m", "celery", "--app", "conference.celery", "worker", "--concurrency", "2", "--loglevel", "ERROR",
          "--without-gossip", "--without-mingle")  # fmt: skip


def until(true: Callable[[], bool], seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, list(
            DocumentPart.objects.values_list("index", "state", "attempts")
        )
        time.sleep(0.05)


def state(document: Document) -> str:
    return Document.objects.values_list("state", flat=True).get(pk=document.pk)


@pytest.fixture
def swept() -> Iterator[None]:
    """A sweeper beside the test, in a thread; it takes leases as over after a second."""
    stop = threading.Event()

    def sweep() -> None:
        try:
            sweeping.run(stop, every=0.2)
        finally:
            connection.close()

    thread = threading.Thread(target=sweep)
    thread.start()
    yield
    stop.set()
    thread.join()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("small_pieces")
def test_killed_workers_lose_nothing_and_make_nothing_twice(
    ask: Ask,
    people: list[Attendee],
    make_attendee: MakeAttendee,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
    swept: None,
) -> None:
    monkeypatch.setattr(sweeping, "RESEND", datetime.timedelta(seconds=1))
    for number in range(12):
        person = make_attendee(
            people[0].delegation, f"Người Thứ {number:02}", status=Attendee.Status.CONFIRMED
        )
        person.attendances.create(session=people[0].attendances.get().session)
    with running(settings, *WORKER) as worker:
        document = ask("certificates")
        until(lambda: document.parts.filter(state=DocumentPart.State.DONE).count() >= 4)
        with_children(worker, signal.SIGKILL)
    assert state(document) == Document.State.RUNNING
    # The kill is found when the lease ends; here the clock is moved instead of waiting 90 s.
    DocumentPart.objects.filter(state=DocumentPart.State.RUNNING).update(lease_until=timezone.now())
    with running(settings, *WORKER):
        until(lambda: state(document) == Document.State.READY)
    document.refresh_from_db()
    assert (document.pages, document.total, Certificate.objects.count()) == (16, 16, 16)
    text = reading.text(storing.path(document.file).read_bytes())
    numbers = [text.count(f"Số: {number:04}/GCN-BTTTT") for number in range(1, 17)]
    assert numbers == [1] * 16
    until(lambda: not storing.documents_with_pieces())
    assert not list(storing.path("").rglob("*.part"))


@pytest.mark.django_db(transaction=True)
def test_with_the_broker_away_the_press_answers_at_once_and_the_paper_comes_later(
    ask: Ask, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, swept: None
) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise ConnectionError("no broker")

    with monkeypatch.context() as patched:
        patched.setattr(current_app, "send_task", refuse)
        document = ask("agenda")
        assert document.parts.get().sent_at is None or state(document) == Document.State.QUEUED
    DocumentPart.objects.update(sent_at=None)
    with running(settings, *WORKER):
        until(lambda: state(document) == Document.State.READY)


@pytest.mark.django_db(transaction=True)
def test_a_hung_broker_does_not_hang_the_press(ask: Ask) -> None:
    code = """
import faulthandler; faulthandler.dump_traceback_later(20, exit=True)  # far above the 2 s it takes
import django; django.setup()
from documents import bell
print(bell.ring(parts=[1, 2, 3]))
"""
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts and never answers
        address = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        env = os.environ | {"REDIS_URL": address, "DATABASE_URL": database()}
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "False")


@pytest.mark.django_db(transaction=True)
def test_only_one_sweeper_is_at_work(ask: Ask) -> None:
    with sweeping._alone() as first:
        seen: list[bool] = []

        def other() -> None:
            with sweeping._alone() as second:
                seen.append(second)
            connection.close()

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert (first, seen) == (True, [False])


@pytest.mark.django_db(transaction=True)
def test_the_sweeper_command_stops_when_told(settings: LazySettings) -> None:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "sweeper"], cwd=ROOT, env=environment(settings), stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"sweeping\n"
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    process.stdout.close()
