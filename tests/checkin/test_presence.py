"""Properties of the pure rules: whatever order, however many copies."""

from __future__ import annotations

import datetime
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from checkin.presence import Seen, Settled, State, derive

EIGHT = datetime.datetime(2024, 6, 6, 8, tzinfo=datetime.UTC)


def seen(device: int, sequence: int, seconds: int, **fields: object) -> Seen:
    """A scan of person 1 at 8:00 and so many seconds."""
    values = {"person": 1, "is_in": True, "bound": timedelta(0), "welcomed": True, **fields}
    return Seen(EIGHT + timedelta(seconds=seconds), device, sequence, f"{device}-{sequence}", **values)  # type: ignore[arg-type]  # a row of a test


@st.composite
def histories(draw: st.DrawFn) -> list[Seen]:
    """Scans of up to four phones and three people, each phone counting on."""
    made = []
    for device in range(draw(st.integers(1, 4))):
        made += [
            seen(
                device,
                sequence,
                draw(st.integers(-86_400, 86_400) | st.integers(0, 10)),
                person=draw(st.integers(1, 3)),
                is_in=draw(st.booleans()),
                bound=timedelta(seconds=draw(st.integers(0, 60))),
                welcomed=draw(st.booleans()),
            )
            for sequence in range(draw(st.integers(0, 6)))
        ]
    return made


def surely(one: Seen, other: Seen) -> bool:
    """Can nobody doubt that one was before the other?"""
    if one.device == other.device:
        return one.sequence < other.sequence
    return one.at + one.bound < other.at - other.bound


def left_between(one: Seen, other: Seen, scans: list[Seen]) -> bool:
    return any(
        surely(first, out) and surely(out, second)
        for out in scans
        for first, second in ((one, other), (other, one))
        if out.person == one.person and not out.is_in
    )


@given(histories(), st.data())
def test_neither_order_nor_copies_matter(scans: list[Seen], data: st.DataObject) -> None:
    copies = data.draw(st.lists(st.sampled_from(scans), max_size=10)) if scans else []
    assert derive(data.draw(st.permutations([*scans, *copies]))) == derive(scans)


def test_by_the_last_word_that_came_the_order_of_arrival_would_matter() -> None:
    """The control: two phones, the first of which was without a network until the evening."""
    came, left = seen(1, 1, 0), seen(2, 1, 3600, is_in=False)
    last = {State.IN if order[-1].is_in else State.OUT for order in ([came, left], [left, came])}
    assert last == {State.IN, State.OUT}
    assert {derive(order)[1].state for order in ([came, left], [left, came])} == {State.OUT}


@given(histories())
def test_no_scan_is_lost_and_everybody_has_one_presence(scans: list[Seen]) -> None:
    found = derive(scans)
    assert set(found) == {one.person for one in scans}
    assert sorted(one for presence in found.values() for one in presence.scans) == sorted(scans)


@given(histories())
def test_every_double_welcome_of_two_doors_is_flagged(scans: list[Seen]) -> None:
    let_in = [one for one in scans if one.is_in and one.welcomed]
    expected = {
        frozenset((one, other))
        for one in let_in
        for other in let_in
        if one.person == other.person and one.device != other.device and not left_between(one, other, scans)
    }
    flagged = {frozenset(pair) for presence in derive(scans).values() for pair in presence.clashes}
    assert flagged == expected


@given(histories())
def test_presence_begins_with_the_earliest_in(scans: list[Seen]) -> None:
    for person, presence in derive(scans).items():
        times = [one.at for one in scans if one.person == person and one.is_in]
        assert presence.since == (min(times) if times else None)


def test_the_sequence_of_one_phone_decides_whatever_its_clock_says() -> None:
    found = derive([seen(1, 1, 0), seen(1, 2, -600, is_in=False)])
    assert found[1].state == State.OUT


def test_two_doors_inside_the_error_are_undecided() -> None:
    bound = timedelta(seconds=5)
    pair = [seen(1, 1, 0, bound=bound), seen(2, 1, 10, is_in=False, bound=bound)]
    assert derive(pair)[1].state == State.UNDECIDED
    assert derive(pair)[1].undecided == (tuple(pair),)
    pair[1] = seen(2, 1, 11, is_in=False, bound=bound)
    assert derive(pair)[1].state == State.OUT
    assert derive(pair)[1].undecided == ()


