"""F9: the disk of the database is full while people write and read, and then there is room again.

Twice in each round. The tables find no room: PostgreSQL refuses what needs a new page, and goes on reading.
Then its log finds none: it panics, for as long as there is no room, and comes back by a start. Tables and log
lie on small disks for the time of the drill; a worker and a sweeper are at work beside the web.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from attendees import codes
from attendees.models import Delegation
from conference.models import Conference
from tests import servers
from tests.disks import CannotMount, Disk, mounted
from tests.drills import crew, ledger
from tests.installation import free_port
from tests.storm import checking, clicks, people, processes
from tests.storm.clicks import Answer, Organiser, Press
from tests.storm.ground import Ground
from tests.storm.machines import Postgres, until

TABLES, LOG = "64m", "48m"  # the log is cut into pieces of 16
NOMINATIONS, HALLS, PAPERS = 200, 200, 8  # of each who presses, in a round; only papers are used up
CALM, FULL = 1.0, 2.0  # seconds
BARELY = 256 * 1024  # bytes, for people to use up
ENOUGH = 5  # answers of "not now" before it counts as full


def drill(there: Ground, rounds: int, seed: int) -> dict[str, Any]:
    resource.setrlimit(
        resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1])
    )  # of who panics
    try:
        with small_disks(there.postgres) as (tables, log):
            return _Drill(there, tables, log, rounds).play()
    except CannotMount as reason:
        return {"skipped": f"no disk can be mounted here: {reason}", "found": {}, "controls": {}}


@dataclass
class Reader:
    """One who only looks, at one page after another, and writes down what came."""

    pages: Sequence[tuple[str, dict[str, str], dict[str, str]]]  # address, cookies, head of the request
    answers: list[Answer] = field(default_factory=list)

    def start(self, end: threading.Event) -> threading.Thread:
        thread = threading.Thread(target=self._run, args=(end,), daemon=True)
        thread.start()
        return thread

    def _run(self, end: threading.Event) -> None:
        while not end.is_set():
            for path, cookies, head in self.pages:
                self.answers.append(clicks.ask(os.environ["SITE_URL"], cookies, "GET", path, head=head))
                end.wait(0.2)


class _Drill:
    def __init__(self, there: Ground, tables: Disk, log: Disk, rounds: int) -> None:
        self.there, self.tables, self.log, self.rounds = there, tables, log, rounds
        self.web = processes.web(os.environ, there.folder)
        self.port = free_port()
        self.naive = processes.web(os.environ, there.folder, self.port, "tests.drills.naive:application")
        self.worker = processes.worker("worker-database", os.environ, there.folder)
        self.sweeper = processes.sweeper(os.environ, there.folder)
        self.without_tables: list[tuple[float, float]] = []  # from when to when

    def play(self) -> dict[str, Any]:
        pressed, printed = people.make_conference(2, 2), people.make_conference(4, 2)
        writers = self.writers(pressed, printed)
        reader, control = self.reader(pressed), self.who_meets_no_answer_of_ours()
        panics = self.panics()
        with crew.running(self.web, self.naive, self.worker, self.sweeper):
            for port in (os.environ["PORT"], self.port):
                processes.wait_until_healthy(f"http://127.0.0.1:{port}")
            end = threading.Event()
            threads = [one.start(end) for one in (*writers, reader, control)]
            for _ in range(self.rounds):
                time.sleep(CALM)
                self.fill_the_tables(writers)
                time.sleep(CALM)
                self.fill_the_log()
            *pressing, printing = writers
            served = [(one, len(one.taken)) for one in pressing]
            until(lambda: all(len(one.taken) > count for one, count in served), "writers go on", crew.LONGEST)
            asked = printing.presses
            until(lambda: len(printing.taken + printing.refused) == len(asked), "papers", crew.LONGEST)
            end.set()
            for thread in threads:
                thread.join()
            seconds = crew.wait(crew.all_made(printed), (self.worker, self.sweeper))
        unfinished = crew.unfinished(printed)
        twice = checking.finished(printed, self.there.folder / "finishes")
        crew.forget(self.there)
        left = list(ledger.each(one.left for one in writers))
        return {
            "figures": ledger.figures(writers)
            | {"panics": self.panics() - panics, "pages read": len(reader.answers), "made after, s": seconds},
            "found": ledger.found([pressed, printed], writers)
            | {
                "pages that were not shown": self.not_shown(reader.answers),
                "papers not made": unfinished,
                "pieces finished twice": sum(count - 1 for count in twice.values()),
                "a log that was never full": int(self.panics() == panics),
            }
            | checking.journal(),
            "controls": {
                "missing for who took no answer for a yes": len(ledger.missing(left)),
                "errors 500 without our answer": sum(one.status == 500 for one in control.answers),
            },
        }

    # ── Who is there ──

    def writers(self, pressed: Conference, printed: Conference) -> list[Organiser]:
        """Four nominate, one of whom never presses twice; one adds halls at the desk, one asks for papers."""
        delegation: Delegation = pressed.delegations.order_by("pk")[0]
        nominations = crew.nominating(delegation, 4 * self.rounds * NOMINATIONS)
        delegation.quotas.update(seats=len(nominations))
        found = crew.crowd(people.officer(delegation), nominations, 4, every=0.1)
        found[0].patient = False
        found += crew.crowd(people.organiser(pressed), halls(self.rounds * HALLS), 1, every=0.1)
        papers = crew.printing(printed, self.rounds * PAPERS)
        return found + crew.crowd(people.organiser(printed), papers, 1, every=1.0)

    def reader(self, conference: Conference) -> Reader:
        """The programme, where an officer goes after signing in, and what a phone at the door asks for."""
        officer = people.officer(conference.delegations.order_by("pk")[1])
        token, paired = "0" * 32, timezone.now()
        conference.devices.create(name="Cửa A", token_hash=codes.hashed(token), paired_at=paired)
        door = reverse("checkin:state", args=(conference.slug,))
        return Reader(
            [
                (crew.reading(conference).path, {}, {}),
                (reverse("conference:start"), officer, {}),
                (door, {}, {"Authorization": f"Device {token}"}),
            ]
        )

    def who_meets_no_answer_of_ours(self) -> Organiser:
        conference = people.make_conference(2, 2)
        delegation = conference.delegations.order_by("pk")[0]
        presses, cookies = crew.nominating(delegation, self.rounds * NOMINATIONS), people.officer(delegation)
        delegation.quotas.update(seats=len(presses))
        return Organiser(f"http://127.0.0.1:{self.port}", cookies, presses, 0.2)

    # ── What happens ──

    def fill_the_tables(self, writers: Sequence[Organiser]) -> None:
        begun = time.monotonic()
        self.tables.fill(BARELY)
        time.sleep(CALM)
        self.tables.fill()

        def is_felt() -> bool:
            answers = ledger.each(one.answers for one in writers)
            return sum(one.status == 503 and one.at > begun for one in answers) >= ENOUGH

        until(is_felt, "nobody was refused on a full disk", crew.LONGEST)
        time.sleep(FULL)
        self.without_tables.append((begun, time.monotonic()))
        self.tables.free()

    def fill_the_log(self) -> None:
        before, begun = self.panics(), time.monotonic()
        self.log.fill()
        while time.monotonic() - begun < (FULL if self.panics() > before else crew.LONGEST):
            use_up_the_log(self.there.postgres)
            time.sleep(0.2)
        self.log.free()
        come_back(self.there.postgres)

    def panics(self) -> int:
        """How often it was written down."""
        return (self.there.folder / "postgres.log").read_text(errors="replace").count("PANIC:")

    def not_shown(self, answers: Sequence[Answer]) -> int:
        """Pages that a full disk of the tables kept from a reader, and errors at any time."""
        broken = [one for one in answers if one.status not in (200, 503) and not one.is_taken]
        kept = [
            one
            for one in answers
            for begun, ended in self.without_tables
            if one.status == 503 and begun < one.at - one.seconds and one.at < ended
        ]
        return len(broken) + len(kept)


def halls(count: int) -> list[Press]:
    """Presses that each add a hall at the desk, by a form that is taken once."""
    path = reverse("admin:thematic_hall_add")
    return [
        Press(
            path,
            {"name": f"Hội trường {number}", "minutes_away": "0", "position": "0", "once": uuid.uuid4().hex},
        )
        for number in range(count)
    ]


# ── PostgreSQL on small disks ──


@contextmanager
def small_disks(postgres: Postgres) -> Iterator[tuple[Disk, Disk]]:
    """Every table of ours on one, the log on another; afterwards where they were."""
    connection.close()
    with mounted(postgres.folder / "tables", TABLES) as tables:
        _give(postgres, tables.root)
        _say(postgres, f"CREATE TABLESPACE small LOCATION '{tables.root}'")
        _move(postgres, "pg_default", "small")
        with _log_apart(postgres) as log:
            yield tables, log
        _move(postgres, "small", "pg_default")
        _say(postgres, "DROP TABLESPACE small")


def _move(postgres: Postgres, source: str, target: str) -> None:
    for kind in ("TABLE", "INDEX"):
        _say(postgres, f"ALTER {kind} ALL IN TABLESPACE {source} SET TABLESPACE {target}")


@contextmanager
def _log_apart(postgres: Postgres) -> Iterator[Disk]:
    home, aside = postgres.folder / "postgres" / "pg_wal", postgres.folder / "log"
    _shut_down(postgres)
    home.rename(aside)
    with mounted(home, LOG) as disk:
        _give(postgres, home)
        for path in (aside / _last_piece(postgres), aside / "archive_status"):
            _carry(postgres, path, home / path.name)
        shutil.rmtree(aside)
        postgres.start()
        yield disk
        connection.close()
        _shut_down(postgres)
        _carry(postgres, home, aside)
    home.rmdir()
    aside.rename(home)
    postgres.start()


def _shut_down(postgres: Postgres) -> None:
    """In order: of its log only the last piece is needed afterwards."""
    assert postgres.process is not None
    postgres.process.send_signal(signal.SIGINT)
    postgres.process.wait(crew.LONGEST)


def _last_piece(postgres: Postgres) -> str:
    words = [servers.binary("pg_controldata"), "-D", postgres.folder / "postgres"]
    told = subprocess.run(words, check=True, capture_output=True, text=True, user=postgres.account)
    return next(line.split()[-1] for line in told.stdout.splitlines() if "REDO WAL file" in line)


def _carry(postgres: Postgres, source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)
    for path in (target, *target.rglob("*")):
        _give(postgres, path)


def _give(postgres: Postgres, path: Path) -> None:
    """PostgreSQL wants what it works on for itself."""
    path.chmod(0o700 if path.is_dir() else 0o600)
    if postgres.account:
        shutil.chown(path, postgres.account)


def _say(postgres: Postgres, statement: str) -> None:
    place = f"host={postgres.folder} dbname=postgres user={postgres.account or ''}"
    with closing(psycopg2.connect(place)) as own:
        own.autocommit = True
        with own.cursor() as cursor:
            cursor.execute(statement)


def use_up_the_log(postgres: Postgres) -> None:
    """The current piece is full, and the next one is asked for: what a day of work does, at once."""
    try:
        for _ in range(4):
            _say(postgres, "SELECT pg_logical_emit_message(false, 'drill', 'x')")
            _say(postgres, "SELECT pg_switch_wal()")
    except psycopg2.Error:
        return  # it is full, or away already


def come_back(postgres: Postgres) -> None:
    """By itself, or as a supervisor starts what has ended."""

    def is_back() -> bool:
        assert postgres.process is not None
        if postgres.process.poll() is not None:
            postgres.start()
        return postgres.is_ready()

    until(is_back, "PostgreSQL", crew.LONGEST)
    connection.close()  # ours broke too
