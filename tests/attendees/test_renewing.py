"""A badge that was lost: made anew once, by whom may, and dead from then on."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from attendees import answers, codes, renewing
from attendees.models import Attendee, Delegation
from conference.models import User
from tests.conftest import MakeAttendee

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation)


def test_a_new_token_takes_the_place_of_the_old_one_and_a_second_press_changes_nothing(
    person: Attendee, olga: User
) -> None:
    old, code, seen = person.badge_token, person.code, renewing.mark(person)
    assert old not in seen
    assert renewing.renew(person, by=olga, seen=seen)
    person.refresh_from_db()
    assert (person.badge_token != old, person.code) == (True, code)
    assert person.former_badges == [codes.hashed(old)]
    assert not renewing.renew(person, by=olga, seen=seen)
    again = Attendee.objects.get(pk=person.pk)
    assert again.badge_token == person.badge_token
    [entry] = person.conference.journal.filter(act="renew_badge")
    assert (entry.person_ref, entry.changes) == (person.pk, {})
    assert renewing.renew(again, by=olga, seen=renewing.mark(again))
    again.refresh_from_db()
    assert len(again.former_badges) == 2


def test_the_door_renews_where_it_may_register(
    person: Attendee, greta: User, dan: User, victor: User
) -> None:
    for user in (greta, dan, victor):
        with pytest.raises(PermissionDenied):
            renewing.renew(person, by=user, seen=renewing.mark(person))
    person.conference.door_may_register = True
    person.conference.save()
    assert renewing.renew(person, by=greta, seen=renewing.mark(person))


def test_who_has_no_seat_has_no_badge(person: Attendee, olga: User) -> None:
    answers.decline_person(person, "Ốm", by=olga)
    with pytest.raises(ValidationError, match="không có thẻ"):
        renewing.renew(person, by=olga, seen=renewing.mark(person))
