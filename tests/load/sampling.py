"""What processes hold: memory, open files, connections; and whether it grows."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.db import DatabaseError, InterfaceError, connection

from tests.storm.machines import children

SETTLED = 1 / 3  # of a run, in which caches and pools fill
HOUR = 3600
Sample = dict[str, float]


@dataclass
class Sampler:
    """Every few seconds, in a thread: the sums over each named process and those that it started."""

    roots: Mapping[str, Callable[[], int | None]]
    every: float = 30.0
    samples: list[tuple[float, Sample]] = field(default_factory=list)

    def start(self, end: threading.Event) -> threading.Thread:
        thread = threading.Thread(target=self._run, args=(end,), daemon=True)
        thread.start()
        return thread

    def _run(self, end: threading.Event) -> None:
        begun = time.monotonic()
        while not end.wait(self.every):
            self.samples.append((time.monotonic() - begun, self._sample()))
        connection.close()

    def _sample(self) -> Sample:
        found: Sample = {}
        for name, pid in self.roots.items():
            if (root := pid()) is not None:
                family = _family(root)
                found[f"{name}: MiB"] = sum(map(_memory, family)) / (1 << 20)
                found[f"{name}: files"] = sum(map(_files, family))
        with suppress(DatabaseError, InterfaceError):
            found["connections"] = _connections()
        return found

    def told(self) -> dict[str, dict[str, float]]:
        """Of each figure: first, last, most, and its growth for an hour once the run has settled."""
        names = sorted({name for _at, sample in self.samples for name in sample})
        return {name: self._of(name) for name in names}

    def _of(self, name: str) -> dict[str, float]:
        points = [(at, sample[name]) for at, sample in self.samples if name in sample]
        settled = points[int(len(points) * SETTLED) :]
        values = [value for _at, value in points]
        told = {"first": values[0], "last": values[-1], "most": max(values)}
        told["an hour"] = HOUR * _slope(settled)
        return {key: round(value, 1) for key, value in told.items()}


def _slope(points: list[tuple[float, float]]) -> float:
    """Least squares; 0 for fewer than two points."""
    if len(points) < 2:
        return 0.0
    middle = sum(at for at, _value in points) / len(points)
    mean = sum(value for _at, value in points) / len(points)
    spread = sum((at - middle) ** 2 for at, _value in points)
    return sum((at - middle) * (value - mean) for at, value in points) / spread


def _family(root: int) -> list[int]:
    return [root, *(pid for child in children(root) for pid in _family(child))]


def _memory(pid: int) -> int:
    """Bytes that are its own; pages shared after a fork are counted once, with the parent."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) << 10
    return 0


def _files(pid: int) -> int:
    with suppress(OSError):
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return 0


def _connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE client_port IS NOT NULL")
        return int(cursor.fetchone()[0])
