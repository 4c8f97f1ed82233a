"""The history checker: what people were told was kept, against the database. Every figure is to be 0."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from attendees.models import Attendee
from conference.models import Conference, JournalEntry
from documents.models import Certificate
from tests.load.officers import Ledger, Officer
from tests.storm import checking

AS_IN_A_STORM = (
    "not finished", "doubled", "gaps", "numbers given twice", "without a file", "wrong files",
    "archives with a wrong count",
)  # fmt: skip


def verdict(conference: Conference, officers: Sequence[Officer], holders: Iterable[int]) -> dict[str, int]:
    """`holders`: keys of the people whose certificates were asked for."""
    ledgers = [one.ledger for one in officers]
    return (
        _of_people(conference, ledgers)
        | _of_journal(conference, ledgers)
        | _of_papers(conference, set(holders))
    )


def _of_people(conference: Conference, ledgers: Sequence[Ledger]) -> dict[str, int]:
    people = Attendee.objects.filter(conference=conference)
    names = Counter(people.values_list("full_name", flat=True))
    rows = {one.code: one for one in people}
    come = {code for code, one in rows.items() if one.status == Attendee.Status.CONFIRMED}
    lost = doubled = wrong = unconfirmed = 0
    for ledger in ledgers:
        for name, code in ledger.nominated.items():
            lost += bool(code) and names[name] < 1
            doubled += names[name] > 1
        for code, positions in ledger.edits.items():
            may_be = {positions[-1], *ledger.doubtful.get(code, ())}
            wrong += code not in rows or rows[code].position not in may_be
        unconfirmed += sum(code not in come for code in ledger.confirmed)
    return {
        "nominations lost": lost, "nominations doubled": doubled,
        "corrections lost": wrong, "confirmations lost": unconfirmed,
    }  # fmt: skip


def _of_journal(conference: Conference, ledgers: Sequence[Ledger]) -> dict[str, int]:
    """Each acknowledged correction stands there exactly once, one in doubt at most once."""
    entries = JournalEntry.objects.filter(conference=conference, act="edit")
    written = Counter(
        changes["position"][1]
        for changes in entries.values_list("changes", flat=True)
        if "position" in changes
    )
    told = [position for ledger in ledgers for positions in ledger.edits.values() for position in positions]
    doubtful = [one for ledger in ledgers for positions in ledger.doubtful.values() for one in positions]
    return {
        "corrections not in the journal": sum(not written[one] for one in told),
        "corrections twice in the journal": sum(written[one] > 1 for one in (*told, *doubtful)),
    }


def _of_papers(conference: Conference, holders: set[int]) -> dict[str, int]:
    """As in a storm, but there everybody gets a certificate, and here only those for whom it was asked."""
    valid = Certificate.objects.valid().filter(series__conference=conference)
    told = checking.verdict(conference, Path("no worker wrote down what it finished"))
    missing = holders - set(valid.values_list("attendee", flat=True))
    return {"people without a certificate": len(missing), **{name: told[name] for name in AS_IN_A_STORM}}
