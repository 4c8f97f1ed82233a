"""Signed files that come back from the agency's own service."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or more files; each is checked by itself."""

    widget = ManyFiles(attrs={"accept": ".pdf,.zip"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [*data] if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in files or [None]]


class TakeBackForm(forms.Form):
    """PDFs, or archives of them."""

    signed = FilesField(
        label=_("Tệp đã ký"),
        allow_empty_file=True,  # told of beside the others, by its name
        help_text=format_lazy(
            _("ZIP, hoặc tối đa {n} tệp PDF. Mỗi tệp giữ nguyên nội dung đã xuất, chỉ thêm chữ ký số."),
            n=settings.DATA_UPLOAD_MAX_NUMBER_FILES,
        ),
        error_messages={"required": _("Chọn tệp đã ký."), "invalid": _("Chọn tệp đã ký.")},
    )
    untrusted = forms.BooleanField(
        label=_("Nhận cả chữ ký chưa kiểm được chuỗi chứng thư"),
        required=False,
        help_text=_("Chỉ đánh dấu khi đã tự kiểm chữ ký của cơ quan bằng công cụ khác."),
    )
