"""What is typed into the plan of the programme: where a session stands, a new one, a shift, a copied day."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference import desk_forms, moments, vietnamese
from conference.desk_forms import CLOCK_WRONG, ClockInput, ShortSelect
from sessions.models import Hall, Session
from sessions.planning import LONGEST_SHIFT, Time

HALL, NO_HALL = gettext_lazy("Hội trường"), gettext_lazy("Chưa xếp")
NO_SUCH_HALL = {"invalid_choice": gettext_lazy("Hội trường này không còn. Chọn hội trường khác.")}


def clock(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=ClockInput(), error_messages={"invalid": CLOCK_WRONG})


class DayField(forms.TypedChoiceField):
    """One of the days of the plan."""

    widget = ShortSelect

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label=label, coerce=datetime.date.fromisoformat, **kwargs)

    def offer(self, days: Sequence[datetime.date]) -> None:
        self.choices = [(f"{day:%Y-%m-%d}", moments.weekday_date(day)) for day in days]


class HallField(forms.TypedChoiceField):
    """A hall, from a list that was read once for the whole page; or none yet."""

    widget = ShortSelect

    def __init__(self, label: Any = HALL, empty: Any = NO_HALL) -> None:
        super().__init__(label=label, required=False, empty_value=None, error_messages=NO_SUCH_HALL)
        self.empty = empty

    def offer(self, halls: Sequence[Hall]) -> None:
        known = {str(hall.pk): hall for hall in halls}
        self.choices = [("", self.empty), *((key, hall.name) for key, hall in known.items())]
        self.coerce = lambda value: known[value]


class PlanForm(forms.Form):
    """A form that knows the days and halls of the plan."""

    def __init__(
        self, days: Sequence[datetime.date], halls: Sequence[Hall], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, DayField):
                field.offer(days)
            elif isinstance(field, HallField):
                field.offer(halls)


class TimedForm(PlanForm):
    """Where a session stands. `knowing`: codes that a refusal named, taken only with "overlap"."""

    starts = clock(gettext_lazy("Bắt đầu"))
    ends = clock(gettext_lazy("Kết thúc"))
    hall = HallField()
    day = DayField(gettext_lazy("Ngày"))
    knowing = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)

    def time(self) -> Time:
        return Time(*(self.cleaned_data[name] for name in Time._fields))


class PlaceForm(TimedForm):
    """The place of one session, as it was when the form was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class AddForm(TimedForm):
    """A new session of the day that is shown."""

    title = forms.CharField(label=gettext_lazy("Nội dung"), max_length=500)
    kind = forms.ChoiceField(label=gettext_lazy("Loại"), choices=Session.Kind, initial=Session.Kind.TOPIC)
    number = forms.IntegerField(
        label=gettext_lazy("Chuyên đề số"), required=False, min_value=1, max_value=99,
        error_messages={"invalid": gettext_lazy("Nhập một số nguyên, ví dụ 1.")},
    )  # fmt: skip
    day = DayField(gettext_lazy("Ngày"), widget=forms.HiddenInput)
    once = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ("title", "kind", "number")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("once", uuid.uuid4().hex)

    def clean_title(self) -> str:
        title = vietnamese.clean(self.cleaned_data["title"])
        if not title:
            raise forms.ValidationError(_("Nhập nội dung của phiên."))
        return title

    @property
    def is_repeated(self) -> bool:
        return desk_forms.is_repeated(self.cleaned_data["once"])


class ShiftForm(PlanForm):
    """Everything from a point on, by so many minutes."""

    day = DayField(gettext_lazy("Ngày"), widget=forms.HiddenInput)
    after = clock(gettext_lazy("Từ giờ"))
    minutes = forms.IntegerField(
        label=gettext_lazy("Dời thêm (phút)"),
        min_value=-LONGEST_SHIFT,
        max_value=LONGEST_SHIFT,
        help_text=gettext_lazy("Số âm thì dời sớm hơn."),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            gettext_lazy("Nhập số phút từ 1 đến 720; số âm thì dời sớm hơn."),
        ),
    )
    hall = HallField(empty=gettext_lazy("Mọi hội trường"))


class CopyForm(PlanForm):
    """One day once more."""

    source = DayField(gettext_lazy("Chép từ ngày"))
    target = DayField(gettext_lazy("Sang ngày"))
