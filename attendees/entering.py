"""Who comes in at the pages of a delegation or of one person: by an account, or as bearer of a link.

`actor(request)` is what such a page works with. What it shows still begins with `visible_to(actor)`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from attendees import links
from attendees.models import Attendee, Delegation
from conference import access
from conference.guests import Guest
from conference.journal import Actor
from conference.models import User

View = Callable[..., HttpResponseBase]
_ACTOR = "attendees_actor"
FORBIDDEN = 403


def actor(request: HttpRequest) -> Actor:
    """The person for whom the page was opened, by one of the decorators below."""
    return cast(Actor, vars(request)[_ACTOR])


def guest(request: HttpRequest) -> Guest | None:
    """The bearer of a link for whom the page was opened; None for people with an account."""
    found = vars(request).get(_ACTOR)
    return found if isinstance(found, Guest) else None


def in_person(request: HttpRequest, person: Attendee) -> Guest:
    """The person, by the own link: nobody else reads, asks or promises for them. Else 403."""
    bearer = guest(request)
    if bearer is None or bearer.attendee_id != person.pk:
        raise PermissionDenied
    return bearer


def delegation_page(view: View) -> View:
    """For views of (conference, code, …): who sees the delegation, signed in or by its link.

    Who is not known is led to the sign-in; for everybody else the delegation is not there (404).
    """

    @wraps(view)
    def entered(request: HttpRequest, conference: str, code: str, **more: Any) -> HttpResponseBase:
        def acts(user: User) -> bool:
            rows = Delegation.objects.visible_to(user).filter(conference__slug=conference, code=code)
            return any(one.is_answered_by(user) for one in rows.select_related("conference"))

        about = {"delegation__conference__slug": conference, "delegation__code": code}
        if (other := _enter(request, about, acts)) is not None:
            return other
        return _private(view(request, conference, code, **more))

    return entered


def attendee_page(view: View) -> View:
    """For views of (conference, person, …): who sees the person, signed in or by the person's own link.

    Who signed in and opened the link of a page that is their own, by the address of their account, is here in
    person: an officer or organiser may be a delegate too.
    """

    @wraps(view)
    def entered(request: HttpRequest, conference: str, person: str, **more: Any) -> HttpResponseBase:
        def sees(user: User) -> bool:
            rows = Attendee.objects.visible_to(user)
            others = rows.exclude(email__iexact=user.email)
            return others.filter(conference__slug=conference, code=person).exists()

        about = {"attendee__conference__slug": conference, "attendee__code": person}
        if (other := _enter(request, about, sees)) is not None:
            return other
        return _private(view(request, conference, person, **more))

    return entered


def _enter(
    request: HttpRequest, about: dict[str, str], comes_first: Callable[[User], bool]
) -> HttpResponseBase | None:
    """Notes who came in; or the answer for who did not.

    An account that has a part here comes before a link, a link before an account that looks on.
    """
    user = request.user
    bearer = links.guest_of(request, **about)
    if user.is_authenticated and (bearer is None or comes_first(user)):
        vars(request)[_ACTOR] = user
        return None
    if bearer is None:
        return _turn_away(request, about)
    vars(request)[_ACTOR] = bearer
    return None


def _turn_away(request: HttpRequest, about: dict[str, str]) -> HttpResponseBase:
    if (link := links.lost(request, **about)) is not None:
        context = {"link": link, "conference": link.conference, "state": link.state}
        return _private(render(request, "attendees/link_over.html", context, status=FORBIDDEN))
    if links.is_bearer(request):
        raise Http404
    return access.sign_in_first(request)


def _private(response: HttpResponseBase) -> HttpResponseBase:
    """Kept by no cache: a guest's page as well as that of an account."""
    response.headers.setdefault("Cache-Control", "no-store, private")
    return response
