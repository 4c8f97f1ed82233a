"""Presence is written once; the desk finds people by what it may see."""

import datetime
import threading
from collections import Counter

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from attendees import answers
from attendees.models import Attendee, Category, Delegation
from conference.models import Conference, User
from sessions import attending
from sessions.attending import Kind
from sessions.models import Attendance, Session
from tests.conftest import VN, MakeAttendee
from tests.documents.test_inviting import a_lock_is_waited_for
from tests.patience import LONGEST, until

OPENING, BREAK, TOPIC, SECOND_DAY = "khai-mac", "giai-lao", "chuyen-de-1", "chuyen-de-4"


def make_session(
    conference: Conference, code: str, day: int, starts: int, ends: int, **fields: object
) -> Session:
    return Session.objects.create(
        conference=conference,
        code=code,
        title=code,
        day=datetime.date(2024, 6, day),
        starts=datetime.time(starts),
        ends=datetime.time(ends),
        **fields,
    )


@pytest.fixture
def programme(conference: Conference) -> dict[str, Session]:
    """Opening 8–9, break 9–10, topic 10–11 on the first day; another topic 8–9 on the second."""
    made = (
        make_session(conference, OPENING, 6, 8, 9),
        make_session(conference, BREAK, 6, 9, 10, kind=Session.Kind.BREAK),
        make_session(conference, TOPIC, 6, 10, 11),
        make_session(conference, SECOND_DAY, 7, 8, 9),
    )
    return {session.code: session for session in made}


def names(found: list[attending.Answer]) -> list[str]:
    return [answer.attendee.full_name for answer in found]


@pytest.mark.django_db
def test_record_welcomes_once_and_then_tells_when_it_was(
    delegation: Delegation,
    programme: dict[str, Session],
    greta: User,
    olga: User,
    make_attendee: MakeAttendee,
) -> None:
    person = make_attendee(delegation, status=Attendee.Status.CONFIRMED)
    at = datetime.datetime(2024, 6, 6, 7, 42, tzinfo=VN)
    Conference.objects.update(demo_now=at)
    opening = Session.objects.get(code=OPENING)
    first = attending.record(person, opening, by=greta)
    Conference.objects.update(demo_now=at + datetime.timedelta(minutes=5))
    second = attending.record(
        person, Session.objects.get(code=OPENING), by=olga, source=Attendance.Source.SCAN
    )
    assert (first.kind, second.kind) == (Kind.WELCOME, Kind.AGAIN)
    row = Attendance.objects.get()
    assert (row.at, row.recorded_by, row.source) == (at, greta, Attendance.Source.DESK)
    assert second.attendance == row


