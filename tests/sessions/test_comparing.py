"""Two versions of a programme set against each other."""

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.comparing import Change, Kind, Line, compare, in_order, is_for_everybody
from sessions.snapshots import Entry
from tests.sessions.plans import DAY, NINE, TEN, entry, part

NEXT_DAY = DAY + datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ({}, {"starts": NINE, "ends": TEN}, (Kind.MOVED,)),
        ({}, {"day": NEXT_DAY}, (Kind.MOVED,)),
        ({}, {"hall": "Phòng họp số 1"}, (Kind.MOVED,)),
        ({}, {"title": "Lễ khai mạc"}, (Kind.RENAMED,)),
        ({}, {"number": 1}, (Kind.RENAMED,)),
        ({}, {"kind": "ceremony"}, (Kind.RENAMED,)),
        ({}, {"people": (part(),)}, (Kind.PEOPLE,)),
        ({"people": (part(),)}, {"people": (part("Lê Văn Cường"),)}, (Kind.PEOPLE,)),
        ({"people": (part(),)}, {"people": (part(role="chair"),)}, (Kind.PEOPLE,)),
        ({}, {"note": "Có phiên dịch"}, (Kind.PEOPLE,)),
        ({}, {"day": NEXT_DAY, "title": "Khác", "note": "x"}, (Kind.MOVED, Kind.RENAMED, Kind.PEOPLE)),
    ],
)
def test_each_way_in_which_a_session_differs_is_named(
    before: dict[str, Any], after: dict[str, Any], kinds: tuple[Kind, ...]
) -> None:
    [change] = compare([entry(**before)], [entry(**after)]).changes
    assert change.kinds == kinds


def test_what_is_new_and_what_is_gone_are_told_by_the_code() -> None:
    diff = compare([entry("a"), entry("b")], [entry("b"), entry("c")])
    assert [(change.entry.code, change.kinds) for change in diff.changes] == [
        ("a", (Kind.CANCELLED,)),
        ("c", (Kind.ADDED,)),
    ]
    assert diff.sentence == "2 thay đổi: 1 thêm mới, 1 hủy."


def test_the_same_programme_differs_in_nothing() -> None:
    diff = compare([entry(people=(part(),), sequence=3, row=1)], [entry(people=(part(),), row=2)])
    assert not diff
    assert diff.sentence == "Không có thay đổi."


def test_changes_stand_in_the_order_of_the_programme() -> None:
    diff = compare(
        [entry("muon", day=NEXT_DAY)],
        [entry("sau", starts=NINE, ends=TEN), entry("truoc"), entry("muon", day=NEXT_DAY, title="Khác")],
    )
    assert [change.entry.code for change in diff.changes] == ["truoc", "sau", "muon"]


def test_old_and_new_are_told_side_by_side() -> None:
    old = entry(people=(part(),))
    new = entry(starts=NINE, ends=TEN, hall="", kind="topic", number=2, people=(part("Lê Văn Cường"),))
    assert Change(old, new).lines == [
        Line("Thời gian", "08:00–09:00, thứ Năm, 06/6/2024", "09:00–10:00, thứ Năm, 06/6/2024"),
        Line("Địa điểm", "Hội trường lớn", "(không ghi)"),
        Line("Loại", "Phát biểu", "Chuyên đề"),
        Line("Nội dung", "Khai mạc", "Chuyên đề 2: Khai mạc"),
        Line(
            "Người thực hiện",
            "Báo cáo viên: Trần Minh Quân, Phó Cục trưởng, Cục A",
            "Báo cáo viên: Lê Văn Cường, Phó Cục trưởng, Cục A",
        ),
    ]
    assert Change(None, new).lines == Change(old, None).lines == []


def test_what_runs_beside_another_session_is_not_for_everybody() -> None:
    plenary, left, right = (
        entry("chung"),
        entry("trai", starts=NINE, ends=TEN),
        entry("phai", starts=NINE, ends=TEN),
    )
    tea = entry("tra", kind="break", starts=NINE, ends=TEN)
    plan = [plenary, left, right, tea]
    assert [is_for_everybody(one, plan) for one in plan] == [True, False, False, False]
    assert is_for_everybody(left, [left, tea])


entries = st.builds(
    entry,
    st.sampled_from("abcdef"),
    title=st.sampled_from(("Một", "Hai")),
    starts=st.sampled_from((datetime.time(7), datetime.time(8, 30))),
    hall=st.sampled_from(("", "Hội trường lớn")),
    people=st.sampled_from(((), (part(),), (part("Lê Văn Cường"),))),
)
plans = st.lists(entries, max_size=6, unique_by=lambda one: one.code)


@given(plans, plans)
def test_the_new_programme_follows_from_the_old_and_the_changes(old: list[Entry], new: list[Entry]) -> None:
    diff = compare(old, new)
    rebuilt = {one.code: one for one in old}
    for change in diff.changes:
        del_code = change.entry.code
        rebuilt.pop(del_code, None)
        if change.new is not None:
            rebuilt[del_code] = change.new
    assert in_order(rebuilt.values()) == in_order(new)
    assert all(change.kinds for change in diff.changes)
    back = compare(new, old)
    assert {(one.old, one.new) for one in diff.changes} == {(one.new, one.old) for one in back.changes}
