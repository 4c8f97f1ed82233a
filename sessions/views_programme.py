"""The programme in public: its versions, what each changed; for organisers also the draft."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from conference import programme
from conference.models import Conference
from sessions import release
from sessions.models import Release
from sessions.readers import conference_for

HIGHEST = 2**31 - 1  # what the column of a number holds


@require_safe
def versions(request: HttpRequest, conference: str) -> HttpResponse:
    """Every version, the newest first, with what it changed."""
    found = conference_for(request.user, conference)
    context = {"conference": found, "versions": release.history(found)}
    return render(request, "sessions/version_list.html", context)


@require_safe
def version(request: HttpRequest, conference: str, number: int) -> HttpResponse:
    """Where the code on a printed programme leads: is it the current one, and if not, what has changed?"""
    found = conference_for(request.user, conference)
    if number > HIGHEST:
        raise Http404
    asked: Release = get_object_or_404(found.releases, number=number)
    current = found.releases.newest_first()[0]
    since = release.between(asked, current) if current.number > asked.number else None
    context = {"conference": found, "asked": asked, "current": current, "since": since}
    return render(request, "sessions/version_page.html", context)


@require_safe
def draft(request: HttpRequest, conference: str) -> HttpResponse:
    """The plan as the public page would show it, for the desk alone."""
    found = get_object_or_404(Conference.objects.on_desk_of(request.user), slug=conference)
    context = {
        "conference": found,
        "programme": programme.planned(found),
        "draft": release.draft_diff(found),
        "title": _("Bản xem trước chương trình"),
    }
    return render(request, "sessions/programme_draft.html", context)
