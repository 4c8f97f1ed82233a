"""Public pages and the doorstep."""

import sys
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe
from django.views.defaults import bad_request, server_error

from conference import access, programme, room, samples
from conference.models import Conference, Membership

COMES_BACK = 10  # seconds: a database that crashed has recovered by then


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The conferences that everybody may read about."""
    conferences = Conference.objects.public().prefetch_related("organising_bodies__organisation")
    return render(request, "conference/conference_list.html", {"conferences": conferences})


@require_safe
def conference_page(request: HttpRequest, conference: str) -> HttpResponse:
    """When, where and what; its organisers see a draft too."""
    found = get_object_or_404(
        access.readable_by(request.user)
        .select_related("host_unit")
        .prefetch_related("organising_bodies__organisation", "legal_bases"),
        slug=conference,
    )
    # Only what this person may download: no button leads to a closed door.
    agenda = found.documents.visible_to(request.user).filter(kind="agenda", state="ready").first()
    context = {"conference": found, "announced": programme.Announced(found), "agenda": agenda}
    return render(request, "conference/conference_public.html", context)


@never_cache
@require_GET
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Where a person goes after signing in: straight to the only place, or to a choice of places."""
    places = _places(request.user)
    if len(places) == 1:
        return redirect(places[0]["url"])
    return render(request, "conference/start.html", {"places": places})


def _places(user: Any) -> list[dict[str, str]]:
    """What this person may open: the desk, delegations to answer for, doors to keep."""
    places = []
    if user.is_staff:
        names = ", ".join(str(conference) for conference in Conference.objects.on_desk_of(user)[:3])
        places.append(
            {"icon": "device", "title": _("Bàn điều hành"), "note": names, "url": reverse("admin:index")}
        )
    for delegation in user.delegations.select_related("conference"):
        url = reverse("attendees:delegation", args=(delegation.conference.slug, delegation.code))
        places.append(
            {"icon": "users", "title": delegation.name, "note": str(delegation.conference), "url": url}
        )
    for membership in user.memberships.filter(role=Membership.Role.DOOR).select_related("conference"):
        title, note = _("Đón đại biểu tại cửa"), str(membership.conference)
        url = reverse("thematic:reception", args=(membership.conference.slug,))
        places.append({"icon": "check", "title": title, "note": note, "url": url})
    return places


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """The component gallery, with invented people."""
    return render(request, "conference/components.html", samples.gallery())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or came from another site."""
    return render(request, "403_csrf.html", {"back": access.page_of(request)}, status=403)


def unread(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that says nothing we can read; of more files than one form may bring a page says how many."""
    if not isinstance(exception, TooManyFilesSent):
        return bad_request(request, exception)
    told = {"most": settings.DATA_UPLOAD_MAX_NUMBER_FILES, "back": access.page_of(request)}
    return render(request, "413_files.html", told, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def fault(request: HttpRequest) -> HttpResponse:
    """Something broke. Of a database that is away or busy a page says so, and when to try again: it is back
    in seconds, what was saved is there, and every form may be sent twice. All else is a mistake of ours.

    A handler and no middleware: sessions and accounts are looked for outside of the view.
    """
    if not room.is_away(sys.exception()):
        return server_error(request)
    page = render_to_string("503.html")
    headers = {"Retry-After": str(COMES_BACK), "Cache-Control": "no-store"}
    return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)
