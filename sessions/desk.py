"""What every page of the reception begins with: whose it is, and at which session one stands."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from attendees.models import Attendee
from conference.models import Conference, User
from sessions import attending
from sessions.models import Session

FRESH = "reception_fresh"  # the attendance just written: said once, then it is "again"


def conference_of(request: HttpRequest, slug: str) -> Conference:
    """The conference, for organisers and the people at its doors; 404 for everybody else."""
    found = get_object_or_404(Conference.objects.visible_to(request.user), slug=slug)
    if not attending.may_record(found, cast(User, request.user)):
        raise Http404
    return found


def session_of(request: HttpRequest, conference: Conference) -> Session:
    """The session named in the address or the form, else the one that is on; 404 where there is none.

    What is written for a session that is gone meanwhile is written for no other.
    """
    code = (request.POST.get("session") or request.GET.get("session") or "").replace("\0", "")
    sessions = conference.sessions.exclude(kind=Session.Kind.BREAK)
    found = sessions.filter(code=code).first() if code else None
    if found is None and not (code and request.method == "POST"):
        found = attending.default_session(conference)
    if found is None:
        raise Http404
    return found


def place(session: Session, person: Attendee | None = None) -> str:
    """Back to the desk; with a person, to what it says of them."""
    query = {"session": session.code} | ({"seen": person.code} if person else {})
    return f"{reverse('thematic:reception', args=(session.conference.slug,))}?{urlencode(query)}"


def say(request: HttpRequest, session: Session, answer: attending.Answer) -> str:
    """Back to the desk, which welcomes the person once."""
    if answer.kind == attending.Kind.WELCOME and answer.attendance:
        request.session[FRESH] = answer.attendance.pk
    return place(session, answer.attendee)
