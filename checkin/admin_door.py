"""Desk: a day at the doors as it goes. Named in `DESK_PAGES`."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.cache import patch_vary_headers
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from attendees import privacy
from attendees.models import Delegation
from checkin import live
from conference import access, fragments
from conference.desk import desk_page
from conference.models import Conference

PART = "door"


def pages(desk: admin.AdminSite) -> list[URLPattern]:
    """The addresses of the live desk."""
    return [
        path("door/", desk.admin_view(door), name="door"),
        path("door/phones/<slug:code>/", desk.admin_view(phone), name="door_phone"),
    ]


@never_cache
@require_safe
def door(request: HttpRequest) -> HttpResponse:
    """One day: today, or the nearest of the conference. A script asks for the moving part alone."""
    conference = access.current(request)
    days = live.days(conference)
    day = live.read(conference, _day(conference, request.GET.get("day", ""), days))
    context = {
        "conference": conference,
        "day": day,
        "days": days,
        "short": [
            {"team": team, "is_open": privacy.is_open(team.delegation, request.session)} for team in day.short
        ],
        "may_change": access.of(request).may_change,
    }
    if fragments.is_asked(request, PART):
        response = render(request, "admin/door/_live.html", context)
    else:
        response = desk_page(request, "admin/door/live.html", context)
    patch_vary_headers(response, (fragments.FRAGMENT,))
    return response


@require_POST
def phone(request: HttpRequest, code: str) -> HttpResponse:
    """Shows whom to call of one delegation, for ten minutes; the journal says so."""
    conference = access.current(request, to_change=True)
    found = Delegation.objects.visible_to(request.user).filter(conference=conference)
    one = get_object_or_404(found.select_related("conference"), code=code)
    by: Any = request.user
    privacy.reveal(one, by=by, session=request.session)
    day = _day(conference, request.POST.get("day", ""), live.days(conference))
    query = urlencode({"day": day.isoformat()})
    return HttpResponseRedirect(f"{reverse('admin:door')}?{query}#doan-{one.code}")


def _day(conference: Conference, text: str, known: list[datetime.date]) -> datetime.date:
    """The day that was asked for, where it is one of those known; else today or the nearest to it."""
    try:
        asked = parse_date(text)
    except ValueError:
        asked = None
    if asked in known:
        return asked
    today = conference.today()
    return min(known, key=lambda day: abs(day - today))
