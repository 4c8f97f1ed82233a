"""What an answer is: how `extra` keeps it and how people read it. Nothing is written here."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from attendees.models import Attendee, Delegation, Question, Upload
from conference import vietnamese, vietnamese_dates

Subject = Delegation | Attendee
Kind = Question.Kind

ANSWERED = gettext_noop("đã trả lời")  # kept as it stands; translated where it is shown
CONSENT = "consent:"  # + slug → moment of the consent, in `extra`; no slug holds a colon
LONGEST = {Kind.TEXT: 300, Kind.LONG_TEXT: 2000}  # characters
MOST_DIGITS = 12
YES, NO = ("co", "x", "yes", "true", "1"), ("khong", "no", "false", "0")


def of_subject(subject: Subject) -> Any:
    """The questions that are put to a delegation or to a person, in their order."""
    kind = Question.Subject.PERSON if isinstance(subject, Attendee) else Question.Subject.DELEGATION
    return subject.conference.questions.filter(subject=kind)


def kept(question: Question, value: Any) -> Any:
    """An answer as JSON: text, number, ISO date or time, list, yes or no, number of an upload; None for none.

    Raises `ValidationError` with a sentence when it is no answer to this question.
    """
    if value in (None, "", []):
        return None
    check = _CHECKS.get(Kind(question.kind), _text)
    return check(question, value)


def shown(question: Question, value: Any, files: dict[int, str] | None = None) -> str:
    """A kept answer as people read it; "" for none. `files`: names of uploads by their number."""
    if value in (None, "", []):
        return ""
    match question.kind:
        case Kind.DATE:
            return vietnamese_dates.short_date(datetime.date.fromisoformat(value))
        case Kind.TIME:
            return vietnamese_dates.clock(datetime.time.fromisoformat(value))
        case Kind.NUMBER:
            return vietnamese_dates.number(value, MOST_DIGITS)  # as it was given, not rounded
        case Kind.YES_NO:
            return _("Có") if value else _("Không")
        case Kind.CHOICES:
            return "; ".join(value)
        case Kind.PHONE:
            return vietnamese.show_phone(value)
        case Kind.FILE:
            return (files or {}).get(value, "") or _("Đã gửi tệp")
    return str(value)


def for_journal(question: Question, value: Any) -> Any:
    """What the journal keeps of an answer: of sensitive ones only that there is one, of phones a part."""
    if value in (None, "", []):
        return ""
    if question.is_sensitive:
        return ANSWERED
    if question.kind in (Kind.YES_NO, Kind.NUMBER):
        return value
    return vietnamese.mask_phone(value) if question.kind == Kind.PHONE else shown(question, value)


# ── Kinds ─────────────────────────────────────────────────────────────────────────────────────────


def _text(question: Question, value: Any) -> str:
    is_long = question.kind == Kind.LONG_TEXT
    lines = [vietnamese.clean(line) for line in str(value).splitlines()]
    text = "\n".join(lines).strip() if is_long else " ".join(lines).strip()
    longest = LONGEST[Kind.LONG_TEXT if is_long else Kind.TEXT]
    if len(text) > longest:
        sentence = _("Dài tối đa %(most)d ký tự, hiện có %(now)d. Viết gọn lại.")
        raise ValidationError(sentence % {"most": longest, "now": len(text)}, code="long")
    return text


def _number(question: Question, value: Any) -> int | float:
    try:
        number = Decimal(str(value))
    except ArithmeticError as error:
        raise ValidationError(_("Chỉ nhập số, ví dụ 12 hoặc 1,5."), code="number") from error
    if not number.is_finite() or abs(number) >= 10**MOST_DIGITS:
        raise ValidationError(_("Số này lớn quá. Nhập tối đa 12 chữ số."), code="number")
    return int(number) if number == number.to_integral_value() else float(number)


def _day(question: Question, value: Any) -> str:
    try:
        return (
            value if isinstance(value, datetime.date) else datetime.date.fromisoformat(str(value))
        ).isoformat()
    except ValueError as error:
        sentence = _("Chưa đọc được ngày này. Nhập ngày/tháng/năm, ví dụ 06/6/2024.")
        raise ValidationError(sentence, code="date") from error


def _clock(question: Question, value: Any) -> str:
    try:
        moment = value if isinstance(value, datetime.time) else datetime.time.fromisoformat(str(value))
    except ValueError as error:
        sentence = _("Chưa đọc được giờ này. Nhập giờ:phút, ví dụ 07:30.")
        raise ValidationError(sentence, code="time") from error
    return moment.strftime("%H:%M")


def _choice(question: Question, value: Any) -> str:
    known = {vietnamese.fold(choice): choice for choice in question.choices}
    if (chosen := known.get(vietnamese.fold(str(value)))) is None:
        sentence = _("Không có lựa chọn “%(value)s”. Chọn một trong: %(choices)s.")
        words = {"value": value, "choices": "; ".join(question.choices)}
        raise ValidationError(sentence % words, code="choice")
    return chosen


def _choices(question: Question, value: Any) -> list[str]:
    chosen = {_choice(question, one) for one in (value if isinstance(value, list | tuple) else [value])}
    return [choice for choice in question.choices if choice in chosen]


def _yes_no(question: Question, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if (word := vietnamese.fold(str(value))) in YES or word in NO:
        return word in YES
    raise ValidationError(_("Trả lời Có hoặc Không."), code="yesno")


def _phone(question: Question, value: Any) -> str:
    try:
        return vietnamese.phone(str(value))
    except ValueError as error:
        raise ValidationError(_(str(error)), code="phone") from error


def _file(question: Question, value: Any) -> int:
    return value.pk if isinstance(value, Upload) else int(value)


_CHECKS = {
    Kind.NUMBER: _number,
    Kind.DATE: _day,
    Kind.TIME: _clock,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.YES_NO: _yes_no,
    Kind.PHONE: _phone,
    Kind.FILE: _file,
}


# ── Reading many ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Answer:
    """One question with what a delegation or a person says to it."""

    question: Question
    value: Any
    words: str

    @property
    def is_missing(self) -> bool:
        return self.question.is_required and not self.words

    @property
    def is_private(self) -> bool:
        """Something for the own delegation alone: a sensitive answer, or a telephone number."""
        return bool(self.words) and (self.question.is_sensitive or self.question.kind == Kind.PHONE)

    @property
    def closed(self) -> str:
        """As it is shown to who may not read everything: sensitive answers and telephone numbers masked."""
        if not self.is_private:
            return self.words
        return _(ANSWERED) if self.question.is_sensitive else vietnamese.mask_phone(self.value)


def file_names(subject: Subject, questions: Iterable[Question]) -> dict[int, str]:
    """Names of the files that were given as answers, by their number; no query where there are none."""
    numbers = [subject.extra.get(one.slug) for one in questions if one.kind == Kind.FILE]
    if not any(numbers):
        return {}
    return dict(subject.uploads.filter(pk__in=filter(None, numbers)).values_list("pk", "name"))


def answers(subject: Subject, questions: Iterable[Question]) -> list[Answer]:
    """Every question with the answer as it stands."""
    questions = list(questions)
    files = file_names(subject, questions)
    return [
        Answer(one, subject.extra.get(one.slug), shown(one, subject.extra.get(one.slug), files))
        for one in questions
    ]
