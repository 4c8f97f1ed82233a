"""The one place that turns a request to the desk into (conference, role)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

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


def is_fresh(request: HttpRequest) -> bool:
    """Did this person prove who they are within the last minutes? The session says when (allauth)."""
    proofs = request.session.get("account_authentication_methods") or [{}]
    age: float = time.time() - proofs[-1].get("at", 0)
    return age < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def proof_first(request: HttpRequest) -> HttpResponse | None:
    """The way to the proof, and back to the page on which the button stood; None for who gave it just now."""
    if is_fresh(request):
        return None
    messages.info(request, _("Xác nhận lại danh tính, rồi bấm lại nút vừa bấm."))
    query = urlencode({"next": page_of(request)})
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{query}")


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in, and back: to the page that was asked for, or on which the button stood."""
    if request.method == "POST" and request.accepts("text/html"):  # a script that saves has its own sentence
        said = _("Phiên đăng nhập đã hết, việc vừa bấm chưa được thực hiện. Đăng nhập rồi bấm lại.")
        messages.warning(request, said)
    return redirect_to_login(page_of(request))


def freshly_signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """An act that binds the agency or hands out people: done for who proved just now who they are.

    Others are asked for their proof first. Wraps views and actions of the desk.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        request = next(one for one in args if isinstance(one, HttpRequest))
        if request.method != "POST":
            return view(*args, **kwargs)
        if not of(request).may_see:
            raise PermissionDenied  # whoever has no part here is asked for nothing
        return proof_first(request) or view(*args, **kwargs)

    return guarded


def page_of(request: HttpRequest) -> str:
    """Where the button stood, as the browser says; the page that everybody has where it does not."""
    if request.method == "GET":
        return request.get_full_path()
    came = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came, {request.get_host()}, request.is_secure()):
        return reverse("conference:start")
    parts = urlsplit(came)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


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
