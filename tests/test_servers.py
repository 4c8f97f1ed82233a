"""The servers of the tests are real, private, and gone with the run however it ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.installation import ROOT
from tests.patience import until
from tests.servers import FOLDER


def servers(folder: str) -> list[str]:
    """Command lines of living processes that name the folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            found += [line] if folder in line and ("postgres" in line or "redis" in line) else []
    return found


def outside() -> dict[str, str]:
    """The environment of somebody who is not inside a test run."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", FOLDER))}


@pytest.mark.django_db
def test_the_database_is_a_private_postgresql() -> None:
    assert connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SHOW listen_addresses")
        assert cursor.fetchone() == ("",)
        cursor.execute("SHOW unix_socket_directories")
        assert cursor.fetchone() == (os.environ[FOLDER],)


def test_a_killed_run_leaves_no_server_behind(tmp_path: Path) -> None:
    sleeper = tmp_path / "test_sleep.py"
    sleeper.write_text(
        "import os, pathlib, time\n"
        "def test_sleep():\n"
        f"    pathlib.Path({str(tmp_path / 'folder')!r}).write_text(os.environ['{FOLDER}'])\n"
        "    time.sleep(600)\n"
    )
    run = [
        sys.executable,
        "-m",
        "pytest",
        "-o",
        "addopts=",
        "-p",
        "tests.servers",
        "-p",
        "no:django",
        str(sleeper),
    ]
    process = subprocess.Popen(
        [*run, "--rootdir", str(tmp_path)], cwd=ROOT, env=outside(), stdout=subprocess.DEVNULL
    )
    note = tmp_path / "folder"
    until(lambda: process.poll() is not None or (note.exists() and note.read_text()), "the servers to start")
    assert process.poll() is None
    folder = note.read_text()
    assert len(servers(folder)) >= 2
    process.send_signal(signal.SIGKILL)
    process.wait()
    until(lambda: not servers(folder), lambda: servers(folder))


def test_where_servers_cannot_run_no_test_runs(tmp_path: Path) -> None:
    too_long = tmp_path / ("long" * 30)
    too_long.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "tests/test_servers.py"],
        cwd=ROOT,
        env=outside() | {"TMPDIR": str(too_long)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "is too long for a socket: set TMPDIR to a shorter folder." in done.stdout + done.stderr
