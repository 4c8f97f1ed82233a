"""Warnings of a plan: each kind by itself, what is no warning, and the worst of many."""

import datetime
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions import scheduling
from sessions.scheduling import Kind, Part, Place, Slot

FIRST, LAST = datetime.date(2024, 6, 6), datetime.date(2024, 6, 7)
MAIN = Place("main", "Hội trường lớn", 400)
ROOM = Place("room", "Phòng họp số 1", 120, minutes_away=6)
LINH, AN = Part("linh", "Lê Thử Linh"), Part("an", "Trần Thử An")
BODY = Part("body", "UBND tỉnh", is_person=False)


def at(hours: str, key: str = "", *, place: Place | None = MAIN, day: int = 6, **fields: Any) -> Slot:
    """A session by its hours: at("8:00-9:30")."""
    starts, ends = (datetime.time(*map(int, part.split(":"))) for part in hours.split("-"))
    key = key or f"{day} {hours}"
    return Slot(key, f"Phiên {key}", datetime.date(2024, 6, day), starts, ends, place, **fields)


def found(*slots: Slot, everybody: int = 0) -> list[tuple[Kind, ...]]:
    return [(one.kind, *one.keys) for one in scheduling.warnings(slots, FIRST, LAST, everybody)]


def test_a_hall_twice_is_told_at_the_later_session() -> None:
    assert found(at("8:00-9:30", "a"), at("9:00-10:00", "b")) == [(Kind.HALL, "b", "a")]


def test_one_after_the_other_is_no_clash() -> None:
    assert found(at("8:00-9:00"), at("9:00-10:00")) == []
    assert found(at("8:00-9:00", day=6), at("8:00-9:00", day=7)) == []
    assert found(at("8:00-9:00", place=None), at("8:00-9:00", "b", place=None)) == []


def test_a_long_session_blocks_beyond_a_short_one_in_between() -> None:
    long, short, later = at("8:00-12:00", "long"), at("8:30-9:00", "short"), at("10:00-11:00", "later")
    assert found(long, short, later) == [(Kind.HALL, "short", "long"), (Kind.HALL, "later", "long")]


@pytest.mark.parametrize(("part", "kind"), [(LINH, Kind.PERSON), (BODY, Kind.BODY)])
def test_somebody_in_two_places(part: Part, kind: Kind) -> None:
    one, other = at("8:00-9:00", "a", parts=(part,)), at("8:30-9:30", "b", place=ROOM, parts=(part,))
    assert found(one, other) == [(kind, "b", "a")]
    assert scheduling.warnings([one, other], FIRST, LAST)[0].is_serious is (kind is Kind.PERSON)


def test_namesakes_are_two_people() -> None:
    namesake = Part("another", LINH.name)
    assert found(at("8:00-9:00", parts=(LINH,)), at("8:00-9:00", "b", place=ROOM, parts=(namesake,))) == []


def test_two_roles_in_one_session_are_no_clash() -> None:
    assert found(at("8:00-9:00", parts=(LINH, LINH))) == []


def test_who_declined_stands_in_nobodys_way() -> None:
    gone = replace(LINH, answer="declined")
    one, other = at("8:00-9:00", "a", parts=(gone,)), at("8:00-9:00", "b", place=ROOM, parts=(LINH,))
    assert found(one, other) == [(Kind.DECLINED, "a")]


def test_who_said_to_be_elsewhere_is_told_once_at_each_session_that_meets_the_time() -> None:
    def elsewhere(*hours: str, **fields: Any) -> Part:
        times = tuple((at(one).begin, at(one).end) for one in hours)
        return replace(LINH, busy=times, **fields)

    morning = at("8:00-9:00", "a", parts=(elsewhere("7:00-8:15", "8:30-9:30"),))
    [warning] = scheduling.warnings([morning], FIRST, LAST)
    assert (warning.kind, warning.keys, warning.is_serious) == (Kind.BUSY, ("a",), True)
    assert warning.text == (
        "Lê Thử Linh báo bận lúc 07:00–08:15, 08:30–09:30, trùng “Phiên a” (08:00–09:00)."
    )
    assert found(at("8:00-9:00", parts=(elsewhere("7:00-8:00", "9:00-10:00"),))) == []
    assert found(at("8:00-9:00", day=7, parts=(elsewhere("8:00-9:00"),))) == []
    said_no = elsewhere("8:00-9:00", answer="declined")
    assert [kind for kind, *_keys in found(at("8:00-9:00", parts=(said_no,)))] == [Kind.DECLINED]


def test_the_days_of_the_conference_with_one_more_for_receptions() -> None:
    assert found(at("8:00-9:00", "a", day=8), at("8:00-9:00", "b", day=5)) == [
        (Kind.OUTSIDE, "b"),
        (Kind.OUTSIDE, "a"),
    ]
    assert found(at("8:00-9:00", day=5, may_be_outside=True)) == []
    assert found(at("8:00-9:00", "c", day=4, may_be_outside=True)) == [(Kind.OUTSIDE, "c")]


