"""Materials by the personal link: what there is for the person, and a copy with the person's name."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from attendees.entering import actor, attendee_page, guest
from attendees.models import Attendee
from attendees.person_page import PersonPage
from sessions import handing_out
from sessions.serving import as_download


@require_safe
@attendee_page
def materials(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """By session, in the order of the programme: open ones to be taken, others with their hour."""
    shown = _find(request, conference, person)
    context: dict[str, Any] = {
        "shown": shown,
        "person": shown.person,
        "conference": shown.conference,
        "guest": guest(request),
        "materials": handing_out.meant_for(shown.person),
    }
    return render(request, "sessions/materials_page.html", context)


@require_POST
@attendee_page
def download(request: HttpRequest, conference: str, person: str, material: str) -> HttpResponse:
    """A copy for the person, who alone takes it; that it was taken is written down."""
    shown = _find(request, conference, person)
    bearer = guest(request)
    if bearer is None or not shown.is_own:
        raise PermissionDenied
    found = get_object_or_404(handing_out.meant_for(shown.person), code=material)
    try:
        copy = handing_out.hand_out(found, shown.person, by=bearer)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("thematic:materials", conference, person)
    return as_download(copy.name, copy.data, copy.content_type)


def _find(request: HttpRequest, conference: str, code: str) -> PersonPage:
    """The person, for the person and who answers for the person; who was replaced finds nothing."""
    people = Attendee.objects.visible_to(actor(request))
    people = people.select_related("conference", "category", "delegation__conference")
    found = get_object_or_404(people, conference__slug=conference, code=code)
    shown = PersonPage(found, actor(request), request)
    if shown.is_gone or not (shown.is_own or shown.delegation.is_answered_by(shown.user)):
        raise PermissionDenied
    return shown
