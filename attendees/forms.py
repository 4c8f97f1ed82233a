"""What the people of a delegation type in. A form cleans and calls nothing; the rules are in the acts."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from attendees.models import Attendee, Category, Delegation
from conference import vietnamese

_OLD_FORM = _("Biểu mẫu này không còn dùng được. Mở lại trang của đoàn rồi nhập lại.")
_UNREADABLE = _("Có ký tự không đọc được. Xóa rồi gõ lại.")


class Line(forms.CharField):
    """A line of text in NFC. Too long is refused by a sentence: the browser does not cut it in silence."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        sentence = _("Dài tối đa %(limit_value)d ký tự, hiện có %(show_value)d. Viết gọn lại.")
        self.validators = [MaxLengthValidator(self.max_length, sentence)] if self.max_length else []

    def to_python(self, value: Any) -> str:
        if "\0" in str(value or ""):
            raise ValidationError(_UNREADABLE, code="nul")
        return vietnamese.clean(super().to_python(value) or "")

    def prepare_value(self, value: Any) -> Any:
        return value.replace("\0", "") if isinstance(value, str) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {key: held for key, held in super().widget_attrs(widget).items() if key != "maxlength"}


class Address(Line):
    """An e-mail address."""

    widget = forms.EmailInput

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        try:
            forms.EmailField(required=False).clean(text)
        except ValidationError as error:
            sentence = _("Địa chỉ thư này chưa đúng. Nhập như ten@coquan.gov.vn.")
            raise ValidationError(sentence, code="invalid") from error
        return text


class Phone(Line):
    """A phone number, shown as people read it, kept as E.164."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        try:
            return vietnamese.phone(text) if text else ""
        except ValueError as error:
            raise ValidationError(gettext(str(error)), code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        return vietnamese.show_phone(super().prepare_value(value) or "")


class Year(Line):
    """A year of four digits, or nothing."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, *, min_value: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # the limits of the column say nothing to people

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) == len("1985")):
            raise ValidationError(_("Năm sinh gồm bốn chữ số, ví dụ 1985."), code="invalid")
        return int(text)

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else super().prepare_value(str(value))


class Version(forms.IntegerField):
    """The version that the person had on the screen."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        messages = {"required": _OLD_FORM, "invalid": _OLD_FORM}
        super().__init__(error_messages=messages, **kwargs)
        self.validators = []


class PersonFields(forms.ModelForm):
    """What is written about a person."""

    class Meta:
        model = Attendee
        fields = (
            "honorific", "full_name", "position", "phone",
            "rank", "organisation_name", "email", "birth_year", "note",
        )  # fmt: skip
        field_classes = {
            "full_name": Line,
            "position": Line,
            "rank": Line,
            "organisation_name": Line,
            "phone": Phone,
            "email": Address,
            "birth_year": Year,
            "note": Line,
        }
        widgets = {"honorific": forms.RadioSelect}
        labels = {"phone": _("Số điện thoại di động")}
        help_texts = {
            "full_name": _("Viết đầy đủ, có dấu, như trên giấy tờ."),
            "position": _("In trên thẻ và giấy chứng nhận."),
            "rank": _("Chỉ với lực lượng vũ trang, ví dụ Thượng tá."),
            "phone": _("Ban Tổ chức gọi khi cần. Không in trên giấy tờ."),
        }
        error_messages = {"full_name": {"required": _("Nhập họ và tên.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["honorific"].choices = Attendee.Honorific.choices  # type: ignore[attr-defined] # a choice field

    def clean_full_name(self) -> str:
        """As on the badge, where it was typed as in an official list (NGUYỄN VĂN AN) or in a hurry."""
        name: str = self.cleaned_data["full_name"]
        is_plain = " " in name and name.replace(" ", "").isalpha()  # what is odd stays as it was typed
        return vietnamese.title_case_name(name) if is_plain else name

    def _update_errors(self, errors: ValidationError) -> None:
        """Takes the model's refusals, but no second sentence for a field that has told its own."""
        for name in set(errors.error_dict) & set(self.errors):
            del errors.error_dict[name]
        super()._update_errors(errors)  # type: ignore[misc] # not in the stubs

    # What most people need; the rest opens on demand.
    first_names = ("category", "honorific", "full_name", "position", "phone", "reason")

    @property
    def first(self) -> list[forms.BoundField]:
        return [bound for bound in self.visible_fields() if bound.name in self.first_names]

    @property
    def rest(self) -> list[forms.BoundField]:
        return [bound for bound in self.visible_fields() if bound.name not in self.first_names]

    @property
    def rest_is_open(self) -> bool:
        return any(bound.errors or bound.value() for bound in self.rest)

    def person(self) -> dict[str, Any]:
        """The fields of the person, as the acts take them."""
        return {field: self.cleaned_data[field] for field in self.Meta.fields if field in self.fields}


