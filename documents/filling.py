"""The texts of a look with their places filled, once: what was put in is never read again."""

from __future__ import annotations

from collections.abc import Mapping

from conference import vietnamese_dates
from conference.models import Conference
from documents import layouts
from documents.looks import BADGE, Look
from mailing import placeholders


def values(conference: Conference, paper: str) -> dict[str, str]:
    """What the places that concern the conference stand for; a badge has the short form of the days."""
    days = vietnamese_dates.short_range if paper == BADGE else vietnamese_dates.date_range_in_words
    return {
        "agency": layouts.plain(conference.issuing_agency),
        "title": layouts.plain(conference.title),
        "short_title": layouts.plain(conference.short_title),
        "place": layouts.plain(conference.place),
        "dates": days(conference.starts_on, conference.ends_on),
    }


def lines(look: Look, slot: str, known: Mapping[str, str]) -> list[str]:
    """The lines of a slot as they are printed; empty ones are left out."""
    filled = [layouts.plain(placeholders.fill(line, known)) for line in look.text(slot).splitlines()]
    return [line for line in filled if line]


def text(look: Look, slot: str, known: Mapping[str, str]) -> str:
    """The same in one text, its lines kept."""
    return "\n".join(lines(look, slot, known))
