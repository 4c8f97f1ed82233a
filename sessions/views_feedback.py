"""Papers: which a person may have, by the personal link; and one paper, which knows no person."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attendees import person_page
from attendees.answering import CONFLICT
from attendees.entering import actor, attendee_page, in_person
from attendees.models import Attendee
from attendees.person_page import PersonPage
from conference import refusals, serving
from conference.models import Conference
from sessions import voting
from sessions.feedback import Paper
from sessions.forms_feedback import AskForm, OpinionForm, TestForm
from sessions.voting import Ballot

OK, SEE_OTHER, UNKNOWN, GONE = 200, 303, 404, 410
View = Callable[..., HttpResponse]


# ── The own page ──────────────────────────────────────────────────────────────────────────────────


@require_safe
@attendee_page
def offers(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """Every paper in the order of the programme, with its hour, or the button that gives it."""
    shown = _find(request, conference, person)
    bearer = in_person(request, shown.person)
    context: dict[str, Any] = {
        "shown": shown,
        "person": shown.person,
        "conference": shown.conference,
        "guest": bearer,
        "groups": voting.by_state(voting.offers(shown.person)),
        "last_day": voting.last_day(shown.conference),
    }
    return _without_trace(render(request, "sessions/feedback_page.html", context))


@require_POST
@attendee_page
def give(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """A paper for the person, once; from here on nothing knows whose it is."""
    shown = _find(request, conference, person)
    bearer = in_person(request, shown.person)
    form = AskForm(request.POST)
    asked = form.cleaned_data if form.is_valid() else {"kind": "", "session": ""}
    try:
        paper = voting.give(shown.person, asked["kind"], asked["session"], by=bearer)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("thematic:feedback", conference, person)
    paper_url = reverse("thematic:ballot", args=(conference, paper))
    return _without_trace(HttpResponseRedirect(paper_url, status=SEE_OTHER))


def _find(request: HttpRequest, conference: str, code: str) -> PersonPage:
    return person_page.find(request, Attendee.objects.visible_to(actor(request)), conference, code)


def _without_trace(response: HttpResponse) -> HttpResponse:
    """The next request tells neither from which person's page nor from which paper it comes."""
    response["Referrer-Policy"] = "strict-origin"
    return response


# ── The paper ─────────────────────────────────────────────────────────────────────────────────────


def unrecorded(view: View) -> View:
    """Not indexed, not kept; the address, a secret, goes into no Referer, though the form says its origin."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return serving.kept_nowhere(_without_trace(view(request, *args, **kwargs)))

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@unrecorded
def ballot(request: HttpRequest, conference: str, paper: str) -> HttpResponse:
    """The paper to be filled; once it is sent, or too late, that this is so. Asks nothing of who looks."""
    found = get_object_or_404(Conference.objects.public(), slug=conference)
    read = voting.read(found, paper)
    if read is None:
        return _draw(request, found, None, "unknown", status=UNKNOWN)
    if request.method != "POST":
        state = _state(read)
        status = GONE if state == "over" else OK
        form = _form(read) if state == "open" else None
        return _draw(request, found, read, state, status=status, form=form)
    form = _form(read, request.POST)
    if form.is_valid():
        try:
            voting.send(read, form.given())
        except ValidationError as refusal:
            if _state(read) != "open":
                return _draw(request, found, read, _state(read), status=CONFLICT, again=True)
            refusals.tell(form, refusal)
        else:
            return HttpResponseRedirect(request.path, status=SEE_OTHER)
    return _draw(request, found, read, "open", form=form)


def _state(read: Ballot) -> str:
    if read.is_sent:
        return "sent"
    return "open" if read.is_open else "over"


def _form(read: Ballot, data: Any = None) -> Any:
    if read.kind == Paper.FEEDBACK:
        return OpinionForm(data)
    return TestForm(read.questions(), data)


def _draw(
    request: HttpRequest,
    conference: Conference,
    read: Ballot | None,
    state: str,
    *,
    status: int = OK,
    form: forms.Form | None = None,
    again: bool = False,
) -> HttpResponse:
    context = {"conference": conference, "ballot": read, "state": state, "form": form, "again": again}
    context["is_test"] = read is not None and read.kind != Paper.FEEDBACK
    return render(request, "sessions/ballot_page.html", context, status=status)
