"""What is ticked and written on a paper, and how long papers are taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from conference import vietnamese
from conference.desk_forms import DeskForm
from sessions.feedback import LONGEST_TEXT, MOST_DAYS, Paper
from sessions.models import Feedback, FeedbackSetting, TestQuestion

LEVELS = [
    ("1", _("1, rất không hài lòng")),
    ("2", "2"),
    ("3", "3"),
    ("4", "4"),
    ("5", _("5, rất hài lòng")),
    ("", _("Không có ý kiến")),
]


class AskForm(forms.Form):
    """Which paper a person wants."""

    kind = forms.ChoiceField(choices=Paper.choices)
    session = forms.SlugField(required=False, max_length=40)


class OpinionForm(forms.Form):
    """Six scales and two open questions, none of them compulsory; but not a blank sheet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in Feedback.SCALES:
            self.fields[name] = forms.TypedChoiceField(
                label=Feedback.label_of(name),
                choices=LEVELS,
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("Chọn một mức từ 1 đến 5, hoặc “Không có ý kiến”.")},
            )
        for name in Feedback.TEXTS:
            self.fields[name] = forms.CharField(
                label=Feedback.label_of(name),
                required=False,
                max_length=LONGEST_TEXT,
                widget=forms.Textarea(attrs={"rows": 4}),
            )

    @property
    def scales(self) -> list[forms.BoundField]:
        return [self[name] for name in Feedback.SCALES]

    @property
    def texts(self) -> list[forms.BoundField]:
        return [self[name] for name in Feedback.TEXTS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in Feedback.TEXTS:
            cleaned[name] = vietnamese.clean(cleaned.get(name) or "")
        if not self.errors and not any(value for value in cleaned.values()):
            raise ValidationError(_("Phiếu còn trống. Chọn ít nhất một mức hoặc viết một câu."), code="blank")
        return cleaned

    def given(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class TestForm(forms.Form):
    """The questions of a test, each with its options and a way to say that one does not know."""

    __test__ = False  # no test of pytest's

    def __init__(self, questions: Sequence[TestQuestion], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, one in enumerate(questions, start=1):
            options = [(str(place), line) for place, line in enumerate(one.lines, start=1)]
            self.fields[str(one.pk)] = forms.TypedChoiceField(
                label=f"{number}. {one.text}",
                choices=[*options, ("", _("Chưa biết"))],
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("Chọn một phương án.")},
            )

    def given(self) -> dict[str, Any]:
        return {name: option for name, option in self.cleaned_data.items() if option is not None}


class DaysForm(forms.ModelForm):
    """For how many days after the conference papers are taken; `shown`: what the page said."""

    shown = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = FeedbackSetting
        fields = ("days_after",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["shown"] = self.instance.days_after
        field = self.fields["days_after"]
        sentence = _("Nhập số ngày, từ 0 đến %(most)s.") % {"most": MOST_DAYS}
        field.error_messages = {"required": sentence, "invalid": sentence}
        field.validators = [MinValueValidator(0, sentence), MaxValueValidator(MOST_DAYS, sentence)]


class TestQuestionForm(DeskForm):
    """A question of a test, on the desk."""

    __test__ = False  # no test of pytest's

    class Meta:
        widgets = {"options": forms.Textarea(attrs={"rows": 6}), "text": forms.Textarea(attrs={"rows": 2})}
