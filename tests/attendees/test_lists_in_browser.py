"""Lists in a real browser: no finding of axe, nothing sideways, the whole path without script."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from attendees import answers, importing, travel
from attendees.models import Delegation, ImportBatch
from conference.models import User
from tests.attendees.lists import AN, BINH, HEADINGS, stage
from tests.attendees.messy import messy_workbook
from tests.attendees.test_importing_travels import ON_THE_WAY, TRAVEL
from tests.conference.test_pages_in_browser import browser_page, look, session_of
from tests.conftest import MakeAttendee

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
HERE = "/da-lat-2024/delegations/lam-dong/list/"
SHOTS = os.environ.get("SHOTS", "")


def shoot(page: Page, name: str) -> None:
    """Pictures for whoever looks at the pages: SHOTS=folder."""
    if SHOTS:
        Path(SHOTS).mkdir(exist_ok=True)
        page.emulate_media(color_scheme="light")
        for width in (360, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)


@pytest.fixture
def difficult(delegation: Delegation, dan: User, make_attendee: MakeAttendee) -> ImportBatch:
    """A list of a province as it comes, onto a list where some stand already."""
    make_attendee(delegation, "Nguyễn Tấn Lực", birth_year=1970, position="Phó Chủ tịch")
    gone = make_attendee(delegation, "Phạm Thị Khuyên", birth_year=1988)
    answers.decline_person(gone, "Trùng lịch họp của tỉnh", by=dan)
    make_attendee(delegation, "Lê Đức Ước", birth_year=1980, position="Phó Giám đốc", phone="+84392345603")
    file = ContentFile(messy_workbook(), "Danh sach dai bieu tinh Lam Dong (gui BTC).xlsx")
    return importing.stage(delegation.conference, file, by=dan, delegation=delegation)


@pytest.mark.parametrize("is_asked", [True, False])
def test_columns_of_travel_have_no_finding_whether_asked_or_not(
    live_server: LiveServer, delegation: Delegation, dan: User, is_asked: bool
) -> None:
    if is_asked:
        travel.ask(delegation.conference, by=None)
    rows = [(*AN, *ON_THE_WAY), (*BINH, "chiều 5/6", "", "xe", "", "", "Phòng đơn", "", "")]
    batch = stage(delegation, *rows, headings=(*HEADINGS, *TRAVEL), by=dan)
    with browser_page(live_server, session_of(dan)) as page:
        address = f"{HERE}{batch.public_id}/?show=all"
        page.goto(live_server.url + address)
        shoot(page, f"travel-{is_asked}")
        assert look(page, live_server, (address,)) == []


def test_the_workbook_is_taken_twice_in_a_row_and_a_file_goes_up_once(
    live_server: LiveServer, delegation: Delegation, dan: User
) -> None:
    with browser_page(live_server, session_of(dan)) as page:
        page.clock.install()
        page.goto(live_server.url + HERE)
        for _time in range(2):
            with page.expect_download():
                page.get_by_role("button", name="Tải tệp mẫu của đoàn").click()
        sent: list[str] = []

        def nothing_comes_back(route: Route) -> None:
            sent.append(route.request.method)
            route.fulfill(status=204)

        page.route(live_server.url + HERE, nothing_comes_back)
        page.get_by_role("button", name="Đọc tệp").click()
        page.clock.run_for(60_000)
        expect(page.get_by_role("button", name="Đọc tệp")).to_be_disabled()
        assert sent == ["POST"]


def test_every_step_has_no_finding_and_runs_nowhere_over(
    live_server: LiveServer, delegation: Delegation, dan: User, difficult: ImportBatch
) -> None:
    batch = f"{HERE}{difficult.public_id}/"
    with browser_page(live_server, session_of(dan)) as page:
        for name in ("", "columns/", "?show=todo", "?show=all"):
            address = f"{batch}{name}"
            page.goto(live_server.url + address)
            shoot(page, name.strip("/?") or "preview")
            assert look(page, live_server, (address,)) == []
