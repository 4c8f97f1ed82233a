"""The whole answer on one page, over HTTP and without script: said, drafted, refused, in conflict, sent."""

import datetime
import html
import io
import re
import subprocess
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from attendees import answers, codes, drafting
from attendees.models import Attendee, Category, Delegation, Draft, Receipt, Upload
from conference.models import Conference, JournalEntry, User
from tests.attendees.portal import close, text_of, url
from tests.conftest import MakeAttendee
from tests.journeys.pages import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

Status = Attendee.Status
Pair = tuple[Attendee, Attendee]


@pytest.fixture
def two(delegation: Delegation, make_attendee: MakeAttendee) -> Pair:
    """Two people on three seats of the department; the seat of the press is open too."""
    return make_attendee(delegation, "Nguyễn Văn An", honorific="ong"), make_attendee(
        delegation, "Trần Thị Bình"
    )


def here(delegation: Delegation) -> str:
    return url("delegation_answer", delegation)


def form_of(response: HttpResponse) -> dict[str, Any]:
    """The form of the page, filled as it was shown."""
    page = Page("/", response.content.decode())
    form = next(form for form in page.forms if "shown" in form.shape)
    # A browser drops the first line break of a text area.
    return {name: str(value).removeprefix("\n") for name, value in form.filled().items()}


def opened(client: Client, delegation: Delegation) -> dict[str, Any]:
    response = client.get(here(delegation))
    assert response.status_code == 200
    return form_of(response)


def photo(name: str = "cong-van.jpg") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (30, 20)).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue())


def error_at(response: HttpResponse, field: str) -> str:
    found = re.search(rf'(?s)id="id_{re.escape(field)}_error">(.*?)</div>', response.content.decode())
    assert found is not None, f"no error at {field}"
    return html.unescape(re.sub(r"(?s)<svg.*?</svg>|<[^>]+>", "", found[1])).strip()


# ── Saying and sending ────────────────────────────────────────────────────────────────────────────


def test_the_page_shows_every_seat_with_what_may_be_said(
    as_dan: Client, delegation: Delegation, two: Pair, dan: User
) -> None:
    press = delegation.conference.categories.get(slug="press")
    answers.decline_seats(delegation, press, 1, "Không có phóng viên", by=dan)
    response = as_dan.get(here(delegation))
    said = form_of(response)
    assert {name: value for name, value in said.items() if name.endswith("-act")} == {
        f"p-{two[0].code}-act": "confirm",
        f"p-{two[1].code}-act": "confirm",
        "s-department-1-act": "later",
    }
    assert "Báo, Đài tỉnh Không cử Không có người Lý do: Không có phóng viên" in text_of(response)


def test_sending_the_page_as_it_stands_confirms_everybody_and_shows_the_receipt(
    as_dan: Client, delegation: Delegation, two: Pair
) -> None:
    response = as_dan.post(here(delegation), opened(as_dan, delegation), follow=True)
    assert response.redirect_chain == [(url("delegation", delegation), 302)]
    assert Attendee.objects.confirmed().count() == 2
    page, receipt = text_of(response), Receipt.objects.get()
    assert "Đã xác nhận đoàn. 2 đại biểu, lúc 16:00, thứ Năm, 30/5/2024." in page
    assert (
        f"Mã biên nhận {codes.group(receipt.code)} Gửi lúc 16:00, thứ Năm, 30/5/2024, lần 1 Người gửi Dan"
        in page
    )
    assert "Ban Tổ chức xem danh sách, rồi tiếp nhận hoặc trả lại kèm nhận xét." in page


def test_a_province_says_everything_on_one_page(as_gus: Client, delegation: Delegation, two: Pair) -> None:
    first, second = two
    data = opened(as_gus, delegation) | {
        f"p-{first.code}-act": "replace",
        f"p-{first.code}-reason": "Đi công tác nước ngoài",
        f"p-{first.code}-full_name": "  phạm thị dung ",
        f"p-{first.code}-honorific": "ba",
        f"p-{first.code}-phone": "0912.345.678",
        f"p-{second.code}-act": "decline",
        f"p-{second.code}-reason": "Ốm",
        f"p-{second.code}-and_seat": "on",
        "s-department-1-act": "empty",
        "s-department-1-reason": "Không bố trí được",
        "s-press-1-act": "nominate",
        "s-press-1-full_name": "Võ Văn Em",
    }
    assert as_gus.post(here(delegation), data).status_code == 302
    new = Attendee.objects.get(substitute_for=first)
    assert (new.full_name, new.phone, new.status) == ("Phạm Thị Dung", "+84912345678", Status.CONFIRMED)
    assert Attendee.objects.get(category__slug="press").status == Status.CONFIRMED
    second.refresh_from_db()
    assert (second.status, second.decline_reason) == (Status.DECLINED, "Ốm")
    assert delegation.quotas.get(category__slug="department").declined == 2
    assert Receipt.objects.get().sent_by == "Liên kết của đoàn Tỉnh Lâm Đồng"
    page = text_of(as_gus.get(url("delegation", delegation)))
    assert (
        "Thay Ông Nguyễn Văn An , 16:00 ngày 30/5 , Liên kết của đoàn Tỉnh Lâm Đồng. Lý do: Đi công tác"
        in page
    )


