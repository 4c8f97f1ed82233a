"""Papers in a real browser: on a phone without script, by thumb; and nothing that axe finds."""

import pytest
from django.test import Client
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from attendees import links
from attendees.models import Attendee, Delegation, Link
from conference.models import Conference, User
from sessions import voting
from sessions.models import Feedback, Session
from tests.attendees.test_views_person import opened
from tests.conference.test_pages_in_browser import browser_page, look, session_of
from tests.conftest import MakeAttendee
from tests.sessions.papers import TOPIC, ask, at, feedback, filled, topic_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
THUMB = 44


@pytest.fixture
def topic(conference: Conference) -> Session:
    made = topic_of(conference)
    ask(made)
    at(9)
    return made


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation, "Trần Thị Ngọc Ánh", status="confirmed")


def test_a_person_opens_fills_and_sends_a_paper_on_a_phone_without_script(
    live_server: LiveServer, topic: Session, person: Attendee
) -> None:
    token = links.token_of(links.make(person, Link.Purpose.PERSON, by=None))
    size = {"width": 360, "height": 740}
    with browser_page(live_server, viewport=size, java_script_enabled=False) as page:
        page.goto(f"{live_server.url}/l/{token}/")
        page.get_by_role("button", name="Mở trang đại biểu").click()
        page.get_by_role("link", name="Đánh giá, kiểm tra").click()
        title = page.locator("li h3").first.bounding_box()
        button = page.get_by_role("button", name="Mở phiếu").first.bounding_box()
        assert title
        assert button
        assert title["width"] > 300, "a long title has the whole width, its button stands below"
        assert button["y"] >= title["y"] + title["height"]
        asked: list[dict[str, str]] = []
        page.on("request", lambda one: asked.append(one.headers) if "/ballots/" in one.url else None)
        page.get_by_role("button", name="Mở phiếu").first.click()
        assert "/ballots/feedback-" in page.url
        assert not any(person.code in headers.get("referer", "") for headers in asked)
        page.wait_for_load_state()
        for scale in page.locator(".scale__level").all():
            box = scale.bounding_box()
            assert box
            assert min(box["width"], box["height"]) >= THUMB
        page.get_by_role("button", name="Gửi phiếu").click()
        expect(page.get_by_role("alert")).to_contain_text("Phiếu còn trống.")
        page.get_by_role("group", name="Nội dung").get_by_text("5", exact=True).click()
        page.get_by_role("group", name="Thời lượng").get_by_label("2").check()
        page.get_by_label("Điều cần cải thiện?").fill("Thêm giờ hỏi đáp")
        page.get_by_role("button", name="Gửi phiếu").click()
        expect(page.get_by_role("status")).to_contain_text("Phiếu này đã được gửi")
    paper = Feedback.objects.get()
    assert (paper.content, paper.duration, paper.speaker) == (5, 2, None)
    assert paper.improve == "Thêm giờ hỏi đáp"


def test_own_pages_and_papers_have_no_finding_and_run_nowhere_over(
    live_server: LiveServer, topic: Session, person: Attendee
) -> None:
    papers = [voting.seal(topic.conference, kind, topic, None) for kind in ("feedback", "after")]
    ballots = tuple(f"/da-lat-2024/ballots/{paper}/" for paper in papers)
    cookie = opened(Client(), person).cookies["session"].value
    with browser_page(live_server, cookie) as page:
        own = f"/da-lat-2024/people/{person.code}/feedback/"
        assert look(page, live_server, (own, *ballots, "/da-lat-2024/ballots/khong-co/")) == []


def test_results_have_no_finding_and_run_nowhere_over(
    live_server: LiveServer, topic: Session, olga: User, settings: object
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]  # no second factor to pass first
    for phase in ("before", "after"):
        filled(topic, phase, None, 4, 3)
    feedback(topic, topic.conference, 7, content=4, helpful="Rất hữu ích", improve="x" * 300)
    where = ("/admin/feedback/", f"/admin/feedback/sessions/{TOPIC}/", "/admin/feedback/whole/")
    with browser_page(live_server, session_of(olga)) as page:
        assert look(page, live_server, where) == []
