"""Whom a change of the programme concerns. The rule stands here and nowhere else.

- Whoever has a part in a session, or had, is concerned by whatever changes of it; their delegation with them.
- Every delegation with confirmed people is concerned when something that everybody attends is moved or
  cancelled: a ceremony, a reception, a topic without another session beside it. A break alone concerns
  nobody; what is only new, renamed or given by somebody else is read on the public page.
- Of two sessions at the same time nobody can tell who goes where: they concern those who have a part in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q

from attendees import correspondence
from attendees.models import Attendee, AttendeeQuerySet, Delegation
from conference.models import Conference
from sessions.comparing import Change, Diff, Kind, is_for_everybody
from sessions.snapshots import Entry


@dataclass(frozen=True)
class Concerned:
    """A person or a delegation, what concerns them, and how they are reached."""

    row: Attendee | Delegation
    name: str
    changes: tuple[Change, ...]
    addresses: list[str]
    phone: str


@dataclass(frozen=True)
class Whom:
    """Speakers and delegations, in their order."""

    speakers: list[Concerned]
    delegations: list[Concerned]

    @property
    def everybody(self) -> list[Concerned]:
        return [*self.speakers, *self.delegations]

    @property
    def written(self) -> list[Concerned]:
        return [one for one in self.everybody if one.addresses]

    @property
    def called(self) -> list[Concerned]:
        """Delegations that cannot be written to. A speaker without an address is told by the delegation."""
        return [one for one in self.delegations if not one.addresses]


def whom_it_concerns(conference: Conference, diff: Diff, old: Sequence[Entry], new: Sequence[Entry]) -> Whom:
    """Who is to be told. Three queries, however many they are."""
    own: dict[str, list[Change]] = {}
    for change in diff.changes:
        for code in _people(change):
            own.setdefault(code, []).append(change)
    people = list(_active(conference, own))
    by_delegation: dict[int, set[int]] = {}
    for person in people:
        by_delegation.setdefault(person.delegation_id, set()).update(map(id, own[person.code]))
    general = [change for change in diff.changes if _concerns_everybody(change, old, new)]
    rows = _delegations(conference, by_delegation, everybody=bool(general))
    chosen = [(row, by_delegation.get(row.pk, set()) | set(map(id, general))) for row in rows]
    return Whom(
        [_person(person, own[person.code]) for person in people],
        [_delegation(row, [one for one in diff.changes if id(one) in wanted]) for row, wanted in chosen],
    )


def _people(change: Change) -> set[str]:
    """Codes of those who have a part in the session, or had."""
    versions = [one for one in (change.old, change.new) if one is not None]
    return {part.attendee for one in versions for part in one.people if part.attendee}


def _concerns_everybody(change: Change, old: Sequence[Entry], new: Sequence[Entry]) -> bool:
    if change.entry.is_break or not {Kind.MOVED, Kind.CANCELLED} & set(change.kinds):
        return False
    before = change.old is not None and is_for_everybody(change.old, old)
    return before or (change.new is not None and is_for_everybody(change.new, new))


def _active(conference: Conference, own: dict[str, list[Change]]) -> AttendeeQuerySet:
    """Those of them who still come."""
    people: AttendeeQuerySet = Attendee.objects.filter(conference=conference, code__in=own).active()
    return people.select_related("category", "delegation").in_order()


def _delegations(
    conference: Conference, of_people: dict[int, set[int]], *, everybody: bool
) -> list[Delegation]:
    wanted = Q(pk__in=of_people)
    if everybody:
        confirmed = Attendee.objects.filter(conference=conference).confirmed()
        wanted |= Q(pk__in=confirmed.values("delegation"))
    rows = Delegation.objects.filter(wanted, conference=conference)
    rows = rows.select_related("unit", "organisation", "head").prefetch_related("officers")
    return list(rows.order_by("position", "code"))


def _person(person: Attendee, changes: Sequence[Change]) -> Concerned:
    return Concerned(person, person.addressed, tuple(changes), _good([person.email]), person.phone)


def _delegation(row: Delegation, changes: Sequence[Change]) -> Concerned:
    addresses = _good(correspondence.addresses_of(row))
    return Concerned(row, row.name, tuple(changes), addresses, correspondence.phone_of(row))


def _good(addresses: Sequence[str]) -> list[str]:
    """Those that can be written to: one that was typed wrong must not hold up everybody's letters."""
    return [address for address in addresses if address and _is_address(address)]


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
