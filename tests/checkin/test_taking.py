"""Scans are kept once and become presence, whatever way they come."""

from __future__ import annotations

import datetime
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attendees import badge_code, renewing
from attendees.models import Attendee, Category, Delegation
from checkin import pairing, taking
from checkin.models import Scan
from checkin.pairing import Refused
from checkin.taking import Answer, Heard
from conference.models import User
from sessions import attending
from sessions.models import Attendance, Session, SignUp
from tests.checkin.conftest import Phone
from tests.conftest import VN, MakeAttendee
from tests.sessions.plans import session

SEVEN = datetime.datetime(2024, 5, 30, 7, tzinfo=VN)  # the clock of the conference stands at 16:00
pytestmark = pytest.mark.django_db


def heard(sequence: int, text: str, at: datetime.datetime = SEVEN, **fields: object) -> Heard:
    values = {
        "id": uuid.uuid4(),
        "sequence": sequence,
        "session": "khai-mac",
        "direction": "in",
        "heard": text,
        "device_at": at,
        "offset_ms": 0,
        "error_ms": 500,
        **fields,
    }
    return Heard(**values)  # type: ignore[arg-type]  # a row of a test


def verdicts(answers: list[Answer]) -> list[str]:
    return [answer.verdict for answer in answers]


def test_a_badge_is_welcome_once_then_it_is_said_where_it_was_seen(
    person: Attendee, phone: Phone, other_phone: Phone
) -> None:
    [first] = taking.take(phone.device, [heard(1, person.badge_token)])
    [second] = taking.take(other_phone.device, [heard(1, person.badge_token, SEVEN + timedelta(minutes=5))])
    assert (first.verdict, first.attendee) == ("welcome", person)
    assert (second.verdict, second.since, second.where) == ("again", SEVEN, "Cửa A")
    [fact] = Attendance.objects.all()
    assert (fact.attendee, fact.source, fact.at) == (person, Attendance.Source.SCAN, SEVEN)
    assert Scan.objects.count() == 2


def test_the_typed_code_serves_as_well(person: Attendee, phone: Phone) -> None:
    typed = f"{person.code[:4]}-{person.code[4:]}".lower()
    assert verdicts(taking.take(phone.device, [heard(1, typed)])) == ["welcome"]


def test_a_batch_sent_again_is_acknowledged_and_kept_once(person: Attendee, phone: Phone) -> None:
    batch = [heard(1, person.badge_token), heard(2, person.badge_token), heard(3, "xxx")]
    first = taking.take(phone.device, batch)
    assert verdicts(first) == ["welcome", "again", "unknown"]
    assert taking.take(phone.device, [*batch, *reversed(batch)]) == [*first, *reversed(first)]
    assert Scan.objects.count() == 3


def test_other_content_under_a_known_id_or_number_is_refused(person: Attendee, phone: Phone) -> None:
    one = heard(1, person.badge_token)
    taking.take(phone.device, [one])
    false = [one._replace(heard="khác"), heard(1, "khác")]
    answers = taking.take(phone.device, false)
    assert verdicts(answers) == ["refused", "refused"]
    assert "nội dung khác" in answers[0].refused
    assert [scan.heard for scan in Scan.objects.all()] == [person.badge_token]


def test_the_id_of_another_phone_tells_nothing(person: Attendee, phone: Phone, other_phone: Phone) -> None:
    one = heard(1, person.badge_token)
    taking.take(phone.device, [one])
    [answer] = taking.take(other_phone.device, [one])
    assert (answer.verdict, answer.attendee, answer.where) == ("refused", None, "")


def test_an_earlier_scan_that_comes_later_puts_the_time_back(
    person: Attendee, phone: Phone, other_phone: Phone
) -> None:
    taking.take(phone.device, [heard(1, person.badge_token, SEVEN + timedelta(hours=1))])
    assert verdicts(taking.take(other_phone.device, [heard(1, person.badge_token)])) == ["again"]
    assert Attendance.objects.get().at == SEVEN
    taking.take(other_phone.device, [heard(2, person.badge_token, SEVEN + timedelta(hours=2))])
    assert Attendance.objects.get().at == SEVEN


@pytest.mark.parametrize("wrong", [timedelta(minutes=10), timedelta(days=1), -timedelta(days=1)])
def test_a_wrong_clock_is_put_right(person: Attendee, phone: Phone, wrong: timedelta) -> None:
    offset = -int(wrong.total_seconds() * 1000)
    taking.take(phone.device, [heard(1, person.badge_token, SEVEN + wrong, offset_ms=offset)])
    scan = Scan.objects.get()
    assert (scan.at, scan.device_at, scan.bound) == (SEVEN, SEVEN + wrong, timedelta(milliseconds=500))


