"""What is typed at the reception desk."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from attendees import codes
from attendees.forms import FormKey, Line, Version
from attendees.models import Attendee, Delegation
from conference import vietnamese, vietnamese_dates
from conference.models import Conference
from sessions.arrivals import MOST_KITS, Arrival
from sessions.models import Session
from sessions.receiving import Kits


class SessionChoice(forms.ModelChoiceField):
    """A session by its hours and its title."""

    def label_from_instance(self, obj: Any) -> str:
        hours = vietnamese_dates.time_range(obj.starts, obj.ends)
        return f"{vietnamese_dates.short_date(obj.day)}, {hours} · {obj.title[:80]}"


class DeskForm(forms.Form):
    """Whom the desk looks for, at which session."""

    q = forms.CharField(label=_("Tên hoặc mã thẻ"), required=False, max_length=200)
    session = SessionChoice(
        queryset=Session.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=None,
        label=_("Phiên"),
        error_messages={"invalid_choice": _("Không có phiên này. Chọn phiên khác.")},
    )

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sessions = conference.sessions.exclude(kind=Session.Kind.BREAK).in_order()
        self.fields["session"].queryset = sessions  # type: ignore[attr-defined] # a choice field
        self.fields["q"].widget.attrs.update({"autocomplete": "off", "enterkeyhint": "search"})

    def clean_q(self) -> str:
        return vietnamese.clean(self.cleaned_data["q"])


class PresenceForm(DeskForm):
    """One person, seen."""

    attendee = forms.SlugField(max_length=16)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("session"):
            raise ValidationError(_("Chọn phiên rồi ghi nhận lại."), code="session")
        return cleaned


class UndoForm(forms.Form):
    """One report that was a mistake. `in_group`: pressed on the page of the delegation."""

    report = forms.IntegerField(min_value=1, max_value=models.BigAutoField.MAX_BIGINT)
    in_group = forms.BooleanField(required=False)


class Codes(forms.MultipleChoiceField):
    """Codes of people, as ticked; whether they are still on the list is for the act to say."""

    def valid_value(self, value: str) -> bool:
        return value.isascii() and value.isalnum() and len(value) == codes.CODE_LENGTH


class AddressedChoice(forms.ModelChoiceField):
    """A person with Ông or Bà."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.addressed)


class GroupForm(forms.Form):
    """Who of a delegation came, and what was handed out."""

    people = Codes(required=False)
    kits = forms.IntegerField(
        label=_("Số bộ tài liệu giao"),
        required=False,
        min_value=0,
        max_value=MOST_KITS,
        help_text=_("Để trống: mỗi người vừa ghi nhận một bộ. Không giao thì ghi 0."),
        error_messages={"invalid": _("Nhập một số, ví dụ 5.")},
    )
    taken_by = AddressedChoice(
        queryset=Attendee.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("Không ghi"),
        label=_("Người nhận tài liệu"),
        error_messages={"invalid_choice": _("Người này vừa rời danh sách đoàn. Chọn người khác.")},
    )
    note = Line(label=_("Ghi chú"), required=False, max_length=Arrival._meta.get_field("note").max_length)
    shown = Version()
    key = FormKey()

    def __init__(self, *args: Any, delegation: Delegation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = delegation.attendees.active().order_by("sort_key", "pk")
        self.fields["taken_by"].queryset = people  # type: ignore[attr-defined] # a choice field
        self.fields["key"].initial = uuid.uuid4
        self.fields["kits"].widget.attrs.update({"inputmode": "numeric", "data-ticked": "n"})

    @property
    def ticked(self) -> set[str]:
        """Codes of the people who stand ticked on the page."""
        return set(self["people"].value() or ())

    def handed_out(self) -> Kits:
        """What was given, as the act takes it."""
        given = self.cleaned_data
        return Kits(given["kits"], given["shown"], given["taken_by"], given["note"])


class ReleaseForm(forms.Form):
    """What is announced with a version; `seen`: the programme that the page showed."""

    note = forms.CharField(
        label=_("Nội dung thông báo"),
        required=False,
        max_length=500,
        help_text=_("Một, hai câu cho người đọc, ví dụ lý do thay đổi. Có thể để trống."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
