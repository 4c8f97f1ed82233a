"""What is typed in while a list is worked on: the file, its columns, the answers to questions."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendees.models import Delegation
from attendees.workbooks import FIELDS, Column, Plan, Preview
from attendees.workbooks.planning import SHARED
from attendees.workbooks.shapes import SENSITIVE

ACCEPTED = ".xlsx,.xls,.ods,.csv,.tsv,.txt"
SAMPLES = 3  # values of a column that are shown
LAST_ROW = 1000
NAMES = ("name", "family", "given")


class Pasted(forms.CharField):
    """Cells copied from a spreadsheet: tabs and line ends are kept as they came."""

    widget = forms.Textarea(attrs={"rows": 6, "spellcheck": "false"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        self.validators = []

    def to_python(self, value: Any) -> str:
        return str(value or "").replace("\0", "")


class GivenForm(forms.Form):
    """A file, or a table that was copied."""

    file = forms.FileField(
        label=gettext_lazy("Tệp danh sách"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=gettext_lazy("Tệp Excel (.xlsx, .xls), LibreOffice (.ods) hoặc .csv, tối đa 5 MB."),
        error_messages={"empty": gettext_lazy("Tệp này rỗng. Chọn tệp khác.")},
    )
    pasted = Pasted(
        label=gettext_lazy("Hoặc dán bảng"),
        required=False,
        help_text=gettext_lazy("Trong Excel chọn cả dòng tiêu đề, sao chép, rồi dán vào đây."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("file", "pasted"):
            self.fields[name].is_wanted = True  # type: ignore[attr-defined]  # one of the two is needed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        given = [name for name in ("file", "pasted") if cleaned.get(name) and str(cleaned[name]).strip()]
        if not given and not self.errors:
            raise ValidationError(_("Chọn tệp hoặc dán bảng."), code="required")
        if len(given) > 1:
            raise ValidationError(_("Chỉ chọn một cách: tệp, hoặc bảng dán."), code="both")
        return cleaned

    @property
    def given(self) -> File:
        """What was given, as a file; a table has no name."""
        file: File | None = self.cleaned_data["file"]
        return file or ContentFile(self.cleaned_data["pasted"].encode())


class PlacedForm(GivenForm):
    """For organisers: the list of one delegation, or rows that say their province."""

    delegation = forms.ModelChoiceField(
        label=gettext_lazy("Danh sách của"),
        queryset=Delegation.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nhiều đoàn (mỗi dòng ghi tỉnh, thành phố)"),
        to_field_name="code",
    )
    field_order = ("delegation", "file", "pasted")

    def __init__(self, *args: Any, delegations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["delegation"].queryset = delegations  # type: ignore[attr-defined]  # a choice field


class PlanForm(forms.Form):
    """How one sheet is read: whether, from which row on, and what every column holds."""

    used = forms.BooleanField(label=gettext_lazy("Đọc trang này"), required=False)
    heading = forms.IntegerField(
        label=gettext_lazy("Dòng tiêu đề"), min_value=1, max_value=LAST_ROW, required=False
    )
    body = forms.IntegerField(
        label=gettext_lazy("Người đầu tiên ở dòng"), min_value=1, max_value=LAST_ROW, required=False
    )

    def __init__(self, plan: Plan, preview: Preview, data: Any = None) -> None:
        self.plan, self.preview = plan, preview
        rows = plan.header_rows
        initial = {
            "used": plan.used,
            "heading": rows[0] if rows else None,
            "body": rows[1] + 1 if rows else 1,
        }
        super().__init__(data, prefix=f"sheet-{plan.index}", initial=initial)
        for name in ("heading", "body"):
            self.fields[name].is_wanted = True  # type: ignore[attr-defined]  # empty where there is no heading
        choices = [("", _("Không nhập")), *((field, _(words)) for field, words in FIELDS.items())]
        for column in plan.columns:
            if column.header or self._samples(column.index):
                label = _("Cột %(letter)s") % {"letter": column.letter}
                self.fields[column.letter] = forms.ChoiceField(
                    label=f"{label}: {column.header}" if column.header else label, choices=choices,
                    required=False, initial=column.field or "", widget=forms.Select(attrs={"class": "input"}),
                )  # fmt: skip

    def columns(self) -> list[tuple[str, str, str, forms.BoundField]]:
        """(letter, heading, what stands below it, its choice) of every column that holds something."""
        return [
            (column.letter, column.header, "; ".join(self._told(column)), self[column.letter])
            for column in self.plan.columns
            if column.letter in self.fields
        ]

    def _told(self, column: Column) -> list[str]:
        """Of who eats what there is no example: organisers see no more here than elsewhere."""
        return [] if column.field in SENSITIVE else self._samples(column.index)

    def _samples(self, index: int) -> list[str]:
        first = self.plan.header_rows[1] if self.plan.header_rows else 0
        texts = (row[index] for row in self.preview.rows[first:] if index < len(row))
        return list(dict.fromkeys(filter(None, texts)))[:SAMPLES]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("used"):
            fields = Counter(cleaned.get(column.letter) for column in self.plan.columns)
            for field, count in fields.items():
                if field and count > 1 and field not in SHARED:
                    words = {"field": _(FIELDS[field])}
                    raise ValidationError(
                        _("%(field)s đang chọn cho hai cột. Chỉ giữ một cột."), params=words
                    )
            if not any(fields[field] for field in NAMES):
                raise ValidationError(_("Chọn cột họ và tên, hoặc không đọc trang này."))
            if (cleaned.get("body") or 1) <= (cleaned.get("heading") or 0):
                raise ValidationError(_("Người đầu tiên phải ở dưới dòng tiêu đề."))
        return cleaned

    @property
    def chosen(self) -> Plan:
        """The plan as the person left it. With other rows of headings it is remembered for no other file."""
        plan = Plan.from_json(self.plan.to_json())
        plan.used = self.cleaned_data["used"]
        heading, body = self.cleaned_data["heading"], self.cleaned_data["body"] or 1
        rows = (heading, body - 1) if heading else None
        if rows != plan.header_rows:
            plan.header_rows, plan.signature = rows, ""
        for column in plan.columns:
            column.field = self.cleaned_data.get(column.letter) or None
        return plan


class SeenForm(forms.Form):
    """The list is taken as it was shown."""

    version = forms.RegexField(
        r"^[0-9a-f]{16}$", widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid"), gettext_lazy("Biểu mẫu này không còn dùng được. Xem lại rồi nhập.")
        ),
    )  # fmt: skip
