"""A day at the doors in figures: arrivals, who is missing, whom to call, how full the halls are."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from attendees.models import Attendee, Delegation
from checkin import live, taking
from checkin.live import MOST_BARS, QUARTERS
from conference.models import Conference, User
from sessions import attending
from sessions.models import Attendance, Hall, Session
from sessions.reports import Source
from tests.checkin.conftest import Phone
from tests.checkin.test_taking import heard
from tests.conference.desk import queries, same_count, signed_in, strict, text  # noqa: F401  (a fixture)
from tests.conftest import VN, MakeAttendee

DESK = "/admin/door/"
EIGHT = datetime.datetime(2024, 6, 6, 8, tzinfo=VN)
MakePerson = Callable[..., Attendee]


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True  # no second factor in the way


@pytest.fixture
def conference(conference: Conference) -> Conference:
    """At 08:30 of its first day."""
    conference.demo_now = EIGHT + timedelta(minutes=30)
    conference.save()
    return conference


@pytest.fixture
def opening(opening: Session, conference: Conference) -> Session:
    opening.hall = Hall.objects.create(conference=conference, name="Hội trường lớn", capacity=2)
    opening.save()
    return opening


@pytest.fixture
def as_olga(olga: User) -> Client:
    return signed_in(olga)


def come(session: Session, person: Attendee, at: datetime.datetime = EIGHT) -> None:
    Attendance.objects.create(session=session, attendee=person, at=at)


# ── The time line ─────────────────────────────────────────────────────────────────────────────────


@given(st.lists(st.integers(0, 24 * 3600 - 1), min_size=1, max_size=200))
def test_every_arrival_stands_in_one_bar_and_the_bars_are_few(seconds: list[int]) -> None:
    midnight = EIGHT.replace(hour=0)
    line = live.line(midnight + timedelta(seconds=one) for one in seconds)
    assert sum(bar.people for bar in line.bars) == len(seconds)
    assert len(line.bars) <= MOST_BARS
    step = timedelta(minutes=line.step)
    for one in seconds:
        at = midnight + timedelta(seconds=one)
        assert sum(bar.starts <= at < bar.starts + step for bar in line.bars) == 1
    assert max(bar.height for bar in line.bars) == 100
    assert len(line.hours) == QUARTERS + 1
    assert (line.hours[0], line.hours[-1]) == (line.bars[0].starts, line.bars[-1].starts + step)


def test_one_morning_is_shown_minute_by_minute() -> None:
    line = live.line(EIGHT + timedelta(minutes=minute) for minute in (0, 3, 3, 55))
    assert line.step == 1
    assert [(f"{bar.starts:%H:%M}", bar.people) for bar in line.filled] == [
        ("08:00", 1), ("08:03", 2), ("08:55", 1)
    ]  # fmt: skip
    assert [f"{hour:%H:%M}" for hour in line.hours] == ["08:00", "08:15", "08:30", "08:45", "09:00"]
    assert line.busiest is not None
    assert line.busiest.people == 2


def test_without_arrivals_there_is_no_line() -> None:
    assert live.line([]).bars == ()
    assert live.line([]).busiest is None


# ── Figures ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_the_first_session_of_the_day_counts_and_each_person_once(
    conference: Conference, opening: Session, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    later = conference.sessions.create(
        code="chuyen-de", title="Chuyên đề", day=opening.day,
        starts=datetime.time(9), ends=datetime.time(10),
    )  # fmt: skip
    both, second, missing = (make_attendee(delegation, f"Người {number}") for number in "123")
    come(later, both, EIGHT + timedelta(hours=1))
    come(opening, both)
    come(later, second, EIGHT + timedelta(minutes=20))
    gone = make_attendee(delegation, "Đã rút", status=Attendee.Status.DECLINED)
    come(opening, gone)
    day = live.read(conference, opening.day)
    assert day.whole == (2, 3)
    assert [(f"{bar.starts:%H:%M}", bar.people) for bar in day.line.filled] == [("08:00", 1), ("08:20", 1)]
    assert [(str(one), share) for one, share in day.categories] == [("Sở Thông tin và Truyền thông", (2, 3))]
    [team] = day.short
    assert (team.delegation, team.share, team.missing) == (delegation, (2, 3), (missing,))
    assert day.complete == []
    assert live.read(conference, conference.ends_on).whole == (0, 3)


@pytest.mark.django_db
def test_what_was_written_on_another_day_counts_and_has_no_minute(
    conference: Conference, opening: Session, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    on_time, on_paper, lost = (make_attendee(delegation, f"Người {number}") for number in "123")
    come(opening, on_time)
    come(opening, on_paper, EIGHT + timedelta(days=30))  # the signed sheet, entered a month later
    come(opening, lost, EIGHT.replace(year=2000))  # a phone that forgot the date
    day = live.read(conference, opening.day)
    assert day.whole == (3, 3)
    assert [(f"{bar.starts:%H:%M}", bar.people) for bar in day.line.filled] == [("08:00", 1)]
    assert len(day.line.bars) <= MOST_BARS


@pytest.mark.django_db
def test_in_minus_out_fills_the_hall_while_the_session_runs(
    conference: Conference, opening: Session, delegation: Delegation, phone: Phone,
    make_attendee: MakeAttendee,
) -> None:  # fmt: skip
    people = [make_attendee(delegation, f"Người {number}") for number in range(4)]
    for number, person in enumerate(people[:3]):
        taking.take(phone.device, [heard(number, person.badge_token, EIGHT)])
    come(opening, people[3])  # by hand, and never scanned
    [room] = live.read(conference, opening.day).rooms
    assert (room.came, room.inside, room.unclear, room.capacity, room.is_over) == (4, 4, 0, 2, True)
    leaving = [heard(number + 10, people[number].badge_token, EIGHT + timedelta(minutes=9), direction="out")
               for number in (0, 1)]  # fmt: skip
    taking.take(phone.device, leaving)
    [room] = live.read(conference, opening.day).rooms
    assert (room.came, room.inside, room.is_over) == (4, 2, False)
    conference.demo_now = EIGHT + timedelta(hours=1)
    [room] = live.read(conference, opening.day).rooms
    assert (room.came, room.is_on, room.inside) == (4, False, None)


@pytest.mark.django_db
def test_who_is_in_doubt_is_counted_and_said(
    conference: Conference, opening: Session, delegation: Delegation, phone: Phone, other_phone: Phone,
    make_attendee: MakeAttendee,
) -> None:  # fmt: skip
    person = make_attendee(delegation)
    taking.take(phone.device, [heard(1, person.badge_token, EIGHT)])
    taking.take(other_phone.device, [heard(1, person.badge_token, EIGHT, direction="out")])
    day = live.read(conference, opening.day)
    assert (day.rooms[0].inside, day.rooms[0].unclear, day.questions) == (1, 1, 1)


@pytest.mark.django_db
def test_who_attends_online_has_not_come_until_seen_at_the_place(
    conference: Conference, opening: Session, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    fact = Attendance(session=opening, attendee=person, at=EIGHT, source=Source.ONLINE)
    attending.record_many([fact])
    day = live.read(conference, opening.day)
    assert (day.whole.present, day.rooms[0].came) == (0, 0)
    attending.record(person, opening, by=None)
    day = live.read(conference, opening.day)
    assert (day.whole.present, day.rooms[0].came) == (1, 1)


# ── The page ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
@pytest.mark.usefixtures("strict")
def test_an_empty_day_says_so(as_olga: Client, conference: Conference) -> None:
    page = text(as_olga.get(DESK))
    for sentence in (
        "Chưa có ai đến trong ngày này",
        "Ngày này chưa có phiên nào.",
        "Chưa có đại biểu nào trong danh sách",
    ):
        assert sentence in page


@pytest.mark.django_db
@pytest.mark.usefixtures("strict")
def test_the_page_tells_the_day(
    as_olga: Client, opening: Session, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    come(opening, make_attendee(delegation, "Nguyễn Văn An"))
    make_attendee(delegation, "Lê Thị Bình")
    page = text(as_olga.get(DESK))
    assert "Đã đến trong ngày 1 /2 lúc 08:30" in page
    assert "Đông nhất: 1 người, từ 08:00" in page
    assert "08:00–09:00 · Hội trường lớn · đang diễn ra Khai mạc 1 1/2" in page
    assert "Tỉnh Lâm Đồng 1/2 1 người Lê Thị Bình Sở TTTT chưa có số điện thoại" in page


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["", "2024-06-06", "2023-01-01", "2024-13-99", "nonsense"])
def test_a_day_that_is_none_is_today(as_olga: Client, opening: Session, day: str) -> None:
    assert "Khai mạc" in text(as_olga.get(DESK, {"day": day}))


@pytest.mark.django_db
def test_another_day_is_shown_where_it_is_asked_for(as_olga: Client, opening: Session) -> None:
    assert "Khai mạc" not in text(as_olga.get(DESK, {"day": "2024-06-07"}))


@pytest.mark.django_db
def test_a_script_gets_the_moving_part_alone(as_olga: Client, opening: Session) -> None:
    part = as_olga.get(DESK, headers={"X-Fragment": "door"})
    assert part.content.decode().strip().startswith('<div class="door-desk" id="door-live">')
    assert "X-Fragment" in part["Vary"]
    assert "no-store" in part["Cache-Control"]


@pytest.mark.django_db
def test_a_phone_is_masked_until_an_organiser_asks_and_the_journal_says_so(
    as_olga: Client, victor: User, conference: Conference, delegation: Delegation,
    make_attendee: MakeAttendee,
) -> None:  # fmt: skip
    make_attendee(delegation)
    delegation.contact_name, delegation.contact_phone = "Bà Hoa", "+84912345678"
    delegation.save()
    assert "Bà Hoa 0912 ••• 678 Hiện số" in text(as_olga.get(DESK))
    assert "345" not in text(as_olga.get(DESK))
    page = as_olga.post(f"{DESK}phones/{delegation.code}/", {"day": "2024-06-07"})
    assert page["Location"] == f"{DESK}?day=2024-06-07#doan-{delegation.code}"
    assert "Bà Hoa 0912 345 678" in text(as_olga.get(DESK))
    told = conference.journal.get(act="reveal")
    assert (told.actor_name, told.subject) == ("Olga", f"attendees.delegation:{delegation.pk}")
    other = signed_in(victor)
    assert "Bà Hoa 0912 ••• 678" in text(other.get(DESK))
    assert "Hiện số" not in text(other.get(DESK))
    assert other.post(f"{DESK}phones/{delegation.code}/").status_code == 403


@pytest.mark.django_db
def test_a_person_and_a_delegation_of_one_number_are_opened_apart(
    as_olga: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation, pk=delegation.pk, phone="+84912345678")
    Delegation.objects.filter(pk=delegation.pk).update(contact_phone="+84987654321", contact_name="Bà Hoa")
    as_olga.post(f"/admin/attendees/attendee/{person.pk}/reveal/")
    assert "0987 ••• 321" in text(as_olga.get(DESK))


@pytest.mark.django_db
def test_the_page_asks_the_same_however_many_come(
    as_olga: Client, opening: Session, conference: Conference, delegation: Delegation,
    other_delegation: Delegation, phone: Phone, other_phone: Phone, make_attendee: MakeAttendee,
) -> None:  # fmt: skip
    numbers = iter(range(1, 1000))

    def grow() -> None:
        number = next(numbers)
        for team, device in ((delegation, phone), (other_delegation, other_phone)):
            person = make_attendee(team, f"Người thứ {number}")
            make_attendee(team, f"Chưa đến {number}")
            taking.take(device.device, [heard(number, person.badge_token, timezone.now())])
            both = make_attendee(team, f"Hai cửa {number}")
            for one in (phone, other_phone):
                sequence = 1000 + number * 4 + 2 * (team == delegation)
                taking.take(one.device, [heard(sequence, both.badge_token, said="welcome")])

    assert len(set(same_count(as_olga, DESK, grow))) == 1
    assert queries(as_olga, DESK) <= 22


def test_the_reception_on_the_eve_has_a_page_and_is_the_first_that_opens(
    as_olga: Client,
    conference: Conference,
    opening: Session,
    delegation: Delegation,
    make_attendee: MakeAttendee,
) -> None:
    eve = conference.starts_on - timedelta(days=1)
    reception = conference.sessions.create(
        code="don-tiep", kind=Session.Kind.RECEPTION, title="Đón tiếp đại biểu", day=eve,
        starts=datetime.time(14), ends=datetime.time(21),
    )  # fmt: skip
    conference.sessions.create(
        code="an-toi", kind=Session.Kind.BREAK, title="Ăn tối", day=eve - timedelta(days=1),
        starts=datetime.time(18), ends=datetime.time(19),
    )  # fmt: skip
    assert live.days(conference) == [eve, conference.starts_on, conference.ends_on]
    come(reception, make_attendee(delegation), datetime.datetime(2024, 6, 5, 15, 10, tzinfo=VN))
    Conference.objects.update(demo_now=datetime.datetime(2024, 6, 5, 15, 30, tzinfo=VN))
    page = as_olga.get(DESK)
    assert page.context["day"].on == eve
    assert page.context["day"].whole == (1, 1)
    assert "Đón tiếp đại biểu" in text(page)
