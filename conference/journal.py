"""Append-only record of who did what. Called inside the transaction of the act itself."""

from __future__ import annotations

from typing import Any

from django.db import models

from conference.models import Conference, JournalEntry, User


def record(
    act: str,
    subject: models.Model,
    *,
    by: User | None,
    conference: Conference | None,
    changes: dict[str, list[Any]] | None = None,
) -> JournalEntry:
    """Writes one act.

    `act`: a short verb, e.g. "confirm". `by`: None when the system acts. `changes`: field → [before, after];
    values are kept as text.
    """
    return JournalEntry.objects.create(
        act=act,
        actor=by,
        actor_name=str(by) if by else "Hệ thống",
        conference=conference,
        subject=f"{subject._meta.label_lower}:{subject.pk}",
        subject_name=str(subject)[:300],
        changes={field: [_plain(value) for value in pair] for field, pair in (changes or {}).items()},
    )


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """The fields of `after` whose value is another than in `before`."""
    return {field: [before.get(field), value] for field, value in after.items() if before.get(field) != value}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)
