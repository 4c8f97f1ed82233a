"""Now and next: for phones, and for the screen of a hall."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from conference import fragments
from conference.models import Conference, User
from sessions import attending, release, running, self_check_in
from sessions.readers import conference_for
from sessions.snapshots import Entry


@require_safe
def now(request: HttpRequest, conference: str) -> HttpResponse:
    """What runs in every hall, and what comes next."""
    found = conference_for(request.user, conference)
    entries = release.entries(found)
    return _draw(request, "now", found, entries, halls=running.halls(entries))


@require_safe
def screen(request: HttpRequest, conference: str, hall: str) -> HttpResponse:
    """The same of one hall, to be read from its last row.

    Beside it, where somebody of the door has opened the screen, the code for people to check in themselves.
    """
    found = conference_for(request.user, conference)
    entries = release.entries(found)
    known = running.halls(entries)
    if hall not in known:
        raise Http404
    held = running.in_hall(entries, hall)
    # On the page that everybody may open a code is of no use: who reads it there need not be in the hall.
    is_door = isinstance(request.user, User) and attending.may_record(found, request.user)
    attended = [one.code for one in held if not one.is_break]
    check_in = self_check_in.shown(found, attended) if is_door else None
    return _draw(request, "screen", found, held, hall=known[hall], is_door=is_door, check_in=check_in)


def _draw(
    request: HttpRequest,
    page: str,
    conference: Conference,
    entries: tuple[Entry, ...] | list[Entry],
    **more: object,
) -> HttpResponse:
    context = {"conference": conference, "running": running.look(entries, conference.now()), **more}
    part = "live" if fragments.is_asked(request, "now") else "page"
    response = render(request, f"sessions/{page}_{part}.html", context)
    patch_cache_control(response, no_cache=True, no_store=bool(more.get("check_in")))
    patch_vary_headers(response, (fragments.FRAGMENT,))
    return response
