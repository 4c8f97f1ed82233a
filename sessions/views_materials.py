"""Materials by the personal link: what there is for the person, and a copy with the person's name."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from attendees import person_page
from attendees.entering import actor, attendee_page, guest, in_person
from attendees.models import Attendee
from attendees.person_page import PersonPage
from conference.serving import as_download
from sessions import handing_out


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
    bearer = in_person(request, shown.person)
    found = get_object_or_404(handing_out.meant_for(shown.person), code=material)
    try:
        copy = handing_out.hand_out(found, shown.person, by=bearer)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("thematic:materials", conference, person)
    return as_download(copy.name, copy.data, copy.content_type)


def _find(request: HttpRequest, conference: str, code: str) -> PersonPage:
    return person_page.find(request, Attendee.objects.visible_to(actor(request)), conference, code)
