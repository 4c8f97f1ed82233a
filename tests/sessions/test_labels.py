"""A badge from the browser: the sizes of its type, its page, and the paper that comes out."""

import io
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from PIL import Image
from playwright.sync_api import Page
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from attendees import answers, badge_code, renewing
from attendees.models import Attendee, Delegation
from conference.models import JournalEntry, User
from sessions import labels
from sessions.models import Session
from tests.conference.blanking import without_tokens
from tests.conference.test_pages_in_browser import browser_page, session_of
from tests.conftest import MakeAttendee
from tests.qr_reading import qr_codes
from tests.sessions.test_views import DESK, text_of

MM = 72 / 25.4
LONG = {
    "full_name": " ".join(["Nguyễn"] * 17)[:120],
    "rank": "Đại tá " * 8,
    "position": "Phó Trưởng phòng Thông tin đối ngoại " * 5,
    "organisation_name": "Sở Thông tin và Truyền thông tỉnh " * 5,
}


@pytest.fixture
def person(opening: Session, delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(
        delegation, "Phạm Thị Thanh Hà", position="Phó Trưởng ban", organisation_name="Ban Mẫu",
        phone="+84905123318", email="ha@lamdong.example",
    )  # fmt: skip


def page_of(person: Attendee, query: str = "") -> str:
    return f"{DESK}people/{person.code}/badge/{query}"


@pytest.mark.parametrize(
    ("name", "below", "step"),
    [
        ("Lê Văn An", (), 1),
        (
            "Công Tằng Tôn Nữ Diệu Hoài",
            ("Phó Trưởng phòng Thông tin đối ngoại", "Sở Thông tin và Truyền thông tỉnh Thừa Thiên Huế"),
            4,
        ),
        ("An " * 40, ("x " * 130,), 8),
    ],
)
def test_longer_texts_take_smaller_steps(name: str, below: tuple[str, ...], step: int) -> None:
    assert labels.name_step(name, below) == step


@pytest.mark.django_db
def test_the_page_shows_the_badge_and_nothing_private(client: Client, greta: User, person: Attendee) -> None:
    client.force_login(greta)
    response = client.get(page_of(person))
    page = text_of(response)
    assert "Phạm Thị Thanh Hà Phó Trưởng ban Ban Mẫu Đoàn Lâm Đồng" in page
    assert "Dữ liệu minh họa" in page
    for private in ("0905", "318", "ha@lamdong", "print.js"):
        assert private not in without_tokens(response.content.decode())
    assert JournalEntry.objects.filter(act="print").count() == 0


@pytest.mark.django_db
def test_a_press_is_journalled_and_opens_the_dialogue_once(
    client: Client, greta: User, person: Attendee
) -> None:
    client.force_login(greta)
    done = client.post(page_of(person, "?size=a6"), follow=True)
    assert "js/print.js" in done.content.decode()
    assert "label-a6.css" in done.content.decode()
    assert "js/print.js" not in client.get(page_of(person, "?size=a6")).content.decode()
    entry = JournalEntry.objects.get(act="print")
    assert (entry.actor, entry.person_ref) == (greta, person.pk)


@pytest.mark.django_db
def test_a_lost_badge_is_made_anew_and_printed_in_one_press(
    client: Client, greta: User, olga: User, person: Attendee, settings: LazySettings
) -> None:
    settings.DEMO = True  # one step of signing in
    client.force_login(greta)
    assert "Mất thẻ" not in text_of(client.get(page_of(person)))
    assert client.post(page_of(person), {"renew": renewing.mark(person)}).status_code == 403
    client.force_login(olga)
    before = client.get(page_of(person))
    assert "Hủy thẻ cũ, in thẻ mới" in text_of(before)
    for _press in range(2):
        done = client.post(page_of(person), {"renew": before.context["renew"]}, follow=True)
        assert "Thẻ cũ đã hủy. Đây là thẻ mới" in done.content.decode()
        assert "js/print.js" in done.content.decode()
    person.refresh_from_db()
    assert len(person.former_badges) == 1
    assert done.context["label"].qr == badge_code.of(person)
    assert JournalEntry.objects.filter(act="renew_badge").count() == 1


@pytest.mark.django_db
def test_no_badge_for_who_was_replaced_or_for_strangers(
    client: Client, greta: User, dan: User, person: Attendee
) -> None:
    client.force_login(dan)
    assert client.get(page_of(person)).status_code == client.post(page_of(person)).status_code == 404
    client.force_login(greta)
    answers.replace(person, by=None, full_name="Trần Quốc Hưng")
    assert client.get(page_of(person)).status_code == client.post(page_of(person)).status_code == 404
    assert JournalEntry.objects.filter(act="print").count() == 0


def cut(page: Page) -> list[str]:
    """What runs out of its place on the label."""
    return page.evaluate(
        """() => {
          const at = (name) => document.querySelector(name).getBoundingClientRect();
          const box = at(".label");
          const out = [...document.querySelectorAll(".label *")].filter((one) => {
            const place = one.getBoundingClientRect();
            const wide = getComputedStyle(one).display === "block" && one.scrollWidth > one.clientWidth + 2;
            return place.right > box.right + 1 || place.bottom > box.bottom + 1 || wide;
          }).map((one) => one.getAttribute("class") || one.tagName);
          if (at(".label__job").bottom > at(".label__foot").top + 1) out.push("job over foot");
          if (at(".label__top p").bottom > at(".label__mid").top + 1) out.push("top over name");
          if (at(".label__foot").bottom > at(".label__band").top + 1) out.push("foot over band");
          return out;
        }"""
    )


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fonts", [True, False])
@pytest.mark.parametrize(("size", "paper"), [("", (86, 124)), ("a6", (105, 148))])
def test_the_paper_is_one_page_of_its_size_with_a_readable_code_and_nothing_cut(
    live_server: LiveServer, greta: User, person: Attendee, make_attendee: MakeAttendee, tmp_path: Path,
    size: str, paper: tuple[int, int], fonts: bool,
) -> None:  # fmt: skip
    """Also in the font of the machine, which stands there while ours is on its way."""
    crowded = make_attendee(person.delegation, **LONG)
    one_word = make_attendee(person.delegation, "W" * 120)
    with browser_page(live_server, session_of(greta)) as page:
        if not fonts:
            page.route("**/*.woff2", lambda route: route.fulfill(body=b""))
        for one in (person, crowded, one_word):
            page.goto(live_server.url + page_of(one, f"?size={size}"))
            page.emulate_media(media="print")
            assert cut(page) == []
            pages = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True))).pages
            assert len(pages) == 1
            box = pages[0].mediabox
            assert (float(box.width), float(box.height)) == pytest.approx(
                [side * MM for side in paper], abs=1
            )
            picture = Image.open(io.BytesIO(page.locator(".label").screenshot()))
            assert [code.text for code in qr_codes(picture)] == [badge_code.of(one)]
