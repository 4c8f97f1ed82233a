"""One badge from the browser, at once: the page is the label, and a press opens the print dialogue."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from conference import journal
from conference.models import User
from sessions import desk, labels

SIZES = ("86", "a6")
PRINTED = "reception_printed"  # whose label the print dialogue opens for, once


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def badge(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """The badge of a person on a seat. A post is journalled as a print, then the dialogue opens by itself."""
    found = desk.conference_of(request, conference)
    session = desk.session_of(request, found)
    people = found.attendees.active()
    holder = get_object_or_404(people.select_related("delegation__unit", "category"), code=person)
    if request.method == "POST":
        journal.record("print", holder, by=cast(User, request.user), conference=found)
        request.session[PRINTED] = holder.code
        return redirect(request.get_full_path())
    size = request.GET.get("size", "")
    context = {
        "conference": found,
        "session": session,
        "label": labels.label(holder),
        "size": size if size in SIZES else SIZES[0],
        "print_now": request.session.pop(PRINTED, None) == holder.code,
        "desk": desk.place(session, holder),
    }
    return render(request, "sessions/badge_page.html", context)
