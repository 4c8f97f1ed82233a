"""How long until the first page: a second start of a prepared installation, and, if asked, a fresh clone."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from bench import measure

STARTS = 3
PATIENCE = 600.0


def report(folder: Path, *, cold: bool) -> None:
    """Print seconds from the command to the first answer."""
    rows: list[list[object]] = []
    data = folder / "data"
    rows.append(
        ["first start with an empty DATA_DIR, packages installed", f"{_start(measure.ROOT, data):.1f}"]
    )
    later = sorted(_start(measure.ROOT, data) for _ in range(STARTS))
    rows.append([f"later start (median of {STARTS})", f"{later[STARTS // 2]:.1f}"])
    if cold:
        rows.append(["fresh clone, empty caches, to the first answer", f"{_cold(folder):.1f}"])
    measure.table("Set-up: from `make run` to the first answer", ["case", "seconds"], rows)


def _start(root: Path, data: Path, more: dict[str, str] | None = None) -> float:
    """Seconds until /healthz answers; the installation is stopped again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ours = ("DATABASE_URL", "REDIS_URL", "SITE_URL", "SECRET_KEY", "DEBUG", "ALLOWED_HOSTS")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment |= {"DATA_DIR": str(data), "PORT": str(port), "DEMO": "1"} | (more or {})
    begun = time.perf_counter()
    with (data.parent / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [_system_python(), "-m", "conference.bootstrap", "run"],
            cwd=root, env=environment, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        try:
            wait(f"http://127.0.0.1:{port}/healthz", process)
            return time.perf_counter() - begun
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            process.wait(60)


def _cold(folder: Path) -> float:
    """The same in a clone whose packages come anew from the network."""
    clone = Path(tempfile.mkdtemp(dir=folder)) / "clone"
    subprocess.run(["git", "clone", "-q", measure.ROOT, clone], check=True)
    empty = {name: str(clone.parent / name) for name in ("UV_CACHE_DIR", "PIP_CACHE_DIR", "npm_config_cache")}
    return _start(clone, clone.parent / "data", empty)


def _system_python() -> str:
    """The interpreter that a person types, not the one of the virtual environment."""
    return getattr(sys, "_base_executable", sys.executable)


def wait(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"No answer from {address}.")
