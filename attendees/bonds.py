"""What goes with a person who is taken off a list: rows of any room that nothing else holds."""

from __future__ import annotations

from django.db import models

from attendees.models import Attendee, Link
from conference.kept_words import in_vietnamese


def lost_with(person: Attendee) -> dict[str, int]:
    """Kind of row, in the language of now → how many. The address of the person's page is not told."""
    found = {}
    for relation in Attendee._meta.related_objects:
        model, column = relation.field.model, relation.field.name
        if relation.on_delete is not models.CASCADE or model is Link:
            continue
        if number := model._default_manager.filter(**{column: person}).count():
            found[str(model._meta.verbose_name)] = number
    return found


def for_journal(person: Attendee) -> dict[str, list[int | None]]:
    """The same as changes, in the language in which everything is kept."""
    with in_vietnamese():
        return {kind: [number, None] for kind, number in lost_with(person).items()}
