"""What is typed at the reception desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from conference import vietnamese, vietnamese_dates
from conference.models import Conference
from sessions.models import Session


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
