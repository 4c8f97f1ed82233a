"""What stands where on the sheet that invites one person: plain values in, fitted lines out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from documents.errors import DoesNotFit
from documents.fitting import MM, Fitted, Step, Style, break_lines, fit, fit_together, sizes
from documents.layouts import capitals, plain
from documents.typefaces import SERIF, SERIF_BOLD

_NAME = Style(SERIF_BOLD, 1.25)
_NAME_LADDER = (Step(1, 24, 18), Step(2, 22, 16), Step(6, 16, 9, last_resort=True))
_JOB = Style(SERIF, 1.3)
_JOB_LADDER = (Step(2, 13, 12), Step(4, 12, 11), Step(9, 10, 8, last_resort=True))
_TITLE = Style(SERIF_BOLD, 1.3)
_TITLE_LADDER = (Step(3, 15, 13), Step(4, 13, 12), Step(8, 11, 8, last_resort=True))
_TEXT = Style(SERIF, 1.3)
_WIDTH, _NAME_WIDTH, _NAME_HEIGHT = 165 * MM, 121 * MM, 40 * MM
# The height of the page; of what always stands there; of the box of the guest with one line of each.
_PAGE, _ALWAYS, _BOX, _AROUND_NAME = 263 * MM, 80 * MM, 51 * MM, 22 * MM
# Rows of the two tables: width of the text, type size, padding.
_FACT, _ITEM = (125 * MM, 12.5, 1.2 * MM), (150 * MM, 10.5, 0.6 * MM)
_MOST = 99


@dataclass(frozen=True)
class Line:
    """An item of the programme in short: a day as heading (no time), or a time and what happens."""

    text: str
    time: str = ""


@dataclass(frozen=True)
class PersonalSheet:
    """One sheet; `qr` is the name of its picture, empty where there is no link."""

    title: Fitted
    honorific: str
    name: Fitted
    job: Fitted
    team: str
    code: str
    qr: str
    programme: tuple[Line, ...]


def personal_sheet(
    title: str,
    honorific: str,
    name: str,
    job: str,
    *,
    team: str,
    code: str,
    qr: str,
    where: Sequence[tuple[str, str]] = (),
    programmes: Sequence[Sequence[Line]] = (),
) -> PersonalSheet:
    """Name and position share the height beside the code; `job` may hold one line break.

    Of the `programmes`, from the fullest to the shortest, the first that leaves the sheet one page is taken.
    """
    try:
        shown, fitted_job = fit_together(
            [
                sizes(capitals(name), _NAME, _NAME_LADDER, _NAME_WIDTH),
                sizes(job, _JOB, _JOB_LADDER, _NAME_WIDTH),
            ],
            _NAME_HEIGHT,
        )
        fitted_title = fit(plain(title), _TITLE, _TITLE_LADDER, _WIDTH)
        box = max(_BOX, shown.height + fitted_job.height + _AROUND_NAME)
        facts = _height([value for _name, value in where], *_FACT)
        room = _PAGE - _ALWAYS - fitted_title.height - box - facts
    except DoesNotFit as error:
        raise DoesNotFit(error.text or plain(name), plain(name)) from None
    programme = next((one for one in programmes if _programme_height(one) <= room), ())
    return PersonalSheet(fitted_title, honorific, shown, fitted_job, team, code, qr, tuple(programme))


def _programme_height(lines: Sequence[Line]) -> float:
    return _height([line.text for line in lines], *_ITEM) + len(lines) * 0.2 * MM


def _height(texts: Sequence[str], room: float, size: float, padding: float) -> float:
    """Of the rows of a table."""
    lines = [len(break_lines(text, _TEXT, room / size, _MOST) or "." * _MOST) for text in texts]
    return sum(lines) * size * _TEXT.leading + len(lines) * padding