def test_a_page_sent_twice_has_one_effect(as_dan: Client, delegation: Delegation, two: Pair) -> None:
    data = opened(as_dan, delegation) | {"s-press-1-act": "nominate", "s-press-1-full_name": "Võ Văn Em"}
    for _ in range(3):
        assert as_dan.post(here(delegation), data).status_code == 302
    assert (Attendee.objects.count(), Receipt.objects.count()) == (3, 1)
    journalled = JournalEntry.objects.count()
    other = data | {"s-press-1-full_name": "Người khác"}
    assert as_dan.post(here(delegation), other).status_code == 409
    assert (Attendee.objects.count(), JournalEntry.objects.count()) == (3, journalled)


def test_a_sent_answer_is_opened_again_and_sent_again(
    as_dan: Client, delegation: Delegation, two: Pair
) -> None:
    as_dan.post(here(delegation), opened(as_dan, delegation))
    data = opened(as_dan, delegation) | {"s-press-1-act": "nominate", "s-press-1-full_name": "Võ Văn Em"}
    assert as_dan.post(here(delegation), data).status_code == 302
    assert [one.number for one in Receipt.objects.order_by("number")] == [1, 2]


def test_a_list_changed_by_a_single_act_after_it_was_sent_offers_to_send_again(
    as_dan: Client, delegation: Delegation, two: Pair, dan: User
) -> None:
    as_dan.post(here(delegation), opened(as_dan, delegation))
    assert "Gửi lại" not in text_of(as_dan.get(url("delegation", delegation)))
    answers.edit(two[0], by=dan, position="Chánh Văn phòng")
    response = as_dan.get(url("delegation", delegation))
    assert "Danh sách đã đổi sau lần gửi trước" in text_of(response)
    page = Page("/", response.content.decode())
    form = next(form for form in page.forms if form.action == url("delegation_confirm", delegation))
    as_dan.post(form.action, form.filled())
    assert Receipt.objects.count() == 2
    assert "Gửi lại" not in text_of(as_dan.get(url("delegation", delegation)))


# ── What is wrong ─────────────────────────────────────────────────────────────────────────────────


def test_everything_wrong_is_told_at_its_field_and_nothing_typed_is_lost(
    as_dan: Client, delegation: Delegation, two: Pair
) -> None:
    first, second = two
    data = opened(as_dan, delegation) | {
        f"p-{first.code}-act": "replace",
        f"p-{first.code}-full_name": "<script>alert(1)</script>",
        f"p-{first.code}-phone": "0912 345 60",
        f"p-{first.code}-rank": "Thượng tá",
        f"p-{second.code}-act": "decline",
        f"p-{second.code}-reason": "x" * 501,
        "s-press-1-act": "nominate",
        "s-press-1-position": "Phóng viên",
    }
    response = as_dan.post(here(delegation), data)
    body = response.content.decode()
    assert response.status_code == 200
    assert error_at(response, f"p-{first.code}-reason") == "Ghi lý do."
    assert "Số này thiếu một chữ số." in error_at(response, f"p-{first.code}-phone")
    assert "Dài tối đa 500 ký tự, hiện có 501." in error_at(response, f"p-{second.code}-reason")
    assert error_at(response, "s-press-1-full_name") == "Nhập họ và tên."
    assert (
        "Chưa gửi được gì. Sửa những chỗ sau rồi gửi lại. Ông Nguyễn Văn An, Lý do : Ghi lý do."
        in text_of(response)
    )
    of_page = ("draft", "csrfmiddlewaretoken")
    assert form_of(response) | dict.fromkeys(of_page) == data | dict.fromkeys(of_page)
    assert "<script>alert" not in body
    assert (Attendee.objects.count(), JournalEntry.objects.count(), Receipt.objects.count()) == (2, 0, 0)
    again = opened(as_dan, delegation)
    assert again[f"p-{first.code}-phone"] == "0912 345 60", "and the draft holds it too"


