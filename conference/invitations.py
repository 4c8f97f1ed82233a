"""Giving people an account: by address, for one part in one conference. Nobody takes one by themselves."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference import journal
from conference.models import Conference, Membership, User

OFFICER = "officer"
PARTS = [(OFFICER, _("Cán bộ đầu mối của một đoàn")), *Membership.Role.choices]


class InvitationForm(forms.Form):
    """Who is to come in, and as what."""

    email = forms.EmailField(label=_("Thư điện tử"), help_text=_("Mã đăng nhập được gửi tới địa chỉ này."))
    full_name = forms.CharField(label=_("Họ và tên"), max_length=200)
    phone = forms.CharField(label=_("Điện thoại"), max_length=20, required=False)
    part = forms.ChoiceField(label=_("Vai trò"), choices=PARTS)
    delegation = forms.ModelChoiceField(
        label=_("Đoàn"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Chỉ chọn khi mời cán bộ đầu mối."),
    )

    def __init__(self, conference: Conference, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through
        field = self.fields["delegation"]
        field.queryset = conference.delegations.all()  # type: ignore[attr-defined]  # a choice of rows

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"]
        if User.objects.exclude(erased_at=None).filter(email__iexact=address).exists():
            raise forms.ValidationError(_("Tài khoản này đã xóa. Nhập địa chỉ của người được mời."))
        return address

    def clean(self) -> None:
        is_officer = self.cleaned_data.get("part") == OFFICER
        if is_officer and not self.cleaned_data.get("delegation") and "delegation" not in self.errors:
            self.add_error("delegation", _("Chọn đoàn mà người này trả lời thay."))


def told(user: User) -> str:
    """What is left to whoever invited: no letter leaves by itself."""
    sentence = gettext(
        "%(name)s vào được hội nghị. Chưa có thư nào được gửi: báo người này mở %(url)s, chọn "
        "“Nhận mã qua thư điện tử”, nhập %(email)s."
    )
    way_in = settings.SITE_URL + reverse("account_login")
    return sentence % {"name": user, "email": user.email, "url": way_in}


@transaction.atomic
def invite(
    conference: Conference,
    *,
    by: User,
    email: str,
    full_name: str,
    phone: str = "",
    part: str,
    delegation: models.Model | None = None,
) -> User:
    """Gives the owner of an address a part in a conference. A known account keeps its name.

    Raises `ValidationError` for an account that was switched off: its owner could not come in; and for one
    that has another role here, which no invitation takes away.
    """
    address = email.strip().lower()
    new = {"full_name": full_name, "phone": phone, "password": make_password(None)}
    user, made = User.objects.get_or_create(email=address, defaults=new)
    if not user.is_active:
        sentence = _("Tài khoản của địa chỉ này đã tắt. Quản trị hệ thống bật lại trước, rồi mời.")
        raise ValidationError({"email": sentence})
    if made:
        journal.record("add", user, by=by, conference=conference)
    if part == OFFICER and delegation is not None:
        delegation.officers.add(user)  # type: ignore[attr-defined]  # a delegation
        journal.record(
            "invite", delegation, by=by, conference=conference, changes={"officers": ["", str(user)]}
        )
    else:
        _give_role(conference, user, part, by=by)
    return user


def _give_role(conference: Conference, user: User, role: str, *, by: User) -> None:
    membership, made = Membership.objects.get_or_create(
        conference=conference, user=user, defaults={"role": role}
    )
    if membership.role != role:
        sentence = _(
            "%(name)s đã là “%(role)s” của hội nghị này. Đổi vai trò ở trang hội nghị, "
            "mục Thành viên Ban Tổ chức."
        )
        known = {"name": user, "role": membership.get_role_display()}
        raise ValidationError({"part": ValidationError(sentence, params=known)})
    if made:
        journal.record("invite", user, by=by, conference=conference, changes={"role": ["", role]})
