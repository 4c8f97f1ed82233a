"""What is entered from signed sheets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sessions.forms import Codes
from sessions.models import Source
from sessions.sheet_codes import LONGEST
from sessions.signing_in import MOST_ROWS

CLOSE = "close"  # the sheet is entered to its end
ONLINE = "online"
LARGEST = 5000


class SheetForm(forms.Form):
    """Who signed the sheet of one delegation, and by which button it is told."""

    people = Codes(required=False)
    counted = forms.IntegerField(
        label=gettext_lazy("Số chữ ký đếm trên giấy"),
        required=False,
        min_value=0,
        max_value=LARGEST,
        help_text=gettext_lazy("Đếm mọi tờ của đoàn, kể cả dòng trống đã ký."),
        error_messages={"invalid": gettext_lazy("Nhập một số, ví dụ 5.")},
    )
    act = forms.ChoiceField(choices=[("", ""), (CLOSE, CLOSE), (ONLINE, ONLINE)], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["counted"].widget.attrs.update({"inputmode": "numeric", "autocomplete": "off"})

    @property
    def ticked(self) -> set[str]:
        """Codes of the people who stand ticked on the page."""
        return set(self["people"].value() or ())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("act") == CLOSE and cleaned.get("counted") is None and "counted" not in self.errors:
            self.add_error("counted", _("Đếm chữ ký trên giấy rồi ghi số, kể cả số 0."))
        return cleaned

    @property
    def source(self) -> str:
        return Source.ONLINE if self.cleaned_data["act"] == ONLINE else Source.PAPER

    @property
    def count(self) -> int | None:
        """The number of signatures, where the sheet is entered to its end."""
        return self.cleaned_data["counted"] if self.cleaned_data["act"] == CLOSE else None


class RowsForm(forms.Form):
    """Codes of rows, a line each: what a keyboard scanner types, or a hand."""

    rows = forms.CharField(
        label=gettext_lazy("Mã dòng"),
        max_length=MOST_ROWS * LONGEST,
        strip=False,
        help_text=gettext_lazy(
            "Quét lần lượt từng dòng đã ký, mỗi mã một dòng. Mã tờ mở danh sách của đoàn."
        ),
        error_messages={"required": gettext_lazy("Quét hoặc gõ mã của dòng đã ký.")},
        widget=forms.Textarea(
            attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )

    def clean_rows(self) -> list[str]:
        """The lines that say something, each once."""
        lines = list(dict.fromkeys(filter(None, map(str.strip, self.cleaned_data["rows"].splitlines()))))
        if not lines:
            raise ValidationError(_("Quét hoặc gõ mã của dòng đã ký."), code="required")
        if len(lines) > MOST_ROWS:
            raise ValidationError(_("Mỗi lần nhập nhiều nhất %s dòng. Chia ra rồi nhập tiếp.") % MOST_ROWS)
        return lines
