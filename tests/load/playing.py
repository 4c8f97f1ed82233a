"""A run from the first click to the verdict: officers alone, then everything at once and faults."""

from __future__ import annotations

import math
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conference import supervisor
from conference.models import Conference
from documents.models import Document
from tests.load import checking, people
from tests.load.browsing import Timings
from tests.load.officers import Officer
from tests.load.sampling import Sampler
from tests.storm import clicks, issuing
from tests.storm import people as storm_people
from tests.storm.machines import Broker, Postgres
from tests.storm.processes import ROOT, Process, sweeper, wait_until_healthy, worker

ISSUED_IN = 0.7  # of a run: so long organisers press the buttons of 63 batches
BACKED_UP_AT = 0.3
DRAIN = 240.0


@dataclass(frozen=True)
class Asked:
    """What a run is to be."""

    minutes: float
    people: int
    pause: Sequence[float]
    fault_every: float
    quiet_minutes: float
    seed: int


@dataclass
class House:
    """The processes as `make run` starts them, and what goes wrong with them in turn."""

    folder: Path
    broker: Broker
    web: Process
    workers: list[Process]
    sweeper: Process
    dice: random.Random
    seen: Counter[str] = field(default_factory=Counter)

    @property
    def all(self) -> tuple[Process, ...]:
        return (self.web, *self.workers, self.sweeper)

    def strike(self) -> None:
        """The next fault of the round."""
        round_of = self.faults()
        name = list(round_of)[sum(self.seen.values()) % len(round_of)]
        round_of[name]()
        self.seen[name] += 1

    def faults(self) -> dict[str, Callable[[], object]]:
        one = self.dice.choice(self.workers)
        return {
            "a worker is killed": one.kill,
            "a web process is killed": lambda: self.web.kill_child(self.dice),
            "the broker is flushed": self.broker.flush,
            "a process of a pool is killed": lambda: one.kill_child(self.dice),
            "the broker is killed and comes back empty": self.broker.lose,
            "the sweeper is killed": self.sweeper.kill,
        }

    def wait(self, seconds: float, also: Callable[[], bool] = lambda: False) -> None:
        """Meanwhile whoever died is started again; ends early once `also` is true."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not also():
            for process in self.all:
                process.revive()
            time.sleep(0.2)


def house(folder: Path, broker: Broker, dice: random.Random) -> House:
    bind = f"127.0.0.1:{os.environ['PORT']}"
    words = supervisor.commands(bind=bind, web=2, worker=2)["web"][1:]
    return House(
        folder, broker, Process(words, os.environ, folder / "web.log"),
        [worker("worker-1", os.environ, folder)], sweeper(os.environ, folder), dice,
    )  # fmt: skip


def play(folder: Path, postgres: Postgres, broker: Broker, asked: Asked) -> dict[str, Any]:
    """Gives what is to be reported."""
    conference = people.make_conference(asked.people)
    holders = list(conference.attendees.values_list("pk", flat=True))
    presses = issuing.presses(conference)
    address, dice = os.environ["SITE_URL"], random.Random(asked.seed)
    quiet, busy = Timings(), Timings()
    officers = people.officers(conference, address, quiet, asked.pause, asked.seed)
    lasts = 60 * (asked.minutes + asked.quiet_minutes) + DRAIN
    cookies = storm_people.organiser(conference, seconds=lasts)  # people would give their password again
    organiser = clicks.Organiser(address, cookies, presses, 60 * asked.minutes * ISSUED_IN / len(presses))
    own = house(folder, broker, dice)
    pids = {"web": own.web, "worker": own.workers[0], "sweeper": own.sweeper}
    sampler = Sampler({name: _pid_of(one) for name, one in pids.items()})
    end = threading.Event()
    for process in own.all:
        process.start()
    try:
        wait_until_healthy(address)
        threads = [one.start(end) for one in officers]
        own.wait(60 * asked.quiet_minutes)
        for one in officers:
            one.browser.timings = busy
        watcher = sampler.start(end)
        pressing = organiser.start(threading.Event())
        backup = _run(own, asked, folder)
        end.set()
        for thread in (*threads, watcher):
            thread.join(DRAIN)
        drained = _drain(own, conference, pressing)
    finally:
        end.set()
        for process in own.all:
            process.stop()
    return _report(asked, conference, officers, holders, (quiet, busy), own, sampler) | {
        "backup": backup, "presses": len(organiser.taken), "refused presses": organiser.refused,
        "seconds to drain": drained,
    }  # fmt: skip


def _run(own: House, asked: Asked, folder: Path) -> dict[str, Any]:
    """The minutes themselves; what became of the backup."""
    begun, backup = time.monotonic(), None
    last = begun + 60 * asked.minutes
    fault = begun + asked.fault_every / 2 if asked.fault_every else math.inf
    while time.monotonic() < last:
        now = time.monotonic()
        if backup is None and now > begun + 60 * asked.minutes * BACKED_UP_AT:
            backup = subprocess.Popen(
                [sys.executable, "manage.py", "backup", str(folder / "backups")],
                cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            )  # fmt: skip
        if now > fault:
            own.strike()
            fault += asked.fault_every
        own.wait(0.5)
    assert backup is not None
    said, _none = backup.communicate(timeout=DRAIN)
    return {"is_whole": backup.returncode == 0, "said": said.strip().rpartition("/")[2]}


def _drain(own: House, conference: Conference, pressing: threading.Thread) -> float:
    """Until every batch was issued and every paper made, or too long: the verdict tells what is missing."""
    begun = time.monotonic()
    moving = Document.objects.filter(conference=conference).moving()
    own.wait(DRAIN, lambda: not pressing.is_alive() and not moving.exists())
    return round(time.monotonic() - begun, 1)


def _report(
    asked: Asked, conference: Conference, officers: list[Officer], holders: list[int],
    timings: tuple[Timings, Timings], own: House, sampler: Sampler,
) -> dict[str, Any]:  # fmt: skip
    quiet, busy = timings
    ledgers = [one.ledger for one in officers]
    found = checking.verdict(conference, officers, holders)
    statuses = quiet.statuses + busy.statuses
    found["answers of 500"] = sum(count for status, count in statuses.items() if status >= 500)
    found["refused"] = sum(len(one.refused) for one in ledgers)
    kept = {
        "nominations": sum(len(one.nominated) for one in ledgers),
        "corrections": sum(len(values) for one in ledgers for values in one.edits.values()),
        "in doubt": sum(len(values) for one in ledgers for values in one.doubtful.values()),
        "confirmations": sum(len(one.confirmed) for one in ledgers),
    }
    found["nothing was acknowledged"] = int(not any(kept.values()))
    return {
        "seed": asked.seed, "minutes": asked.minutes, "certificates": len(holders),
        "milliseconds": busy.told(), "milliseconds, officers alone": quiet.told(),
        "statuses": dict(statuses), "unanswered": dict(quiet.unanswered + busy.unanswered),
        "faults": dict(own.seen), "acknowledged": kept, "held": sampler.told(), "found": found,
        "refusals": sorted({said for one in ledgers for said in one.refused}),
        "is_whole": not any(found.values()),
    }  # fmt: skip


def _pid_of(process: Process) -> Callable[[], int | None]:
    return lambda: process.running and process.running.pid
