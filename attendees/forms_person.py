"""What an attendee types about herself: what is wrong, and what it should be."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from attendees.corrections import FIELDS, LONGEST_TEXT
from attendees.forms import PersonForm
from attendees.forms_questions import Lines
from attendees.models import Attendee


class CorrectionForm(PersonForm):
    """The own data as they are written; whatever is changed is asked for."""

    class Meta(PersonForm.Meta):
        fields = FIELDS  # type: ignore[assignment]  # fewer than the officers may write
        labels = {"phone": _("Điện thoại")}
        help_texts = {"position": _("In trên thẻ và giấy chứng nhận.")}

    text = Lines(
        label=_("Nội dung khác"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("Điều cần sửa mà các ô trên không có, hoặc đề nghị xóa, hạn chế dùng dữ liệu."),
    )

    def __init__(self, person: Attendee, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, instance=person, **kwargs)
        del self.fields["version"], self.fields["request_key"]
        for field in self.fields.values():
            field.is_wanted = True  # type: ignore[attr-defined]  # "optional" would say nothing here
        self.before = {name: getattr(person, name) for name in FIELDS}

    def wanted(self) -> dict[str, Any]:
        """Field → what it should be, only where that is something else."""
        return {
            name: self.cleaned_data[name] for name in FIELDS if self.cleaned_data[name] != self.before[name]
        }


class ErasureForm(forms.Form):
    """A few words beside the request to erase everything, if there is something to say."""

    text = Lines(label=_("Lời nhắn"), required=False, max_length=LONGEST_TEXT)