def test_more_people_than_seats() -> None:
    assert found(at("8:00-9:00", "a"), everybody=401) == [(Kind.CAPACITY, "a")]
    assert found(at("8:00-9:00"), everybody=400) == []
    assert found(at("8:00-9:00", is_break=True), everybody=401) == []
    assert found(at("8:00-9:00", "a", expected=401)) == [(Kind.CAPACITY, "a")]
    assert found(at("8:00-9:00", "a", members=frozenset(range(401)))) == [(Kind.CAPACITY, "a")]


def test_not_everybody_comes_to_each_of_two_parallels() -> None:
    assert found(at("8:00-9:00"), at("8:00-9:00", "b", place=ROOM), everybody=401) == []
    assert found(at("8:00-9:00"), at("9:00-10:00", "b", place=ROOM), everybody=300) == [(Kind.CAPACITY, "b")]


def test_the_way_between_halls_takes_its_minutes() -> None:
    one, soon = at("8:00-9:00", "a", parts=(LINH,)), at("9:05-10:00", "b", place=ROOM, parts=(LINH,))
    assert found(one, soon) == [(Kind.WALK, "b", "a")]
    assert found(one, at("9:06-10:00", place=ROOM, parts=(LINH,))) == []
    assert found(one, at("9:00-10:00", parts=(LINH,))) == []
    assert found(one, at("9:05-10:00", place=ROOM, parts=(AN,))) == []


def test_who_signed_up_to_both_is_counted_in_one_warning() -> None:
    one = at("8:00-9:00", "a", members=frozenset(range(10)))
    other = at("8:30-9:30", "b", place=ROOM, members=frozenset(range(7, 20)))
    (warning,) = scheduling.warnings([one, other], FIRST, LAST)
    assert (warning.kind, warning.keys) == (Kind.MEMBERS, ("b", "a"))
    assert warning.text.startswith("3 người đăng ký cả hai phiên")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("pending", [Kind.PENDING]), ("declined", [Kind.DECLINED]), ("confirmed", []), ("", [])],
)
def test_speakers_who_have_not_said_yes(answer: str, expected: list[Kind]) -> None:
    assert [one[0] for one in found(at("8:00-9:00", parts=(replace(LINH, answer=answer),)))] == expected


def test_the_serious_come_first_then_the_order_of_the_day() -> None:
    pending = replace(AN, answer="pending")
    kinds = found(
        at("8:00-9:00", "a", parts=(pending,)),
        at("10:00-11:00", "b"),
        at("10:30-11:00", "c"),
        at("7:00-8:00", "d", day=9),
    )
    assert [one[0] for one in kinds] == [Kind.HALL, Kind.OUTSIDE, Kind.PENDING]


def test_sentences_name_what_they_are_about_and_cut_long_titles() -> None:
    long = replace(at("8:50-10:10", "a"), title="Một số điểm mới của Nghị quyết 47/NQ-CP của Chính phủ " * 4)
    (warning,) = scheduling.warnings([long, at("10:00-11:00", "b")], FIRST, LAST)
    assert warning.text == (
        "Hội trường lớn có hai phiên cùng lúc: “Phiên b” (10:00–11:00) và "
        "“Một số điểm mới của Nghị quyết 47/NQ-CP của Chính phủ Một…” (08:50–10:10)."
    )


times = st.integers(0, 47).map(lambda half: datetime.time(half // 2, half % 2 * 30))
halls = st.sampled_from([MAIN, ROOM, None])
plans = st.lists(st.tuples(times, times, halls).filter(lambda one: one[0] < one[1]), max_size=12)


@given(plans)
def test_a_session_is_told_of_exactly_when_something_earlier_blocks_its_hall(
    plan: list[tuple[datetime.time, datetime.time, Place | None]],
) -> None:
    """Against the naive comparison of all pairs."""
    slots = [
        Slot(f"{n:02}", f"{n}", FIRST, starts, ends, place) for n, (starts, ends, place) in enumerate(plan)
    ]
    told = {one.keys[0] for one in scheduling.warnings(slots, FIRST, LAST) if one.kind is Kind.HALL}
    ordered = sorted(slots, key=lambda one: (one.begin, one.end, one.key))
    naive = {
        later.key
        for earlier, later in combinations(ordered, 2)
        if later.place and earlier.place == later.place and later.begin < earlier.end
    }
    assert told == naive
    for slot in slots:
        naively = {one.key for one in slots if one is not slot and one.place and one.place == slot.place
                   and max(one.begin, slot.begin) < min(one.end, slot.end)}  # fmt: skip
        assert {one.key for one in scheduling.clashes(slot, slots)} == naively
