"""R3: the database crashes, and the wire to it breaks, while people write through HTTP.

Each write has a key of its own and stands in a ledger with what its writer was told: what was acknowledged
must be there once, what was not at most once.
"""

from __future__ import annotations

import os
import random
import threading
import time
from typing import Any

from conference.models import Conference
from tests.drills import crew, ledger
from tests.drills.proxy import Proxy
from tests.installation import free_port
from tests.storm import people, processes
from tests.storm.clicks import Organiser
from tests.storm.ground import Ground
from tests.storm.machines import until

WRITERS = 8
PRESSES = 400  # of each writer; most are left over
CALM = 1.5  # seconds between two faults, for writers to go on
HANGING = 2.0


def drill(there: Ground, rounds: int, seed: int) -> dict[str, Any]:
    upstream = there.folder / ".s.PGSQL.5432"
    with Proxy(upstream).running() as wire:
        return _Drill(there, wire, random.Random(seed)).play(rounds)


class _Drill:
    def __init__(self, there: Ground, wire: Proxy, dice: random.Random) -> None:
        self.there, self.wire, self.dice = there, wire, dice
        user = there.postgres.account or ""
        env = os.environ | {"DATABASE_URL": f"postgres://{user}@{wire.address}/postgres"}
        self.web = processes.web(env, there.folder)
        self.port = free_port()
        self.naive = processes.web(env, there.folder, self.port, "tests.drills.naive:application")

    def play(self, rounds: int) -> dict[str, Any]:
        conference = people.make_conference(2, 2)
        writers = self.writers(conference)
        control = self.who_meets_no_answer_of_ours()
        faults = [self.crash, self.cut, self.half_open, self.trickle]
        with crew.running(self.web, self.naive):
            for port in (os.environ["PORT"], self.port):
                processes.wait_until_healthy(f"http://127.0.0.1:{port}")
            end = threading.Event()
            threads = [one.start(end) for one in (*writers, control)]
            begun = time.monotonic()
            for _ in range(rounds):
                for fault in self.dice.sample(faults, len(faults)):
                    time.sleep(CALM)
                    fault()
            time.sleep(CALM)
            served = [(one, len(one.taken)) for one in writers]
            until(lambda: all(len(one.taken) > count for one, count in served), "writers go on", crew.LONGEST)
            seconds = round(time.monotonic() - begun)
            end.set()
            for thread in threads:
                thread.join()
        crew.forget(self.there)
        left = ledger.each(one.left for one in writers)
        return {
            "figures": ledger.figures(writers) | {"faults": rounds * len(faults), "seconds": seconds},
            "found": ledger.found([conference], writers),
            "controls": {
                "missing for who took no answer for a yes": len(ledger.missing(left)),
                "errors 500 without our answer": sum(one.status == 500 for one in control.answers),
            },
        }

    def writers(self, conference: Conference) -> list[Organiser]:
        """Half nominate, half ask for papers; one of each sort never presses twice."""
        organiser = people.organiser(conference)
        delegation = conference.delegations.order_by("pk")[0]
        delegation.quotas.update(seats=WRITERS * PRESSES)
        officer = people.officer(delegation)
        nominations = crew.nominating(delegation, WRITERS // 2 * PRESSES)
        papers = crew.printing(conference, WRITERS // 2 * PRESSES)
        found = [
            *crew.crowd(officer, nominations, WRITERS // 2, every=0.05),
            *crew.crowd(organiser, papers, WRITERS // 2, every=0.05),
        ]
        for one in (found[0], found[-1]):
            one.patient = False
        return found

    def who_meets_no_answer_of_ours(self) -> Organiser:
        conference = people.make_conference(2, 2)
        presses, cookies = crew.printing(conference, PRESSES), people.organiser(conference)
        return Organiser(f"http://127.0.0.1:{self.port}", cookies, presses, 0.05)

    # ── What happens ──

    def crash(self) -> None:
        """As `pg_ctl stop -m immediate` and a start: everybody is thrown out, the log is replayed."""
        self.there.postgres.crash()

    def cut(self) -> None:
        self.wire.cut()

    def half_open(self) -> None:
        """The wire swallows everything for a while; then both ends learn that it is broken."""
        self.wire.hang()
        time.sleep(HANGING)
        self.wire.cut()
        self.wire.heal()

    def trickle(self) -> None:
        self.wire.trickle()
        time.sleep(HANGING)
        self.wire.heal()
