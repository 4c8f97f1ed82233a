"""A real installation in a folder of its own: web, worker, beat and sweeper as they run outside of tests."""

import atexit
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.patience import LONGEST, until

ROOT = Path(__file__).resolve().parent.parent
# SQLite and the file broker, unless a test says otherwise.
NOT_INHERITED = {"DATABASE_URL", "REDIS_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"}


def free_port() -> int:
    """One where nobody listens; below those that the kernel gives away by itself before it is taken."""
    while True:
        port = random.SystemRandom().randrange(10_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def environment(folder: Path, **more: str) -> dict[str, str]:
    """The environment of an installation whose data lie in `folder`."""
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    port = str(free_port())
    own = {"DATA_DIR": str(folder), "PORT": port, "SITE_URL": f"http://127.0.0.1:{port}", "LOG_LEVEL": "INFO"}
    return inherited | own | more


def manage(env: dict[str, str], *arguments: str) -> str:
    """Run manage.py to its end; what it printed."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=env,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


@cache
def _prepared() -> Path:
    """What `prepare` makes of an empty folder; slow, and alike for all of this process."""
    folder = Path(tempfile.mkdtemp(prefix="hn-prepared-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    manage(environment(folder), "prepare")
    return folder


def prepared(folder: Path) -> None:
    """The folder as `manage.py prepare` leaves it, for tests of something else."""
    shutil.copytree(_prepared(), folder, dirs_exist_ok=True)


@dataclass
class Served:
    """A running installation: where it answers, its supervisor, and what it has printed."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    def wait_until_healthy(self) -> None:
        until(self._is_healthy, lambda: f"no healthy answer from {self.address}:\n{self.log.read_text()}")

    def _is_healthy(self) -> bool:
        assert self.process.poll() is None, f"it ended:\n{self.log.read_text()}"
        with suppress(OSError), urllib.request.urlopen(f"{self.address}/healthz", timeout=10) as answer:
            return bool(answer.status == 200)
        return False


@contextmanager
def serving(folder: Path, env: dict[str, str]) -> Iterator[Served]:
    """`manage.py prepare`, then `manage.py serve` until the block ends."""
    manage(env, "prepare")
    log = folder / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"], cwd=ROOT, env=env, stdout=output, stderr=output
        )
    served = Served(env["SITE_URL"], process, log)
    try:
        served.wait_until_healthy()
        yield served
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)  # SIGINT is ignored below a shell's background
        process.wait(LONGEST)


def processes_of(folder: Path) -> dict[int, str]:
    """Living processes whose environment names the folder, with their command lines; this one left out."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if f"DATA_DIR={folder}\0".encode() in (entry / "environ").read_bytes():
                found[int(entry.name)] = (
                    (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
                )
        except (OSError, ProcessLookupError):
            continue
    return found
