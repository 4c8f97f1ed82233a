"""The app of the door on one phone, in a real browser."""

from __future__ import annotations

import datetime
import io
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Route, expect
from pytest_django.live_server_helper import LiveServer

from attendees import badge_code, codes, photos, renewing
from attendees.models import Attendee, Delegation
from checkin import app_files, pairing, presence, reading, taking
from checkin.carrying import carry
from checkin.models import Device, Scan
from checkin.taking import seen
from conference.models import Conference, User
from sessions.models import Attendance, Session, SignUp
from tests import browsers
from tests.checkin.conftest import Phone
from tests.checkin.phones import Opened, pair, phone_page
from tests.checkin.test_carrying import exported
from tests.checkin.test_views import scan
from tests.conference.test_pages_in_browser import findings, runs_over
from tests.conference.test_views import LONG_TOPIC
from tests.conftest import VN, MakeAttendee

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
SLUG = "da-lat-2024"
# Scans are on their way to the server until `arrive()`.
SLOW = """() => {
  const fetched = window.fetch, arrived = new Promise((resolve) => { window.arrive = resolve; });
  window.fetch = async (address, how) => {
    if (address.endsWith("/scans/")) await arrived;
    return fetched(address, how);
  };
}"""
# A browser that has no room left aborts the transaction; until `mend()`.
FULL = """() => {
  const { add } = IDBObjectStore.prototype;
  window.mend = () => { IDBObjectStore.prototype.add = add; };
  IDBObjectStore.prototype.add = function () { this.transaction.abort(); return {}; };
}"""

# The addresses of everything that the worker keeps.
CACHED = """async () => {
  const kept = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().map((one) => one.url).join();
}"""
# What is pressed, and lower than 48 px.
SMALL = """() => [...document.querySelectorAll("button, label.pick, input:not([type=radio])")]
  .filter((it) => it.offsetParent && it.getBoundingClientRect().height < 48)
  .map((it) => `low: ${it.textContent || it.id}`)"""


@pytest.fixture
def phone(live_server: LiveServer, conference: Conference, opening: Session) -> Iterator[Opened]:
    with phone_page(live_server.url, SLUG) as opened:
        yield opened


@pytest.fixture
def people(delegation: Delegation, make_attendee: MakeAttendee, opening: Session) -> dict[str, Attendee]:
    names = {"an": "Nguyễn Văn An", "duc": "Đặng Thị Ngọc Đức", "binh": "Trần Quốc Bình", "chi": "Lê Thị Chi"}
    return {key: make_attendee(delegation, name, position="Phó Giám đốc") for key, name in names.items()}


def lose(route: Route) -> None:
    """The server has what was sent, but its answer is lost."""
    with suppress(PlaywrightError):  # the tab may be killed meanwhile
        route.fetch(timeout=browsers.PATIENCE)
        route.abort("internetdisconnected")


def verdicts() -> list[tuple[str, str]]:
    return list(Scan.objects.order_by("sequence").values_list("said", "verdict"))


def test_a_phone_is_paired_by_an_address_that_keeps_no_secret(
    phone: Opened, conference: Conference, olga: User, people: dict[str, Attendee]
) -> None:
    page = phone.page
    page.goto(f"{phone.url}#{'0' * 32}")
    page.wait_for_selector('[data-show="pairfault"]:visible')
    assert "Mã ghép sai" in page.inner_text('[data-show="pairfault"]')
    page.fill("[data-secret]", "ngan-qua")
    page.click("[data-pair] button")
    assert "32 ký tự" in page.inner_text('[data-show="pairfault"]')
    device = pair(phone, conference, olga)
    assert page.url == phone.url
    assert page.inner_text('[data-show="device"]') == "Cửa A"
    kept = phone.kept()
    device.refresh_from_db()
    [token] = [
        fact["token"] for fact in json.loads(kept["facts"]) if isinstance(fact, dict) and "token" in fact
    ]
    assert codes.hashed(token) == device.token_hash
    assert '"data"' in kept["facts"]  # the list is there
    for name in ("Nguy", "Đặng", "Ngọc", "Giám", people["an"].code, codes.hashed(people["an"].badge_token)):
        assert name not in phone.kept()["facts"]


