"""The reception desk: find a person, write that the person is there. The scanner stands on the same verb."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from attendees import walking_in
from conference.models import User
from sessions import attending, desk, receiving, retracting
from sessions.forms import DeskForm, PresenceForm, UndoForm
from sessions.models import Session


@require_safe
@login_required
def reception(request: HttpRequest, conference: str) -> HttpResponse:
    """Who is at the desk, and was the person here already?"""
    found = desk.conference_of(request, conference)
    default = attending.default_session(found)
    form = DeskForm({"session": default.code if default else "", **request.GET.dict()}, conference=found)
    form.is_valid()
    form.fields["q"].required = True  # only for the browser: the page opens without a question
    session = form.cleaned_data.get("session") or default
    asked = form.cleaned_data.get("q", "")
    answers = attending.find(found, session, asked) if asked else []
    if session:
        answers = retracting.offered(answers, session, cast(User, request.user))
    context = {
        "conference": found,
        "form": form,
        "session": session,
        "asked": asked,
        "answers": answers,
        "delegations": receiving.find_delegations(found, asked) if session else [],
        "answer": _answer(request, session, answers, asked) if session else None,
        "not_known": bool(session and asked) and not answers and attending.looks_like_a_code(asked),
        "present": session.attendances.count() if session else 0,
        "longest": attending.LONGEST_LIST,
        "may_register": walking_in.may_register(found, cast(User, request.user)),
    }
    return render(request, "sessions/reception_page.html", context)


def _answer(
    request: HttpRequest, session: Session, answers: list[attending.Answer], asked: str
) -> attending.Answer | None:
    """What the desk says aloud: after a press, or when the code of a badge was typed."""
    if code := request.GET.get("seen"):
        seen = attending.find(session.conference, session, code)[:1]
        said = retracting.offered(seen, session, cast(User, request.user))
        fresh = request.session.pop(desk.FRESH, None)
        if said and said[0].attendance and said[0].attendance.pk == fresh:
            return said[0]._replace(kind=attending.Kind.WELCOME)
        return said[0] if said else None
    single = answers[0] if len(answers) == 1 else None
    return single if single and single.kind and attending.is_badge_of(single.attendee, asked) else None


@require_POST
@login_required
def record(request: HttpRequest, conference: str) -> HttpResponse:
    """This person is here."""
    found = desk.conference_of(request, conference)
    form = PresenceForm(request.POST, conference=found)
    place = reverse("thematic:reception", args=(found.slug,))
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect(place)
    session = form.cleaned_data["session"]
    person = found.attendees.filter(code=form.cleaned_data["attendee"]).first()
    if person is None:
        messages.error(request, _("Không nhận ra mã. Nhập mã in dưới hình QR, hoặc tìm theo tên."))
        return redirect(f"{place}?{urlencode({'session': session.code})}")
    answer = attending.record(person, session, by=cast(User, request.user))
    return redirect(desk.say(request, session, answer))


@require_POST
@login_required
def undo(request: HttpRequest, conference: str) -> HttpResponse:
    """That press was a mistake."""
    found = desk.conference_of(request, conference)
    session, form = desk.session_of(request, found), UndoForm(request.POST)
    number = form.cleaned_data["report"] if form.is_valid() else 0
    try:
        done = retracting.undo(number, session, by=cast(User, request.user))
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return redirect(desk.place(session))
    person = done.person
    messages.success(request, _("Đã gỡ lượt vừa ghi nhận: %s.") % person.addressed)
    for sentence in retracting.stays(done):
        messages.info(request, sentence)
    if form.cleaned_data["in_group"]:
        group = reverse("thematic:reception_delegation", args=(found.slug, person.delegation.code))
        return redirect(f"{group}?{urlencode({'session': session.code})}")
    return redirect(f"{desk.place(session)}&{urlencode({'q': person.code})}")
