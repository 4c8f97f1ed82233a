"""One parent for the processes of an installation: web, worker, beat, sweeper.

It starts them, prefixes what they print, brings back one that dies and stops all of them in order. If it is
killed itself the kernel tells the children. One thread on purpose: code between fork and exec meets no lock.
"""

import contextlib
import ctypes
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

# The same lines stand in docker-compose.yml, where a test compares them.
WEB = (
    "gunicorn conference.wsgi:application --bind {bind} --worker-class gthread --workers {web} --threads 4 "
    "--timeout 60 --graceful-timeout 10 --max-requests 5000 --max-requests-jitter 500 --no-control-socket "
    "--logger-class conference.records.ServerLogger"
)
WORKER = (
    "celery --app conference.celery worker --concurrency {worker} "
    "--loglevel INFO --without-gossip --without-mingle"
)
BEAT = "celery --app conference.celery beat --loglevel INFO"
SWEEPER = "manage.py sweeper"

GRACE = {"web": 12.0, "worker": 30.0, "beat": 5.0, "sweeper": 10.0}  # seconds to finish after being asked to
STEADY = 60.0  # a child that lived this long starts again without delay
LONGEST_PAUSE = 30.0
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


def commands(*, bind: str, web: int, worker: int) -> dict[str, list[str]]:
    """Arguments after `python`, by name and in order of starting; the web takes in work: it stops first."""
    lines = {"sweeper": SWEEPER, "beat": BEAT, "worker": WORKER, "web": WEB}
    result = {}
    for name, line in lines.items():
        words = line.format(bind=bind, web=web, worker=worker).split()
        result[name] = words if words[0].endswith(".py") else ["-m", *words]
    return result


def _follow_parent() -> None:
    """Runs in the child before exec: a parent that is killed takes the child along."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One process and what it takes to bring it back."""

    name: str
    arguments: list[str]
    temp: Path
    process: subprocess.Popen[bytes] | None = None
    output: IO[bytes] | None = None
    unfinished: bytes = field(default=b"", repr=False)
    started: float = 0.0
    pause: float = 0.0
    due: float = 0.0

    def start(self) -> None:
        """Start in a session and a temporary folder of its own; what a killed predecessor left there goes."""
        self.started = time.monotonic()
        shutil.rmtree(self.temp, ignore_errors=True)
        self.temp.mkdir(parents=True, mode=0o700)
        own = {
            "TMPDIR": str(self.temp),
            "PYTHONUNBUFFERED": "1",
            "REMAP_SIGTERM": "SIGQUIT",  # celery: on TERM finish the running task, hand back the rest
        }
        self.process = subprocess.Popen(
            [sys.executable, *self.arguments],
            env=os.environ | own,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_follow_parent,
        )
        self.output = self.process.stdout

    def signal(self, number: int, *, group: bool = False) -> None:
        """Send a signal to the process, or to everything it started."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if group else os.kill)(self.process.pid, number)

    def rest(self) -> float:
        """Seconds to wait before the next start: 0, 1, 2, 4 … 30, from the beginning after a steady life."""
        if time.monotonic() - self.started >= STEADY:
            self.pause = 0.0
        wait = self.pause
        self.pause = min(max(self.pause * 2, 1.0), LONGEST_PAUSE)
        return wait


class Supervisor:
    """Keeps the children running until it is told to stop; `say` takes every line that is printed."""

    def __init__(self, children: dict[str, list[str]], temp: Path, say: Callable[[str], object]) -> None:
        self.children = [Child(name, arguments, temp / name) for name, arguments in children.items()]
        self.say = say
        self.selector = selectors.DefaultSelector()
        self.asked_to_stop = 0

    def run(self) -> None:
        """Block until SIGINT or SIGTERM, then until every child is gone."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask_to_stop)
        try:
            while not self.asked_to_stop:
                self._turn()
        finally:
            self._stop()

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop += 1

    def _turn(self) -> None:
        """Start who is due, print what was said, notice who died."""
        for child in self.children:
            if child.process is None and time.monotonic() >= child.due and not self.asked_to_stop:
                self._start(child)
        for key, _ in self.selector.select(timeout=0.2):
            self._read(key.data)
        for child in self.children:
            if child.process is not None and (code := child.process.poll()) is not None:
                self._bury(child, code)
                self._plan(child)

    def _plan(self, child: Child) -> None:
        wait = child.rest()
        child.due = time.monotonic() + wait
        self.say(f"[{child.name}] starts again" + (f" in {wait:.0f} s" if wait else ""))

    def _start(self, child: Child) -> None:
        try:
            child.start()
        except OSError as error:  # a full disk, no process left: the others go on meanwhile
            self.say(f"[{child.name}] cannot be started: {error}")
            self._plan(child)
        if child.output is not None:
            os.set_blocking(child.output.fileno(), False)
            self.selector.register(child.output, selectors.EVENT_READ, child)

    def _read(self, child: Child) -> None:
        """Print the complete lines that a child has written."""
        if child.output is None:
            return
        data = child.output.read()
        *lines, child.unfinished = (child.unfinished + (data or b"")).split(b"\n")
        for line in lines:
            text = line.decode(errors="replace")
            self.say(text if text.startswith("{") else f"[{child.name}] {text}")  # JSON stays JSON
        if data == b"":
            self._close(child)

    def _close(self, child: Child) -> None:
        if child.output is not None:
            self.selector.unregister(child.output)
            child.output.close()
            child.output = None

    def _bury(self, child: Child, code: int) -> None:
        """Take leave of a dead process and of what it left behind in its group."""
        child.signal(signal.SIGKILL, group=True)
        self._read(child)
        self._close(child)
        self.say(f"[{child.name}] ended ({f'signal {-code}' if code < 0 else f'status {code}'})")
        child.process, child.unfinished = None, b""

    def _stop(self) -> None:
        """Ask every child to finish and wait as long as each may take; a second Ctrl-C ends them at once."""
        begun = time.monotonic()
        asked = max(self.asked_to_stop, 1)
        for child in reversed(self.children):
            child.signal(signal.SIGTERM)
        while living := [child for child in self.children if child.process is not None]:
            for key, _ in self.selector.select(timeout=0.1):
                self._read(key.data)
            for child in living:
                if self.asked_to_stop > asked or time.monotonic() - begun > GRACE[child.name]:
                    child.signal(signal.SIGKILL, group=True)
                if child.process is not None and (code := child.process.poll()) is not None:
                    self._bury(child, code)
        for child in self.children:
            shutil.rmtree(child.temp, ignore_errors=True)
