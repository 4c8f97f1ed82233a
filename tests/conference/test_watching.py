"""What machines that watch this one are told: alive, at work, in figures; and to whom."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.utils import timezone

from conference import backups, examining, figures, pulses, readiness
from conference.figures import Figure
from conference.models import Conference, Pulse
from documents.models import Document, DocumentPart
from mailing.models import Message, State
from tests.disks import CannotMount, Disk, mounted
from tests.patience import until
from tests.servers import FOLDER, database_account
from tests.watching import at_work, forget_answers
from tests.workers import WORKER, running

TOKEN = "a-token-for-whoever-watches-this-machine"
# https://prometheus.io/docs/instrumenting/exposition_formats/, as far as we write it
SAMPLE = re.compile(
    r'([a-z_]+)(\{[a-z_]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z_]+="(?:[^"\\\n]|\\["\\n])*")*\})? (\S+)'
)


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_answers()
    monkeypatch.setattr(pulses, "_last", {})


def ready(client: Client) -> tuple[int, dict[str, Any]]:
    forget_answers()
    response = client.get("/readyz")
    return response.status_code, response.json()


def scrape(client: Client, settings: LazySettings) -> dict[str, float]:
    """Every sample by name and labels, read as Prometheus would."""
    settings.METRICS_TOKEN = TOKEN
    response = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert (response.status_code, response.headers["Content-Type"]) == (200, figures.CONTENT_TYPE)
    found, typed = {}, set()
    for line in response.content.decode().splitlines():
        if line.startswith("# TYPE "):
            name = line.split()[2]
            assert name not in typed, "samples of one name stand together"
            typed.add(name)
        elif not line.startswith("# HELP "):
            sample = SAMPLE.fullmatch(line)
            assert sample is not None, line
            assert sample[1] in typed
            found[f"{sample[1]}{sample[2] or ''}"] = float(sample[3])
    return found


# ── Whether it does its work ──────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_an_installation_at_work_is_ready(client: Client) -> None:
    at_work()
    parts = dict.fromkeys(("database", "disk", "files", "broker", "worker", "sweeper", "jobs"), "ok")
    assert ready(client) == (200, {"status": "ok", "failing": [], "parts": parts})


@pytest.mark.django_db
@pytest.mark.parametrize("process", [pulses.WORKER, pulses.SWEEPER])
def test_a_process_that_is_silent_or_never_came_is_named(client: Client, process: str) -> None:
    at_work()
    Pulse.objects.filter(process=process).delete()
    assert ready(client)[1]["failing"] == [process]
    at_work(process, silent_for=pulses.SILENT.total_seconds() + 1)
    status, answer = ready(client)
    assert (status, answer["status"], answer["failing"]) == (503, "failing", [process])
    at_work(process, silent_for=pulses.SILENT.total_seconds() / 2)
    assert ready(client)[0] == 200


@pytest.mark.django_db
def test_a_full_disk_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    at_work()
    monkeypatch.setattr(readiness, "LEAST_FREE", 1 << 62)
    assert ready(client)[1]["failing"] == ["disk"]


@pytest.fixture
def small_disk() -> Iterator[Disk]:
    """Where the database puts down what it cannot hold in memory."""
    folder = Path(os.environ[FOLDER], "small")
    try:
        with mounted(folder, "40m") as disk, connection.cursor() as cursor:
            if account := database_account():
                shutil.chown(folder, account)
            cursor.execute("CREATE TABLESPACE small LOCATION %s", [str(folder)])
            cursor.execute("SET temp_tablespaces = 'small'")
            yield disk
            cursor.execute("RESET temp_tablespaces")
            cursor.execute("DROP TABLESPACE small")
    except CannotMount as reason:
        pytest.skip(f"no disk can be mounted here: {reason}")


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_of_the_database_is_named(client: Client, small_disk: Disk) -> None:
    at_work()
    assert ready(client)[1]["failing"] == []
    small_disk.fill(leave=1 << 20)
    assert ready(client)[1]["failing"] == ["disk"]
    found = dict(examining.examine())
    assert [one.says for one in found["database_disk"]] == ["Its disk is full: nothing is written."]
    assert found.keys() >= {"processes", "seals"}  # what can be read is examined all the same
    small_disk.free()
    assert ready(client)[1]["failing"] == []


@pytest.fixture
def own_redis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[bytes]]:
    """A broker of this test alone."""
    socket = tmp_path / "redis.sock"
    program = shutil.which("redis-server") or "redis-server"
    process = subprocess.Popen(
        [program, "--port", "0", "--save", "", "--unixsocket", str(socket)],
        stdout=subprocess.DEVNULL,
        cwd=tmp_path,
    )
    until(socket.exists, lambda: "no Redis")
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", f"redis+socket://{socket}")
    yield process
    process.kill()
    process.wait()


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP], ids=["gone", "hung"])
def test_without_its_broker_it_is_degraded_and_no_failure(
    client: Client, own_redis: subprocess.Popen[bytes], fault: signal.Signals
) -> None:
    at_work()
    assert ready(client)[1]["status"] == "ok"
    own_redis.send_signal(fault)
    if fault == signal.SIGKILL:
        own_redis.wait()
    status, answer = ready(client)
    assert (status, answer["status"], answer["failing"]) == (200, "degraded", ["broker"])


@pytest.fixture
def no_database(transactional_db: None) -> Iterator[None]:
    options = connection.settings_dict["OPTIONS"]
    there = options["host"]
    connection.close()
    options["host"] = "/nowhere"
    yield
    connection.close()
    options["host"] = there


def test_without_its_database_it_says_so_and_nothing_more(
    client: Client, no_database: None, settings: LazySettings
) -> None:
    status, answer = ready(client)
    assert (status, answer["failing"]) == (503, ["database"])
    assert set(answer["parts"]) == {"database", "disk", "files", "broker"}
    told = scrape(client, settings)
    assert told['hoinghi_up{part="database"}'] == 0
    assert told['hoinghi_up{part="disk"}'] == 1
    assert not [name for name in told if name.startswith("hoinghi_jobs")]


@pytest.mark.django_db
def test_a_job_that_no_worker_takes_is_told_and_a_large_run_is_not(
    client: Client, conference: Conference
) -> None:
    at_work()
    long_ago = timezone.now() - readiness.LONGEST_WAIT - timedelta(minutes=1)
    paper = Document.objects.create(conference=conference, kind="agenda", requested_at=long_ago)
    waiting = DocumentPart.objects.create(document=paper, index=0)
    assert ready(client)[1]["failing"] == ["jobs"]
    now = timezone.now()
    held = DocumentPart.objects.create(
        document=paper, index=1, state="running", lease_until=now + timedelta(minutes=1)
    )
    assert ready(client)[1]["failing"] == []
    held.delete()
    waiting.delete()
    assert ready(client)[1]["failing"] == []


def letter(conference: Conference, number: int, **fields: Any) -> Message:
    return Message.objects.create(
        conference=conference, kind="notice", subject_name="x", subject_template="x", body_template="x",
        message_id=f"<{number}@x>", **fields,
    )  # fmt: skip


@pytest.mark.django_db
def test_mail_that_waits_for_its_hour_or_is_held_is_not_late(client: Client, conference: Conference) -> None:
    at_work()
    conference.demo_now = None
    conference.save()
    now, late = timezone.now(), timezone.now() - timedelta(hours=2)
    letter(conference, 1, state=State.APPROVED, approved_at=late, send_after=now + timedelta(days=1))
    letter(conference, 2, state=State.APPROVED, approved_at=late, run_after=now + timedelta(minutes=9))
    letter(conference, 3, state=State.APPROVED, approved_at=late, send_after=now - timedelta(minutes=1))
    assert ready(client)[1]["failing"] == []
    letter(conference, 4, state=State.APPROVED, approved_at=late)
    assert ready(client)[1]["failing"] == ["jobs"]
    conference.holds.create(reason="kiểm tra")
    assert ready(client)[1]["failing"] == []


@pytest.mark.django_db
def test_asking_often_makes_no_work(client: Client, django_assert_num_queries: Any) -> None:
    at_work()
    ready(client)
    with django_assert_num_queries(0):
        assert client.get("/readyz").status_code == 200


# ── Figures ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_without_the_token_there_is_no_such_address(client: Client, settings: LazySettings) -> None:
    elsewhere = client.get("/khong-co/trang-nay/").content
    for token in ("", TOKEN):
        settings.METRICS_TOKEN = token
        for given in ("", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN):
            response = client.get("/metrics", headers={"authorization": given})
            assert response.status_code == 404
            number = re.compile(rb"<code>\w+</code>")
            assert number.sub(b"", response.content) == number.sub(b"", elsewhere)


@pytest.mark.django_db
def test_the_figures_tell_what_is_there(
    client: Client, conference: Conference, settings: LazySettings, media: Path, tmp_path: Path
) -> None:
    at_work()
    settings.DATA_DIR = tmp_path
    for state in ("queued", "failed", "failed"):
        Document.objects.create(conference=conference, kind="agenda", state=state)
    letter(conference, 1, state=State.APPROVED, approved_at=timezone.now())
    told = scrape(client, settings)
    assert told['hoinghi_jobs{kind="paper",state="queued"}'] == 1
    assert told['hoinghi_jobs{kind="paper",state="failed"}'] == 2
    assert told['hoinghi_jobs{kind="mail",state="approved"}'] == 1
    assert told['hoinghi_scans_total{verdict="welcome"}'] == 0
    assert told['hoinghi_pulse_age_seconds{process="worker"}'] < 60
    assert told["hoinghi_database_size_bytes"] > 1 << 20
    assert {name for name in told if name.startswith("hoinghi_up")} == {
        f'hoinghi_up{{part="{part}"}}'
        for part in ("database", "disk", "files", "broker", "worker", "sweeper", "jobs")
    }
    assert [value for name, value in told.items() if name.startswith("hoinghi_build_info")] == [1]
    assert "hoinghi_backup_age_seconds" not in told
    backups.make(tmp_path / "backups")
    assert scrape(client, settings)["hoinghi_backup_age_seconds"] < 60


def test_labels_are_written_so_that_nothing_breaks_out() -> None:
    told = figures.text([Figure("x", "X.", [({"a": 'q"\\\n'}, 1.5)]), Figure("x", "X.", [({}, 2)])])
    assert (
        told == '# HELP hoinghi_x X.\n# TYPE hoinghi_x gauge\nhoinghi_x{a="q\\"\\\\\\n"} 1.5\nhoinghi_x 2\n'
    )


# ── Signs of life ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_an_idle_worker_shows_that_it_lives_and_a_killed_one_does_not(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulses.sweep()
    assert [row.process for row in Pulse.objects.all()] == [pulses.SWEEPER]
    with running(settings, *WORKER, VERSION="7") as worker:
        # As the sweeper does: what was rung before the worker was up may be worth nothing by then.
        until(lambda: pulses.sweep() or pulses.age(pulses.WORKER), lambda: list(Pulse.objects.all()))
        row = Pulse.objects.get(process=pulses.WORKER)
        assert row.version == "7"
        worker.send_signal(signal.SIGKILL)
    Pulse.objects.filter(pk=row.pk).update(at=row.at - pulses.SILENT)
    monkeypatch.setattr(pulses, "_last", {})
    pulses.sweep()
    assert not readiness.is_at_work(pulses.WORKER)


@pytest.mark.django_db
def test_a_sign_of_life_from_before_the_clock_was_put_back_is_none(client: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        at_work()
    newest = Pulse.objects.filter(process=pulses.WORKER).latest("at").at
    assert newest > timezone.now(), "the control: by its time alone it would look fresh for an hour"
    assert ready(client)[1]["failing"] == ["worker", "sweeper"]
    at_work()
    assert ready(client)[0] == 200


@pytest.mark.django_db
def test_a_machine_of_yesterday_is_forgotten_and_a_living_one_writes_seldom(
    django_assert_num_queries: Any,
) -> None:
    at_work(pulses.WORKER, silent_for=pulses.FORGOTTEN.total_seconds() + 1)
    pulses.sweep()
    assert [row.process for row in Pulse.objects.all()] == [pulses.SWEEPER]
    with django_assert_num_queries(0):
        pulses.beat(pulses.SWEEPER)


def test_a_worker_goes_on_when_its_pulse_cannot_be_written(
    no_database: None, caplog: pytest.LogCaptureFixture
) -> None:
    pulses.at_work(pulses.WORKER)
    assert "The pulse of the worker was not written" in caplog.text


@pytest.mark.django_db
def test_health_asks_no_database(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok"
