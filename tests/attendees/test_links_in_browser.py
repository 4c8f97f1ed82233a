"""A link and the whole answer in a real browser: at 360 and 1440 px, with and without script."""

import io
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from attendees import answers, links
from attendees.models import Attendee, Delegation, Draft, Link, Receipt, Upload
from conference.models import Conference, User
from tests import browsers
from tests.attendees.test_in_browser import HERE, LONG_NAME, LONG_TITLE, finds_nothing
from tests.conference.test_pages_in_browser import browser_page, look, session_of
from tests.conftest import MakeAttendee

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("media"),
]

ANSWER = f"{HERE}answer/"


@pytest.fixture
def eight(delegation: Delegation, dan: User, make_attendee: MakeAttendee) -> list[Attendee]:
    """Eight seats: people with long names and titles, one replaced twice, one seat open, one given back."""
    Conference.objects.update(contact_name="Tổ Thư ký", contact_phone="+84912345678")
    delegation.quotas.filter(category__slug="department").update(seats=7)
    names = (LONG_NAME, "Phạm Thị Thanh Hà", "Nguyễn Hữu Phước", "Lê Ngọc Bảo Trân", "Võ Đình Khải")
    people = [make_attendee(delegation, name, position=LONG_TITLE, honorific="ba") for name in names]
    for name in ("Trần Quốc Hưng", "Đặng Văn Sơn"):
        people[1] = answers.replace(people[1], by=dan, reason="Đi công tác", full_name=name)
    answers.decline_seats(delegation, people[0].category, 1, "Không bố trí được cán bộ", by=dan)
    return people


@pytest.fixture
def letter(delegation: Delegation, olga: User) -> str:
    """The path of the link in the letter."""
    link = links.make(delegation, Link.Purpose.ANSWER, by=olga)
    return f"/l/{links.token_of(link)}/"


def scan(name: str = "cong-van.jpg") -> FilePayload:
    out = io.BytesIO()
    Image.new("RGB", (300, 420), "white").save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def come_in(page: Page, server: LiveServer, letter: str) -> None:
    page.goto(server.url + letter)
    page.get_by_role("button", name="Mở trang trả lời").click()
    page.wait_for_url(f"**{ANSWER}")


def test_pages_of_links_and_answers_have_no_finding_and_run_nowhere_over(
    live_server: LiveServer, delegation: Delegation, eight: list[Attendee], letter: str, dan: User, olga: User
) -> None:
    with browser_page(live_server) as page:
        assert look(page, live_server, (letter, "/l/khong-co/")) == []
        come_in(page, live_server, letter)
        assert look(page, live_server, (ANSWER, HERE)) == []
        answers.confirm(delegation, by=dan)
        answers.accept(delegation, by=olga)
        assert look(page, live_server, (HERE,)) == []
        answers.return_with(delegation, "Thiếu văn bản cử đoàn có chữ ký và đóng dấu.", by=olga)
        assert look(page, live_server, (HERE, ANSWER)) == []


def test_dead_links_have_no_finding(
    live_server: LiveServer, delegation: Delegation, eight: list[Attendee], letter: str
) -> None:
    Link.objects.update(expires_at=timezone.now(), created_at="2024-01-01T00:00:00Z")
    with browser_page(live_server, answers=("410 (Gone)",)) as page:
        assert look(page, live_server, (letter,)) == []
        Link.objects.update(revoked_at=timezone.now())
        assert look(page, live_server, (letter,)) == []


