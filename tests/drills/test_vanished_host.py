"""The host of the database vanishes without a farewell: no packet comes from it any more."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

from tests.patience import LONGEST
from tests.servers import FOLDER, database_account
from tests.storm.processes import ROOT

pytestmark = pytest.mark.slow
SPACE = f"hn{os.getpid() % 100_000}"
HERE, THERE = "10.231.77.1", "10.231.77.2"
PORT = 5432
ASK = "SELECT pg_sleep(600)"
SERVE = """
import sys, threading
from pathlib import Path
from tests.drills.proxy import Proxy
with Proxy(Path(sys.argv[1]), int(sys.argv[3]), sys.argv[2]).running():
    print("up", flush=True)
    threading.Event().wait()
"""
OURS = f"""
import django
django.setup()
from django.db import OperationalError, connection
with connection.cursor() as cursor:
    cursor.execute("SELECT 1")
    print("asked", flush=True)
    try:
        cursor.execute({ASK!r})
    except OperationalError:
        print("told")
"""


@dataclass(frozen=True)
class Host:
    """Another host as far as the network goes, with a way to our PostgreSQL."""

    def vanish(self) -> None:
        _ip("netns", "exec", SPACE, "ip", "link", "set", f"{SPACE}b", "down")


@pytest.fixture
def host() -> Iterator[Host]:
    near, far = f"{SPACE}a", f"{SPACE}b"
    try:
        _ip("netns", "add", SPACE)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no network can be made here: {error}")
    try:
        _ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", SPACE)
        _ip("addr", "add", f"{HERE}/30", "dev", near)
        _ip("link", "set", near, "up")
        _ip("-n", SPACE, "addr", "add", f"{THERE}/30", "dev", far)
        _ip("-n", SPACE, "link", "set", far, "up")
        words = ["ip", "netns", "exec", SPACE, sys.executable, "-c", SERVE]
        words += [str(Path(os.environ[FOLDER], ".s.PGSQL.5432")), THERE, str(PORT)]
        with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            assert server.stdout.readline() == "up\n"
            yield Host()
            server.kill()
    finally:
        _ip("netns", "del", SPACE)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def test_who_waits_for_it_is_told_and_without_our_patience_is_not(host: Host) -> None:
    user = database_account() or ""
    env = os.environ | {"DATABASE_URL": f"postgres://{user}@{THERE}:{PORT}/postgres"}
    patient = psycopg2.connect(host=THERE, port=PORT, dbname="postgres", user=user, keepalives=0)
    naive = threading.Thread(target=_ask, args=(patient,), daemon=True)
    words = [sys.executable, "-c", OURS]
    with subprocess.Popen(words, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as ours:
        assert ours.stdout is not None
        assert ours.stdout.readline() == "asked\n"
        naive.start()
        naive.join(2)  # its question is on the way
        host.vanish()
        said, _ = ours.communicate(timeout=LONGEST)  # 25 s are enough on a quiet machine
    assert said == "told\n"
    assert naive.is_alive(), "the control: it waits still"


def _ask(connection: "psycopg2.extensions.connection") -> None:
    with connection.cursor() as cursor:
        cursor.execute(ASK)
