"""Signed sheets at the desk: which came back, one delegation's list to tick, rows entered by their codes."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attendees.models import Delegation
from attendees.naming import delegation_title
from conference import fragments, refusals
from conference.models import Conference, User
from sessions import desk, receiving, signing_in
from sessions.forms import DeskForm
from sessions.forms_sheets import RowsForm, SheetForm
from sessions.models import Session
from sessions.signing_in import Entered


@require_safe
@login_required
def sheets(request: HttpRequest, conference: str) -> HttpResponse:
    """The sheets of one session: what was signed, what was entered, and where rows are scanned."""
    found = desk.conference_of(request, conference)
    return _draw_sheets(request, found, desk.session_of(request, found), RowsForm(), [])


@require_POST
@login_required
def rows(request: HttpRequest, conference: str) -> HttpResponse:
    """Signatures by the codes of their rows: an answer for each, and what was wrong stays in the field."""
    found = desk.conference_of(request, conference)
    session = desk.session_of(request, found)
    form = RowsForm(request.POST)
    answers: list[Entered] = []
    if form.is_valid():
        answers = signing_in.enter_rows(found, form.cleaned_data["rows"], by=cast(User, request.user))
        wrong = [one.text for one in answers if one.kind == "err"]
        form = RowsForm(initial={"rows": "\n".join(wrong)})
    if fragments.is_asked(request, "rows"):
        newest = answers[::-1]  # the script puts them above those that stand there
        context = {"answers": newest, "conference": found, "session": session, "errors": form.errors}
        return render(request, "sessions/_sheet_answers.html", context)
    return _draw_sheets(request, found, session, form, answers)


def _draw_sheets(
    request: HttpRequest, conference: Conference, session: Session, form: RowsForm, answers: list[Entered]
) -> HttpResponse:
    lines = signing_in.counts(session)
    choose = DeskForm({"session": session.code}, conference=conference)
    context = {
        "conference": conference,
        "session": session,
        "form": form,
        "choose": choose["session"],
        "answers": answers,
        "lines": lines,
        "entered": sum(one.sheet is not None for one in lines),
        "signed": sum(one.signed for one in lines),
        "may_print": conference.is_run_by(request.user),
    }
    return render(request, "sessions/sheets_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sheet(request: HttpRequest, conference: str, code: str) -> HttpResponse:
    """The list of one delegation, as on the paper: who signed?"""
    found = desk.conference_of(request, conference)
    group = get_object_or_404(found.delegations.select_related("unit", "conference"), code=code)
    session = desk.session_of(request, found)
    form = SheetForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (done := _enter(request, form, group, session)):
        return done
    lines = signing_in.listed(group, session)
    entered = session.signed_sheets.filter(delegation=group).select_related("session__conference").first()
    context = {
        "conference": found,
        "session": session,
        "group": group,
        "title": delegation_title(group),
        "form": form,
        "lines": lines,
        "signed": sum(one.is_signed for one in lines),
        "closed": signing_in.closed(entered) if entered else "",
        "differs": entered is not None and entered.signatures != sum(one.is_signed for one in lines),
        "may_run": found.is_run_by(request.user),
        "back": _place(session),
    }
    return render(request, "sessions/sheet_page.html", context)


def _enter(request: HttpRequest, form: SheetForm, group: Delegation, session: Session) -> HttpResponse | None:
    """Writes it down and leads back to the list; None where it was refused."""
    codes, by = set(form.cleaned_data["people"]), cast(User, request.user)
    try:
        answers = signing_in.enter(group, codes, session, by=by, source=form.source, counted=form.count)
    except ValidationError as refusal:
        refusals.tell(form, refusal)
        return None
    if any(one.attendance for one in answers):
        messages.success(request, signing_in.sentence(answers, form.source))
    for answer in answers:
        if answer.attendance is None:
            messages.warning(request, receiving.refusal(answer))
    for lost in sorted(codes - {one.attendee.code for one in answers}):
        messages.warning(request, _("Người có mã %s không còn trong danh sách của đoàn.") % lost)
    if form.count is not None:
        messages.success(request, _("Tờ ký của %s đã nhập xong.") % delegation_title(group))
        return redirect(_place(session))
    return redirect(f"{request.path}?{urlencode({'session': session.code})}")


def _place(session: Session) -> str:
    """The list of the sheets of a session."""
    address = reverse("thematic:sheets", args=(session.conference.slug,))
    return f"{address}?{urlencode({'session': session.code})}"
