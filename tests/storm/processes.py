"""The processes of a storm: web, two workers, sweeper. Whoever dies is started again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.patience import LONGEST
from tests.storm.machines import children

ROOT = Path(__file__).resolve().parents[2]
WEB = ("gunicorn", "--worker-class", "gthread", "--workers", "1", "--threads", "4", "--timeout", "30",
       "--graceful-timeout", "10", "--no-control-socket", "--bind")  # fmt: skip
SOFTLY = {"REMAP_SIGTERM": "SIGQUIT"}  # as the supervisor says to a worker


@dataclass
class Process:
    """One of them, in a group of its own."""

    arguments: list[str]
    environment: Mapping[str, str]
    log: Path
    running: subprocess.Popen[bytes] | None = field(default=None, init=False)
    is_wanted: bool = field(default=False, init=False)

    def start(self) -> None:
        self.is_wanted = True
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                [sys.executable, "-m", *self.arguments],
                cwd=ROOT,
                env=dict(self.environment),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def revive(self) -> None:
        """Start again what died and is wanted."""
        if self.is_wanted and (self.running is None or self.running.poll() is not None):
            self._signal(signal.SIGKILL)
            self.start()

    def kill(self) -> None:
        """The whole group at once; `revive` brings it back."""
        self._signal(signal.SIGKILL)
        if self.running is not None:
            self.running.wait()

    def stop(self) -> None:
        self.is_wanted = False
        self.kill()

    def finish(self, grace: float) -> bool:
        """Ask it to end, and kill it after so many seconds; whether that was not needed."""
        self.is_wanted = False
        assert self.running is not None
        self.running.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.running.wait(grace)
        is_gone = self.running.poll() is not None
        self.kill()
        return is_gone

    def kill_child(self, dice: random.Random) -> None:
        """One process of the pool; where there is none yet, the whole group."""
        pool = children(self.running.pid) if self.running is not None else []
        if not pool:
            self.kill()
            return
        with suppress(ProcessLookupError):
            os.kill(dice.choice(pool), signal.SIGKILL)

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self.running is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.running.pid, number)


def worker(name: str, environment: Mapping[str, str], folder: Path, *options: str) -> Process:
    return Process(
        ["tests.storm.process", "worker", *options], {**environment, **SOFTLY}, folder / f"{name}.log"
    )


def sweeper(environment: Mapping[str, str], folder: Path, *options: str, name: str = "sweeper") -> Process:
    return Process(["tests.storm.process", "sweeper", *options], environment, folder / f"{name}.log")


def beat(environment: Mapping[str, str], folder: Path, name: str) -> Process:
    return Process(["tests.storm.process", "beat", str(folder / name)], environment, folder / f"{name}.log")


def web(
    environment: Mapping[str, str],
    folder: Path,
    port: int | None = None,
    application: str = "conference.wsgi:application",
) -> Process:
    port = port or int(environment["PORT"])
    return Process([*WEB, f"127.0.0.1:{port}", application], environment, folder / f"web-{port}.log")


def wait_until_healthy(address: str, seconds: float = LONGEST) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise TimeoutError(f"no healthy answer from {address}")
