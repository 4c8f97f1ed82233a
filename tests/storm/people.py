"""The conference of a storm: delegations whose people all get a certificate, and an organiser signed in."""

from __future__ import annotations

import time
from itertools import count

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client

from attendees.models import Attendee, Delegation
from conference.models import Conference, Membership, Unit, User
from documents.models import CertificateRule
from tests import conftest
from tests.storm.clicks import TOKEN

_numbers = count(1)


def make_conference(people: int, delegations: int, seats: int = 0, **fields: object) -> Conference:
    """Confirmed people in as many delegations, with so many seats in each; nobody has to have come."""
    conference = conftest.make_conference(f"con-bao-{next(_numbers)}", **fields)
    conftest.make_categories(conference)
    CertificateRule.objects.create(conference=conference, must_come=False)
    category = conference.categories.get(slug="department")
    units = Unit.objects.valid_on(conference.starts_on).filter(unit_set=conference.unit_set)[:delegations]
    found = [conftest.make_delegation(conference, unit.slug, seats=seats or people) for unit in units]
    for number in range(people):
        Attendee.objects.create(
            conference=conference,
            delegation=found[number % len(found)],
            category=category,
            full_name=f"Nguyễn Văn Thứ {number:04}",
            status=Attendee.Status.CONFIRMED,
        )
    return conference


def organiser(conference: Conference, *, seconds: float = 0) -> dict[str, str]:
    """Cookies of one who signed in just now, with a second factor; as if again within so many seconds."""
    user = conftest.make_user(f"to-chuc-{conference.pk}", "Người tổ chức")
    Membership.objects.create(conference=conference, user=user, role=Membership.Role.ORGANISER)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    return signed_in(user, seconds)


def officer(delegation: Delegation) -> dict[str, str]:
    """Cookies of one who answers for it."""
    user = conftest.make_user(f"dau-moi-{delegation.pk}", "Cán bộ đầu mối")
    delegation.officers.add(user)
    return signed_in(user)


def signed_in(user: User, seconds: float = 0) -> dict[str, str]:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() + seconds}]
    session.save()
    return {settings.SESSION_COOKIE_NAME: str(session.session_key), settings.CSRF_COOKIE_NAME: TOKEN}
