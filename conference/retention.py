"""What was held of people long enough goes, by the terms of the table of purposes; at night, and by command.

A conference under legal hold keeps everything. What rooms hold in another way than in a column of a row they
forget themselves (`forget` of the modules in `ERASERS`). The journal says how much of what went, and no name;
of a change that it told it goes on saying who made it and when, and not what stood there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.utils.module_loading import import_string

from conference import journal, purpose_table, sealing
from conference.erasing import Line, Taking, filled
from conference.kept_words import in_vietnamese
from conference.models import Conference, JournalEntry
from conference.purposes import Erasure, Held, Kept, Rows

# Entries of the journal in one task, which has a minute: a quarter of that on a slow machine.
AT_ONCE = 10_000
GONE = "•••"  # in columns that must say something, and in the journal
# Acts that tell of nothing but answers to questions, by the words of the question.
ANSWERS = ("answer_questions", "withdraw_consent")
# What a request wants to have put right is told as columns of the person.
PERSON, REQUEST = "attendees.attendee", "attendees.correction"


class Forgetting(Taking):
    """What is over its time in one conference, being taken out; of the journal at most so many entries."""

    def __init__(self, conference: Conference, most: int | None = None) -> None:
        super().__init__(conference)
        self.most = most

    def run(self) -> None:
        for name in settings.ERASERS:
            forgetter: Callable[[Forgetting], None] = import_string(f"{name}.forget")
            forgetter(self)
        for rows in purpose_table.TABLE:
            for held in rows.held:
                if self.is_over(held.kept) and held.erasure not in (Erasure.OWN, Erasure.KEPT):
                    self._forget(rows, held)
        self._forget_told()
        self.forget_files()

    def is_over(self, kept: Kept) -> bool:
        """Is the term past, by the clock of the conference?"""
        last: Any = self.conference.ends_on
        return kept.after is not None and self.conference.today() > last + kept.after

    def _forget(self, rows: Rows, held: Held) -> None:
        found = rows.of_conference(self.conference)
        if held.erasure == Erasure.ROW and rows.person:
            found = found.exclude(**{rows.person: None})
        found = filled(found, held.names)
        if held.erasure == Erasure.NAME:
            found = found.exclude(**dict.fromkeys(held.names, GONE))
        self.counts[held] += found.count()
        self.empty(found, rows, held, GONE)

    # ── What the journal tells of it ──────────────────────────────────────────────────────────────

    def _forget_told(self) -> None:
        """Of what nights before have not read yet; all of it anew where more is over its time than then.

        At most `most` entries; where that ends it, "more" says so.
        """
        if not (over := self._over()):
            return
        acts = ANSWERS if self.is_over(Kept.LOGISTICS) else ()
        what = [sorted(acts), sorted((model, sorted(names)) for model, names in over.items())]
        reached = {
            "what": hashlib.sha256(repr(what).encode()).hexdigest(),
            "to": JournalEntry.objects.aggregate(to=Max("pk"))["to"] or 0,
        }
        mine = Conference.objects.filter(pk=self.conference.pk)
        before_now = mine.values_list("forgotten", flat=True)[0]
        told = Q(changes__has_any_keys=sorted({one for names in over.values() for one in names}))
        entries = JournalEntry.objects.filter(Q(act__in=acts) | told, conference=self.conference)
        if before_now.get("what") == reached["what"]:
            entries = entries.filter(pk__gt=before_now["to"] - sealing.OVERLAP)
        left: dict[int, dict[str, Any]] = {}
        rows = entries.order_by("pk").values_list("pk", "act", "subject", "changes")
        for pk, act, subject, before in rows.iterator(2000):
            if len(left) == self.most:
                reached |= {"to": pk - 1, "more": True}
                break
            names = before.keys() if act in ANSWERS else over.get(subject.partition(":")[0], set())
            after = {name: _struck(pair) if name in names else pair for name, pair in before.items()}
            if after != before:
                left[pk] = {"changes": after}
        if left:
            self.count("conference.JournalEntry", "changes", len(left))
            sealing.withhold(left, self.conference, by=None)
        mine.update(forgotten=reached)

    def _over(self) -> dict[str, set[str]]:
        """Model, as the journal names it → its columns that are over their time."""
        over: dict[str, set[str]] = {}
        for rows in purpose_table.TABLE:
            for held in rows.held:
                if self.is_over(held.kept) and held.erasure != Erasure.KEPT:
                    over.setdefault(rows.label.lower(), set()).update(held.names)
        if PERSON in over:
            over[REQUEST] = over.get(REQUEST, set()) | over[PERSON]
        return over


def _struck(pair: list[Any]) -> list[Any]:
    """Before and after: that there was something, and nothing of it."""
    return [one if one in ("", None) or isinstance(one, bool) else GONE for one in pair]


@transaction.atomic
def forget(conference: Conference, most: int | None = None) -> list[Line]:
    """Takes out what is over its time; what it was, and how many rows. Twice finds nothing.

    `most`: of entries of the journal. Where there are more, `has_more` says so.
    """
    forgetting = Forgetting(conference, most)
    if conference.legal_hold:
        return []
    forgetting.run()
    lines = forgetting.lines()
    if lines:
        with in_vietnamese():
            told: dict[str, list[Any]] = {str(one.held.what): [one.count, 0] for one in lines}
        journal.record("forget", conference, by=None, conference=conference, changes=told)
    return lines


def has_more(pk: int) -> bool:
    """Did the last run end before the journal of this conference did?"""
    return Conference.objects.filter(pk=pk, forgotten__more=True).exists()


def preview(conference: Conference) -> list[Line]:
    """What `forget` would do now: done, counted and taken back."""
    with transaction.atomic():
        lines = forget(conference)
        transaction.set_rollback(True)
    return lines
