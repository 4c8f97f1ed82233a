"""What goes wrong in a storm, how often, and the dice that choose it."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.storm.machines import Broker, Postgres
from tests.storm.process import LEASE
from tests.storm.processes import Process

# Shares as in the 280 faults of the prototype.
WEIGHTS = {
    "a process of a pool is killed": 62,
    "a worker is killed": 24,
    "both workers are killed": 11,
    "a worker freezes for longer than its lease": 14,
    "the sweeper is killed": 12,
    "a request is killed": 14,
    "the broker is killed and comes back empty": 13,
    "the broker is flushed": 13,
    "the broker hangs": 8,
    "the database crashes": 10,
    "a process of the database is killed": 10,
}
FROZEN = LEASE.total_seconds() + 4
HUNG = 5.0


@dataclass
class Storm:
    """Everything that can break, and what is due later."""

    postgres: Postgres
    broker: Broker
    workers: list[Process]
    sweeper: Process
    web: Process
    dice: random.Random
    seen: Counter[str] = field(default_factory=Counter)
    _later: list[tuple[float, Callable[[], None]]] = field(default_factory=list)
    _frozen: set[int] = field(default_factory=set)

    def strike(self) -> str:
        """One fault; tells which."""
        [name] = self.dice.choices(list(WEIGHTS), list(WEIGHTS.values()))
        self._act(name)
        self.seen[name] += 1
        return name

    def tick(self) -> None:
        """Do what is due, and start again whoever died."""
        now = time.monotonic()
        for moment, act in [one for one in self._later if one[0] <= now]:
            self._later.remove((moment, act))
            act()
        for process in self._processes():
            process.revive()

    def calm(self) -> None:
        """No more faults: everything that stands still goes on."""
        for _moment, act in self._later:
            act()
        self._later.clear()
        self.tick()

    def _processes(self) -> Iterator[Process]:
        yield from (*self.workers, self.sweeper, self.web)

    def _act(self, name: str) -> None:
        worker = self.dice.choice(self.workers)
        acts: dict[str, Callable[[], None]] = {
            "a process of a pool is killed": lambda: worker.kill_child(self.dice),
            "a worker is killed": worker.kill,
            "both workers are killed": lambda: [one.kill() for one in self.workers] and None,
            "a worker freezes for longer than its lease": lambda: self._freeze(worker),
            "the sweeper is killed": self.sweeper.kill,
            "a request is killed": lambda: self.web.kill_child(self.dice),
            "the broker is killed and comes back empty": self.broker.lose,
            "the broker is flushed": self._flush,
            "the broker hangs": self._hang,
            "the database crashes": self.postgres.crash,
            "a process of the database is killed": lambda: self.postgres.kill_backend(self.dice),
        }
        acts[name]()

    def _freeze(self, worker: Process) -> None:
        worker.freeze()
        self._later.append((time.monotonic() + FROZEN, worker.thaw))

    def _flush(self) -> None:
        self.broker.thaw()
        self.broker.flush()

    def _hang(self) -> None:
        self.broker.freeze()
        self._later.append((time.monotonic() + HUNG, self.broker.thaw))
