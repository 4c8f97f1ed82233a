"""The time axis of a day: to scale, and stretched where what stands beside it needs more room. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

TALLEST_MINUTE = 14 * 72 / 25.4 / 60  # points: an hour of an idle day is no higher than 14 mm
LONGEST_GAP = 15  # minutes: a longer time in which nothing happens takes no more room than that
_HALVINGS = 50


class Span(NamedTuple):
    """Something that lasts from one minute of the day to another, and the least height it can have."""

    starts: int
    ends: int
    need: float


class Axis(NamedTuple):
    """Where every beginning and end stands, by its minute; `share` tells how far the axis is to scale.

    It is the height that a minute has at the least, in parts of what it would have without any stretching.
    """

    at: dict[int, float]
    share: float


def axis(spans: Sequence[Span], room: float) -> Axis | None:
    """The axis of these spans from 0 to `room`; None where they need more than that.

    Every minute has the same height, the greatest at which all is within the room, `TALLEST_MINUTE` at most;
    only where a span would fall below its need, time is stretched. Of all such axes the middle one between
    the earliest and the latest is taken: what a long span gains is spread over it and not put at its end.
    """
    marks = sorted({mark for span in spans for mark in (span.starts, span.ends)})
    weights = [_weight(spans, one, other) for one, other in pairwise(marks)]
    if not weights:
        return Axis(dict.fromkeys(marks, 0.0), 1)
    if _earliest(spans, marks, weights, 0)[-1] > room:
        return None
    fits, exceeds = 0.0, min(room / sum(weights), TALLEST_MINUTE)
    without_stretching = exceeds
    for _turn in range(_HALVINGS):
        scale = (fits + exceeds) / 2
        if _earliest(spans, marks, weights, scale)[-1] <= room:
            fits = scale
        else:
            exceeds = scale
    early = _earliest(spans, marks, weights, fits)
    late = _latest(spans, marks, weights, fits, early[-1])
    middle = {mark: max((one + other) / 2, 0) for mark, one, other in zip(marks, early, late, strict=True)}
    return Axis(middle, fits / without_stretching)


def _weight(spans: Sequence[Span], starts: int, ends: int) -> int:
    """Minutes of a piece of the day, as they count for its height."""
    is_filled = any(span.starts <= starts and ends <= span.ends for span in spans)
    return ends - starts if is_filled else min(ends - starts, LONGEST_GAP)


def _earliest(
    spans: Sequence[Span], marks: Sequence[int], weights: Sequence[int], scale: float
) -> list[float]:
    """Each mark as high up as those before it and the needs of what ends there allow."""
    at = {marks[0]: 0.0}
    for before, mark, weight in zip(marks, marks[1:], weights, strict=False):
        needed = (at[span.starts] + span.need for span in spans if span.ends == mark)
        at[mark] = max(at[before] + scale * weight, *needed, 0)
    return list(at.values())


def _latest(
    spans: Sequence[Span], marks: Sequence[int], weights: Sequence[int], scale: float, foot: float
) -> list[float]:
    """Each mark as far down as those after it and the needs of what begins there allow."""
    at = {marks[-1]: foot}
    steps = zip(marks[-2::-1], marks[:0:-1], reversed(weights), strict=True)
    for mark, after, weight in steps:
        needed = (at[span.ends] - span.need for span in spans if span.starts == mark)
        at[mark] = min(at[after] - scale * weight, *needed, foot)
    return list(at.values())[::-1]
