"""The conference of a load: 63 delegations with people who get certificates and seats that are still open."""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence

from django.conf import settings
from django.test import Client

from attendees import links
from attendees.models import Delegation, Link
from conference.models import Conference
from tests import conftest
from tests.load.browsing import Browser, Timings
from tests.load.officers import OWN, Officer
from tests.storm import people as storm_people
from tests.storm.clicks import TOKEN

DELEGATIONS = 63
TEN_TO_FIVE = datetime.datetime(2024, 5, 31, 16, 50, tzinfo=conftest.VN)  # answers are due at five


def make_conference(people: int) -> Conference:
    """Confirmed people in all delegations, ten minutes before the deadline, and seats for more."""
    seats = -(-people // DELEGATIONS) + OWN + 2
    return storm_people.make_conference(people, DELEGATIONS, seats, demo_now=TEN_TO_FIVE)


def officers(
    conference: Conference, address: str, timings: Timings, pause: Sequence[float], seed: int
) -> list[Officer]:
    """One for each delegation: every other with an account, the rest by the link of a letter."""
    rows = conference.delegations.order_by("pk")
    return [
        officer(number, one, Browser(address, timings), pause, random.Random(f"{seed}-{number}"))
        for number, one in enumerate(rows)
    ]


def officer(
    number: int, delegation: Delegation, browser: Browser, pause: Sequence[float], dice: random.Random
) -> Officer:
    """Of that delegation, let in: by a letter where the number is even."""
    letter = "" if number % 2 else _letter(delegation)
    browser.cookies |= _by_link(letter) if letter else _signed_in(delegation)
    home = f"/{delegation.conference.slug}/delegations/{delegation.code}/"
    return Officer(number, browser, home, pause, dice, letter)


def _signed_in(delegation: Delegation) -> dict[str, str]:
    user = conftest.make_user(f"dau-moi-{delegation.pk}", "Cán bộ đầu mối")
    delegation.officers.add(user)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user)
    return _cookies(client)


def _letter(delegation: Delegation) -> str:
    return f"/l/{links.token_of(links.make(delegation, Link.Purpose.ANSWER, by=None))}/"


def _by_link(letter: str) -> dict[str, str]:
    client = Client(HTTP_HOST="127.0.0.1")
    assert client.post(letter).status_code in {302, 303}
    return _cookies(client)


def _cookies(client: Client) -> dict[str, str]:
    return {name: one.value for name, one in client.cookies.items()} | {settings.CSRF_COOKIE_NAME: TOKEN}
