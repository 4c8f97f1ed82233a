"""What writers were told, and what is there: what was acknowledged once, what was not at most once.

Each write has a key of its own, which stands in its row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from typing import Any, TypeVar

from django.db import models

from attendees.models import Attendee
from conference.models import Conference, JournalEntry
from documents.models import Document
from sessions.models import Hall
from tests.storm.clicks import Answer, Organiser, Press

T = TypeVar("T")
KEYS = ("request_key", "key", "name")  # of a person, a paper, a hall
WORDS = "Hệ thống tạm gián đoạn"


def found(conferences: Sequence[Conference], writers: Sequence[Organiser]) -> dict[str, int]:
    """Figures that are to be 0."""
    answers = list(each(one.answers for one in writers))
    taken, pressed = list(each(one.taken for one in writers)), list(each(one.presses for one in writers))
    there = _present()
    interrupted = [one for one in answers if one.status == 503]
    return {
        "acknowledged and missing": len(missing(taken)),
        "there twice": sum(there[_key(press)] > 1 for press in pressed),
        "half done": sum(map(_half_done, conferences)),
        "errors that are no 503": sum(one.status >= 500 for one in answers) - len(interrupted),
        "no answer": sum(not one.status for one in answers),
        "refused": sum(len(one.refused) for one in writers),
        "503 that do not say what to do": sum(not _says_what_to_do(one) for one in interrupted),
    }


def figures(writers: Sequence[Organiser]) -> dict[str, Any]:
    answers = list(each(one.answers for one in writers))
    moments = [[answer.at for answer in one.answers if answer.is_taken] for one in writers if one.patient]
    gaps = [later - earlier for own in moments for earlier, later in pairwise(own)]
    return {
        "answers": {
            str(status): count for status, count in sorted(Counter(one.status for one in answers).items())
        },
        "longest answer, s": round(max(one.seconds for one in answers), 2),
        "longest without a yes, s": round(max(gaps), 2),
    }


def missing(presses: Iterable[Press]) -> list[Press]:
    there = _present()
    return [press for press in presses if not there[_key(press)]]


def each(many: Iterable[Iterable[T]]) -> Iterable[T]:
    return chain.from_iterable(many)


def _key(press: Press) -> str:
    return next(press.fields[name] for name in KEYS if name in press.fields)


def _present() -> Counter[str]:
    """How many rows there are of each key."""
    keys = [*Document.objects.values_list("request_key", flat=True)]
    keys += Attendee.objects.exclude(request_key=None).values_list("request_key", flat=True)
    keys += Hall.objects.values_list("name", flat=True)
    return Counter(map(str, keys))


def _half_done(conference: Conference) -> int:
    """People and papers without their entry in the journal or with two, and papers without a piece."""
    acts: Counter[str] = Counter(
        JournalEntry.objects.filter(conference=conference).values_list("subject", flat=True)
    )
    nominated = conference.attendees.filter(status=Attendee.Status.NOMINATED)
    papers = conference.documents.annotate(pieces=models.Count("parts"))
    wrong = [acts[f"attendees.attendee:{one.pk}"] != 1 for one in nominated]
    wrong += [acts[f"documents.document:{one.pk}"] != 1 or not one.pieces for one in papers]
    return sum(wrong)


def _says_what_to_do(one: Answer) -> bool:
    words = (WORDS, one.head.get("X-Request-ID", WORDS))
    return "Retry-After" in one.head and all(word in one.text for word in words)
