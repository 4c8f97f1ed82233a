"""The list of papers in a real browser: it follows what is being made, as it says."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from attendees.models import Attendee
from conference.models import Conference, User
from documents import certificates, issuing
from documents.kinds.certificate_signing import SIGNING
from documents.models import Certificate, Document
from documents.requests import Scope
from tests.conference.desk import url
from tests.conference.test_pages_in_browser import browser_page, look, session_of

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


def test_when_a_paper_is_made_the_figures_of_signing_follow(
    live_server: LiveServer, conference: Conference, issued: list[Certificate], olga: User
) -> None:
    paper = Document.objects.create(conference=conference, kind=SIGNING, requested_by=olga)
    with browser_page(live_server, session_of(olga), locale="vi-VN") as page:
        page.goto(live_server.url + reverse("admin:signing"))
        valid = page.locator(".earning__sums dd").first
        expect(valid).to_have_text("4")
        certificates.revoke(issued[0], "Cấp nhầm", by=olga)
        Document.objects.filter(pk=paper.pk).update(state="ready", pages=2, size=215_000)
        expect(valid).to_have_text("3", timeout=15_000)


def test_on_a_phone_the_position_of_a_person_in_a_batch_begins_where_the_organisation_does(
    live_server: LiveServer, conference: Conference, people: list[Attendee], olga: User
) -> None:
    Attendee.objects.update(position="Giám đốc", organisation_name="Sở Thông tin và Truyền thông")
    path = f"/admin/issuing/{issuing.draft(conference, Scope(), by=olga).pk}/"
    lefts = """() => {
        const cell = document.querySelector("tbody td"), text = document.createRange();
        text.selectNodeContents(cell.firstChild);
        return [text, cell.querySelector("small")].map((one) => one.getBoundingClientRect().left);
    }"""
    with browser_page(live_server, session_of(olga), locale="vi-VN") as page:
        assert look(page, live_server, (path,)) == []
        page.set_viewport_size({"width": 360, "height": 740})
        position, organisation = page.evaluate(lefts)
    assert position == organisation
