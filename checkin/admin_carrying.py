"""Desk: a file of scans, brought from a phone that found no network. Named in `DESK_PAGES`."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from checkin.carrying import carry
from checkin.forms import CarriedForm
from checkin.models import Scan
from checkin.pairing import Refused
from checkin.taking import Answer
from conference import access
from conference.desk import desk_page

VERDICTS = dict(Scan.Verdict.choices)


def pages(desk: admin.AdminSite) -> list[URLPattern]:
    """The address of the file."""
    return [path("devices/scans/", desk.admin_view(scans), name="devices_scans")]


@require_http_methods(["GET", "HEAD", "POST"])
def scans(request: HttpRequest) -> HttpResponse:
    """Takes the file and says what became of it; the same file again changes nothing."""
    conference = access.current(request, to_change=True)
    sent = request.method == "POST"
    form = CarriedForm(request.POST, request.FILES) if sent else CarriedForm()
    by: Any = request.user
    answers: list[Answer] | None = None
    if sent and form.is_valid():
        try:
            answers = carry(conference, form.cleaned_data["file"], by=by)
        except Refused as refused:
            form.add_error("file", str(refused))
    context = {
        "title": _("Nhận tệp lượt quét"),
        "form": form,
        "taken": None if answers is None else _told(answers),
    }
    return desk_page(request, "admin/door/scans.html", context)


def _told(answers: list[Answer]) -> dict[str, Any]:
    """How many of each verdict, and why some are not kept."""
    kept = Counter(one.verdict for one in answers if not one.refused)
    return {
        "kept": kept.total(),
        "verdicts": [(label, kept[value]) for value, label in VERDICTS.items() if kept[value]],
        "refused": Counter(one.refused for one in answers if one.refused).most_common(),
    }
