"""Who has which part in a conference, on its page of the desk."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference import access, second_factors
from conference.desk_forms import asked
from conference.desk_lists import DeskInline, DeskRows
from conference.models import Membership, User
from conference.scoping import DeskAdmin


class MembershipForms(DeskRows):
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
    fields = kept = ("user", "role")
    extra = 0

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        return type(formset.__name__, (formset,), {"is_fresh": access.is_fresh(request)})


@admin.action(description=gettext_lazy("Gỡ xác thực hai bước"), permissions=["change"])
@access.freshly_signed_in
def take_off_factor(desk: Any, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
    """For who lost the telephone and the recovery codes."""
    form = asked(request, forms.Form)
    if form.is_valid():
        by: Any = request.user
        if sum(second_factors.take_off(one, by=by) for one in queryset):
            messages.success(request, _("Đã gỡ. Lần đăng nhập tới, người này bật lại xác thực hai bước."))
        else:
            messages.warning(request, _("Tài khoản này không còn xác thực hai bước."))
        return None
    page: HttpResponse = desk.ask(
        request,
        form,
        queryset,
        title=_("Gỡ xác thực hai bước"),
        text=_(
            "Khi người này mất điện thoại và không còn mã dự phòng. Gọi lại số đã biết để chắc đúng người. "
            "Tài khoản bị đăng xuất ở mọi nơi; lần đăng nhập tới phải bật lại."
        ),
        verb=_("Gỡ xác thực hai bước"),
        danger=True,
    )
    return page


class AccountWords(DeskAdmin):
    """What an administrator may do, said in our words and not in those of the framework."""

    actions = (take_off_factor,)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """On the page of one account, not for many in a list."""
        is_list = request.method != "POST" and request.path == reverse("admin:conference_user_changelist")
        return {} if is_list else super().get_actions(request)

    def row_acts(self, request: HttpRequest, obj: Any) -> list[str]:
        return ["take_off_factor"] if Authenticator.objects.filter(user=obj).exists() else []

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "is_superuser":
            text = _("Vào mọi hội nghị; thêm hội nghị, đơn vị, cơ quan và tài khoản.")
            kwargs |= {"label": _("Quản trị hệ thống"), "help_text": text}
        return super().formfield_for_dbfield(db_field, request, **kwargs)
