"""The public pages in a real browser: no finding of axe, nothing sideways, everything by keyboard."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from attendees.models import Delegation
from conference.models import Conference, User
from tests import browsers
from tests.conference.test_views import LONG_TOPIC, make_session
from tests.conftest import publish

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

WIDTHS = (320, 360, 1440)
AXE = Axe().axe_script
# Of the rules that were named, or of all.
VIOLATIONS = """async (rules) => (await axe.run(
  {resultTypes: ["violations"], ...(rules.length && {runOnly: {type: "rule", values: rules}})}
)).violations"""
OF_COLOURS = ["color-contrast", "link-in-text-block"]
OPEN_PAGES = (
    "/",
    "/da-lat-2024/",
    "/da-lat-2024/programme/versions/",
    "/da-lat-2024/programme/versions/1/",
    "/da-lat-2024/programme/versions/2/",
    "/components/",
    "/accounts/login/",
    "/accounts/login/code/",
    "/accounts/password/reset/",
    "/khong-co/",
)
OWN_PAGES = (
    "/start/",
    "/accounts/2fa/",
    "/accounts/2fa/webauthn/",
    "/accounts/email/",
    "/accounts/sessions/",
    "/accounts/password/change/",
    "/accounts/logout/",
    "/accounts/reauthenticate/",
)


@contextmanager
def browser_page(
    server: LiveServer, session: str = "", *, answers: tuple[str, ...] = (), **options: Any
) -> Iterator[Page]:
    """A page without a past; `session` is the cookie of a signed-in person. What it complains about fails.

    `answers`: statuses of pages of ours that the browser counts as errors, e.g. "410 (Gone)".
    """
    complaints: list[str] = []
    with browsers.new_context(**options) as context:
        if session:
            context.add_cookies([{"name": "session", "value": session, "url": server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda note: complaints.append(note.text) if note.type == "error" else None)
        yield page
    expected = ("404 (Not Found)", "409 (Conflict)", *answers)
    assert [line for line in complaints if not any(answer in line for answer in expected)] == []


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["session"].value


def look(page: Page, server: LiveServer, paths: tuple[str, ...]) -> list[str]:
    """What axe finds on each page by day and by night, and every width at which something runs over."""
    found = []
    for path in paths:
        page.set_viewport_size({"width": 360, "height": 740})
        page.emulate_media(color_scheme="light")
        page.goto(server.url + path)
        found += [f"{path} {fault}" for fault in (*findings(page), *runs_over(page))]
    return found


def findings(page: Page) -> Iterator[str]:
    """What axe finds on the page by day; and when night falls, in its colours: nothing else changes."""
    page.evaluate(AXE)
    for scheme, rules in (("light", []), ("dark", OF_COLOURS)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))")
        for rule in page.evaluate(VIOLATIONS, rules):
            nodes = "; ".join(str(node["html"])[:140] for node in rule["nodes"][:3])
            yield f"{scheme} {rule['id']}: {nodes}"


def runs_over(page: Page) -> Iterator[str]:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            yield f"runs {over} px over at {width} px"


@pytest.fixture
def programme(conference: Conference) -> Conference:
    make_session(conference, "cd1", 8, 10, kind="topic", number=1, title=LONG_TOPIC)
    make_session(conference, "nghi", 10, 11, kind="break", title="Giải lao")
    publish(conference)
    conference.sessions.filter(code="nghi").delete()
    conference.sessions.update(starts="09:00")
    make_session(conference, "hoi-dap", 10, 11, title="Hỏi đáp")
    publish(conference)
    return conference


def test_open_pages_have_no_finding_and_run_nowhere_over(
    live_server: LiveServer, programme: Conference
) -> None:
    with browser_page(live_server) as page:
        assert look(page, live_server, OPEN_PAGES) == []


def test_own_pages_have_no_finding_and_run_nowhere_over(
    live_server: LiveServer, sam: User, programme: Conference
) -> None:
    session = session_of(sam)
    with browser_page(live_server, session) as page:
        assert look(page, live_server, OWN_PAGES) == []


def test_the_look_sees_what_is_wrong_by_day_and_by_night_alone(
    live_server: LiveServer, programme: Conference
) -> None:
    """The control: a heading that only night makes unreadable, a picture without words, a wide line."""
    style = "@media (prefers-color-scheme: dark) { h1 { color: #222 } } footer { width: 2000px }"
    with browser_page(live_server) as page:
        page.add_init_script(
            f"""addEventListener("DOMContentLoaded", () => {{
              const sheet = new CSSStyleSheet();
              sheet.replaceSync({style!r});
              document.adoptedStyleSheets = [sheet];
              document.querySelector("main").append(new Image());
            }});"""
        )
        found = [line.partition(":")[0] for line in look(page, live_server, ("/da-lat-2024/",))]
    assert [line.partition(" ")[2] for line in found] == [
        "light image-alt",
        "dark color-contrast",
        *(f"runs {2000 - width} px over at {width} px" for width in WIDTHS),
    ]


def test_a_person_signs_in_with_the_keyboard_and_is_told_what_was_wrong(
    live_server: LiveServer, dan: User, delegation: Delegation
) -> None:
    with browser_page(live_server) as page:
        page.goto(f"{live_server.url}/accounts/login/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.focus("#id_login")
        page.keyboard.type(dan.email)
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") != "id_password":
            page.keyboard.press("Tab")  # past the link "Quên mật khẩu?"
        page.keyboard.type("sai-mat-khau")
        page.keyboard.press("Enter")
        expect(page.locator("[data-error-summary].notice--err").first).to_be_focused()
        assert "Thư điện tử hoặc mật khẩu chưa đúng" in page.inner_text("[data-error-summary]")
        page.fill("#id_password", "mat-khau-de-thu-nghiem")
        page.keyboard.press("Enter")
        page.wait_for_url("**/delegations/lam-dong/")


def test_the_chosen_light_is_kept_and_shared_with_the_next_page(
    live_server: LiveServer, programme: Conference
) -> None:
    with browser_page(live_server, color_scheme="light") as page:
        page.goto(live_server.url)
        page.click("[data-theme-switch]")
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        page.goto(f"{live_server.url}/da-lat-2024/")
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        assert page.inner_text("[data-theme-switch]").strip() == "Nền sáng"


def test_pages_work_without_script(live_server: LiveServer, dan: User, delegation: Delegation) -> None:
    with browser_page(live_server, java_script_enabled=False) as page:
        page.goto(f"{live_server.url}/accounts/login/")
        assert not page.is_visible("#passkey_login")
        page.fill("#id_login", dan.email)
        page.fill("#id_password", "mat-khau-de-thu-nghiem")
        page.click("form.form button")
        page.wait_for_url("**/delegations/lam-dong/")


def test_the_icons_and_the_fonts_come_from_our_own_house(
    live_server: LiveServer, programme: Conference
) -> None:
    asked: list[str] = []
    with browser_page(live_server) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{live_server.url}/da-lat-2024/", wait_until="networkidle")
        family = page.evaluate("document.fonts.check('16px \"Be Vietnam Pro\"', 'Ế')")
    assert family is True
    assert any("icons.svg" in url for url in asked)
    assert any("be-vietnam-pro-vietnamese-400" in url for url in asked)
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []
