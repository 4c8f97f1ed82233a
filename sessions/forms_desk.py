"""Who comes without being on the list, as typed at the reception."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from attendees.forms import Line, PersonForm
from attendees.models import Attendee, Category, Delegation
from conference.models import Conference


class ComerForm(PersonForm):
    """A person at the desk: what stands on a badge, no more."""

    class Meta(PersonForm.Meta):
        fields = ("honorific", "full_name", "position", "organisation_name")  # type: ignore[assignment]  # fewer
        help_texts = {"full_name": _("Viết đầy đủ, có dấu, như trên giấy tờ.")}


class WalkInForm(ComerForm):
    """Somebody who is not on the list, and where they belong."""

    delegation = forms.ModelChoiceField(
        queryset=Delegation.objects.none(), to_field_name="code", label=_("Đoàn"), empty_label=_("Chọn đoàn")
    )
    category = forms.ModelChoiceField(
        queryset=Category.objects.none(),
        to_field_name="slug",
        label=_("Thành phần"),
        empty_label=_("Chọn thành phần"),
    )
    extra = Line(
        label=_("Lý do thêm suất"),
        required=False,
        max_length=500,
        help_text=_("Chỉ ghi khi thành phần này đã đủ suất: thêm một suất cho đoàn."),
    )
    sure = forms.BooleanField(label=_("Là người khác, vẫn đăng ký mới"), required=False)
    field_order = ("delegation", "category", "honorific", "full_name", "position", "organisation_name")

    def __init__(self, *args: Any, conference: Conference, may_add_seats: bool, **kwargs: Any) -> None:
        """`may_add_seats`: whether one seat more may be made where none is free."""
        super().__init__(*args, instance=Attendee(conference=conference), **kwargs)
        self.fields["delegation"].queryset = conference.delegations.order_by("position", "code")  # type: ignore[attr-defined] # a choice field
        self.fields["category"].queryset = conference.categories.all()  # type: ignore[attr-defined] # a choice field
        if not may_add_seats:
            del self.fields["extra"]