def test_by_its_own_clock_who_left_would_be_there_still(
    person: Attendee, opening: Session, phone: Phone, other_phone: Phone
) -> None:
    """The control: in at a phone that is an hour ahead, out half an hour later at one that is right."""
    ahead, half = timedelta(hours=1), timedelta(minutes=30)
    offset = -int(ahead.total_seconds() * 1000)
    taking.take(phone.device, [heard(1, person.badge_token, SEVEN + ahead, offset_ms=offset)])
    taking.take(other_phone.device, [heard(1, person.badge_token, SEVEN + half, direction="out")])
    said = {column: Scan.objects.order_by(column).last() for column in ("device_at", "at")}
    assert {column: scan.direction for column, scan in said.items() if scan} == {
        "device_at": "in",
        "at": "out",
    }


def test_a_time_after_the_receipt_shows_how_wrong_the_clock_was(person: Attendee, phone: Phone) -> None:
    now = person.conference.now()
    taking.take(phone.device, [heard(1, person.badge_token, now + timedelta(hours=3))])
    scan = Scan.objects.get()
    assert (scan.at, scan.bound) == (now, timedelta(hours=3, milliseconds=500))


def test_who_has_no_seat_is_not_written_down_but_the_scan_is_kept(
    person: Attendee, delegation: Delegation, phone: Phone, make_attendee: MakeAttendee
) -> None:
    gone = make_attendee(delegation, "Lê Văn Bình", status=Attendee.Status.DECLINED)
    Attendee.objects.filter(pk=person.pk).update(status=Attendee.Status.REPLACED)
    batch = [heard(1, person.badge_token), heard(2, gone.badge_token)]
    assert verdicts(taking.take(phone.device, batch)) == ["replaced", "withdrawn"]
    assert Attendance.objects.count() == 0
    assert Scan.objects.count() == 2


def test_a_badge_of_another_conference_is_unknown(
    phone: Phone, opening: Session, foreign_delegation: Delegation
) -> None:
    category = Category.objects.filter(conference=foreign_delegation.conference).first()
    stranger = Attendee.objects.create(
        conference=foreign_delegation.conference,
        delegation=foreign_delegation,
        category=category,
        full_name="Ai Đó",
    )
    [answer] = taking.take(phone.device, [heard(1, stranger.badge_token)])
    assert (answer.verdict, answer.attendee) == ("unknown", None)


def test_leaving_is_kept_and_makes_no_presence(person: Attendee, phone: Phone) -> None:
    assert verdicts(taking.take(phone.device, [heard(1, person.badge_token, direction="out")])) == ["out"]
    assert Attendance.objects.count() == 0


def test_who_was_noted_at_the_desk_is_there_already(
    person: Attendee, opening: Session, phone: Phone, olga: User
) -> None:
    attending.record(person, opening, by=olga)
    [answer] = taking.take(phone.device, [heard(1, person.badge_token, person.conference.now())])
    assert (answer.verdict, answer.since) == ("again", person.conference.now())
    assert Attendance.objects.get().source == Attendance.Source.DESK


def test_a_device_takes_only_for_the_sessions_that_it_serves(
    person: Attendee, opening: Session, phone: Phone
) -> None:
    closing = opening.conference.sessions.create(
        code="be-mac", title="Bế mạc", day=opening.day, starts=datetime.time(16), ends=datetime.time(17)
    )
    phone.device.sessions.add(closing)
    batch = [
        heard(1, person.badge_token),
        heard(2, person.badge_token, session="be-mac"),
        heard(3, person.badge_token, session="khong-co"),
    ]
    assert verdicts(taking.take(phone.device, batch)) == ["refused", "welcome", "refused"]
    assert [scan.session for scan in Scan.objects.all()] == [closing]


def test_what_was_scanned_before_the_sessions_of_a_phone_changed_is_taken_still(
    person: Attendee, opening: Session, phone: Phone, olga: User, make_attendee: MakeAttendee
) -> None:
    closing = opening.conference.sessions.create(
        code="be-mac", title="Bế mạc", day=opening.day, starts=datetime.time(16), ends=datetime.time(17)
    )
    conference, other = phone.device.conference, make_attendee(person.delegation, "Trần Thị Thúy")
    conference.demo_now = SEVEN + timedelta(minutes=10)
    conference.save()
    pairing.change(phone.device, "Cửa A", [closing], by=olga)
    phone.device.refresh_from_db()
    conference = phone.device.conference
    conference.demo_now = SEVEN + timedelta(minutes=30)
    conference.save()
    batch = [
        heard(1, person.badge_token, SEVEN),  # offline, while it served the opening
        heard(2, other.badge_token, SEVEN + timedelta(minutes=20)),
        heard(3, other.badge_token, SEVEN + timedelta(minutes=20), session="be-mac"),
    ]
    assert verdicts(taking.take(phone.device, batch)) == ["welcome", "refused", "welcome"]
    pairing.change(phone.device, "Cửa A", [], by=olga)  # every session again
    phone.device.refresh_from_db()
    assert verdicts(taking.take(phone.device, [batch[1]])) == ["welcome"]


