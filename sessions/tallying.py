"""The arithmetic of opinions and tests: pure, no database. No figure comes from fewer than `K` answers."""

from __future__ import annotations

import statistics
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import NamedTuple, TypeVar

K = 5
LEVELS = (1, 2, 3, 4, 5)
Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")


# ── The urn ───────────────────────────────────────────────────────────────────────────────────────


def drawn(waiting: int) -> int:
    """How many of so many waiting answers may be counted now: none, or at least K, with K left behind.

    So every later step, the last one at the end too, adds at least K answers to what was shown before.
    """
    return waiting - K if waiting >= 2 * K else 0


def shown(
    counted: Mapping[Key, Sequence[Answer]],
    waiting: Mapping[Key, Sequence[Answer]],
    others: Key,
    *,
    is_over: bool,
) -> dict[Key, list[Answer]]:
    """The answers that may be looked at, by group. Every group has at least K, or is not there.

    Before the end: what has left the urns. At the end the rest as well; groups too small to be shown go to
    `others` together, and where even these are too few they are in no figure at all, so that no sum less its
    parts tells of them.
    """
    found = {key: list(answers) for key, answers in counted.items() if len(answers) >= K}
    if not is_over:
        return found
    pooled: list[Answer] = []
    for key, answers in waiting.items():
        if key != others and (key in found or len(answers) >= K):
            found.setdefault(key, []).extend(answers)
        else:
            pooled += answers
    if others in found or len(pooled) >= K:
        found.setdefault(others, []).extend(pooled)
    return found


# ── Scales ────────────────────────────────────────────────────────────────────────────────────────


class Bar(NamedTuple):
    """One level of a scale; `percent` of those who have an opinion."""

    level: int
    times: int
    percent: int


@dataclass(frozen=True)
class Scale:
    """How often each level from 1 to 5 was chosen."""

    counts: tuple[int, ...] = (0, 0, 0, 0, 0)

    @property
    def n(self) -> int:
        return sum(self.counts)

    @property
    def is_shown(self) -> bool:
        return self.n >= K

    @property
    def mean(self) -> float | None:
        """None: too few opinions."""
        if not self.is_shown:
            return None
        return sum(level * count for level, count in zip(LEVELS, self.counts, strict=True)) / self.n

    @property
    def median(self) -> float | None:
        """None: too few opinions. Between two levels where the middle lies between them."""
        if not self.is_shown:
            return None
        values = chain.from_iterable(map(repeat, LEVELS, self.counts))
        return float(statistics.median(values))

    @property
    def bars(self) -> list[Bar]:
        """The levels, the best first; empty: too few opinions."""
        if not self.is_shown:
            return []
        pairs = zip(LEVELS, self.counts, strict=True)
        return [Bar(level, count, round(100 * count / self.n)) for level, count in pairs][::-1]


# ── Tests ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Score:
    """A group in a test, or a question: how many answered, and the share of what was right, 0 to 1."""

    n: int = 0
    share: float = 0.0

    @property
    def is_shown(self) -> bool:
        return self.n >= K

    @property
    def percent(self) -> int:
        return round(100 * self.share)


def score(papers: Sequence[Sequence[bool]]) -> Score:
    """Of filled papers, each a right or wrong for every question (at least one)."""
    if not papers:
        return Score()
    return Score(len(papers), statistics.fmean(sum(paper) / len(paper) for paper in papers))


@dataclass(frozen=True)
class Gain:
    """Before and after. Figures are None where one side has too few answers."""

    before: Score
    after: Score

    @property
    def is_shown(self) -> bool:
        return self.before.is_shown and self.after.is_shown

    @property
    def difference(self) -> float | None:
        """After less before, −1 to 1."""
        return self.after.share - self.before.share if self.is_shown else None

    @property
    def points(self) -> str:
        """The difference in points of a hundred, with its sign: "+25", "−3"."""
        if self.difference is None:
            return ""
        points = self.after.percent - self.before.percent
        return f"−{-points}" if points < 0 else f"+{points}"

    @property
    def normalised(self) -> float | None:
        """The part of what could still be gained (Hake 1998); None too where nothing could."""
        if not self.is_shown or self.before.share >= 1:
            return None
        return (self.after.share - self.before.share) / (1 - self.before.share)
