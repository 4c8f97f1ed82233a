"""R3: the database crashes, and the wire to it breaks, while people write through HTTP.

Each write has a key of its own and stands in a ledger with what its writer was told: what was acknowledged
must be there once, what was not at most once.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterable
from itertools import chain, pairwise
from typing import Any, TypeVar

from django.db import connection, models

from attendees.models import Attendee
from conference.models import Conference, JournalEntry
from documents.models import Document, DocumentPart
from tests.drills import crew
from tests.drills.proxy import Proxy
from tests.installation import free_port
from tests.storm import people, processes
from tests.storm.clicks import Answer, Organiser, Press
from tests.storm.ground import Ground
from tests.storm.machines import until

WRITERS = 8
PRESSES = 400  # of each writer; most are left over
CALM = 1.5  # seconds between two faults, for writers to go on
HANGING = 2.0
MOST_UNSERVED = 10.0  # seconds
T = TypeVar("T")
WORDS = "Hệ thống tạm gián đoạn"


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
            until(lambda: all(len(one.taken) > count for one, count in served), "writers go on", 60)
            seconds = round(time.monotonic() - begun)
            end.set()
            for thread in threads:
                thread.join()
        self.forget(conference)
        return {
            "figures": _figures(writers) | {"faults": rounds * len(faults), "seconds": seconds},
            "found": _found(conference, writers),
            "controls": {
                "missing for who took no answer for a yes": len(_missing(_all(one.left for one in writers))),
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

    def forget(self, conference: Conference) -> None:
        """Nobody works here: the papers are left to no drill that comes after."""
        connection.close()  # it broke too
        for rows, state in (
            (DocumentPart.objects.all(), DocumentPart.State.DONE),
            (Document.objects.moving(), Document.State.CANCELLED),
        ):
            rows.update(state=state)
        self.there.broker.flush()


# ── The ledger ──


def _found(conference: Conference, writers: list[Organiser]) -> dict[str, int]:
    answers = list(_all(one.answers for one in writers))
    taken, pressed = list(_all(one.taken for one in writers)), list(_all(one.presses for one in writers))
    there = _present()
    interrupted = [one for one in answers if one.status == 503]
    return {
        "acknowledged and missing": len(_missing(taken)),
        "there twice": sum(there[_key(press)] > 1 for press in pressed),
        "half done": _half_done(conference),
        "errors that are no 503": sum(one.status >= 500 for one in answers) - len(interrupted),
        "no answer": sum(not one.status for one in answers),
        "refused": sum(len(one.refused) for one in writers),
        "503 that do not say what to do": sum(not _says_what_to_do(one) for one in interrupted),
    }


def _key(press: Press) -> str:
    return press.fields.get("key") or press.fields["request_key"]


def _present() -> Counter[str]:
    """How many rows there are of each key."""
    keys = [*Document.objects.values_list("request_key", flat=True)]
    keys += Attendee.objects.exclude(request_key=None).values_list("request_key", flat=True)
    return Counter(map(str, keys))


def _missing(presses: Iterable[Press]) -> list[Press]:
    there = _present()
    return [press for press in presses if not there[_key(press)]]


def _half_done(conference: Conference) -> int:
    """People and papers without their entry in the journal or with two, and papers without a piece."""
    acts: Counter[str] = Counter(
        JournalEntry.objects.filter(conference=conference).values_list("subject", flat=True)
    )
    nominated = conference.attendees.filter(status=Attendee.Status.NOMINATED)
    papers = conference.documents.annotate(pieces=models.Count("parts"))
    found = [acts[f"attendees.attendee:{one.pk}"] != 1 for one in nominated]
    found += [acts[f"documents.document:{one.pk}"] != 1 or not one.pieces for one in papers]
    return sum(found)


def _says_what_to_do(one: Answer) -> bool:
    words = (WORDS, one.head.get("X-Request-ID", WORDS))
    return "Retry-After" in one.head and all(word in one.text for word in words)


def _figures(writers: list[Organiser]) -> dict[str, Any]:
    answers = list(_all(one.answers for one in writers))
    moments = [[answer.at for answer in one.answers if answer.is_taken] for one in writers if one.patient]
    gaps = [later - earlier for own in moments for earlier, later in pairwise(own)]
    return {
        "answers": {
            str(status): count for status, count in sorted(Counter(one.status for one in answers).items())
        },
        "longest answer, s": round(max(one.seconds for one in answers), 2),
        "longest without a yes, s": round(max(gaps), 2),
    }


def _all(many: Iterable[Iterable[T]]) -> Iterable[T]:
    return chain.from_iterable(many)
