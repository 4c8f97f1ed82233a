"""Whom a change of the programme concerns. The rule stands here and nowhere else.

- Whoever has a part in a session, or had, is concerned by whatever changes of it; their delegation with them.
- Whoever signed up to a session, with a place or in the queue for one, is concerned when it is moved or
  cancelled; their delegation with them.
- Every delegation with confirmed people is concerned when something that everybody attends is moved or
  cancelled: a ceremony, a reception, a topic without another session beside it. A break alone concerns
  nobody; what is only new, renamed or given by somebody else is read on the public page.
- Of two sessions at the same time nobody can tell where those go who signed up to neither: they concern who
  has a part in them, and who signed up.
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
from sessions.models import SignUp
from sessions.snapshots import Entry

TOLD = frozenset({Kind.MOVED, Kind.CANCELLED})  # to those who only listen


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
    """People who speak or signed up, and delegations, in their order."""

    people: list[Concerned]
    delegations: list[Concerned]

    @property
    def everybody(self) -> list[Concerned]:
        return [*self.people, *self.delegations]

    @property
    def written(self) -> list[Concerned]:
        return [one for one in self.everybody if one.addresses]

    @property
    def called(self) -> list[Concerned]:
        """Delegations that cannot be written to. A person without an address is told by the delegation."""
        return [one for one in self.delegations if not one.addresses]


def whom_it_concerns(conference: Conference, diff: Diff, old: Sequence[Entry], new: Sequence[Entry]) -> Whom:
    """Who is to be told. Four queries, however many they are."""
    own: dict[str, list[Change]] = {}
    signed_up = _signed_up(conference, diff)
    for change in diff.changes:
        for code in _people(change) | signed_up.get(change.entry.code, set()):
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


def _signed_up(conference: Conference, diff: Diff) -> dict[str, set[str]]:
    """Code of a session that was moved or cancelled → codes of those who signed up to it."""
    codes = [one.entry.code for one in diff.changes if TOLD & set(one.kinds)]
    found: dict[str, set[str]] = {}
    rows = SignUp.objects.of(conference).filter(code__in=codes).order_by()
    for session, person in rows.values_list("code", "attendee__code"):
        found.setdefault(session, set()).add(person)
    return found


def _concerns_everybody(change: Change, old: Sequence[Entry], new: Sequence[Entry]) -> bool:
    if change.entry.is_break or not TOLD & set(change.kinds):
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
