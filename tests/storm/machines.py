"""The servers of a storm: a PostgreSQL and a Redis of its own, because they crash in it."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from redis import Redis

from tests import servers


def until(true: Callable[[], bool], what: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    """Processes that this one started; empty where it is gone."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


class Postgres:
    """A cluster that keeps what it acknowledged: `synchronous_commit` stays on, unlike in the other tests."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.account = folder, servers.database_account()
        self.process: subprocess.Popen[bytes] | None = None
        cluster = folder / "postgres"
        cluster.mkdir(mode=0o700)
        if self.account:
            for place in (folder, cluster):
                shutil.chown(place, self.account)
        self._run("initdb", "-D", cluster, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")

    @property
    def address(self) -> str:
        return f"postgres://{self.account or ''}@/postgres?host={self.folder}"

    def start(self) -> None:
        # Crashes of processes, not of the machine: what the kernel holds is written.
        fast = ("listen_addresses=", "fsync=off", "full_page_writes=off", "max_connections=80")
        options = [word for setting in fast for word in ("-c", setting)]
        with (self.folder / "postgres.log").open("ab") as log:
            self.process = subprocess.Popen(
                [servers.binary("postgres"), "-D", self.folder / "postgres", "-k", self.folder, *options],
                stdout=log,
                stderr=log,
                user=self.account,
                cwd=self.folder,
                start_new_session=True,
            )
        until(self.is_ready, "PostgreSQL", 60)

    def is_ready(self) -> bool:
        words = [servers.binary("pg_isready"), "-q", "-h", self.folder, "-d", "postgres"]
        return subprocess.run(words, check=False).returncode == 0

    def load(self, dump: Path) -> None:
        """Everything that was dumped from another database."""
        words = [servers.binary("psql"), "-qX", "-v", "ON_ERROR_STOP=1", "-f", str(dump), self.address]
        subprocess.run(words, stdout=subprocess.DEVNULL, check=True)

    def crash(self) -> None:
        """Everybody is thrown out at once and nothing is tidied up; it comes back and recovers."""
        self.stop()
        self.start()

    def kill_backend(self, dice: random.Random) -> None:
        """One server process dies: PostgreSQL throws out all others and recovers by itself."""
        assert self.process is not None
        busy = [pid for pid in children(self.process.pid) if b"[local]" in _command(pid)]
        if busy:
            _signal(dice.choice(busy), signal.SIGKILL)
            time.sleep(0.2)
            until(self.is_ready, "PostgreSQL after the death of a backend", 60)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(30)
            self.process = None

    def _run(self, program: str, *arguments: object) -> None:
        words = [servers.binary(program), *map(str, arguments)]
        subprocess.run(words, check=True, capture_output=True, user=self.account, cwd=self.folder)


class Broker:
    """A Redis that saves nothing."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"redis+socket://{self.socket}?virtual_host=0"

    def start(self) -> None:
        quiet = ("--port", "0", "--save", "", "--appendonly", "no", "--unixsocket", str(self.socket))
        self.process = subprocess.Popen(
            [servers.binary("redis-server"), *quiet],
            stdout=subprocess.DEVNULL,
            cwd=self.socket.parent,
            start_new_session=True,
        )
        until(self.socket.exists, "Redis")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
        self.socket.unlink(missing_ok=True)

    def lose(self) -> None:
        """Killed, and back with nothing."""
        self.stop()
        self.start()

    def flush(self) -> None:
        with Redis(unix_socket_path=str(self.socket), socket_timeout=5) as client:
            client.flushall()

    def freeze(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