def test_a_later_word_of_the_same_door_settles_it() -> None:
    bound = timedelta(seconds=5)
    scans = [seen(1, 1, 0, bound=bound), seen(2, 1, 3, is_in=False, bound=bound), seen(1, 2, 60)]
    assert derive(scans)[1].state == State.IN


def test_a_second_welcome_is_no_clash_where_the_door_knew_or_is_the_same() -> None:
    assert derive([seen(1, 1, 0), seen(2, 1, 60, welcomed=False)])[1].clashes == ()
    assert derive([seen(1, 1, 0), seen(1, 2, 60)])[1].clashes == ()
    assert len(derive([seen(1, 1, 0), seen(2, 1, 60)])[1].clashes) == 1


def test_who_left_by_the_first_door_clashes_with_nobody() -> None:
    story = [seen(1, 1, 0), seen(1, 2, 30, is_in=False, welcomed=False), seen(2, 1, 60)]
    assert derive(story)[1].clashes == ()
    assert derive(story)[1].state == State.IN


def test_an_out_that_may_lie_after_the_second_entry_excuses_nothing() -> None:
    bound = timedelta(seconds=20)
    leaving = seen(1, 2, 30, is_in=False, welcomed=False, bound=bound)
    assert len(derive([seen(1, 1, 0), leaving, seen(2, 1, 60, bound=bound)])[1].clashes) == 1
    assert derive([seen(1, 1, 0), leaving, seen(2, 1, 71, bound=bound)])[1].clashes == ()


def test_an_out_before_the_first_entry_or_of_another_person_excuses_nothing() -> None:
    before = seen(1, 1, 0, is_in=False)
    assert len(derive([before, seen(1, 2, 10), seen(2, 1, 60)])[1].clashes) == 1
    other = seen(1, 2, 30, is_in=False, person=2)
    assert len(derive([seen(1, 1, 0), other, seen(2, 1, 60)])[1].clashes) == 1


def test_a_decision_settles_the_clash_that_was_seen_and_a_new_one_is_open() -> None:
    clash = [seen(1, 1, 0), seen(2, 1, 60)]
    decided = [Settled(1, frozenset(one.id for one in clash))]
    assert derive(clash, decided)[1].clashes == ()
    assert derive(clash, decided)[1].state == State.IN
    third = seen(3, 1, 90)
    assert derive([*clash, third], decided)[1].clashes == ((clash[0], third), (clash[1], third))


def test_a_decision_says_where_somebody_is_until_a_scan_says_it_anew() -> None:
    bound = timedelta(seconds=5)
    doubt = [seen(1, 1, 0, bound=bound), seen(2, 1, 3, is_in=False, bound=bound)]
    scans = frozenset(one.id for one in doubt)
    for state in (State.IN, State.OUT):
        found = derive(doubt, [Settled(1, scans, state)])[1]
        assert (found.state, found.undecided) == (state, ())
    later = seen(1, 2, 600)
    assert derive([*doubt, later], [Settled(1, scans, State.OUT)])[1].state == State.IN
    near = seen(3, 1, 4, bound=bound)
    found = derive([*doubt, near], [Settled(1, scans, State.OUT)])[1]
    assert found.state == State.UNDECIDED
    assert found.undecided == ((doubt[1], near),)


def test_the_newest_of_two_decisions_counts_and_those_on_others_do_not() -> None:
    bound = timedelta(seconds=5)
    doubt = [seen(1, 1, 0, bound=bound), seen(2, 1, 3, is_in=False, bound=bound)]
    scans = frozenset(one.id for one in doubt)
    decided = [Settled(1, scans, State.OUT), Settled(1, scans, State.IN), Settled(2, scans, State.OUT)]
    assert derive(doubt, decided)[1].state == State.IN
    assert derive(doubt, [Settled(1, scans)])[1].state == State.UNDECIDED
