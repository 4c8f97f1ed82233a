"""Desk: the page for a leader: made now, and mailed each morning. Named in `DESK_PAGES`."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conference import access, keys, refusals
from conference.desk import desk_page
from conference.models import Conference
from documents import briefing, rows
from documents.forms_morning import MorningForm
from documents.models import MORNING, Document
from documents.requests import Scope, request_document

LATEST = 6
OK, CONFLICT = 200, 409


def pages(desk: admin.AdminSite) -> list[URLPattern]:
    """The addresses of the page."""
    return [
        path("morning/", desk.admin_view(morning), name="morning"),
        path("morning/print/", desk.admin_view(make), name="morning_print"),
        path("morning/letter/", desk.admin_view(letter), name="morning_letter"),
    ]


@require_safe
def morning(request: HttpRequest) -> HttpResponse:
    """The latest pages, and who gets them by mail."""
    conference = access.current(request)
    return _draw(request, conference, _form(conference))


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """The page as of now."""
    conference = access.current(request, to_change=True)
    by: Any = request.user
    scope = Scope(day=conference.today())
    request_document(MORNING, conference, by=by, scope=scope, key=keys.press(request.POST.get("key", "")))
    messages.success(request, _("Đang lập trang theo số liệu lúc này."))
    return HttpResponseRedirect(reverse("admin:morning"))


@require_POST
def letter(request: HttpRequest) -> HttpResponse:
    """Who gets it from the next morning on."""
    conference = access.current(request, to_change=True)
    form = MorningForm(request.POST)
    if not form.is_valid():
        return _draw(request, conference, form)
    by: Any = request.user
    told = form.cleaned_data | {"shown": form.cleaned_data["shown"] or None}
    try:
        setting = briefing.ask_for(conference, **told, by=by)
    except ValidationError as stale:
        refusals.tell(form, stale)
        data: Any = request.POST.copy()
        data["shown"] = briefing.setting_of(conference).shown  # saving again decides
        form.data = data
        return _draw(request, conference, form, status=CONFLICT)
    if setting.addresses:
        messages.success(request, _("Đã lưu. Thư đi lúc 07:00 mỗi ngày của hội nghị."))
    else:
        messages.success(request, _("Đã lưu. Không gửi thư buổi sáng cho ai."))
    return HttpResponseRedirect(reverse("admin:morning"))


def _form(conference: Conference) -> MorningForm:
    setting = briefing.setting_of(conference)
    addresses = "\n".join(setting.addresses)
    seen = {"addresses": addresses, "without_approval": setting.without_approval, "shown": setting.shown}
    return MorningForm(initial=seen)


def _draw(
    request: HttpRequest, conference: Conference, form: MorningForm, *, status: int = OK
) -> HttpResponse:
    user: Any = request.user
    found = Document.objects.visible_to(user).filter(conference=conference, kind=MORNING)
    papers = rows.rows(rows.of(found)[:LATEST], user)
    letters = briefing.letters_of(conference, [row.document for row in papers])
    setting = briefing.setting_of(conference)
    may_change = access.of(request).may_change
    context = {
        "title": _("Trang 07:00 cho lãnh đạo"),
        "papers": [{"row": row, "letters": letters.get(row.document.request_key)} for row in papers],
        "setting": setting,
        "form": form,
        "key": uuid.uuid4(),
        "may_change": may_change,
    }
    return desk_page(request, "admin/documents/morning.html", context, status=status)
