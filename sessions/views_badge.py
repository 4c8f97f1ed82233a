"""One badge from the browser, at once: the page is the label, and a press opens the print dialogue.

Of a badge that was lost another press makes the code anew; what was printed before is dead then.
"""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from attendees import renewing, walking_in
from conference import journal
from conference.models import User
from sessions import desk, labels

SIZES = ("86", "a6")
PRINTED = "reception_printed"  # whose label the print dialogue opens for, once
RENEWED = "reception_renewed"  # whose badge was made anew by that press


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def badge(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """The badge of a person on a seat. A post is journalled as a print, then the dialogue opens by itself."""
    found = desk.conference_of(request, conference)
    session = desk.session_of(request, found)
    people = found.attendees.active()
    holder = get_object_or_404(people.select_related("delegation__unit", "category"), code=person)
    by = cast(User, request.user)
    if request.method == "POST":
        if "renew" in request.POST:
            try:
                renewing.renew(holder, by=by, seen=request.POST["renew"])
            except ValidationError as gone:  # in this moment
                raise Http404 from gone
            request.session[RENEWED] = holder.code
        journal.record("print", holder, by=by, conference=found)
        request.session[PRINTED] = holder.code
        return redirect(request.get_full_path())
    size = request.GET.get("size", "")
    context = {
        "conference": found,
        "session": session,
        "label": labels.label(holder),
        "size": size if size in SIZES else SIZES[0],
        "print_now": request.session.pop(PRINTED, None) == holder.code,
        "renewed": request.session.pop(RENEWED, None) == holder.code,
        "desk": desk.place(session, holder),
        "renew": renewing.mark(holder) if walking_in.may_register(found, by) else "",
    }
    return render(request, "sessions/badge_page.html", context)