@pytest.mark.parametrize("script", [False, True])
@pytest.mark.parametrize("width", [360, 1440])
def test_a_province_answers_by_link_from_the_letter_to_the_receipt(
    live_server: LiveServer,
    delegation: Delegation,
    eight: list[Attendee],
    letter: str,
    script: bool,
    width: int,
) -> None:
    options = {"viewport": {"width": width, "height": 740}, "java_script_enabled": script}
    with browser_page(live_server, **options) as page:
        come_in(page, live_server, letter)
        assert "/l/" not in page.url
        seat = page.locator(f"#dong-p-{eight[2].code}")
        assert not seat.get_by_label("Họ và tên").is_visible(), "what is not chosen takes no place"
        seat.get_by_label("Thay người").check()
        seat.get_by_label("Lý do").fill("Trùng lịch họp của tỉnh")
        seat.get_by_label("Họ và tên").fill("Hoàng Văn Giang")
        seat.get_by_label("Số điện thoại di động").fill("0983 000 51")
        other = page.locator(f"#dong-p-{eight[3].code}")
        other.get_by_label("Không tham dự").check()
        other.get_by_label("Lý do").fill("Ốm")
        press = page.locator("#dong-s-press-1")
        press.get_by_label("Cử người").check()
        press.get_by_label("Họ và tên").fill("Đỗ Thị Yên")
        page.get_by_role("button", name="Gửi danh sách").click()
        page.get_by_text("Chưa gửi được gì.").wait_for()
        missing = page.get_by_text("Số này thiếu một chữ số.")
        expect(missing).to_have_count(2)  # in the summary and at the field
        assert press.get_by_label("Họ và tên").input_value() == "Đỗ Thị Yên"
        if script:
            expect(page.locator("[data-error-summary].notice--err").first).to_be_focused()
            assert finds_nothing(page)
        seat.get_by_label("Số điện thoại di động").fill("0983 000 512")
        page.get_by_label("Thêm tệp").set_input_files([scan()])
        page.get_by_role("button", name="Tải lên").click()
        page.get_by_text("Đã nhận tệp “cong-van.jpg”.").wait_for()
        assert seat.get_by_label("Họ và tên").input_value() == "Hoàng Văn Giang", (
            "what was typed is still there"
        )
        page.get_by_role("button", name="Gửi danh sách").click()
        page.get_by_text("Đã xác nhận đoàn.").wait_for()
        expect(page.get_by_text("Mã biên nhận").first).to_be_visible()
        page.get_by_role("button", name="Kết thúc").click()
        page.get_by_text("Đã kết thúc.").wait_for()
        page.goto(live_server.url + HERE)
        page.wait_for_url("**/accounts/login/**")
    assert (Receipt.objects.count(), Upload.objects.count(), Draft.objects.count()) == (1, 1, 0)
    names = set(Attendee.objects.confirmed().values_list("full_name", flat=True))
    assert names == {LONG_NAME, "Đặng Văn Sơn", "Hoàng Văn Giang", "Võ Đình Khải", "Đỗ Thị Yên"}


def test_what_is_typed_is_kept_without_a_press_and_found_again_in_another_browser(
    live_server: LiveServer, delegation: Delegation, eight: list[Attendee], letter: str
) -> None:
    with browser_page(live_server) as page:
        come_in(page, live_server, letter)
        press = page.locator("#dong-s-press-1")
        press.get_by_label("Cử người").check()
        press.get_by_label("Họ và tên").fill("Đỗ Thị")
        page.get_by_text("Đã lưu nháp lúc 16:00. Ban Tổ chức chưa nhận.").wait_for()
        press.get_by_label("Họ và tên").fill("Đỗ Thị Yên")
        kept = "s-press-1-full_name"
        browsers.until(page, lambda: Draft.objects.get().fields[kept] == "Đỗ Thị Yên", "the draft follows")
        expect(page.locator("[name=draft]")).to_have_value(str(Draft.objects.get().version))
    with browser_page(live_server) as page:
        come_in(page, live_server, letter)
        page.get_by_text("Bản nháp lưu lúc 16:00").wait_for()
        assert page.locator("#dong-s-press-1").get_by_label("Họ và tên").input_value() == "Đỗ Thị Yên"
    assert Attendee.objects.filter(full_name="Đỗ Thị Yên").count() == 0


