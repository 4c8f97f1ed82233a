"""The time axis of a day: to scale where it can be, and never too short for what stands beside it."""

import random

import pytest

from documents.time_axis import LONGEST_GAP, TALLEST_MINUTE, Span, axis


def test_an_axis_without_needs_runs_to_scale() -> None:
    found = axis([Span(480, 540, 0), Span(540, 660, 0)], 90)
    assert found is not None
    assert found.at == pytest.approx({480: 0, 540: 30, 660: 90})
    assert found.share == pytest.approx(1)


def test_five_minutes_get_the_height_of_their_text_and_the_rest_stays_to_scale() -> None:
    found = axis([Span(480, 485, 12), Span(485, 605, 12), Span(605, 725, 12)], 92)
    assert found is not None
    assert found.at == pytest.approx({480: 0, 485: 12, 605: 52, 725: 92})
    assert found.share == pytest.approx(80 / 240 / (92 / 245))


def test_what_a_long_span_gains_is_spread_over_it() -> None:
    beside = [Span(480 + 20 * n, 500 + 20 * n, 0) for n in range(3)]
    found = axis([Span(480, 540, 60), *beside], 60)
    assert found is not None
    assert found.at[540] == pytest.approx(60)
    assert found.at[500] == pytest.approx(60 - found.at[520])
    assert found.at[500] == pytest.approx(20, rel=0.2)


def test_a_time_without_anything_is_cut_short_and_an_idle_day_stays_low() -> None:
    found = axis([Span(480, 540, 0), Span(1080, 1140, 0)], 10_000)
    assert found is not None
    assert found.at[1080] - found.at[540] == pytest.approx(LONGEST_GAP * TALLEST_MINUTE)
    assert found.at[1140] == pytest.approx((120 + LONGEST_GAP) * TALLEST_MINUTE)


def test_there_is_no_axis_where_the_needs_exceed_the_room() -> None:
    assert axis([Span(480, 485, 50), Span(485, 490, 51)], 100) is None
    assert axis([Span(480, 485, 50), Span(480, 490, 100)], 100) is not None
    assert axis([], 100) is not None


@pytest.mark.parametrize("seed", range(40))
def test_any_day_keeps_its_order_its_needs_and_its_room(seed: int) -> None:
    chance = random.Random(seed)
    spans = []
    for _number in range(chance.randint(1, 60)):
        starts = chance.randrange(0, 1400, 5)
        spans.append(Span(starts, starts + chance.choice((5, 10, 30, 90, 240)), chance.uniform(0, 20)))
    room = chance.uniform(300, 3000)
    found = axis(spans, room)
    if found is None:
        assert sum(span.need for span in spans) > room
        return
    marks = sorted(found.at)
    assert [found.at[mark] for mark in marks] == sorted(found.at.values())
    assert min(found.at.values()) == pytest.approx(0, abs=1e-6)
    assert max(found.at.values()) <= room + 1e-6
    for span in spans:
        assert found.at[span.ends] - found.at[span.starts] >= span.need - 1e-6
