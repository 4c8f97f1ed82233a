"""Certificates by real workers, one and two: from the press to the finished paper, in seconds.

Run in a process of its own, on the database of `papers_people`. The workers are started as an installation
starts them and have loaded the engine before the clock runs; what lies on other queues is none of theirs.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import measure

PATIENCE = 900.0
POLL = 0.1  # seconds: who asks more often takes the cores from the workers
POOLS = (1, 2)
PAPERS = {"certificates": "certificate-files", "certificates, signed": "certificate-signing"}


def main(first: str, slug: str) -> None:
    os.environ["REDIS_URL"] = os.environ["REDIS_URL"].rpartition("=")[0] + "=15"
    os.environ["DJANGO_SETTINGS_MODULE"] = "conference.settings"
    import django

    django.setup()
    found: dict[str, list[dict[str, float]]] = {paper: [] for paper in PAPERS}
    for count in POOLS:
        with _workers(count) as parent:
            _warm(first, parent)
            for paper, kind in PAPERS.items():
                found[paper].append(_timed(kind, slug, parent))
    print(json.dumps(found))


@contextmanager
def _workers(count: int) -> Iterator[int]:
    """So many processes that make papers; gives the parent of them."""
    from conference.supervisor import commands

    words = commands(bind="", web=1, worker=count)["worker"]
    words[words.index("INFO")] = "ERROR"
    process = subprocess.Popen(
        [sys.executable, *words], cwd=measure.ROOT, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _until(lambda: len(_pool(process.pid)) == count, process)
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _warm(slug: str, parent: int) -> None:
    """Small papers until every process of the pool has loaded the engine and the signer."""
    while not all("libpango" in Path(f"/proc/{pid}/maps").read_text() for pid in _pool(parent)):
        papers = [_asked(PAPERS["certificates, signed"], slug) for _pid in _pool(parent)]
        for paper in papers:
            _until(lambda paper=paper: _is_ready(paper))


def _timed(kind: str, slug: str, parent: int) -> dict[str, float]:
    from documents.models import CertificateFile

    known = CertificateFile.objects.filter(certificate__series__conference__slug=slug)
    known.delete()  # so that every round writes the rows of its files
    spent, begun = _cpu(parent), time.perf_counter()
    paper = _asked(kind, slug)
    _until(lambda: _is_ready(paper))
    wall = time.perf_counter() - begun
    peaks = [_peak(pid) for pid in _pool(parent)]
    return {"wall": wall, "cpu": _cpu(parent) - spent, "peak": max(peaks)}


def _asked(kind: str, slug: str) -> Any:
    from conference.models import Conference
    from documents import requests
    from documents.models import Certificate

    conference = Conference.objects.get(slug=slug)
    given = Certificate.objects.filter(series__conference=conference).order_by("number")
    scope = requests.Scope(subjects=list(given.values_list("pk", flat=True)))
    return requests.begin(kind, conference, by=None, scope=scope, each=True)


def _is_ready(paper: Any) -> bool:
    paper.refresh_from_db()
    if paper.state == paper.State.FAILED:
        raise RuntimeError(paper.error)
    return bool(paper.state == paper.State.READY)


def _until(true: Any, process: subprocess.Popen[bytes] | None = None) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > deadline or (process is not None and process.poll() is not None):
            raise RuntimeError("The workers did not do it.")
        time.sleep(POLL)


def _pool(parent: int) -> list[int]:
    from tests.storm.machines import children

    return children(parent)


def _cpu(parent: int) -> float:
    """What the parent and its pool have spent."""
    from bench.papers_ours import cpu_of

    return sum(cpu_of(pid) for pid in [parent, *_pool(parent)])


def _peak(pid: int) -> float:
    """MiB, at most, since it began."""
    [line] = [one for one in Path(f"/proc/{pid}/status").read_text().splitlines() if one.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
