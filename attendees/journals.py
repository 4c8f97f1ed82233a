"""Whose journal an act belongs to."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Model, Q

from attendees.models import Attendee, Delegation
from conference import journal
from conference.models import JournalEntry, JournalQuerySet


class Place(NamedTuple):
    """Primary keys of the delegation and of the person whom an act concerns."""

    delegation: int | None = None
    person: int | None = None


def place(subject: Model) -> Place:
    """Where an act on this row is read again. Named in `JOURNAL_PLACE`.

    Rows of other rooms are known by their columns only: whatever has an attendee or a delegation leads there,
    and a letter names in words whom it is about.
    """
    if isinstance(subject, Delegation):
        return Place(subject.pk)
    person = subject if isinstance(subject, Attendee) else getattr(subject, "attendee", None)
    if isinstance(person, Attendee):
        return Place(person.delegation_id, person.pk)
    if reference := getattr(subject, "subject_ref", ""):  # a letter names whom it is about
        return _named(reference)
    return Place(getattr(subject, "delegation_id", None))


def _named(reference: str) -> Place:
    """The place of "attendees.delegation:17" or "attendees.attendee:17"."""
    label, _colon, number = reference.partition(":")
    if label == Delegation._meta.label_lower:
        return Place(int(number))
    if label == Attendee._meta.label_lower:
        people = Attendee.objects.filter(pk=number).values_list("delegation", flat=True)
        return Place(people.first(), int(number))
    return Place()


def of_delegation(delegation: Delegation) -> JournalQuerySet:
    """Everything about a delegation: its people, seats, links, files, lists and letters, newest first."""
    return JournalEntry.objects.filter(
        Q(delegation_ref=delegation.pk) | Q(subject=journal.ref_of(delegation))
    )


def of_person(person: Attendee) -> JournalQuerySet:
    """Everything about a person, newest first."""
    return JournalEntry.objects.filter(Q(person_ref=person.pk) | Q(subject=journal.ref_of(person)))
