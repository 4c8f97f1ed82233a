"""Takes a list: every row of it in one transaction, or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from attendees import holding
from attendees.importing.comparing import compare, delegations_of
from attendees.importing.ground import Ground
from attendees.importing.rows import Act, Comparison, Row
from attendees.importing.staging import hold_batch, reading_of
from attendees.models import Attendee, Delegation, ImportBatch
from conference import journal
from conference.journal import Actor
from conference.models import JournalEntry

AT_ONCE = 1000  # rows of one statement
# What a taken list may change of a person who is known, and what follows from it.
WRITTEN = (
    *Attendee.PERSON_FIELDS,
    *Attendee.DESK_FIELDS,
    "category",
    "status",
    "decline_reason",
    "extra",
    "sort_key",
    "search_key",
    "version",
)
# What a taken list may change of a delegation.
ANSWERED = (
    "status", "decline_reason", "head_id", "review", "review_remark", "reviewed_at", "answered_at",
    "answered_by_id", "answered_by_name",
)  # fmt: skip


@transaction.atomic
def take(batch: ImportBatch, *, by: Actor | None, version: str | None = None) -> ImportBatch:
    """Takes the list as it was shown: `version` is that of the preview on the screen.

    Raises `Stale` when somebody changed the people or the answers since, `ValidationError` when a row is
    refused or undecided. A list that was taken already stays as it is.
    """
    known = ImportBatch.objects.select_for_update().defer("reading").get(pk=batch.pk)  # read once, below
    if known.state == ImportBatch.State.TAKEN:
        return known
    held = hold_batch(batch, by=by)
    reading = reading_of(held)
    holding.hold_all(delegations_of(Ground(held, by), reading, held.choices), by=by)
    ground = Ground(held, by)  # as it is now that nobody else can change it
    comparison = compare(ground, reading, held.choices, held.version)
    if version not in (None, comparison.version):
        raise holding.Stale(held)
    if not comparison.is_ready:
        raise ValidationError(comparison.refusal, code="refused")
    _write(held, comparison, by)
    return held


def _write(held: ImportBatch, comparison: Comparison, by: Actor | None) -> None:
    places = {row.place.pk: row.place for row in comparison.writes}
    before = {key: {field: getattr(one, field) for field in ANSWERED} for key, one in places.items()}
    outcome: dict[str, Any] = {"counts": dict(comparison.counts), "made": [], "changed": [], "answers": {}}
    entries = [
        *_make([row for row in comparison.writes if row.act == Act.NEW and not row.replaces], outcome, by),
        *_replace([row for row in comparison.writes if row.replaces], outcome, by),
        *_change([row for row in comparison.writes if row.act == Act.CHANGED], outcome, by),
        *_answer([row for row in comparison.writes if row.answers], outcome, by),
    ]
    journal.record_all(entries)
    for key, rows in _by_place(comparison.writes).items():
        _touch(places[key], rows, by)
    outcome["delegations"] = [
        [one.pk, one.version, {field: _plain(value) for field, value in before[key].items()}]
        for key, one in places.items()
    ]
    held.state, held.taken_at, held.outcome = ImportBatch.State.TAKEN, held.conference.now(), outcome
    held.version += 1
    held.save(update_fields=("state", "taken_at", "outcome", "version"))
    counts = {str(Act(act).label): ["", count] for act, count in comparison.counts.items()}
    journal.record("import", held, by=by, conference=held.conference, changes=counts)


def _make(rows: list[Row], outcome: dict[str, Any], by: Actor | None) -> Iterable[JournalEntry]:
    """New people."""
    people = [row.attendee for row in rows if row.attendee]
    _number(people)
    Attendee.objects.bulk_create(people, batch_size=AT_ONCE)
    outcome["made"] += [[one.pk, one.version] for one in people]
    return [journal.entry("nominate", one, by=by, conference=one.conference) for one in people]


def _number(people: list[Attendee]) -> None:
    """Codes that nobody has: with thousands at once it happens that one is drawn twice."""
    while True:
        drawn = [one.code for one in people]
        taken = set(Attendee.objects.filter(code__in=drawn).values_list("code", flat=True))
        firsts = {one.code: one for one in reversed(people)}
        again = [one for one in people if one.code in taken or firsts[one.code] is not one]
        if not again:
            return
        for one in again:
            one.code = ""
            one.prepare()


def _replace(rows: list[Row], outcome: dict[str, Any], by: Actor | None) -> Iterable[JournalEntry]:
    """Other people on their seats, one by one: there are few."""
    for row in rows:
        old, new = row.replaces, row.attendee
        if old is None or new is None:
            continue
        before = {name: _plain(getattr(old, name)) for name in GONE}
        holding.put_instead(old, new, by=by, reason="")
        outcome["made"].append([new.pk, new.version])
        outcome["changed"].append([old.pk, old.version, before])
    return ()


GONE = ("status", "decline_reason", "replaced_at", "replaced_by_name")


def _change(rows: list[Row], outcome: dict[str, Any], by: Actor | None) -> Iterable[JournalEntry]:
    """People who are known."""
    people, entries = [], []
    for row in rows:
        new, old = row.attendee, row.current
        if new is None or old is None or not (row.changes or row.answers):
            continue
        if row.is_back:
            new.status, new.decline_reason = Attendee.Status.NOMINATED, ""
        new.version += 1
        outcome["changed"].append([new.pk, new.version, _before(old, row)])
        if row.changes:
            entries.append(journal.entry("edit", new, by=by, conference=new.conference, changes=row.changes))
        people.append(new)
    if people:
        # Every row is held and whole: inserting it changes these columns, at a tenth of the price of CASE.
        Attendee.objects.bulk_create(
            people, AT_ONCE, update_conflicts=True, unique_fields=("id",), update_fields=WRITTEN
        )
    return entries


def _answer(rows: list[Row], outcome: dict[str, Any], by: Actor | None) -> Iterable[JournalEntry]:
    """The record of the answers that were written with their people, and what stood there before."""
    for row in rows:
        if (person := row.attendee) is None:
            continue
        before = row.current.extra if row.current else {}
        outcome["answers"][str(person.pk)] = journal.differences(before, person.extra)
        changes = {one.asked.label: one.recorded for one in row.answers}
        yield journal.entry("answer_questions", person, by=by, conference=person.conference, changes=changes)


def _before(old: Attendee, row: Row) -> dict[str, Any]:
    """What stood in the columns that change; with a name its parts."""
    names = set(row.changes) | (set(holding.NAME_PARTS) if "full_name" in row.changes else set())
    names |= {"decline_reason"} if row.is_back else set()
    return {
        ("category_id" if name == "category" else name): _plain(
            old.category_id if name == "category" else getattr(old, name)
        )
        for name in names
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _touch(held: Delegation, rows: list[Row], by: Actor | None) -> None:
    """The state of the answer, as after every single act of these."""
    fields: dict[str, Any] = {}
    status = held.status
    if any(row.replaces for row in rows):
        status = holding.status_after_person(held)
    if any(row.takes_a_seat and (row.current is None or row.is_back) for row in rows):
        status, fields = Delegation.Status.ANSWERING, {"decline_reason": ""}
    for row in rows:
        if row.replaces is not None:
            fields |= holding.head_without(held, row.replaces)
    if head := next((row.attendee for row in rows if row.is_head), None):
        fields["head"] = head
    holding.touch(held, by=by, status=status, **fields)


def _by_place(rows: Iterable[Row]) -> dict[int, list[Row]]:
    places: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        places[row.place.pk].append(row)
    return places
