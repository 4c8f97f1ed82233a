"""The list of papers in a real browser: it follows what is being made, as it says."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from conference.models import Conference, User
from documents.models import Document
from tests.conference.desk import url
from tests.conference.test_pages_in_browser import browser_page, session_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def demo(settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]  # the settings of the test


@pytest.mark.parametrize("where", ["list", "row"])
def test_a_paper_that_is_made_meanwhile_is_there_to_be_fetched(
    live_server: LiveServer, conference: Conference, olga: User, where: str
) -> None:
    paper = Document.objects.create(conference=conference, kind="agenda", requested_by=olga)
    path = url(Document) if where == "list" else url(Document, "change", paper.pk)

    with browser_page(live_server, session_of(olga), locale="vi-VN") as page:
        page.goto(live_server.url + path)
        expect(page.get_by_text("Trang này tự cập nhật")).to_be_visible()
        Document.objects.filter(pk=paper.pk).update(state="ready", pages=2, size=215_000)
        expect(page.get_by_role("link", name="Tải PDF (210 KB)")).to_be_visible(timeout=15_000)
