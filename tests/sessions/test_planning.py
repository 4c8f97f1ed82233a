"""Sessions are placed, moved, shifted, copied; of two organisers at once neither loses nor books twice."""

import datetime
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from attendees.holding import Stale
from attendees.models import Delegation
from conference.guests import Guest
from conference.models import Conference, JournalEntry, User
from sessions import planning, speaking
from sessions.models import Attendance, Hall, Participation, Session
from sessions.planning import Time
from sessions.scheduling import Kind
from tests.attendees.test_races import at_once, meeting
from tests.conftest import MakeAttendee, publish
from tests.documents.test_inviting import a_lock_is_waited_for
from tests.patience import LONGEST, until

pytestmark = pytest.mark.django_db
SIXTH, SEVENTH = datetime.date(2024, 6, 6), datetime.date(2024, 6, 7)


def at(hours: str, hall: Hall | None = None, day: datetime.date = SIXTH) -> Time:
    starts, ends = (datetime.time(*map(int, part.split(":"))) for part in hours.split("-"))
    return Time(day, starts, ends, hall)


def add(conference: Conference, by: User, hours: str, hall: Hall | None = None, **fields: object) -> Session:
    return planning.add(conference, at(hours, hall), by=by, **{"title": f"Phiên {hours}"} | fields)


def hours_of(session: Session) -> str:
    session.refresh_from_db()
    return f"{session.starts:%H:%M}-{session.ends:%H:%M}"


# ── One act ───────────────────────────────────────────────────────────────────────────────────────


def test_a_session_moves_under_a_new_version_and_into_the_journal(
    conference: Conference, hall: Hall, room: Hall, olga: User
) -> None:
    session = add(conference, olga, "8:00-9:00", hall)
    moved = planning.place(session, at("10:00-11:00", room, SEVENTH), by=olga, version=1)
    assert (moved.version, moved.day, moved.hall, hours_of(moved)) == (2, SEVENTH, room, "10:00-11:00")
    entry = JournalEntry.objects.get(act="move")
    assert entry.changes["hall"] == ["Hội trường lớn", "Phòng họp số 1"]
    assert entry.changes["starts"] == ["08:00:00", "10:00:00"]


def test_the_same_move_twice_writes_once(conference: Conference, hall: Hall, olga: User) -> None:
    session = add(conference, olga, "8:00-9:00", hall)
    for _ in range(2):
        planning.place(session, at("10:00-11:00", hall), by=olga)
    assert JournalEntry.objects.filter(act="move").count() == 1


def test_an_older_row_does_not_write_over_a_newer_one(conference: Conference, hall: Hall, olga: User) -> None:
    session = add(conference, olga, "8:00-9:00", hall)
    planning.place(session, at("10:00-11:00", hall), by=olga, version=1)
    with pytest.raises(Stale):
        planning.place(session, at("14:00-15:00", hall), by=olga, version=1)
    assert hours_of(session) == "10:00-11:00"


def test_a_taken_hall_refuses_until_the_overlap_is_said(
    conference: Conference, hall: Hall, olga: User
) -> None:
    standing, session = add(conference, olga, "8:00-9:00", hall), add(conference, olga, "9:00-10:00", hall)
    with pytest.raises(ValidationError) as refused:
        planning.place(session, at("8:30-9:30", hall), by=olga)
    assert refused.value.messages == [
        "Hội trường lớn đã có phiên lúc đó: “Phiên 8:00-9:00” (08:00–09:00). Chọn giờ hoặc hội trường khác, "
        "hoặc xếp chồng."
    ]
    assert refused.value.params["codes"] == [standing.code]
    planning.place(session, at("8:30-9:30", hall), by=olga, knowing=[standing.code])
    assert [one.kind for one in planning.findings(conference)] == [Kind.HALL]


@pytest.mark.parametrize("hours", ["9:00-8:00", "9:00-9:00", "22:00-0:30"])
def test_an_end_before_the_beginning_is_refused_in_words(
    conference: Conference, olga: User, hours: str
) -> None:
    with pytest.raises(ValidationError, match="Giờ kết thúc phải sau giờ bắt đầu"):
        add(conference, olga, hours)
    assert not conference.sessions.exists()


def test_codes_come_from_titles_and_never_twice(conference: Conference, olga: User) -> None:
    titles = ["Giải lao", "Giải lao", "…", "Một số điểm mới của Nghị quyết 47/NQ-CP của Chính phủ"]
    codes = [
        add(conference, olga, f"{8 + n}:00-{9 + n}:00", title=title).code for n, title in enumerate(titles)
    ]
    assert codes == ["giai-lao", "giai-lao-2", "phien", "mot-so-diem-moi-cua-nghi-quyet-47"]


