"""Processes, each measured alone, and tables in Markdown."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Run:
    """What a finished process took. `peak` in MiB of the largest process, itself or one of its children."""

    wall: float
    cpu: float
    peak: float
    output: str

    @property
    def result(self) -> Any:
        """What it printed last, as JSON."""
        return json.loads(self.output.strip().splitlines()[-1])


def run(arguments: Sequence[str], environment: Mapping[str, str], python: str = sys.executable) -> Run:
    """Run Python with `arguments` to its end; raises when it fails."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [python, *arguments], cwd=ROOT, env=dict(environment), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, arguments, output)
    return Run(time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


def median(call: Callable[[], object], times: int) -> float:
    """Seconds that a call takes; the first one, which warms up, does not count."""
    call()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        call()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table, each row as it comes; figures stand right."""
    print(f"\n### {title}\n")
    print("| " + " | ".join(head) + " |")
    print("|---|" + "---:|" * (len(head) - 1))
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |", flush=True)
