"""The page of an attendee, questions, privacy and journal in a real browser: no finding, nothing sideways."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from attendees import badge_code, corrections, links, questioning, travel
from attendees.models import Attendee, Delegation, Link, Question
from conference import journal
from conference.guests import Guest
from conference.models import User
from tests.attendees.test_in_browser import LONG_NAME, LONG_TITLE
from tests.conference.test_desk_in_browser import NO_POLICY_BROKEN
from tests.conference.test_pages_in_browser import browser_page, look, session_of
from tests.conference.test_views import LONG_TOPIC, make_session
from tests.conftest import MakeAttendee
from tests.qr_reading import qr_codes

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
PORTAL = "/da-lat-2024/delegations/lam-dong/"


@pytest.fixture
def person(
    delegation: Delegation, make_attendee: MakeAttendee, dan: User, olga: User, settings: object
) -> Attendee:
    """Somebody with long words everywhere, some answers and a request that was answered."""
    settings.DEMO = True
    conference = delegation.conference
    make_session(conference, "cd1", 8, 10, kind="topic", number=1, title=LONG_TOPIC)
    travel.ask(conference, by=None)
    conference.questions.create(label="Số xe của đoàn", kind="number", subject="delegation", is_required=True)
    conference.questions.create(label="Vé máy bay", kind="file")
    found = make_attendee(
        delegation, LONG_NAME, position=LONG_TITLE, status="confirmed", honorific="ba",
        organisation_name="Sở Thông tin và Truyền thông tỉnh Lâm Đồng", phone="+84905123318",
        email="mot.dia.chi.thu.rat.dai.khong.xuong.dong@thongtintruyenthong.lamdong.example",
    )  # fmt: skip
    answer = {"arrival-day": "2024-06-05", "vehicle": "Máy bay", "diet": ["Ăn chay"], "room-with": LONG_NAME}
    questioning.answer(found, answer, by=dan, consents={"diet"})
    bearer = Guest("Liên kết", 1, attendee_id=found.pk)
    asked = corrections.ask(found, {"position": "Trưởng phòng"}, "", by=bearer)
    corrections.refuse(asked, "Chưa có quyết định bổ nhiệm.", by=olga)
    corrections.ask(found, {"phone": "+84912345678"}, "Số cũ đã bỏ.", by=bearer)
    found.refresh_from_db()
    return found


def home(person: Attendee) -> str:
    return reverse("attendees:attendee_page", args=(person.conference.slug, person.code))


@pytest.fixture
def pia(live_server: LiveServer, person: Attendee) -> Iterator[Page]:
    """The person at a phone, with the link from the sheet opened."""
    link = links.make(person, Link.Purpose.PERSON, by=None)
    with browser_page(live_server, viewport={"width": 360, "height": 740}) as page:
        page.add_init_script(NO_POLICY_BROKEN)
        page.goto(live_server.url + reverse("attendees:link", args=(links.token_of(link),)))
        page.get_by_role("button", name="Mở trang đại biểu").click()
        page.wait_for_url(f"**{home(person)}")
        yield page


def test_the_pages_of_a_person_have_no_finding_and_run_nowhere_over(
    pia: Page, live_server: LiveServer, person: Attendee
) -> None:
    pages = tuple(home(person) + name for name in ("", "notice/", "correct/", "answer/"))
    assert look(pia, live_server, pages) == []
    Attendee.objects.filter(pk=person.pk).update(status="replaced")
    assert look(pia, live_server, (home(person),)) == []


def test_the_code_on_the_phone_is_read_by_a_reader_by_day_and_by_night(pia: Page, person: Attendee) -> None:
    for scheme in ("light", "dark"):
        pia.emulate_media(color_scheme=scheme)
        taken = Image.open(BytesIO(pia.locator("svg.qr").screenshot()))
        assert [one.text for one in qr_codes(taken)] == [badge_code.of(person)]
        assert taken.width >= 240


def test_a_person_reads_the_notice_asks_for_a_correction_and_answers_on_the_phone(
    pia: Page, person: Attendee
) -> None:
    pia.get_by_role("link", name="Đọc thông báo").click()
    pia.get_by_role("button", name="Đã đọc").click()
    pia.get_by_text("Đã ghi nhận Ông/Bà đã đọc thông báo").wait_for()
    pia.get_by_role("link", name="Đề nghị sửa thông tin").click()
    pia.get_by_label("Cấp bậc").fill("Thượng tá")
    pia.get_by_role("button", name="Gửi đề nghị").click()
    pia.get_by_text("Đã gửi đề nghị sửa.").wait_for()
    pia.get_by_role("link", name="Trả lời câu hỏi của Ban Tổ chức").click()
    pia.get_by_label("Ăn chay").uncheck()
    pia.get_by_label("Tôi đồng ý để Ban Tổ chức").uncheck()
    pia.get_by_label("Số hiệu chuyến").fill("VN 1377")
    pia.get_by_role("button", name="Lưu câu trả lời").click()
    pia.get_by_text("Đã lưu câu trả lời.").wait_for()
    person.refresh_from_db()
    assert person.notice_seen_at is not None
    assert person.extra["trip-number"] == "VN 1377"
    assert "diet" not in person.extra
    assert person.corrections.waiting().count() == 2


def test_an_officer_answers_for_one_and_goes_on_to_the_next_without_script(
    live_server: LiveServer, delegation: Delegation, person: Attendee, dan: User, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation, "Trần Quốc Hưng", honorific="ong")
    make_attendee(delegation, "Lê Thị Sau", honorific="ba")
    phone = {"viewport": {"width": 360, "height": 740}, "java_script_enabled": False}
    with browser_page(live_server, session_of(dan), **phone) as page:
        page.goto(live_server.url + PORTAL)
        page.get_by_role("link", name="Câu hỏi của Ban Tổ chức").click()
        page.get_by_role("link", name="Ông Trần Quốc Hưng").click()
        page.get_by_label("Ngày đến").fill("5/6/2024")
        page.get_by_label("Giờ đến dự kiến").fill("7h30")
        page.get_by_label("Tàu hỏa").check()
        page.get_by_role("button", name="Lưu và sang người tiếp").click()
        page.get_by_text("Đã lưu câu trả lời của Ông Trần Quốc Hưng.").wait_for()
        assert page.inner_text("h1") == "Bà Lê Thị Sau"


def test_questions_and_changes_of_a_delegation_have_no_finding(
    live_server: LiveServer, person: Attendee, dan: User
) -> None:
    pages = (PORTAL, f"{PORTAL}questions/", f"{PORTAL}people/{person.code}/questions/", f"{PORTAL}changes/")
    with browser_page(live_server, session_of(dan)) as page:
        page.add_init_script(NO_POLICY_BROKEN)
        assert look(page, live_server, pages) == []


def test_the_desk_about_people_has_no_finding(live_server: LiveServer, person: Attendee, olga: User) -> None:
    question = Question.objects.get(slug=travel.DIET)
    waiting = person.corrections.waiting().get()
    journal.record("edit", person, by=olga, conference=person.conference, changes={"digest": ["", 64 * "a"]})
    pages = (
        "/admin/travel/",
        "/admin/attendees/question/",
        f"/admin/attendees/question/{question.pk}/change/",
        "/admin/attendees/correction/",
        f"/admin/attendees/correction/{waiting.pk}/change/",
        f"/admin/attendees/attendee/{person.pk}/change/",
        f"/admin/attendees/attendee/{person.pk}/history/",
        f"/admin/attendees/delegation/{person.delegation_id}/history/",
        "/admin/conference/journalentry/",
    )
    with browser_page(live_server, session_of(olga)) as page:
        page.add_init_script(NO_POLICY_BROKEN)
        assert look(page, live_server, pages) == []


def test_an_organiser_opens_contacts_and_narrows_the_journal(
    live_server: LiveServer, person: Attendee, olga: User
) -> None:
    with browser_page(live_server, session_of(olga)) as page:
        page.goto(f"{live_server.url}/admin/attendees/attendee/{person.pk}/change/")
        assert page.get_by_text("0905 ••• 318").count() == 1
        page.get_by_role("button", name="Hiện số điện thoại và thư").click()
        page.get_by_text("Đang hiện số điện thoại và thư").wait_for()
        assert page.get_by_label("Điện thoại").input_value() == "0905 123 318"
        page.locator(".object-tools").get_by_role("link", name="Nhật ký").click()
        page.get_by_label("Việc").select_option(label="Mở số điện thoại và thư")
        page.get_by_role("button", name="Lọc").click()
        page.wait_for_url("**act=reveal**")
        assert page.locator("#change-history tbody tr").count() == 1
