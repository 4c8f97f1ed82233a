"""What is chosen on the page that compares the sources; why a figure is frozen, a report taken back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from attendees.models import Delegation
from conference import vietnamese_dates
from conference.desk_forms import ReasonForm
from sessions.models import Report, Source
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


class FreezeForm(ReasonForm):
    """The figure of a session and why it is that one. `seen`: what the page showed."""

    sources = forms.MultipleChoiceField(
        label=_("Nguồn được tính"),
        choices=Source.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Người được ít nhất một nguồn đã chọn ghi nhận thì được tính, mỗi người một lần."),
        error_messages={"required": _("Chọn ít nhất một nguồn được tính.")},
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    field_order = ("sources", "reason")
    reason_hint = _("Vì sao số liệu này đúng, ví dụ: đã đối chiếu tờ ký với lượt quét, khớp.")


class RetractForm(ReasonForm):
    """Which reports of a person were a mistake, and why."""

    reports = forms.TypedMultipleChoiceField(
        label=_("Ghi nhận nhầm"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Chọn nguồn đã ghi nhầm."),
            "invalid_choice": _("Ghi nhận này không còn. Xem lại các ghi nhận dưới đây."),
        },
    )
    field_order = ("reports", "reason")
    reason_hint = _("Ví dụ: trùng họ tên, người đến là ông Nguyễn Văn An của đoàn khác.")

    def __init__(self, *args: Any, reports: Iterable[Report], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reports"]
        field.choices = [(one.pk, _said(one)) for one in reports if one.source != Source.SCAN]
        field.initial = [pk for pk, _words in field.choices] if len(field.choices) == 1 else []
        self.is_wanted = bool(field.choices)


def _said(report: Report) -> str:
    """Bàn đón tiếp, 07:42, thứ Năm, 06/6/2024, người ghi: Trần Thị Bình."""
    at = report.at.astimezone(report.session.conference.zone)
    words = [
        report.get_source_display(),
        vietnamese_dates.clock(at),
        vietnamese_dates.weekday_date(at.date()),
    ]
    if report.recorded_by:
        words.append(gettext("người ghi: %s") % report.recorded_by)
    return ", ".join(words)
