"""The sheets that people of a delegation sign, measured: rows cut into sheets, each with its own head.

The engine numbers pages through a whole document; "tờ 1/3" counts those of one delegation, so the cut is made
here. Heights and widths repeat those of `documents/paper/sign_in.css`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from documents.errors import DoesNotFit
from documents.fitting import MM, Fitted, Step, Style, fit
from documents.layouts import plain
from documents.typefaces import SERIF, SERIF_BOLD

# The page between its margins; the strip that names session and delegation; head and foot of the table.
_PAGE, _HEAD, _FOOT = 170 * MM, 9.5 * MM, 11 * MM
_STRIP, _BELOW_STRIP = 12.5 * MM, 2.5 * MM
_HEADING, _BESIDE = 17 * MM, 13.5 * MM  # kind and rule below the agency; the nation and its motto beside it
_ROW, _PADDING, _SLACK = 12.4 * MM, 1.6 * MM, 2 * MM
_NAME_WIDTH, _TITLE_WIDTH, _UNIT_WIDTH, _STRIP_WIDTH = 54 * MM, 48 * MM, 55 * MM, 196 * MM
LEAST_BLANK, MOST_BLANK = 2, 6
_NAME = (Step(2, 13, 12), Step(4, 11, 9), Step(14, 9, 8, last_resort=True))
_JOB = (Step(2, 12, 11), Step(3, 10.5, 10, 0.5), Step(5, 9, 8), Step(14, 8, 8, last_resort=True))
_TEAM = (Step(1, 14, 11), Step(2, 10, 8), Step(4, 7, 6, last_resort=True))
_SESSION = (Step(2, 11.5, 10, 0.5), Step(3, 10.5, 9, 0.5), Step(8, 9, 6, last_resort=True))

_EMPTY = Fitted((), 12)


@dataclass(frozen=True)
class SignRow:
    """One person; `code` stands in words and as the picture `qr`. Without a name: left blank for anybody."""

    number: str = ""
    name: Fitted = _EMPTY
    position: Fitted = _EMPTY
    organisation: Fitted = _EMPTY
    code: tuple[str, ...] = ()
    qr: str = ""

    @property
    def height(self) -> float:
        """In points, borders and padding with it."""
        tallest = max(self.name.height, self.position.height, self.organisation.height)
        return max(tallest + _PADDING, _ROW)


@dataclass(frozen=True)
class Strip:
    """What every sheet says of itself: whose it is, of which session, its code."""

    team: Fitted
    session: Fitted
    code: str
    qr: str

    @property
    def height(self) -> float:
        """In points, with the room below it."""
        return max(self.team.height + self.session.height, _STRIP) + _BELOW_STRIP


@dataclass(frozen=True)
class SignSheet:
    """One side of paper. The first of a delegation bears the heading, the last one the foot."""

    strip: Strip
    rows: tuple[SignRow, ...]
    number: int
    of: int

    @property
    def is_first(self) -> bool:
        return self.number == 1

    @property
    def is_last(self) -> bool:
        return self.number == self.of


def sign_row(
    number: int, name: str, position: str, organisation: str, code: Sequence[str], qr: str
) -> SignRow:
    """A row as high as its texts need; a name is never cut."""
    try:
        return SignRow(
            f"{number:02}",
            fit(plain(name), Style(SERIF_BOLD, 1.3), _NAME, _NAME_WIDTH),
            fit(plain(position), Style(SERIF, 1.3), _JOB, _TITLE_WIDTH),
            fit(plain(organisation), Style(SERIF, 1.3), _JOB, _UNIT_WIDTH),
            tuple(code),
            qr,
        )
    except DoesNotFit as error:
        raise DoesNotFit(error.text or plain(name), plain(name)) from None


def strip(team: str, session: str, code: str, qr: str) -> Strip:
    """`session` in lines of its own: when and where, then what."""
    return Strip(
        fit(plain(team), Style(SERIF_BOLD, 1.3), _TEAM, _STRIP_WIDTH),
        fit(session, Style(SERIF, 1.3), _SESSION, _STRIP_WIDTH),
        code,
        qr,
    )


def sheets(rows: Sequence[SignRow], head: Strip, *, agency: Fitted, about: Fitted) -> list[SignSheet]:
    """The rows cut into sheets, blank ones added; `agency` and `about` of the heading on the first."""
    heading = max(agency.height + 3 * MM, _BESIDE) + _HEADING + about.height
    room = _PAGE - head.height - _HEAD - _SLACK
    cut: list[list[SignRow]] = [[]]
    left = room - heading
    for row in rows:
        if cut[-1] and row.height > left:
            cut.append([])
            left = room
        cut[-1].append(row)
        left -= row.height
    if left - _FOOT < LEAST_BLANK * _ROW:
        company = [cut[-1].pop()] if len(cut[-1]) > 1 else []
        cut.append(company)
        left = room - sum(row.height for row in company)
    blank = min(int((left - _FOOT) // _ROW), MOST_BLANK)
    cut[-1] += [SignRow()] * blank
    return [SignSheet(head, tuple(part), number, len(cut)) for number, part in enumerate(cut, start=1)]
