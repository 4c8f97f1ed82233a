"""Letters that a dead worker or a lost message left behind leave all the same; with real workers, killed."""

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

from conference import leases
from conference import sweeping as conference_sweeping
from conference.models import Conference, User
from mailing import bell, kinds, outbox, sending, sweeping
from mailing.models import Attempt, Mailing, Message, State
from mailing.outbox import Letter
from tests import workers
from tests.mailing.conftest import Draft, turn
from tests.patience import until
from tests.smtp import MailServer, Received
from tests.workers import ROOT, WORKER, running, with_children

LATE = datetime.timedelta(seconds=21)
HOUR = datetime.timedelta(hours=1)
Approved = Callable[..., list[Message]]


@pytest.mark.django_db
def test_a_letter_for_which_nobody_rang_is_rung_for(approved: Approved, silent_bell: list[list[int]]) -> None:
    (message,) = approved()
    assert sweeping.sweep() == [message.pk]
    assert silent_bell == [[message.pk]]
    assert sweeping.sweep() == [], "not again at once"
    Message.objects.update(rung_at=timezone.now() - LATE)
    assert sweeping.sweep() == [message.pk]


@pytest.mark.django_db
def test_a_scheduled_letter_is_rung_for_when_its_hour_comes(
    approved: Approved, conference: Conference
) -> None:
    conference.demo_now, conference.is_demo = None, False
    conference.save()
    (message,) = approved(send_after=timezone.now() + datetime.timedelta(hours=1))
    assert sweeping.sweep() == []
    Message.objects.update(send_after=timezone.now())
    assert sweeping.sweep() == [message.pk]


@pytest.mark.django_db
def test_a_stopped_letter_is_not_rung_for(approved: Approved, conference: Conference) -> None:
    approved()
    outbox.hold(conference, by=None, reason="x")
    assert sweeping.sweep() == []
    outbox.release(conference, by=None)
    assert len(sweeping.sweep()) == 1


@pytest.mark.django_db
def test_drafts_and_ended_letters_are_left_alone(draft: Draft, silent_bell: list[Any]) -> None:
    outbox.cancel(draft(2), "", by=None)
    draft()
    assert sweeping.sweep() == []


@pytest.mark.django_db
def test_a_letter_is_rung_for_when_the_lease_of_its_worker_is_over(approved: Approved) -> None:
    (message,) = approved()
    leases.claim(Message.objects.due(), message.pk, state=State.SENDING)
    assert sweeping.sweep() == []
    Message.objects.update(lease_until=timezone.now() - LATE)
    assert sweeping.sweep() == [message.pk]


@pytest.mark.django_db
def test_a_clock_that_was_put_back_keeps_no_letter_waiting(
    approved: Approved, server: MailServer, conference: Conference
) -> None:
    (message,) = approved()
    with time_machine.travel(timezone.now() + HOUR):
        leases.claim(Message.objects.due(), message.pk, state=State.SENDING)  # by a worker that died
    assert not Message.objects.filter(lease_until__lt=timezone.now()).exists(), "the control: an hour's wait"
    assert sweeping.sweep() == [message.pk]
    turn(message)
    assert (message.state, server.ids()) == ("sent", [message.message_id])


@pytest.mark.django_db
def test_a_worker_whose_clock_jumps_before_it_hands_over_sends_nothing_twice(
    approved: Approved, server: MailServer, settings: LazySettings
) -> None:
    settings.MAIL_SECRETS = {"link": f"{__name__}.link_after_a_jump"}
    (message,) = approved()
    with time_machine.travel(timezone.now()) as clock:
        clocks.append(clock)
        turn(message)
        assert (message.state, server.received) == ("approved", []), "its lease looks over: it lets go"
        assert sweeping.sweep() == [message.pk]
        settings.MAIL_SECRETS = {"link": "tests.mailing.rooms.link_of"}
        turn(message)
    assert (message.state, server.ids()) == ("sent", [message.message_id])


clocks: list[Any] = []


def link_after_a_jump(pk: int) -> str:
    clocks.pop().shift(HOUR)
    return "https://hoinghi.example/l/x"


@pytest.mark.django_db
def test_a_letter_that_kills_its_worker_every_time_ends_with_a_sentence(approved: Approved) -> None:
    (message,) = approved()
    leases.claim(Message.objects.due(), message.pk, state=State.SENDING)
    Message.objects.update(attempts=sending.MOST_ATTEMPTS, lease_until=timezone.now() - LATE)
    assert sweeping.sweep() == []
    message.refresh_from_db()
    assert (message.state, message.token) == ("failed", None)
    assert message.error.startswith("Chưa gửi được thư do lỗi của hệ thống.")


