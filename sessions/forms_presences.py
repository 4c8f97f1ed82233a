"""What is chosen on the page that compares the sources, and what is said when a figure is frozen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from attendees.models import Delegation
from sessions.models import Source
from sessions.reconciling import Difference, Picture

PRESENT, ABSENT = "present", "absent"
STATES = [("", _("Mọi người")), (PRESENT, _("Có mặt")), (ABSENT, _("Không có mặt")), *Difference.choices]


class FilterForm(forms.Form):
    """Whom the table shows."""

    delegation = forms.ModelChoiceField(
        queryset=Delegation.objects.none(), to_field_name="code", required=False, label=_("Đoàn"),
        empty_label=_("Mọi đoàn"),
    )  # fmt: skip
    source = forms.ChoiceField(
        choices=[("", _("Mọi nguồn")), *Source.choices], required=False, label=_("Nguồn")
    )
    state = forms.ChoiceField(choices=STATES, required=False, label=_("Hiện"))

    def __init__(self, *args: Any, conference: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows: Any = self.fields["delegation"]
        rows.queryset = conference.delegations.order_by("position", "code")
        for field in self.fields.values():
            field.is_wanted = True  # type: ignore[attr-defined]  # a filter says nothing of what is optional

    @property
    def is_asked(self) -> bool:
        return any(self.cleaned_data.values())

    def choose(self, picture: Picture) -> list[int]:
        """Ids of the people that are asked for; whoever is neither expected nor seen stands in no list."""
        given = self.cleaned_data
        state, source, team = given.get("state"), given.get("source"), given.get("delegation")
        people, kinds = picture.people, picture.differences
        everybody = [pk for pk, known in people.items() if known.is_expected or known.said]
        found = set(kinds.get(str(state), ()) if state in Difference.values else everybody)
        if state == PRESENT:
            found = {pk for pk in found if people[pk].said}
        elif state == ABSENT:
            found = {pk for pk in found if people[pk].is_expected and not people[pk].said}
        if source:
            found = {pk for pk in found if source in people[pk].said}
        if team:
            found = {pk for pk in found if people[pk].delegation == team.pk}
        return sorted(found)


class FreezeForm(forms.Form):
    """The figure of a session and why it is that one. `seen`: what the page showed."""

    sources = forms.MultipleChoiceField(
        label=_("Nguồn được tính"),
        choices=Source.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Người được ít nhất một nguồn đã chọn ghi nhận thì được tính, mỗi người một lần."),
        error_messages={"required": _("Chọn ít nhất một nguồn được tính.")},
    )
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=500,
        help_text=_("Vì sao số liệu này đúng, ví dụ: đã đối chiếu tờ ký với lượt quét, khớp."),
        error_messages={"required": _("Ghi lý do.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