def test_a_file_chosen_beside_a_list_that_is_refused_has_to_be_chosen_again(
    as_dan: Client, delegation: Delegation, two: Pair
) -> None:
    wrong = opened(as_dan, delegation) | {"s-press-1-act": "nominate", "letters": [photo()]}
    response = as_dan.post(here(delegation), wrong)
    assert error_at(response, "letters") == "Tệp chưa được gửi. Chọn lại tệp, rồi gửi cùng danh sách."
    assert "Nhập họ và tên." in error_at(response, "s-press-1-full_name")
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("NGUYỄN THỊ BÌNH", "Nguyễn Thị Bình"), ("lê văn", "Lê Văn"), ("H'Bia Niê Kđăm", "H'Bia Niê Kđăm")],
)
def test_a_name_in_capitals_or_in_small_letters_is_written_as_names_are(
    as_dan: Client, delegation: Delegation, two: Pair, typed: str, kept: str
) -> None:
    said = {"s-press-1-act": "nominate", "s-press-1-honorific": "ba", "s-press-1-full_name": typed}
    assert as_dan.post(here(delegation), opened(as_dan, delegation) | said).status_code == 302
    assert Attendee.objects.filter(category__slug="press").get().full_name == kept


def test_what_an_act_refuses_is_told_at_its_line(as_dan: Client, delegation: Delegation, two: Pair) -> None:
    data = opened(as_dan, delegation) | {
        f"p-{two[0].code}-act": "replace",
        f"p-{two[0].code}-reason": "Ốm",
        f"p-{two[0].code}-full_name": "Phạm Thị Dung",
        f"p-{two[0].code}-birth_year": "1899",
    }
    response = as_dan.post(here(delegation), data)
    assert "Năm sinh từ 1900" in error_at(response, f"p-{two[0].code}-birth_year")


def test_a_name_typed_where_nobody_was_to_come_is_asked_about(
    as_dan: Client, delegation: Delegation, two: Pair
) -> None:
    data = opened(as_dan, delegation) | {"s-press-1-full_name": "Võ Văn Em"}
    response = as_dan.post(here(delegation), data)
    assert error_at(response, "s-press-1-act") == (
        "Đã nhập tên ở suất này. Chọn Cử người để cử người đó, hoặc xóa tên."
    )
    assert form_of(response)["s-press-1-full_name"] == "Võ Văn Em"
    data = opened(as_dan, delegation) | {
        f"p-{two[0].code}-full_name": "Phạm Thị Dung", "s-press-1-full_name": ""
    }  # fmt: skip
    response = as_dan.post(here(delegation), data)
    assert "Chọn Thay người để cử người đó" in error_at(response, f"p-{two[0].code}-act")
    assert Receipt.objects.count() == 0


def test_a_list_of_nobody_is_told(as_dan: Client, delegation: Delegation) -> None:
    response = as_dan.post(here(delegation), opened(as_dan, delegation))
    assert "Chưa có ai để xác nhận. Cử người, hoặc chọn Không cử đoàn." in text_of(response)


@pytest.mark.parametrize("key", ["", "x", None])
def test_a_page_without_a_sound_key_is_told_to_open_it_again(
    as_dan: Client, delegation: Delegation, two: Pair, key: str | None
) -> None:
    data = opened(as_dan, delegation) | {"key": key}
    if key is None:
        del data["key"]
    response = as_dan.post(here(delegation), data)
    assert "Biểu mẫu này không còn dùng được." in text_of(response)
    assert not Receipt.objects.exists()


def test_an_empty_or_wild_post_breaks_nothing(as_dan: Client, delegation: Delegation, two: Pair) -> None:
    wild = {
        f"p-{two[0].code}-act": "fly",
        "s-press-1-act": "\0",
        "shown": "\0",
        "p-": "1",
        "s--act": "nominate",
    }
    for data in ({}, wild, opened(as_dan, delegation) | wild):
        assert as_dan.post(here(delegation), data).status_code in (200, 409)
        assert as_dan.post(url("answer_draft", delegation), data).status_code in (302, 409)
    assert not Receipt.objects.exists()
    assert as_dan.get(here(delegation)).status_code == 200


