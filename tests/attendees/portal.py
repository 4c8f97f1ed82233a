"""What the tests of the portal share: its addresses, its forms as a browser sends them, its words."""

import datetime
import html
import re
import uuid
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from attendees.models import Attendee, Delegation
from conference.models import Conference

PAGES = ("delegation", "delegation_decline")
SEAT_PAGES = ("person_nominate", "seat_decline", "seat_return")
PERSON_PAGES = ("person_edit", "person_replace", "person_decline", "person_remove")


def url(name: str, delegation: Delegation, *more: str) -> str:
    return reverse(f"attendees:{name}", args=(delegation.conference.slug, delegation.code, *more))


def text_of(response: HttpResponse) -> str:
    """The words on the page, without markup and the number of the request, in single spaces."""
    body = re.sub(r"(?s)<head>.*?</head>|<svg.*?</svg>|<[^>]+>", " ", response.content.decode())
    said = " ".join(html.unescape(body).split())
    number = response.headers.get("X-Request-ID")
    return said.replace(number, "…") if number else said


def filled(**fields: Any) -> dict[str, Any]:
    """A person's form as a browser sends it."""
    once = {"version": 1, "request_key": str(uuid.uuid4())}
    return {"full_name": "Trần Quốc Hưng", "reason": "Đi công tác", **once, **fields}


def close(delegation: Delegation) -> None:
    """Puts the clock one minute past the deadline."""
    past = delegation.conference.confirm_by + datetime.timedelta(minutes=1)
    Conference.objects.filter(pk=delegation.conference_id).update(demo_now=past)


def every_address(delegation: Delegation, person: Attendee) -> list[tuple[str, str]]:
    """(method, address) of everything below one delegation."""
    posts = [url("delegation_confirm", delegation), url("seat_reopen", delegation, "department")]
    posts += [url(name, delegation, person.code) for name in ("person_confirm", "person_head")]
    forms = [url(name, delegation) for name in PAGES]
    forms += [url(name, delegation, "department") for name in SEAT_PAGES]
    forms += [url(name, delegation, person.code) for name in PERSON_PAGES]
    return [("get", each) for each in forms] + [("post", each) for each in [*forms[1:], *posts]]
