"""The arithmetic of opinions and tests, on any numbers."""

import statistics
from itertools import chain, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions import tallying
from sessions.tallying import Gain, K, Scale, Score

counts = st.tuples(*[st.integers(0, 400)] * 5)
shares = st.floats(0, 1)
groups = st.dictionaries(st.integers(1, 6) | st.none(), st.integers(0, 30))


# The urn


@given(st.integers(0, 5000))
def test_a_step_takes_at_least_k_and_leaves_k_or_takes_nothing(waiting: int) -> None:
    taken = tallying.drawn(waiting)
    assert taken == 0 or (taken >= K and waiting - taken >= K)


@given(st.integers(0, 300))
def test_figures_never_move_by_fewer_than_k_answers_the_last_step_too(papers: int) -> None:
    shown, waiting = [0], 0
    for _ in range(papers):
        waiting += 1
        taken = tallying.drawn(waiting)
        waiting -= taken
        shown.append(shown[-1] + taken)
    at_the_end = tallying.shown({1: range(shown[-1])}, {1: range(waiting)}, None, is_over=True)
    shown.append(sum(map(len, at_the_end.values())))
    steps = [after - before for before, after in pairwise(shown) if after != before]
    assert all(step >= K for step in steps)
    assert shown[-1] == (papers if papers >= K else 0)


@given(groups, groups, st.booleans())
def test_every_group_that_is_shown_has_at_least_k(
    counted: dict[int | None, int], waiting: dict[int | None, int], is_over: bool
) -> None:
    lists = [{key: [key] * number for key, number in one.items()} for one in (counted, waiting)]
    found = tallying.shown(*lists, None, is_over=is_over)
    assert all(len(answers) >= K for answers in found.values())
    assert sum(map(len, found.values())) <= sum(counted.values()) + sum(waiting.values())


@given(groups)
def test_at_the_end_small_groups_go_together_and_nothing_is_told_by_subtraction(
    waiting: dict[int | None, int],
) -> None:
    found = tallying.shown({}, {key: [key] * n for key, n in waiting.items()}, None, is_over=True)
    left_out = sum(waiting.values()) - sum(map(len, found.values()))
    small = sum(number for key, number in waiting.items() if key is None or number < K)
    assert left_out == (small if small < K else 0)
    for key, number in waiting.items():
        if key is not None and number >= K:
            assert found[key] == [key] * number


def test_before_the_end_what_waits_is_not_shown() -> None:
    assert tallying.shown({1: [1] * 6}, {1: [1] * 9, 2: [1] * 9}, 0, is_over=False) == {1: [1] * 6}


# Scales


@given(counts)
def test_mean_and_median_are_those_of_the_values(levels: tuple[int, ...]) -> None:
    scale = Scale(levels)
    values = list(chain.from_iterable([level] * n for level, n in zip(tallying.LEVELS, levels, strict=True)))
    if len(values) < K:
        assert (scale.mean, scale.median, scale.bars) == (None, None, [])
        return
    assert scale.mean == pytest.approx(statistics.fmean(values))
    assert scale.median == statistics.median(values)
    assert [bar.level for bar in scale.bars] == [5, 4, 3, 2, 1]
    assert sum(bar.times for bar in scale.bars) == scale.n == len(values)
    assert all(0 <= bar.percent <= 100 for bar in scale.bars)


def test_four_opinions_are_too_few_and_five_are_enough() -> None:
    assert not Scale((0, 0, 0, 4, 0)).is_shown
    assert Scale((0, 0, 0, 4, 1)).mean == pytest.approx(4.2)


# Tests


def test_a_score_is_the_mean_share_of_right_answers() -> None:
    assert tallying.score([[True, False], [True, True], [False, False]]) == Score(3, 0.5)
    assert tallying.score([]) == Score()


@given(shares, shares)
def test_the_gain_is_bounded_and_has_the_sign_of_the_difference(before: float, after: float) -> None:
    gain = Gain(Score(K, before), Score(K, after))
    assert gain.difference == after - before
    assert -1 <= after - before <= 1
    if before < 1:
        assert gain.normalised is not None
        assert gain.normalised <= 1 + 1e-9
        assert (gain.normalised > 0) == (after > before)


def test_where_all_was_known_before_nothing_could_be_gained() -> None:
    assert Gain(Score(9, 1.0), Score(9, 1.0)).normalised is None
    assert Gain(Score(9, 0.4), Score(9, 0.7)).normalised == pytest.approx(0.5)


def test_one_side_with_too_few_has_no_gain() -> None:
    gain = Gain(Score(K - 1, 0.4), Score(50, 0.7))
    assert (gain.difference, gain.normalised, gain.points) == (None, None, "")


@pytest.mark.parametrize(
    ("before", "after", "said"), [(0.5, 0.75, "+25"), (0.5, 0.47, "−3"), (0.5, 0.5, "+0")]
)
def test_points_carry_their_sign(before: float, after: float, said: str) -> None:
    assert Gain(Score(9, before), Score(9, after)).points == said