def test_a_code_that_was_announced_is_given_to_no_other_session(conference: Conference, olga: User) -> None:
    first = add(
        conference, olga, "8:00-9:00", title="Kỹ năng xử lý khủng hoảng truyền thông trên mạng xã hội"
    )
    gone = add(conference, olga, "9:00-10:00", title="Giải lao")
    publish(conference)
    gone.delete()
    publish(conference)
    first.delete()
    again = add(conference, olga, "9:00-10:00", title="Kỹ năng xử lý khủng hoảng truyền thông: thực hành")
    assert again.code == f"{first.code}-2"
    assert add(conference, olga, "10:00-11:00", title="Giải lao").code == "giai-lao-2"


def test_a_session_that_people_were_seen_in_stays(
    conference: Conference, olga: User, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    empty, seen = add(conference, olga, "8:00-9:00"), add(conference, olga, "9:00-10:00")
    Attendance.objects.create(session=seen, attendee=make_attendee(delegation))
    empty.delete()
    with pytest.raises(ProtectedError):
        seen.delete()
    with pytest.raises(ValidationError, match="vừa bị xóa"):
        planning.place(empty, at("8:00-9:00"), by=olga)
    assert list(conference.sessions.all()) == [seen]


# ── A part of a day, a whole day ──────────────────────────────────────────────────────────────────


def test_whatever_begins_later_is_shifted_and_nothing_else(
    conference: Conference, hall: Hall, room: Hall, olga: User
) -> None:
    early, late = add(conference, olga, "8:00-9:00", hall), add(conference, olga, "9:00-10:00", hall)
    aside = add(conference, olga, "9:30-10:00", room)
    tomorrow = planning.add(conference, at("9:00-10:00", hall, SEVENTH), by=olga, title="Ngày sau")
    planning.shift(conference, SIXTH, datetime.time(9), 20, by=olga)
    assert [hours_of(one) for one in (early, late, aside, tomorrow)] == [
        "08:00-09:00", "09:20-10:20", "09:50-10:20", "09:00-10:00",
    ]  # fmt: skip
    planning.shift(conference, SIXTH, datetime.time(9), -10, by=olga, hall=room)
    assert (hours_of(late), hours_of(aside)) == ("09:20-10:20", "09:40-10:10")


def test_a_shift_past_midnight_changes_nothing(conference: Conference, olga: User) -> None:
    first, last = add(conference, olga, "18:00-19:00"), add(conference, olga, "22:00-23:30")
    with pytest.raises(ValidationError, match="sẽ sang ngày khác"):
        planning.shift(conference, SIXTH, datetime.time(18), 45, by=olga)
    assert (hours_of(first), hours_of(last)) == ("18:00-19:00", "22:00-23:30")


@pytest.mark.parametrize("minutes", [0, 721, -721])
def test_a_shift_has_a_sensible_length(conference: Conference, olga: User, minutes: int) -> None:
    add(conference, olga, "8:00-9:00")
    with pytest.raises(ValidationError, match="số phút"):
        planning.shift(conference, SIXTH, datetime.time(8), minutes, by=olga)
    with pytest.raises(ValidationError, match="Không có phiên nào"):
        planning.shift(conference, SIXTH, datetime.time(9), 5, by=olga)


def test_a_day_is_copied_with_its_halls_and_without_its_people(
    conference: Conference, hall: Hall, olga: User
) -> None:
    add(conference, olga, "8:00-9:00", hall, title="Giải lao").participations.create(full_name="Lê Thử Linh")
    planning.copy_day(conference, SIXTH, SEVENTH, by=olga)
    copy = conference.sessions.get(day=SEVENTH)
    assert (copy.title, copy.hall, copy.code, copy.participations.count()) == (
        "Giải lao",
        hall,
        "giai-lao-2",
        0,
    )
    with pytest.raises(ValidationError, match="đã có phiên"):
        planning.copy_day(conference, SIXTH, SEVENTH, by=olga)
    with pytest.raises(ValidationError, match="chưa có phiên nào"):
        planning.copy_day(conference, datetime.date(2024, 6, 5), datetime.date(2024, 6, 8), by=olga)


# ── What is wrong ─────────────────────────────────────────────────────────────────────────────────


def test_people_are_known_by_their_row_else_by_name_and_body(
    conference: Conference,
    hall: Hall,
    room: Hall,
    olga: User,
    delegation: Delegation,
    make_attendee: MakeAttendee,
) -> None:
    one, other = add(conference, olga, "8:00-9:00", hall), add(conference, olga, "8:00-9:00", room)
    speaker = make_attendee(delegation, "Lê Thử Linh")
    for session in (one, other):
        session.participations.create(attendee=speaker, full_name="Lê Thử Linh")
        session.participations.create(full_name="Vũ Thử Hà", organisation_name="Học viện", role="chair")
        session.participations.create(organisation_name="UBND tỉnh", role="speech")
    one.participations.create(full_name="Trần Thử An", organisation_name="Bộ A")
    other.participations.create(full_name="Trần Thử An", organisation_name="Bộ B")
    kinds = [found.kind for found in planning.findings(conference)]
    assert kinds.count(Kind.PERSON) == 2
    assert kinds.count(Kind.BODY) == 1
    assert kinds.count(Kind.PENDING) == 6  # the body is not asked
    Participation.objects.update(answer=Participation.Answer.CONFIRMED)
    assert Kind.PENDING not in [found.kind for found in planning.findings(conference)]


def test_a_speaker_who_said_to_be_elsewhere_is_told_of(
    conference: Conference, hall: Hall, olga: User, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    speaker = make_attendee(delegation, "Lê Thử Linh")
    for hours in ("8:00-9:00", "10:00-11:00"):
        session = add(conference, olga, hours, hall)
        session.participations.create(attendee=speaker, full_name="Lê Thử Linh", answer="confirmed")
    span = speaking.Span(SIXTH, datetime.time(8, 30), datetime.time(9, 30))
    by = Guest("Liên kết", link_id=1, attendee_id=speaker.pk)
    speaking.tell(speaker, "", [span], by=by)
    [warning] = planning.findings(conference)
    assert warning.text == "Lê Thử Linh báo bận lúc 08:30–09:30, trùng “Phiên 8:00-9:00” (08:00–09:00)."


def test_the_questions_do_not_grow_with_the_plan(conference: Conference, hall: Hall, olga: User) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            planning.findings(conference)
        return len(caught)

    add(conference, olga, "8:00-8:30", hall).participations.create(full_name="Lê Thử Linh")
    before = asked()
    for n in range(9, 12):
        add(conference, olga, f"{n}:00-{n}:30", hall).participations.create(full_name="Lê Thử Linh")
    assert asked() == before == 5


# ── Two at once ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_a_free_hour_goes_to_one_of_twelve_sessions(conference: Conference, hall: Hall, olga: User) -> None:
    sessions = [add(conference, olga, "8:00-9:00") for _ in range(12)]
    outcomes = at_once(lambda n: planning.place(sessions[n], at("10:00-11:00", hall), by=olga))
    assert outcomes == {"done": 1, "ValidationError": 11}
    assert conference.sessions.filter(hall=hall).count() == 1
    assert JournalEntry.objects.filter(act="move").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_twelve_moves_of_one_session_none_is_lost(conference: Conference, hall: Hall, olga: User) -> None:
    session = add(conference, olga, "8:00-9:00", hall)
    to = [at(f"{9 + n // 4}:{n % 4 * 15:02}-{11 + n // 4}:00", hall) for n in range(12)]
    outcomes = at_once(lambda n: planning.place(session, to[n], by=olga, version=1))
    assert outcomes == {"done": 1, "Stale": 11}
    session.refresh_from_db()
    assert session.version == 2


@pytest.mark.django_db(transaction=True)
def test_a_shift_keeps_what_was_saved_while_it_waited(conference: Conference, olga: User) -> None:
    session = add(conference, olga, "8:00-9:00")

    def shift() -> None:
        try:
            planning.shift(conference, SIXTH, datetime.time(8), 20, by=olga)
        finally:
            connection.close()

    shifting = threading.Thread(target=shift)
    with transaction.atomic():
        Session.objects.filter(pk=session.pk).update(title="Tên mới")
        shifting.start()
        until(a_lock_is_waited_for, "the shift to wait for the session")
    shifting.join(LONGEST)
    assert (hours_of(session), session.title) == ("08:20-09:20", "Tên mới")


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_hour_is_given_twice(conference: Conference, hall: Hall, olga: User) -> None:
    """The control: it shows that the race above is one."""

    sessions, all_have_asked = [add(conference, olga, "8:00-9:00") for _ in range(12)], meeting()

    def place_naively(number: int) -> None:
        to = at("10:00-11:00", hall)
        assert not conference.sessions.filter(hall=hall, starts__lt=to.ends, ends__gt=to.starts).exists()
        all_have_asked()
        Session.objects.filter(pk=sessions[number].pk).update(**to._asdict())

    at_once(place_naively)
    assert conference.sessions.filter(hall=hall).count() > 1
