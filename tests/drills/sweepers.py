"""R12: letters leave and papers are made with no beat and no sweeper, and with two and three of them."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.utils import timezone

from conference.models import Conference
from documents import issuing, requests
from documents.requests import Scope
from mailing import outbox
from mailing.kinds import values_of
from mailing.models import Message, State
from mailing.outbox import Letter
from tests.drills import crew
from tests.smtp import MailServer, mail_server
from tests.storm import checking, people, processes
from tests.storm.ground import Ground
from tests.storm.issuing import approved
from tests.storm.process import RESEND
from tests.storm.processes import Process

LETTERS = 12  # of each act; five times as many in a longer drill
PEOPLE, DELEGATIONS = 12, 4
ALONE = 4.0  # seconds for which nobody looks after lost messages
LATE = RESEND.total_seconds() + 2  # in which a second ring would have made a second letter


def drill(there: Ground, rounds: int, seed: int) -> dict[str, Any]:
    with mail_server() as server:
        return _Drill(there, server, random.Random(seed), LETTERS * (1 if rounds == 1 else 5)).play(rounds)


class _Drill:
    def __init__(self, there: Ground, server: MailServer, dice: random.Random, letters: int) -> None:
        self.there, self.server, self.dice, self.letters = there, server, dice, letters
        self.env, self.folder = os.environ | {"EMAIL_URL": server.url}, there.folder
        self.conference = people.make_conference(PEOPLE, DELEGATIONS)
        self.written: list[str] = []
        self.figures: dict[str, Any] = {}

    def play(self, rounds: int) -> dict[str, Any]:
        workers = [processes.worker(f"worker-mail-{number}", self.env, self.folder) for number in (1, 2)]
        sweepers = [self.sweeper(number) for number in range(3)]
        beats = [processes.beat(self.env, self.folder, f"beat-{number}") for number in range(2)]
        here = people.organiser(self.conference)
        with crew.running(*workers):
            rung, stuck = self.without_any(workers)
            with crew.running(*sweepers, *beats):
                for _ in range(rounds):
                    self.with_many([*workers, *sweepers, *beats], sweepers)
        lost, doubled = self.counted(self.written)
        return {
            "figures": {**self.figures, "letters": len(self.written)},
            "found": {
                "letters that were rung for and waited": rung,
                "letters lost": lost,
                "letters sent twice": doubled,
                "sign-ins that ran out and are kept": Session.objects.filter(
                    expire_date__lt=timezone.now()
                ).count(),
                "sign-ins forgotten": int(not Session.objects.filter(pk__in=here.values()).exists()),
                **checking.verdict(self.conference, self.folder / "finishes"),
            },
            "controls": {
                "letters that nobody sent without a sweeper": stuck,
                "letters sent twice by the careless": self.carelessly(),
            },
        }

    def sweeper(self, number: int, *options: str) -> Process:
        name = "-".join(("sweeper", str(number), *options))
        return processes.sweeper(self.env, self.folder, *options, name=name)

    def without_any(self, workers: Sequence[Process]) -> tuple[int, int]:
        """What is rung for leaves; what the broker was not there for waits. How many wait in either case."""
        self.write(self.conference)
        crew.wait(self.all_sent, workers)
        rung = self.waiting()
        self.there.broker.stop()
        self.write(self.conference)
        self.there.broker.start()
        crew.wait(self.all_sent, workers, ALONE)
        return rung, self.waiting()

    def with_many(self, everybody: Sequence[Process], sweepers: Sequence[Process]) -> None:
        """Three sweepers, one of them killed at its work, and two beats."""
        yesterday = timezone.now() - timedelta(days=1)
        key = f"old-{len(self.written)}"
        Session.objects.create(session_key=key, session_data="", expire_date=yesterday)
        self.server.delay = 0.05
        self.write(self.conference)
        for batch in approved(self.conference) if not self.figures else ():
            issuing.issue(batch, by=None)
        requests.begin(crew.PAPER, self.conference, by=None, scope=Scope())
        self.dice.choice(sweepers).kill()
        made = crew.all_made(self.conference)
        seconds = crew.wait(
            lambda: made() and self.all_sent() and not Session.objects.filter(pk=key).exists(), everybody
        )
        self.figures[f"done after, s, {len(self.figures) + 1}"] = seconds
        time.sleep(LATE)

    def carelessly(self) -> int:
        """Workers that take what others have, and sweepers that ring for everything every time."""
        before = len(self.written)
        workers = [
            processes.worker(f"worker-careless-{number}", self.env, self.folder, "--without-claim")
            for number in (1, 2)
        ]
        self.server.delay = 0.3
        with crew.running(*workers, *(self.sweeper(number, "--without-lock") for number in range(3))):
            self.write(self.conference)
            crew.wait(lambda: self.counted(self.written[before:])[1] > 0, workers)
        return self.counted(self.written[before:])[1]

    # ── Letters ──

    def write(self, conference: Conference) -> None:
        """Approved: they may leave."""
        whom = {**values_of(conference), "nguoi_nhan": "Ông Bà"}
        letters = [
            Letter("", f"Tỉnh {number}", [f"tinh{number}@hoinghi.example"], "Ông Bà", whom)
            for number in range(self.letters)
        ]
        mailing = outbox.draft(conference, "notice", letters, by=None, title="Thông báo")
        self.written += mailing.messages.values_list("message_id", flat=True)
        outbox.approve(mailing, by=None)

    def waiting(self) -> int:
        return Message.objects.filter(state=State.APPROVED).count()

    def all_sent(self) -> bool:
        return not Message.objects.exclude(state=State.SENT).exists()

    def counted(self, wanted: Sequence[str]) -> tuple[int, int]:
        """How many never arrived, and how many arrived once more than they should."""
        came = Counter(self.server.ids())
        return sum(not came[one] for one in wanted), sum(max(came[one] - 1, 0) for one in wanted)
