"""Web, worker, beat and sweeper live and die together."""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from conference.celery import NICE
from conference.management.commands.serve import alone_with
from conference.supervisor import LONGEST_PAUSE, STEADY, Child, Supervisor
from tests.installation import (
    ROOT,
    environment,
    manage,
    migrated,
    own_database,
    prepared,
    processes_of,
    serving,
)
from tests.patience import LONGEST, until

pytestmark = pytest.mark.slow

KINDS = {
    "gunicorn": "web",
    "celery --app conference.celery worker": "worker",
    "beat": "beat",
    "sweeper": "sweeper",
}


def kinds(folder: Path) -> set[str]:
    lines = processes_of(folder).values()
    return {kind for mark, kind in KINDS.items() if any(mark in line for line in lines)}


def leader(folder: Path, mark: str) -> int:
    """The process of a kind that the supervisor itself started."""
    for pid, line in processes_of(folder).items():
        with contextlib.suppress(ProcessLookupError):
            if mark in line and os.getsid(pid) == pid:
                return pid
    return 0


def nice(pid: int) -> int:
    return os.getpriority(os.PRIO_PROCESS, pid)


def nice_of(folder: Path, mark: str) -> set[int]:
    """How much later than this process those come whose line says so; some end while they are asked."""
    found = set()
    for pid, line in processes_of(folder).items():
        with contextlib.suppress(ProcessLookupError):
            if mark in line:
                found.add(nice(pid) - nice(os.getpid()))
    return found


def test_all_four_run_and_come_back_and_end_together(tmp_path: Path) -> None:
    prepared(tmp_path)
    with serving(tmp_path, environment(tmp_path)) as served:
        until(lambda: kinds(tmp_path) == set(KINDS.values()), lambda: kinds(tmp_path))
        first = leader(tmp_path, "gunicorn")
        os.kill(first, signal.SIGKILL)
        until(lambda: leader(tmp_path, "gunicorn") not in {0, first}, "another web")
        served.wait_until_healthy()
        until(lambda: nice_of(tmp_path, "conference.celery worker") == {NICE}, "workers that come later")
        assert nice(leader(tmp_path, "gunicorn")) == nice(os.getpid())
        beat = leader(tmp_path, "beat --loglevel")
        os.kill(beat, signal.SIGKILL)
        until(lambda: leader(tmp_path, "beat --loglevel") not in {0, beat}, "another beat")
        served.process.send_signal(signal.SIGINT)
        assert served.process.wait(LONGEST) == 0
        assert processes_of(tmp_path) == {}
    log = served.log.read_text()
    assert "[web] ended (signal 9)\n[web] starts again\n" in log
    assert "[beat] ended (signal 9)\n" in log
    assert "Traceback" not in log
    assert list((tmp_path / "tmp").iterdir()) == []


def test_postgresql_and_redis_take_two_variables_and_nothing_else(tmp_path: Path) -> None:
    prepared(tmp_path)
    (tmp_path / "db.sqlite3").unlink()
    with own_database(f"served_{os.getpid()}", migrated()) as database:
        env = environment(tmp_path, DATABASE_URL=database, REDIS_URL=os.environ["REDIS_URL"])
        manage(env, "prepare")
        with serving(tmp_path, env) as served:
            until(lambda: "ready." in served.log.read_text(), lambda: served.log.read_text())
            log = served.log.read_text()
    assert ".> transport:   redis+socket://" in log
    assert ".> concurrency: 2" in log
    assert (
        sorted(path.name for path in tmp_path.iterdir() if "sqlite" in path.name or path.name == "broker")
        == []
    )
    assert processes_of(tmp_path) == {}


def test_a_supervisor_that_is_killed_takes_its_children_along(tmp_path: Path) -> None:
    prepared(tmp_path)
    with serving(tmp_path, environment(tmp_path)) as served:
        until(lambda: kinds(tmp_path) == set(KINDS.values()), lambda: kinds(tmp_path))
        served.process.kill()
        until(lambda: processes_of(tmp_path) == {}, lambda: processes_of(tmp_path))


