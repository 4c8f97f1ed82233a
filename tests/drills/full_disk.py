"""R4: the disk of the files is full while papers are made, for as long as it takes, and then it is not."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.test import override_settings

from conference import leases
from conference.models import Conference
from documents import issuing, requests
from documents.models import Document, DocumentPart
from documents.requests import Scope
from tests.disks import BALLAST, CannotMount, Disk, mounted
from tests.drills import crew
from tests.storm import checking, people, processes
from tests.storm.ground import Ground
from tests.storm.issuing import approved

PEOPLE, DELEGATIONS = 12, 3
ALREADY = leases.MOST_ATTEMPTS - 4
ENOUGH_TO_BEGIN = 24 * 1024  # bytes


def drill(there: Ground, rounds: int, seed: int) -> dict[str, Any]:
    try:
        with mounted(there.folder / "disk") as disk, override_settings(MEDIA_ROOT=disk.root):
            return _Drill(there, disk).play(rounds)
    except CannotMount as reason:
        return {"skipped": f"no disk can be mounted here: {reason}", "found": {}, "controls": {}}


class _Drill:
    def __init__(self, there: Ground, disk: Disk) -> None:
        self.disk, self.finishes = disk, there.folder / "finishes"
        env = os.environ | {"MEDIA_ROOT": str(disk.root)}
        self.worker = processes.worker("worker-disk", env, there.folder)
        self.sweeper = processes.sweeper(env, there.folder)
        self.figures: dict[str, Any] = {}
        self.found: dict[str, int] = {}

    def play(self, rounds: int) -> dict[str, Any]:
        with crew.running(self.worker, self.sweeper):
            for number in range(rounds):
                self.play_one(number + 1, leave=ENOUGH_TO_BEGIN * (number % 3 + 1))
        return {"figures": self.figures, "found": self.found, "controls": {"torn files": self.naive()}}

    def play_one(self, number: int, leave: int) -> None:
        conference = people.make_conference(PEOPLE, DELEGATIONS)
        self.disk.fill(leave)
        with watching(self.disk.root) as torn:
            ask(conference)
            crew.wait(lambda: all_tried(conference), (self.worker, self.sweeper))
            given_up = conference.documents.filter(state=Document.State.FAILED).count()
            ready = conference.documents.filter(state=Document.State.READY).count()
            temporary = len(list(self.disk.root.rglob("*.part")))
            self.disk.free()
            seconds = crew.wait(crew.all_made(conference), (self.worker, self.sweeper))
        self.figures[f"full {number}"] = {"ready meanwhile": ready, "made after, s": seconds}
        self.count("given up", given_up)
        self.count("torn files", len(torn))
        self.count("temporary files", temporary)
        for what, count in checking.verdict(conference, self.finishes).items():
            self.count(what, count)

    def count(self, what: str, count: int) -> None:
        self.found[what] = self.found.get(what, 0) + count

    def naive(self) -> int:
        """What the same eyes see of a writer that writes to where its file is to lie."""
        data = os.urandom(8 * ENOUGH_TO_BEGIN)
        self.disk.fill(ENOUGH_TO_BEGIN)
        with suppress(OSError):
            (self.disk.root / hashlib.sha256(data).hexdigest()).with_suffix(".pdf").write_bytes(data)
        self.disk.free()
        return len(torn_files(self.disk.root))


def ask(conference: Conference) -> None:
    """Certificates and badges, whose pieces were tried often before.

    Few tries are left, for leases that are over on a busy machine; that a full disk takes none of them is
    shown in tests/documents/test_making.py.
    """
    for batch in approved(conference):
        issuing.issue(batch, by=None)
    requests.begin("badges", conference, by=None, scope=Scope())
    DocumentPart.objects.filter(document__conference=conference).update(attempts=ALREADY)


def all_tried(conference: Conference) -> bool:
    """Whether every paper is there, given up, or was put aside."""
    pieces = DocumentPart.objects.filter(document__conference=conference)
    waiting = pieces.filter(document__in=Document.objects.moving(), run_after=None)
    return not waiting.exclude(state=DocumentPart.State.DONE).exists()


@contextmanager
def watching(root: Path) -> Iterator[set[Path]]:
    """Everything torn that anybody could have read meanwhile."""
    seen: set[Path] = set()
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(0.1):
            seen.update(torn_files(root))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()


def torn_files(root: Path) -> set[Path]:
    """Files under the name of what they should hold that hold something else."""
    return {one for one in root.rglob("*") if not _is_whole(one)}


def _is_whole(path: Path) -> bool:
    if path.name.startswith(".") or path.name == BALLAST:
        return True
    try:
        return not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() == path.stem
    except FileNotFoundError:
        return True  # a piece that was needed no longer
