"""What a delegation typed and did not send: kept as it was typed, so that no lost page loses it.

A draft binds nobody: no seat is taken, and the organisers do not see it. The whole delegation shares one.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from attendees.holding import Stale, hold
from attendees.models import Delegation, Draft
from conference.journal import Actor

LONGEST = 100_000  # characters in all


@transaction.atomic
def save(
    delegation: Delegation, fields: dict[str, str], *, by: Actor | None, version: int | None = None
) -> Draft:
    """Keeps what was typed. `version`: of the draft on the screen, 0 for none; `Stale` when another is newer.

    What is too long to be an answer is not kept: raises ValueError.
    """
    if sum(len(name) + len(text) for name, text in fields.items()) > LONGEST:
        raise ValueError("a draft too long to be an answer")
    held = hold(delegation, by=by)
    draft = Draft.objects.filter(delegation=held).first() or Draft(delegation=held, version=0)
    if version not in (None, draft.version) and draft.fields != fields:
        raise Stale(draft)
    draft.fields, draft.version = fields, draft.version + 1
    draft.saved_at, draft.saved_by = held.conference.now(), str(by or "")
    draft.save()
    return draft


def drop(delegation: Delegation) -> None:
    """What was typed is not wanted any more."""
    Draft.objects.filter(delegation=delegation).delete()


def sent(delegation: Delegation, *, by: Actor, version: int | None) -> None:
    """What was typed has been sent. What somebody else has saved since `version` stays: it was not."""
    theirs = ~Q(saved_by=str(by)) & Q(version__gt=version or 0)
    Draft.objects.filter(delegation=delegation).exclude(theirs).delete()
