"""Append-only record of who did what, and from where. Called inside the transaction of the act itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from conference import records
from conference.guests import Guest
from conference.kept_words import in_vietnamese
from conference.models import Conference, JournalEntry, User

Actor = User | Guest

# Set by `conference.middleware.Origin` for the length of a request; workers and commands have none.
_origin: ContextVar[str] = ContextVar("journal_origin", default="")


@contextmanager
def coming_from(origin: str) -> Iterator[None]:
    """Everything recorded inside the block came from this address."""
    token = _origin.set(origin[:60])
    try:
        yield
    finally:
        _origin.reset(token)


def entry(
    act: str,
    subject: models.Model,
    *,
    by: Actor | None,
    conference: Conference | None,
    changes: dict[str, list[Any]] | None = None,
    about: models.Model | None = None,
) -> JournalEntry:
    """One act as a row that is not written yet: for `record_all`, where thousands are written at once.

    Names and values whose language is still open are kept in that of the house, whoever acts.
    """
    delegation, person = import_string(settings.JOURNAL_PLACE)(about or subject)
    with in_vietnamese():
        return JournalEntry(
            act=act,
            actor=by if isinstance(by, User) else None,
            actor_name=str(by) if by else "Hệ thống",
            origin=_origin.get(),
            request_id=records.current.get(),
            conference=conference,
            subject=ref_of(subject),
            subject_name=str(subject)[:300],
            changes={field: [_plain(value) for value in pair] for field, pair in (changes or {}).items()},
            delegation_ref=delegation,
            person_ref=person,
        )


def ref_of(row: models.Model) -> str:
    """How the journal, and letters, name a row: "attendees.delegation:17"."""
    return f"{row._meta.label_lower}:{row.pk}"


def record(
    act: str,
    subject: models.Model,
    *,
    by: Actor | None,
    conference: Conference | None,
    changes: dict[str, list[Any]] | None = None,
    about: models.Model | None = None,
) -> JournalEntry:
    """Writes one act.

    `act`: a short verb with its words in `desk_journal.ACTS`, e.g. "confirm". `by`: None when the system
    acts. `changes`: field → [before, after]; values are kept as text. `about`: the delegation or person
    whose journal shows it, where the subject itself does not lead there.
    """
    written = entry(act, subject, by=by, conference=conference, changes=changes, about=about)
    written.save()
    return written


def record_all(entries: Iterable[JournalEntry]) -> None:
    """Writes many acts at once."""
    JournalEntry.objects.bulk_create(entries, batch_size=500)


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """The fields of `after` whose value is another than in `before`."""
    return {field: [before.get(field), value] for field, value in after.items() if before.get(field) != value}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)
