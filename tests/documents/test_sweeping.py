"""The sweeper finds what a dead worker or a lost message left behind; with real workers, killed for real."""

import datetime
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from celery import current_app
from django.conf import LazySettings
from django.utils import timezone

from attendees.models import Attendee
from conference import leases
from conference import sweeping as conference_sweeping
from documents import bell, making, producing, storing, sweeping
from documents.models import Certificate, CertificateFile, Document, DocumentPart
from tests import patience, workers
from tests.conftest import MakeAttendee
from tests.documents import reading
from tests.documents.conftest import Ask, give
from tests.workers import ROOT, WORKER, running, with_children

LATE = datetime.timedelta(seconds=21)
HOUR = datetime.timedelta(hours=1)


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
    DocumentPart.objects.update(rung_at=timezone.now() - LATE)
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
    DocumentPart.objects.update(rung_at=timezone.now() - LATE)
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


# ── A clock that jumps ────────────────────────────────────────────────────────────────────────────


def hold(part: DocumentPart) -> None:
    """A worker takes it, and dies."""
    assert leases.claim(making.open_parts(), part.pk, state=DocumentPart.State.RUNNING)


def put_off(part: DocumentPart) -> None:
    """A worker gives it back, to be tried again later."""
    token = leases.claim(making.open_parts(), part.pk, state=DocumentPart.State.RUNNING)
    assert token is not None
    queued = DocumentPart.State.QUEUED
    leases.put_back(DocumentPart.objects.all(), part.pk, token, leases.MOST_ATTEMPTS, state=queued)


def ring_in_vain(part: DocumentPart) -> None:
    """The sweeper rings, and the message is lost."""
    assert sweeping.sweep() == ([part.pk], [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("act", "column"), [(hold, "lease_until"), (put_off, "run_after"), (ring_in_vain, "rung_at")]
)
def test_a_clock_that_was_put_back_keeps_no_piece_waiting(
    ask: Ask, wire: Bell, act: Callable[[DocumentPart], None], column: str
) -> None:
    document = ask()
    part = document.parts.get()
    with time_machine.travel(timezone.now() + HOUR):
        act(part)
    by_the_time_alone = DocumentPart.objects.exclude(**{f"{column}__gt": timezone.now()})
    assert not by_the_time_alone.exists(), "the control: it would wait for an hour"
    assert sweeping.sweep() == ([part.pk], [])
    making.make_part(part.pk)
    document.refresh_from_db()
    assert document.state == Document.State.READY


@pytest.mark.django_db
@pytest.mark.parametrize(("act", "column"), [(hold, "lease_until"), (put_off, "run_after")])
def test_clocks_that_differ_by_a_little_take_nothing_from_each_other(
    ask: Ask, wire: Bell, act: Callable[[DocumentPart], None], column: str
) -> None:
    part = ask().parts.get()
    with time_machine.travel(timezone.now() + leases.LEASE / 2):
        act(part)
    assert sweeping.sweep() == ([], []), column


@pytest.mark.django_db
@pytest.mark.usefixtures("issued")
@pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["ahead", "back"])
def test_what_a_jump_of_the_clock_has_made_twice_counts_once(
    wire: Bell, jump: datetime.timedelta, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    document = Document.objects.get()  # the files that are kept, of what was issued
    part = document.parts.get()
    make = producing.make

    def jumping(*asked: Any) -> producing.Piece:
        """In the middle of the work the lease looks over, and another worker comes."""
        monkeypatch.setattr(producing, "make", make)
        with time_machine.travel(timezone.now() + jump):
            DocumentPart.objects.update(rung_at=None)
            assert sweeping.sweep() == ([part.pk], [])
            making.make_part(part.pk)
        return make(*asked)

    monkeypatch.setattr(producing, "make", jumping)
    making.make_part(part.pk)
    document.refresh_from_db()
    assert document.state == Document.State.READY
    assert [record.getMessage()[-44:] for record in caplog.records] == [
        "was finished too late; another worker has it"
    ]
    files = CertificateFile.objects.values_list("certificate", flat=True)
    assert sorted(files) == sorted(Certificate.objects.values_list("pk", flat=True))


# ── With real workers ─────────────────────────────────────────────────────────────────────────────


def until(true: Callable[[], bool]) -> None:
    patience.until(true, lambda: list(DocumentPart.objects.values_list("index", "state", "attempts")))


def state(document: Document) -> str:
    return Document.objects.values_list("state", flat=True).get(pk=document.pk)


@pytest.fixture
def swept() -> Iterator[None]:
    """A sweeper beside the test."""
    with workers.sweeping_beside():
        yield


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
    monkeypatch.setattr(conference_sweeping, "RESEND", datetime.timedelta(seconds=1))
    for number in range(12):
        person = make_attendee(
            people[0].delegation, f"Người Thứ {number:02}", status=Attendee.Status.CONFIRMED
        )
        person.attendances.create(session=people[0].attendances.get().session)
    give(people[0].conference)
    Document.objects.all().delete()
    with running(settings, *WORKER) as worker:
        document = ask("certificates")
        until(lambda: document.parts.filter(state=DocumentPart.State.DONE).count() >= 2)
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
        assert document.parts.get().rung_at is None or state(document) == Document.State.QUEUED
    DocumentPart.objects.update(rung_at=None)
    with running(settings, *WORKER):
        until(lambda: state(document) == Document.State.READY)


@pytest.mark.django_db(transaction=True)
def test_a_hung_broker_does_not_hang_the_press(ask: Ask) -> None:
    code = """
import faulthandler; faulthandler.dump_traceback_later(120, exit=True)  # far above the 2 s it takes
import django; django.setup()
from documents import bell
print(bell.ring(parts=[1, 2, 3]))
"""
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts and never answers
        address = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        env = os.environ | {"REDIS_URL": address, "DATABASE_URL": workers.database()}
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "False")