def test_after_the_deadline_the_page_leads_on_and_what_was_typed_by_then_stays_on_the_screen(
    as_dan: Client, delegation: Delegation, two: Pair
) -> None:
    data = opened(as_dan, delegation) | {"s-press-1-act": "nominate", "s-press-1-full_name": "Võ Văn Em"}
    close(delegation)
    response = as_dan.post(here(delegation), data)
    assert "Đã quá hạn trả lời. Gọi Ban Tổ chức để thay đổi." in text_of(response)
    assert form_of(response)["s-press-1-full_name"] == "Võ Văn Em"
    page = as_dan.get(here(delegation), follow=True)
    assert page.redirect_chain == [(url("delegation", delegation), 302)]
    assert not Receipt.objects.exists()


# ── Two people at once ────────────────────────────────────────────────────────────────────────────


def test_a_list_changed_meanwhile_is_shown_with_both_values_and_mine_is_kept_for_the_new_list(
    as_dan: Client, delegation: Delegation, two: Pair, olga: User
) -> None:
    first = two[0]
    data = opened(as_dan, delegation) | {
        f"p-{first.code}-act": "replace",
        f"p-{first.code}-reason": "Đi học",
        f"p-{first.code}-full_name": "Phạm Thị Dung",
        "s-press-1-act": "nominate",
        "s-press-1-full_name": "Võ Văn Em",
    }
    answers.replace(first, by=olga, full_name="Hoàng Văn Giang")
    response = as_dan.post(here(delegation), data)
    page = text_of(response)
    assert response.status_code == 409
    assert "Có người vừa sửa mục này Chưa ghi gì." in page
    assert "Olga sửa lúc" in page
    assert "Thay bằng Phạm Thị Dung. Lý do: Đi học" in page
    assert "Ông Nguyễn Văn An, Đã thay người" in page
    assert "Hoàng Văn Giang, Chờ xác nhận" in page
    assert "Cử Võ Văn Em" in page
    assert not Receipt.objects.exists()

    conflict = next(form for form in Page("/", response.content.decode()).forms if "shown" in form.shape)
    assert conflict.action == url("answer_draft", delegation)
    again = as_dan.post(conflict.action, conflict.filled(), follow=True)
    assert (
        "Những suất sau không còn như khi lưu nháp, câu trả lời đã ghi: Thay bằng Phạm Thị Dung."
        in text_of(again)
    )
    kept = form_of(again)
    assert kept["s-press-1-full_name"] == "Võ Văn Em"
    assert as_dan.post(here(delegation), kept).status_code == 302
    assert set(Attendee.objects.confirmed().values_list("full_name", flat=True)) == {
        "Hoàng Văn Giang", "Trần Thị Bình", "Võ Văn Em",
    }  # fmt: skip


def test_the_other_value_is_kept_by_opening_the_page_afresh(
    as_dan: Client, delegation: Delegation, two: Pair, olga: User
) -> None:
    data = opened(as_dan, delegation) | {f"p-{two[1].code}-act": "decline", f"p-{two[1].code}-reason": "Ốm"}
    answers.edit(two[0], by=olga, position="Giám đốc")
    response = as_dan.post(here(delegation), data)
    assert f'href="{here(delegation)}?fresh"' in response.content.decode()
    fresh = as_dan.get(f"{here(delegation)}?fresh")
    assert form_of(fresh)[f"p-{two[1].code}-act"] == "confirm"
    assert as_dan.post(here(delegation), form_of(fresh)).status_code == 302
    assert Attendee.objects.confirmed().count() == 2


# ── The draft ─────────────────────────────────────────────────────────────────────────────────────


def by_script(client: Client, delegation: Delegation, data: dict[str, Any]) -> HttpResponse:
    return client.post(url("answer_draft", delegation), data, headers={"accept": "application/json"})


def test_a_draft_is_kept_by_the_button_and_shown_again_until_it_is_sent(
    as_dan: Client, delegation: Delegation, two: Pair
) -> None:
    data = opened(as_dan, delegation) | {"s-press-1-full_name": "Võ Văn", "s-press-1-phone": "09 không nhớ"}
    response = as_dan.post(url("answer_draft", delegation), data, follow=True)
    assert "Đã lưu nháp lúc 16:00. Ban Tổ chức chưa nhận." in text_of(response)
    assert "Bản nháp lưu lúc 16:00, thứ Năm, 30/5/2024, Dan." in text_of(response)
    assert form_of(response)["s-press-1-phone"] == "09 không nhớ"
    assert (Attendee.objects.count(), JournalEntry.objects.count()) == (2, 0), "a draft binds nobody"
    sent = form_of(response) | {"s-press-1-full_name": "", "s-press-1-phone": ""}
    as_dan.post(here(delegation), sent)
    assert (Draft.objects.count(), Receipt.objects.count()) == (0, 1)


