"""Letters that tell speakers what was given back: one, to be approved, with the remark and the own link."""

import pytest
from django.test import Client
from django.urls import reverse

from attendees import links
from attendees.models import Attendee, Delegation, Link
from conference.models import Conference, User
from mailing.models import Message, MessageTemplate
from sessions import mail_kinds, speaking
from tests.conference.test_views import make_session
from tests.conftest import MakeAttendee
from tests.sessions.test_speaking import propose

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def person(conference: Conference, delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    found = make_attendee(delegation, "Trần Minh Quân", honorific="ong", email="quan@hoinghi.example")
    session = make_session(conference, "chuyen-de-1", 8, 9)
    session.participations.create(attendee=found, full_name=found.full_name)
    return found


def test_what_is_given_back_makes_a_letter_that_waits(person: Attendee, olga: User, client: Client) -> None:
    profile = propose(person)
    assert speaking.give_back(profile, "Ảnh chưa rõ mặt", by=olga)
    letter = Message.objects.get()
    assert (letter.mailing.kind, letter.state) == (mail_kinds.RETURNED, "draft")
    assert (letter.to, letter.mailing.created_by) == (["quan@hoinghi.example"], olga)
    assert {"phần giới thiệu", "Ảnh chưa rõ mặt", "Ông Trần Minh Quân"} <= set(letter.values.values())
    link = Link.objects.get()
    assert letter.secrets == {"link": link.pk}
    client.post(reverse("attendees:link", args=(links.token_of(link),)))
    page = client.get(reverse("thematic:speaking", args=(person.conference.slug, person.code)))
    assert "Ảnh chưa rõ mặt" in page.content.decode()


def test_given_back_twice_without_anything_new_it_is_one_letter(person: Attendee, olga: User) -> None:
    profile = propose(person)
    speaking.give_back(profile, "Viết gọn", by=olga)
    assert not speaking.give_back(profile, "Viết gọn", by=olga)
    assert Message.objects.count() == 1


def test_who_has_no_address_is_told_on_the_own_page_only(person: Attendee, olga: User) -> None:
    Attendee.objects.update(email="")
    person.refresh_from_db()
    assert speaking.give_back(propose(person), "Viết gọn", by=olga)
    assert not Message.objects.exists()


def test_a_letter_that_cannot_be_written_holds_nothing_up(
    person: Attendee, olga: User, conference: Conference
) -> None:
    MessageTemplate.objects.create(
        conference=conference, kind=mail_kinds.RETURNED, subject="{khong_co}", body="{khong_co}"
    )
    profile = propose(person)
    assert speaking.give_back(profile, "Viết gọn", by=olga)
    profile.refresh_from_db()
    assert (profile.state, Message.objects.count()) == ("returned", 0)
