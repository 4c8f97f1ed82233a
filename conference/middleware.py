"""Walls that every request passes."""

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from conference import access, journal, records
from conference.policy import RULES, Who

logger = logging.getLogger(__name__)
TOO_LARGE = 413
Handler = Callable[[HttpRequest], HttpResponse]


class RequestId:
    """Gives every request a number: in each line of the log, in the answer, and on error pages to be told on.

    A proxy of ours may have given it before; a visitor may not. It stays set until the next request of this
    thread: Django writes its line about an answer after the last middleware.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_ours = settings.ALLAUTH_TRUSTED_PROXY_COUNT > 0
        number = records.identity(request.headers.get("X-Request-ID", "") if is_ours else "")
        records.current.set(number)
        response = self.get_response(request)
        response.headers["X-Request-ID"] = number
        return response


class BadRequests:
    """Answers 413 to what is too long to be read, and 400 to NUL bytes in an address: no column holds them.

    In a submitted form they are refused by the field itself, where the person is looking; with 400 where a
    view reads what no field has looked at. No cookie of ours has one.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > settings.LARGEST_REQUEST:
            return HttpResponse(render_to_string("413.html"), status=TOO_LARGE)
        if "\0" in unquote(request.get_full_path()):
            raise SuspiciousOperation("NUL byte in the address")
        request.COOKIES = {name: text for name, text in request.COOKIES.items() if "\0" not in text}
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """The database took no NUL byte: that is the fault of the request, not ours."""
        if isinstance(exception, ValueError | DataError):
            texts = (text for name, sent in request.POST.lists() for text in (name, *sent))
            if any("\0" in text for text in texts):
                raise SuspiciousOperation("NUL byte in a form") from exception


class Methods:
    """Two things are done here: reading and sending. HEAD is a reading whose body the server leaves out, so
    whatever holds for GET holds for it. No other method reaches an address, an account or a row.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "HEAD":
            request.method = "GET"
        if request.method not in ("GET", "POST"):
            return HttpResponseNotAllowed(("GET", "HEAD", "POST"))
        return self.get_response(request)


class Origin:
    """Tells the journal from which address this request comes, behind as many proxies as there are."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with journal.coming_from(_address(request)):
            return self.get_response(request)


def _address(request: HttpRequest) -> str:
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:  # behind a Unix socket without a proxy count: nobody can tell
        return ""


class UnreferredForms:
    """Lets the one form of a link's page be sent. Its address is a secret and goes into no Referer, so the
    browser names its origin "null"; the token in the form alone then shows that the page was ours.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/l/") and request.META.get("HTTP_ORIGIN") == "null":
            request.META["HTTP_ORIGIN"] = f"{request.scheme}://{request.get_host()}"
        return self.get_response(request)


class ChosenLanguage:
    """Vietnamese, unless this person chose English: the language of the browser decides nothing."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        request.LANGUAGE_CODE = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(request.LANGUAGE_CODE)
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        patch_vary_headers(response, ("Cookie",))
        return response


class PrivatePages:
    """Pages of a signed-in person are kept by no cache; the camera and the like stay shut."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


class SecondFactor:
    """Organisers, signers and administrators work with a second factor, except in a demonstration."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.is_missing(request) and not request.path.startswith(("/accounts/", "/i18n/", "/static/")):
            messages.warning(request, _("Cần bật xác thực hai bước trước khi vào bàn điều hành."))
            return redirect("mfa_index")
        return self.get_response(request)

    @staticmethod
    def is_missing(request: HttpRequest) -> bool:
        if settings.DEMO or not request.user.is_authenticated or not request.user.needs_second_factor:
            return False
        return not Authenticator.objects.filter(user=request.user).exists()


class Policy:
    """Lets those in whom `conference.policy` names for an address; an address without a line lets nobody in.

    Decided before the view looks for any row, so a refusal tells nothing of what is there.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """None lets the view answer."""
        match = request.resolver_match
        name = match.view_name if match else ""
        rule = RULES.get(name)
        if rule is None:
            logger.error("No line in conference/policy.py for %s", name)
            raise Http404
        spoken = {"GET": rule.get, "POST": rule.post}
        allowed = [method for method, who in spoken.items() if who is not Who.NOBODY]
        if not allowed:
            raise Http404
        if request.method not in allowed:
            told = [*allowed, "HEAD"] if "GET" in allowed else allowed
            return HttpResponseNotAllowed(told, render_to_string("405.html", request=request))
        if spoken[request.method].admits(request):
            return None
        if not request.user.is_authenticated:
            return access.sign_in_first(request)
        # At the desk a clear answer: whoever stands before it knows that it is there.
        raise PermissionDenied if name.startswith("admin:") else Http404