def test_a_draft_is_dropped_by_its_button(as_dan: Client, delegation: Delegation, two: Pair) -> None:
    as_dan.post(url("answer_draft", delegation), opened(as_dan, delegation) | {"s-press-1-full_name": "Võ"})
    response = as_dan.post(url("answer_draft", delegation), {"do": "drop"}, follow=True)
    assert (Draft.objects.count(), form_of(response)["s-press-1-full_name"]) == (0, "")


def test_the_script_keeps_the_draft_and_hears_its_version(
    as_dan: Client, delegation: Delegation, two: Pair
) -> None:
    data = opened(as_dan, delegation)
    answered = by_script(as_dan, delegation, data | {"s-press-1-full_name": "V"})
    assert answered.json() == {"sentence": "Đã lưu nháp lúc 16:00. Ban Tổ chức chưa nhận.", "version": 1}
    answered = by_script(as_dan, delegation, data | {"s-press-1-full_name": "Võ", "draft": "1"})
    assert answered.json()["version"] == 2


def test_the_delegation_shares_one_draft_and_two_at_it_are_told(
    as_dan: Client, as_gus: Client, delegation: Delegation, two: Pair
) -> None:
    mine, theirs = opened(as_dan, delegation), opened(as_gus, delegation)
    by_script(as_gus, delegation, theirs | {"s-press-1-act": "nominate", "s-press-1-full_name": "Của Gus"})
    mine |= {"s-press-1-act": "nominate", "s-press-1-full_name": "Của Dan"}
    answered = by_script(as_dan, delegation, mine)
    assert (answered.status_code, "ở máy khác" in answered.json()["sentence"]) == (409, True)
    response = as_dan.post(url("answer_draft", delegation), mine)
    assert response.status_code == 409
    assert "Báo, Đài tỉnh Khác nhau Cử Của Dan Cử Của Gus" in text_of(response)
    conflict = next(form for form in Page("/", response.content.decode()).forms if "shown" in form.shape)
    as_dan.post(url("answer_draft", delegation), conflict.filled())
    assert Draft.objects.get().fields["s-press-1-full_name"] == "Của Dan"


def test_after_a_refusal_the_script_goes_on_from_what_was_kept(
    as_dan: Client, delegation: Delegation, two: Pair
) -> None:
    data = opened(as_dan, delegation) | {"s-press-1-act": "nominate"}
    refused = form_of(as_dan.post(here(delegation), data))
    assert (Draft.objects.get().version, refused["draft"]) == (1, "1")
    answered = by_script(as_dan, delegation, refused | {"s-press-1-full_name": "Võ Văn Em"})
    assert (answered.status_code, answered.json()["version"]) == (200, 2)


@pytest.mark.parametrize("way", ["refused", "changed", "letter"])
def test_what_a_colleague_saved_meanwhile_is_written_over_by_no_way_round(
    as_dan: Client, as_gus: Client, delegation: Delegation, two: Pair, olga: User, way: str
) -> None:
    mine, theirs = opened(as_dan, delegation), opened(as_gus, delegation)
    by_script(as_gus, delegation, theirs | {"s-press-1-act": "nominate", "s-press-1-full_name": "Của Gus"})
    mine |= {"s-press-1-act": "nominate", "s-press-1-full_name": "Của Dan"}
    if way == "refused":
        response = as_dan.post(here(delegation), mine | {"s-press-1-phone": "09"})
    elif way == "changed":
        answers.edit(two[0], by=olga, position="Giám đốc")
        response = as_dan.post(here(delegation), mine)
    else:
        response = as_dan.post(url("uploads", delegation), mine | {"letters": [photo()]})
        assert Upload.objects.count() == 1
    assert Draft.objects.get().fields["s-press-1-full_name"] == "Của Gus"
    assert "Bản nháp vừa được lưu ở máy khác. Chọn Lưu nháp để so hai bản." in text_of(response)
    shown = form_of(response)
    assert shown["s-press-1-full_name"] == "Của Dan"
    both = as_dan.post(url("answer_draft", delegation), shown)
    assert (both.status_code, "Của Dan" in text_of(both), "Của Gus" in text_of(both)) == (409, True, True)


def test_what_a_colleague_saved_and_nobody_sent_outlives_the_sending(
    as_dan: Client, as_gus: Client, delegation: Delegation, two: Pair
) -> None:
    mine, theirs = opened(as_dan, delegation), opened(as_gus, delegation)
    by_script(as_gus, delegation, theirs | {"s-press-1-act": "nominate", "s-press-1-full_name": "Của Gus"})
    assert as_dan.post(here(delegation), mine).status_code == 302
    assert Draft.objects.get().fields["s-press-1-full_name"] == "Của Gus"


