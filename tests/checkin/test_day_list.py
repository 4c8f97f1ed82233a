"""The list for one day: what it tells, what it hides, when it ends."""

from __future__ import annotations

import datetime
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attendees import answers, codes, renewing
from attendees.models import Attendee, Delegation
from checkin import taking
from checkin.day_list import day_list
from checkin.pairing import Refused
from conference.models import Conference, JournalEntry, User
from sessions.models import Session, SignUp
from tests.checkin.conftest import Phone
from tests.checkin.test_taking import SEVEN, heard
from tests.conference.blanking import without_tokens
from tests.conftest import VN, MakeAttendee
from tests.sessions.plans import session

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(delegation: Delegation, opening: Session, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(
        delegation, position="Phó Giám đốc", organisation_name="Sở TTTT", phone="+84905123318",
        email="an@dalat.example", birth_year=1975, seat_note="Dãy B, ghế 12",
    )  # fmt: skip


def test_a_row_holds_what_the_door_may_see(person: Attendee, phone: Phone) -> None:
    told = day_list(phone.device)
    assert told["people"] == [
        {
            "code": person.code,
            "token": codes.hashed(person.badge_token),
            "former": [],
            "name": "Nguyễn Văn An",
            "title": "Phó Giám đốc",
            "organisation": "Sở TTTT",
            "delegation": person.delegation.name,
            "category": "Sở Thông tin và Truyền thông",
            "seat": "Dãy B, ghế 12",
            "photo": False,
            "band": person.category.band,
            "status": "",
            "holder": "",
            "elsewhere": [],
        }
    ]
    text = json.dumps(told, ensure_ascii=False)
    assert person.badge_token not in text
    for private in ("905", "318", "an@dalat", "1975"):
        assert private not in without_tokens(text)


def test_who_was_replaced_and_who_does_not_come_are_known(person: Attendee, phone: Phone) -> None:
    new = answers.replace(person, by=None, full_name="Trần Quốc Hưng")
    answers.decline_person(new, "Ốm", by=None)
    told = {row["name"]: (row["status"], row["holder"]) for row in day_list(phone.device)["people"]}
    assert told == {"Nguyễn Văn An": ("replaced", "Trần Quốc Hưng"), "Trần Quốc Hưng": ("withdrawn", "")}


def test_dead_badges_of_a_person_are_known_by_their_hash(person: Attendee, phone: Phone, olga: User) -> None:
    old = person.badge_token
    renewing.renew(person, by=olga, seen=renewing.mark(person))
    told = day_list(phone.device)
    [row] = told["people"]
    person.refresh_from_db()
    assert (row["token"], row["former"]) == (codes.hashed(person.badge_token), [codes.hashed(old)])
    assert old not in json.dumps(told)


def test_presence_and_places_elsewhere_are_told(
    person: Attendee, conference: Conference, phone: Phone
) -> None:
    for code in ("a", "b"):
        session(conference, code, 10, 11, sign_up=True, places=5)
    SignUp.objects.create(attendee=person, code="a", state="taken")
    taking.take(phone.device, [heard(1, person.badge_token)])
    told = day_list(phone.device)
    assert told["present"]["khai-mac"] == {person.code: [SEVEN.astimezone(datetime.UTC).isoformat(), "Cửa A"]}
    assert told["people"][0]["elsewhere"] == ["b"]


def test_it_ends_in_the_night_and_is_not_given_after_the_conference(
    person: Attendee, conference: Conference, phone: Phone
) -> None:
    conference.demo_now = datetime.datetime(2024, 6, 6, 7, 42, tzinfo=VN)
    phone.device.conference = conference
    told = day_list(phone.device)
    assert (told["day"], told["expires"]) == ("2024-06-06", "2024-06-07T03:00:00+07:00")
    conference.demo_now = datetime.datetime(2024, 6, 9, 7, 42, tzinfo=VN)
    with pytest.raises(Refused, match="đã kết thúc"):
        day_list(phone.device)


def test_the_first_time_on_a_day_is_journalled(person: Attendee, phone: Phone) -> None:
    for _time in range(2):
        day_list(phone.device)
        phone.device.refresh_from_db()
    assert JournalEntry.objects.filter(act="take_list").count() == 1


def test_the_queries_do_not_grow(
    person: Attendee,
    delegation: Delegation,
    conference: Conference,
    phone: Phone,
    make_attendee: MakeAttendee,
) -> None:
    session(conference, "a", 10, 11, sign_up=True, places=5)
    day_list(phone.device)
    phone.device.list_day = conference.now().date()
    with CaptureQueriesContext(connection) as few:
        day_list(phone.device)
    for number in range(6):
        one = make_attendee(delegation, f"Người {number}")
        taking.take(phone.device, [heard(number, one.badge_token, SEVEN + timedelta(minutes=number))])
    answers.replace(person, by=None, full_name="Trần Quốc Hưng")
    with CaptureQueriesContext(connection) as many:
        assert len(day_list(phone.device)["people"]) == 8
    assert len(few) == len(many) == 8
