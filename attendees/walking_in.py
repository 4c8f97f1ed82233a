"""Who comes without being on the list: registered, or put instead of another, at the desk of the conference.

The same rules as in `attendees.answers`, but past the deadline, and for the people at the door where the
conference lets them. Whoever stands there has come: the person is confirmed at once. Errors as there.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from attendees.holding import (
    head_without,
    hold,
    hold_person,
    made_before,
    new_person,
    put_instead,
    require_seat,
    require_version,
    required,
    seat,
    status_after_person,
    touch,
)
from attendees.models import Attendee, Category, Delegation
from conference import journal, vietnamese
from conference.kept_words import in_vietnamese
from conference.models import Conference, Membership, User

FEWEST_WORDS = 2  # of a name, before one that is a part of the other counts as alike


def may_register(conference: Conference, user: User) -> bool:
    """Organisers always; the people at the door where the conference lets them."""
    at_door = conference.role_of(user) == Membership.Role.DOOR
    return conference.is_run_by(user) or (at_door and conference.door_may_register)


def alike(delegation: Delegation, full_name: str) -> list[Attendee]:
    """People of the delegation with that name: without marks, in any order, or one a part of the other."""
    words = set(vietnamese.fold(full_name).split())

    def is_alike(other: Attendee) -> bool:
        theirs = set(vietnamese.fold(other.full_name).split())
        fewer = min(words, theirs, key=len)
        return words == theirs or (len(fewer) >= FEWEST_WORDS and fewer == words & theirs)

    people = delegation.attendees.exclude(status=Attendee.Status.REPLACED)
    rows = people.select_related("category", "delegation").order_by("sort_key", "pk")
    return [one for one in rows if words and is_alike(one)]


@transaction.atomic
def register(
    delegation: Delegation,
    category: Category,
    *,
    by: User,
    request_key: uuid.UUID,
    extra: str = "",
    **person: Any,
) -> Attendee:
    """Puts somebody who has come onto a free seat, confirmed. `request_key`: as in `answers.nominate`.

    `extra`: why one seat more is made where none is free; organisers only.
    """
    _require_right(delegation.conference, by)
    held = hold(delegation, by=None)
    attendee = _arrived(new_person(held, category, request_key, person))
    if (known := made_before(held, attendee)) is not None:
        return known
    try:
        require_seat(held, category)
    except ValidationError:
        if not vietnamese.clean(extra):
            raise
        _add_seat(held, category, required(extra), by=by)
    seat(attendee)
    journal.record("register", attendee, by=by, conference=held.conference)
    _settle(held, decline_reason="")
    return attendee


@transaction.atomic
def substitute(
    attendee: Attendee, *, by: User, request_key: uuid.UUID, version: int | None = None, **person: Any
) -> Attendee:
    """Somebody else has come for this person: takes the seat, confirmed; the old badge is void at once."""
    _require_right(attendee.conference, by)
    held, current = hold_person(attendee, by=None)
    instead = _arrived(new_person(held, current.category, request_key, person))
    if (known := made_before(held, instead)) is not None:
        return known
    require_version(current, version)
    with in_vietnamese():  # receipts say it
        reason = _("Đi thay, ghi tại bàn đón tiếp")
    put_instead(current, instead, by=by, reason=reason)
    _settle(held, **head_without(held, current))
    return instead


def _require_right(conference: Conference, by: User) -> None:
    if not may_register(conference, by):
        raise PermissionDenied


def _arrived(attendee: Attendee) -> Attendee:
    attendee.status, attendee.is_walk_in = Attendee.Status.CONFIRMED, True
    return attendee


def _settle(held: Delegation, **fields: Any) -> None:
    """By nobody: the delegation has not answered anew, and what the organisers accepted stays."""
    touch(held, by=None, status=status_after_person(held), **fields)


def _add_seat(held: Delegation, category: Category, reason: str, *, by: User) -> None:
    if not held.conference.is_run_by(by):
        raise PermissionDenied
    quota, _made = held.quotas.get_or_create(category=category, defaults={"seats": 0})
    quota.seats += 1
    quota.save(update_fields=("seats",))
    changes: dict[str, list[Any]] = {"seats": [quota.seats - 1, quota.seats], "reason": ["", reason]}
    journal.record("add_seat", quota, by=by, conference=held.conference, changes=changes)
