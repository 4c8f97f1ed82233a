"""What the badge or the certificate of a person would lack: told before anything is printed or issued.

Nothing is forbidden here: a driver without a position gets a badge. What would leave a person out says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from attendees.models import Attendee, AttendeeQuerySet
from conference.models import Conference, User
from documents import requests, typefaces
from documents.batches import printed_of
from documents.designs import Design, look_of
from documents.errors import DoesNotFit
from documents.fitting import Fitted
from documents.kinds import KINDS
from documents.kinds.badges import badge_of
from documents.kinds.certificates import sheet, words
from documents.looks import BADGE, CERTIFICATE
from documents.requests import Scope
from documents.rules import Wording

NO_POSITION = _("Chưa có chức vụ.")
NO_ORGANISATION = _("Chưa có đơn vị.")
NO_HONORIFIC = _("Chưa rõ ông hay bà: giấy in “ông/bà”.")
NO_CODE = _("Chưa có mã để in hình QR.")
SMALL = _("Tên, chức vụ hoặc đơn vị dài: phải in cỡ chữ nhỏ.")
TOO_LONG = _("Tên, chức vụ hoặc đơn vị dài quá, không in vừa: người này sẽ không có giấy.")
UNKNOWN_LETTER = _("Có ký tự mà phông chữ in không có: người này sẽ không có giấy.")
STOPS = (TOO_LONG, UNKNOWN_LETTER)
MOST_SHOWN = 30  # people, on one page


@dataclass(frozen=True)
class Gaps:
    """One person, and what is missing, in sentences."""

    person: Attendee
    found: tuple[Any, ...]

    @property
    def stops(self) -> bool:
        """Would the papers come out without this person?"""
        return any(one in STOPS for one in self.found)


def people(conference: Conference) -> AttendeeQuerySet:
    """Those for whom badges and certificates are made, in their order."""
    return conference.attendees.confirmed().select_related("delegation__unit", "category").in_order()


def of(conference: Conference, paper: str, rows: Iterable[Attendee]) -> list[Gaps]:
    """Those of the rows who lack something; each needs category and the unit of its delegation."""
    found = _of_badge if paper == BADGE else _of_certificate(conference)
    every = ((person, tuple(dict.fromkeys(found(person)))) for person in rows)
    return [Gaps(person, gaps) for person, gaps in every if gaps]


def before(kind: str, conference: Conference, scope: Scope, *, by: User) -> list[Gaps]:
    """Who of a paper that is about to be asked for lacks something on it; of one without a design nobody.

    Raises what `requests.request_document` raises.
    """
    chosen = KINDS[kind]
    requests.require_right(chosen, conference, by, scope)
    if not (chosen.designed and chosen.of_people):
        return []
    return of(
        conference,
        chosen.designed,
        chosen.people(requests.describe(kind, conference, by=by, scope=scope)),
    )


def shown(found: list[Gaps], sent: QueryDict) -> dict[str, Any]:
    """What a page says of them, before the same is sent again."""
    return {
        "gaps": found[:MOST_SHOWN],
        "count": len(found),
        "stops": sum(one.stops for one in found),
        "sent": [(name, value) for name, values in sent.lists() for value in values],
    }


def _of_badge(person: Attendee) -> Iterator[Any]:
    yield from _of_anything(person)
    if not person.code or not person.badge_token:
        yield NO_CODE
    try:
        card = badge_of(person, qr="", code="")
    except DoesNotFit:
        yield TOO_LONG
    else:
        yield from _small(card.name, card.job, card.team)


def _of_certificate(conference: Conference) -> Any:
    look = look_of(Design.objects.current(conference, CERTIFICATE), CERTIFICATE)
    said = cache(partial(words, look, conference))

    def found(person: Attendee) -> Iterator[Any]:
        yield from _of_anything(person)
        if not person.honorific:
            yield NO_HONORIFIC
        printed = printed_of(person, Wording.ATTENDED)
        try:
            page = sheet(
                said(person.honorific, Wording.ATTENDED), printed, conference, conference.ends_on,
                number="", code="", qr="",
            )  # fmt: skip
        except DoesNotFit:
            yield TOO_LONG
        else:
            yield from _small(page.name, page.job)

    return found


def _of_anything(person: Attendee) -> Iterator[Any]:
    if not person.title:
        yield NO_POSITION
    if not person.organisation_name:
        yield NO_ORGANISATION
    if typefaces.unknown_letters(f"{person.full_name}{person.title}{person.organisation_name}"):
        yield UNKNOWN_LETTER


def _small(*texts: Fitted) -> Iterator[Any]:
    if any(one.lines and one.loss > 1 for one in texts):
        yield SMALL