def as_organiser(olga: User, settings: Any) -> Client:
    settings.DEMO = True
    client = Client()
    client.force_login(olga)
    return client


def test_what_an_organiser_typed_stays_when_a_letter_comes_or_goes(
    delegation: Delegation, two: Pair, olga: User, settings: Any
) -> None:
    client = as_organiser(olga, settings)
    data = opened(client, delegation) | {"s-press-1-full_name": "Võ Văn"}
    response = client.post(url("uploads", delegation), data | {"letters": [photo()]})
    assert "Đã nhận tệp “cong-van.jpg”." in text_of(response)
    assert form_of(response)["s-press-1-full_name"] == "Võ Văn"
    gone = form_of(response) | {"withdraw": Upload.objects.get().sha256}
    response = client.post(url("uploads", delegation), gone)
    assert "Đã gỡ tệp “cong-van.jpg”." in text_of(response)
    assert "Chưa có tệp nào." in text_of(response)
    assert form_of(response)["s-press-1-full_name"] == "Võ Văn"


def test_a_list_that_changed_is_shown_to_an_organiser_with_what_was_typed(
    delegation: Delegation, two: Pair, olga: User, dan: User, settings: Any
) -> None:
    client = as_organiser(olga, settings)
    data = opened(client, delegation) | {
        f"p-{two[0].code}-act": "decline", f"p-{two[0].code}-reason": "Ốm",
        "s-press-1-act": "nominate", "s-press-1-full_name": "Võ Văn Em",
    }  # fmt: skip
    answers.remove(two[0], by=dan)
    response = client.post(here(delegation), data)
    assert response.status_code == 409
    assert "Danh sách vừa đổi, chưa ghi gì. Xem lại những gì đã nhập rồi gửi." in text_of(response)
    assert "Những suất sau không còn, câu trả lời đã ghi: Không tham dự. Lý do: Ốm" in text_of(response)
    assert client.post(here(delegation), form_of(response)).status_code == 302
    assert Attendee.objects.get(full_name="Võ Văn Em").status == Status.CONFIRMED


def test_return_in_a_field_presses_a_button_that_binds_nobody(
    as_dan: Client, delegation: Delegation, two: Pair, olga: User, settings: Any
) -> None:
    as_dan.post(url("uploads", delegation), {"letters": [photo()]})

    def first_button(client: Client) -> str:
        form = client.get(here(delegation)).content.decode().partition('id="tra-loi"')[2]
        found = re.search(r"<button[^>]*>", form)
        assert found is not None
        return found[0]

    assert f'formaction="{url("answer_draft", delegation)}"' in first_button(as_dan)
    assert " disabled" in first_button(as_organiser(olga, settings)), "not the one that withdraws the letter"


def test_organisers_neither_read_nor_write_the_draft(
    as_dan: Client,
    client: Client,
    delegation: Delegation,
    two: Pair,
    olga: User,
    settings: Any,
) -> None:
    settings.DEMO = True
    as_dan.post(url("answer_draft", delegation), opened(as_dan, delegation) | {"s-press-1-full_name": "Võ"})
    client.logout()
    client.force_login(olga)
    response = client.get(here(delegation))
    assert form_of(response)["s-press-1-full_name"] == ""
    assert "Lưu nháp" not in text_of(response)
    assert client.post(url("answer_draft", delegation), form_of(response)).status_code == 404
    client.post(here(delegation), form_of(response) | {"s-press-1-act": "nominate"})
    assert Draft.objects.get().fields["s-press-1-full_name"] == "Võ"


def test_what_is_no_answer_is_not_kept(as_dan: Client, delegation: Delegation, two: Pair) -> None:
    data = opened(as_dan, delegation)
    assert by_script(as_dan, delegation, data | {"s-press-1-note": "x" * 100_001}).status_code == 400
    by_script(as_dan, delegation, data | {"is_superuser": "1", "s-press-1-note": "a\0b"})
    fields = Draft.objects.get().fields
    assert ("is_superuser" in fields, fields["s-press-1-note"]) == (False, "ab")
    close(delegation)
    assert by_script(as_dan, delegation, data).status_code == 400


