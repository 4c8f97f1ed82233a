"""R2: people press "print" and "issue" while the broker is refused, hung, flushed or full."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery import Celery
from redis import Redis

from conference.celery import app
from conference.models import Conference
from documents import bell
from tests.drills import crew
from tests.drills.proxy import Proxy
from tests.storm import clicks, issuing, people, processes
from tests.storm.clicks import Organiser
from tests.storm.ground import Ground
from tests.storm.machines import Broker

TOGETHER = 4  # who press at the same moment; one round more, and there are five times as many
ALONE = 4.0  # seconds for which nobody looks after lost messages


def drill(there: Ground, rounds: int, seed: int) -> dict[str, Any]:
    with Proxy(there.broker.socket).running() as wire:
        return _Drill(there, wire, TOGETHER if rounds == 1 else 5 * TOGETHER).play(rounds)


class _Drill:
    def __init__(self, there: Ground, wire: Proxy, size: int) -> None:
        self.wire, self.broker, self.size = wire, there.broker, size
        env = os.environ | {"REDIS_URL": f"redis://{wire.address}/0"}
        self.web = processes.web(env, there.folder)
        self.worker = processes.worker("worker-redis", env, there.folder)
        self.sweeper = processes.sweeper(env, there.folder)
        self.figures: dict[str, dict[str, float]] = {}
        self.found = {"late answers": 0, "presses not taken": 0, "papers not made": 0, "pages not served": 0}

    def play(self, rounds: int) -> dict[str, Any]:
        faults = {"refused": self.refused, "hung": self.hung, "flushed": self.flushed, "full": self.full}
        with crew.running(self.web, self.worker, self.sweeper):
            processes.wait_until_healthy(os.environ["SITE_URL"])
            self.sweeper.stop()
            controls = {"papers nobody made without the sweeper": self.without_the_sweeper()}
            self.sweeper.start()
            for number in range(rounds):
                for name, fault in faults.items():
                    self.play_one(f"{name} {number + 1}", fault)
            controls["publishers that hang without time limits"] = self.without_time_limits()
        return {"figures": self.figures, "found": self.found, "controls": controls}

    def play_one(self, name: str, fault: Any) -> None:
        conference = people.make_conference(2 * self.size, self.size)
        with fault():
            pressed = self.press(conference)
        seconds = crew.wait(crew.all_made(conference), (self.worker, self.sweeper, self.web))
        self.found["papers not made"] += crew.unfinished(conference)
        longest = max(answer.seconds for one in pressed for answer in one.answers)
        self.figures[name] = {"longest answer, s": round(longest, 2), "made after, s": seconds}

    def press(self, conference: Conference) -> list[Organiser]:
        """Everybody presses at once, twice each; meanwhile somebody only reads."""
        read = crew.reading(conference)
        presses = issuing.presses(conference) + crew.printing(conference, self.size)
        pressed = crew.crowd(people.organiser(conference), presses, self.size, patient=False)
        crew.press_all(pressed)
        answers = [answer for one in pressed for answer in one.answers]
        self.found["late answers"] += sum(one.seconds > crew.AT_ONCE for one in answers)
        self.found["presses not taken"] += sum(not one.is_taken for one in answers)
        page = clicks.ask(os.environ["SITE_URL"], {}, "GET", read.path)
        self.found["pages not served"] += page.status != 200 or page.seconds > crew.AT_ONCE
        return pressed

    # ── What happens to the broker ──

    @contextmanager
    def refused(self) -> Iterator[None]:
        self.wire.refuse()
        yield
        self.wire.heal()

    @contextmanager
    def hung(self) -> Iterator[None]:
        self.wire.hang()
        yield
        self.wire.heal()

    @contextmanager
    def flushed(self) -> Iterator[None]:
        """It took every message and lost it before a worker came."""
        self.worker.freeze()
        yield
        self.broker.flush()
        self.worker.thaw()

    @contextmanager
    def full(self) -> Iterator[None]:
        """Out of memory: it answers, and takes nothing."""
        _limit(self.broker, "1mb")
        yield
        _limit(self.broker, "0")

    # ── What the mechanisms are for ──

    def without_the_sweeper(self) -> int:
        """Messages that were refused and that nobody sends again."""
        conference = people.make_conference(2 * self.size, self.size)
        with self.refused():
            self.press(conference)
        crew.wait(crew.all_made(conference), (self.worker,), ALONE)
        return crew.unfinished(conference)

    def without_time_limits(self) -> int:
        """The same message through a client that waits for ever, while it hangs; and through ours."""
        self.wire.hang()
        address = f"redis://{self.wire.address}/0"
        options = app.conf.broker_transport_options
        apps = (
            # Not the current ones: what the drills ring for afterwards would go to this address.
            Celery(broker=address, set_as_current=False),
            Celery(broker=address, set_as_current=False, broker_transport_options=options),
        )
        naive, limited = (threading.Thread(target=_publish, args=(one,), daemon=True) for one in apps)
        for thread in (naive, limited):
            thread.start()
        for thread in (limited, naive):
            thread.join(crew.AT_ONCE)
        self.found["publishers of ours that hang"] = int(limited.is_alive())
        hangs = naive.is_alive()
        self.wire.cut()
        self.wire.heal()
        return int(hangs)


def _publish(one: Celery) -> None:
    try:
        one.send_task(bell.PRODUCE, (0,), retry=False)
    except (OSError, *one.connection().connection_errors):
        return  # it was told; what counts is when


def _limit(broker: Broker, most: str) -> None:
    with Redis(unix_socket_path=str(broker.socket), socket_timeout=crew.AT_ONCE) as client:
        client.config_set("maxmemory-policy", "noeviction")
        client.config_set("maxmemory", most)
