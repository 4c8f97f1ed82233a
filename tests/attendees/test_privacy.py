"""Contacts are opened for ten minutes and on the record; the notice is read once a version."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied

from attendees import privacy
from attendees.models import Attendee, Delegation
from conference.guests import Guest
from conference.models import Conference, JournalEntry, User
from tests.conftest import MakeAttendee


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation, phone="+84905123318", email="an.nguyen@lamdong.example")


def test_contacts_are_masked_in_the_middle(person: Attendee) -> None:
    assert privacy.masked(person) == {"phone": "0905 ••• 318", "email": "a•••@lamdong.example"}


def test_an_organiser_opens_one_person_for_ten_minutes_on_the_record(
    person: Attendee, delegation: Delegation, make_attendee: MakeAttendee, olga: User
) -> None:
    session, other = SessionStore(), make_attendee(delegation, "Lê Thị Khác")
    assert not privacy.is_open(person, session)
    privacy.reveal(person, by=olga, session=session)
    assert privacy.is_open(person, session)
    assert not privacy.is_open(other, session)
    assert not privacy.is_open(person, SessionStore())
    entry = JournalEntry.objects.get()
    assert (entry.act, entry.subject_name, entry.person_ref) == ("reveal", str(person), person.pk)
    session[privacy.SESSION_KEY][str(person.pk)] -= privacy.OPEN_SECONDS + 1
    assert not privacy.is_open(person, session)


def test_a_session_holds_fifty_people_at_most(
    delegation: Delegation, make_attendee: MakeAttendee, olga: User
) -> None:
    session = SessionStore()
    for _ in range(privacy.MOST_AT_ONCE + 3):
        privacy.reveal(make_attendee(delegation), by=olga, session=session)
    assert len(session[privacy.SESSION_KEY]) == privacy.MOST_AT_ONCE


def test_nobody_else_opens_anything(person: Attendee, victor: User, dan: User, sam: User) -> None:
    for user in (victor, dan, sam):
        session = SessionStore()
        with pytest.raises(PermissionDenied):
            privacy.reveal(person, by=user, session=session)
        assert not privacy.is_open(person, session)
    assert not JournalEntry.objects.exists()


def test_officers_and_bearers_belong_to_their_own_delegation(
    delegation: Delegation, other_delegation: Delegation, dan: User, mai: User, olga: User
) -> None:
    bearer = Guest("", link_id=1, delegation_id=delegation.pk)
    assert [privacy.is_own(delegation, one) for one in (dan, bearer, mai, olga)] == [True, True, False, False]
    assert [privacy.is_own(other_delegation, one) for one in (dan, bearer, mai)] == [False, False, True]


def test_a_list_that_is_taken_out_is_on_the_record(
    conference: Conference, delegation: Delegation, olga: User
) -> None:
    privacy.journal_export(
        conference, "Danh sách đại biểu", by=olga, people=279, contacts=True, reason=" Hậu  cần "
    )
    privacy.journal_export(conference, "Danh sách đoàn", by=None, people=4, about=delegation)
    first, second = JournalEntry.objects.order_by("pk")
    assert (first.act, first.subject_name) == ("export", str(conference))
    assert first.changes == {
        "list": [None, "Danh sách đại biểu"], "people": [None, 279], "contacts": [None, True],
        "reason": [None, "Hậu cần"],
    }  # fmt: skip
    assert (second.delegation_ref, second.changes["contacts"]) == (delegation.pk, [None, False])


def test_the_notice_is_read_once_a_version(person: Attendee, conference: Conference) -> None:
    pia = Guest("Liên kết", link_id=1, attendee_id=person.pk)
    assert not privacy.has_read(person)
    for _ in range(2):
        privacy.acknowledge(person, by=pia)
    person.refresh_from_db()
    assert (person.notice_version, person.notice_seen_at) == (privacy.NOTICE_VERSION, conference.now())
    assert JournalEntry.objects.filter(act="read_notice").count() == 1

    person.notice_version = "2020-01"  # the text has changed since
    person.save()
    assert not privacy.has_read(person)
    privacy.acknowledge(person, by=pia)
    assert JournalEntry.objects.filter(act="read_notice").count() == 2


def test_nobody_reads_the_notice_for_somebody_else(person: Attendee, delegation: Delegation) -> None:
    with pytest.raises(PermissionDenied):
        privacy.acknowledge(person, by=Guest("", link_id=1, delegation_id=delegation.pk))
