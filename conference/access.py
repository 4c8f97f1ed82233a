"""The one place that turns a request to the desk into (conference, role)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from conference.models import Conference, ConferenceQuerySet, Membership

SESSION_KEY = "desk-conference"


class Elsewhere(Exception):
    """What was asked for belongs to another conference of the same desk."""

    def __init__(self, conference: Conference) -> None:
        super().__init__(str(conference))
        self.conference = conference


@dataclass(frozen=True)
class Access:
    """What one person may do at the desk now."""

    conference: Conference | None  # the current one; None when the desk has none
    role: str  # "administrator", a `Membership.Role`, or ""
    choices: list[Conference]  # every conference on this desk, the newest first

    @property
    def is_administrator(self) -> bool:
        return self.role == "administrator"

    @property
    def may_see(self) -> bool:
        return self.is_administrator or self.role in Membership.DESK_ROLES

    @property
    def may_change(self) -> bool:
        return self.is_administrator or self.role == Membership.Role.ORGANISER

    @property
    def may_sign(self) -> bool:
        return self.role == Membership.Role.SIGNER


def of(request: HttpRequest) -> Access:
    """The access of this request: read once, with two queries for any number of conferences."""
    known = vars(request)
    if "desk_access" not in known:
        known["desk_access"] = _read(request)
    access: Access = known["desk_access"]
    return access


def current(request: HttpRequest, *, to_change: bool = False) -> Conference:
    """The conference of a page of the desk: 404 where the desk has none, 403 for who may not do that much."""
    found = of(request)
    if found.conference is None:
        raise Http404
    if not (found.may_change if to_change else found.may_see):
        raise PermissionDenied
    return found.conference


def readable_by(user: Any) -> ConferenceQuerySet:
    """Conferences that everybody may read about; the desk of a draft reads that too."""
    return Conference.objects.public() | Conference.objects.on_desk_of(user)


def choose(request: HttpRequest, conference: Conference) -> None:
    """Makes a conference the current one, until another is chosen or the person signs out."""
    request.session[SESSION_KEY] = conference.pk
    vars(request).pop("desk_access", None)


def once(request: HttpRequest, key: str, make: Callable[[], Any]) -> Any:
    """What `make` gives, made once a request: a list with counts sets up each filter many times."""
    known = vars(request).setdefault("desk_once", {})
    if key not in known:
        known[key] = make()
    return known[key]


def _read(request: HttpRequest) -> Access:
    user = request.user
    choices = list(Conference.objects.on_desk_of(user).select_related("host_unit"))
    chosen = request.session.get(SESSION_KEY)
    current = next((one for one in choices if one.pk == chosen), choices[0] if choices else None)
    if current is None:
        return Access(None, "administrator" if user.is_authenticated and user.is_superuser else "", choices)
    return Access(current, current.role_of(user), choices)
