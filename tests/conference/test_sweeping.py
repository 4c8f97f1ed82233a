"""The sweeper goes through the rooms by name, alone, and lives until it is told to stop."""

import signal
import subprocess
import sys
import threading

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.db import OperationalError, connection

from conference import leases, sweeping
from tests.patience import LONGEST
from tests.workers import ROOT, environment

seen: list[str] = []
stop = threading.Event()


def broken() -> None:
    raise OSError("no space left on device")


def away() -> None:
    raise OperationalError("the server closed the connection")


def calm() -> None:
    seen.append("calm")


def away_at_first() -> None:
    seen.append("asked")
    if len(seen) <= 3:
        away()
    stop.set()


@pytest.fixture(autouse=True)
def _nothing_seen_yet() -> None:
    seen.clear()
    stop.clear()


def test_a_room_that_cannot_be_swept_keeps_no_other_waiting(settings: LazySettings) -> None:
    settings.SWEEPS = [f"{__name__}.broken", f"{__name__}.calm"]
    sweeping.sweep()
    assert seen == ["calm"]


def test_an_absent_database_ends_the_round(settings: LazySettings) -> None:
    settings.SWEEPS = [f"{__name__}.away", f"{__name__}.calm"]
    with pytest.raises(OperationalError):
        sweeping.sweep()
    assert seen == []


@pytest.mark.django_db(transaction=True)
def test_an_absent_database_is_waited_for_and_told_of_once(
    settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    """Every two seconds came forty lines of frames, until the disk of the log was full too."""
    settings.SWEEPS = [f"{__name__}.away_at_first"]
    sweeping.run(stop, every=0)
    assert seen == ["asked"] * 4
    told = [one.getMessage() for one in caplog.records if one.name == "conference.sweeping"]
    assert told == ["The database is away; the sweeper waits", "The database is back; the sweeper goes on"]


def test_every_room_with_leased_rows_is_swept(settings: LazySettings) -> None:
    rooms = {model._meta.app_label for model in apps.get_models() if issubclass(model, leases.Leased)}
    # Two without a worker, where the sweeper itself acts: signs of life asked for, places passed on.
    alone = {"conference", "sessions"}
    assert {name.partition(".")[0] for name in settings.SWEEPS} == rooms | alone


@pytest.mark.django_db(transaction=True)
def test_only_one_sweeper_is_at_work() -> None:
    with sweeping._alone() as first:
        found: list[bool] = []

        def other() -> None:
            with sweeping._alone() as second:
                found.append(second)
            connection.close()

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert (first, found) == (True, [False])


@pytest.mark.django_db(transaction=True)
def test_the_sweeper_command_stops_when_told(settings: LazySettings) -> None:
    env = environment(settings)
    env.pop("PYTHONUNBUFFERED", None)  # nobody has to tell Python to write at once
    process = subprocess.Popen(
        [sys.executable, "manage.py", "sweeper"], cwd=ROOT, env=env, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"sweeping\n"
    process.send_signal(signal.SIGTERM)
    assert process.wait(LONGEST) == 0
    process.stdout.close()
