"""The two days of the founding document planned from nothing, released, changed and released again.

Once by mouse and once by keyboard alone. Then whoever is concerned has a letter waiting for approval, nobody
else has one, and calendars and apps read the same programme.
"""

import datetime
import json
from typing import NamedTuple

import jsonschema
import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from attendees.models import Attendee, Delegation
from conference.models import Conference, User
from documents.demo.programme import HALLS, PROGRAMME, Item
from mailing.models import Message
from sessions.models import Session
from tests import browsers
from tests.conference.test_pages_in_browser import browser_page, session_of
from tests.conftest import MakeAttendee, make_delegation
from tests.journeys.hands import Hands, Keyboard, Mouse
from tests.sessions.test_views_feeds import SCHEMA

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
CONFIRMED = Attendee.Status.CONFIRMED
MAIN, SMALL = HALLS[0][0], HALLS[1][0]
ITEMS = {item.code: item for item in PROGRAMME}


class Slip(NamedTuple):
    """How a session is first planned wrong: when and where, and the speaker's session that it then meets."""

    starts: str
    ends: str
    hall: str


# Too small a hall; a hall that is taken; a speaker who stands in another hall at that hour.
SLIPS = {
    "chuyen-de-2": Slip("10:30", "11:30", SMALL),
    "trao-doi": Slip("15:20", "16:30", MAIN),
    "ky-nang": Slip("08:30", "09:20", SMALL),
}
SPEAKERS = {"chuyen-de-1": "Hà", "chuyen-de-2": "Nam", "chuyen-de-4": "Hà", "ky-nang": "Hà"}


@pytest.fixture
def people(
    delegation: Delegation, other_delegation: Delegation, make_attendee: MakeAttendee, settings: object
) -> dict[str, Attendee]:
    """Hà of Lâm Đồng, Nam of Quảng Nam, who listens only from Đà Nẵng; nobody of Cần Thơ has confirmed."""
    settings.DEMO = True  # type: ignore[attr-defined]  # no second factor to pass first
    ha = make_attendee(delegation, "Trần Thị Hà", status=CONFIRMED, email="ha@hoinghi.example")
    nam = make_attendee(other_delegation, "Lê Văn Nam", status=CONFIRMED, email="nam@hoinghi.example")
    conference = delegation.conference
    listeners, undecided = (make_delegation(conference, slug) for slug in ("da-nang", "can-tho"))
    make_attendee(listeners, "Võ Minh", status=CONFIRMED)
    make_attendee(undecided, "Lý An")
    Delegation.objects.filter(officers=None).update(contact_email="dau-moi@hoinghi.example")
    return {"Hà": ha, "Nam": nam}


def after(clock: datetime.time, later: int) -> str:
    return f"{datetime.datetime.combine(datetime.date.min, clock) + datetime.timedelta(minutes=later):%H:%M}"


class Planning:
    """An organiser at the desk."""

    def __init__(self, page: Page, hands: Hands, address: str, conference: Conference) -> None:
        self.page, self.hands, self.address, self.conference = page, hands, address, conference

    def add_halls(self) -> None:
        for place, (name, _capacity) in enumerate(HALLS):
            self.page.goto(f"{self.address}/admin/thematic/hall/add/")
            self.hands.fill(self.page.locator("[name=name]"), name)
            self.hands.fill(self.page.locator("[name=position]"), str(place))
            if name == SMALL:
                self.hands.fill(self.page.locator("[name=capacity]"), "2")
            self.hands.press(self.page.locator("[name=_save]"))
            expect(self.page.locator(".messages")).to_contain_text(name)

    def open(self, day: int) -> None:
        on = self.conference.starts_on + datetime.timedelta(days=day - 1)
        self.page.goto(f"{self.address}/admin/programme/?day={on:%Y-%m-%d}")
        expect(self.page.locator(".plan-grid")).to_be_visible()

    def add(self, item: Item) -> Session:
        """As the plan has it, or wrong where `SLIPS` says so."""
        hall = HALLS[item.hall][0] if item.hall is not None else ""
        slip = SLIPS.get(item.code, Slip(item.starts, item.ends, hall))
        if item.code not in SLIPS:  # where nothing stands yet
            self.hands.sweep(hall or MAIN, item.starts, item.ends)
        field = "[data-plan-add] [name=add-{}]".format
        self.hands.fill(self.page.locator(field("title")), item.title)
        self.hands.choose(self.page.locator(field("kind")), str(item.kind.label))
        if item.number:
            self.hands.fill(self.page.locator(field("number")), str(item.number))
        self.hands.fill(self.page.locator(field("starts")), slip.starts)
        self.hands.fill(self.page.locator(field("ends")), slip.ends)
        self.hands.choose(self.page.locator(field("hall")), slip.hall or "Chưa xếp")
        self._press_and_wait("[data-plan-add] .btn--main")  # else what was said of the one before is read
        if item.code == "trao-doi":
            expect(self.page.locator("[data-plan-add]")).to_contain_text("đã có phiên lúc đó")
            self._press_and_wait("[data-plan-add] [name=overlap]")
        self.page.get_by_text("Đã thêm phiên.").wait_for()
        return Session.objects.get(title=item.title, day=self._day(item), starts=slip.starts)

    def _press_and_wait(self, button: str) -> None:
        with self.page.expect_navigation():
            self.hands.press(self.page.locator(button))

    def _day(self, item: Item) -> datetime.date:
        return self.conference.starts_on + datetime.timedelta(days=item.day - 1)

    def seat(self, session: Session, person: Attendee) -> None:
        """Somebody who has accepted speaks in it."""
        self.page.goto(f"{self.address}/admin/thematic/session/{session.pk}/change/")
        row = "[name=participations-0-{}]".format
        self.hands.fill(self.page.locator(row("code")), person.code)
        self.hands.choose(self.page.locator(row("answer")), "Nhận lời")
        self.hands.press(self.page.locator("[name=_save]"))
        self.page.locator(".messages").wait_for()

    def warnings(self) -> list[str]:
        return self.page.locator(".plan-warnings li").all_inner_texts()

    def move(self, session: Session, later: int, hall: str) -> None:
        session.refresh_from_db()
        self.hands.move(session.code, later, hall)
        hours = (after(session.starts, later), after(session.ends, later))
        expect(self.page.locator("[data-plan-voice]")).to_have_text("Đã xếp {}–{}".format(*hours))

    def release(self, note: str = "") -> None:
        self.page.goto(f"{self.address}/admin/thematic/release/add/")
        if note:
            self.hands.fill(self.page.locator("textarea[name=note]"), note)
        self.hands.press(self.page.get_by_role("button", name="Phát hành phiên bản"))
        expect(self.page.locator(".messages")).to_contain_text("Đã phát hành phiên bản")


