"""Whose journal an act belongs to."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Model

from attendees.models import Attendee, Delegation


class Place(NamedTuple):
    """Primary keys of the delegation and of the person whom an act concerns."""

    delegation: int | None = None
    person: int | None = None


def place(subject: Model) -> Place:
    """Where an act on this row is read again. Named in `JOURNAL_PLACE`.

    Rows of rooms above are known by their columns only: whatever has an attendee or a delegation leads there.
    """
    if isinstance(subject, Delegation):
        return Place(subject.pk)
    person = subject if isinstance(subject, Attendee) else getattr(subject, "attendee", None)
    if isinstance(person, Attendee):
        return Place(person.delegation_id, person.pk)
    return Place(getattr(subject, "delegation_id", None))
