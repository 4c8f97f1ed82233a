"""Who has which part in a conference, on its page of the desk."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from conference import access
from conference.desk_lists import DeskInline
from conference.models import Membership
from conference.scoping import DeskAdmin


class MembershipForms(BaseInlineFormSet):
    """Who has which part. Given and taken by who proved just now who they are; what was typed stays."""

    is_fresh = False

    def clean(self) -> None:
        super().clean()
        if self.has_changed() and not self.is_fresh:
            said = _("Để đổi vai trò, {link} (mở trang khác), rồi bấm Lưu lại ở đây.")
            link = format_html(
                '<a href="{}" target="_blank">{}</a>',
                reverse("account_reauthenticate"),
                _("xác nhận lại danh tính"),
            )
            raise ValidationError(format_html(said, link=link))


class MembershipInline(DeskInline):
    model = Membership
    formset = MembershipForms
    fields = ("user", "role")
    extra = 0

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        return type(formset.__name__, (formset,), {"is_fresh": access.is_fresh(request)})


class AccountWords(DeskAdmin):
    """What an administrator may do, said in our words and not in those of the framework."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "is_superuser":
            text = _("Vào mọi hội nghị; thêm hội nghị, đơn vị, cơ quan và tài khoản.")
            kwargs |= {"label": _("Quản trị hệ thống"), "help_text": text}
        return super().formfield_for_dbfield(db_field, request, **kwargs)