@pytest.mark.parametrize("kind", [Mouse, pytest.param(Keyboard, marks=pytest.mark.long)])
def test_two_days_are_planned_mended_released_moved_and_released_again(
    live_server: LiveServer,
    conference: Conference,
    olga: User,
    people: dict[str, Attendee],
    kind: type[Hands],
) -> None:
    with browser_page(live_server, session_of(olga)) as page:
        desk = Planning(page, kind(page), live_server.url, conference)
        made = plan(desk)
        for code, who in SPEAKERS.items():
            desk.seat(made[code], people[who])
        resolve(desk, made)
        desk.release()
        assert_as_planned(conference)
        Message.objects.all().delete()

        desk.open(1)
        desk.move(made["chuyen-de-2"], -10, MAIN)
        desk.release("Chuyên đề 2 bắt đầu sớm 10 phút.")
        home = f"{live_server.url}/da-lat-2024/programme/"
        feeds = [page.request.get(home + name, timeout=browsers.PATIENCE).text() for name in FEEDS]

    told = sorted(Message.objects.values_list("subject_name", "state"))
    everybody = ["Lê Văn Nam", "Thành phố Đà Nẵng", "Tỉnh Lâm Đồng", "Tỉnh Quảng Nam"]
    assert told == [(name, "draft") for name in everybody]
    assert_feeds(*feeds, made["chuyen-de-2"])


FEEDS = ("calendar.ics", "schedule.json")


def plan(desk: Planning) -> dict[str, Session]:
    """Halls and every line of the programme; the sessions by the code that the demonstration has for them."""
    desk.add_halls()
    made = {}
    for day in (0, 1, 2):
        desk.open(day)
        made |= {item.code: desk.add(item) for item in PROGRAMME if item.day == day}
    return made


def resolve(desk: Planning, made: dict[str, Session]) -> None:
    """Three warnings, one after the other, until the page says that there is none."""
    desk.open(1)
    said = " ".join(desk.warnings())
    assert len(desk.warnings()) == 3, said
    for words in ("có 2 chỗ", "có hai phiên cùng lúc", "Trần Thị Hà"):
        assert words in said
    desk.move(made["chuyen-de-2"], 0, MAIN)
    desk.move(made["trao-doi"], 30, MAIN)
    assert len(desk.warnings()) == 1
    desk.open(2)
    desk.move(made["ky-nang"], 90, MAIN)
    expect(desk.page.get_by_text("Không có điểm nào cần xem lại")).to_be_visible()


def assert_as_planned(conference: Conference) -> None:
    """The programme stands as the demonstration has it."""
    stands = {
        (one.title, f"{one.day:%d}", f"{one.starts:%H:%M}", f"{one.ends:%H:%M}", str(one.hall or ""))
        for one in conference.sessions.select_related("hall")
    }
    assert stands == {
        (
            one.title,
            f"{5 + one.day:02}",
            one.starts,
            one.ends,
            HALLS[one.hall][0] if one.hall is not None else "",
        )
        for one in PROGRAMME
    }


def assert_feeds(calendar: str, schedule: str, moved: Session) -> None:
    """What calendars and apps read is the second version."""
    events = {str(event["UID"]).split("@")[0]: event for event in Calendar.from_ical(calendar).walk("VEVENT")}
    assert len(events) == len(PROGRAMME)
    event = next(one for uid, one in events.items() if moved.code in uid)
    assert event.decoded("DTSTART").isoformat() == "2024-06-06T10:20:00+07:00"
    assert event["SEQUENCE"] == 1
    content = json.loads(schedule)
    jsonschema.validate(content, SCHEMA, format_checker=jsonschema.FormatChecker())
    days = content["schedule"]["conference"]["days"]
    talks = [talk for day in days for room in day["rooms"].values() for talk in room]
    assert len(talks) == len(PROGRAMME)
