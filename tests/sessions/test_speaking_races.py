"""Twelve at the same moment: a speaker pressing twice in many windows, organisers who all approve."""

import pytest

from attendees import inspecting
from attendees.models import Attendee, Delegation, Quota
from conference.models import Conference, JournalEntry, User
from sessions import enlisting, handing_out, speaking
from sessions.models import Material, SpeakerProfile
from tests.attendees.test_races import at_once
from tests.conference.test_views import make_session
from tests.conftest import MakeAttendee
from tests.sessions.test_speaking import TEXTS, bearer, propose

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media")]


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation, "Trần Minh Quân", status="confirmed")


def acts(act: str) -> int:
    return JournalEntry.objects.filter(act=act).count()


def test_an_answer_pressed_twelve_times_is_one(person: Attendee, conference: Conference) -> None:
    session = make_session(conference, "chuyen-de-1", 8, 9)
    part = session.participations.create(attendee=person, full_name=person.full_name)
    assert at_once(lambda _n: speaking.answer(part, "confirmed", by=bearer(person))) == {"done": 12}
    assert acts("answer") == 1


def test_a_first_introduction_sent_twelve_times_is_one(person: Attendee) -> None:
    assert at_once(lambda _n: speaking.propose(person, TEXTS, by=bearer(person))) == {"done": 12}
    assert SpeakerProfile.objects.get().proposed["biography"] == TEXTS["biography"]
    assert acts("propose") == 1


def test_of_twelve_who_approve_one_does(person: Attendee, olga: User) -> None:
    profile = propose(person)
    done = []
    outcomes = at_once(lambda _n: done.append(speaking.approve(profile, by=olga, version=profile.version)))
    assert outcomes == {"done": 12}
    assert sorted(done) == [False] * 11 + [True]
    assert acts("accept") == 1


def test_what_is_approved_is_what_was_seen_while_the_speaker_writes_on(person: Attendee, olga: User) -> None:
    profile = propose(person)

    def act(number: int) -> None:
        if number % 2:
            speaking.approve(profile, by=olga, version=profile.version)
        else:
            propose(person, biography=f"Bản {number}")

    at_once(act)
    profile.refresh_from_db()
    assert profile.biography in ("", TEXTS["biography"])  # never one of those written meanwhile
    assert profile.state == "waiting"
    assert profile.latest["biography"].startswith("Bản ")


def test_a_speaker_and_an_organiser_who_give_files_at_once_give_one_version_each(
    person: Attendee, conference: Conference, olga: User
) -> None:
    session = make_session(conference, "chuyen-de-1", 8, 9)
    session.participations.create(attendee=person, full_name=person.full_name)

    def send(number: int) -> None:
        file = inspecting.Inert(b"%d" % number, "image/png", "png", f"{number}.png")
        if number % 2:
            handing_out.keep(material, file, by=olga)
        else:
            handing_out.offer(session, person, file, by=bearer(person))

    send(12)
    material = Material.objects.get()
    assert at_once(send) == {"done": 12}
    numbers = material.versions.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 14))


def test_of_twelve_files_sent_at_once_each_is_a_version_and_one_waits(
    person: Attendee, conference: Conference
) -> None:
    session = make_session(conference, "chuyen-de-1", 8, 9)
    session.participations.create(attendee=person, full_name=person.full_name)

    def send(number: int) -> None:
        file = inspecting.Inert(b"%d" % number, "image/png", "png", f"{number}.png")
        handing_out.offer(session, person, file, by=bearer(person))

    assert at_once(send) == {"done": 12}
    versions = Material.objects.get().versions.order_by("number")
    assert list(versions.values_list("number", flat=True)) == list(range(1, 13))
    assert [one.number for one in versions if one.state == "waiting"] == [12]


def test_of_twelve_who_put_one_name_on_the_list_in_two_delegations_one_does(
    conference: Conference, delegation: Delegation, other_delegation: Delegation, olga: User
) -> None:
    Quota.objects.update(seats=20)
    category = conference.categories.get(slug="department")
    part = make_session(conference, "chuyen-de-1", 8, 9).participations.create(full_name="Lê Văn Tên")

    def put(number: int) -> None:
        enlisting.add(part, (delegation, other_delegation)[number % 2], category, by=olga)

    assert at_once(put) == {"done": 1, "ValidationError": 11}
    assert Attendee.objects.get().participations.get() == part
