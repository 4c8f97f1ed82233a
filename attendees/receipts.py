"""The receipt for an answer that was sent: the list as it was, numbered within the delegation, and coded."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from attendees import correspondence
from attendees.models import Attendee, Delegation
from attendees.seats import Seats
from attendees.submissions import Receipt
from conference.journal import Actor
from conference.kept_words import in_vietnamese


def issue(held: Delegation, *, by: Actor | None) -> Receipt:
    """A receipt for the answer as it stands. Called by the acts that send it; they hold the delegation."""
    content = content_of(held)
    last = last_of(held)
    receipt = Receipt.objects.create(
        delegation=held,
        number=last.number + 1 if last else 1,
        sent_at=held.conference.now(),
        sent_by=str(by or ""),
        content=content,
        sha256=digest(content),
    )
    correspondence.post_receipt(receipt)
    return receipt


def last_of(delegation: Delegation) -> Receipt | None:
    return delegation.receipts.order_by("-number").first()


def is_current(receipt: Receipt | None, delegation: Delegation, seats: Seats | None = None) -> bool:
    """Is what was sent still what stands in the list?"""
    return receipt is not None and receipt.sha256 == digest(content_of(delegation, seats))


def content_of(delegation: Delegation, seats: Seats | None = None) -> dict[str, Any]:
    """The answer as plain data: who comes, who does not and why, which seats stay empty.

    In one language whoever sends or reads it: it is kept, and compared by its digest.
    """
    seats = seats or Seats(delegation)
    seated = [seat.person for seat in seats.rows if seat.person is not None]
    with in_vietnamese():
        people = [_person(one, delegation) for one in [*seated, *seats.gone]]
    return {
        "status": delegation.status,
        "reason": delegation.decline_reason,
        "people": people,
        "seats": [
            {
                "category": part.category.name,
                "seats": part.seats,
                "declined": part.declined,
                "reason": part.quota.decline_reason if part.quota else "",
            }
            for part in seats.components
        ],
    }


def _person(person: Attendee, delegation: Delegation) -> dict[str, Any]:
    return {
        "code": person.code,
        "name": person.addressed,
        "title": person.title,
        "organisation": person.organisation_name,
        "category": person.category.name,
        "status": person.status,
        "reason": person.decline_reason,
        "replaces": person.substitute_for.addressed if person.substitute_for else "",
        "head": person.pk == delegation.head_id,
    }


def digest(content: dict[str, Any]) -> str:
    """Of the content in one written form, so that the same answer has the same one."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
