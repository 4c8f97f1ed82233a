"""Broken and hostile workbooks through the reader, each in a process of its own under the real limits.

A fresh process is forked for every file from one that has loaded the reader; it takes the limits that
`attendees.workbooks.child` takes, and answers as that one does. What counts as a crash: any end but an answer
or a sentence, an answer that breaks a promise of the reader, and a workbook that could not be sent back.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import re
import signal
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from attendees.workbooks import LENGTHS, Person, Reading, annotating, child, reading
from attendees.workbooks.grids import MOST_PEOPLE
from attendees.workbooks.running import WORDS
from bench import measure
from tests.attendees.workbooks.mutations import mutated

QUESTION = {"act": "read", "plans": None, "remembered": {}, "today": "2024-06-01"}
LOADED = (reading, annotating)  # the child loads them late; here every fork has them
ANNOTATED = 10  # one file in so many is also sent back with its problems marked


@dataclass(frozen=True)
class Outcome:
    """What became of one file. CPU in seconds, peak in MiB."""

    seed: int
    what: str
    end: str  # "read", "unreadable", "limit" or "crash"
    said: str
    cpu: float
    peak: float


def run(seed: int) -> Outcome:
    """Put the file of a seed through the reader."""
    what, data = mutated(seed)
    receiving, sending = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(receiving)
        _answer(seed, data, sending)
    os.close(sending)
    with os.fdopen(receiving, "rb") as pipe:
        said = pipe.read()
    _, status, usage = os.wait4(pid, 0)
    end, _, text = said.decode("utf-8", "replace").partition("\n")
    if os.WIFSIGNALED(status):
        end, text = "limit", signal.Signals(os.WTERMSIG(status)).name
    elif os.WEXITSTATUS(status) or end not in ("read", "unreadable"):
        end = "crash"
    return Outcome(seed, what, end, text, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _answer(seed: int, data: bytes, sending: int) -> None:
    """In the forked process: take the limits, answer, go."""
    status = 1
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        is_annotated = seed % ANNOTATED == 0
        child.limit(may_write=is_annotated)
        verdict, answer = child.answer(QUESTION, data)
        said = b""
        if verdict == b"read":
            read = Reading.from_json(json.loads(answer))
            said = "; ".join(broken_promises(read)).encode()
            if is_annotated:
                said += _sent_back(read, data)
        else:
            said = json.loads(answer)["message"].encode()
        status = 1 if verdict == b"read" and said else 0
        os.write(sending, verdict + b"\n" + said[:2_000])
    except BaseException as fault:
        os.write(sending, b"crash\n" + child.where(fault).encode()[:500])
    finally:
        os._exit(status)


def _sent_back(read: Reading, data: bytes) -> bytes:
    problems = [one.as_listed() for one in read.problems]
    verdict, answer = child.answer({"act": "annotate", "problems": problems, "words": WORDS}, data)
    return b"" if verdict == b"read" and answer.startswith(b"PK") else b"not sent back: " + answer[:200]


def broken_promises(read: Reading) -> Iterator[str]:
    """What the reader promises of every reading, and does not hold here."""
    if len(read.people) > MOST_PEOPLE:
        yield "more people than allowed"
    for person in read.people:
        for fault in _faults_of(person):
            yield f"row {person.row} {fault}"
        if not person.full_name and not read.errors:
            yield f"row {person.row} is nobody"
    for problem in read.problems:
        if not problem.sentence.endswith("."):
            yield f"no sentence: {problem.sentence}"


def _faults_of(person: Person) -> Iterator[str]:
    listed = person.as_listed()
    texts = [value for name, value in listed.items() if isinstance(value, str) and name != "sheet"]
    if any(unicodedata.normalize("NFC", text) != text for text in texts):
        yield "is not NFC"
    if any(unicodedata.category(char) in ("Cc", "Cf") for text in texts for char in text):
        yield "holds invisible characters"
    if any(len(getattr(person, name)) > limit for name, limit in LENGTHS.items() if name != "full_name"):
        yield "holds too long a text"
    if person.phone and not re.fullmatch(r"\+[1-9]\d{7,14}", person.phone):
        yield "holds no phone"
    if person.birth_year and not 1900 <= person.birth_year <= 2009:
        yield f"was born in {person.birth_year}"


def outcomes(seeds: range, workers: int) -> Iterator[Outcome]:
    """The outcome of every seed, in order; each worker loads the reader once and then only forks."""
    with multiprocessing.get_context("forkserver").Pool(workers) as pool:
        yield from pool.imap(run, seeds, chunksize=20)


def report(*, count: int, seed: int, workers: int = 1) -> dict[str, Any]:
    """Print what became of `count` files, and return the figures."""
    begun = time.perf_counter()
    ends: Counter[str] = Counter()
    acts: Counter[tuple[str, str]] = Counter()
    worst_cpu = worst_peak = None
    bad: list[Outcome] = []
    for outcome in outcomes(range(seed * 1_000_000, seed * 1_000_000 + count), workers):
        ends[outcome.end] += 1
        acts[outcome.what.split()[0], outcome.end] += 1
        bad += [outcome] if outcome.end in ("crash", "limit") else []
        worst_cpu = max(worst_cpu or outcome, outcome, key=lambda one: one.cpu)
        worst_peak = max(worst_peak or outcome, outcome, key=lambda one: one.peak)
    assert worst_cpu is not None
    assert worst_peak is not None
    kinds = ("read", "unreadable", "limit", "crash")
    measure.table(
        f"{count} mutated workbooks (seed {seed}), {time.perf_counter() - begun:.0f} s",
        ["what was mutated", *kinds],
        [[act, *(acts[act, end] for end in kinds)] for act in sorted({act for act, _end in acts})]
        + [["all", *(ends[end] for end in kinds)]],
    )
    print(f"\nWorst CPU {worst_cpu.cpu:.2f} s ({worst_cpu.seed} {worst_cpu.what});", end=" ")
    print(f"worst memory {worst_peak.peak:.0f} MiB ({worst_peak.seed} {worst_peak.what}).")
    for outcome in sorted(bad, key=lambda one: one.end)[:20]:  # crashes first
        print(f"{outcome.end} {outcome.seed} {outcome.what}: {outcome.said}")
    return {
        "count": count, **{end: ends[end] for end in kinds},
        "cpu": round(worst_cpu.cpu, 3), "peak": round(worst_peak.peak),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench mutations", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args(sys.argv[2:])
    figures = report(count=options.count, seed=options.seed, workers=options.workers)
    print(json.dumps(figures))
