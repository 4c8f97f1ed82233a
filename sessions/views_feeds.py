"""The released programme for calendars, apps and news readers."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from conference.kept_words import in_vietnamese
from conference.models import Conference
from sessions import feeds, own_calendar, release
from sessions.readers import conference_for
from sessions.release import Published
from sessions.snapshots import Snapshot

CALENDAR, JSON, ATOM = (
    "text/calendar; charset=utf-8", "application/json; charset=utf-8", "application/atom+xml; charset=utf-8",
)  # fmt: skip
MINUTES = 5  # that a copy is good for without asking
# What feeds tell of the conference itself: no release changes it.
TOLD = ("title", "short_title", "venue", "place", "starts_on", "ends_on", "time_zone", "issuing_agency")


@require_safe
def calendar(request: HttpRequest, conference: str) -> HttpResponse:
    """The whole programme, with what was cancelled."""
    found = conference_for(request.user, conference)

    def make() -> bytes:
        snapshot = _snapshot(found)
        return feeds.calendar(found, snapshot.entries, snapshot.cancelled, release.moments(found))

    return _answer(request, found, "calendar", CALENDAR, make, f"{found.slug}.ics")


@require_safe
def session_calendar(request: HttpRequest, conference: str, code: str) -> HttpResponse:
    """One session; also one that was cancelled, so that it leaves the calendar it was put into."""
    found = conference_for(request.user, conference)
    snapshot = _snapshot(found)
    entries = [one for one in snapshot.entries if one.code == code]
    cancelled = [one for one in snapshot.cancelled if one.code == code]
    if not entries and not cancelled:
        raise Http404

    def make() -> bytes:
        return feeds.calendar(found, entries, cancelled, release.moments(found))

    return _answer(request, found, f"session {code}", CALENDAR, make, f"{found.slug}-{code}.ics")


@require_safe
def own(request: HttpRequest, conference: str, token: str) -> HttpResponse:
    """The programme as one person goes through it: whoever has the address may read it."""
    found = get_object_or_404(Conference.objects.public(), slug=conference)
    person = own_calendar.find(found, token)
    if person is None:
        raise Http404

    def make() -> bytes:
        mine = own_calendar.of(person, _snapshot(found))
        return feeds.calendar(found, mine.entries, mine.cancelled, release.moments(found), remarks=mine.parts)

    name = f"own {person.pk} {sorted(own_calendar.taken(person))}"
    response = _answer(request, found, name, CALENDAR, make, f"{found.slug}.ics", is_dated=False)
    response.headers["Cache-Control"] = f"private, max-age={MINUTES * 60}"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def schedule(request: HttpRequest, conference: str) -> HttpResponse:
    """The programme for apps; scripts of other sites may read it, as anybody may."""
    found = conference_for(request.user, conference)
    response = _answer(
        request, found, "schedule", JSON, lambda: feeds.schedule(found, release.published(found))
    )
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def versions(request: HttpRequest, conference: str) -> HttpResponse:
    """News of the programme: its versions."""
    found = conference_for(request.user, conference)
    return _answer(request, found, "versions", ATOM, lambda: feeds.versions(found, release.history(found)))


def _snapshot(conference: Conference) -> Snapshot:
    found: Published | None = release.published(conference)
    return found.snapshot if found else Snapshot()


def _answer(
    request: HttpRequest,
    conference: Conference,
    name: str,
    kind: str,
    make: Callable[[], bytes],
    file_name: str = "",
    *,
    is_dated: bool = True,  # it changes with a release alone
) -> HttpResponse:
    """The feed, or 304 for who has this version; nothing is read for that but which version it is."""
    head = release.head(conference)
    about = [getattr(conference, column) for column in TOLD]
    tag = quote_etag(hashlib.sha256(repr((name, head, about)).encode()).hexdigest()[:32])
    changed: datetime.datetime | None = head[1] if head and is_dated else None
    seconds = int(changed.timestamp()) if changed else None
    response = get_conditional_response(request, etag=tag, last_modified=seconds)
    if response is None:
        with in_vietnamese():
            response = HttpResponse(make(), content_type=kind)
        if file_name:
            response.headers["Content-Disposition"] = f'inline; filename="{file_name}"'
    response.headers["ETag"] = tag
    if seconds is not None:
        response.headers["Last-Modified"] = http_date(seconds)
    response.headers["Content-Language"] = "vi"
    if not request.user.is_authenticated:  # what a desk sees is kept by no cache
        response.headers["Cache-Control"] = f"max-age={MINUTES * 60}"
    return response
