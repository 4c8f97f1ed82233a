"""Whom a letter goes to: bodies and places by their names in official papers. Plain values, no database.

The names follow Decree 30/2020: nothing shortened, a city named after a person always written out, and the
committees of the Party by their own names (Tỉnh ủy, Thành ủy).
"""

from __future__ import annotations

import re

from conference import units
from conference.models import Unit
from documents.layouts import plain

COMMITTEE = "UBND {unit_kind} {name}"  # the People's Committee answers for a province
_PLACE = "{unit_kind} {name}"
_PARTY = "{party_committee} {name}"
# In the names of components, "every province" is said in these words; the longer first.
_ANY_PARTY = re.compile(r"\b(?:cấp ủy|Tỉnh ủy\s*[,/]\s*Thành ủy|Tỉnh ủy)\b")
_ANY_PLACE = re.compile(r"\b(?:cấp tỉnh|(?:các\s+)?tỉnh\s*[,/]\s*thành phố|tỉnh)\s*$")
_SHORT = re.compile(r"\bUBND\b")
_SEAT = re.compile(r"^(?:TP\.?|thành phố)?\s*(?:Hồ Chí Minh|HCM)$", re.IGNORECASE)
_HO_CHI_MINH = "Thành phố Hồ Chí Minh"
_PARTY_MARK = "{party_committee}"


def written_out(text: str) -> str:
    """Without abbreviations of offices: Ủy ban nhân dân."""
    return _SHORT.sub("Ủy ban nhân dân", plain(text))


def body(template: str, unit: Unit) -> str:
    """A body of a unit: "Ban Tuyên giáo Thành ủy Hải Phòng"."""
    return written_out(units.organisation_name(template, unit))


def is_party(template: str) -> bool:
    """Is it a body of the Party? It takes no orders from the People's Committee and is written to itself."""
    return _PARTY_MARK in template


def place(unit: Unit) -> str:
    """tỉnh Quảng Nam, thành phố Hà Nội, Thành phố Hồ Chí Minh."""
    return units.organisation_name(_PLACE, unit)


def component(name: str, unit: Unit | None, kind_name: str = "", template: str = "") -> str:
    """A component as it is called in one delegation, from its general name.

    "Lãnh đạo UBND cấp tỉnh" → "Lãnh đạo Ủy ban nhân dân tỉnh Quảng Nam". `kind_name` and `template` are those
    of the body that sends it: "Lãnh đạo Sở A" becomes "Lãnh đạo Sở A tỉnh Quảng Nam".
    """
    said = written_out(name)
    if unit is None:
        return said
    for pattern, words in ((_ANY_PARTY, _PARTY), (_ANY_PLACE, _PLACE)):
        if found := pattern.search(said):
            return said[: found.start()] + units.organisation_name(words, unit) + said[found.end() :]
    kind = written_out(kind_name)
    if kind and template and said.endswith(kind):
        return said.removesuffix(kind) + body(template, unit)
    return said


def seat(text: str) -> str:
    """The place before a date: "Hà Nội"; "Thành phố Hồ Chí Minh" in full (Decree 30/2020, annex I, II.4)."""
    cleaned = plain(text)
    return _HO_CHI_MINH if _SEAT.match(cleaned) else cleaned


def event(text: str) -> str:
    """The name of a conference inside a sentence: what begins small continues the word "Hội nghị"."""
    cleaned = plain(text)
    return f"Hội nghị {cleaned}" if cleaned[:1].islower() else cleaned


def sentence(text: str) -> str:
    """With a capital at the start and without a full stop."""
    cleaned = plain(text).rstrip(" .;,")
    return cleaned[:1].upper() + cleaned[1:]