def test_a_draft_of_a_list_that_changed_says_what_it_held(
    as_dan: Client, delegation: Delegation, two: Pair, dan: User
) -> None:
    data = opened(as_dan, delegation) | {f"p-{two[0].code}-act": "decline", f"p-{two[0].code}-reason": "Ốm"}
    drafting.save(delegation, {name: data[name] for name in data if name.startswith(("p-", "s-"))}, by=dan)
    answers.remove(two[0], by=dan)
    assert "câu trả lời đã ghi: Không tham dự. Lý do: Ốm" in text_of(as_dan.get(here(delegation)))


# ── The letter ────────────────────────────────────────────────────────────────────────────────────


def test_the_letter_goes_with_the_list(as_gus: Client, delegation: Delegation, two: Pair) -> None:
    data = opened(as_gus, delegation) | {
        "letters": [photo("1.jpg"), SimpleUploadedFile("2.pdf", b"%PDF-1.4 no")]
    }
    response = as_gus.post(here(delegation), data)
    assert "Không mở được tệp “2.pdf”" in text_of(response)
    assert error_at(response, "letters") == "Tệp chưa được gửi. Chọn lại tệp, rồi gửi cùng danh sách."
    assert (Upload.objects.count(), Receipt.objects.count()) == (0, 0), "all or nothing"
    data["letters"] = [photo("1.jpg")]
    assert as_gus.post(here(delegation), data).status_code == 302
    assert (Upload.objects.get().name, Receipt.objects.count()) == ("1.jpg", 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("page", ["delegation_answer", "uploads"])
def test_nobody_waits_while_letters_are_looked_through(
    as_dan: Client, delegation: Delegation, two: Pair, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    held: list[bool] = []
    run = subprocess.run

    def watched(*args: Any, **kwargs: Any) -> Any:
        held.append(connection.in_atomic_block)
        return run(*args, **kwargs)

    monkeypatch.setattr(subprocess, "run", watched)
    data = opened(as_dan, delegation) | {"letters": [photo("1.jpg"), photo("2.jpg")]}
    assert as_dan.post(url(page, delegation), data).status_code == 302
    assert held == [False, False]


def test_a_letter_is_given_and_withdrawn_and_what_was_typed_stays(
    as_dan: Client, delegation: Delegation, two: Pair
) -> None:
    data = opened(as_dan, delegation) | {"s-press-1-full_name": "Võ Văn"}
    response = as_dan.post(url("uploads", delegation), data | {"letters": [photo()]}, follow=True)
    assert response.redirect_chain == [(f"{here(delegation)}#tep", 302)]
    assert "Đã nhận tệp “cong-van.jpg”." in text_of(response)
    assert form_of(response)["s-press-1-full_name"] == "Võ Văn"
    gone = form_of(response) | {"withdraw": Upload.objects.get().sha256}
    response = as_dan.post(url("uploads", delegation), gone, follow=True)
    assert "Đã gỡ tệp “cong-van.jpg”." in text_of(response)
    assert form_of(response)["s-press-1-full_name"] == "Võ Văn"
    assert not Upload.objects.standing().exists()


@pytest.mark.parametrize("alone", [False, True])
def test_a_wrong_letter_is_told_at_its_field(
    as_dan: Client, delegation: Delegation, two: Pair, alone: bool
) -> None:
    typed = {} if alone else opened(as_dan, delegation) | {"s-press-1-full_name": "Võ Văn"}
    for letters, sentence in (
        ([SimpleUploadedFile("a.docx", b"PK\x03\x04")], "Tệp “a.docx” không phải PDF hoặc ảnh"),
        ([SimpleUploadedFile("a.pdf", b"")], "Tệp “a.pdf” trống."),
        ([], "Chọn tệp trước."),
    ):
        response = as_dan.post(url("uploads", delegation), typed | {"letters": letters})
        assert response.status_code == 200
        assert sentence in error_at(response, "letters")
        assert alone or form_of(response)["s-press-1-full_name"] == "Võ Văn"
    assert Upload.objects.count() == 0


def test_a_letter_is_given_out_to_be_saved_and_never_run(
    as_dan: Client, delegation: Delegation, two: Pair
) -> None:
    as_dan.post(url("uploads", delegation), {"letters": [photo('"quả\r\n".jpg')]})
    response = as_dan.get(url("upload", delegation, Upload.objects.get().sha256))
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store, private"
    assert response.content.startswith(b"\xff\xd8\xff")


def test_a_letter_is_absent_for_others_and_when_it_was_withdrawn(
    as_dan: Client,
    as_gus: Client,
    client: Client,
    delegation: Delegation,
    other_delegation: Delegation,
    mai: User,
) -> None:
    as_gus.post(url("uploads", delegation), {"letters": [photo()]})
    sha256 = Upload.objects.get().sha256
    address, crossed = url("upload", delegation, sha256), url("upload", other_delegation, sha256)
    got = as_dan.get(address)
    assert (got.status_code, len(got.content) > 0) == (200, True)
    assert as_gus.get(crossed).status_code == 404
    other = Client()
    other.force_login(mai)
    assert [other.get(one).status_code for one in (address, crossed)] == [404, 404]
    assert Client().get(address).status_code == 302
    as_dan.post(url("uploads", delegation), {"withdraw": sha256})
    assert as_dan.get(address).status_code == 404


# ── What the organisers say ───────────────────────────────────────────────────────────────────────


def test_a_returned_answer_shows_the_remark_and_is_open(
    as_dan: Client, delegation: Delegation, two: Pair, olga: User
) -> None:
    as_dan.post(here(delegation), opened(as_dan, delegation))
    answers.return_with(delegation, "Thiếu văn bản cử đoàn có chữ ký.", by=olga)
    for address in (url("delegation", delegation), here(delegation)):
        page = text_of(as_dan.get(address))
        assert (
            "Ban Tổ chức trả lại danh sách lúc 16:00, thứ Năm, 30/5/2024 Thiếu văn bản cử đoàn có chữ ký."
            in page
        )
    as_dan.post(here(delegation), opened(as_dan, delegation))
    assert "trả lại danh sách" not in text_of(as_dan.get(url("delegation", delegation)))


def test_an_accepted_answer_says_so(as_dan: Client, delegation: Delegation, two: Pair, olga: User) -> None:
    as_dan.post(here(delegation), opened(as_dan, delegation))
    answers.accept(delegation, by=olga)
    page = text_of(as_dan.get(url("delegation", delegation)))
    assert "Ban Tổ chức đã tiếp nhận lúc 16:00, thứ Năm, 30/5/2024." in page


def test_a_chain_of_three_stands_in_its_place_with_who_when_and_why(
    as_dan: Client, delegation: Delegation, two: Pair, dan: User
) -> None:
    current, names = two[0], ("Phạm Thị Dung", "Võ Văn Em", "Đỗ Văn Giang")
    for hour, (name, reason) in enumerate(zip(names, ("Đi học", "Ốm", "Nghỉ phép"), strict=True), start=8):
        Conference.objects.update(
            demo_now=datetime.datetime(2024, 5, 30, hour, tzinfo=delegation.deadline.tzinfo)
        )
        current = answers.replace(Attendee.objects.get(pk=current.pk), by=dan, reason=reason, full_name=name)
    page = text_of(as_dan.get(url("delegation", delegation)))
    assert (
        "suất 1/3 Người thay, chờ xác nhận Đỗ Văn Giang "
        "Thay Võ Văn Em , 10:00 ngày 30/5 , Dan. Lý do: Nghỉ phép "
        "Thay Phạm Thị Dung , 09:00 ngày 30/5 , Dan. Lý do: Ốm "
        "Thay Ông Nguyễn Văn An , 08:00 ngày 30/5 , Dan. Lý do: Đi học"
    ) in page
    assert page.index("Đỗ Văn Giang") < page.index("Trần Thị Bình"), "the seat keeps its place"


# ── Cost ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_costs_the_same_for_one_seat_and_for_eight(
    as_dan: Client, delegation: Delegation, department: Category, make_attendee: MakeAttendee, dan: User
) -> None:
    make_attendee(delegation)
    before = cost(as_dan, delegation)
    delegation.quotas.update(seats=10)
    for number in range(7):
        answers.replace(make_attendee(delegation, f"Người {number}"), by=dan, full_name=f"Thay {number}")
    assert cost(as_dan, delegation) == before


def cost(client: Client, delegation: Delegation) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(here(delegation)).status_code == 200
    return len(queries)


def test_a_file_beside_a_draft_or_a_list_that_changed_is_not_lost_without_a_word(
    as_dan: Client, delegation: Delegation, two: Pair, olga: User
) -> None:
    said = "Tệp chưa được gửi. Chọn lại tệp, rồi gửi cùng danh sách."
    typed = opened(as_dan, delegation)
    drafts = url("answer_draft", delegation)
    assert said in text_of(as_dan.post(drafts, typed | {"letters": [photo()]}, follow=True))
    answers.edit(two[0], by=olga, position="Phó Giám đốc")
    assert said in text_of(as_dan.post(here(delegation), typed | {"letters": [photo()]}))
