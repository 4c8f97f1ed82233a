"""What runs and what comes next, minute by minute."""

import datetime

import pytest

from sessions import running
from sessions.running import Running
from tests.sessions.plans import DAY, EIGHT, NINE, TEN, entry

ELEVEN, NOON = datetime.time(11), datetime.time(12)
NEXT_DAY = DAY + datetime.timedelta(days=1)
OPENING = entry("khai-mac")
TOPIC = entry("chuyen-de-1", starts=NINE, ends=TEN)
ASIDE = entry("thao-luan", starts=NINE, ends=ELEVEN, hall="Phòng họp số 1")
LUNCH = entry("nghi-trua", starts=ELEVEN, ends=NOON, hall="", kind="break")
TOMORROW = entry("chuyen-de-2", day=NEXT_DAY)
PLAN = [OPENING, TOPIC, ASIDE, LUNCH, TOMORROW]


def at(clock: str, day: datetime.date = DAY) -> Running:
    return running.look(PLAN, datetime.datetime.combine(day, datetime.time.fromisoformat(clock)))


def codes(found: Running) -> tuple[list[str], ...]:
    return tuple([one.code for one in part] for part in (found.now, found.next, found.later))


@pytest.mark.parametrize(
    ("clock", "now", "following", "later"),
    [
        ("07:59", [], ["khai-mac"], ["chuyen-de-1", "thao-luan", "nghi-trua"]),
        ("08:00", ["khai-mac"], ["chuyen-de-1", "thao-luan"], ["nghi-trua"]),
        ("08:59", ["khai-mac"], ["chuyen-de-1", "thao-luan"], ["nghi-trua"]),
        ("09:00", ["chuyen-de-1", "thao-luan"], ["nghi-trua"], []),
        ("10:30", ["thao-luan"], ["nghi-trua"], []),
        ("11:30", ["nghi-trua"], ["chuyen-de-2"], []),
        ("12:00", [], ["chuyen-de-2"], []),
    ],
)
def test_a_session_runs_from_its_first_minute_to_the_one_before_its_end(
    clock: str, now: list[str], following: list[str], later: list[str]
) -> None:
    assert codes(at(clock)) == (now, following, later)


def test_it_is_said_when_the_next_begins_and_when_all_is_over() -> None:
    before = at("07:15")
    assert (before.is_today, before.until_next) == (True, datetime.timedelta(minutes=45))
    evening = at("20:00")
    assert (evening.is_today, evening.is_over) == (False, False)
    assert at("09:00", NEXT_DAY).is_over
    assert running.look([], datetime.datetime.combine(DAY, EIGHT)).is_over


def test_a_hall_has_its_own_sessions_and_every_break() -> None:
    assert running.halls(PLAN) == {"hoi-truong-lon": "Hội trường lớn", "phong-hop-so-1": "Phòng họp số 1"}
    elsewhere = entry("giai-lao", starts=TEN, ends=ELEVEN, hall="Sảnh", kind="break")
    held = running.in_hall([*PLAN, elsewhere], "phong-hop-so-1")
    assert [one.code for one in held] == ["thao-luan", "nghi-trua", "giai-lao"]
