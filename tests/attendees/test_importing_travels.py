"""Columns about travel, room and meals answer what the conference asks; of the others the page says so."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from attendees import importing, questioning, travel
from attendees.importing import Comparison
from attendees.importing.showing import Shown
from attendees.models import Attendee, Delegation, ImportBatch, Question
from conference.models import Conference, JournalEntry, User
from tests.attendees.lists import AN, BINH, CUONG, HEADINGS, acts, shown, stage, told
from tests.attendees.portal import text_of
from tests.attendees.test_views_lists import step
from tests.conftest import VN, MakeAttendee

pytestmark = pytest.mark.django_db

TRAVEL = (
    "Ngày đến",
    "Giờ đến",
    "Phương tiện",
    "Chuyến bay",
    "Ngày về",
    "Phòng nghỉ",
    "Ghép phòng với",
    "Ăn chay",
)
ON_THE_WAY = ("05/6/2024", "14h30", "máy bay", "VN 1377", "08/6", "Phòng đôi", "Trần Thị Bình", "x")
ANSWERS = {
    travel.ARRIVAL_DAY: "2024-06-05",
    travel.ARRIVAL_TIME: "14:30",
    travel.VEHICLE: "Máy bay",
    travel.NUMBER: "VN 1377",
    travel.RETURN_DAY: "2024-06-08",
    travel.ROOM: "Ghép hai người",
    travel.SHARING: "Trần Thị Bình",
}
AGREED = {"agree=diet": "yes"}


@pytest.fixture
def asked(conference: Conference) -> Conference:
    travel.ask(conference, by=None)
    return conference


def sent(delegation: Delegation, *rows: Any, by: User | None, **choices: str) -> ImportBatch:
    batch = stage(delegation, *rows, headings=(*HEADINGS, *TRAVEL), by=by)
    return importing.choose(batch, AGREED | choices, by=by)


def notices(comparison: Comparison) -> list[str]:
    return Shown(comparison, "all").left_out


# ── What is asked ─────────────────────────────────────────────────────────────────────────────────


def test_columns_of_travel_are_answers_of_the_person(
    asked: Conference, delegation: Delegation, dan: User
) -> None:
    batch = sent(delegation, (*AN, *ON_THE_WAY), by=dan)
    comparison = shown(batch, dan)
    assert (acts(comparison), notices(comparison)) == (["new"], [])
    (line,) = (shown_page := Shown(comparison, "all")).lines(shown_page.rows)
    assert [(one.label, one.after) for one in line.answers] == [
        ("Ngày đến", "05/6/2024"), ("Giờ đến dự kiến", "14:30"), ("Ngày về", "08/6/2024"),
        ("Phương tiện", "Máy bay"), ("Số hiệu chuyến", "VN 1377"), ("Phòng nghỉ", "Ghép hai người"),
        ("Ghép phòng với", "Trần Thị Bình"), ("Chế độ ăn", "Ăn chay"),
    ]  # fmt: skip
    assert not delegation.attendees.exists()
    importing.take(batch, by=dan, version=comparison.version)
    extra = delegation.attendees.get().extra
    assert extra == ANSWERS | {travel.DIET: ["Ăn chay"], "consent:diet": extra["consent:diet"]}
    entry = JournalEntry.objects.get(act="answer_questions")
    assert (entry.actor, entry.person_ref) == (dan, delegation.attendees.get().pk)
    assert entry.changes["Ngày đến"] == ["", "05/6/2024"]
    assert entry.changes["Chế độ ăn"] == ["", "đã trả lời"]


def test_the_same_list_again_changes_nothing(asked: Conference, delegation: Delegation, dan: User) -> None:
    importing.take(sent(delegation, (*AN, *ON_THE_WAY), by=dan), by=dan)
    assert acts(shown(sent(delegation, (*AN, *ON_THE_WAY), by=dan), dan)) == ["same"]


def test_the_same_answers_under_the_words_of_the_questions_change_nothing(
    asked: Conference, delegation: Delegation, dan: User
) -> None:
    """With real dates, and diets masked as the desk shows them."""
    importing.take(sent(delegation, (*AN, *ON_THE_WAY), by=dan), by=dan)
    columns = asked.questions.filter(is_sensitive=False)
    real = {Question.Kind.DATE: datetime.date.fromisoformat, Question.Kind.TIME: datetime.time.fromisoformat}
    cells = [real.get(Question.Kind(one.kind), str)(ANSWERS[one.slug]) for one in columns]
    headings = (*HEADINGS, *(one.label for one in columns), "Chế độ ăn")
    comparison = shown(stage(delegation, (*AN, *cells, "đã trả lời"), headings=headings, by=dan), dan)
    assert (acts(comparison), told(comparison), len(cells)) == (["same"], [], 7)


def test_an_answer_changes_alone_and_an_empty_cell_takes_none_away(
    asked: Conference, delegation: Delegation, dan: User
) -> None:
    importing.take(sent(delegation, (*AN, *ON_THE_WAY), by=dan), by=dan)
    before = delegation.attendees.get()
    batch = sent(delegation, (*AN, "06/6/2024", *[""] * 7), by=dan)
    comparison = shown(batch, dan)
    assert acts(comparison) == ["changed"]
    assert [one.words for one in comparison.rows[0].answers] == [("05/6/2024", "06/6/2024")]
    importing.take(batch, by=dan, version=comparison.version)
    after = delegation.attendees.get()
    assert after.extra == before.extra | {travel.ARRIVAL_DAY: "2024-06-06"}
    assert after.version == before.version + 1
    assert not JournalEntry.objects.filter(act="edit").exists()
    assert JournalEntry.objects.filter(act="answer_questions").latest("pk").changes == {
        "Ngày đến": ["05/6/2024", "06/6/2024"]
    }


def test_answers_given_since_the_preview_make_it_stale(
    asked: Conference, delegation: Delegation, dan: User
) -> None:
    importing.take(sent(delegation, (*AN, *ON_THE_WAY), by=dan), by=dan)
    batch = sent(delegation, (*AN, "06/6/2024", *[""] * 7), by=dan)
    version = shown(batch, dan).version
    questioning.answer(delegation.attendees.get(), {travel.ARRIVAL_DAY: "2024-06-04"}, by=dan)
    with pytest.raises(questioning.Stale):
        importing.take(batch, by=dan, version=version)


def test_a_substitute_brings_answers_of_their_own(
    asked: Conference, delegation: Delegation, dan: User
) -> None:
    importing.take(sent(delegation, (*AN, *ON_THE_WAY), by=dan), by=dan)
    old = delegation.attendees.get()
    row = (1, "Đỗ Thị Dung", *AN[2:], "06/6/2024", *[""] * 7)
    headings = (*HEADINGS, *TRAVEL, "Mã đại biểu")
    batch = stage(delegation, (*row, old.code), headings=headings, by=dan)
    key = f"name.{shown(batch, dan).rows[0].key}"
    importing.take(importing.choose(batch, {key: "substitute"}, by=dan), by=dan)
    new = Attendee.objects.get(substitute_for=old)
    assert new.extra == {travel.ARRIVAL_DAY: "2024-06-06"}
    assert JournalEntry.objects.get(act="answer_questions", person_ref=new.pk)


def test_a_question_put_by_hand_under_the_same_words_is_answered_too(
    conference: Conference, delegation: Delegation, dan: User
) -> None:
    conference.questions.create(label="Ngày đến", kind="date")
    conference.questions.create(label="Ngày về", kind="yesno")  # of another kind: not this question
    batch = stage(delegation, (*AN, "5/6", "8/6"), headings=(*HEADINGS, "Ngày đến", "Ngày về"), by=dan)
    assert notices(shown(batch, dan)) == [
        "Không nhập “Ngày về”: hội nghị không hỏi. Cần thì Ban Tổ chức thêm câu hỏi, rồi tải tệp lên lại."
    ]
    importing.take(batch, by=dan)
    assert delegation.attendees.get().extra == {"ngay-den": "2024-06-05"}


def test_columns_of_travel_ask_as_much_for_three_rows_as_for_one(
    asked: Conference, delegation: Delegation, olga: User
) -> None:
    """Also of an organiser after the deadline, who may still answer."""
    asked.questions.update(answer_by=datetime.datetime(2024, 5, 1, tzinfo=VN))
    counts = []
    for rows in ([AN], [AN, BINH, CUONG]):
        batch = sent(delegation, *((*row, *ON_THE_WAY) for row in rows), by=olga)
        with CaptureQueriesContext(connection) as queries:
            comparison = importing.preview(batch, by=olga)
            assert [len(row.answers) for row in comparison.rows] == [8] * len(rows)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# ── What is not understood ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("column", "text", "code", "kept"),
    [
        ("Ngày đến", "chưa rõ", "travel-text", {}),
        ("Ngày đến", "chiều 5/6", "travel-text", {travel.ARRIVAL_DAY: "2024-06-05"}),
        ("Ngày đến", "05/6/2023", "far-day", {}),
        ("Ngày về", "08/6/2042", "far-day", {}),
        ("Phương tiện", "49A-123.45", "travel-choice", {}),
        ("Phòng nghỉ", "tầng thấp", "travel-choice", {}),
        ("Phòng nghỉ", "Phòng đơn; tầng thấp", "travel-choice", {travel.ROOM: "Phòng đơn"}),
        ("Chế độ ăn", "dị ứng tôm", "travel-choice", {}),
    ],
)
def test_what_is_not_understood_is_told_at_its_cell_and_left_out(
    asked: Conference,
    delegation: Delegation,
    dan: User,
    column: str,
    text: str,
    code: str,
    kept: dict[str, str],
) -> None:
    batch = stage(delegation, (*AN, text), headings=(*HEADINGS, column), by=dan)
    assert told(shown(batch, dan)) == [("H2", "warning", code)]
    importing.take(batch, by=dan)
    assert delegation.attendees.get().extra == kept


def test_words_for_none_say_nothing(asked: Conference, delegation: Delegation, dan: User) -> None:
    nothing = ("", "", "-", "không", "", "không", "-", "không")
    batch = stage(delegation, (*AN, *nothing), headings=(*HEADINGS, *TRAVEL), by=dan)
    assert (acts(shown(batch, dan)), told(shown(batch, dan))) == (["new"], [])
    importing.take(batch, by=dan)
    assert delegation.attendees.get().extra == {}


# ── What is sensitive ─────────────────────────────────────────────────────────────────────────────


def test_a_diet_waits_for_the_word_that_people_agreed(
    asked: Conference, delegation: Delegation, dan: User
) -> None:
    batch = stage(delegation, (*AN, "ăn chay"), (*BINH, "chay"), headings=(*HEADINGS, "Chế độ ăn"), by=dan)
    assert acts(shown(batch, dan)) == ["open", "open"]
    page = Shown(shown(batch, dan), "")
    assert [(one.question.key, one.rows) for one in page.shared] == [("agree=diet", 2)]
    refused = importing.choose(batch, {"agree=diet": "no"}, by=dan)
    assert acts(shown(refused, dan)) == ["new", "new"]
    importing.take(refused, by=dan)
    assert [one.extra for one in delegation.attendees.all()] == [{}, {}]


def test_a_diet_is_shown_to_the_own_delegation_alone(
    asked: Conference, delegation: Delegation, dan: User, olga: User
) -> None:
    for by, words in ((dan, "Ăn chay"), (olga, "đã trả lời")):
        batch = sent(delegation, (*AN, *ON_THE_WAY), by=by)
        (row,) = shown(batch, by).rows
        assert row.answers[-1].words == ("", words)
        assert all("chay" not in one.told(str) for one in row.problems)
        page = Shown(shown(batch, by), "all")
        quoted = [told.after for told in page.lines(page.rows)[0].notices]
        assert "Ăn chay" not in quoted


def test_no_page_of_the_list_repeats_what_somebody_eats(
    asked: Conference, delegation: Delegation, as_dan: Client, dan: User
) -> None:
    row = (*AN, "05/6/2024", "kiêng hải sản và tôm")
    batch = stage(delegation, row, headings=(*HEADINGS, "Ngày đến", "Chế độ ăn"), by=dan)
    page = text_of(as_dan.get(step("columns", batch)))
    assert "Ngày đến Ví dụ: 05/6/2024" in page
    pages = page + text_of(as_dan.get(step("preview", batch) + "?show=all"))
    assert "tôm" not in pages


# ── What is not asked ─────────────────────────────────────────────────────────────────────────────


def test_columns_that_nobody_asks_for_are_named_in_one_sentence(
    delegation: Delegation, as_dan: Client, dan: User
) -> None:
    batch = stage(delegation, (*AN, *ON_THE_WAY), headings=(*HEADINGS, *TRAVEL), by=dan)
    sentence = (
        "Không nhập “Ngày đến”, “Giờ đến”, “Ngày về”, “Phương tiện”, “Chuyến bay”, “Phòng nghỉ”,"
        " “Ghép phòng với”, “Ăn chay”: hội nghị không hỏi."
        " Cần thì Ban Tổ chức thêm câu hỏi, rồi tải tệp lên lại."
    )
    assert notices(shown(batch, dan)) == [sentence]
    assert text_of(as_dan.get(step("preview", batch))).count(sentence) == 1
    importing.take(batch, by=dan)
    assert delegation.attendees.get().extra == {}


def test_an_empty_column_is_not_missed(delegation: Delegation, dan: User) -> None:
    batch = stage(delegation, (*AN, *[""] * 8), headings=(*HEADINGS, *TRAVEL), by=dan)
    assert notices(shown(batch, dan)) == []


def test_of_a_column_that_says_more_than_is_asked_the_rest_is_named(
    asked: Conference, delegation: Delegation, dan: User
) -> None:
    asked.questions.get(slug=travel.ARRIVAL_TIME).delete()
    cells = ("05/6/2024 14:30", "08/6/2024 9h, VN 1378")
    batch = stage(delegation, (*AN, *cells), headings=(*HEADINGS, "Thời gian đến", "Thời gian về"), by=dan)
    (sentence,) = notices(shown(batch, dan))
    assert sentence.startswith("Không nhập “Giờ đến dự kiến”, “Giờ và chuyến về”: hội nghị không hỏi.")
    importing.take(batch, by=dan)
    assert delegation.attendees.get().extra == {
        travel.ARRIVAL_DAY: "2024-06-05",
        travel.RETURN_DAY: "2024-06-08",
    }


def test_after_the_deadline_of_the_question_only_organisers_answer(
    asked: Conference, delegation: Delegation, dan: User, olga: User
) -> None:
    asked.questions.update(answer_by=datetime.datetime(2024, 5, 1, tzinfo=VN))
    batch = stage(delegation, (*AN, "05/6/2024"), headings=(*HEADINGS, "Ngày đến"), by=dan)
    assert notices(shown(batch, dan)) == [
        "Không nhập “Ngày đến”: đã hết hạn trả lời. Gọi Ban Tổ chức để thay đổi."
    ]
    importing.take(batch, by=dan)
    assert delegation.attendees.get().extra == {}
    batch = stage(delegation, (*AN, "05/6/2024"), headings=(*HEADINGS, "Ngày đến"), by=olga)
    importing.take(batch, by=olga)
    assert delegation.attendees.get().extra == {travel.ARRIVAL_DAY: "2024-06-05"}


def test_of_a_full_date_of_birth_it_is_said_once_that_the_year_stays(
    delegation: Delegation, dan: User
) -> None:
    rows = [
        (number, name, "25/6/1975", *AN[3:]) for number, name in ((1, "Nguyễn Văn An"), (2, "Lê Văn Bảo"))
    ]
    comparison = shown(stage(delegation, *rows, by=dan), dan)
    assert notices(comparison) == [
        "Ngày sinh ghi đầy đủ trong tệp chỉ giữ lại năm: hội nghị không cần ngày và tháng."
    ]
    assert notices(shown(stage(delegation, AN, by=dan), dan)) == []


# ── Taken back ────────────────────────────────────────────────────────────────────────────────────


def test_undoing_puts_the_answers_back_as_they_were(
    asked: Conference, delegation: Delegation, dan: User
) -> None:
    importing.take(sent(delegation, (*AN, *ON_THE_WAY), by=dan), by=dan)
    before = delegation.attendees.get().extra
    batch = importing.take(
        sent(delegation, (*AN, "06/6/2024", "9h", *[""] * 5, "Không thịt bò"), by=dan), by=dan
    )
    assert delegation.attendees.get().extra != before
    importing.undo(batch, by=dan)
    assert delegation.attendees.get().extra == before
    assert JournalEntry.objects.filter(act="answer_questions").latest("pk").changes["Ngày đến"] == [
        "06/6/2024",
        "05/6/2024",
    ]


def test_undoing_takes_first_answers_away_and_keeps_the_others(
    asked: Conference, delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation, birth_year=1975, extra=(before := {travel.ROOM: "Phòng đơn"}))
    batch = stage(delegation, (*AN, "05/6/2024"), headings=(*HEADINGS, "Ngày đến"), by=dan)
    importing.take(batch, by=dan)
    assert set(delegation.attendees.get().extra) == {travel.ROOM, travel.ARRIVAL_DAY}
    importing.undo(batch, by=dan)
    assert delegation.attendees.get().extra == before


def test_a_list_whose_people_have_answered_anew_is_not_taken_back(
    asked: Conference, delegation: Delegation, dan: User
) -> None:
    batch = importing.take(sent(delegation, (*AN, *ON_THE_WAY), by=dan), by=dan)
    questioning.answer(delegation.attendees.get(), {travel.ARRIVAL_DAY: "2024-06-04"}, by=dan)
    with pytest.raises(importing.Changed) as refused:
        importing.undo(batch, by=dan)
    assert refused.value.rows == [("Nguyễn Văn An", "đã trả lời lại câu hỏi sau khi nhập")]
    assert delegation.attendees.get().extra[travel.ARRIVAL_DAY] == "2024-06-04"


def test_what_people_have_answered_themselves_is_not_lost_with_the_list(
    asked: Conference, delegation: Delegation, dan: User
) -> None:
    batch = importing.take(stage(delegation, AN, by=dan), by=dan)
    questioning.answer(delegation.attendees.get(), {travel.ROOM: "Phòng đơn"}, by=dan)
    with pytest.raises(importing.Changed):
        importing.undo(batch, by=dan)
    questioning.answer(delegation.attendees.get(), {travel.ROOM: ""}, by=dan)
    importing.undo(batch, by=dan)
    assert not delegation.attendees.exists()