def test_another_conference_finds_nothing_of_this_one(
    phone: Opened,
    conference: Conference,
    olga: User,
    people: dict[str, Attendee],
    foreign_delegation: Delegation,
) -> None:
    pair(phone, conference, olga, online=False)
    phone.hears(badge_code.of(people["an"]), "welcome")
    phone.context.set_offline(False)
    phone.page.goto(phone.url.replace(SLUG, "ha-long-2022"))
    phone.page.wait_for_selector('[data-panel="pair"]')
    assert not phone.page.is_visible("[data-leftover]")
    phone.page.goto(phone.url)
    phone.page.wait_for_selector('[data-ready][data-panel="ready"]')
    phone.until_sent()
    assert verdicts() == [("welcome", "welcome")]


def test_of_two_pages_on_one_phone_one_sends(
    phone: Opened, conference: Conference, olga: User, people: dict[str, Attendee]
) -> None:
    pair(phone, conference, olga, online=False)
    phone.hears(badge_code.of(people["an"]), "welcome")
    other = phone.context.new_page()
    other.goto(phone.url)
    other.evaluate(
        """(name) => new Promise((held) => {
          navigator.locks.request(name, () => new Promise((done) => { window.free = done; held(); }));
        })""",
        f"door:{SLUG}",
    )
    phone.context.set_offline(False)
    phone.page.wait_for_timeout(1500)
    assert phone.waiting() == 1
    other.evaluate("() => free()")
    phone.page.evaluate("() => document.querySelector('[data-open=device]').click()")
    phone.page.click("[data-send]")
    phone.until_sent()
    assert verdicts() == [("welcome", "welcome")]


