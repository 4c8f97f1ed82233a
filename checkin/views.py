"""What phones at the door ask, in JSON. A device shows its token in a header; no cookie is read or set.

That is why these views, and no others, need no CSRF token: a browser adds no such header by itself.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core import ratelimit
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page

from checkin import counting, pairing, reading, taking
from checkin.carrying import carry
from checkin.day_list import day_list
from checkin.models import Device
from checkin.pairing import Refused
from checkin.taking import Answer
from conference.serving import shown_picture
from sessions import attending

STATUS = {
    "revoked": 401,
    "secret": 403,
    "photo": 404,
    "method": 405,
    "again": 409,
    "over": 410,
    "too-large": 413,
    "too-many": 413,
}
TOO_MANY_REQUESTS = "slow-down"
AUTHORIZATION = re.compile(r"Device ([0-9A-Z]{32})")
View = Callable[..., dict[str, Any] | HttpResponse]


def spoken(method: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """A view in JSON for one method: what is refused becomes a status, a code and a sentence."""

    def wrap(view: View) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def spoken_view(request: HttpRequest, conference: str, **names: str) -> HttpResponse:
            status = 200
            try:
                if request.method != method:
                    raise Refused("method", _("Địa chỉ này chỉ nhận %s.") % method)
                answer = view(request, conference, **names)
            except Refused as refused:
                answer = {"error": str(refused), "code": refused.code}
                status = 429 if refused.code == TOO_MANY_REQUESTS else STATUS.get(refused.code, 400)
            response = answer if isinstance(answer, HttpResponse) else JsonResponse(answer, status=status)
            response["Cache-Control"] = "no-store"
            if status == STATUS["method"]:
                response["Allow"] = method
            return response

        return spoken_view

    return wrap


@spoken("POST")
def pair(request: HttpRequest, conference: str) -> dict[str, Any]:
    """Secret → token, once."""
    if not ratelimit.consume(request, action="pair"):
        raise Refused(TOO_MANY_REQUESTS, _("Thử quá nhiều lần. Đợi một phút rồi thử lại."))
    device, token = pairing.pair(conference, reading.secret(_told(request)))
    return {"token": token, **counting.state(device)}


@spoken("POST")
def scans(request: HttpRequest, conference: str) -> dict[str, Any]:
    """A batch of scans → what the server holds of each."""
    device = _device(request, conference)
    answers = taking.take(device, reading.scans(_told(request)))
    return {"now": device.conference.now().isoformat(), "answers": [_answer(one) for one in answers]}


@spoken("GET")
def state(request: HttpRequest, conference: str) -> dict[str, Any]:
    """The sessions of the device, how many are in each, and the time."""
    return counting.state(_device(request, conference))


@spoken("POST")
def relay(request: HttpRequest, conference: str) -> dict[str, Any]:
    """Scans of another phone, brought by this one → what the server holds of each."""
    device = _device(request, conference)
    answers = carry(device.conference, _told(request))
    return {"now": device.conference.now().isoformat(), "answers": [_answer(one) for one in answers]}


@gzip_page  # hundreds of people, and nothing in it that a stranger could have sent
@spoken("GET")
def day(request: HttpRequest, conference: str) -> dict[str, Any]:
    """The list for one day, so that the phone answers without a network."""
    return day_list(_device(request, conference))


@spoken("GET")
def photo(request: HttpRequest, conference: str, code: str) -> HttpResponse:
    """The photo of a person of the phone's conference; kept by nobody on the way."""
    device = _device(request, conference)
    found = device.conference.attendees.filter(code=code).values_list("photo", flat=True)
    try:
        return shown_picture(found.first() or "")
    except Http404:
        raise Refused("photo", _("Không có ảnh.")) from None


def _device(request: HttpRequest, conference: str) -> Device:
    found = AUTHORIZATION.fullmatch(request.headers.get("Authorization", ""))
    return pairing.device_of(conference, found[1] if found else "")


def _told(request: HttpRequest) -> dict[str, Any]:
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise Refused("too-large", _("Nội dung gửi lên quá dài. Chia nhỏ rồi gửi lại.")) from error
    except UnreadablePostError as error:  # cut on the way
        raise Refused("json", _("Nội dung gửi lên không phải JSON hợp lệ.")) from error
    return reading.members(body)


def _answer(one: Answer) -> dict[str, Any]:
    told: dict[str, Any] = {"id": str(one.id), "answer": one.verdict}
    if one.refused:
        return {**told, "error": one.refused}
    if (person := one.attendee) is not None:
        told |= counting.shown(person)
        if holder := attending.look(person, None).holder:
            told["holder"] = holder.full_name
    if one.since is not None:
        told["since"] = one.since.astimezone(datetime.UTC).isoformat()
    if one.where:
        told["where"] = one.where
    return told