def test_a_batch_that_is_too_long_is_refused_whole(opening: Session, phone: Phone) -> None:
    with pytest.raises(Refused, match="500"):
        taking.take(phone.device, [heard(number, "x") for number in range(taking.LONGEST_BATCH + 1)])
    assert Scan.objects.count() == 0


def test_a_device_revoked_or_paired_anew_in_the_meantime_is_refused(
    person: Attendee, phone: Phone, other_phone: Phone, olga: User
) -> None:
    pairing.offer(phone.device, by=olga)
    pairing.revoke(other_phone.device, by=olga, reason="Mất máy")
    for one in (phone, other_phone):
        with pytest.raises(Refused):
            taking.take(one.device, [heard(1, person.badge_token)])


def test_a_scan_is_never_changed_and_never_removed(person: Attendee, phone: Phone) -> None:
    taking.take(phone.device, [heard(1, person.badge_token)])
    scan = Scan.objects.get()
    for act in (scan.save, scan.delete, Scan.objects.all().delete, lambda: Scan.objects.update(heard="x")):
        with pytest.raises(TypeError):
            act()
    Attendance.objects.all().delete()
    person.delete()
    assert Scan.objects.get().attendee is None


def test_a_batch_asks_the_database_as_often_for_one_scan_as_for_many(
    delegation: Delegation, phone: Phone, opening: Session, make_attendee: MakeAttendee
) -> None:
    people = [make_attendee(delegation, f"Nguyễn Văn {n}") for n in "ABCDEFGH"]
    asked = []
    for chunk in (people[:1], people[1:]):
        with CaptureQueriesContext(connection) as queries:
            batch = [heard(one.pk, one.badge_token) for one in chunk]
            assert set(verdicts(taking.take(phone.device, batch))) == {"welcome"}
        asked.append(len(queries))
    assert asked[0] == asked[1] == 14


def test_a_signed_badge_that_was_reprinted_is_revoked_and_a_false_one_unknown(
    person: Attendee, phone: Phone
) -> None:
    printed = badge_code.of(person)
    [good] = taking.take(phone.device, [heard(1, printed)])
    assert good.verdict == "welcome"
    person.badge_token = ""
    person.save()
    false = printed[:-1] + ("0" if printed[-1] != "0" else "1")
    false = false[:60] + ("0" if false[60] != "0" else "1") + false[61:]
    answers = taking.take(phone.device, [heard(2, printed), heard(3, false), heard(4, badge_code.of(person))])
    assert verdicts(answers) == ["revoked", "unknown", "again"]


def test_a_badge_of_before_signatures_is_dead_where_the_phone_knew_it(
    person: Attendee, phone: Phone, olga: User
) -> None:
    old = person.badge_token
    renewing.renew(person, by=olga, seen=renewing.mark(person))
    told = [heard(1, old, said="revoked"), heard(2, old, said="offline"), heard(3, old)]
    assert verdicts(taking.take(phone.device, told)) == ["revoked", "unknown", "unknown"]
    assert not Attendance.objects.exists()


def test_who_has_a_place_elsewhere_is_not_counted_unless_let_in(person: Attendee, phone: Phone) -> None:
    places = {"sign_up": True, "places": 5}
    for code in ("a", "b"):
        session(person.conference, code, 9, 10, title=f"Chuyên đề {code}", **places)
    SignUp.objects.create(attendee=person, code="a", state="taken")
    token = person.badge_token
    [stopped] = taking.take(phone.device, [heard(1, token, session="b")])
    assert (stopped.verdict, stopped.where, stopped.since) == ("elsewhere", "Chuyên đề a", None)
    assert verdicts(taking.take(phone.device, [heard(2, token, session="a")])) == ["welcome"]
    assert verdicts(taking.take(phone.device, [heard(3, token, session="b", said="elsewhere")])) == [
        "elsewhere"
    ]
    assert Attendance.objects.count() == 1
    [let_in] = taking.take(phone.device, [heard(4, token, session="b", insisted=True)])
    assert let_in.verdict == "welcome"
    assert Scan.objects.get(sequence=4).insisted


def test_whom_a_phone_without_its_list_let_in_is_in(person: Attendee, phone: Phone) -> None:
    session(person.conference, "b", 9, 10, sign_up=True, places=5)
    [answer] = taking.take(phone.device, [heard(1, person.badge_token, session="b", said="offline")])
    assert answer.verdict == "welcome"


@pytest.mark.parametrize("said", ["unknown", "withdrawn", "replaced", "revoked"])
def test_whom_the_phone_turned_away_did_not_come_in(person: Attendee, phone: Phone, said: str) -> None:
    [answer] = taking.take(phone.device, [heard(1, person.badge_token, said=said)])
    assert (answer.verdict, answer.attendee) == (said, person)
    assert not Attendance.objects.exists()
    assert verdicts(taking.take(phone.device, [heard(2, person.badge_token)])) == ["welcome"]
