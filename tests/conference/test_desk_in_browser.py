"""The desk in a real browser: no finding of axe or of the policy, nothing sideways, script or none."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from attendees.models import Attendee, Category, Delegation, Quota
from conference.models import Conference, User
from documents.models import Document
from sessions.models import Release
from tests.conference.desk import signed_in, url
from tests.conference.test_pages_in_browser import browser_page, look, session_of
from tests.conference.test_views import LONG_TOPIC, make_session
from tests.conftest import MakeAttendee, publish

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
NO_POLICY_BROKEN = (
    "document.addEventListener('securitypolicyviolation', (e) => console.error('policy: ' + e.blockedURI))"
)


@pytest.fixture(autouse=True)
def demo(settings: object) -> None:
    settings.DEMO = True


@pytest.fixture
def people(
    delegation: Delegation, other_delegation: Delegation, make_attendee: MakeAttendee
) -> list[Attendee]:
    make_session(delegation.conference, "cd1", 8, 10, kind="topic", number=1, title=LONG_TOPIC)
    Document.objects.create(conference=delegation.conference, kind="badges", total=9)
    gone = make_attendee(delegation, "Công Tằng Tôn Nữ Lò Thị Quỳnh Hương", honorific="ba", status="replaced")
    return [
        make_attendee(
            delegation, "Tôn Nữ Nguyễn Hoàng Phương Uyên Dung", substitute_for=gone, phone="+84912345678"
        ),
        make_attendee(delegation, "Nguyễn Văn An", status="confirmed", phone="+84912345678"),
    ]


def act_on_chosen(page: Page, label: str) -> None:
    page.select_option("#desk-action", label=label)
    page.click("text=Thực hiện")


def test_every_kind_of_page_has_no_finding_and_runs_nowhere_over(
    live_server: LiveServer, olga: User, conference: Conference, people: list[Attendee]
) -> None:
    paths = (
        "/admin/",
        url(Attendee),
        url(Delegation),
        url(Document),
        url(Document, "add"),
        url(Attendee, "add"),
        url(Attendee, "change", people[0].pk),
        url(Attendee, "delete", people[0].pk),
        url(Attendee, "history", people[0].pk),
        url(Delegation, "change", people[0].delegation_id),
        url(Conference, "change", conference.pk),
        "/admin/thematic/session/",
        f"/admin/thematic/session/{conference.sessions.get().pk}/change/",
        url(Release, "add"),
        url(Release),
        url(Release, "change", publish(conference).pk),
        "/admin/conference/user/add/",
    )
    with browser_page(live_server, session_of(olga)) as page:
        page.add_init_script(NO_POLICY_BROKEN)
        assert look(page, live_server, paths) == []


def test_a_figure_on_a_phone_keeps_its_digits_on_one_line(
    live_server: LiveServer, olga: User, delegation: Delegation
) -> None:
    Quota.objects.update(seats=64)
    with browser_page(live_server, session_of(olga)) as page:
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(live_server.url + url(Category))
        figures = page.locator(".results td.field-seats > span")
        expect(figures.first).to_have_text("64")
        lines = """(spans) => spans.map((one) => {
            const range = document.createRange();
            range.selectNodeContents(one);
            return new Set([...range.getClientRects()].map((line) => line.top)).size;
        })"""
        assert set(figures.evaluate_all(lines)) == {1}


def test_the_bar_of_acts_appears_with_the_first_choice_and_counts(
    live_server: LiveServer, olga: User, people: list[Attendee]
) -> None:
    with browser_page(live_server, session_of(olga)) as page:
        page.goto(live_server.url + url(Attendee))
        assert not page.is_visible("[data-choices-bar]")
        page.check(f'input[value="{people[0].pk}"]')
        assert page.inner_text("[data-choices-count]") == "Đã chọn 1"
        page.check("[data-choices-page] input")
        assert page.inner_text("[data-choices-count]") == "Đã chọn 3"
        page.uncheck("[data-choices-page] input")
        page.check(f'input[value="{people[0].pk}"]')
        act_on_chosen(page, "Xác nhận tham dự")
        page.wait_for_selector("text=Đã xác nhận 1 người.")
    people[0].refresh_from_db()
    assert people[0].status == "confirmed"


def test_a_list_from_which_a_file_was_taken_can_be_used_again(
    live_server: LiveServer, olga: User, people: list[Attendee]
) -> None:
    with browser_page(live_server, signed_in(olga).cookies["session"].value) as page:
        page.clock.install()
        page.goto(live_server.url + url(Delegation))
        # Else the ten seconds may be over before anybody looks.
        page.clock.pause_at(timezone.now() + datetime.timedelta(hours=1))
        page.check(f'input[value="{people[0].delegation_id}"]')
        go = page.get_by_role("button", name="Thực hiện")
        for _time in range(2):
            with page.expect_download():
                act_on_chosen(page, "Tải tệp mẫu của đoàn")
            page.clock.run_for(100)
            expect(go).to_be_disabled()
            page.clock.run_for(10_500)
            expect(go).to_be_enabled()


def test_a_row_is_added_to_a_form_and_saved(
    live_server: LiveServer, olga: User, conference: Conference, people: list[Attendee]
) -> None:
    session = conference.sessions.get()
    with browser_page(live_server, session_of(olga)) as page:
        page.goto(f"{live_server.url}/admin/thematic/session/{session.pk}/change/")
        page.fill("#id_participations-0-full_name", "Lê Văn Mẫu")
        page.click("[data-rows-add]")
        assert page.evaluate("document.activeElement.id") == "id_participations-1-role"
        page.fill("#id_participations-1-full_name", "Trần Thị Mẫu")
        page.click("button[name=_save]")
        page.wait_for_url("**/admin/thematic/session/")
    assert [str(one) for one in session.participations.all()] == ["Lê Văn Mẫu", "Trần Thị Mẫu"]


def test_a_wrong_form_takes_the_reader_to_its_errors(
    live_server: LiveServer, olga: User, people: list[Attendee]
) -> None:
    with browser_page(live_server, session_of(olga)) as page:
        page.goto(live_server.url + url(Attendee, "change", people[0].pk))
        page.click("text=Hiện số điện thoại và thư")
        page.fill("#id_phone", "12")
        page.click("button[name=_save]")
        expect(page.locator("[data-error-summary].notice--err").first).to_be_focused()
        page.click("[data-error-summary] a")
        assert page.evaluate("document.activeElement.id") == "id_phone"


def test_the_desk_works_without_script(live_server: LiveServer, olga: User, people: list[Attendee]) -> None:
    with browser_page(live_server, session_of(olga), java_script_enabled=False) as page:
        page.goto(live_server.url + url(Attendee))
        page.check(f'input[value="{people[0].pk}"]')
        act_on_chosen(page, "Ghi không tham dự")
        page.fill("#id_reason", "Đi công tác")
        page.click("button.btn--danger")
        page.wait_for_selector("text=Đã ghi không tham dự: 1 người.")
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(f"{live_server.url}/admin/")
        page.click("nav#nav-sidebar a >> text=Đoàn đại biểu")
        page.wait_for_url("**/admin/attendees/delegation/")
