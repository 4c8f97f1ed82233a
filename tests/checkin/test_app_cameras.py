"""Phones with cameras, each in a browser of its own: the camera is a film of badges, or of another phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from attendees import badge_code
from attendees.models import Attendee, Delegation
from checkin import presence
from checkin.models import Scan
from checkin.taking import seen
from conference.models import Conference, User
from sessions.models import Attendance, Session
from tests import browsers
from tests.checkin.phones import Opened, film, pair, phone_page
from tests.conftest import MakeAttendee
from tests.qr_reading import qr_codes

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
SLUG = "da-lat-2024"
# The camera is refused, by the name of the error, until `refused` is empty.
REFUSING = """
  window.refused = "NotAllowedError";
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const no = () => Promise.reject(new DOMException("", refused));
  navigator.mediaDevices.getUserMedia = (how) => refused ? no() : open(how);
"""


@pytest.fixture
def person(delegation: Delegation, opening: Session, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation, "Phạm Thị Thanh Hà")


def test_two_phones_without_a_network_see_one_badge_and_the_clash_is_listed(
    live_server: LiveServer, conference: Conference, olga: User, person: Attendee, tmp_path: Path
) -> None:
    badge = film(tmp_path / "badge.mjpeg", [badge_code.of(person)])
    with (
        phone_page(live_server.url, SLUG, camera=badge) as one,
        phone_page(live_server.url, SLUG, camera=badge) as two,
    ):
        for phone, name in ((one, "Cửa A"), (two, "Cửa B")):
            pair(phone, conference, olga, name, online=False)
            assert "Phạm Thị Thanh Hà" in phone.answers("welcome")
        one.page.wait_for_timeout(1000)  # held before the camera all the time: one scan
        assert [one.waiting(), two.waiting()] == [1, 1]
        assert Scan.objects.count() == 0
        for phone in (one, two):
            phone.context.set_offline(False)
            phone.until_sent()
    scans = list(Scan.objects.all())
    assert sorted((scan.device.name, scan.said) for scan in scans) == [
        ("Cửa A", "welcome"),
        ("Cửa B", "welcome"),
    ]
    assert sorted(scan.verdict for scan in scans) == ["again", "welcome"]
    assert Attendance.objects.count() == 1
    [found] = presence.derive(map(seen, scans)).values()
    assert (len(found.clashes), found.undecided) == (1, ())


def test_a_camera_that_failed_is_opened_again_without_a_reload(
    live_server: LiveServer, conference: Conference, olga: User, person: Attendee, tmp_path: Path
) -> None:
    badge = film(tmp_path / "badge.mjpeg", [badge_code.of(person)])
    with phone_page(live_server.url, SLUG, camera=badge) as phone:
        page, fault = phone.page, '[data-show="camerafault"]:visible'
        phone.context.add_init_script(REFUSING)
        pair(phone, conference, olga)
        page.wait_for_selector(fault)
        assert "Máy ảnh bị chặn" in page.inner_text(fault)
        assert page.inner_text("[data-look]:visible") == "Mở lại máy quét"
        page.evaluate("refused = 'NotReadableError'")
        page.click("[data-look]")
        expect(page.locator("[data-show=camerafault]")).to_contain_text("khác")
        page.evaluate("refused = ''")
        page.click("[data-look]")
        assert "Phạm Thị Thanh Hà" in phone.answers("welcome")
        assert page.get_attribute("[data-camera]", "data-camera") == "on"
        # The phone takes it away, and gives it back when the page is seen again; nobody presses anything.
        page.click('[data-show="next"]')
        page.wait_for_selector('body[data-panel="ready"]')
        page.evaluate(
            "document.querySelector('video').srcObject.getTracks()[0].dispatchEvent(new Event('ended'))"
        )
        page.wait_for_selector('[data-camera="off"]')
        assert page.inner_text("[data-look]:visible") == "Mở lại máy quét"
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.wait_for_selector('[data-camera="on"]')
        assert page.evaluate("document.querySelector('video').srcObject.active")


def test_a_reader_that_did_not_come_is_asked_for_again(
    live_server: LiveServer, conference: Conference, olga: User, person: Attendee, tmp_path: Path
) -> None:
    badge = film(tmp_path / "badge.mjpeg", [badge_code.of(person)])
    with phone_page(live_server.url, SLUG, camera=badge, service_workers="block") as phone:
        phone.page.route("**/*.wasm", lambda route: route.abort("connectionfailed"))
        pair(phone, conference, olga)
        phone.page.wait_for_selector('[data-show="camerafault"]:visible')
        phone.complaints.clear()  # of the WebAssembly, in its own words
        phone.page.unroute("**/*.wasm")
        phone.page.click("[data-look]")
        assert "Phạm Thị Thanh Hà" in phone.answers("welcome")


def test_scans_leave_as_pictures_for_the_camera_of_another_phone(
    live_server: LiveServer, conference: Conference, olga: User, person: Attendee, tmp_path: Path
) -> None:
    with phone_page(live_server.url, SLUG) as lost:
        device = pair(lost, conference, olga, "Cửa A", online=False)
        for _ in range(3):
            lost.page.evaluate("delete document.body.dataset.kind")
            lost.hears(badge_code.of(person), "again" if lost.waiting() else "welcome")
        lost.shows("device")
        lost.page.click("[data-frames]")
        frames = _filmed(lost, tmp_path)
    film(tmp_path / "frames.mjpeg", frames, seconds=0.4)
    with phone_page(live_server.url, SLUG, camera=tmp_path / "frames.mjpeg") as carrier:
        pair(carrier, conference, olga, "Cửa B")
        carrier.page.wait_for_selector('[data-show="carried"]:visible', timeout=browsers.PATIENCE)
        said = carrier.page.inner_text('[data-show="carried"]')
    assert said == "Máy chủ đã nhận 3 lượt của Cửa A."
    assert set(Scan.objects.values_list("device", "said")) == {(device.pk, "welcome"), (device.pk, "again")}
    assert Attendance.objects.count() == 1


def _filmed(phone: Opened, folder: Path) -> list[str]:
    """What a good camera reads from the screen, until every picture was there."""
    found: dict[str, None] = {}

    def is_whole() -> bool:
        phone.page.locator("[data-picture]").screenshot(path=folder / "screen.png")
        found.update((code.text, None) for code in qr_codes(Image.open(folder / "screen.png")))
        return any(len(found) == int(text.split("/")[1].split(":")[0]) for text in found)

    phone.until(is_whole, lambda: f"{len(found)} pictures were read")
    return list(found)
