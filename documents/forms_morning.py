"""Who gets the page for a leader each morning."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOST_ADDRESSES = 20


class MorningForm(forms.Form):
    """Addresses, a line each; and whether their letters wait for an approval. `shown`: what was there."""

    addresses = forms.CharField(
        label=gettext_lazy("Địa chỉ nhận"),
        required=False,
        max_length=4000,
        help_text=gettext_lazy("Mỗi dòng một địa chỉ thư. Để trống: không gửi cho ai."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )
    without_approval = forms.BooleanField(
        label=gettext_lazy("Gửi ngay, không chờ duyệt từng sáng"),
        required=False,
        help_text=gettext_lazy(
            "Lúc 07:00 thường không có ai duyệt. Đánh dấu ở đây là duyệt trước, chỉ cho các địa chỉ trên."
        ),
    )

    shown = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def clean_addresses(self) -> list[str]:
        """Each once, as typed; the first that is none is named."""
        found = list(dict.fromkeys(filter(None, self.cleaned_data["addresses"].replace(",", " ").split())))
        if len(found) > MOST_ADDRESSES:
            raise ValidationError(_("Nhiều nhất %s địa chỉ.") % MOST_ADDRESSES)
        for one in found:
            try:
                validate_email(one)
            except ValidationError as wrong:
                said = _("Địa chỉ “%s” không đúng. Ví dụ: lanhdao@hoinghi.example.")
                raise ValidationError(said % one[:80]) from wrong
        return found
