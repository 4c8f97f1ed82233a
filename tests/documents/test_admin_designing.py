"""The desk of designs: chosen, looked at, saved, taken back; who lacks what before anything is printed."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from attendees.models import Attendee, Delegation
from conference.models import Conference, User
from documents.looks import BADGE, CERTIFICATE
from documents.models import Certificate, Design, Document
from tests.conference.desk import same_count, signed_in, strict, text, url  # noqa: F401  (fixture)
from tests.conftest import MakeAttendee
from tests.documents.conftest import give
from tests.documents.designs import CREAM, GREEN, NAVY, file, landscape, logo, saved, strong

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]
LIST = "/admin/designs/"
BADGES, CERTIFICATES = f"{LIST}badge/", f"{LIST}certificate/"
PREVIEW = f"{BADGES}preview/"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def desk(olga: User) -> Client:
    return signed_in(olga)


def given(**fields: Any) -> dict[str, Any]:
    """The form of badges as it is sent."""
    return {
        "layout": "banner", "ink": NAVY, "accent": GREEN, "ground": CREAM, "veil": "80",
        "agency": "{agency}", "event": "{short_title}\n{place}, {dates}", "note": "",
        "seen": "0", "seed": "1", "key": str(uuid.uuid4()), **fields,
    }  # fmt: skip


def carried(response: Any, what: str) -> str:
    """The hidden name of a picture, as the next form sends it."""
    found = re.search(rf'name="{what}_kept" value="([^"]*)"', response.content.decode())
    assert found
    return found[1]


def test_a_design_is_saved_as_a_version_and_shown(desk: Client, people: list[Attendee], olga: User) -> None:
    assert "Mẫu mặc định" in text(desk.get(LIST))
    answer = desk.post(BADGES, given(logo=file(logo()), note="Thẻ vào cửa"))
    assert (answer.status_code, answer.headers["Location"]) == (303, BADGES)
    design = Design.objects.get()
    assert (design.paper, design.number, design.layout, design.made_by) == (BADGE, 1, "banner", olga)
    assert design.texts["note"] == "Thẻ vào cửa"
    assert design.logo
    page = desk.get(BADGES)
    assert "Đang dùng phiên bản 1" in text(page)
    assert "Đã lưu thẻ đại biểu, phiên bản 1." in text(page)
    assert "no-store" in page.headers["Cache-Control"]
    assert "Phiên bản 1" in text(desk.get(LIST))
    assert "lưu mẫu thiết kế" in text(desk.get("/admin/conference/journalentry/"))


def test_a_preview_shows_what_is_typed_and_saves_nothing(desk: Client, people: list[Attendee]) -> None:
    answer = desk.post(PREVIEW, given())
    assert "Tên dài nhất Nguyễn Thị Thu Hương" in text(answer)
    assert answer.content.count(b"data:image/png;base64,") == 3
    assert "no-store" in answer.headers["Cache-Control"]
    assert not Design.objects.exists()
    assert not Document.objects.exists()


def test_without_a_script_a_button_shows_the_preview_and_keeps_the_pictures(
    desk: Client, people: list[Attendee]
) -> None:
    page = desk.post(BADGES, given(look="same", logo=file(logo()), background=file(landscape())))
    assert page.content.count(b"data:image/png;base64,") == 3
    kept = {f"{what}_kept": carried(page, what) for what in ("logo", "background")}
    assert all(kept.values())
    desk.post(BADGES, given(**kept))
    design = Design.objects.get()
    assert (design.logo.startswith("designs/"), design.background.endswith(".jpg")) == (True, True)
    desk.post(BADGES, given(**kept, seen="1", logo_off="on"))
    assert (Design.objects.first() or design).logo == ""


def test_another_random_person_is_shown_when_asked_for(desk: Client, people: list[Attendee]) -> None:
    seeds = {
        re.search(r'name="seed" value="(\d+)"', desk.post(BADGES, given(look="other")).content.decode())[1]  # type: ignore[index]  # it is there
        for _time in range(2)
    }
    assert len(seeds) == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"note": "{{7*7}}"}, "Dòng ghi chú: Không có chỗ điền {{7*7}}."),
        ({"note": "{x.__class__}"}, "Dòng ghi chú: Không có chỗ điền {x.__class__}."),
        ({"note": "{% debug %}"}, "Dòng ghi chú: Không có chỗ điền {% debug %}."),
        ({"ink": "#eeeeee"}, "Màu chữ: Màu này trên nền chỉ đạt độ tương phản"),
        ({"logo": file(b"%PDF-1.7")}, "Biểu trưng: Tệp “hinh.png” không phải ảnh JPEG, PNG, WebP."),
        ({"logo_kept": "x:y"}, "Biểu trưng: Ảnh đã gửi không còn trên máy chủ."),
    ],
)
def test_what_is_refused_is_said_at_its_field_and_beside_the_preview(
    desk: Client, people: list[Attendee], fields: dict[str, Any], sentence: str
) -> None:
    assert sentence in text(desk.post(PREVIEW, given(**fields)))
    for one in fields.values():
        if hasattr(one, "seek"):
            one.seek(0)
    page = desk.post(BADGES, given(**fields))
    assert page.status_code == 200
    assert text(page).count(sentence.partition(": ")[2]) == 2  # in the summary, and at the field
    assert not Design.objects.exists()


def test_a_person_who_stops_the_paper_is_named_in_place(
    desk: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation, "Nguyễn Văn 🎉", status="confirmed")
    answer = desk.post(PREVIEW, given())
    assert answer.status_code == 200
    assert "phông chữ không có ký tự “🎉”" in text(answer)


def test_what_another_saved_meanwhile_is_a_conflict(desk: Client, conference: Conference, olga: User) -> None:
    saved(conference, strong(BADGE), by=olga)
    page = desk.post(BADGES, given())
    assert page.status_code == 409
    assert "Người khác vừa lưu phiên bản 1." in text(page)
    assert "Xem phiên bản 1 trong trang mới" in text(page)
    told = dict(re.findall(r'name="(seen|key)" value="([^"]*)"', page.content.decode()))
    again = desk.post(BADGES, given(**told))
    assert (again.status_code, Design.objects.current(conference, BADGE).number) == (303, 2)  # type: ignore[union-attr]  # it is there


def test_an_older_version_is_taken_again(desk: Client, conference: Conference, olga: User) -> None:
    first = saved(conference, strong(BADGE), by=olga)
    saved(conference, strong(BADGE, accent=NAVY), by=olga)
    assert "Lấy lại phiên bản 1" in text(desk.get(BADGES))
    sent = {"seen": "2", "key": str(uuid.uuid4())}
    for _time in range(2):  # pressed twice it is one
        answer = desk.post(f"{LIST}{first.pk}/restore/", sent)
        assert answer.headers["Location"] == BADGES
    assert Design.objects.count() == 3
    page = desk.get(BADGES)
    assert "lấy lại phiên bản 1" in text(page)
    assert "Đã lấy lại phiên bản 1: thẻ đại biểu, phiên bản 3." in text(page)
    desk.post(f"{LIST}{first.pk}/restore/", {"seen": "x"})
    assert "Trang đã cũ." in text(desk.get(BADGES))


def test_there_is_no_place_for_a_seal_or_a_signature(desk: Client) -> None:
    said = "Không có chỗ đặt ảnh con dấu, chữ ký"
    page = desk.get(CERTIFICATES)
    assert said in text(page)
    assert said in text(desk.get(LIST))
    assert re.findall(r'type="file" name="(\w+)"', page.content.decode()) == ["logo", "background"]


def test_who_only_looks_on_sees_no_design(conference: Conference, olga: User, victor: User) -> None:
    design = saved(conference, strong(BADGE), by=olga)
    looker = signed_in(victor)
    for address in (LIST, BADGES, CERTIFICATES, f"{BADGES}missing/"):
        assert looker.get(address).status_code == 403
    for address in (BADGES, PREVIEW, f"{LIST}{design.pk}/restore/"):
        assert looker.post(address, given()).status_code == 403
    assert "Mẫu thẻ, giấy chứng nhận" not in text(looker.get("/admin/"))


# ── Who lacks what ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def lacking(people: list[Attendee]) -> Attendee:
    """The people of the samples have no organisation; one has everything but a position."""
    Attendee.objects.update(organisation_name="Sở Thông tin và Truyền thông")
    person = people[0]
    person.refresh_from_db()
    person.position = ""
    person.save()
    return person


@pytest.mark.parametrize("paper", [BADGE, CERTIFICATE])
def test_the_list_leads_to_each_person(desk: Client, lacking: Attendee, paper: str) -> None:
    page = desk.get(f"{LIST}{paper}/missing/")
    assert "Nguyễn Thị Thu Hương" in text(page)
    assert "Chưa có chức vụ." in text(page)
    assert "Hà Trung Thọ" not in text(page)
    assert f"/admin/attendees/attendee/{lacking.pk}/change/" in page.content.decode()


def test_badges_are_printed_after_a_page_that_says_who_lacks_what(desk: Client, lacking: Attendee) -> None:
    sent = {"key": str(uuid.uuid4())}
    page = desk.post("/admin/badges/print/", sent)
    assert "1 người trong đợt in này còn thiếu thông tin trên thẻ." in text(page)
    assert not Document.objects.exists()
    again = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))
    desk.post("/admin/badges/print/", {**again, "anyway": "1"})
    document = Document.objects.get()
    assert (document.kind, str(document.request_key)) == ("badges", sent["key"])


def test_where_nobody_lacks_anything_badges_are_printed_at_once(desk: Client, lacking: Attendee) -> None:
    lacking.position = "Phó Giám đốc"
    lacking.save()
    desk.post("/admin/badges/print/", {"key": str(uuid.uuid4())})
    assert Document.objects.get().kind == "badges"
    assert "Không ai thiếu gì." in text(desk.get(f"{BADGES}missing/"))


def test_a_batch_is_drafted_below_the_list_of_who_lacks_what(desk: Client, lacking: Attendee) -> None:
    page = desk.get("/admin/issuing/draft/")
    assert "1 người còn thiếu thông tin trên giấy" in text(page)
    assert "Chưa có chức vụ." in text(page)
    assert "In theo mẫu giấy mặc định" in text(page)


def test_a_batch_says_its_version(
    desk: Client, conference: Conference, lacking: Attendee, olga: User
) -> None:
    saved(conference, strong(CERTIFICATE), by=olga)
    assert "In theo mẫu giấy phiên bản 1" in text(desk.get("/admin/issuing/draft/"))
    page = desk.post("/admin/issuing/draft/", {"key": str(uuid.uuid4())}, follow=True)
    assert "Mẫu giấy: phiên bản 1, giữ nguyên cho cả đợt." in text(page)


def test_a_paper_and_a_certificate_say_their_version(
    desk: Client, conference: Conference, people: list[Attendee], olga: User
) -> None:
    badges, sheet = (saved(conference, strong(paper), by=olga) for paper in (BADGE, CERTIFICATE))
    document = Document.objects.create(conference=conference, kind="badges", design=badges)
    assert "Thẻ đại biểu, phiên bản 1" in text(desk.get(url(Document, "change", document.pk)))
    one, *_others = give(conference, by=olga)
    assert one.design == sheet
    assert "Giấy chứng nhận, phiên bản 1" in text(desk.get(url(Certificate, "change", one.pk)))


def test_the_same_queries_for_any_number(
    desk: Client, delegation: Delegation, make_attendee: MakeAttendee, conference: Conference, olga: User
) -> None:
    look = strong(BADGE)

    def more() -> None:
        make_attendee(delegation, f"Nguyễn Văn {uuid.uuid4().hex[:6]}", status="confirmed")
        saved(conference, replace(look, accent=f"#{Design.objects.count():06x}"), by=olga)

    for address in (f"{BADGES}missing/", BADGES):
        assert len(set(same_count(desk, address, more))) == 1, address
