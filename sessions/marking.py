"""Which sessions of a programme are marked for which delegation: those in which its people have a part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from attendees.models import Attendee
from sessions.snapshots import Entry


class Mark(NamedTuple):
    """One person in one session, and as what: "Báo cáo viên"."""

    session: str  # its code
    person: Attendee
    role: str


# By the id of a delegation: the code of a session, and who of its people is marked there.
Marks = dict[int, dict[str, list[Mark]]]


def marks(entries: Sequence[Entry], people: Iterable[Attendee]) -> Marks:
    """The marks of every delegation whose people these are, in the order of the programme.

    Takes everybody at once, so that a paper for many delegations asks no more than one for one.
    """
    known = list(people)
    found: Marks = {}
    for mark in dict.fromkeys(_parts(entries, known)):
        found.setdefault(mark.person.delegation_id, {}).setdefault(mark.session, []).append(mark)
    return found


def _parts(entries: Sequence[Entry], people: Sequence[Attendee]) -> Iterator[Mark]:
    """What the programme names them for."""
    by_code = {person.code: person for person in people}
    for entry in entries:
        for part in entry.people:
            if part.attendee in by_code:
                yield Mark(entry.code, by_code[part.attendee], part.get_role_display())
