"""What is typed or pressed to have a paper, and to check a certificate."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from attendees import codes
from attendees.models import Attendee, Delegation
from conference.models import Conference, User
from documents.kinds import KINDS
from documents.requests import Scope
from sessions.models import Session


class AskForm(forms.Form):
    """A press of a button for one paper. People and delegations are read again in the scope of the person."""

    kind = forms.ChoiceField(choices=[(slug, kind.title) for slug, kind in KINDS.items()])
    each = forms.BooleanField(required=False)
    key = forms.UUIDField(required=False)
    day = forms.DateField(required=False)
    delegation = forms.ModelMultipleChoiceField(
        Delegation.objects.none(), required=False, to_field_name="code"
    )
    attendee = forms.ModelMultipleChoiceField(Attendee.objects.none(), required=False, to_field_name="code")

    session = forms.ModelMultipleChoiceField(Session.objects.none(), required=False, to_field_name="code")

    def __init__(self, *args: Any, conference: Conference, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        delegations = Delegation.objects.visible_to(user).filter(conference=conference)
        people = Attendee.objects.visible_to(user).filter(conference=conference)
        fields: dict[str, Any] = self.fields
        fields["delegation"].queryset = delegations.select_related("unit")
        fields["attendee"].queryset = people.select_related("delegation")
        fields["session"].queryset = conference.sessions.all()

    def scope(self) -> Scope:
        cleaned = self.cleaned_data
        named = [one.pk for one in cleaned["session"]] if KINDS[cleaned["kind"]].of_sessions else []
        return Scope(list(cleaned["delegation"]), list(cleaned["attendee"]), cleaned["day"], named)


class VerifyForm(forms.Form):
    """The code of a certificate, as it is printed or typed."""

    code = forms.CharField(
        label=_("Mã kiểm tra"),
        max_length=60,
        help_text=_("16 ký tự, in cạnh mã QR ở góc dưới bên trái, ví dụ 7K3M-9QFP-2XDB-4TQA."),
        error_messages={"required": _("Nhập mã kiểm tra in trên giấy chứng nhận.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        try:
            return codes.normalise_certificate_code(self.cleaned_data["code"])
        except ValueError as error:
            raise forms.ValidationError(str(_(str(error)))) from error


class HashForm(forms.Form):
    """The SHA-256 of a file, as a tool or the page itself has reckoned it."""

    sha256 = forms.RegexField(
        r"^\s*[0-9A-Fa-f]{64}\s*$",
        label=_("Mã băm SHA-256 của tệp"),
        max_length=80,
        error_messages={
            "required": _("Nhập mã băm SHA-256."),
            "invalid": _("Mã băm SHA-256 có 64 ký tự, gồm chữ số và các chữ a đến f."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-hash": ""}),
    )

    def clean_sha256(self) -> str:
        return str(self.cleaned_data["sha256"]).strip().lower()
