"""Whom a batch of certificates is for, on what paper it was approved, why it is taken back; the pattern."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from attendees.models import Attendee, Delegation
from conference.models import Conference
from documents.numbering import LONGEST_PATTERN, check_pattern
from documents.requests import Scope


class DraftForm(forms.Form):
    """People, else delegations, else everybody. `key`: of one press."""

    delegation = forms.ModelMultipleChoiceField(
        queryset=Delegation.objects.none(),
        label=gettext_lazy("Đoàn"),
        required=False,
        help_text=gettext_lazy("Để trống thì lấy cả hội nghị."),
        widget=forms.CheckboxSelectMultiple,
    )
    attendee = forms.ModelMultipleChoiceField(
        queryset=Attendee.objects.none(), required=False, widget=forms.MultipleHiddenInput
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, conference: Conference, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["delegation"].queryset = conference.delegations.order_by("position", "code")
        fields["attendee"].queryset = conference.attendees.select_related("delegation")
        for name in ("delegation", "attendee"):
            gone = gettext_lazy("Một mục đã chọn không còn trong hội nghị. Chọn lại.")
            fields[name].error_messages |= {"invalid_choice": gone, "invalid_pk_value": gone}
        self.initial.setdefault("key", uuid.uuid4())

    def scope(self) -> Scope:
        """What was chosen."""
        given = self.cleaned_data
        return Scope(
            delegations=list(given.get("delegation") or ()), attendees=list(given.get("attendee") or ())
        )


class ApproveForm(forms.Form):
    """`seen`: the hash of what the page shows. The signer needs no paper, whoever writes it down does."""

    paper_reference = forms.CharField(
        label=gettext_lazy("Số, ngày phiếu trình đã duyệt"),
        max_length=200,
        error_messages={"required": gettext_lazy("Ghi số, ngày phiếu trình mà người ký đã duyệt trên giấy.")},
        help_text=gettext_lazy("Ví dụ: Phiếu trình số 12/PTr-VP ngày 07/6/2024."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, signs: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paper_reference"].required = not signs


class WithdrawForm(forms.Form):
    """Why a batch is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do rút"),
        max_length=300,
        error_messages={"required": gettext_lazy("Ghi lý do rút.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PatternForm(forms.Form):
    """How numbers are printed from now on."""

    pattern = forms.CharField(
        label=gettext_lazy("Mẫu số"),
        max_length=LONGEST_PATTERN,
        validators=[check_pattern],
        help_text=gettext_lazy(
            "Chỗ điền: {number} số thứ tự, {number:04} số viết đủ bốn chữ số, {year} năm, {symbol} ký hiệu "
            "cơ quan, {drafting_unit} ký hiệu đơn vị soạn thảo. Ví dụ: {number:04}/GCN-{symbol}."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    before = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST_PATTERN)