def test_one_that_cannot_be_started_is_tried_again_and_the_others_go_on(tmp_path: Path) -> None:
    """A disk that was full when one of them died ended all of them."""
    said: list[str] = []
    lives = ["-c", "import time; time.sleep(600)"]
    supervisor = Supervisor({"sweeper": lives, "web": lives}, tmp_path, said.append)
    sweeper, web = supervisor.children
    web.temp.write_text("in the way")
    try:
        supervisor._turn()
        assert (sweeper.process is not None, web.process) == (True, None)
        assert [line.partition(": ")[0] for line in said] == ["[web] cannot be started", "[web] starts again"]
        web.temp.unlink()
        until(lambda: supervisor._turn() or web.process, lambda: said)
    finally:
        supervisor._stop()
    assert list(tmp_path.iterdir()) == []


def test_who_is_started_while_another_ends_waits_for_it(tmp_path: Path) -> None:
    """Both would use one temporary folder for each child, and the first takes it away as it ends."""
    first, second, said = os.open(tmp_path, os.O_RDONLY), threading.Event(), []
    fcntl.flock(first, fcntl.LOCK_EX)

    def start() -> None:
        with alone_with(tmp_path, said.append):
            second.set()

    thread = threading.Thread(target=start, daemon=True)
    thread.start()
    until(lambda: said, "what the second says")
    assert (str(tmp_path) in said[0], second.is_set()) == (True, False)
    os.close(first)
    thread.join(LONGEST)
    assert second.is_set()
    with alone_with(tmp_path, said.append):
        assert len(said) == 1, "who is alone says nothing"


def test_a_taken_port_is_refused_with_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=environment(tmp_path, PORT=port),
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == (
        f"CommandError: Port {port} cannot be used (Address already in use). Choose another one with PORT=…\n"
    )


def test_pauses_grow_to_a_limit_and_end_with_a_steady_life(tmp_path: Path) -> None:
    child = Child("web", [], tmp_path, started=time.monotonic())
    assert [child.rest() for _ in range(8)] == [0, 1, 2, 4, 8, 16, LONGEST_PAUSE, LONGEST_PAUSE]
    child.started = time.monotonic() - STEADY
    assert child.rest() == 0


def supervise(folder: Path, program: str) -> subprocess.Popen[str]:
    """A supervisor of one small program, in a process of its own."""
    code = (
        "import pathlib, conference.supervisor as s; "
        f"s.Supervisor({{'web': ['-c', {program!r}]}}, pathlib.Path({str(folder)!r}), "
        "lambda line: print(line, flush=True)).run()"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_second_interrupt_ends_a_child_that_will_not_stop(tmp_path: Path) -> None:
    stubborn = (
        "import signal, time; signal.signal(15, lambda *_: print('no')); print('here'); time.sleep(600)"
    )
    with supervise(tmp_path, stubborn + "; time.sleep(600)") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "[web] here\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "[web] no\n"
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "[web] ended (signal 9)\n"
        assert process.wait(LONGEST) == 0


def test_what_a_dead_child_left_behind_is_ended_too(tmp_path: Path) -> None:
    forgetful = "import subprocess; print(subprocess.Popen(['sleep', '600']).pid)"
    with supervise(tmp_path, forgetful) as process:
        assert process.stdout is not None
        orphan = int(process.stdout.readline().removeprefix("[web] "))
        assert process.stdout.readline() == "[web] ended (status 0)\n"
        until(lambda: orphan not in processes_of(tmp_path), "the orphan to end")
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
    assert processes_of(tmp_path) == {}


def test_a_child_starts_with_an_empty_temporary_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "left-by-a-killed-worker.ttf").touch()
    program = "import os, tempfile, time; t = tempfile.gettempdir(); print(t, os.listdir(t)); time.sleep(60)"
    with supervise(tmp_path, program) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"[web] {tmp_path / 'web'} []\n"
        process.send_signal(signal.SIGTERM)
