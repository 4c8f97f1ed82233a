"""The portal in a real browser: no finding of axe, nothing sideways, the whole path without script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from attendees import answers
from attendees.models import Attendee, Delegation
from conference.models import Conference, User
from tests.conference.test_pages_in_browser import browser_page, look, session_of
from tests.conftest import MakeAttendee

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

LONG_NAME = "Công Tằng Tôn Nữ Nguyễn Hoàng Phương Anh Thảo Nguyên"
LONG_TITLE = "Phó Trưởng phòng phụ trách Phòng Thông tin - Báo chí - Xuất bản và Thông tin đối ngoại"
HERE = "/da-lat-2024/delegations/lam-dong/"


@pytest.fixture
def people(delegation: Delegation, dan: User, make_attendee: MakeAttendee) -> Attendee:
    """A delegation with somebody in every state. Returns one who waits."""
    gone = make_attendee(delegation, "Lê Văn Cường")
    answers.decline_person(gone, "Đi công tác nước ngoài", by=dan, and_seat=True)
    confirmed = make_attendee(delegation, LONG_NAME, position=LONG_TITLE, status=Attendee.Status.CONFIRMED)
    answers.choose_head(confirmed, by=dan)
    old = make_attendee(delegation, "Nguyễn Tấn Lực", honorific="ong")
    return answers.replace(old, by=dan, full_name="Trần Quốc Hưng", honorific="ong", phone="0912345678")


def finds_nothing(page: Page) -> bool:
    violations = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["html"][:140] for node in rule["nodes"]]) for rule in violations] == []
    return True


def test_the_portal_has_no_finding_and_runs_nowhere_over(
    live_server: LiveServer, delegation: Delegation, dan: User, people: Attendee
) -> None:
    person = f"{HERE}people/{people.code}/"
    pages = (
        HERE,
        f"{HERE}decline/",
        f"{HERE}seats/press/nominate/",
        f"{HERE}seats/press/decline/",
        f"{HERE}seats/press/return/",
        *(f"{person}{act}/" for act in ("edit", "replace", "decline", "remove")),
        "/da-lat-2024/delegations/",
    )
    with browser_page(live_server, session_of(dan)) as page:
        assert look(page, live_server, pages) == []
        answers.confirm(delegation, by=dan)
        assert look(page, live_server, (HERE, f"{HERE}?edit")) == []
        Conference.objects.update(demo_now="2024-06-01T00:00:00+07:00")
        assert look(page, live_server, (HERE,)) == []


@pytest.mark.parametrize("script", [False, True])
def test_an_officer_answers_from_the_first_seat_to_the_sent_list(
    live_server: LiveServer, delegation: Delegation, dan: User, make_attendee: MakeAttendee, script: bool
) -> None:
    make_attendee(delegation, "Phạm Thị Thanh Hà", honorific="ba")
    phone = {"viewport": {"width": 360, "height": 740}, "java_script_enabled": script}
    with browser_page(live_server, session_of(dan), **phone) as page:
        page.goto(live_server.url + HERE)
        page.get_by_role("link", name="Cử người Báo, Đài tỉnh").click()
        page.get_by_label("Đồng chí").check()
        page.get_by_label("Họ và tên").fill("Đặng Văn Sơn")
        page.get_by_label("Số điện thoại di động").fill("0983 000 51")
        page.get_by_role("button", name="Lưu").click()
        missing = page.get_by_text("Số này thiếu một chữ số.")
        expect(missing).to_have_count(2)  # in the summary and at the field
        assert page.get_by_label("Họ và tên").input_value() == "Đặng Văn Sơn"
        assert page.get_by_label("Đồng chí").is_checked()
        page.get_by_label("Số điện thoại di động").fill("0983 000 512")
        page.get_by_role("button", name="Lưu").click()
        page.get_by_text("Đã cử Đồng chí Đặng Văn Sơn.").wait_for()
        page.get_by_role("button", name="Xác nhận Bà Phạm Thị Thanh Hà").click()
        page.get_by_text("Đã xác nhận Bà Phạm Thị Thanh Hà.").wait_for()
        page.get_by_role("button", name="Gửi xác nhận (2/4)").click()
        page.get_by_text("2 đại biểu, lúc 16:00, thứ Năm, 30/5/2024.").wait_for()
        assert finds_nothing(page) if script else True
    delegation.refresh_from_db()
    assert delegation.status == Delegation.Status.CONFIRMED
    assert Attendee.objects.confirmed().count() == 2


def test_the_second_of_two_officers_chooses_without_script(
    live_server: LiveServer, delegation: Delegation, dan: User, mai: User, people: Attendee
) -> None:
    delegation.officers.add(mai)
    address = f"{live_server.url}{HERE}people/{people.code}/edit/"
    with browser_page(live_server, session_of(dan)) as page:
        page.goto(address)
        answers.edit(people, by=mai, position="Chánh Văn phòng")
        page.get_by_label("Chức vụ").fill("Phó Chánh Văn phòng")
        with page.expect_response(lambda response: response.request.method == "POST") as sent:
            page.get_by_role("button", name="Lưu").click()
        assert sent.value.status == 409
        page.get_by_text("Có người vừa sửa mục này").wait_for()
        assert finds_nothing(page)
        row = page.get_by_role("row", name="Chức vụ")
        assert "Phó Chánh Văn phòng" in row.inner_text()
        page.get_by_role("button", name="Giữ của tôi").click()
        page.get_by_text("Đã lưu Ông Trần Quốc Hưng.").wait_for()
    people.refresh_from_db()
    assert people.position == "Phó Chánh Văn phòng"


def test_errors_take_the_focus_and_the_form_is_filled_with_the_keyboard(
    live_server: LiveServer, delegation: Delegation, dan: User
) -> None:
    with browser_page(live_server, session_of(dan)) as page:
        page.goto(f"{live_server.url}{HERE}seats/press/nominate/")
        page.focus("#id_full_name")
        page.keyboard.press("Enter")
        # No function: asked again on the new page it would need eval, which the policy refuses.
        page.wait_for_selector("#bieu-mau:focus")
        assert "Chưa lưu được." in page.evaluate("document.activeElement.textContent")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("#id_full_name:focus")
        page.keyboard.type("Đặng Văn Sơn")
        page.keyboard.press("Enter")
        page.get_by_text("Đã cử Đặng Văn Sơn.").wait_for()
    assert Attendee.objects.get().full_name == "Đặng Văn Sơn"


def test_a_reason_that_is_missing_is_asked_for_by_the_page_not_by_the_browser(
    live_server: LiveServer, delegation: Delegation, dan: User
) -> None:
    with browser_page(live_server, session_of(dan)) as page:
        page.goto(f"{live_server.url}{HERE}seats/press/decline/")
        page.get_by_role("button", name="Không cử").click()
        page.get_by_text("Chưa lưu được.").wait_for()
        expect(page.get_by_text("Ghi lý do.")).to_have_count(2)  # in the summary and at the field
        assert finds_nothing(page)


def test_nothing_pressed_hides_behind_the_foot_bar(
    live_server: LiveServer, delegation: Delegation, dan: User, people: Attendee
) -> None:
    with browser_page(live_server, session_of(dan), viewport={"width": 360, "height": 640}) as page:
        page.goto(live_server.url + HERE)
        hidden = []
        for _ in range(60):
            page.keyboard.press("Tab")
            hidden += page.evaluate(
                """() => {
                    const it = document.activeElement, bar = document.querySelector(".footbar");
                    if (it === document.body || bar.contains(it)) return [];
                    const one = it.getBoundingClientRect(), other = bar.getBoundingClientRect();
                    return one.bottom > other.top + 1 && one.top < other.bottom - 1 ? [it.textContent] : [];
                }"""
            )
        assert hidden == []
