"""The calendar of one person: an address that a telephone can subscribe to, and what stands behind it.

A calendar asks without any cookie, so the address itself is the right to read: no more than the programme as
this person goes through it, and nothing can be done by it. It dies with the seat.
"""

from __future__ import annotations

import base64
from typing import NamedTuple

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from attendees.models import Attendee
from conference import keys
from conference.models import Conference
from sessions.comparing import is_for_everybody
from sessions.models import SignUp
from sessions.snapshots import Entry, Snapshot

SALT = "sessions.own_calendar"


class Own(NamedTuple):
    """What a person goes to, what of it was cancelled, and the person's part in it by code."""

    entries: list[Entry]
    cancelled: list[Entry]
    parts: dict[str, str]


def address(person: Attendee) -> str:
    """The path of the person's calendar; "" for who has no seat. Named in `PROGRAMME_OWN`."""
    if not person.is_active:
        return ""
    return reverse("thematic:programme_own", args=(person.conference.slug, _token(person)))


def find(conference: Conference, token: str) -> Attendee | None:
    """Whose address this is; None for a made-up one and for who has lost the seat."""
    if (key := keys.read(token.partition("-")[0])) is None:
        return None
    person = Attendee.objects.filter(conference=conference, pk=key).active().first()
    if person is None or not constant_time_compare(_token(person), token):
        return None
    return person


def _token(person: Attendee) -> str:
    proof = salted_hmac(SALT, f"{person.pk}:{person.code}", algorithm="sha256").digest()[:16]
    return f"{person.pk}-{base64.b32encode(proof).decode().rstrip('=').lower()}"


def of(person: Attendee, snapshot: Snapshot) -> Own:
    """What everybody attends, and of parallel sessions those in which the person has a part or a place."""
    places = taken(person)
    parts = {
        entry.code: ", ".join(
            part.get_role_display() for part in entry.people if part.attendee == person.code
        )
        or (_("Đã đăng ký") if entry.code in places else "")
        for entry in (*snapshot.entries, *snapshot.cancelled)
    }
    known = (*snapshot.entries, *snapshot.cancelled)
    return Own(
        [one for one in snapshot.entries if parts[one.code] or is_for_everybody(one, snapshot.entries)],
        [one for one in snapshot.cancelled if parts[one.code] or is_for_everybody(one, known)],
        parts,
    )


def taken(person: Attendee) -> set[str]:
    """Codes of the sessions in which the person has a place. One query."""
    return set(SignUp.objects.filter(attendee=person).taken().values_list("code", flat=True))
