"""What is asked of the board, and the forms of its acts over seats."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendees.board import CENTRAL, Figure, Map, Reading, ReviewState, Wanted
from attendees.forms import reason_field
from attendees.models import Category, Delegation
from conference.models import Conference


class MapForm(forms.Form):
    """On which map: this is asked first, because the regions to choose from depend on it."""

    map = forms.ChoiceField(choices=Map, required=False)

    def chosen(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("map") or Map.THEN


class BoardForm(forms.Form):
    """What narrows the board. A word that is not offered narrows nothing."""

    region = forms.ChoiceField(label=gettext_lazy("Vùng"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("Tình trạng trả lời"), required=False)
    review = forms.ChoiceField(label=gettext_lazy("Tiếp nhận"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Thành phần"), required=False)
    owing = forms.BooleanField(label=gettext_lazy("Còn nợ trả lời"), required=False)
    figure = forms.ChoiceField(choices=Figure, required=False, widget=forms.HiddenInput)
    map = forms.ChoiceField(choices=Map, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, reading: Reading) -> None:
        super().__init__(data)
        regions = [*reading.regions.items(), (CENTRAL, _("Khối Trung ương"))]
        categories = [(one.slug, one.short_name or one.name) for one in reading.categories]
        for name, choices in {
            "region": regions,
            "state": Delegation.Status.choices,
            "review": ReviewState.choices,
            "category": categories,
        }.items():
            self.offer(name, choices)

    def offer(self, name: str, choices: Any) -> None:
        field: Any = self.fields[name]
        field.choices = [("", _("Tất cả")), *choices]

    def wanted(self) -> Wanted:
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value and name != "map"}
        return Wanted(**said)

    def chips(self) -> list[tuple[str, str]]:
        """What narrows the board now: the name of the field, and the words for a person."""
        found = []
        for name in ("region", "state", "review", "category"):
            field: Any = self.fields[name]
            if value := self.cleaned_data.get(name):
                found.append((name, f"{field.label}: {dict(field.choices)[value]}"))
        if self.cleaned_data.get("owing"):
            found.append(("owing", str(self.fields["owing"].label)))
        return found


class SeatsForm(forms.Form):
    """How many seats. `shown`: how many the delegation had when the form was shown."""

    seats = forms.IntegerField(
        label=gettext_lazy("Số suất"),
        min_value=1,
        max_value=32_000,
        error_messages={"invalid": gettext_lazy("Nhập một số nguyên, ví dụ 1.")},
    )
    shown = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ReleaseForm(SeatsForm):
    """Which seats go to the pool, and why."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class SeatsBackForm(SeatsForm):
    """Which seats a delegation gives back, and why."""

    reason = reason_field()


class HandOutForm(forms.Form):
    """Which component, to whom, how many."""

    category = forms.ModelChoiceField(
        label=gettext_lazy("Thành phần"),
        queryset=Category.objects.none(),
        to_field_name="slug",
    )
    delegation = forms.ModelChoiceField(
        label=gettext_lazy("Đoàn nhận"), queryset=Delegation.objects.none(), to_field_name="code"
    )
    seats = forms.IntegerField(
        label=gettext_lazy("Số suất"),
        min_value=1,
        max_value=32_000,
        error_messages={"invalid": gettext_lazy("Nhập một số nguyên, ví dụ 1.")},
    )
    once = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, conference: Conference, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["category"]
        choice.queryset = conference.categories.filter(pool__gt=0)
        choice.label_from_instance = lambda one: _("%(name)s (dự phòng %(n)s)") % {"name": one, "n": one.pool}
        receivers: Any = self.fields["delegation"]
        receivers.queryset = conference.delegations.all()
