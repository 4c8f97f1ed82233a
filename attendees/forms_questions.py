"""Forms made of an organiser's questions: one field for each row of `Question`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from attendees.forms import Line, Phone
from attendees.inspecting import Inert, inspect
from attendees.models import Question
from attendees.question_values import CONSENT, LONGEST, Kind, Subject, file_names, kept, shown
from attendees.questioning import Stale, answer, version_of
from conference import desk_forms
from conference.journal import Actor

FEW = 7  # choices that are shown all at once; more fold into a list
YES, NO = "yes", "no"
CLOCK_FORMATS = ["%H:%M", "%Hh%M", "%H.%M"]
_LEFT_OUT = _("Chưa trả lời")


class Lines(Line):
    """A text of several lines."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value: Any) -> str:
        text = str(value or "")
        return "\n".join(super(Lines, self).to_python(line) for line in text.splitlines() or [text]).strip()


class Number(Line):
    """A number as people here write it: 12, 1.500 or 1,5. It stands in the field as it is kept, ungrouped."""

    GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?")
    PLAIN = re.compile(r"-?[0-9]+([.,][0-9]+)?")  # a point that is left by then is a decimal one: 1.5, 0.125

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "input--short"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        if self.GROUPED.fullmatch(text):
            text = text.replace(".", "")
        if not self.PLAIN.fullmatch(text):
            raise ValidationError(_("Chỉ nhập số, ví dụ 12 hoặc 1,5."), code="number")
        return Decimal(text.replace(",", "."))

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int | float):
            return f"{Decimal(str(value)):f}".replace(".", ",")
        return super().prepare_value(value)


def _short(question: Question) -> forms.Field:
    return Line(required=False, max_length=LONGEST[Kind.TEXT])


def _long(question: Question) -> forms.Field:
    return Lines(required=False, max_length=LONGEST[Kind.LONG_TEXT])


def _number(question: Question) -> forms.Field:
    return Number(required=False)


def _day(question: Question) -> forms.Field:
    return forms.DateField(
        required=False, widget=desk_forms.DayInput(), error_messages={"invalid": desk_forms.DAY_WRONG}
    )


def _clock(question: Question) -> forms.Field:
    return forms.TimeField(
        required=False,
        widget=desk_forms.ClockInput(),
        input_formats=CLOCK_FORMATS,
        error_messages={"invalid": desk_forms.CLOCK_WRONG},
    )


def _one_of(question: Question) -> forms.Field:
    choices = [("", _LEFT_OUT), *((choice, choice) for choice in question.choices)]
    widget = forms.RadioSelect if len(question.choices) <= FEW else forms.Select
    return forms.ChoiceField(required=False, choices=choices, widget=widget)


def _some_of(question: Question) -> forms.Field:
    return forms.MultipleChoiceField(
        required=False,
        choices=[(choice, choice) for choice in question.choices],
        widget=forms.CheckboxSelectMultiple,
    )


def _yes_no(question: Question) -> forms.Field:
    return forms.TypedChoiceField(
        required=False,
        choices=[("", _LEFT_OUT), (YES, _("Có")), (NO, _("Không"))],
        widget=forms.RadioSelect,
        coerce=lambda value: value == YES,
        empty_value=None,
    )


class Paper(forms.FileField):
    """A file, cleaned as what may be kept of it."""

    widget = forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.webp"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = super().clean(data, None)
        return inspect(given) if given else None


def _file(question: Question) -> forms.Field:
    return Paper(required=False)


def _phone(question: Question) -> forms.Field:
    return Phone(required=False, max_length=40)


FIELDS = {
    Kind.TEXT: _short,
    Kind.LONG_TEXT: _long,
    Kind.NUMBER: _number,
    Kind.DATE: _day,
    Kind.TIME: _clock,
    Kind.CHOICE: _one_of,
    Kind.CHOICES: _some_of,
    Kind.YES_NO: _yes_no,
    Kind.PHONE: _phone,
    Kind.FILE: _file,
}
# What stands in the field until somebody answers.
HINTS = {
    Kind.DATE: desk_forms.DAY_HINT,
    Kind.TIME: desk_forms.CLOCK_HINT,
    Kind.FILE: _("PDF hoặc ảnh JPEG, PNG, WebP, tối đa 10 MB."),
}


