"""Which sessions of a programme are marked for which delegation: where its people have a part, or a place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from attendees.models import Attendee
from sessions.models import SignUp
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

    Takes everybody at once: one query, for one delegation or for all.
    """
    known = {person.pk: person for person in people}
    parts = list(dict.fromkeys(_parts(entries, known.values())))
    busy = {(mark.session, mark.person.pk) for mark in parts}
    places = [mark for mark in _places(entries, known) if (mark.session, mark.person.pk) not in busy]
    found: Marks = {}
    for mark in (*parts, *places):
        found.setdefault(mark.person.delegation_id, {}).setdefault(mark.session, []).append(mark)
    return found


def _parts(entries: Sequence[Entry], people: Iterable[Attendee]) -> Iterator[Mark]:
    """What the programme names them for."""
    by_code = {person.code: person for person in people}
    for entry in entries:
        for part in entry.people:
            if part.attendee in by_code:
                yield Mark(entry.code, by_code[part.attendee], part.get_role_display())


def _places(entries: Sequence[Entry], people: Mapping[int, Attendee]) -> Iterator[Mark]:
    """What they signed up to and have a place in."""
    rows = SignUp.objects.taken().filter(attendee__in=people, code__in=[entry.code for entry in entries])
    for code, pk in rows.order_by("attendee__sort_key", "pk").values_list("code", "attendee"):
        yield Mark(code, people[pk], _("Đăng ký dự"))
