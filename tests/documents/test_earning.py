"""The rule of certificates: what counts, how it is rounded, and that doing more never loses anything."""

import datetime
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import earning
from documents.earning import Exemption, Facts, Held, Rule, outcome, slots
from documents.missing import Condition, Slot

DAY = datetime.date(2024, 6, 6)
CONFIRMED = Facts("confirmed", "Đã xác nhận", "department", "Sở TTTT")
RANK = ("", "attended", "completed")


def held(code: str, starts: int, ends: int, day: int = 6) -> Held:
    clock = datetime.time
    return Held(code, DAY.replace(day=day), clock(starts // 60, starts % 60), clock(ends // 60, ends % 60))


def hours(*sessions: tuple[str, float, float]) -> tuple[Slot, ...]:
    return slots(held(code, int(starts * 60), int(ends * 60)) for code, starts, ends in sessions)


def row(n: int) -> tuple[Slot, ...]:
    """So many sessions, one after the other: s0, s1, …"""
    return slots(held(f"s{i}", 60 * (7 + i % 12), 60 * (8 + i % 12), 6 + i // 12) for i in range(n))


def seen(*codes: str) -> Facts:
    return replace(CONFIRMED, seen=frozenset(codes))


def attended(programme: tuple[Slot, ...], *codes: str) -> tuple[int, int]:
    found = outcome(Rule(), seen(*codes), programme)
    return found.attended, found.total


# ── Slots ─────────────────────────────────────────────────────────────────────────────────────────


def test_of_parallel_sessions_one_is_enough() -> None:
    programme = hours(("khai-mac", 8, 9), ("a", 9, 10), ("b", 9, 10), ("c", 9, 10))
    assert attended(programme, "khai-mac", "b") == (2, 2)
    assert attended(programme, "a", "b", "c") == (1, 2)


def test_a_long_session_counts_as_much_as_the_short_ones_beside_it() -> None:
    programme = hours(("long", 8, 11), ("x", 8, 9), ("y", 9, 10), ("z", 10, 11))
    assert attended(programme, "long") == (3, 3)
    assert attended(programme, "x", "y", "z") == (3, 3)
    assert attended(programme, "y") == (1, 3)


def test_sessions_that_overlap_in_part_make_no_more_slots_than_one_can_have() -> None:
    programme = hours(("a", 8, 10), ("b", 9, 11), ("c", 10, 12))
    assert attended(programme, "a", "c") == (2, 2)
    assert attended(programme, "b") == (1, 2)


def test_sessions_that_follow_each_other_do_not_overlap() -> None:
    assert attended(hours(("a", 8, 9), ("b", 9, 10)), "a") == (1, 2)


def test_the_same_hours_of_another_day_are_another_slot() -> None:
    assert len(slots([held("a", 480, 540, 6), held("b", 480, 540, 7)])) == 2


sessions = st.lists(
    st.tuples(st.integers(0, 1), st.integers(84, 240), st.integers(1, 40)).map(
        lambda one: (6 + one[0], one[1] * 5, min((one[1] + one[2]) * 5, 1439))
    ),
    max_size=14,
).map(lambda found: [held(f"s{i}", starts, ends, day) for i, (day, starts, ends) in enumerate(found)])


@given(sessions, st.randoms(use_true_random=False))
def test_the_order_of_sessions_does_not_matter(found: list[Held], shuffler: random.Random) -> None:
    other = list(found)
    shuffler.shuffle(other)
    assert slots(found) == slots(other)


@given(sessions)
def test_every_session_has_a_slot_and_somebody_can_have_them_all(found: list[Held]) -> None:
    programme = slots(found)
    assert {code for slot in programme for code in slot.codes} == {one.code for one in found}
    # One session for each slot, none beginning before the one before it is over.
    free, known = (DAY.replace(day=1), datetime.time()), {one.code: one for one in found}
    for slot in programme:
        running = [known[code] for code in slot.codes]
        first = min(one.ends for one in running)  # of those that end first, the one that begins last
        chosen = max((one for one in running if one.ends == first), key=lambda one: one.starts)
        assert (chosen.day, chosen.starts) >= free
        free = (chosen.day, chosen.ends)


@given(sessions)
def test_sessions_of_a_slot_run_at_one_moment(found: list[Held]) -> None:
    known = {one.code: one for one in found}
    for slot in slots(found):
        running = [known[code] for code in slot.codes]
        assert max(one.starts for one in running) < min(one.ends for one in running)


# ── Rounding ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("total", "share", "least"),
    [(9, 80, 8), (10, 80, 8), (3, 33, 1), (3, 34, 2), (7, 50, 4), (8, 50, 4), (1, 1, 1), (9, 100, 9)],
)
def test_a_share_is_never_rounded_down(total: int, share: int, least: int) -> None:
    programme, rule = row(total), Rule(share=share)
    codes = [f"s{i}" for i in range(total)]
    assert outcome(rule, seen(*codes[:least]), programme).is_earned
    assert not outcome(rule, seen(*codes[: least - 1]), programme).is_earned
    assert earning.needed(total, share) == least


@given(st.integers(1, 60), st.integers(1, 100), st.integers(0, 60))
def test_who_earns_has_at_least_the_share_and_who_has_it_earns(total: int, share: int, n: int) -> None:
    n = min(n, total)
    assert earning.reaches(n, total, share) == (n / total * 100 >= share or 100 * n == share * total)
    assert earning.reaches(n, total, share) == (n >= earning.needed(total, share))


def test_nought_per_cent_asks_for_nothing_and_a_hundred_for_every_slot() -> None:
    programme = row(5)
    assert outcome(Rule(must_come=False), seen(), programme).wording == "attended"
    assert outcome(Rule(must_come=False), seen(), ()).wording == "attended"
    assert outcome(Rule(share=100), seen("s0", "s1", "s2", "s3", "s4"), programme).is_earned
    assert not outcome(Rule(share=100), seen("s0", "s1", "s2", "s3"), programme).is_earned


def test_no_share_of_an_empty_programme_is_reached() -> None:
    [unmet] = outcome(Rule(share=1), seen("tiep-don"), ()).unmet
    assert unmet.sentence == "Chương trình chưa có phiên nào được tính. Cần ít nhất 1%."
    assert unmet.mend == "Lập chương trình, hoặc bỏ điều kiện tỷ lệ."


# ── Monotone ──────────────────────────────────────────────────────────────────────────────────────

codes = st.frozensets(st.sampled_from([f"s{i}" for i in range(14)]))
rules = st.builds(
    Rule,
    must_come=st.booleans(),
    share=st.integers(0, 100),
    mandatory=codes.map(lambda some: dict.fromkeys(sorted(some)[:2], "Khai mạc")),
    whole_feedback=st.booleans(),
    feedback_sessions=st.integers(0, 3),
    complete_share=st.none() | st.integers(1, 100),
)
people = st.builds(
    Facts,
    status=st.sampled_from(["confirmed", "confirmed", "nominated"]),
    status_word=st.just(""),
    category=st.just("press"),
    category_word=st.just("Báo chí"),
    seen=codes,
    papers=codes | st.just(frozenset({""})),
    exemption=st.none()
    | st.builds(
        Exemption, st.sampled_from(["attended", "completed", "withheld"]), st.just("x"), st.just("y")
    ),
)


@given(rules, people, sessions, codes, codes)
def test_more_attendance_and_more_papers_never_lose(
    rule: Rule, facts: Facts, found: list[Held], more: frozenset[str], papers: frozenset[str]
) -> None:
    programme = slots(found)
    before = outcome(rule, facts, programme)
    grown = replace(facts, seen=facts.seen | more, papers=facts.papers | papers | {""})
    after = outcome(rule, grown, programme)
    assert RANK.index(after.wording) >= RANK.index(before.wording)
    assert {one.condition for one in after.unmet} <= {one.condition for one in before.unmet}


@given(rules, people, sessions)
def test_asking_for_less_never_loses(rule: Rule, facts: Facts, found: list[Held]) -> None:
    programme = slots(found)
    looser = replace(rule, share=rule.share // 2, mandatory={}, whole_feedback=False, feedback_sessions=0)
    before, after = outcome(rule, facts, programme), outcome(looser, facts, programme)
    assert RANK.index(after.wording) >= RANK.index(before.wording)


@given(rules, people, sessions)
def test_there_is_a_wording_or_a_reason_and_a_mend_for_each(
    rule: Rule, facts: Facts, found: list[Held]
) -> None:
    result = outcome(rule, facts, slots(found))
    assert result.wording or result.unmet
    assert bool(result.against) == (not result.is_earned)
    for one in result.unmet:
        assert all(text and text[-1] == "." and "%" not in text.replace("%,", "").replace("%.", "")
                   .replace("%)", "") for text in (one.is_there, one.is_wanted, one.mend))  # fmt: skip


# ── Conditions ────────────────────────────────────────────────────────────────────────────────────


def test_each_condition_says_what_is_there_what_is_wanted_and_what_mends() -> None:
    rule = Rule(
        share=80,
        mandatory={"s0": "Khai mạc", "s8": "Bế mạc"},
        whole_feedback=True,
        feedback_sessions=3,
        categories={"press": "Báo, Đài"},
    )
    facts = replace(
        CONFIRMED, status="nominated", status_word="Chờ xác nhận",
        seen=frozenset({"s0", "s1", "s2", "s3", "s4"}), papers=frozenset({"s1"}),
    )  # fmt: skip
    found = outcome(rule, facts, row(9))
    assert found.wording == ""
    assert [(str(one.condition), one.sentence, one.mend) for one in found.unmet] == [
        ("status", "Tình trạng hiện nay: Chờ xác nhận. Cần: đã xác nhận tham dự.",
         "Xác nhận người này, hoặc cấp cho người thay."),
        ("category", "Thuộc thành phần Sở TTTT. Thành phần này không thuộc diện cấp giấy.",
         "Sửa thành phần nếu ghi sai; nếu đúng, cần ngoại lệ của Ban Tổ chức."),
        ("share", "Có mặt 5 trên 9 khung giờ (55%). Cần ít nhất 80%, tức 8 khung giờ.",
         "Còn thiếu 3 khung giờ. Nếu có dự mà chưa ghi, bổ sung theo danh sách ký."),
        ("mandatory", "Chưa có mặt ở: Bế mạc. Cần có mặt ở cả 2 phiên bắt buộc.",
         "Nếu có dự mà chưa ghi, bổ sung theo danh sách ký."),
        ("whole-feedback", "Chưa nhận phiếu đánh giá toàn hội nghị. Cần phiếu của toàn hội nghị.",
         "Đại biểu nhận và gửi phiếu trên trang riêng, khi còn thời hạn."),
        ("feedback", "Đã nhận phiếu đánh giá của 1 phiên. Cần phiếu của ít nhất 3 phiên.",
         "Đại biểu nhận và gửi thêm 2 phiếu trên trang riêng, khi còn thời hạn."),
    ]  # fmt: skip
    assert [slot.codes for slot in found.unmet[2].missed] == [{f"s{i}"} for i in (5, 6, 7, 8)]


def test_completed_asks_for_its_own_share_and_only_where_the_conference_gives_it() -> None:
    programme = row(10)
    most, all_of_them = seen(*(f"s{i}" for i in range(8))), seen(*(f"s{i}" for i in range(10)))
    assert outcome(Rule(share=50), all_of_them, programme).wording == "attended"
    both = Rule(share=50, complete_share=90)
    assert outcome(both, all_of_them, programme).wording == "completed"
    found = outcome(both, most, programme)
    assert (found.wording, found.unmet) == ("attended", ())
    assert found.short is not None
    assert found.short.sentence == "Có mặt 8 trên 10 khung giờ (80%). Cần ít nhất 90%, tức 9 khung giờ."


def test_the_whole_share_is_not_enough_for_completed_where_another_condition_fails() -> None:
    rule = Rule(complete_share=50, whole_feedback=True)
    assert outcome(rule, seen("s0", "s1"), row(2)).wording == ""


@pytest.mark.parametrize(
    ("decision", "wording"), [("attended", "attended"), ("completed", "completed"), ("withheld", "")]
)
def test_an_exception_goes_before_the_rule(decision: str, wording: str) -> None:
    facts = replace(CONFIRMED, exemption=Exemption(decision, "Công tác đột xuất", "Olga"))
    found = outcome(Rule(share=80), facts, row(4))
    assert found.wording == wording
    assert [one.condition for one in found.unmet][:2] == [Condition.ONCE, Condition.SHARE]


def test_an_exception_does_not_make_less_of_what_was_earned() -> None:
    facts = replace(seen("s0", "s1"), exemption=Exemption("attended", "x", "Olga"))
    assert outcome(Rule(complete_share=100), facts, row(2)).wording == "completed"


def test_an_exception_gives_nothing_to_who_is_not_confirmed() -> None:
    facts = replace(CONFIRMED, status="replaced", exemption=Exemption("completed", "x", "Olga"))
    assert outcome(Rule(), facts, row(2)).wording == ""


def test_what_is_withheld_says_so_with_its_reason() -> None:
    facts = replace(seen("s0"), exemption=Exemption("withheld", "Chờ xác minh.", "Olga"))
    [unmet] = outcome(Rule(), facts, row(1)).unmet
    assert unmet.sentence == (
        "Ban Tổ chức giữ lại giấy. Lý do: Chờ xác minh. Cần Ban Tổ chức cho cấp trở lại."
    )


def test_the_rule_in_words() -> None:
    rule = Rule(share=80, mandatory={"a": "Khai mạc"}, feedback_sessions=2, complete_share=100)
    assert earning.words(rule) == [
        "Đã xác nhận tham dự.",
        "Có mặt ít nhất 80% số khung giờ.",
        "Có mặt ở phiên bắt buộc: Khai mạc.",
        "Đã nhận phiếu đánh giá của ít nhất 2 phiên.",
        "Ghi “hoàn thành” khi có mặt từ 100% số khung giờ.",
    ]
