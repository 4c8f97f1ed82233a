"""The released programme for calendars, apps and news readers, read back by real readers."""

import datetime
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import jsonschema
import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from icalendar import Calendar, Event

from attendees import links
from attendees.models import Attendee, Delegation, Link
from conference import programme
from conference.models import Conference, User
from sessions import own_calendar
from sessions.models import Hall, Session
from tests.conftest import MakeAttendee, make_conference, publish
from tests.sessions.plans import move, session, speaks

pytestmark = pytest.mark.django_db
HOME = "/da-lat-2024/programme/"
ICS, JSON, ATOM = f"{HOME}calendar.ics", f"{HOME}schedule.json", f"{HOME}versions.atom"
SCHEMA = json.loads(Path(__file__).with_name("schedule_schema.json").read_text())
LONG = "Một số điểm mới của Nghị quyết 47/NQ-CP; tình hình, nhiệm vụ: " * 4
CLOCK = datetime.time


@pytest.fixture
def topic(conference: Conference) -> Session:
    hall = Hall.objects.create(conference=conference, name="Hội trường lớn")
    return session(conference, "cd-1", 8, 9, number=1, title="Thông tin đối ngoại", hall=hall)


@pytest.fixture
def speaker(topic: Session, delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    person = make_attendee(delegation, "Hà Thị Báo", status=Attendee.Status.CONFIRMED)
    speaks(person, topic)
    return person


def read(client: Client, address: str = ICS) -> dict[str, Event]:
    """Events by the first part of their name."""
    response = client.get(address)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    whole = Calendar.from_ical(response.content)
    return {str(event["UID"]).partition("@")[0]: event for event in whole.walk("VEVENT")}


# ── iCalendar ─────────────────────────────────────────────────────────────────────────────────────


def test_a_calendar_reads_back_the_hours_in_the_zone_of_the_conference(
    client: Client, topic: Session, speaker: Attendee
) -> None:
    publish(topic.conference)
    event = read(client)["cd-1"]
    assert event.start == datetime.datetime(2024, 6, 6, 8, tzinfo=topic.conference.zone)
    assert event.end.utcoffset() == datetime.timedelta(hours=7)
    assert event["DTSTART"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert event["SUMMARY"] == "Chuyên đề 1: Thông tin đối ngoại"
    assert event["LOCATION"] == "Hội trường lớn, thành phố Đà Lạt, tỉnh Lâm Đồng"
    assert event["DESCRIPTION"] == "Báo cáo viên: Hà Thị Báo, Vụ trưởng"
    assert event["URL"].endswith("/da-lat-2024/#phien-cd-1")
    assert (event["SEQUENCE"], event.get("STATUS")) == (0, None)


def test_a_calendar_carries_its_zone_and_folds_its_lines(client: Client, topic: Session) -> None:
    move(topic, title=LONG)
    publish(topic.conference)
    raw = client.get(ICS).content
    assert b"\n" not in raw.replace(b"\r\n", b"")
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 75, "octets, not characters"
    for line in lines:
        line.decode()  # no fold cuts a letter in two
    zone = Calendar.from_ical(raw).walk("VTIMEZONE")[0]
    assert zone["TZID"] == "Asia/Ho_Chi_Minh"
    assert zone.walk("STANDARD")[0]["TZOFFSETTO"].td == datetime.timedelta(hours=7)
    assert zone.walk("DAYLIGHT") == []
    assert read(client)["cd-1"]["SUMMARY"] == f"Chuyên đề 1: {LONG}"


def test_a_sequence_rises_only_with_a_version_that_changed_the_session(
    client: Client, topic: Session
) -> None:
    other = session(topic.conference, "cd-2", 10, 11)
    publish(topic.conference)
    before = read(client)
    move(topic, starts=CLOCK(9), ends=CLOCK(10))
    publish(topic.conference)
    after = read(client)
    assert {code: (before[code]["UID"], after[code]["SEQUENCE"]) for code in after} == {
        "cd-1": (after["cd-1"]["UID"], 1),
        "cd-2": (after["cd-2"]["UID"], 0),
    }
    move(other, title="Khác")
    publish(topic.conference)
    assert [event["SEQUENCE"] for event in read(client).values()] == [1, 1]


def test_a_session_that_was_dropped_is_cancelled_and_comes_back_alive(client: Client, topic: Session) -> None:
    session(topic.conference, "cd-2", 10, 11)
    publish(topic.conference)
    topic.delete()
    publish(topic.conference)
    gone = read(client)["cd-1"]
    assert (gone["STATUS"], gone["SEQUENCE"]) == ("CANCELLED", 1)
    assert read(client, f"{HOME}sessions/cd-1.ics")["cd-1"]["STATUS"] == "CANCELLED"
    session(topic.conference, "cd-1", 8, 9)
    publish(topic.conference)
    back = read(client)["cd-1"]
    assert (back.get("STATUS"), back["SEQUENCE"]) == (None, 2)


def test_one_session_is_a_calendar_of_its_own(client: Client, topic: Session) -> None:
    session(topic.conference, "cd-2", 10, 11)
    publish(topic.conference)
    assert list(read(client, f"{HOME}sessions/cd-2.ics")) == ["cd-2"]
    session(topic.conference, "nhap", 11, 12)
    for code in ("nhap", "khong-co"):
        assert client.get(f"{HOME}sessions/{code}.ics").status_code == 404


def test_before_the_first_version_feeds_are_empty_and_whole(client: Client, topic: Session) -> None:
    assert read(client) == {}
    content = client.get(JSON).json()
    jsonschema.validate(content, SCHEMA)
    assert content["schedule"]["conference"]["days"] == []
    assert client.get(ATOM).status_code == 200


# ── One person's calendar ─────────────────────────────────────────────────────────────────────────


def test_a_person_gets_what_is_for_everybody_and_the_own_parts(
    client: Client, topic: Session, speaker: Attendee, conference: Conference
) -> None:
    beside = session(conference, "cd-2", 8, 9, number=2)
    session(conference, "khai-mac", 7, 8, kind="ceremony", title="Khai mạc")
    publish(conference)
    address = programme.own_calendar(speaker)
    events = read(client, address)
    assert sorted(events) == ["cd-1", "khai-mac"]
    assert events["cd-1"]["SUMMARY"] == "Chuyên đề 1: Thông tin đối ngoại (Báo cáo viên)"
    assert events["khai-mac"]["SUMMARY"] == "Khai mạc"
    beside.delete()
    publish(conference)
    assert sorted(read(client, address)) == ["cd-1", "khai-mac"], (
        "what never was in it is not cancelled in it"
    )


def test_the_address_says_nothing_and_dies_with_the_seat(
    client: Client, topic: Session, speaker: Attendee, conference: Conference
) -> None:
    publish(conference)
    address = programme.own_calendar(speaker)
    assert speaker.code not in address
    assert speaker.badge_token not in address
    response = client.get(address)
    assert "Hà Thị Báo" in response.content.decode(), "as the public page has her: she speaks"
    assert speaker.code not in response.content.decode()
    assert response.headers["Cache-Control"].startswith("private")
    Attendee.objects.filter(pk=speaker.pk).update(status=Attendee.Status.REPLACED)
    assert client.get(address).status_code == 404
    speaker.refresh_from_db()
    assert programme.own_calendar(speaker) == ""


def test_a_subscribed_calendar_outlives_a_new_secret_key_while_the_old_one_is_known(
    client: Client, topic: Session, speaker: Attendee, conference: Conference, settings: LazySettings
) -> None:
    publish(conference)
    address, old = programme.own_calendar(speaker), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key, long enough for every check", [old]
    assert client.get(address).status_code == 200
    assert programme.own_calendar(speaker) != address
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(address).status_code == 404


def test_a_made_up_address_opens_nothing(
    client: Client, topic: Session, speaker: Attendee, foreign_delegation: Delegation
) -> None:
    publish(topic.conference)
    good = urlsplit(programme.own_calendar(speaker)).path
    token = good.rsplit("/", 1)[1].removesuffix(".ics")
    for wrong in (
        f"{speaker.pk}-",
        f"{speaker.pk}",
        token[:-1],
        f"{token}a",
        f"0{token}",
        "x-y",
        f"{10**30}-a",
    ):
        assert client.get(f"{HOME}own/{wrong}.ics").status_code == 404, wrong
    elsewhere = good.replace("da-lat-2024", "ha-long-2022")
    assert client.get(elsewhere).status_code == 404


def test_the_own_page_offers_the_own_calendar_to_the_person_alone(
    client: Client, topic: Session, speaker: Attendee, dan: User
) -> None:
    token = links.token_of(links.make(speaker, Link.Purpose.PERSON, by=None))
    page = client.post(f"/l/{token}/", follow=True).content.decode()
    assert f'href="{own_calendar.address(speaker)}"' in page
    officer = Client()
    officer.force_login(dan)
    seen = officer.get(reverse("attendees:attendee_page", args=("da-lat-2024", speaker.code)))
    assert "Hà Thị Báo" in seen.content.decode()
    assert "/own/" not in seen.content.decode()


# ── schedule.json ─────────────────────────────────────────────────────────────────────────────────


def test_the_schedule_keeps_the_schema_that_apps_rely_on(
    client: Client, topic: Session, speaker: Attendee
) -> None:
    session(topic.conference, "toi", 19, 21, kind="social", day=topic.conference.ends_on)
    publish(topic.conference)
    response = client.get(JSON)
    content = response.json()
    jsonschema.validate(content, SCHEMA, format_checker=jsonschema.FormatChecker())
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    told = content["schedule"]["conference"]
    assert (content["schedule"]["version"], told["daysCount"], told["time_zone_name"]) == (
        "1", 2, "Asia/Ho_Chi_Minh",
    )  # fmt: skip
    assert [room["name"] for room in told["rooms"]] == ["Hội trường lớn", topic.conference.place]
    [talk] = told["days"][0]["rooms"]["Hội trường lớn"]
    assert (talk["date"], talk["start"], talk["duration"]) == ("2024-06-06T08:00:00+07:00", "08:00", "01:00")
    assert [person["name"] for person in talk["persons"]] == ["Hà Thị Báo"]
    assert speaker.code not in response.content.decode()


def test_the_schema_is_able_to_refuse(client: Client, topic: Session) -> None:
    publish(topic.conference)
    content = client.get(JSON).json()
    content["schedule"]["conference"]["days"][0]["rooms"]["Hội trường lớn"][0]["start"] = "8h00"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, SCHEMA)


def test_names_of_things_stay_the_same_from_version_to_version(client: Client, topic: Session) -> None:
    def guids() -> list[str]:
        days = client.get(JSON).json()["schedule"]["conference"]["days"]
        return [talk["guid"] for day in days for room in day["rooms"].values() for talk in room]

    publish(topic.conference)
    before = guids()
    move(topic, title="Khác", day=topic.conference.ends_on)
    publish(topic.conference)
    assert guids() == before


# ── Atom ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_news_tell_each_version_and_escape_what_people_wrote(client: Client, topic: Session) -> None:
    publish(topic.conference)
    move(topic, title="<script>alert(1)</script>")
    publish(topic.conference, note="Đổi tên & giờ")
    root = ElementTree.fromstring(client.get(ATOM).content)  # noqa: S314  (it is our own feed)
    space = {"a": "http://www.w3.org/2005/Atom"}
    titles = [one.text for one in root.findall("a:entry/a:title", space)]
    assert titles == ["Phiên bản 2", "Phiên bản 1"]
    summary = root.findtext("a:entry/a:summary", namespaces=space)
    assert summary is not None
    assert "Đổi tên &amp; giờ<br>1 thay đổi: 1 đổi nội dung." in summary
    assert "<script>" not in summary


# ── All of them ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("address", [ICS, JSON, ATOM, f"{HOME}sessions/cd-1.ics"])
def test_who_has_the_version_already_gets_nothing_until_the_next(
    client: Client, topic: Session, address: str
) -> None:
    publish(topic.conference)
    first = client.get(address)
    tag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    assert changed == "Thu, 30 May 2024 09:00:00 GMT"
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    assert client.get(address, headers={"if-modified-since": changed}).status_code == 304
    move(topic, title="Chưa phát hành")
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    publish(topic.conference)
    assert client.get(address, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize(
    ("address", "changed"),
    [
        (ICS, {"short_title": "Hội nghị khác"}),
        (ICS, {"time_zone": "Asia/Tokyo"}),
        (JSON, {"ends_on": datetime.date(2024, 6, 8)}),
        (ATOM, {"issuing_agency": "Bộ Văn hóa, Thể thao và Du lịch"}),
    ],
)
def test_who_has_the_version_gets_it_anew_where_the_conference_is_another(
    client: Client, topic: Session, address: str, changed: dict[str, Any]
) -> None:
    publish(topic.conference)
    before = client.get(address)
    Conference.objects.update(**changed)
    after = client.get(address, headers={"if-none-match": before.headers["ETag"]})
    assert (after.status_code, after.content == before.content) == (200, False)


@pytest.mark.parametrize(
    ("address", "number"), [(ICS, 4), (JSON, 3), (ATOM, 3), (f"{HOME}sessions/s1.ics", 4)]
)
def test_a_feed_asks_the_same_number_of_questions_however_long_it_is(
    client: Client, conference: Conference, address: str, number: int, django_assert_num_queries: Any
) -> None:
    session(conference, "s1", 1, 2)
    publish(conference)
    with django_assert_num_queries(number):
        client.get(address)
    for hour in range(2, 20):
        session(conference, f"s{hour}", hour, hour + 1)
        if hour % 6 == 0:
            publish(conference)
    with django_assert_num_queries(number):
        client.get(address)


def test_feeds_are_vietnamese_whatever_the_reader_has_chosen(client: Client, topic: Session) -> None:
    publish(topic.conference)
    client.cookies["django_language"] = "en"
    response = client.get(ICS)
    assert "Chuyên đề 1" in response.content.decode().replace("\r\n ", "")
    assert response.headers["Content-Language"] == "vi"


def test_feeds_of_a_draft_conference_are_not_there(client: Client, sam: User) -> None:
    hidden = make_conference("nhap", status=Conference.Status.DRAFT)
    session(hidden, "s1", 8, 9)
    publish(hidden)
    for name in ("calendar.ics", "schedule.json", "versions.atom", "sessions/s1.ics"):
        assert client.get(f"/nhap/programme/{name}").status_code == 404
