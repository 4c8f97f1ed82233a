"""Desk: the ledger of badges: runs, what has to be printed anew, and which delegation took its badges."""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference import access, keys, refusals
from conference.desk import desk_page
from conference.models import Conference
from documents import badging, rows
from documents.badging import BADGES, Team
from documents.desk_acts import ask_for
from documents.models import BadgeHandover, Document
from documents.requests import Scope

LATEST = 6


class HandoverForm(forms.Form):
    """Who took how many badges."""

    cards = forms.IntegerField(
        label=gettext_lazy("Số thẻ"),
        min_value=1,
        max_value=9999,
        error_messages={
            "required": gettext_lazy("Ghi số thẻ."),
            "invalid": gettext_lazy("Ghi số thẻ bằng số."),
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    received_by = forms.CharField(
        label=gettext_lazy("Người nhận"),
        max_length=200,
        error_messages={"required": gettext_lazy("Ghi tên người nhận.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class Run(NamedTuple):
    """A run of badges: its number among those of the conference, and its line."""

    number: int
    row: rows.Row


def pages(desk: admin.AdminSite) -> list[URLPattern]:
    """The addresses of the ledger."""
    return [
        path("badges/", desk.admin_view(overview), name="badges"),
        path("badges/print/", desk.admin_view(make), name="badges_print"),
        path("badges/<slug:code>/", desk.admin_view(handover), name="badges_handover"),
        path("badges/lines/<int:line>/strike/", desk.admin_view(strike), name="badges_strike"),
    ]


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Runs, figures, and a line for each delegation. Constant in queries."""
    conference = access.current(request)
    found = badging.ledger(conference)
    waiting = request.GET.get("show") == "waiting"
    context = {
        "title": _("Sổ thẻ đại biểu"),
        "runs": _runs(conference, request),
        "teams": [one for one in found if not waiting or one.taken < one.total],
        "waiting": waiting,
        "sums": _sums(found),
        "due": sum(one.due for one in found),
        "key": uuid.uuid4(),
        "may_change": access.of(request).may_change,
    }
    return desk_page(request, "admin/documents/badges.html", context)


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Print what is new or has changed since a run; everything where none is named."""
    conference = access.current(request, to_change=True)
    run = request.POST.get("since", "")
    since = next((one for one in badging.runs(conference) if str(one.pk) == run), None)
    if run and since is None:
        messages.error(request, _("Đợt in này không còn. Tải lại trang rồi chọn lại."))
        return HttpResponseRedirect(reverse("admin:badges"))
    key = keys.press(request.POST.get("key", ""))
    kind = since.kind if since else BADGES  # on the same paper as the run that is completed
    return ask_for(request, kind, Scope(since=since), key=key) or HttpResponseRedirect(
        reverse("admin:badges")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: HttpRequest, code: str) -> HttpResponse:
    """One delegation: what was taken away, and a form for what is taken now."""
    conference = access.current(request, to_change=request.method == "POST")
    found = get_object_or_404(conference.delegations.select_related("unit", "conference"), code=code)
    if request.method != "POST":
        return _one(request, conference, found.pk, None)
    by: Any = request.user
    form = HandoverForm(request.POST)
    if not form.is_valid():
        return _one(request, conference, found.pk, form)
    try:
        badging.hand_over(found, **form.cleaned_data, by=by)
    except ValidationError as refusal:
        refusals.tell(form, refusal)
        return _one(request, conference, found.pk, form)
    messages.success(request, _("Đã ghi giao thẻ cho %s.") % found.name)
    return HttpResponseRedirect(reverse("admin:badges_handover", args=(found.code,)))


@require_POST
def strike(request: HttpRequest, line: int) -> HttpResponse:
    """Take back a line that was written by mistake."""
    conference = access.current(request, to_change=True)
    lines = BadgeHandover.objects.filter(delegation__conference=conference)
    found = get_object_or_404(lines.select_related("delegation__conference"), pk=line)
    by: Any = request.user
    badging.take_back(found, by=by)
    messages.success(request, _("Đã bỏ dòng ghi giao thẻ. Nhật ký còn giữ."))
    return HttpResponseRedirect(reverse("admin:badges_handover", args=(found.delegation.code,)))


def _one(request: HttpRequest, conference: Conference, pk: int, form: HandoverForm | None) -> HttpResponse:
    delegation = conference.delegations.select_related("unit").get(pk=pk)
    team = next((one for one in badging.ledger(conference) if one.delegation.pk == pk), Team(delegation))
    initial = {
        "cards": max(team.total - team.taken, 0) or None,
        "received_by": delegation.contact_name,
        "key": uuid.uuid4(),
    }
    context = {
        "title": delegation.name,
        "team": team,
        "form": form or HandoverForm(initial=initial),
        "may_change": access.of(request).may_change,
    }
    return desk_page(request, "admin/documents/badges_team.html", context)


def _runs(conference: Conference, request: HttpRequest) -> list[Run]:
    numbers = {one.pk: number for number, one in enumerate(badging.runs(conference), start=1)}
    user: Any = request.user
    latest = rows.of(Document.objects.filter(pk__in=list(numbers)[-LATEST:]))
    return [Run(numbers[one.document.pk], one) for one in rows.rows(latest, user)]


def _sums(found: list[Team]) -> list[tuple[str, int]]:
    return [
        (_("Người đã xác nhận"), sum(one.total for one in found)),
        (_("Chưa in thẻ"), sum(one.fresh for one in found)),
        (_("Thẻ đã đổi nội dung"), sum(one.changed for one in found)),
        (_("Đoàn đã nhận đủ thẻ"), sum(one.taken >= one.total > 0 for one in found)),
        (_("Đoàn chưa nhận đủ"), sum(one.taken < one.total for one in found)),
    ]
