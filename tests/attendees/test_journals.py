"""Every act is found again from the delegation and from the person whom it concerns."""

import pytest

from attendees import answers
from attendees.journals import Place, place
from attendees.models import Attendee, Correction, Delegation, Upload
from conference import journal
from conference.models import Conference, JournalEntry, User
from documents.models import Certificate, Document, NumberSeries
from tests.conftest import MakeAttendee


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation)


def test_rows_lead_to_their_delegation_and_person(person: Attendee, conference: Conference) -> None:
    delegation = person.delegation
    series = NumberSeries.objects.create(conference=conference, kind="certificate", year=2024)
    rows = (
        delegation,
        delegation.quotas.first(),
        Document(conference=conference, kind="badges", delegation=delegation),
        Upload(delegation=delegation),
        person,
        Correction(attendee=person),
        Certificate(attendee=person, series=series),
        conference,
    )
    only, both = Place(delegation.pk), Place(delegation.pk, person.pk)
    assert [place(row) for row in rows] == [only, only, only, only, both, both, both, Place()]


def test_the_acts_of_a_delegation_are_read_by_its_number_even_of_people_who_are_gone(
    delegation: Delegation, department: object, olga: User
) -> None:
    person = answers.nominate(delegation, department, by=olga, full_name="Lê Văn Nhầm")
    number = person.pk
    answers.remove(person, by=olga)
    told = JournalEntry.objects.filter(delegation_ref=delegation.pk).order_by("pk")
    assert [entry.act for entry in told] == ["nominate", "answer", "remove"]
    assert [entry.act for entry in told.filter(person_ref=number)] == ["nominate", "remove"]


def test_an_act_may_say_whom_it_concerns(conference: Conference, person: Attendee, olga: User) -> None:
    entry = journal.record("send", conference, by=olga, conference=conference, about=person)
    assert (entry.delegation_ref, entry.person_ref) == (person.delegation_id, person.pk)
    assert entry.subject == f"conference.conference:{conference.pk}"
