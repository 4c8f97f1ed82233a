"""Desk: what is held of people and why, who asked for what, and the erasing of one. Named in `DESK_PAGES`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from attendees import erasing, privacy
from attendees.models import Attendee, Correction
from conference import access, erased, purpose_table
from conference.desk import desk_page

CONFLICT = 409


class SeenForm(forms.Form):
    """What was on the screen: an erasing of something else than was shown is asked again."""

    version = forms.IntegerField(widget=forms.HiddenInput)


def pages(desk: admin.AdminSite) -> list[URLPattern]:
    """The addresses."""
    return [
        path("privacy/", desk.admin_view(overview), name="privacy"),
        path("privacy/<slug:person>/erase/", desk.admin_view(erase), name="privacy_erase"),
    ]


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The table of purposes, and how far people were told."""
    conference = access.current(request)
    everybody = Attendee.objects.filter(conference=conference)
    people = everybody.filter(erased_at=None)
    read = people.filter(notice_version=privacy.NOTICE_VERSION)
    waiting = Correction.objects.filter(attendee__conference=conference).waiting()
    context = {
        "title": _("Dữ liệu cá nhân"),
        "table": purpose_table.TABLE,
        "conference": conference,
        "sums": [
            (_("Đại biểu"), people.count()),
            (_("Đã đọc thông báo bản %s") % privacy.NOTICE_VERSION, read.count()),
            (_("Đề nghị chờ trả lời"), waiting.count()),
            (_("Đã xóa dữ liệu"), everybody.exclude(erased_at=None).count()),
        ],
    }
    return desk_page(request, "admin/privacy/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, person: str) -> HttpResponse:
    """What would go and what would stay; by POST it goes."""
    conference = access.current(request, to_change=True)
    rows = Attendee.objects.visible_to(request.user).filter(conference=conference)
    found = get_object_or_404(rows.select_related("conference", "delegation"), code=person)
    if request.method != "POST" or found.erased_at is not None:
        return _shown(request, found)
    if (proof := access.proof_first(request)) is not None:
        return proof
    form = SeenForm(request.POST)
    if not form.is_valid() or form.cleaned_data["version"] != found.version:
        messages.error(request, _("Thông tin vừa thay đổi. Xem lại rồi xóa."))
        return _shown(request, found, status=CONFLICT)
    by: Any = request.user
    try:
        erasing.erase(found, by=by)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    except erased.Unwritten as fault:
        messages.error(request, fault.told)
    else:
        messages.success(request, _("Đã xóa dữ liệu cá nhân."))
    return HttpResponseRedirect(reverse("admin:privacy_erase", args=(found.code,)))


def _shown(request: HttpRequest, person: Attendee, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"title": _("Xóa dữ liệu cá nhân"), "person": person, "refusal": ""}
    if person.erased_at is None:
        try:
            erasing.require_erasable(person)
            context["outcome"] = erasing.preview(person)
        except ValidationError as refusal:
            context["refusal"] = " ".join(refusal.messages)
        context["form"] = SeenForm({"version": person.version})
    return desk_page(request, "admin/privacy/erase.html", context, status=status)
