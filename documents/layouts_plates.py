"""What stands on tables and in hands, measured: name tents, signs of delegations, seat cards, meal tickets.

As `layouts`: plain values in, fitted lines out. Heights and widths repeat those of `paper/plates.css`.
"""

from __future__ import annotations

from dataclasses import dataclass

from documents.errors import DoesNotFit
from documents.fitting import MM, Fitted, Step, Style, fit, fit_together, sizes
from documents.layouts import capitals, joined, plain
from documents.typefaces import SANS, SANS_BOLD, SANS_HEAVY

SEATS_PER_SHEET, TICKETS_PER_SHEET = 8, 4

# ── Tents: an A4 sheet folded twice, both faces alike, 210 × 99 mm each ─────────────────────────────
_NAME = Style(SANS_HEAVY, 1.25)
_TENT_NAME = (
    Step(1, 90, 44, 2),
    Step(2, 64, 36, 2),
    Step(3, 36, 24, 2),
    Step(8, 24, 10, 2, last_resort=True),
)
_TENT_LINE = (Step(1, 32, 24, 2), Step(2, 24, 16, 2), Step(4, 16, 10, last_resort=True))
_SIGN_NAME = (Step(2, 90, 48, 2), Step(3, 48, 28, 2), Step(8, 28, 10, 2, last_resort=True))
_PLAIN = Style(SANS, 1.3)
_FACE_WIDTH, _FACE_HEIGHT = 186 * MM, 70 * MM


@dataclass(frozen=True)
class Tent:
    """A folded card: the large line, the one below it, and what the foot says to who sets it up."""

    name: Fitted
    line: Fitted
    foot: str


def tent(name: str, line: str, foot: str) -> Tent:
    """The name in capitals as large as one line allows, `line` (position, body) below it."""
    return _tent(capitals(name), plain(line), foot, _TENT_NAME)


def sign(delegation: str, foot: str) -> Tent:
    """The sign of a delegation: "Đoàn tỉnh Lâm Đồng"."""
    return _tent(capitals(delegation), "", foot, _SIGN_NAME)


def _tent(name: str, line: str, foot: str, ladder: tuple[Step, ...]) -> Tent:
    try:
        shown, below = fit_together(
            [sizes(name, _NAME, ladder, _FACE_WIDTH), sizes(line, _PLAIN, _TENT_LINE, _FACE_WIDTH)],
            _FACE_HEIGHT,
        )
    except DoesNotFit as error:
        raise DoesNotFit(error.text or name, name) from None
    return Tent(shown, below, plain(foot))


# ── Seat cards: eight of A7 on a sheet ────────────────────────────────────────────────────────────
_SEAT_NAME = (Step(1, 17, 13), Step(2, 15, 11), Step(5, 11, 7, last_resort=True))
_SEAT_LINE = (Step(1, 11, 9), Step(2, 9, 8), Step(5, 8, 6, last_resort=True))
_SEAT_PLACE = (Step(1, 28, 18, 2), Step(2, 20, 12, 2), Step(4, 12, 7, last_resort=True))
_CARD_WIDTH = 91 * MM


@dataclass(frozen=True)
class SeatCard:
    """Who sits where; without a seat a line of dots waits for a pen."""

    name: Fitted
    line: Fitted
    seat: Fitted


def seat_card(name: str, team: str, seat: str) -> SeatCard:
    """`team` as "Đoàn tỉnh Lâm Đồng", `seat` as it was written down: "Dãy B, ghế 12"."""
    try:
        shown, line = fit_together(
            [sizes(capitals(name), _NAME, _SEAT_NAME, _CARD_WIDTH),
             sizes(plain(team), _PLAIN, _SEAT_LINE, _CARD_WIDTH)],
            24 * MM,
        )  # fmt: skip
        [place] = fit_together([sizes(plain(seat), _NAME, _SEAT_PLACE, _CARD_WIDTH)], 20 * MM)
    except DoesNotFit as error:
        raise DoesNotFit(error.text or plain(name), plain(name)) from None
    return SeatCard(shown, line, place)


# ── Meal tickets: a strip of three coupons for each person and day ────────────────────────────────
_TICKET_NAME = (Step(1, 15, 11), Step(2, 12, 9), Step(6, 9, 6, last_resort=True))
_TICKET_TEAM = (Step(1, 10, 8, 0.5), Step(2, 8, 7), Step(5, 7, 6, last_resort=True))
_TICKET_EVENT = (Step(3, 8, 8), Step(4, 7, 6), Step(8, 6, 4, 2, last_resort=True))
_COUPON_WIDTH = 62 * MM


@dataclass(frozen=True)
class MealTicket:
    """A strip: the same person on each coupon."""

    name: Fitted
    team: Fitted
    code: str


def ticket_event(agency: str, title: str) -> Fitted:
    """What all coupons of a conference say."""
    return fit(joined((agency, title), "\n"), _PLAIN, _TICKET_EVENT, _COUPON_WIDTH)


def meal_ticket(name: str, team: str, code: str) -> MealTicket:
    """`code`: the short code of the badge, by which a counter tells namesakes apart."""
    try:
        shown, below = fit_together(
            [sizes(capitals(name), Style(SANS_BOLD, 1.25), _TICKET_NAME, _COUPON_WIDTH),
             sizes(plain(team), _PLAIN, _TICKET_TEAM, _COUPON_WIDTH)],
            21 * MM,
        )  # fmt: skip
    except DoesNotFit as error:
        raise DoesNotFit(error.text or plain(name), plain(name)) from None
    return MealTicket(shown, below, code)
