"""By which address a delegation or a person answers: the newest good link of each, for papers and letters."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from attendees import links
from attendees.models import Attendee, Delegation, Link


@dataclass(frozen=True)
class Way:
    """A link that is good now. The address is a secret: whoever holds it may answer."""

    pk: int
    address: str
    until: datetime.datetime


def answer_links(delegations: Iterable[Delegation]) -> dict[int, Way]:
    """Delegation → its newest good link for the answer."""
    rows = Link.objects.good().filter(purpose=Link.Purpose.ANSWER, delegation__in=list(delegations))
    return _newest(rows.values_list("delegation", "pk", "expires_at").order_by("created_at", "pk"))


def person_links(people: Iterable[Attendee]) -> dict[int, Way]:
    """Person → the newest good link to the own page."""
    rows = Link.objects.good().filter(purpose=Link.Purpose.PERSON, attendee__in=list(people))
    return _newest(rows.values_list("attendee", "pk", "expires_at").order_by("created_at", "pk"))


def _newest(rows: Iterable[tuple[int, int, datetime.datetime]]) -> dict[int, Way]:
    newest = {owner: (pk, until) for owner, pk, until in rows}
    found = {}
    for owner, (pk, until) in newest.items():
        try:
            found[owner] = Way(pk, links.address_for(pk), until)
        except links.NoAddress:
            continue  # made under a key that is gone: as good as none
    return found
