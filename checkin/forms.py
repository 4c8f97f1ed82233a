"""What organisers type about the door."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from checkin import carrying, pairing, reading
from checkin.models import Decision, Device
from conference import vietnamese_dates
from conference.models import Conference
from sessions.models import Session


class SessionChoices(forms.ModelMultipleChoiceField):
    """Sessions by day and hour, breaks left out."""

    def label_from_instance(self, obj: Any) -> str:
        day = vietnamese_dates.short_date(obj.day)
        return f"{vietnamese_dates.time_range(obj.starts, obj.ends)}, {day}: {obj.title}"


class DeviceForm(forms.Form):
    """A new phone at a door."""

    name = forms.CharField(
        label=_("Tên thiết bị"),
        max_length=Device._meta.get_field("name").max_length,
        help_text=_("Tên cửa, rồi máy, ví dụ: Cửa A, điện thoại 1."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    sessions = SessionChoices(
        Session.objects.none(),
        label=_("Phiên"),
        required=False,
        help_text=_("Không chọn phiên nào: thiết bị phục vụ mọi phiên, người ở cửa chọn trên máy."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, conference: Conference, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["sessions"]
        choices.queryset = conference.sessions.exclude(kind=Session.Kind.BREAK).in_order()


class RevokeForm(forms.Form):
    """Why a device is taken out of use."""

    reason = forms.CharField(
        label=_("Lý do"),
        max_length=300,
        help_text=_("Ví dụ: mất máy, đổi máy, hết hội nghị."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class CarriedForm(forms.Form):
    """A file of scans; `file` becomes the JSON object in it."""

    file = forms.FileField(
        label=_("Tệp lượt quét"),
        help_text=_("Tệp .json mà máy ở cửa xuất ra. Nộp lại cùng một tệp không tính hai lần."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={
            "required": _("Chọn tệp lượt quét."),
            "empty": _("Tệp này trống. Xuất lại từ máy ở cửa."),
        },
    )

    def clean_file(self) -> dict[str, Any]:
        """Refuses what no phone of ours has written."""
        content = self.cleaned_data["file"].read(reading.LONGEST_FILE + 1)
        try:
            told = reading.members(content, reading.LONGEST_FILE)
        except pairing.Refused:
            told = {}
        if told.get("form") != carrying.FORM:
            sentence = _("Đây không phải tệp lượt quét. Chọn tệp mà máy ở cửa xuất ra.")
            raise forms.ValidationError(sentence, code="form")
        return told


class RevisionForm(forms.Form):
    """What a person says instead of what was decided, and why."""

    outcome = forms.ChoiceField(
        label=_("Quyết định mới"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Chọn một quyết định."),
            "invalid_choice": _("Chọn một quyết định khác."),
        },
    )
    note = forms.CharField(
        label=_("Lý do"),
        max_length=Decision._meta.get_field("note").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Ghi lý do.")},
    )

    def __init__(self, decision: Decision, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["outcome"]
        choice.choices = decision.alternatives


class DecisionForm(forms.Form):
    """What a person says of one question; `seen`: the scans on which it was asked."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=20_000)
    outcome = forms.ChoiceField(
        label=_("Quyết định"),
        choices=Decision.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn một quyết định.")},
    )
    note = forms.CharField(
        label=_("Ghi chú"),
        required=False,
        max_length=Decision._meta.get_field("note").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    @property
    def scans(self) -> list[str]:
        """The ids of the scans that the page showed."""
        return str(self.cleaned_data["seen"]).split(",")

    @classmethod
    def asking(cls, seen: list[str], outcomes: list[tuple[str, Any]], data: Any = None) -> DecisionForm:
        """The form of one question: only its own answers."""
        shown = ",".join(seen)
        form = cls(data, initial={"seen": shown}, auto_id=f"id_{seen[0]}_%s")
        choice: Any = form.fields["outcome"]
        choice.choices = outcomes
        return form