@pytest.mark.django_db
def test_a_broken_broker_stops_nobody(approved: Approved, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise ConnectionError("no broker")

    letters = approved(45)
    with monkeypatch.context() as patched:
        patched.setattr(current_app, "send_task", refuse)
        assert not bell.ring([one.pk for one in letters])
    assert Message.objects.filter(rung_at=None).count() == 45
    assert len(sweeping.sweep()) == 45


# ── With real workers ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def swept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A sweeper beside the test, which rings again after a second."""
    monkeypatch.setattr(conference_sweeping, "RESEND", datetime.timedelta(seconds=1))
    with workers.sweeping_beside():
        yield


@pytest.fixture
def notices(conference: Conference, olga: User) -> Callable[[int], Mailing]:
    """Letters of a kind that workers know too: their settings are those of the installation."""

    def write(count: int) -> Mailing:
        letters = [
            Letter(
                subject_ref="",
                subject_name=f"Tỉnh Số {number}",
                to=[f"tinh{number}@hoinghi.example"],
                values={"nguoi_nhan": f"Tỉnh Số {number}", **kinds.values_of(conference)},
            )
            for number in range(count)
        ]
        return outbox.draft(conference, "notice", letters, by=olga, title="Thông báo")

    return write


def all_sent() -> bool:
    return not Message.objects.exclude(state=State.SENT).exists()


def told() -> object:
    return list(Message.objects.values_list("pk", "state", "attempts", "error"))


@pytest.mark.django_db(transaction=True)
def test_approved_letters_leave_through_a_worker(
    notices: Callable[[int], Mailing], olga: User, server: MailServer, settings: LazySettings
) -> None:
    mailing = notices(5)
    with running(settings, *WORKER, EMAIL_URL=server.url):
        outbox.approve(mailing, by=olga)
        until(all_sent, told)
    assert len(set(server.ids())) == len(server.received) == 5


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_after_the_server_took_a_letter_loses_none_and_doubles_one_at_most(
    notices: Callable[[int], Mailing],
    olga: User,
    server: MailServer,
    settings: LazySettings,
    swept: None,
) -> None:
    mailing = notices(30)
    with running(settings, *WORKER, EMAIL_URL=server.url) as worker:

        def kill_it(letter: Received) -> None:
            if len(server.received) == 7:
                os.killpg(worker.pid, signal.SIGKILL)

        server.taken = kill_it
        outbox.approve(mailing, by=olga)
        until(lambda: len(server.received) >= 7, told)
        with_children(worker, signal.SIGKILL)
    assert Message.objects.filter(state=State.SENDING).exists()
    assert Attempt.objects.filter(outcome=Attempt.Outcome.BEGUN).exists(), "the kill left its trace"
    server.taken = None
    # The kill is found when the lease ends; here the clock is moved instead of waiting 90 s.
    Message.objects.filter(state=State.SENDING).update(lease_until=timezone.now())
    with running(settings, *WORKER, EMAIL_URL=server.url):
        until(all_sent, told)
    names = list(Message.objects.values_list("message_id", flat=True))
    assert sorted(set(server.ids())) == sorted(names), "none lost"
    doubled = [name for name in names if server.ids().count(name) > 1]
    assert max(server.ids().count(name) for name in names) <= 2
    assert len(doubled) <= 2, "at most what each of two processes had in its hands"


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_a_hasty_sweeper_send_no_letter_twice(
    notices: Callable[[int], Mailing],
    olga: User,
    server: MailServer,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conference_sweeping, "RESEND", datetime.timedelta(0))  # rings for everything, always
    mailing = notices(60)
    with (
        running(settings, *WORKER, EMAIL_URL=server.url),
        running(settings, *WORKER, EMAIL_URL=server.url),
        workers.sweeping_beside(every=0.05),
    ):
        outbox.approve(mailing, by=olga)
        until(all_sent, told)
    assert len(server.received) == 60
    assert len(set(server.ids())) == 60


@pytest.mark.django_db(transaction=True)
def test_the_switch_stops_a_run_in_its_middle(
    notices: Callable[[int], Mailing],
    olga: User,
    server: MailServer,
    settings: LazySettings,
    conference: Conference,
    swept: None,
) -> None:
    mailing = notices(40)
    server.delay = 0.4  # the rest must not be gone before the switch is pressed
    with running(settings, *WORKER, EMAIL_URL=server.url):
        outbox.approve(mailing, by=olga)
        until(lambda: len(server.received) >= 3, told)
        outbox.hold(conference, by=olga, reason="Sai ngày")
        server.delay = 0
        until(lambda: not Message.objects.filter(state=State.SENDING).exists(), told)
        stopped_at = len(server.received)
        assert stopped_at < 40
        # Everything goes on around it: sweeper, worker, bell. Nothing leaves.
        until_quiet = timezone.now() + datetime.timedelta(seconds=3)
        until(lambda: timezone.now() > until_quiet, told)
        assert len(server.received) == stopped_at
        outbox.release(conference, by=olga)
        until(all_sent, told)
    assert sorted(set(server.ids())) == sorted(server.ids()), "none twice"
    assert len(server.received) == 40


@pytest.mark.django_db(transaction=True)
def test_a_hung_broker_does_not_hang_the_press(draft: Draft) -> None:
    code = """
import faulthandler; faulthandler.dump_traceback_later(120, exit=True)  # far above the 2 s it takes
import django; django.setup()
from mailing import bell
print(bell.ring(range(60)))
"""
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts and never answers
        address = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        env = os.environ | {"REDIS_URL": address, "DATABASE_URL": workers.database()}
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "False")
