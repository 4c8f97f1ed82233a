"""Dan at his computer, Gus with his link, and one person on their list."""

import pytest
from django.test import Client
from django.urls import reverse

from attendees import links
from attendees.models import Attendee, Delegation, Link
from conference.models import User
from tests.conftest import MakeAttendee
from tests.smtp import server as server  # fixtures
from tests.smtp import silent_bell as silent_bell


@pytest.fixture
def as_dan(client: Client, dan: User) -> Client:
    client.force_login(dan)
    return client


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(
        delegation, honorific="ong", position="Chuyên viên", phone="+84905123318", email="an@lamdong.example"
    )


@pytest.fixture
def link(delegation: Delegation, olga: User) -> Link:
    """Lâm Đồng's link for its answer, as it stands in the letter."""
    return links.make(delegation, Link.Purpose.ANSWER, by=olga)


@pytest.fixture
def as_gus(link: Link) -> Client:
    """Gus, who has no account and came by Lâm Đồng's link."""
    browser = Client()
    browser.post(reverse("attendees:link", args=(links.token_of(link),)))
    return browser
