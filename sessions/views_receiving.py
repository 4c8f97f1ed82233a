"""A delegation at the reception: ticked, written down and given its kits in one press."""

from __future__ import annotations

import uuid
from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from attendees.models import Delegation
from attendees.naming import delegation_title
from conference import refusals
from conference.models import User
from sessions import attending, desk, receiving
from sessions.forms import GroupForm
from sessions.models import Arrival, Session


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delegation(request: HttpRequest, conference: str, code: str) -> HttpResponse:
    """Who of this delegation has come?"""
    found = desk.conference_of(request, conference)
    rows = found.delegations.select_related("unit", "conference", "head")
    group = get_object_or_404(rows, code=code)
    session = desk.session_of(request, found)
    answers = receiving.listed(group, session)
    total = group.arrivals.kits()
    if request.method == "POST":
        form = GroupForm(request.POST, delegation=group)
        if form.is_valid() and (done := _receive(request, form, group, session)):
            return done
    else:
        form = GroupForm(initial=_proposed(request, group, answers, total), delegation=group)
    arrivals = list(group.arrivals.select_related("session__conference", "recorded_by", "delegation__unit"))
    context = {
        "conference": found,
        "session": session,
        "group": group,
        "title": delegation_title(group),
        "form": form,
        "answers": answers,
        "present": sum(answer.kind == "again" for answer in answers),
        "expected": sum(answer.kind == "" for answer in answers),
        "arrivals": [(one, receiving.sentence(one)) for one in arrivals],
        "said": _said(request, arrivals),
        "kits": total,
        "desk": desk.place(session),
    }
    return render(request, "sessions/reception_delegation.html", context)


def _proposed(
    request: HttpRequest, group: Delegation, answers: list[attending.Answer], total: int
) -> dict[str, object]:
    """Whoever's badge led here is ticked and takes the kits, else the head; with `all` everybody."""
    expected = [answer.attendee.code for answer in answers if not answer.kind]
    by = request.GET.get("by", "")
    active = {answer.attendee.code for answer in answers if answer.kind != "stop"}
    takes = by if by in active else group.head.code if group.head else ""
    ticked = expected if "all" in request.GET else [code for code in expected if code == by]
    return {"people": ticked, "taken_by": takes, "shown": total}


def _receive(
    request: HttpRequest, form: GroupForm, group: Delegation, session: Session
) -> HttpResponse | None:
    """Writes it down and leads back to the list, which says what became of it; None where it was refused."""
    codes = set(form.cleaned_data["people"])
    kits, key = form.handed_out(), form.cleaned_data["key"]
    try:
        done = receiving.receive(group, codes, session, kits, by=cast(User, request.user), key=key)
    except ValidationError as refusal:
        refusals.tell(form, refusal)
        return None
    for answer in done.refused:
        messages.warning(request, receiving.refusal(answer))
    for lost in sorted(codes - {answer.attendee.code for answer in done.answers}):
        messages.warning(request, _("Người có mã %s không còn trong danh sách của đoàn.") % lost)
    if done.too_many:
        messages.warning(
            request, _("Chưa ghi số bộ tài liệu: bàn khác vừa giao cho đoàn này. Xem tổng rồi ghi thêm.")
        )
    elif done.arrival is None and not done.refused:
        messages.info(request, _("Mọi người đã chọn đều đã được ghi nhận từ trước."))
    query = {"session": session.code} | ({"press": done.arrival.request_key} if done.arrival else {})
    return redirect(f"{request.path}?{urlencode(query)}")


def _said(request: HttpRequest, arrivals: list[Arrival]) -> str:
    """What the last press did; it stays when the page is loaded again."""
    try:
        key = uuid.UUID(request.GET.get("press", ""))
    except ValueError:
        return ""
    found = next((one for one in arrivals if one.request_key == key), None)
    return receiving.sentence(found) if found else ""
