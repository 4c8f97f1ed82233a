"""The process that reads a stranger's file. It limits itself before it reads a byte of it.

Input: a line of JSON, then the file. Output: a line with one word, `read` or `unreadable`, then the answer.
Memory, CPU time, files and processes are limited by the kernel; Python opens no socket and starts nothing.
"""

from __future__ import annotations

import datetime
import json
import resource
import sys
import traceback
from typing import Any

from attendees.workbooks.running import TOO_HEAVY
from attendees.workbooks.shapes import Plan, Unreadable

MOST_MEMORY = 600 * 1024 * 1024  # bytes of address space
MOST_SECONDS = 30  # of CPU
MOST_WRITTEN = 200 * 1024 * 1024  # bytes of a temporary file
FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "pty.",
)


def main() -> None:
    source = sys.stdin.buffer
    question = json.loads(source.readline())
    limit(may_write=question["act"] == "annotate")
    try:
        verdict, said = answer(question, source.read())
    except BaseException as fault:
        sys.stderr.write(where(fault))
        sys.exit(1)
    sys.stdout.buffer.write(verdict + b"\n" + said)
    sys.stdout.buffer.flush()


def answer(question: dict[str, Any], data: bytes) -> tuple[bytes, bytes]:
    """What the child says to a question about a file: a word, and an answer or a refusal as JSON."""
    try:
        return b"read", ACTS[question["act"]](question, data)
    except Unreadable as refusal:
        return b"unreadable", json.dumps({"message": refusal.message, "values": refusal.values}).encode()
    except MemoryError:
        return b"unreadable", json.dumps({"message": TOO_HEAVY, "values": {}}).encode()


def where(fault: BaseException) -> str:
    """What went wrong and where, for the log; never what stood in the file."""
    at = traceback.extract_tb(fault.__traceback__)[-1]
    return f"{type(fault).__name__} at {at.filename}:{at.lineno}"


def limit(*, may_write: bool, memory: int = MOST_MEMORY) -> None:
    """Take away what reading a file does not need; openpyxl writes through temporary files."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, MOST_WRITTEN if may_write else 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: tuple[Any, ...]) -> None:
    if event.startswith(FORBIDDEN):
        raise PermissionError(event)


def read(question: dict[str, Any], data: bytes) -> bytes:
    # Only now: the parser is loaded under the limits.
    from attendees.workbooks.reading import read_file

    plans = question["plans"]
    reading = read_file(
        data,
        None if plans is None else [Plan.from_json(plan) for plan in plans],
        question["remembered"],
        datetime.date.fromisoformat(question["today"]),
    )
    return json.dumps(reading.to_json()).encode()


def annotate(question: dict[str, Any], data: bytes) -> bytes:
    # Only for this act: openpyxl takes a third of a second to load.
    from attendees.workbooks.annotating import annotated

    return annotated(data, question["problems"], question["words"])


ACTS = {"read": read, "annotate": annotate}

if __name__ == "__main__":
    main()