def test_return_in_a_field_sends_nothing(
    live_server: LiveServer, delegation: Delegation, eight: list[Attendee], letter: str
) -> None:
    with browser_page(live_server) as page:
        come_in(page, live_server, letter)
        press = page.locator("#dong-s-press-1")
        press.get_by_label("Cử người").check()
        press.get_by_label("Họ và tên").fill("Đỗ Thị Yên")
        page.keyboard.press("Enter")
        page.get_by_text("Bản nháp lưu lúc").wait_for()
    assert (Receipt.objects.count(), Draft.objects.get().fields["s-press-1-full_name"]) == (0, "Đỗ Thị Yên")


def test_return_in_a_field_withdraws_no_letter_of_an_organiser(
    live_server: LiveServer,
    delegation: Delegation,
    eight: list[Attendee],
    olga: User,
    dan: User,
    settings: Any,
) -> None:
    settings.DEMO = True  # no second factor here
    with browser_page(live_server, session_of(dan)) as page:
        page.goto(live_server.url + ANSWER)
        page.get_by_label("Thêm tệp").set_input_files([scan()])
        page.get_by_role("button", name="Tải lên").click()
        page.get_by_text("cong-van.jpg").first.wait_for()
    with browser_page(live_server, session_of(olga)) as page:
        page.goto(live_server.url + ANSWER)
        press = page.locator("#dong-s-press-1")
        press.get_by_label("Cử người").check()
        press.get_by_label("Họ và tên").fill("Đỗ Thị Yên")
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.method))
        page.keyboard.press("Enter")
        # Behind what a press would have sent, on the same way: its answer tells that nothing was.
        assert page.evaluate("fetch('/healthz').then((answer) => answer.status)") == 200
        assert sent == ["GET"]
        assert press.get_by_label("Họ và tên").input_value() == "Đỗ Thị Yên"
    assert Upload.objects.standing().count() == 1


def test_the_token_goes_into_no_referer(
    live_server: LiveServer, delegation: Delegation, eight: list[Attendee], letter: str
) -> None:
    told: list[str] = []
    with browser_page(live_server) as page:
        page.on("request", lambda request: told.append(request.headers.get("referer", "")))
        come_in(page, live_server, letter)
        page.goto(live_server.url + HERE)
    assert [one for one in told if "/l/" in one] == []


def test_the_desk_keeps_links_and_reviews_without_finding(
    live_server: LiveServer,
    delegation: Delegation,
    eight: list[Attendee],
    letter: str,
    dan: User,
    olga: User,
    settings: Any,
) -> None:
    settings.DEMO = True  # no second factor here
    answers.confirm(delegation, by=dan)
    links.make(eight[1], Link.Purpose.PERSON, by=olga)
    pages = (
        f"/admin/attendees/delegation/{delegation.pk}/change/",
        f"/admin/attendees/attendee/{eight[1].pk}/change/",
        "/admin/attendees/delegation/?review=sent",
    )
    with browser_page(live_server, session_of(olga)) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        assert look(page, live_server, pages) == []
        page.goto(live_server.url + pages[0])
        page.get_by_role("button", name="Sao chép").click()
        page.get_by_text("Đã sao chép").wait_for()
        assert page.evaluate("navigator.clipboard.readText()").endswith(letter)
        page.get_by_role("button", name="Trả lại kèm nhận xét").click()
        page.get_by_label("Nhận xét").fill("Thiếu văn bản cử đoàn.")
        assert finds_nothing(page)
        page.get_by_role("button", name="Trả lại", exact=True).click()
        page.get_by_text("Đã trả lại 1 đoàn.").wait_for()
        page.get_by_role("button", name="Thu hồi").click()
        page.get_by_text("Đã thu hồi liên kết.").wait_for()
    delegation.refresh_from_db()
    assert (delegation.review, Link.objects.good().count()) == ("returned", 1)
