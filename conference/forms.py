"""Forms of the doorstep: those of allauth whose labels it does not translate."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.utils.translation import gettext_lazy as _

KEY_NAME = _("Tên khóa")
KEY_HINT = _("Để nhận ra khóa sau này, ví dụ: Điện thoại cơ quan")


class AddKeyForm(AddWebAuthnForm):
    """A passkey is added; its name may be left to us."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label, self.fields["name"].help_text = KEY_NAME, KEY_HINT


class EditKeyForm(EditWebAuthnForm):
    """A passkey gets another name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label, self.fields["name"].help_text = KEY_NAME, KEY_HINT
