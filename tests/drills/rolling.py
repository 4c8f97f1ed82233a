"""R10: the web and the workers are replaced one after the other while a batch is issued and pages are read.

Old and new stand side by side: the web behind a proxy that leads to the new one before the old one is asked
to end; the workers behind the queue, one of them with code that does not know the task of papers.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from redis import Redis

from conference.models import Conference
from tests.drills import crew
from tests.drills.proxy import Proxy
from tests.installation import free_port
from tests.storm import checking, clicks, issuing, people, processes
from tests.storm.clicks import Answer, Organiser, Press
from tests.storm.ground import Ground
from tests.storm.processes import Process

PEOPLE, DELEGATIONS = 60, 12
GRACE = 60.0  # seconds; who is done earlier ends earlier
SETTLED = 4.0  # seconds from the switch to the end of the old web: whoever was on the way has arrived
QUEUE = "celery"


def drill(there: Ground, rounds: int, seed: int) -> dict[str, Any]:
    first = free_port()
    with Proxy(first, port=int(os.environ["PORT"])).running() as front:
        return _Drill(there, front, first).play(2 * rounds)


class _Drill:
    def __init__(self, there: Ground, front: Proxy, port: int) -> None:
        self.there, self.front, self.folder = there, front, there.folder
        self.web = processes.web(os.environ, self.folder, port)
        self.workers = [self.worker(f"worker-rolled-{number}") for number in (1, 2)]
        self.old = self.worker("worker-of-old", "--of-old")
        self.sweeper = processes.sweeper(os.environ, self.folder)
        self.killed = 0

    def worker(self, name: str, *options: str) -> Process:
        return processes.worker(name, os.environ, self.folder, *options)

    def play(self, rounds: int) -> dict[str, Any]:
        conference = people.make_conference(PEOPLE, DELEGATIONS)
        presses, cookies = issuing.presses(conference), people.organiser(conference)
        reader = Reader(os.environ["SITE_URL"], crew.reading(conference))
        try:
            with crew.running(self.web, self.old):
                processes.wait_until_healthy(os.environ["SITE_URL"])
                first, rest = presses[:2], presses[2:]
                crew.press_all([Organiser(os.environ["SITE_URL"], cookies, first, 0)])
                dropped = self.dropped(conference)
                for process in (self.sweeper, *self.workers):
                    process.start()
                pressing = Organiser(os.environ["SITE_URL"], cookies, rest, 0.5, patient=False)
                with reader.reading():
                    thread = pressing.start(threading.Event())
                    for number in range(rounds):
                        self.roll(number)
                    thread.join(crew.LONGEST)
                    seconds = crew.wait(crew.all_made(conference), self.processes())
                failing = self.carelessly(reader)
        finally:
            for process in self.processes():
                process.stop()
        answers = [*reader.answers, *pressing.answers]
        return {
            "figures": {
                "restarts of each": rounds,
                "requests": len(answers),
                "killed after their grace": self.killed,  # of a busy machine; nothing is lost by it
                "made after, s": seconds,
            },
            "found": {
                "failed requests": sum(not _is_well(one) for one in answers),
                **checking.verdict(conference, self.folder / "finishes"),
            },
            "controls": {
                "papers dropped by a worker of old": dropped,
                "failed requests without the proxy and the asking": failing,
            },
        }

    def processes(self) -> list[Process]:
        return [self.web, self.old, *self.workers, self.sweeper]

    def dropped(self, conference: Conference) -> int:
        """The old worker takes the messages, knows nothing of them, and they are gone."""
        with Redis(unix_socket_path=str(self.there.broker.socket)) as client:
            crew.wait(lambda: not client.llen(QUEUE) and not client.hlen("unacked"), ())
        return crew.unfinished(conference)

    def roll(self, number: int) -> None:
        """One web and one worker, each by a new one."""
        web = processes.web(os.environ, self.folder, free_port())
        worker = self.worker(f"worker-rolled-{number + 3}")
        web.start()
        worker.start()
        port = int(web.arguments[web.arguments.index("--bind") + 1].rpartition(":")[2])
        processes.wait_until_healthy(f"http://127.0.0.1:{port}")
        self.front.upstream = port
        time.sleep(SETTLED)
        self.killed += not self.web.finish(GRACE)
        self.killed += not self.workers.pop(0).finish(GRACE)
        self.web = web
        self.workers.append(worker)

    def carelessly(self, reader: Reader) -> int:
        """The web is killed and comes back at its place, as people notice it."""
        careless = Reader(reader.address, reader.press)
        with careless.reading():
            time.sleep(0.5)
            self.web.kill()
            self.web.revive()
            processes.wait_until_healthy(reader.address)
        return sum(not _is_well(one) for one in careless.answers)


class Reader:
    """Somebody who asks for one page again and again."""

    def __init__(self, address: str, press: Press) -> None:
        self.address, self.press = address, press
        self.answers: list[Answer] = []
        self._end = threading.Event()

    @contextmanager
    def reading(self) -> Iterator[None]:
        thread = threading.Thread(target=self._run, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._end.set()
            thread.join()

    def _run(self) -> None:
        while not self._end.wait(0.05):
            self.answers.append(clicks.ask(self.address, {}, "GET", self.press.path))


def _is_well(one: Answer) -> bool:
    return 200 <= one.status < 400