@pytest.mark.django_db
def test_record_counts_each_session_by_itself(
    delegation: Delegation, programme: dict[str, Session], greta: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    kinds = [attending.record(person, programme[code], by=greta).kind for code in (OPENING, TOPIC)]
    assert kinds == [Kind.WELCOME, Kind.WELCOME]


@pytest.mark.django_db
def test_record_lets_in_who_waits_for_a_confirmation(
    delegation: Delegation, programme: dict[str, Session], greta: User, make_attendee: MakeAttendee
) -> None:
    assert attending.record(make_attendee(delegation), programme[OPENING], by=greta).kind == Kind.WELCOME


@pytest.mark.django_db
def test_record_stops_who_was_replaced_or_withdrawn(
    delegation: Delegation, programme: dict[str, Session], greta: User, dan: User, make_attendee: MakeAttendee
) -> None:
    replaced, gone = make_attendee(delegation), make_attendee(delegation, "Lê Văn Cường")
    substitute = answers.replace(replaced, by=dan, full_name="Trần Quốc Hưng")
    answers.decline_person(gone, "Ốm", by=dan)
    said = attending.record(replaced, programme[OPENING], by=greta)
    assert (said.kind, said.attendee.substitute) == (Kind.REPLACED, substitute)
    assert attending.record(gone, programme[OPENING], by=greta).kind == Kind.WITHDRAWN
    assert Attendance.objects.count() == 0
    assert attending.record(substitute, programme[OPENING], by=greta).kind == Kind.WELCOME


@pytest.mark.django_db
def test_record_is_for_organisers_and_the_door(
    delegation: Delegation,
    programme: dict[str, Session],
    dan: User,
    victor: User,
    sam: User,
    olga: User,
    ada: User,
    make_attendee: MakeAttendee,
) -> None:
    person = make_attendee(delegation)
    for outsider in (dan, victor, sam):
        with pytest.raises(PermissionDenied):
            attending.record(person, programme[OPENING], by=outsider)
    for number, insider in enumerate((olga, ada, None)):
        session = make_session(delegation.conference, f"phien-{number}", 6, 14, 15)
        assert attending.record(person, session, by=insider).kind == Kind.WELCOME


@pytest.mark.django_db
def test_record_refuses_a_person_of_another_conference(
    foreign_delegation: Delegation, programme: dict[str, Session], greta: User
) -> None:
    category = Category.objects.filter(conference=foreign_delegation.conference).first()
    stranger = Attendee.objects.create(
        conference=foreign_delegation.conference,
        delegation=foreign_delegation,
        category=category,
        full_name="Ai",
    )
    with pytest.raises(ValueError, match="another conference"):
        attending.record(stranger, programme[OPENING], by=greta)


@pytest.mark.django_db(transaction=True)
def test_twelve_reports_at_once_write_one_presence(
    delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    session = make_session(delegation.conference, OPENING, 6, 8, 9)
    person = make_attendee(delegation)
    gate, kinds = threading.Barrier(12), list[str]()

    def report() -> None:
        try:
            connection.ensure_connection()
            gate.wait(LONGEST)
            kinds.append(attending.record(person, session, by=None).kind.name)
        finally:
            connection.close()

    threads = [threading.Thread(target=report) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
    assert Counter(kinds) == {"WELCOME": 1, "AGAIN": 11}
    assert Attendance.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("is_kept", "kind"), [(True, Kind.REPLACED), (False, Kind.WELCOME)])
def test_a_door_waits_for_who_is_being_replaced(
    is_kept: bool, kind: Kind, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    """The control: where it comes to nothing, the same press lets the person in."""
    session = make_session(delegation.conference, OPENING, 6, 8, 9)
    person = make_attendee(delegation)
    told: list[Kind] = []

    def press() -> None:
        told.append(attending.record(person, session, by=None).kind)
        connection.close()

    door = threading.Thread(target=press)
    with transaction.atomic():
        answers.replace(person, by=None, full_name="Trần Quốc Hưng")
        door.start()
        until(a_lock_is_waited_for, "the door to stand before the person")
        waits = told == []
        transaction.set_rollback(not is_kept)
    door.join(LONGEST)
    assert (waits, told) == (True, [kind])
    assert Attendance.objects.count() == (0 if is_kept else 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "hour", "minute", "expected"),
    [
        (5, 20, 0, OPENING),
        (6, 7, 0, OPENING),
        (6, 8, 30, OPENING),
        (6, 9, 0, OPENING),
        (6, 9, 1, TOPIC),
        (6, 10, 30, TOPIC),
        (6, 11, 1, SECOND_DAY),
        (7, 23, 0, SECOND_DAY),
        (8, 9, 0, SECOND_DAY),
    ],
)
def test_the_default_session_runs_now_or_is_next_or_was_last(
    conference: Conference, programme: dict[str, Session], day: int, hour: int, minute: int, expected: str
) -> None:
    conference.demo_now = datetime.datetime(2024, 6, day, hour, minute, tzinfo=VN)
    session = attending.default_session(conference)
    assert session is not None
    assert session.code == expected


@pytest.mark.django_db
def test_a_conference_without_a_programme_has_no_default_session(conference: Conference) -> None:
    assert attending.default_session(conference) is None


@pytest.mark.django_db
def test_find_needs_no_marks_and_puts_the_name_before_the_unit(
    delegation: Delegation, other_delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation, "Nguyễn Thị Thúy", organisation_name="Sở Thông tin và Truyền thông Lâm Đồng")
    make_attendee(other_delegation, "Lê Quang Nam")
    make_attendee(other_delegation, "Bùi Văn Ái")
    found = lambda text: names(attending.find(delegation.conference, None, text))  # noqa: E731 - asked six times
    assert found("nguyen thuy") == ["Nguyễn Thị Thúy"]
    assert found("Thuý Nguyễn") == ["Nguyễn Thị Thúy"]
    assert found("quang nam") == ["Lê Quang Nam", "Bùi Văn Ái"]
    assert found("truyen thong") == ["Nguyễn Thị Thúy"]
    assert found("huy") == []
    assert found("  ") == []


@pytest.mark.django_db
def test_find_takes_codes_as_people_type_them_and_tokens_as_scanners_do(
    delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    person, _ = make_attendee(delegation), make_attendee(delegation, "Lê Văn Cường")
    for typed in (person.code.lower(), f"{person.code[:4]}-{person.code[4:]}", person.badge_token):
        assert [answer.attendee for answer in attending.find(delegation.conference, None, typed)] == [person]


@pytest.mark.django_db
def test_find_does_not_search_what_the_door_may_not_see(
    delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation, phone="+84905123318", email="an@dalat.example")
    for text in ("0905123318", "0905", "dalat", "example"):
        assert attending.find(delegation.conference, None, text) == []


@pytest.mark.django_db
def test_find_knows_only_the_own_conference(delegation: Delegation, foreign_delegation: Delegation) -> None:
    category = Category.objects.filter(conference=foreign_delegation.conference).first()
    stranger = Attendee.objects.create(
        conference=foreign_delegation.conference,
        delegation=foreign_delegation,
        category=category,
        full_name="Ai Đó",
    )
    for text in ("ai do", stranger.code, stranger.badge_token):
        assert attending.find(delegation.conference, None, text) == []


@pytest.mark.django_db
def test_find_says_who_is_there_already(
    delegation: Delegation, programme: dict[str, Session], make_attendee: MakeAttendee
) -> None:
    for name in ("Nguyễn Văn An", "Nguyễn Văn Bình"):
        make_attendee(delegation, name)
    attending.record(Attendee.objects.get(full_name="Nguyễn Văn An"), programme[OPENING], by=None)
    found = attending.find(delegation.conference, programme[OPENING], "nguyen van")
    assert [answer.kind for answer in found] == [Kind.AGAIN, Kind.EXPECTED]
    found = attending.find(delegation.conference, programme[TOPIC], "nguyen van")
    assert [answer.kind for answer in found] == [Kind.EXPECTED, Kind.EXPECTED]
