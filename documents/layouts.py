"""What stands where on each paper, measured: plain values in, fitted lines out. Knows no database and no
engine.

Heights and widths repeat those of `documents/paper/*.css`; tests hold the two together by the positions in
finished papers.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
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
_NOTE_LADDER = (Step(1, 7.5, 6, 0.5, last_resort=True),)
_PARTING_LADDER = (Step(3, 34, 24), Step(5, 26, 16), Step(8, 16, 9, last_resort=True))
_CARD_WIDTH = 89 * MM
_BETWEEN = 2.5 * MM
_MID_HEIGHT = 52 * MM - _BETWEEN
_TEAM_BOTTOM = 123.5 * MM  # of the card


@dataclass(frozen=True)
class Place:
    """Where a text stands in its column: from the top, and how high, in points."""

    top: float
    height: float


@dataclass(frozen=True)
class BadgeTop:
    """What all badges of a conference say, and the names of the pictures that they all show.

    `is_own`: by a look of its own (`documents.looks`).
    """

    agency: Fitted
    rest: Fitted
    note: Fitted
    mark: str = "mark.svg"
    back: str = ""
    is_own: bool = False


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


def badge_top(agency: str, *rest: str, note: str = "") -> BadgeTop:
    """Two lines for the title, one each for the agency and for place and dates, all in one size.

    `rest` begin a line each. The note stands by itself, in one line at the foot.
    """
    room = 75 * MM
    fitted_note = fit(plain(note), _TOP, _NOTE_LADDER, 53 * MM)
    for ladder in _TOP_LADDERS:
        with suppress(DoesNotFit):
            agency_lines = fit(plain(agency), _TOP_BOLD, ladder, room)
            others = fit(joined(rest, "\n"), _TOP, ladder, room)
            if len(agency_lines.lines) + len(others.lines) <= ladder[0].lines:
                return BadgeTop(agency_lines, others, fitted_note)
    raise DoesNotFit(joined(rest, " "))


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
    job_at = Place(fitted_name.height + _BETWEEN, fitted_job.height)
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
