"""Run the whole installation: web, worker, beat and sweeper under one parent."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from conference import env
from conference.install import one_at_a_time
from conference.supervisor import Supervisor, commands

HOST = "127.0.0.1"


def refuse_taken_port(port: int) -> None:
    """Say so now, rather than start a server again and again that cannot listen."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.strerror}). Choose another one with PORT=…"
            ) from error


@contextmanager
def alone_with(folder: Path, say: Callable[[str], object]) -> Iterator[None]:
    """One at a time for a folder of data: another that still ends would take the temporary files along."""
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CommandError(f"{folder} cannot be written: give it to the account of the processes.")
    told = f"Another serve is at work in {folder}. Waiting until it has ended; Ctrl-C gives up."
    with one_at_a_time(folder, lambda: say(told)):
        yield


class Command(BaseCommand):
    help = "Run web, worker, beat and sweeper until Ctrl-C."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        port = env.port("PORT", 8000)
        refuse_taken_port(port)
        is_small = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
        children = commands(
            bind=f"{HOST}:{port}",
            web=1 if is_small else 2,
            worker=2 if settings.REDIS_URL else 1,  # the file broker serves one reader
        )
        with alone_with(settings.DATA_DIR, self.say):
            Supervisor(children, settings.DATA_DIR / "tmp", say=self.say).run()

    def say(self, line: str) -> None:
        """At once: a log is read while it is written, and Python lets a file or a pipe wait for 8 KiB."""
        self.stdout.write(line)
        self.stdout.flush()
