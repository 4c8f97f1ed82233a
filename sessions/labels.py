"""One badge as a label from the browser: which size of type its texts take.

The paper engine measures with the fonts (documents.fitting); a browser is told a class. So that no text is
ever cut, lengths are estimated with the wider letters, and the smallest step holds the longest fields.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil
from typing import Any, NamedTuple

from attendees import badge_code, codes
from attendees.models import Attendee, Band
from attendees.naming import team

WIDTH = 76.0  # of the texts; all lengths in millimetres of the label of 86 × 124
ROOM = 41.0  # for name and position, between the head and the foot
TEAM_WIDTH, TEAM_ROOM = 44.0, 28.0
LEADING = 1.3
# Width of a letter as part of its size: heavy capitals, then running text. A wide letter counts for more, so
# that the label also holds in the wider font a browser takes while ours is on its way.
HEAVY, PLAIN = 0.76, 0.56
WIDE, WIDE_LETTER = "MWmw", 1.5
# Sizes of the name and of the position beside it; the templates' classes are named by their number.
STEPS = ((10, 4.2), (9, 4.2), (8, 4.2), (7, 3.8), (6.2, 3.4), (5.4, 3.0), (4.6, 2.6), (3.8, 2.2), (3.2, 1.9))
TEAM_STEPS = (6, 5, 4, 3, 2.4)


class Label(NamedTuple):
    """What stands on the label."""

    person: Attendee
    step: int
    team_label: str
    team: str
    team_step: int
    band: str
    band_word: str
    qr: str  # what it says
    code: str


def label(person: Attendee) -> Label:
    """Needs category and the unit of the delegation."""
    before, name = team(person.delegation)
    band = Band(person.category.band)
    return Label(
        person=person,
        step=name_step(person.full_name, (person.title, person.organisation_name)),
        team_label=before,
        team=name,
        team_step=_first(TEAM_STEPS, lambda size: _height(name, size, HEAVY, TEAM_WIDTH) <= TEAM_ROOM),
        band=band.value,
        band_word=str(band.label),
        qr=badge_code.of(person),
        code=codes.group(person.code),
    )


def name_step(name: str, below: tuple[str, ...]) -> int:
    """The number of the largest step at which the name and the lines below it stay in their room."""

    def fits(sizes: tuple[float, float]) -> bool:
        lines = (_height(text, sizes[1], PLAIN, WIDTH) for text in below if text)
        return _height(name, sizes[0], HEAVY, WIDTH) + sum(lines) <= ROOM

    return _first(STEPS, fits)


def _first(steps: Sequence[Any], fits: Callable[[Any], bool]) -> int:
    """The number of the first step that fits, counted from one; the last where none does."""
    return next((number for number, sizes in enumerate(steps, 1) if fits(sizes)), len(steps))


def _height(text: str, size: float, letter: float, width: float) -> float:
    """How high a text becomes, broken between words; a word longer than a line is broken inside."""
    per_line = max(int(width / (size * letter)), 1)
    lines, used = 1, 0
    for word in text.split():
        length = ceil(sum(WIDE_LETTER if one in WIDE else 1 for one in word))
        if used and used + 1 + length > per_line:
            lines, used = lines + 1, 0
        used += length + bool(used)
        lines += (used - 1) // per_line
        used -= (used - 1) // per_line * per_line
    return lines * size * LEADING