def test_a_newer_version_waits_for_a_press(
    phone: Opened, conference: Conference, olga: User, opening: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair(phone, conference, olga, online=False)
    phone.context.set_offline(False)
    caches = "async () => (await caches.keys()).join()"
    assert phone.page.evaluate(caches) == f"door:/{SLUG}/door/:{app_files.version()}"
    monkeypatch.setattr(app_files, "version", lambda: "moi")
    phone.page.reload()
    with phone.page.expect_navigation():
        phone.page.click("[data-fresh] button")
    phone.page.wait_for_selector("[data-ready]")
    phone.until(
        lambda: phone.page.evaluate(caches) == f"door:/{SLUG}/door/:moi", "what was kept of the old one goes"
    )
    assert not phone.page.is_visible("[data-fresh]")


def test_a_phone_counts_days_and_hours_as_the_conference_does(
    phone: Opened, conference: Conference, olga: User, people: dict[str, Attendee], opening: Session
) -> None:
    """19:30 in Paris is half past midnight in Vietnam."""
    paris = ZoneInfo("Europe/Paris")
    conference.time_zone, conference.demo_now = paris.key, datetime.datetime(2024, 6, 6, 19, 30, tzinfo=paris)
    conference.save()
    at = {"starts": datetime.time(20), "ends": datetime.time(21)}
    for title, day in (("Giao lưu", conference.starts_on), ("Chia tay", conference.ends_on)):
        conference.sessions.create(code=f"toi-{day:%d}", title=title, day=day, **at)
    pair(phone, conference, olga)
    phone.page.wait_for_selector('[data-show="title"]:has-text("Giao lưu")')  # the one that comes next
    phone.hears(badge_code.of(people["an"]), "welcome")
    phone.until_sent()
    assert "19:30" in phone.hears(badge_code.of(people["an"]), "again")
    phone.until_sent()
    phone.page.reload()  # what is over leaves as the app opens
    phone.page.wait_for_selector('[data-ready][data-panel="ready"]')
    phone.goes_offline()
    assert "Nguyễn Văn An" in phone.hears(badge_code.of(people["an"]), "again")


def test_each_answer_with_a_network(
    phone: Opened, conference: Conference, foreign_delegation: Delegation, olga: User,
    people: dict[str, Attendee], opening: Session, make_attendee: MakeAttendee,
) -> None:  # fmt: skip
    an, binh, chi = people["an"], people["binh"], people["chi"]
    gone = make_attendee(an.delegation, "Phan Văn Gấm", status="withdrawn")
    stranger = badge_code.of(make_attendee(foreign_delegation, "Người Khác"))
    reprinted = badge_code.of(chi)
    Attendee.objects.filter(pk=chi.pk).update(badge_token=codes.new_token())
    Attendee.objects.filter(pk=an.pk).update(seat_note="Dãy B, ghế 12")
    Session.objects.filter(pk=opening.pk).update(sign_up=True, places=5)
    for one in (an, chi):
        SignUp.objects.create(attendee=one, code=opening.code, state="taken")
    pair(phone, conference, olga)
    said = phone.hears(badge_code.of(an), "welcome")
    assert ("Mời vào" in said, "Nguyễn Văn An" in said, "Lâm Đồng" in said) == (True, True, True)
    assert "Lâm Đồng\n\nChỗ ngồi: Dãy B, ghế 12\n" in said
    assert "Cửa A" in phone.hears(an.badge_token, "again")  # an old badge, without a signature
    assert "Không tham dự" in phone.hears(badge_code.of(gone), "withdrawn")
    assert "không thuộc hội nghị" in phone.hears(stranger, "unknown")
    phone.hears(badge_code.of(an)[:-1], "unknown")  # damaged
    phone.hears("HTTPS" + "X" * 4000, "unknown")  # oversized
    assert "in lại" in phone.hears(reprinted, "revoked")
    phone.hears(badge_code.of(binh), "elsewhere")
    assert Attendance.objects.filter(attendee=binh).count() == 0
    phone.page.click('[data-show="insist"]')
    phone.answers("welcome")
    phone.shows("name")
    phone.page.fill("[data-name]", "duc ngo dan")
    assert phone.page.inner_text("[data-found]") == "Đặng Thị Ngọc Đức\nPhó Giám đốc, Tỉnh Lâm Đồng"
    phone.page.fill("[data-name]", "chi le")
    phone.page.click("[data-found] button")
    phone.answers("welcome")
    phone.shows("code")
    wrong = an.code[:-1] + ("A" if an.code[-1] != "A" else "B")
    phone.page.fill("[data-code]", codes.group(wrong).lower())
    phone.page.keyboard.press("Enter")
    assert "ký tự sai" in phone.page.inner_text('[data-show="codefault"]')
    phone.page.fill("[data-code]", codes.group(an.code).lower())
    phone.page.click("[data-typed] .btn--main")
    phone.answers("again")
    phone.until_sent()
    assert verdicts() == [
        ("", "welcome"), ("again", "again"), ("withdrawn", "withdrawn"), ("unknown", "unknown"),
        ("unknown", "unknown"), ("unknown", "unknown"), ("", "revoked"), ("elsewhere", "elsewhere"),
        ("", "welcome"), ("", "welcome"), ("again", "again"),
    ]  # fmt: skip
    assert [scan.insisted for scan in Scan.objects.order_by("sequence")].count(True) == 1
    expect(phone.page.locator('[data-show="count"]')).to_have_text("3")
    phone.shows("setup")
    phone.page.check('[name="direction"][value="out"]')
    phone.page.click("[data-setup] .btn--main")
    assert "Đã ra" in phone.hears(badge_code.of(an), "out")
    phone.until_sent()
    assert Scan.objects.get(direction="out").verdict == "out"


@pytest.mark.usefixtures("media")
def test_a_face_is_shown_where_there_is_a_network_and_kept_nowhere(
    phone: Opened, conference: Conference, olga: User, people: dict[str, Attendee]
) -> None:
    out = io.BytesIO()
    Image.new("RGB", (600, 800), "#204080").save(out, "JPEG")
    inert = photos.read(SimpleUploadedFile("anh.jpg", out.getvalue()))
    for key in ("an", "binh"):
        photos.put(people[key], inert, by=olga)
    pair(phone, conference, olga, online=False)
    phone.context.set_offline(False)
    phone.page.click("[data-open=device]")
    phone.page.click("[data-send]")
    phone.page.wait_for_selector('body[data-net="up"]')
    phone.hears(badge_code.of(people["an"]), "welcome")
    face = phone.page.wait_for_selector("[data-answer] canvas[role=img]")
    assert face is not None
    assert face.get_attribute("aria-label") == "Ảnh của Nguyễn Văn An"
    assert (face.get_attribute("width"), face.get_attribute("height")) == ("240", "320")
    phone.hears(badge_code.of(people["duc"]), "welcome")  # who has none
    phone.page.wait_for_timeout(300)
    assert phone.page.query_selector("[data-answer] canvas") is None
    phone.goes_offline()
    phone.hears(badge_code.of(people["binh"]), "welcome")
    phone.page.wait_for_timeout(300)
    assert phone.page.query_selector("[data-answer] canvas") is None
    assert "photo" not in phone.page.evaluate(CACHED)


def test_without_a_network_scans_wait_and_are_counted_once(
    phone: Opened, conference: Conference, olga: User, people: dict[str, Attendee], opening: Session,
    delegation: Delegation, make_attendee: MakeAttendee,
) -> None:  # fmt: skip
    Attendee.objects.filter(pk=people["an"].pk).update(seat_note="Dãy B, ghế 12")
    pair(phone, conference, olga)
    page, an, duc = phone.page, people["an"], people["duc"]
    page.wait_for_function("() => navigator.serviceWorker.controller")
    late = badge_code.of(make_attendee(delegation, "Vũ Đến Muộn"))  # registered after the list was taken
    phone.context.set_offline(True)
    page.reload()  # the worker serves the app
    page.wait_for_selector('[data-ready][data-panel="ready"]')
    begun = time.monotonic()
    assert "Lâm Đồng\n\nChỗ ngồi: Dãy B, ghế 12\n" in phone.hears(badge_code.of(an), "welcome")
    phone.hears(badge_code.of(an), "again")
    assert "Thẻ thật" in phone.hears(late, "offline")
    assert "Mất mạng" in page.inner_text('[data-show="strip"]')
    expect(page.locator('[data-show="count"]')).to_have_text("1")
    # The clock is set a day back: the phone notices.
    page.evaluate("() => { const now = Date.now.bind(Date); Date.now = () => now() - 86400000; }")
    phone.hears(badge_code.of(duc), "welcome")
    took = datetime.timedelta(seconds=time.monotonic() - begun)
    # The server has them, but its answer is lost, and the tab is killed.
    page.route("**/api/scans/", lose)
    phone.context.set_offline(False)
    phone.until(lambda: Scan.objects.count() == 4, "the server has them")
    assert phone.waiting() == 4
    page.close()
    phone.page = page = phone.context.new_page()
    page.goto(phone.url)
    page.wait_for_selector('[data-ready][data-panel="ready"]')
    phone.until_sent()
    rows = list(Scan.objects.order_by("sequence"))
    assert [(row.said, row.verdict) for row in rows] == [
        ("welcome", "welcome"), ("again", "again"), ("offline", "welcome"), ("welcome", "welcome"),
    ]  # fmt: skip
    assert Attendance.objects.count() == 3
    assert abs(rows[3].at - rows[0].at) < took + datetime.timedelta(seconds=10)
    assert rows[3].device_at - rows[0].device_at < -datetime.timedelta(hours=23)
    page.reload()
    page.wait_for_selector('[data-ready][data-panel="ready"]')
    page.click('[data-open="device"] >> nth=0')
    expect(page.locator('[data-show="aboutsent"]')).to_contain_text("Gửi lần cuối lúc")


def test_without_a_network_a_badge_that_was_made_anew_is_dead(
    phone: Opened, conference: Conference, olga: User, people: dict[str, Attendee]
) -> None:
    an, old, bare = people["an"], badge_code.of(people["an"]), people["an"].badge_token
    renewing.renew(an, by=olga, seen=renewing.mark(an))
    an.refresh_from_db()
    pair(phone, conference, olga, online=False)  # with the list of after the renewal
    assert "Thẻ này đã in lại" in phone.hears(old, "revoked")
    phone.hears(bare, "revoked")
    assert "Nguyễn Văn An" in phone.hears(badge_code.of(an), "welcome")
    # With a list of before, the new badge is genuine and the old one still good, until the server hears it.
    renewing.renew(people["binh"], by=olga, seen=renewing.mark(people["binh"]))
    new = badge_code.of(Attendee.objects.get(pk=people["binh"].pk))
    assert "Thẻ thật" in phone.hears(new, "offline")
    phone.hears(badge_code.of(people["binh"]), "welcome")
    phone.context.set_offline(False)
    phone.until_sent()
    assert verdicts() == [
        ("revoked", "revoked"), ("revoked", "revoked"), ("welcome", "welcome"), ("offline", "welcome"),
        ("welcome", "revoked"),
    ]  # fmt: skip


def test_a_revoked_phone_keeps_what_it_scanned_and_forgets_the_rest(
    phone: Opened, conference: Conference, olga: User, people: dict[str, Attendee]
) -> None:
    device = pair(phone, conference, olga)
    page = phone.page
    page.evaluate(FULL)
    assert "chưa được giữ" in phone.hears(badge_code.of(people["an"]), "notkept")
    assert phone.kept()["scans"] == []
    page.evaluate("mend()")
    phone.goes_offline()
    phone.hears(badge_code.of(people["an"]), "welcome")
    pairing.revoke(device, by=olga, reason="Mất máy")
    phone.context.set_offline(False)
    page.wait_for_selector('[data-panel="pair"]')
    assert "1 lượt chưa gửi vẫn giữ" in page.inner_text('[data-show="pairfault"]')
    kept = phone.kept()
    assert [row["said"] for row in kept["scans"]] == ["welcome"]
    assert '"token"' not in kept["facts"]
    assert '"data"' not in kept["facts"]
    phone.shows("device")
    with page.expect_download() as started:
        page.click("[data-export]")
    parcel = json.loads(started.value.path().read_text())
    assert (parcel["form"], parcel["conference"], parcel["device"]) == ("hoi-nghi-scans-1", SLUG, device.pk)
    assert [one["heard"] for one in json.loads(parcel["scans"])] == [badge_code.of(people["an"])]
    # Paired anew as another device, it brings them as another phone would: refused, kept, and told why.
    pair(phone, conference, olga, "Cửa A, máy mới")
    phone.until_sent()
    phone.page.evaluate("document.querySelector('[data-open=device]').click()")
    page.wait_for_selector("[data-refused-rows] li")
    assert "Nộp tệp cho Ban Tổ chức" in page.inner_text("[data-refused-rows]")
    assert Scan.objects.count() == 0


def test_the_session_of_yesterday_is_not_gone_on_with(
    phone: Opened, conference: Conference, olga: User, people: dict[str, Attendee], opening: Session
) -> None:
    """A phone that slept in a drawer over night wrote the second morning down as the first evening."""
    tomorrow = opening.day + datetime.timedelta(days=1)
    hours = {"starts": opening.starts, "ends": opening.ends}
    conference.sessions.create(code="sang-hai", title="Ngày thứ hai", day=tomorrow, **hours)
    conference.demo_now = datetime.datetime.combine(opening.day, datetime.time(7), tzinfo=VN)
    conference.save()
    pair(phone, conference, olga)
    page, shown = phone.page, phone.page.locator('[data-show="session"]')
    expect(shown).to_have_text(f"Vào · {opening.starts:%H:%M}–{opening.ends:%H:%M}")
    conference.demo_now += datetime.timedelta(days=1)
    conference.save()
    page.reload()
    page.wait_for_selector('[data-ready][data-panel="setup"]')
    assert "ngày đã qua. Chọn phiên" in page.inner_text('[data-show="setupfault"]')
    expect(page.locator("[data-sessions] input:checked")).to_have_value("sang-hai")
    page.check(f'[data-sessions] [value="{opening.code}"]')  # on purpose: it is kept, and says its day
    page.click("[data-setup] .btn--main")
    expect(shown).to_have_text(f"Vào · {opening.starts:%H:%M}–{opening.ends:%H:%M}, 06/6")
    phone.hears(badge_code.of(people["an"]), "welcome")
    page.reload()
    page.wait_for_selector('[data-ready][data-panel="ready"]')


def test_a_phone_learns_its_new_name_and_sessions(
    phone: Opened, conference: Conference, olga: User, people: dict[str, Attendee], opening: Session
) -> None:
    device, page = pair(phone, conference, olga, online=False), phone.page
    closing = conference.sessions.create(
        code="be-mac", title="Bế mạc", day=opening.day, starts=datetime.time(16), ends=datetime.time(17)
    )
    phone.hears(badge_code.of(people["an"]), "welcome")
    pairing.change(device, "Cửa chính", [closing], by=olga)
    phone.context.set_offline(False)
    page.wait_for_selector('body[data-panel="setup"]')
    assert "Ban Tổ chức đã đổi phiên của máy này." in page.inner_text('[data-show="setupfault"]')
    assert "Bế mạc" in page.inner_text("[data-sessions]")
    assert "Khai mạc" not in page.inner_text("[data-sessions]")
    expect(page.locator('[data-show="device"]')).to_have_text("Cửa chính")
    phone.until_sent()
    assert verdicts() == [("welcome", "welcome")]  # of the opening, which it serves no more
    page.click("[data-setup] .btn--main")
    phone.hears(badge_code.of(people["binh"]), "welcome")
    phone.until_sent()
    assert Scan.objects.latest("sequence").session == closing


def test_a_parcel_that_is_refused_is_told_kept_sent_again_and_handed_over(
    phone: Opened, conference: Conference, olga: User, people: dict[str, Attendee], other_phone: Phone
) -> None:
    page = phone.page
    pair(phone, conference, olga, "Cửa chính", online=False)

    def given(person: Attendee, sequence: int) -> None:
        told = exported(other_phone, scan(badge_code.of(person), sequence, said="welcome"))
        told |= {"form": "hoi-nghi-scans-1", "conference": SLUG, "device_name": "Cửa B"}
        page.set_input_files("[data-file]", {
            "name": "b.json", "mimeType": "application/json", "buffer": json.dumps(told).encode(),
        })  # fmt: skip

    page.click("[data-open=device]")
    page.click("[data-open=carry]")
    given(people["an"], 1)
    page.wait_for_selector('[data-show="carried"]:visible')
    page.wait_for_selector('[data-show="carryfault"]:visible')  # there is no camera: said beside it
    assert page.inner_text('[data-show="carried"]') == "Đã giữ 1 lượt của Cửa B. Sẽ gửi khi có mạng."
    refusal = {"code": "carried", "error": "Tệp lượt quét hỏng."}
    page.route("**/api/relay/", lambda route: route.fulfill(status=400, json=refusal))
    phone.context.set_offline(False)
    page.wait_for_selector("[data-parcels]:visible")
    assert page.inner_text('[data-show="parcels"]') == "1 tệp lượt quét của máy khác bị từ chối"
    page.reload()  # it is kept on the disk
    page.click("[data-parcels] button")
    rows = page.locator("[data-carried-rows] li")
    assert "Máy chủ không nhận 1 lượt của Cửa B: Tệp lượt quét hỏng." in rows.inner_text()
    page.unroute("**/api/relay/")
    page.click("[data-carried-rows] >> text=Gửi lại")
    page.wait_for_selector('[data-show="delivered"]:visible')
    assert page.inner_text('[data-show="delivered"]') == "Máy chủ đã nhận 1 lượt của Cửa B."
    page.wait_for_selector("[data-carried]", state="hidden")
    assert Scan.objects.get().device == other_phone.device
    # Its phone was offered a new code meanwhile: nothing but the word of an organiser proves the scans.
    pairing.offer(other_phone.device, by=olga)
    page.click("[data-open=carry]")
    given(people["duc"], 2)
    page.wait_for_selector('[data-show="carried"]:visible')
    assert "Nộp tệp cho Ban Tổ chức" in page.inner_text('[data-show="carried"]')
    page.click("[data-parcels] button")
    with page.expect_download() as started:
        page.click("[data-export]")
    carry(conference, json.loads(started.value.path().read_text()), by=olga)
    assert Scan.objects.count() == 2
    page.click("[data-carried-rows] >> text=Bỏ khỏi máy này")
    page.click("[data-carried-rows] >> text=Bấm lần nữa để bỏ")
    page.wait_for_selector("[data-carried]", state="hidden")


def test_a_server_that_is_slow_has_the_last_word_and_the_log_holds_both(
    phone: Opened, conference: Conference, olga: User, people: dict[str, Attendee], other_phone: Phone
) -> None:
    pair(phone, conference, olga, "Cửa chính")
    an = badge_code.of(people["an"])
    taking.take(other_phone.device, reading.scans({"scans": [scan(an)]}))  # the phone does not know yet
    phone.page.evaluate(SLOW)
    assert "Nguyễn Văn An" in phone.hears(an, "welcome")  # 1.5 s are over: the phone answers by itself
    phone.page.evaluate("arrive()")
    assert "Quét tại Cửa B" in phone.answers("again")
    phone.shows("device")
    phone.page.click("[data-send]")
    phone.until_sent()
    rows = Scan.objects.filter(device__name="Cửa chính").order_by("sequence")
    assert [(row.said, row.verdict) for row in rows] == [("", "again"), ("welcome", "again")]
    [found] = presence.derive(map(seen, Scan.objects.all())).values()
    assert len(found.clashes) == 1


def test_the_list_leaves_when_its_time_is_over_and_unsent_scans_stay(
    phone: Opened, conference: Conference, olga: User, people: dict[str, Attendee]
) -> None:
    pair(phone, conference, olga, online=False)
    phone.hears(badge_code.of(people["an"]), "welcome")
    phone.page.evaluate("document.querySelector('[data-open=name]').click()")
    phone.page.focus("[data-name]")
    phone.page.keyboard.type("Đặng", delay=150)
    assert "Đức" in phone.hears(badge_code.of(people["duc"]), "welcome")  # into the focused field
    assert phone.page.input_value("[data-name]") == "Đặng"
    phone.context.add_init_script("const now = Date.now.bind(Date); Date.now = () => now() + 2 * 86400000;")
    phone.page.reload()
    phone.page.wait_for_selector("[data-ready]")
    kept = phone.kept()
    assert '"iv"' not in kept["facts"]
    assert len(kept["scans"]) == 2


def test_every_panel_has_no_finding_and_runs_nowhere_over(
    phone: Opened, conference: Conference, olga: User, people: dict[str, Attendee], opening: Session
) -> None:
    page, found = phone.page, []
    Session.objects.filter(pk=opening.pk).update(title=LONG_TOPIC)
    page.goto(phone.url)
    page.wait_for_selector("[data-ready]")

    def look(what: str) -> None:
        faults = (*findings(page), *page.evaluate(SMALL), *runs_over(page))
        found.extend(f"{what} {fault}" for fault in faults)
        page.set_viewport_size({"width": 360, "height": 740})

    look("pair")
    device, _ = Device.objects.get_or_create(conference=conference, name="Cửa chính, tầng 1")
    page.goto(f"{phone.url}#{pairing.offer(device, by=olga)}")
    page.wait_for_selector('[data-panel="setup"]')
    look("setup")
    page.click("[data-setup] .btn--main")
    page.wait_for_selector('[data-show="camerafault"]:visible')
    look("ready")
    for kind, heard in (
        ("welcome", badge_code.of(people["an"])),
        ("again", badge_code.of(people["an"])),
        ("unknown", "https://example.org/mot-dia-chi-rat-dai"),
    ):
        phone.hears(heard, kind)
        look(kind)
    for panel in ("code", "name", "device"):
        page.evaluate("(name) => document.querySelector(`[data-open=${name}]`).click()", panel)
        look(panel)
    assert found == []
