"""What stands where on each paper, measured: plain values in, fitted lines out. Knows no database and no
engine.

Heights and widths repeat those of `documents/paper/*.css`; tests hold the two together by the positions in
finished papers.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from conference import vietnamese
from documents.errors import DoesNotFit
from documents.fitting import MM, Fitted, Step, Style, fit, fit_together, sizes
from documents.typefaces import SANS, SANS_BOLD, SANS_HEAVY, SERIF, SERIF_BOLD, SERIF_ITALIC

CARDS_PER_SHEET = 4
# A composed letter bears at most one loose mark (ê̆ of the Ê-đê); a pile of them would run over other lines.
_TOWER = re.compile(r"([\u0300-\u036f])[\u0300-\u036f]+")


def plain(text: object) -> str:
    """The text as it goes to paper: composed letters, single blanks, nothing invisible, no towers."""
    cleaned = vietnamese.clean(str(text or ""))
    return _TOWER.sub(r"\1", cleaned)


def capitals(text: object) -> str:
    """The same in capital letters."""
    return vietnamese.display_caps(plain(text))


def joined(parts: Iterable[object], mark: str = ", ") -> str:
    """The parts that say something, joined."""
    return mark.join(filter(None, map(plain, parts)))


# ── Official papers ───────────────────────────────────────────────────────────────────────────────
_OFFICIAL = Style(SERIF_BOLD, 1.35)
_AGENCY = (Step(3, 12.5, 12.5), Step(4, 12, 9, 0.5), Step(8, 9, 8, 0.5, last_resort=True))
_ABOUT = (Step(3, 13.5, 13.5), Step(9, 13.5, 13.5))
_OFFICIAL_PLAIN = Style(SERIF, 1.35)
_PARENT = (Step(3, 12.5, 12), Step(6, 12, 9, 0.5, last_resort=True))
_OFFICIAL_ITALIC = Style(SERIF_ITALIC, 1.25)
_PLACE = (Step(1, 13.5, 13, 0.5), Step(3, 13, 9, 0.5, last_resort=True))
_SUBJECT = (Step(4, 12.5, 12.5), Step(8, 12, 12), Step(16, 11, 8, last_resort=True))


@dataclass(frozen=True)
class Signer:
    """Who signs: capacity in capitals line by line (KT. BỘ TRƯỞNG / THỨ TRƯỞNG), then the name."""

    role: tuple[str, ...]
    name: str = ""
    how: str = ""


@dataclass(frozen=True)
class Heading:
    """The upper part of an official paper. A công văn has no `kind`: its subject stands at the left."""

    agency: Fitted
    number: str
    place_and_date: Fitted
    kind: str
    about: Fitted
    parent: Fitted
    subject: Fitted


def heading(
    agency: str,
    kind: str,
    title: str,
    *,
    number: str = "",
    place_and_date: str = "",
    parent: str = "",
    wide: bool = False,
) -> Heading:
    """Title lines break after a comma first, within 155 mm (wide paper: 230); no size below the decree's.

    Without `kind` the title is the subject of a công văn, under the number.
    """
    page = 262 if wide else 165
    column, place_column = (page * 0.42 - 2) * MM, (page * 0.58 - 0.5) * MM
    about, subject = (title, "") if kind else ("", title)
    return Heading(
        agency=fit(capitals(agency), _OFFICIAL, _AGENCY, column),
        number=number,
        place_and_date=fit(place_and_date, _OFFICIAL_ITALIC, _PLACE, place_column),
        kind=kind,
        about=fit(plain(about), _OFFICIAL, _ABOUT, (230 if wide else 155) * MM),
        parent=fit(capitals(parent), _OFFICIAL_PLAIN, _PARENT, column),
        subject=fit(plain(subject), _OFFICIAL_PLAIN, _SUBJECT, column),
    )


@dataclass(frozen=True)
class AgendaRow:
    """A line of the programme: kind is "group" (a day), "half" (of a day), "item", "pause" or "marked"."""

    kind: str
    text: str
    time: str = ""
    topic: str = ""
    who: tuple[str, ...] = ()
    hall: str = ""
    keep: bool = False


@dataclass(frozen=True)
class ListRow:
    """A line of a list to sign: kind is "group" (a delegation, `name` its title) or "person"."""

    kind: str
    name: str
    number: str = ""
    position: str = ""
    organisation: str = ""
    note: str = ""
    keep: bool = False


Row = TypeVar("Row", AgendaRow, ListRow)
_HEADS = ("group", "half")


def keep_end_together(rows: Sequence[Row], count: int = 3) -> list[Row]:
    """Hold the last rows, and the heads between them, on the page of the signature that follows."""
    kept = list(rows)
    waiting = count
    for index in range(len(kept) - 1, 0, -1):
        waiting -= kept[index].kind not in _HEADS
        if waiting <= 0:
            break
        kept[index] = replace(kept[index], keep=True)
    return kept


# ── Badges ────────────────────────────────────────────────────────────────────────────────────────
_NAME = Style(SANS_HEAVY, 1.28, -0.01)
_NAME_LADDER = (Step(2, 34, 28), Step(3, 30, 20), Step(4, 20, 20), Step(8, 19, 9, last_resort=True))
_JOB = Style(SANS, 1.38)
_JOB_LADDER = (Step(2, 12, 12), Step(6, 10.5, 10.5), Step(12, 10, 8, 0.5, last_resort=True))
_TEAM = Style(SANS_BOLD, 1.28)
_TEAM_LADDER = (Step(2, 17, 13), Step(4, 13, 8, 0.5, last_resort=True))
_TOP = Style(SANS, 1.38)
_TOP_BOLD = Style(SANS_BOLD, 1.38)
_TOP_LADDERS = ((Step(4, 8.5, 8.5),), (Step(5, 8, 8),), (Step(7, 6, 6),), (Step(11, 4, 4),))
_PARTING_LADDER = (Step(3, 34, 24), Step(5, 26, 16), Step(8, 16, 9, last_resort=True))
_CARD_WIDTH = 89 * MM
_BETWEEN = 2.5 * MM
_MID_TOP = 32 * MM  # of the card
_MID_HEIGHT = 52 * MM - _BETWEEN
_TEAM_BOTTOM = 123.5 * MM  # of the card


@dataclass(frozen=True)
class Place:
    """Where a text stands in its column: from the top, and how high, in points."""

    top: float
    height: float


@dataclass(frozen=True)
class BadgeTop:
    """What all badges of a conference say at the top."""

    agency: Fitted
    rest: Fitted


@dataclass(frozen=True)
class Badge:
    """One card: who, from where, which band; `qr` is the name of its picture."""

    name: Fitted
    job: Fitted
    job_at: Place
    team_label: str
    team: Fitted
    team_at: Place
    band: str
    band_word: str
    qr: str
    code: str
    parting: bool = False


@dataclass(frozen=True)
class Parting:
    """The card before the badges of a delegation."""

    team: Fitted
    count: str
    parting: bool = True


@dataclass(frozen=True)
class Blank:
    """A card with lines to write on."""

    band: str
    band_word: str
    blank: bool = True
    parting: bool = False


Card = Badge | Parting | Blank
AnyCard = TypeVar("AnyCard")


def badge_top(agency: str, title: str, place_and_dates: str) -> BadgeTop:
    """Two lines for the title, one each for the agency and for place and dates, all in one size."""
    room = 75 * MM
    for ladder in _TOP_LADDERS:
        with suppress(DoesNotFit):
            agency_lines = fit(plain(agency), _TOP_BOLD, ladder, room)
            rest = fit(joined((title, place_and_dates), "\n"), _TOP, ladder, room)
            if len(agency_lines.lines) + len(rest.lines) <= ladder[0].lines:
                return BadgeTop(agency_lines, rest)
    raise DoesNotFit(plain(title))


def badge(
    name: str,
    position: str,
    organisation: str,
    team: tuple[str, str],
    band: tuple[str, str],
    qr: str,
    code: str,
) -> Badge:
    """`team` is label and name ("Đoàn", "Quảng Nam"), `band` its key and word ("delegate", "Đại biểu")."""
    shown = capitals(name)
    try:
        fitted_name, fitted_job = fit_together(
            [sizes(shown, _NAME, _NAME_LADDER, _CARD_WIDTH), _job_sizes(position, organisation)], _MID_HEIGHT
        )
        fitted_team = fit(plain(team[1]), _TEAM, _TEAM_LADDER, 53 * MM)
    except DoesNotFit as error:
        raise DoesNotFit(error.text or plain(name), plain(name)) from None
    height = fitted_team.size * _TEAM.leading * (len(fitted_team.lines) + 1)  # the label above it
    team_at = Place(_TEAM_BOTTOM - height, height)
    job_at = Place(_MID_TOP + fitted_name.height + _BETWEEN, fitted_job.height)
    return Badge(
        fitted_name, fitted_job, job_at, team[0], fitted_team, team_at, band[0], capitals(band[1]), qr, code
    )


def _job_sizes(position: str, organisation: str) -> Iterator[Fitted]:
    """Position and organisation on lines of their own; one sentence where that takes over three lines."""
    apart = joined((position, organisation), "\n")
    first = next(sizes(apart, _JOB, _JOB_LADDER, _CARD_WIDTH), None)
    text = apart if first and len(first.lines) <= 3 else joined((position, organisation))
    return sizes(text, _JOB, _JOB_LADDER, _CARD_WIDTH)


# What stands before the name of a delegation, the longer first.
_BEFORE_NAMES = ("ĐOÀN TỈNH ", "ĐOÀN THÀNH PHỐ ", "ĐOÀN ")


def parting(delegation: str, count: str) -> Parting:
    """`delegation` as "Đoàn tỉnh Lâm Đồng" (the name itself begins a line), `count` as "7 thẻ"."""
    text = capitals(delegation)
    prefix = next((prefix for prefix in _BEFORE_NAMES if text.startswith(prefix)), "")
    text = f"{prefix.rstrip()}\n{text.removeprefix(prefix)}" if prefix else text
    return Parting(fit(text, _NAME, _PARTING_LADDER, _CARD_WIDTH), count)


def sheets(cards: Iterable[AnyCard], count: int = CARDS_PER_SHEET) -> list[list[AnyCard]]:
    """Cards four by four (or as many by as many), as they stand on the sheets."""
    cards = list(cards)
    return [cards[start : start + count] for start in range(0, len(cards), count)]


# ── Certificates ──────────────────────────────────────────────────────────────────────────────────
_CERT_NAME = Style(SERIF_BOLD, 1.3)
_CERT_NAME_LADDER = (Step(1, 32, 22), Step(2, 26, 20), Step(5, 20, 12, last_resort=True))
_CERT_JOB = Style(SERIF, 1.35)
_CERT_JOB_LADDER = (Step(2, 15, 13), Step(3, 14, 12), Step(6, 12, 9, last_resort=True))
_CERT_EVENT = Style(SERIF_BOLD, 1.32)
_CERT_EVENT_LADDER = (Step(2, 18, 14), Step(3, 17, 14), Step(5, 13.5, 10, 0.5, last_resort=True))
_CERT_WHEN = Style(SERIF, 1.3)
_CERT_WHEN_LADDER = (Step(1, 15, 13), Step(2, 14, 12), Step(4, 12, 9, last_resort=True))
_CERT_AGENCY_LADDER = (Step(1, 14, 12), Step(2, 13, 10), Step(4, 10, 8, last_resort=True))
_CERT_ROLE_LADDER = (Step(1, 13.5, 11, 0.5), Step(3, 11, 8, 0.5, last_resort=True))
# From 23 mm to 142 mm of the page, less what always stands there (nation, motto, heading, gaps).
_CERT_FIXED = (13 + 14) * 1.3 + 35 * 1.25 + 15 * 1.3 * 2 + (3.4 + 1 + 1 + 0.5 + 0.6 + 1.5 + 0.8 + 1.2) * MM
_CERT_HEIGHT = 119 * MM - _CERT_FIXED


@dataclass(frozen=True)
class CertificateEvent:
    """What all certificates of a conference say."""

    agency: str
    title: str
    when: str
    did: str


@dataclass(frozen=True)
class Certificate:
    """One sheet."""

    agency: Fitted
    honorific: str
    name: Fitted
    job: Fitted
    did: str
    event: Fitted
    when: Fitted
    number: str
    code: str
    qr: str
    place_and_date: str
    agency_at: Place
    heading_at: Place
    name_at: Place
    job_at: Place
    event_at: Place


def certificate(
    event: CertificateEvent,
    honorific: str,
    name: str,
    job: str,
    *,
    number: str,
    code: str,
    qr: str,
    place_and_date: str,
) -> Certificate:
    """`job` may hold one line break; `code` is shown as given, in groups of four."""
    room = 237 * MM
    try:
        fitted = fit_together(
            [
                _settings(capitals(event.agency), _CERT_NAME, _CERT_AGENCY_LADDER, room),
                sizes(capitals(name), _CERT_NAME, _CERT_NAME_LADDER, room),
                sizes(job, _CERT_JOB, _CERT_JOB_LADDER, room),
                _settings(plain(event.title), _CERT_EVENT, _CERT_EVENT_LADDER, 245 * MM),
                _settings(plain(event.when), _CERT_WHEN, _CERT_WHEN_LADDER, room),
            ],
            _CERT_HEIGHT,
        )
    except DoesNotFit as error:
        raise DoesNotFit(error.text or plain(name), plain(name)) from None
    agency, shown, fitted_job, title, when = fitted
    places = _certificate_places(agency, shown, fitted_job, title, when)
    place = plain(place_and_date)
    return Certificate(
        agency, honorific, shown, fitted_job, event.did, title, when, number, code, qr, place, *places
    )


def _certificate_places(
    agency: Fitted, name: Fitted, job: Fitted, event: Fitted, when: Fitted
) -> list[Place]:
    """Agency, heading, name, position, event: one under another below nation and motto."""
    boxes = (
        (3.4, agency.height),
        (1, 35 * 1.25 + 1 * MM + 15 * 1.3),
        (0.5, name.height),
        (0.6 if job.lines else 0, job.height),
        (1.5, 15 * 1.3 + 0.8 * MM + event.height + 1.2 * MM + when.height),
    )
    places, top = [], (13 + 14) * 1.3
    for gap, height in boxes:
        places.append(Place(top + gap * MM, height))
        top += gap * MM + height
    return places


def certificate_roles(role: Sequence[str]) -> list[Fitted]:
    """The lines of the signer's capacity, each within 100 mm."""
    return [fit(capitals(line), _CERT_NAME, _CERT_ROLE_LADDER, 100 * MM) for line in role]


def _settings(text: str, style: Style, ladder: tuple[Step, ...], room: float) -> Iterator[Fitted]:
    """Like `sizes`, remembered: the same for every certificate of a conference."""
    return iter(_remembered(text, style, ladder, room))


@lru_cache(maxsize=64)
def _remembered(text: str, style: Style, ladder: tuple[Step, ...], room: float) -> tuple[Fitted, ...]:
    return tuple(sizes(text, style, ladder, room))