class AnswerForm(forms.Form):
    """The questions of one delegation or person, filled with the answers as they stand.

    Nothing is required here: what is wanted but unknown yet is asked for again. Each sensitive question is
    followed by a consent of its own, which is never ticked beforehand.
    """

    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)
    is_stale = False  # somebody else answered meanwhile: a conflict, to be decided by the person

    def __init__(
        self, subject: Subject, questions: Iterable[Question], *args: Any, own: bool = False, **kwargs: Any
    ) -> None:
        """`own`: the person answers about herself, not an officer for her."""
        super().__init__(*args, **kwargs)
        self.subject, self.questions = subject, list(questions)
        self.initial["version"] = version_of(subject)
        self.files_sent = file_names(subject, self.questions)
        for question in self.questions:
            self._ask(question, own)
        self.order_fields([name for name in self.fields if name != "version"])

    def _ask(self, question: Question, own: bool) -> None:
        field, value = FIELDS[Kind(question.kind)](question), self.subject.extra.get(question.slug)
        field.label = question.label
        notes = [gettext("Dữ liệu nhạy cảm, không bắt buộc.")] if question.is_sensitive else []
        notes += [question.help_text or str(HINTS.get(Kind(question.kind), ""))]
        field.help_text = " ".join(filter(None, notes))
        field.is_wanted = question.is_required  # type: ignore[attr-defined]  # read by the tag `field`
        if isinstance(field, forms.ChoiceField) and question.kind != Kind.YES_NO:
            _keep_choices(field, value)
        self.fields[name_of(question)] = field
        if question.kind == Kind.FILE and value:
            sent = shown(question, value, self.files_sent)
            field.help_text = gettext("Đã gửi: %s. Gửi tệp khác thì thay tệp này.") % sent
            label = gettext("Gỡ tệp đã gửi")
            self.fields[removal_of(question)] = forms.BooleanField(required=False, label=label)
        self.initial[name_of(question)] = _filled(question, value)
        if question.is_sensitive:
            self.fields[consent_of(question)] = _consent(own)
            self.initial[consent_of(question)] = CONSENT + question.slug in self.subject.extra

    def save(self, *, by: Actor | None) -> bool:
        """Writes the answers; False when the act refused or somebody was faster, and the form says why."""
        version = self.cleaned_data["version"] or None
        try:
            answer(self.subject, self.values(), by=by, version=version, consents=self.consents())
        except ValidationError as refusal:
            self.tell(refusal)
        except Stale as stale:
            self.tell_of_others(cast(Subject, stale.current))
        return not self.errors

    def values(self) -> dict[str, Any]:
        """Slug → answer, as `questioning.answer` takes them."""
        return {one.slug: self._value(one) for one in self.questions}

    def _value(self, question: Question) -> Any:
        value = self.cleaned_data[name_of(question)]
        if question.kind != Kind.FILE or value is not None:
            return value
        is_removed = self.cleaned_data.get(removal_of(question), False)
        return None if is_removed else self.subject.extra.get(question.slug)

    def consents(self) -> set[str]:
        """Sensitive questions to whose use the person agreed."""
        return {one.slug for one in self.questions if one.is_sensitive and self.cleaned_data[consent_of(one)]}

    def tell(self, refusal: ValidationError) -> None:
        """Puts a refusal of the act at the questions it is about."""
        refusals = refusal.error_dict if hasattr(refusal, "error_dict") else {"": refusal.error_list}
        names = {one.slug: name_of(one) for one in self.questions}
        for slug, found in refusals.items():
            self.add_error(names.get(slug), found)

    def tell_of_others(self, current: Subject) -> None:
        """Somebody answered meanwhile: their answer stands where it differs; sending again decides."""
        for question in self.questions:
            theirs = shown(question, current.extra.get(question.slug))
            mine = self._value(question) if name_of(question) in self.cleaned_data else None
            if theirs != _spoken(question, mine):
                sentence = gettext(
                    "Người khác vừa trả lời “%(value)s”. "
                    "Giữ câu trả lời đang nhập hoặc sửa lại, rồi lưu lần nữa."
                )
                words = {"value": theirs or gettext("(trống)")}
                self.add_error(name_of(question), ValidationError(sentence, code="stale", params=words))
        self.is_stale = True
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        data["version"] = version_of(current)
        self.data = data


def name_of(question: Question) -> str:
    """The field of a question."""
    return f"q-{question.slug}"


def removal_of(question: Question) -> str:
    """The tick that takes a sent file back."""
    return f"remove-{question.slug}"


def consent_of(question: Question) -> str:
    """The tick that goes with a sensitive question."""
    return f"consent-{question.slug}"


def _consent(own: bool) -> forms.Field:
    label = (
        _("Tôi đồng ý để Ban Tổ chức dùng câu trả lời này cho việc phục vụ tại hội nghị")
        if own
        else _("Đại biểu đã đồng ý để Ban Tổ chức dùng câu trả lời này cho việc phục vụ tại hội nghị")
    )
    hint = _("Rút lại lúc nào cũng được: bỏ dấu, xóa câu trả lời rồi lưu.")
    return forms.BooleanField(required=False, label=label, help_text=hint)


def _keep_choices(field: forms.ChoiceField, value: Any) -> None:
    """An answer that is no longer offered stays until somebody chooses another."""
    choices: Any = field.choices
    offered = list(choices)
    for one in value if isinstance(value, list) else [value] if value else []:
        if all(one != choice for choice, _word in offered):
            offered.append((one, gettext("%s (không còn trong danh sách)") % one))
    field.choices = offered


def _filled(question: Question, value: Any) -> Any:
    """What stands in the field for a kept answer."""
    if value is None:
        return None
    match question.kind:
        case Kind.FILE:
            return None
        case Kind.DATE | Kind.TIME:
            return shown(question, value)
        case Kind.YES_NO:
            return YES if value else NO
    return value


def _spoken(question: Question, value: Any) -> str:
    """A cleaned value in words, to be compared."""
    if isinstance(value, Inert):
        return value.name
    try:
        return shown(question, kept(question, value))
    except ValidationError:
        return str(value)
