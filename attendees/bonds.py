"""What goes with a person who is taken off a list, as far as the delegation may know of it."""

from __future__ import annotations

from typing import Any

from attendees.models import Attendee
from conference.kept_words import in_vietnamese

# By reverse names, since rooms above hold some. Papers that were taken (slips), and what the organisers
# prepare (certificates, reports), are nobody's to tell and no matter for the journal.
TOLD = ("corrections", "uploads", "sign_ups", "speaker_profile")


def lost_with(person: Attendee) -> dict[str, int]:
    """Kind of row, in the language of now → how many; nothing for who cannot be taken off."""
    if person.status != Attendee.Status.NOMINATED:
        return {}
    found = {}
    for name in TOLD:
        relation: Any = Attendee._meta.get_field(name)
        rows = relation.related_model._default_manager.filter(**{relation.field.name: person})
        if number := rows.count():
            found[str(relation.related_model._meta.verbose_name)] = number
    return found


def for_journal(person: Attendee) -> dict[str, list[int | None]]:
    """The same as changes, in the language in which everything is kept."""
    with in_vietnamese():
        return {kind: [number, None] for kind, number in lost_with(person).items()}
