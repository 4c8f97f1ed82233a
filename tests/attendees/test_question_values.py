"""How answers are kept and read, kind by kind."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from attendees.models import Delegation, Question, Upload
from attendees.question_values import answers, for_journal, kept, shown
from conference.models import Conference

Kind = Question.Kind


def question(kind: str, **fields: Any) -> Question:
    return Question(label="Câu hỏi", slug="cau-hoi", kind=kind, choices=["Máy bay", "Tàu hỏa"], **fields)


@pytest.mark.parametrize(
    ("kind", "given", "stored", "read"),
    [
        (Kind.TEXT, "  VN \n1234 ", "VN 1234", "VN 1234"),
        (Kind.LONG_TEXT, " Một \n\n Hai ", "Một\n\nHai", "Một\n\nHai"),
        (Kind.NUMBER, Decimal("1234"), 1234, "1.234"),
        (Kind.NUMBER, "1.5", 1.5, "1,5"),
        (Kind.NUMBER, "0.125", 0.125, "0,125"),
        (Kind.NUMBER, "7.0", 7, "7"),
        (Kind.NUMBER, 0, 0, "0"),
        (Kind.DATE, datetime.date(2024, 6, 5), "2024-06-05", "05/6/2024"),
        (Kind.DATE, "2024-06-05", "2024-06-05", "05/6/2024"),
        (Kind.TIME, datetime.time(8, 5), "08:05", "08:05"),
        (Kind.CHOICE, "may bay", "Máy bay", "Máy bay"),
        (Kind.CHOICES, ["Tàu hỏa", "Máy bay"], ["Máy bay", "Tàu hỏa"], "Máy bay; Tàu hỏa"),
        (Kind.CHOICES, "Tàu hỏa", ["Tàu hỏa"], "Tàu hỏa"),
        (Kind.YES_NO, True, True, "Có"),
        (Kind.YES_NO, "Không", False, "Không"),
        (Kind.PHONE, "0905 123 318", "+84905123318", "0905 123 318"),
        (Kind.FILE, Upload(pk=7), 7, "Đã gửi tệp"),
        (Kind.TEXT, "", None, ""),
        (Kind.CHOICES, [], None, ""),
    ],
)
def test_an_answer_is_kept_as_json_and_read_as_words(kind: str, given: Any, stored: Any, read: str) -> None:
    found = kept(question(kind), given)
    assert (found, type(found)) == (stored, type(stored))
    assert shown(question(kind), found) == read


@pytest.mark.parametrize(
    ("kind", "given", "code"),
    [
        (Kind.TEXT, "x" * 301, "long"),
        (Kind.LONG_TEXT, "x" * 2001, "long"),
        (Kind.NUMBER, "mười", "number"),
        (Kind.NUMBER, "NaN", "number"),
        (Kind.NUMBER, "9" * 13, "number"),
        (Kind.DATE, "31/6/2024", "date"),
        (Kind.TIME, "25:00", "time"),
        (Kind.CHOICE, "Xe đạp", "choice"),
        (Kind.CHOICES, ["Máy bay", "Xe đạp"], "choice"),
        (Kind.YES_NO, "có lẽ", "yesno"),
        (Kind.PHONE, "0905 123", "phone"),
    ],
)
def test_what_is_no_answer_is_refused_with_a_sentence(kind: str, given: Any, code: str) -> None:
    with pytest.raises(ValidationError) as error:
        kept(question(kind), given)
    assert error.value.code == code
    assert str(error.value.messages[0]).endswith(".")


def test_the_journal_gets_no_sensitive_answer_and_no_whole_number() -> None:
    assert for_journal(question(Kind.CHOICES, is_sensitive=True), ["Máy bay"]) == "đã trả lời"
    assert for_journal(question(Kind.CHOICES, is_sensitive=True), None) == ""
    assert for_journal(question(Kind.PHONE), "+84905123318") == "0905 ••• 318"
    assert for_journal(question(Kind.DATE), "2024-06-05") == "05/6/2024"
    assert for_journal(question(Kind.YES_NO), False) is False


def test_a_file_is_named_and_what_is_required_counts_as_missing(
    conference: Conference, delegation: Delegation
) -> None:
    paper = conference.questions.create(subject="delegation", label="Công văn", kind=Kind.FILE)
    wanted = conference.questions.create(subject="delegation", label="Xe", is_required=True)
    upload = Upload.objects.create(
        delegation=delegation, kind="answer", name="công văn.pdf", size=3, given_by="Dan"
    )
    delegation.extra = {paper.slug: upload.pk}
    found = answers(delegation, [paper, wanted])
    assert [(one.words, one.is_missing) for one in found] == [("công văn.pdf", False), ("", True)]


def test_a_question_is_named_by_its_words_and_no_name_is_given_twice(conference: Conference) -> None:
    labels = ("Ghi chú về đi lại", "Ghi chú về đi lại", "Ghi chú về: đi lại?", "???", "Câu rất dài " * 9)
    names = [conference.questions.create(label=label).slug for label in labels]
    assert names == [
        "ghi-chu-ve-di-lai", "ghi-chu-ve-di-lai-2", "ghi-chu-ve-di-lai-3", "cau-hoi",
        "cau-rat-dai-cau-rat-dai-cau-rat",
    ]  # fmt: skip
