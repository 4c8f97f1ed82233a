"""Phones at the desk: listed, added, paired by a code that is shown once, revoked."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
import zxingcpp
from django.test import Client
from django.urls import reverse
from PIL import Image

from attendees import codes
from attendees.models import Attendee, Delegation
from checkin import counting, pairing, taking
from checkin.models import Device
from conference.models import Conference, User
from sessions.models import Session
from tests.checkin.conftest import Phone
from tests.checkin.test_taking import heard
from tests.conference.desk import same_count, signed_in, strict, text  # noqa: F401  (a fixture)
from tests.conftest import MakeAttendee

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]
DESK = "/admin/devices/"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True  # no second factor in the way


@pytest.fixture
def as_olga(olga: User) -> Client:
    return signed_in(olga)


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation)


def test_without_devices_the_page_says_what_to_do(as_olga: Client) -> None:
    assert "Chưa có thiết bị nào Thêm một thiết bị cho mỗi điện thoại ở cửa" in text(as_olga.get(DESK))


def test_a_device_is_added_with_its_sessions_and_waits(
    as_olga: Client, conference: Conference, opening: Session
) -> None:
    sent = {"name": "  Cửa A,  điện thoại 1 ", "sessions": [opening.pk]}
    page = as_olga.post(f"{DESK}add/", sent, follow=True)
    device = conference.devices.get()
    assert (device.name, list(device.sessions.all())) == ("Cửa A, điện thoại 1", [opening])
    assert page.redirect_chain == [(f"{DESK}{device.pk}/", 302)]
    assert "Chờ ghép" in text(page)
    told = conference.journal.get(act="add")
    assert (told.actor_name, told.changes) == ("Olga", {"sessions": ["", "Khai mạc"]})


def test_a_name_is_given_once_and_a_foreign_session_is_no_choice(
    as_olga: Client, phone: Phone, opening: Session, foreign_delegation: Delegation
) -> None:
    page = as_olga.post(f"{DESK}add/", {"name": "Cửa A", "sessions": [opening.pk]})
    assert page.status_code == 200
    assert "Đã có thiết bị mang tên này. Đặt tên khác." in text(page)
    assert 'value="Cửa A"' in page.content.decode()
    page = as_olga.post(f"{DESK}add/", {"name": "Cửa B", "sessions": [999_999]})
    assert page.status_code == 200
    assert Device.objects.count() == 1


def test_a_session_that_is_all_a_phone_serves_stays_until_the_phone_serves_another(
    as_olga: Client, conference: Conference, phone: Phone, opening: Session, olga: User
) -> None:
    later = conference.sessions.create(
        code="be-mac", title="Bế mạc", day=opening.day, starts=opening.ends, ends=datetime.time(10)
    )
    pairing.change(phone.device, "Cửa A", [later], by=olga)
    lost = Device.objects.create(conference=conference, name="Cửa B")
    lost.sessions.add(later)
    pairing.revoke(lost, by=olga, reason="Mất máy")
    delete = reverse("admin:thematic_session_delete", args=(later.pk,))
    page = text(as_olga.post(delete, {"post": "yes"}))
    assert ("Không xóa được Bế mạc" in page, "Cửa A: máy ở cửa chỉ" in page, "Cửa B" in page) == (
        True, True, False,
    )  # fmt: skip
    assert list(counting.served(phone.device)) == [later]
    pairing.change(phone.device, "Cửa A", [opening, later], by=olga)
    assert as_olga.post(delete, {"post": "yes"}).status_code == 302
    assert list(counting.served(phone.device)) == [opening]


def code_on(page: Any) -> str:
    """What a phone reads from the QR on the page."""
    svg = re.search(r'<svg class="qr" viewBox="0 0 (\d+) \1".*?<path d="(.*?)"', page.content.decode(), re.S)
    assert svg
    size = int(svg[1])
    picture = Image.new("L", (size, size), 255)
    for column, row, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", svg[2]):
        for step in range(int(length)):
            picture.putpixel((int(column) + step, int(row)), 0)
    return str(zxingcpp.read_barcode(picture.resize((size * 4, size * 4), 0)).text)


def test_the_code_on_the_screen_pairs_one_phone_and_is_shown_once(
    as_olga: Client, conference: Conference
) -> None:
    device = Device.objects.create(conference=conference, name="Cửa A")
    page = as_olga.post(f"{DESK}{device.pk}/pair/")
    address = code_on(page)
    assert address in text(page)
    assert "no-store" in page["Cache-Control"]
    secret = address.rpartition("#")[2]
    assert f"Mã ghép: {codes.group(secret)}" in text(page), "in fours, for who has to type it"
    assert pairing.pair(conference.slug, secret)[0] == device
    page = as_olga.get(f"{DESK}{device.pk}/")
    assert "Đã ghép" in text(page)
    assert secret not in page.content.decode()
    assert as_olga.get(f"{DESK}{device.pk}/pair/").status_code == 405


def test_a_new_code_ends_the_one_before(as_olga: Client, conference: Conference) -> None:
    device = Device.objects.create(conference=conference, name="Cửa A")
    first = code_on(as_olga.post(f"{DESK}{device.pk}/pair/")).rpartition("#")[2]
    as_olga.post(f"{DESK}{device.pk}/pair/")
    with pytest.raises(pairing.Refused):
        pairing.pair(conference.slug, first)


def test_a_device_is_revoked_with_a_reason_and_is_not_paired_again(
    as_olga: Client, phone: Phone, conference: Conference
) -> None:
    page = as_olga.post(f"{DESK}{phone.device.pk}/revoke/", {"reason": " "})
    assert page.status_code == 200
    assert not Device.objects.get().revoked_at
    page = as_olga.post(f"{DESK}{phone.device.pk}/revoke/", {"reason": "Mất máy"}, follow=True)
    assert "Đã thu hồi Cửa A. Những lượt quét đã nhận vẫn còn." in text(page)
    assert conference.journal.get(act="revoke").changes["reason"] == [None, "Mất máy"]
    page = as_olga.post(f"{DESK}{phone.device.pk}/revoke/", {"reason": "Lần nữa"}, follow=True)
    assert "Cửa A đã được thu hồi từ trước." in text(page)
    page = as_olga.post(f"{DESK}{phone.device.pk}/pair/", follow=True)
    assert "Thiết bị này đã thu hồi. Thêm thiết bị mới." in text(page)


def test_name_and_sessions_are_changed_on_the_page(
    as_olga: Client, conference: Conference, phone: Phone, opening: Session, olga: User
) -> None:
    Device.objects.create(conference=conference, name="Cửa B")
    address = f"{DESK}{phone.device.pk}/edit/"
    sent = {"name": "Cửa chính", "sessions": [opening.pk], "shown": phone.device.shown}
    page = text(as_olga.post(address, sent, follow=True))
    assert "Đã sửa Cửa chính. Máy nhận tên và phiên mới khi liên lạc lần tới." in page
    device = Device.objects.get(pk=phone.device.pk)
    assert (device.name, list(device.sessions.all())) == ("Cửa chính", [opening])
    for name in ("", "Cửa B"):
        bad = as_olga.post(address, {**sent, "name": name, "shown": device.shown})
        assert (bad.status_code, list(bad.context["edited"].errors)) == (200, ["name"])
    assert "Đã có thiết bị mang tên này" in text(bad)
    late = as_olga.post(address, {"name": "Cửa phụ", "shown": phone.device.name})
    assert (late.status_code, "Người khác vừa sửa" in text(late)) == (409, True)
    pairing.revoke(device, by=olga, reason="Mất máy")
    page = text(as_olga.post(address, {**sent, "shown": device.shown, "name": "Cửa phụ"}, follow=True))
    assert "Thiết bị này đã thu hồi." in page
    assert "Sửa thiết bị" not in page
    assert Device.objects.get(pk=device.pk).name == "Cửa chính"


def test_list_and_page_tell_what_was_scanned(
    as_olga: Client, phone: Phone, opening: Session, person: Attendee
) -> None:
    taking.take(phone.device, [heard(1, person.badge_token), heard(2, "ma-la")])
    page = text(as_olga.get(DESK))
    assert re.search(r"Cửa A Đã ghép Mọi phiên \d\d:\d\d, [\d/]+ 2 1", page)
    page = text(as_olga.get(f"{DESK}{phone.device.pk}/"))
    assert "Nguyễn Văn An Tỉnh Lâm Đồng" in page
    assert "Không rõ ai ma-la" in page
    assert "Không nhận ra thẻ" in page


def test_viewers_look_and_change_nothing(victor: User, phone: Phone) -> None:
    client = signed_in(victor)
    assert "Thêm thiết bị" not in text(client.get(DESK))
    assert "Thu hồi" not in text(client.get(f"{DESK}{phone.device.pk}/"))
    for act in ("pair", "revoke"):
        assert client.post(f"{DESK}{phone.device.pk}/{act}/", {"reason": "x"}).status_code == 403
    assert client.post(f"{DESK}add/", {"name": "x"}).status_code == 403


def test_people_at_the_door_do_not_see_the_devices(greta: User, phone: Phone) -> None:
    assert signed_in(greta).get(DESK).status_code == 403


def test_a_device_of_another_conference_is_not_there(as_olga: Client, foreign_delegation: Delegation) -> None:
    device = Device.objects.create(conference=foreign_delegation.conference, name="Cửa lạ")
    assert as_olga.get(f"{DESK}{device.pk}/").status_code == 404
    assert as_olga.post(f"{DESK}{device.pk}/pair/").status_code == 404


def test_the_list_asks_the_same_however_many_devices(
    as_olga: Client, conference: Conference, opening: Session
) -> None:
    names = iter(range(1000))

    def grow() -> None:
        Device.objects.create(conference=conference, name=f"Cửa {next(names)}").sessions.add(opening)

    assert len(set(same_count(as_olga, DESK, grow))) == 1


def test_the_page_asks_the_same_however_many_scans(
    as_olga: Client, phone: Phone, opening: Session, person: Attendee
) -> None:
    numbers = iter(range(1000))

    def grow() -> None:
        taking.take(phone.device, [heard(next(numbers), person.badge_token)])

    assert len(set(same_count(as_olga, f"{DESK}{phone.device.pk}/", grow))) == 1
