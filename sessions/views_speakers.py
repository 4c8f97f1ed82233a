"""What everybody may read about a speaker: what the organisers approved, and the parts in the programme."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from conference import programme
from conference.serving import shown_picture
from sessions.models import SpeakerProfile


@require_safe
def speaker(request: HttpRequest, conference: str, speaker: str) -> HttpResponse:
    """Photo, name, position, organisation, introduction; in which sessions of the released programme."""
    found = _find(conference, speaker)
    person = found.attendee
    items = [
        item
        for day in programme.released(person.conference).days
        for _half, day_items in day.halves
        for item in day_items
        if any(part.attendee == person.code for part in item.parts)
    ]
    address = reverse("thematic:speaker_photo", args=(conference, found.code)) if found.photo else ""
    context = {
        "conference": person.conference,
        "profile": found,
        "person": person,
        "items": items,
        "photo_url": address,
    }
    return render(request, "sessions/speaker_page.html", context)


@require_safe
def photo(request: HttpRequest, conference: str, speaker: str) -> HttpResponse:
    """The approved photo."""
    return shown_picture(_find(conference, speaker).photo)


def _find(conference: str, code: str) -> SpeakerProfile:
    rows = SpeakerProfile.objects.public().select_related("attendee__conference")
    return get_object_or_404(rows, attendee__conference__slug=conference, code=code)
