"""Desk: erasing an account, after a look at what goes and what stays. Named in `DESK_PAGES`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from conference import access, account_erasing, erased, keys
from conference.desk import desk_page
from conference.models import User


class ErasingForm(forms.Form):
    """Why: it goes into the journal, without the name."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        max_length=300,
        help_text=gettext_lazy("Ví dụ: đã nghỉ việc; đề nghị của người dùng ngày 28/11. Ghi vào nhật ký."),
    )


def pages(desk: admin.AdminSite) -> list[URLPattern]:
    """The address."""
    return [path("accounts/<str:account>/erase/", desk.admin_view(erase), name="account_erase")]


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, account: str) -> HttpResponse:
    """What would go and what would stay; by POST it goes. For administrators."""
    if not access.of(request).is_administrator:
        raise PermissionDenied
    if (key := keys.read(account)) is None:
        raise Http404
    found = get_object_or_404(User, pk=key)
    if request.method != "POST" or found.erased_at is not None:
        return _shown(request, found, ErasingForm())
    if (proof := access.proof_first(request)) is not None:
        return proof
    form = ErasingForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form)
    by: Any = request.user
    try:
        account_erasing.erase(found, by=by, reason=form.cleaned_data["reason"])
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    except erased.Unwritten as fault:
        messages.error(request, fault.told)
    else:
        messages.success(request, _("Đã xóa tài khoản."))
    return HttpResponseRedirect(reverse("admin:account_erase", args=(found.pk,)))


def _shown(request: HttpRequest, account: User, form: ErasingForm) -> HttpResponse:
    by: Any = request.user
    context: dict[str, Any] = {
        "title": _("Xóa tài khoản"), "account": account, "form": form, "refusal": "", "outcome": None,
    }  # fmt: skip
    if account.erased_at is None:
        try:
            account_erasing.require_erasable(account, by=by)
            context["outcome"] = account_erasing.preview(account)
        except ValidationError as refusal:
            context["refusal"] = " ".join(refusal.messages)
    return desk_page(request, "admin/accounts/erase.html", context)
