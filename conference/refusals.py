"""What an act refuses, said in the form that asked for it."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _


def tell(form: forms.BaseForm, refusal: ValidationError) -> None:
    """Puts a refusal at its fields; what concerns no field of this form stands above it."""
    found = refusal.error_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.error_list}
    for name, sentences in found.items():
        form.add_error(name if name in form.fields else None, sentences)


def overtaken(value: str) -> ValidationError:
    """Somebody else has made this of a field since it was shown; saving again decides."""
    sentence = _(
        "Người khác vừa đổi ô này thành “%(value)s”. Giữ giá trị đang nhập hoặc sửa lại, rồi lưu lần nữa."
    )
    return ValidationError(sentence, code="stale", params={"value": value or _("(trống)")})
