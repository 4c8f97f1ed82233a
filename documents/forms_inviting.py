"""What is chosen before delegations are invited."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendees.models import Delegation
from conference.desk_forms import DAY_HINT, DAY_WRONG, DayInput
from conference.models import Conference
from documents.letters import series_of
from documents.models import Letter

HIGHEST = 99_999  # of a register in one year


class InviteForm(forms.Form):
    """Which delegations, by which letters, under which numbers."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Gửi bằng"),
        choices=Letter.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Chọn ít nhất một loại văn bản.")},
    )
    issued_on = forms.DateField(
        label=gettext_lazy("Ngày ban hành"),
        help_text=DAY_HINT,
        widget=DayInput(),
        error_messages={"invalid": DAY_WRONG},
    )
    delegation = forms.ModelMultipleChoiceField(Delegation.objects.none(), required=False)
    new_units = forms.BooleanField(required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)
    register = forms.IntegerField(widget=forms.HiddenInput, required=False)  # the year whose numbers it shows

    def __init__(self, conference: Conference, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conference = conference
        rows: Any = self.fields["delegation"]
        rows.queryset = conference.delegations.order_by("position", "code")
        self.initial.setdefault("key", uuid.uuid4())
        self.initial.setdefault("issued_on", conference.today())
        self.initial.setdefault("kinds", list(Letter.Kind.values))
        year = self._year()
        self.series = {kind.value: series_of(conference, kind, year) for kind in Letter.Kind}
        for kind in Letter.Kind:
            series = self.series[kind]
            self.fields[first_of(kind)] = forms.IntegerField(
                label=_("%(kind)s: số tiếp theo") % {"kind": kind.label},
                help_text=_("Theo sổ của văn thư. Ký hiệu: %(tail)s.")
                % {"tail": series.show("    ").strip()},
                required=False,
                min_value=1,
                max_value=HIGHEST,
                initial=series.last + 1,
                widget=forms.NumberInput(attrs={"data-pattern": series.show("{n}   ").replace("   ", "")}),
            )
        self.initial["register"] = year
        self.is_renewed = self.is_bound and self._renew(year)

    def _year(self) -> int:
        """Of the register in which the letters of that day stand."""
        try:
            day = self.fields["issued_on"].clean(self["issued_on"].value())
        except ValidationError:
            day = self.conference.today()
        return int(day.year)

    def _renew(self, year: int) -> bool:
        """Numbers that were read in the register of another year give way to the next ones of this."""
        sent: Any = self.data
        shown = sent.get("register") or self.conference.today().year
        if str(shown) == str(year):
            return False
        next_ones = {first_of(kind): series.last + 1 for kind, series in self.series.items()}
        self.data = fresh = sent.copy()
        for name, value in {**next_ones, "register": year}.items():
            fresh[name] = str(value)
        return True

    def numbers(self) -> list[Any]:
        """The fields of the numbers, to be drawn."""
        return [self[first_of(kind)] for kind in Letter.Kind]

    def first(self) -> dict[str, int]:
        """Kind → the number that was typed."""
        typed = {kind.value: self.cleaned_data.get(first_of(kind)) for kind in Letter.Kind}
        return {kind: number for kind, number in typed.items() if number}

    def clean_issued_on(self) -> Any:
        day = self.cleaned_data["issued_on"]
        if day > self.conference.starts_on:
            raise ValidationError(_("Ngày ban hành phải trước ngày họp."))
        if self.is_renewed:
            sentence = _("Năm %(year)s có sổ số riêng: đã ghi lại số tiếp theo. Xem lại số rồi mời.")
            raise ValidationError(sentence, params={"year": day.year})
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("delegation") or cleaned.get("new_units")):
            raise ValidationError(_("Chọn ít nhất một đoàn để mời."))
        return cleaned


def first_of(kind: str) -> str:
    """The name of the field with the first number of a kind."""
    return f"first_{kind.replace('-', '_')}"