class FormKey(forms.UUIDField):
    """One filled form acts once, however often the browser sends it."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(error_messages={"invalid": _OLD_FORM, "required": _OLD_FORM}, **kwargs)


class PersonForm(PersonFields):
    """A person on a seat: to nominate, to edit, to send instead of another."""

    version = Version()
    request_key = FormKey()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        self.fields["request_key"].initial = uuid.uuid4


class EditForm(PersonForm):
    """As above, for one who is on the list: the component may change too."""

    category = forms.ModelChoiceField(
        queryset=Category.objects.none(),
        label=_("Thành phần"),
        empty_label=None,
        error_messages={"required": _OLD_FORM},
    )

    def __init__(
        self, *args: Any, delegation: Delegation, closed: Collection[str] = (), **kwargs: Any
    ) -> None:
        """`closed`: contacts that this person may not read, and so neither sees nor overwrites."""
        super().__init__(*args, **kwargs)
        self.closed = closed
        for name in closed:
            del self.fields[name]
        self.fields["category"].initial = self.instance.category_id
        self.fields["category"].queryset = Category.objects.filter(quotas__delegation=delegation)  # type: ignore[attr-defined] # a choice field

    def person(self) -> dict[str, Any]:
        return {**super().person(), "category": self.cleaned_data["category"]}


class VersionForm(forms.Form):
    """A single button: it says which version was on the screen."""

    version = Version()


def reason_field(label: str | Promise = "", *, rows: int = 3) -> Line:
    return Line(
        label=label or _("Lý do"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": _("Ghi lý do.")},
        help_text=_("Một câu ngắn, ví dụ: trùng lịch họp của tỉnh."),
    )


class ReplaceForm(PersonForm):
    """Who takes the seat of another, and why."""

    reason = reason_field(_("Lý do thay"), rows=2)


class ReasonForm(VersionForm):
    """Why nobody comes."""

    reason = reason_field()
    field_order = ("reason", "and_seat", "version")


class PersonReasonForm(ReasonForm):
    """Why this person does not come, and whether somebody else will."""

    and_seat = forms.BooleanField(
        label=_("Không cử ai thay: để trống suất này"),
        required=False,
        help_text=_("Bỏ trống ô này nếu sẽ cử người khác."),
    )


class SeatReasonForm(forms.Form):
    """Why a seat stays empty. `shown`: how many empty seats of the component were on the screen."""

    reason = reason_field()
    shown = Version()


class FilesInput(forms.FileInput):
    """Lets the browser choose several files."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """Several files, or none; what they are is told by their content, not here."""

    widget = FilesInput(attrs={"multiple": True, "accept": ".pdf,image/jpeg,image/png,image/webp"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(Files, self).clean(one) for one in data or ()]


class UploadForm(forms.Form):
    """The signed letter that names the people: scanned or photographed, in one file or several."""

    letters = Files(
        label=_("Thêm tệp"),
        required=False,
        allow_empty_file=True,
        help_text=_("PDF hoặc ảnh JPEG, PNG, WebP; mỗi tệp tối đa 10 MB. Chọn được nhiều tệp."),
    )


class LeaveForm(forms.Form):
    """The bearer of a link has finished with it."""

    link = forms.IntegerField(min_value=1)
