"""The QR of a badge is signed, and what else was printed or typed is still read."""

import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import strategies as st

from attendees import badge_code, codes
from attendees.models import Attendee, Delegation
from conference.models import Conference
from tests.conftest import MakeAttendee


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation)


@given(st.binary(max_size=100))
def test_bytes_are_spelled_and_read_back(content: bytes) -> None:
    spelled = codes.spelled(content)
    assert set(spelled) <= set(codes.ALPHABET)
    assert codes.unspelled(spelled) == content


@pytest.mark.django_db
def test_a_badge_says_its_token_and_a_signature_of_its_conference(
    person: Attendee, conference: Conference, foreign_delegation: Delegation
) -> None:
    said = badge_code.of(person)
    assert (len(said), badge_code.token(said)) == (122, person.badge_token)
    assert badge_code.token(f" {said.lower()}\r\n") == person.badge_token
    assert badge_code.is_signed(said, conference)
    assert not badge_code.is_signed(said, foreign_delegation.conference)
    assert badge_code.public_keys(conference) != badge_code.public_keys(foreign_delegation.conference)


@pytest.mark.django_db
def test_one_changed_character_is_not_signed(person: Attendee, conference: Conference) -> None:
    said = badge_code.of(person)
    for place in (3, 18, 19, 60, 120):
        other = "0" if said[place] != "0" else "1"
        assert not badge_code.is_signed(said[:place] + other + said[place + 1 :], conference)
    assert not badge_code.is_signed(person.badge_token, conference)


@pytest.mark.django_db
def test_a_key_that_was_changed_is_believed_as_long_as_it_is_named(
    person: Attendee, conference: Conference, settings: LazySettings
) -> None:
    printed, old = badge_code.of(person), settings.SECRET_KEY
    settings.SECRET_KEY = "another-" * 10
    assert not badge_code.is_signed(printed, conference)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert badge_code.is_signed(printed, conference)
    assert badge_code.of(person) != printed
    assert len(badge_code.public_keys(conference)) == 2


@pytest.mark.parametrize(
    "text", ["", "HN1", "HN1" + "O" * 119, "u" * 16, "Ô" * 16, "0" * 15, "HN2" + "0" * 119]
)
def test_other_texts_are_no_badge(text: str) -> None:
    assert badge_code.token(text) == ""


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    conference = Conference(pk=1)
    assert isinstance(badge_code.token(text), str)
    assert not badge_code.is_signed(text, conference)
    assert not badge_code.is_signed("HN1" + text[:119].ljust(119, "0"), conference)
