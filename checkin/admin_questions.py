"""Desk: what the scans leave open, and what a person decides of it. Named in `DESK_PAGES`."""

from __future__ import annotations

import datetime
from itertools import groupby
from math import ceil
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from checkin import judging
from checkin.forms import DecisionForm, RevisionForm
from checkin.judging import Question
from checkin.models import Decision, Scan
from conference import access, moments
from conference.desk import desk_page
from conference.models import Conference

LATEST = 50
LONGEST_IN_SECONDS = 120
OK, CONFLICT = 200, 409
SAID = dict(Scan.SAID)


def pages(desk: admin.AdminSite) -> list[URLPattern]:
    """The addresses of the questions."""
    return [
        path("door-questions/", desk.admin_view(questions), name="door_questions"),
        path("door-questions/decide/", desk.admin_view(decide), name="door_decide"),
        path("door-questions/<int:decision>/", desk.admin_view(decision_page), name="door_decision"),
        path("door-questions/<int:decision>/revise/", desk.admin_view(revise), name="door_revise"),
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


@require_safe
def decision_page(request: HttpRequest, decision: int) -> HttpResponse:
    """One decision: its scans, what was decided of them one after the other, and where it can be replaced."""
    found = _decision(request, decision)
    return _history(request, found, RevisionForm(found))


@require_POST
def revise(request: HttpRequest, decision: int) -> HttpResponse:
    """Another answer in the place of this one. Where somebody else was faster, theirs is shown."""
    found = _decision(request, decision, to_change=True)
    form = RevisionForm(found, request.POST)
    if not form.is_valid():
        return _history(request, found, form)
    by: Any = request.user
    told = form.cleaned_data
    try:
        made = judging.revise(found, told["outcome"], told["note"], by=by)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return _history(request, found, form, status=CONFLICT)
    words = {"name": made.attendee or "–", "outcome": made.get_outcome_display()}
    messages.success(request, _("Đã thay quyết định về %(name)s: %(outcome)s.") % words)
    return HttpResponseRedirect(reverse("admin:door_questions"))


def _decision(request: HttpRequest, key: int, *, to_change: bool = False) -> Decision:
    conference = access.current(request, to_change=to_change)
    found = Decision.objects.visible_to(request.user).filter(session__conference=conference)
    return get_object_or_404(found.select_related("session__conference", "attendee__delegation"), pk=key)


def _history(request: HttpRequest, shown: Decision, form: RevisionForm, *, status: int = OK) -> HttpResponse:
    """The newest answer to the question of this one counts; only that can be replaced."""
    chain = list(Decision.objects.filter(question=shown.question).select_related("by").order_by("-pk"))
    scans = Scan.objects.filter(pk__in=shown.scans).select_related("device")
    context = {
        "title": shown.attendee.full_name if shown.attendee else _("Quyết định tại cửa"),
        "decision": shown,
        "chain": chain,
        "newest": chain[0],
        "lines": [_line(one) for one in scans],
        "form": form,
        "may_change": access.of(request).may_change,
    }
    return desk_page(request, "admin/door/decision.html", context, status=status)


def _draw(
    request: HttpRequest, conference: Conference, sent: DecisionForm | None = None, status: int = OK
) -> HttpResponse:
    found = [
        {"session": session, "rows": [_row(one, sent) for one in group]}
        for session, group in groupby(judging.questions(conference), key=lambda one: one.session)
    ]
    known = Decision.objects.visible_to(request.user).filter(session__conference=conference)
    decided = list(known.in_force().select_related("session", "attendee__delegation", "by")[:LATEST])
    before: dict[str, list[Decision]] = {}
    for one in known.exclude(successors=None).filter(question__in=[one.question for one in decided]):
        before.setdefault(one.question, []).append(one)
    context = {
        "title": _("Cần người quyết định"),
        "questions": found,
        "decided": [{"decision": one, "before": before.get(one.question, [])} for one in decided],
        "may_change": access.of(request).may_change,
    }
    return desk_page(request, "admin/door/questions.html", context, status=status)


def _row(question: Question, sent: DecisionForm | None) -> dict[str, Any]:
    lines = [_line(one) for one in question.scans]
    return {"question": question, "lines": lines, "form": _form(question, sent)}


def _line(scan: Scan) -> dict[str, Any]:
    """One scan with how wrong its time may be, and what the phone said."""
    return {"scan": scan, "bound": _spoken(scan.bound), "told": SAID.get(scan.told, scan.told)}


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
