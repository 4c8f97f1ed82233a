"""Machines that share no disk: a process each, with a disk that no other can see, behind one address."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import encode_multipart

from tests import servers, workers
from tests.installation import ROOT, free_port
from tests.patience import LONGEST, until
from tests.storm.clicks import TOKEN

# Where the kernel lets us, a mount of its own hides the disks of the others; else folders are merely apart.
IS_APART = os.geteuid() == 0 and shutil.which("unshare") is not None
APART = ("unshare", "--mount", "--propagation", "private", "sh", "-c",
         'mount -t tmpfs none "$0" && mkdir -p "$DATA_DIR" && exec "$@"')  # fmt: skip


@dataclass
class Machine:
    """One of them; `processes` started on it see its disk, and only it."""

    name: str
    disks: Path
    shared: Mapping[str, str]
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        return {**self.shared, "DATA_DIR": str(self.disks / self.name), "PORT": str(self.port)}

    def start(self, *arguments: str) -> None:
        """`arguments` after `python`."""
        words = [sys.executable, *arguments]
        if IS_APART:
            words = [*APART, str(self.disks), *words]
        self.process = subprocess.Popen(words, cwd=ROOT, env=self.environment, start_new_session=True)

    def serve(self) -> None:
        self.start(
            "-m", "gunicorn", "conference.wsgi:application", "--worker-class", "gthread", "--threads", "2",
            "--bind", f"127.0.0.1:{self.port}", "--no-control-socket", "--log-level", "error",
        )  # fmt: skip

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """manage.py on the same disk, to its end."""
        assert self.process is not None
        there = ("nsenter", "--mount", "--target", str(self.process.pid)) if IS_APART else ()
        return subprocess.run(
            [*there, sys.executable, str(ROOT / "manage.py"), *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def stop(self) -> None:
        if self.process is not None:
            workers.with_children(self.process, signal.SIGKILL)
            self.process = None


@dataclass
class Visitor:
    """A browser whose proxy hands each request to another machine."""

    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, machine: Machine, path: str) -> tuple[int, bytes]:
        return self._ask(machine, "GET", path, b"", "")

    def post(self, machine: Machine, path: str, **fields: Any) -> tuple[int, bytes]:
        boundary = uuid.uuid4().hex
        body = encode_multipart(boundary, {**fields, "csrfmiddlewaretoken": TOKEN})
        return self._ask(machine, "POST", path, body, f"multipart/form-data; boundary={boundary}")

    def _ask(self, machine: Machine, method: str, path: str, body: bytes, kind: str) -> tuple[int, bytes]:
        cookies = {**self.cookies, settings.CSRF_COOKIE_NAME: TOKEN}
        site = machine.shared["SITE_URL"]
        head = {
            "Host": site.partition("://")[2],
            "Origin": site,
            "Content-Type": kind,
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        }
        connection = http.client.HTTPConnection("127.0.0.1", machine.port, timeout=LONGEST)
        try:
            connection.request(method, path, body, head)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or ():
                self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
            return answer.status, answer.read()
        finally:
            connection.close()


@contextmanager
def redis() -> Iterator[str]:
    """A Redis that machines reach over TCP; its address."""
    port = free_port()
    process = subprocess.Popen(
        [servers.binary("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", ""],
        stdout=subprocess.DEVNULL,
    )
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait()


def wait_until_healthy(*machines: Machine) -> None:
    def is_healthy() -> bool:
        with suppress(OSError):
            return all(Visitor().get(machine, "/healthz")[0] == 200 for machine in machines)
        return False

    until(is_healthy, f"{[machine.name for machine in machines]} to answer")


def file(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)
