"""Cells of travel: moments of arrival and departure, numbers of Excel among them, and words for a choice."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import NamedTuple

from attendees.workbooks.births import EPOCH, SERIAL
from attendees.workbooks.grids import Value, shown
from conference.vietnamese import clean, fold, gettext_noop

SERIAL_TIME = gettext_noop("Số của Excel đã đọc thành giờ.")

_SERIALS = range(40_000, 60_000)  # 2009 … 2064 as Excel counts days
_NUMBER = re.compile(r"\d{5}(?:\.\d{1,15})?|0\.\d{1,15}")
_MINUTES = 24 * 60


def read_moment(value: Value) -> tuple[str, str]:
    """The text of a cell of travel, and the sentence to tell when it was a number of Excel, or ""."""
    text = shown(value)
    if isinstance(value, bool) or not _NUMBER.fullmatch(text):
        return text, ""
    minutes = round(float(text) * _MINUTES)
    moment = datetime.datetime.combine(EPOCH, datetime.time()) + datetime.timedelta(minutes=minutes)
    if 0 < minutes < _MINUTES:
        return shown(moment.time()), SERIAL_TIME
    return (shown(moment), SERIAL) if minutes // _MINUTES in _SERIALS else (text, "")


# ── What such a text says ─────────────────────────────────────────────────────────────────────────


class Trip(NamedTuple):
    """What was found in the words for one way; `rest`: words that say something else."""

    day: datetime.date | None
    at: datetime.time | None
    number: str
    rest: str


_FLIGHT = re.compile(r"\b[A-Z]{2}[ -]?\d{1,4}\b")
_CLOCK = re.compile(
    r"(?<![\d/])(\d{1,2})\s*(?::|(?:giờ|h|g)(?![^\W\d]))\s*(\d{2})?(?!\d)(?:\s*(?:phút|['’′]))?", re.I
)
_YEAR_FIRST = re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b")
_DAY = re.compile(
    r"(?<![\d/])(?P<day>\d{1,2})(?:\s*(?P<mark>[-./])\s*(?P<month>\d{1,2})\s*(?P=mark)\s*(?P<year>\d{4}|\d{2})"
    r"|\s*/\s*(?P<month_alone>\d{1,2})|\s*tháng\s*(?P<month_word>\d{1,2})(?:\s*năm\s*(?P<year_word>\d{4}))?)(?![\d/])",
    re.I,
)
# They add nothing to a day, an hour and a number.
_FILLING = frozenset({
    "ngay", "luc", "vao", "khoang", "du", "kien", "den", "ve", "di", "chuyen", "bay", "tau", "may", "gio",
    "thu", "hai", "ba", "tu", "nam", "sau", "chu", "nhat",
})  # fmt: skip


def read_trip(text: str, year: int) -> Trip:
    """Day, hour and number of flight or train in a text; a day without a year is one of `year`."""
    number, text = _taken(_FLIGHT, clean(text))
    found, text = _taken(_YEAR_FIRST, text)
    day = _day_of(found, year)
    if found is None:
        found, text = _taken(_DAY, text)
        day = _day_of(found, year)
    clock, text = _taken(_CLOCK, text)
    at = _time_of(clock)
    lost = [one[0] for one, kept in ((found, day), (clock, at)) if one and kept is None]
    rest = [word for word in fold(text).split() if word not in _FILLING]
    return Trip(day, at, number[0] if number else "", " ".join((*rest, *lost)))


def _taken(pattern: re.Pattern[str], text: str) -> tuple[re.Match[str] | None, str]:
    """What the pattern finds first, and the text without it."""
    found = pattern.search(text)
    return found, f"{text[: found.start()]} {text[found.end() :]}" if found else text


def _day_of(found: re.Match[str] | None, year: int) -> datetime.date | None:
    if found is None:
        return None
    parts = {
        name.partition("_")[0]: int(value)
        for name, value in found.groupdict().items()
        if value and value.isdigit()
    }
    said = parts.get("year", year)
    try:
        return datetime.date(said + 2000 if said < 100 else said, parts["month"], parts["day"])
    except ValueError:
        return None


def _time_of(found: re.Match[str] | None) -> datetime.time | None:
    if found is None:
        return None
    try:
        return datetime.time(int(found[1]), int(found[2] or 0))
    except ValueError:
        return None


# How people say what is offered in other words, folded.
_ALSO = {
    "doi": "ghep hai nguoi", "phong doi": "ghep hai nguoi", "tau": "tau hoa", "xe lua": "tau hoa",
    "xe co quan": "o to cua co quan", "xe o to": "o to cua co quan", "o to rieng": "o to cua co quan",
    "kieng thit lon": "khong thit lon", "kieng thit bo": "khong thit bo", "kieng hai san": "khong hai san",
}  # fmt: skip
_VAGUE = frozenset({"xe", "phong", "an", "khong", "co", "hai", "nguoi"})  # never enough by themselves


def choice_of(text: str, choices: Iterable[str]) -> str:
    """The one of the choices that the words mean, "" when that is not certain."""
    known = {fold(choice): choice for choice in choices}
    said = fold(text)
    said = said if said in known else _ALSO.get(said, said)
    if said in known or not said:
        return known.get(said, "")
    words = set(said.split())
    near = [choice for name, choice in known.items() if _is_near(words, set(name.split()))]
    return near[0] if len(near) == 1 else ""


def _is_near(said: set[str], name: set[str]) -> bool:
    return name <= said or (said <= name and not said <= _VAGUE)


_MATE = re.compile(
    r"(?:ở\s+)?(?:ghép|chung|cùng)(?:\s+phòng)?\s+(?:với|cùng)\b\s*:?\s*(.+)|ở\s+cùng\s+(.+)", re.I
)
_NO_DIET = frozenset({
    "binh thuong", "an binh thuong", "man", "an man", "khong", "khong co", "khong kieng",
    "da tra loi",  # as our own lists mask it
})  # fmt: skip


def room_mate(text: str) -> str:
    """Whom somebody wants to share a room with: "Ghép với ông Lê Văn Bình"."""
    found = _MATE.fullmatch(text.strip())
    return (found[1] or found[2]).strip() if found else ""


def diets_in(text: str) -> list[str]:
    """The wishes for meals in a text, without the words for none."""
    parts = (part.strip(" .") for part in re.split(r"[;,/+]|\bvà\b", clean(text)))
    return [part for part in parts if part and fold(part) and fold(part) not in _NO_DIET]
