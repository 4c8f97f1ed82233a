"""Desk: what the scans leave open, and what a person decides of it. Named in `DESK_PAGES`."""

from __future__ import annotations

import datetime
from itertools import groupby
from math import ceil
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from checkin import judging
from checkin.forms import DecisionForm
from checkin.judging import Question
from checkin.models import Decision, Scan
from conference import access, moments
from conference.desk import desk_page
from conference.models import Conference

LATEST = 50
LONGEST_IN_SECONDS = 120
OK, CONFLICT = 200, 409


def pages(desk: admin.AdminSite) -> list[URLPattern]:
    """The addresses of the questions."""
    return [
        path("door-questions/", desk.admin_view(questions), name="door_questions"),
        path("door-questions/decide/", desk.admin_view(decide), name="door_decide"),
    ]


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Everything that is open, by session; below it what was decided last."""
    return _draw(request, access.current(request))


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """One answer. What came meanwhile is shown instead, and nothing is kept."""
    conference = access.current(request, to_change=True)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _draw(request, conference, form)
    by: Any = request.user
    told = form.cleaned_data
    try:
        made = judging.decide(conference, form.scans, told["outcome"], by=by, note=told["note"])
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return _draw(request, conference, status=CONFLICT)
    words = {"name": made.attendee, "outcome": made.get_outcome_display()}
    messages.success(request, _("Đã ghi quyết định về %(name)s: %(outcome)s.") % words)
    return HttpResponseRedirect(reverse("admin:door_questions"))


def _draw(
    request: HttpRequest, conference: Conference, sent: DecisionForm | None = None, status: int = OK
) -> HttpResponse:
    found = [
        {"session": session, "rows": [_row(one, sent) for one in group]}
        for session, group in groupby(judging.questions(conference), key=lambda one: one.session)
    ]
    decided = Decision.objects.visible_to(request.user).filter(session__conference=conference)
    context = {
        "title": _("Cần người quyết định"),
        "questions": found,
        "decided": decided.select_related("session", "attendee__delegation", "by")[:LATEST],
        "may_change": access.of(request).may_change,
    }
    return desk_page(request, "admin/door/questions.html", context, status=status)


def _row(question: Question, sent: DecisionForm | None) -> dict[str, Any]:
    said = dict(Scan.SAID)
    lines = [
        {"scan": one, "bound": _spoken(one.bound), "told": said.get(one.told, one.told)}
        for one in question.scans
    ]
    return {"question": question, "lines": lines, "form": _form(question, sent)}


def _spoken(bound: datetime.timedelta) -> str:
    """How wrong a time may be: ±1 giây, ±10 phút."""
    seconds = max(ceil(bound.total_seconds()), 1)
    if seconds > LONGEST_IN_SECONDS:
        return f"±{moments.duration(bound)}"
    return "±" + ngettext("%d giây", "%d giây", seconds) % seconds


def _form(question: Question, sent: DecisionForm | None) -> DecisionForm:
    """Empty, or as it was sent where it was sent for this question and refused."""
    is_it = sent is not None and sent.data.get("seen", "") == ",".join(question.seen)
    return DecisionForm.asking(question.seen, question.outcomes, sent.data if sent and is_it else None)
