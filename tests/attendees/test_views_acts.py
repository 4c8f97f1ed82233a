"""The portal over HTTP: what each act does, once or twice, and after the deadline."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from attendees import answers, links
from attendees.models import Attendee, Correction, Delegation, Link
from conference.models import Conference, JournalEntry, User
from sessions.feedback import Paper, Slip
from sessions.models import SignUp
from tests.attendees.portal import close, every_address, filled, text_of, url
from tests.attendees.test_pooling import pool_of, seats_of
from tests.conference.desk import signed_in

pytestmark = pytest.mark.django_db

Status = Attendee.Status


# ── Acts ──────────────────────────────────────────────────────────────────────────────────────────


def test_an_officer_nominates_edits_confirms_and_chooses_the_head(
    as_dan: Client, delegation: Delegation, dan: User
) -> None:
    data = filled(honorific="ba", position="Phó Giám đốc", phone="0912.345.678", birth_year="1980")
    response = as_dan.post(url("person_nominate", delegation, "department"), data, follow=True)
    person = Attendee.objects.get()
    assert response.redirect_chain == [(f"{url('delegation', delegation)}#suat-{person.code}", 302)]
    assert "Đã cử Bà Trần Quốc Hưng." in text_of(response)
    assert (person.phone, person.birth_year, person.category.slug) == ("+84912345678", 1980, "department")

    data = filled(full_name="Trần Quốc Huy", category=person.category_id, version=1)
    assert "Đã lưu Trần Quốc Huy." in text_of(
        as_dan.post(url("person_edit", delegation, person.code), data, follow=True)
    )
    page = as_dan.post(url("person_confirm", delegation, person.code), {"version": 2}, follow=True)
    assert "Đã xác nhận Trần Quốc Huy." in text_of(page)
    delegation.refresh_from_db()
    data = {"version": delegation.version}
    page = as_dan.post(url("person_head", delegation, person.code), data, follow=True)
    assert "Trần Quốc Huy là trưởng đoàn." in text_of(page)
    delegation.refresh_from_db()
    assert delegation.head == person
    assert set(JournalEntry.objects.values_list("actor_name", flat=True)) == {"Dan"}


def test_an_officer_replaces_a_person(as_dan: Client, delegation: Delegation, person: Attendee) -> None:
    page = as_dan.post(url("person_replace", delegation, person.code), filled(), follow=True)
    assert "Đã thay bằng Trần Quốc Hưng." in text_of(page)
    person.refresh_from_db()
    assert person.substitute.full_name == "Trần Quốc Hưng"


def test_an_officer_declines_a_person_and_the_seat(
    as_dan: Client, delegation: Delegation, person: Attendee
) -> None:
    asked = text_of(as_dan.get(url("person_decline", delegation, person.code)))
    assert "Ghi không tham dự" in asked
    assert "Không cử Giữ lại" not in asked, "of a person one says that they do not come"
    data = {"version": 1, "reason": "Đi công tác", "and_seat": "on"}
    page = text_of(as_dan.post(url("person_decline", delegation, person.code), data, follow=True))
    assert "Ông Nguyễn Văn An không tham dự." in page
    assert "suất 3/3 Không cử Không có người Lý do: Đi công tác" in page
    as_dan.post(url("seat_reopen", delegation, "department"), {"shown": 1})
    assert delegation.quotas.get(category__slug="department").declined == 0
    as_dan.post(url("person_confirm", delegation, person.code), {"version": 2})
    person.refresh_from_db()
    assert person.status == Status.CONFIRMED


def test_an_officer_leaves_a_seat_empty(as_dan: Client, delegation: Delegation) -> None:
    data = {"shown": 0, "reason": "Không có người phù hợp"}
    page = text_of(as_dan.post(url("seat_decline", delegation, "press"), data, follow=True))
    assert "Không cử người: Báo, Đài tỉnh." in page
    assert "Báo, Đài tỉnh Không cử Không có người Lý do: Không có người phù hợp" in page


@pytest.mark.parametrize("who", ["as_dan", "as_gus"])
def test_whoever_answers_gives_empty_seats_back_and_the_board_has_them_to_hand_out(
    who: str,
    request: pytest.FixtureRequest,
    delegation: Delegation,
    person: Attendee,
    olga: User,
    settings: LazySettings,
) -> None:
    settings.DEMO = True  # no second factor at the desk
    client, address = request.getfixturevalue(who), url("seat_return", delegation, "department")
    answers.decline_seats(delegation, person.category, 1, "Trùng lịch", by=olga)
    assert client.get(url("delegation", delegation)).content.decode().count(f'href="{address}"') == 2
    asked = text_of(client.get(address))
    assert "2 suất chưa có người. Suất trả lại được cấp cho đoàn khác, đoàn không tự lấy lại được." in asked
    assert seats_of(delegation, person.category) == (3, 1), "looking gives nothing back"
    form = {"shown": 3, "seats": 1, "reason": "Không bố trí được cán bộ"}
    page = text_of(client.post(address, form, follow=True))
    assert "Đã trả lại suất: Sở Thông tin và Truyền thông." in page
    client.post(address, form)
    assert (seats_of(delegation, person.category), pool_of(person.category)) == ((2, 0), 1), "once"
    desk = signed_in(olga)
    assert "1 suất dự phòng chưa cấp" in text_of(desk.get("/admin/"))
    assert "Suất dự phòng 1 Sở TTTT" in text_of(desk.get("/admin/board/"))
    told = JournalEntry.objects.filter(act="release", subject__startswith="attendees.quota").get()
    assert told.changes["seats"] == [3, 2]
    assert told.changes["decline_reason"] == [None, "Không bố trí được cán bộ"]
    assert told.actor_name == ("Dan" if who == "as_dan" else str(Link.objects.get()))


def test_seats_that_somebody_takes_or_that_are_not_there_are_not_given_back(
    as_dan: Client, delegation: Delegation, person: Attendee
) -> None:
    address, reason = url("seat_return", delegation, "department"), {"shown": 3, "reason": "x"}
    assert "Chọn từ 1 đến 2 suất còn trống." in text_of(as_dan.post(address, {**reason, "seats": 3}))
    assert "Ghi lý do" in text_of(as_dan.post(address, {**reason, "seats": 1, "reason": " "}))
    for seats in ("0", "-1", "", "hai", "1.5", "9" * 40):
        assert as_dan.post(address, {**reason, "seats": seats}).status_code == 200, seats
    delegation.quotas.filter(category=person.category).update(seats=1)
    page = text_of(as_dan.post(address, {**reason, "shown": 1, "seats": 1}))
    assert "Mọi suất này đã có người giữ. Không còn suất trống." in page
    assert (seats_of(delegation, person.category), pool_of(person.category)) == ((1, 0), 0)


def test_an_officer_removes_a_person_once_or_twice(
    as_dan: Client, delegation: Delegation, person: Attendee
) -> None:
    address = url("person_remove", delegation, person.code)
    assert "Xóa Ông Nguyễn Văn An khỏi danh sách?" in text_of(as_dan.get(address))
    for _ in range(2):
        assert as_dan.post(address, {"version": 1}, follow=True).redirect_chain == [
            (url("delegation", delegation), 302)
        ]
    assert Attendee.objects.count() == 0


def test_what_goes_with_a_person_is_said_before_and_kept_in_the_journal(
    as_dan: Client, delegation: Delegation, person: Attendee, olga: User
) -> None:
    links.make(person, Link.Purpose.PERSON, by=olga)
    address = url("person_remove", delegation, person.code)
    assert "Cùng bị xóa" not in text_of(as_dan.get(address)), "the address of the page is not told"
    for code in ("chuyen-de-1", "chuyen-de-2"):
        SignUp.objects.create(attendee=person, code=code, state="taken", made_by="An")
    Correction.objects.create(attendee=person, text="Sai chức vụ")
    assert "Cùng bị xóa: đề nghị sửa (1), đăng ký phiên (2)." in text_of(as_dan.get(address))
    as_dan.cookies["django_language"] = "en"
    as_dan.post(address, {"version": 1})
    found = JournalEntry.objects.get(act="remove").changes
    assert found == {"đề nghị sửa": [1, None], "đăng ký phiên": [2, None]}


def test_papers_that_a_person_took_are_told_to_nobody(
    as_dan: Client, delegation: Delegation, person: Attendee
) -> None:
    Slip.objects.create(attendee=person, kind=Paper.FEEDBACK, on="2024-06-06")
    address = url("person_remove", delegation, person.code)
    assert "Cùng bị xóa" not in text_of(as_dan.get(address))
    as_dan.post(address, {"version": 1})
    assert (JournalEntry.objects.get(act="remove").changes, Slip.objects.count()) == ({}, 0)


def test_what_hangs_on_a_person_who_cannot_be_removed_is_not_told(
    as_dan: Client, delegation: Delegation, person: Attendee, dan: User
) -> None:
    SignUp.objects.create(attendee=person, code="chuyen-de-1", state="taken", made_by="An")
    address = url("person_remove", delegation, person.code)
    assert "Cùng bị xóa: đăng ký phiên (1)." in text_of(as_dan.get(address))
    answers.confirm_person(person, by=dan)
    assert "Cùng bị xóa" not in text_of(as_dan.get(address))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("person_confirm", {"version": 1}),
        ("person_decline", {"version": 1, "reason": "Ốm"}),
        ("person_edit", filled(position="Giám đốc")),
        ("person_replace", filled()),
        ("person_head", {"version": 1}),
    ],
)
def test_a_form_sent_twice_is_one_act_and_no_refusal(
    as_dan: Client, delegation: Delegation, person: Attendee, name: str, data: dict[str, Any]
) -> None:
    data = {**data, "category": person.category_id}
    seen = []
    for _ in range(2):
        response = as_dan.post(url(name, delegation, person.code), data)
        assert response.status_code == 302
        delegation.refresh_from_db()
        seen.append((delegation.version, Attendee.objects.count(), JournalEntry.objects.count()))
    assert seen[0] == seen[1]


def test_a_nomination_sent_twice_gives_one_person(as_dan: Client, delegation: Delegation) -> None:
    data = filled()
    for _ in range(2):
        assert as_dan.post(url("person_nominate", delegation, "press"), data).status_code == 302
    assert Attendee.objects.count() == 1


# ── After the deadline ────────────────────────────────────────────────────────────────────────────


def test_after_the_deadline_the_page_is_only_read(
    as_dan: Client, delegation: Delegation, person: Attendee
) -> None:
    Conference.objects.update(contact_name="bà Đỗ Thu Trang", contact_phone="+842433822118")
    close(delegation)
    response = as_dan.get(url("delegation", delegation))
    page = text_of(response)
    assert "Đã hết hạn lúc 17:00, thứ Sáu, 31/5/2024 Đã quá hạn 1 phút. Danh sách chỉ để xem." in page
    assert "Đầu mối Ban Tổ chức: bà Đỗ Thu Trang 024 3382 2118" in page
    assert "<form" not in response.content.decode().split("<main")[1].split("</main")[0]
    for method, address in every_address(delegation, person)[1:]:
        if method == "get":
            seen = as_dan.get(address, follow=True)
            assert "Đã quá hạn trả lời. Gọi Ban Tổ chức để thay đổi." in text_of(seen), address


def test_a_sent_list_says_after_the_deadline_whom_to_call(
    as_dan: Client, delegation: Delegation, person: Attendee, dan: User
) -> None:
    answers.confirm(delegation, by=dan)
    late = "Đã hết hạn sửa: có thay đổi thì gọi Ban Tổ chức."
    assert late not in text_of(as_dan.get(url("delegation", delegation)))
    close(delegation)
    assert late in text_of(as_dan.get(url("delegation", delegation)))


def test_after_the_deadline_every_act_is_refused_with_a_sentence(
    as_dan: Client, delegation: Delegation, person: Attendee
) -> None:
    close(delegation)
    for method, address in every_address(delegation, person):
        if method == "post":
            data = filled(full_name="Người đã gõ", category=person.category_id, reason="Lý do đã gõ")
            data |= {"shown": 1, "seats": 1}
            response = as_dan.post(address, data, follow=True)
            assert response.status_code == 200, address
            assert "Đã quá hạn trả lời. Gọi Ban Tổ chức để thay đổi." in text_of(response), address
    person.refresh_from_db()
    assert (person.status, Attendee.objects.count(), JournalEntry.objects.count()) == (Status.NOMINATED, 1, 0)


def test_what_was_typed_before_the_deadline_is_not_lost_after_it(
    as_dan: Client, delegation: Delegation
) -> None:
    close(delegation)
    response = as_dan.post(url("person_nominate", delegation, "department"), filled(full_name="Người đã gõ"))
    assert 'value="Người đã gõ"' in response.content.decode()
