"""The desk reminds those who owe, tells whom to call, and shows what was written to a delegation."""

import datetime
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from attendees.models import Attendee, Delegation
from conference.models import Conference, User
from mailing import outbox
from mailing.models import Mailing, Message
from tests.conference.desk import (  # noqa: F401  (strict is a fixture)
    fields,
    same_count,
    signed_in,
    strict,
    text,
    url,
)
from tests.conftest import MakeAttendee, make_delegation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict", "silent_bell")]
REMIND = reverse("admin:attendees_delegation_remind")
LIST, PEOPLE = url(Delegation), url(Attendee)


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def desk(olga: User) -> Client:
    return signed_in(olga)


@pytest.fixture
def nobody(conference: Conference) -> Delegation:
    """A delegation without officer and address."""
    made = make_delegation(conference, "ha-noi")
    made.contact_name, made.contact_phone = "Bà Trần Thị Bình", "+84912345678"
    made.save()
    return made


def test_the_page_tells_who_is_written_to_and_who_has_to_be_called(
    desk: Client, delegation: Delegation, nobody: Delegation
) -> None:
    page = text(desk.get(REMIND))
    assert "1 đoàn nhận thư" in page
    assert "Tỉnh Lâm Đồng Chưa phản hồi 17:00, 31/5/2024 d•••@hoinghi.example" in page
    assert "1 đoàn phải gọi điện" in page
    assert "Thành phố Hà Nội Chưa phản hồi Bà Trần Thị Bình 0912 345 678" in page
    assert not Message.objects.exists(), "looking writes nothing"


def test_who_could_not_answer_any_more_is_told_before_a_letter_asks_them_to(
    desk: Client, delegation: Delegation, other_delegation: Delegation, conference: Conference
) -> None:
    late = conference.confirm_by + datetime.timedelta(minutes=1)
    assert "đã qua" not in text(desk.get(REMIND))
    Conference.objects.update(demo_now=late)
    Delegation.objects.filter(pk=delegation.pk).update(extended_to=late + datetime.timedelta(days=1))
    page = desk.get(REMIND)
    assert "Hạn của 1 đoàn đã qua Mở liên kết trong thư, các đoàn này chỉ xem được" in text(page)
    assert f'href="{LIST}?delegations={other_delegation.pk}"' in page.content.decode()
    rows = desk.get(f"{LIST}?delegations={other_delegation.pk}").context["cl"].result_list
    assert list(rows) == [other_delegation]


def test_letters_are_drafted_once_and_looked_at(
    desk: Client, delegation: Delegation, nobody: Delegation
) -> None:
    form = {"key": str(uuid.uuid4()), "send_after": "31/5/2024 08:00"}
    response = desk.post(REMIND, form, follow=True)
    desk.post(REMIND, form)
    mailing = Mailing.objects.get()
    assert response.redirect_chain[-1][0] == url(Mailing, "change", mailing.pk)
    assert "Đã soạn 1 thư nhắc. Xem lại rồi duyệt gửi." in text(response)
    assert "còn 9 giờ" in text(response), "counted from the hour at which it leaves"
    message = mailing.messages.get()
    assert (message.state, message.to, message.condition) == ("draft", ["dan@hoinghi.example"], "owes")


def test_a_reminder_that_waits_is_told_before_another_is_drafted(
    desk: Client, delegation: Delegation, other_delegation: Delegation
) -> None:
    told = "đã có thư nhắc chưa gửi"
    assert told not in text(desk.get(REMIND))
    for _ in range(2):
        desk.post(f"{REMIND}?delegation={delegation.pk}", {"key": str(uuid.uuid4())})
    assert f"1 đoàn {told}" in text(desk.get(REMIND))
    assert told not in text(desk.get(f"{REMIND}?delegation={other_delegation.pk}"))
    Message.objects.update(state="cancelled", error="thử")
    assert told not in text(desk.get(REMIND))


def test_rows_chosen_in_the_list_are_taken_along(
    desk: Client, delegation: Delegation, other_delegation: Delegation
) -> None:
    chosen = {"action": "remind_delegations", "_selected_action": [other_delegation.pk]}
    page = desk.post(LIST, chosen, follow=True)
    assert "1 đoàn nhận thư" in text(page)
    assert "Tỉnh Quảng Nam" in text(page)
    assert "Tỉnh Lâm Đồng" not in text(page)
    desk.post(page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"], {"key": str(uuid.uuid4())})
    assert Message.objects.get().to == ["mai@hoinghi.example"]


@pytest.mark.parametrize(
    ("query", "written"), [("when=soon", 2), ("when=late", 0), ("when=x", 2), ("delegation=abc", 2)]
)
def test_the_list_is_narrowed_and_nonsense_narrows_nothing(
    query: str, written: int, desk: Client, delegation: Delegation, other_delegation: Delegation
) -> None:
    assert len(desk.get(f"{REMIND}?{query}").context["written"]) == written


def test_nobody_to_remind_is_said(desk: Client, nobody: Delegation) -> None:
    assert "Không có đoàn nào để viết thư" in text(desk.get(REMIND))
    refused = desk.post(REMIND, {"key": str(uuid.uuid4())})
    assert refused.context["form"].non_field_errors() == [
        "Không có đoàn nào còn nợ trả lời mà có địa chỉ thư điện tử."
    ]


def test_a_foreign_delegation_is_reminded_by_nobody_here(
    desk: Client, delegation: Delegation, foreign_delegation: Delegation
) -> None:
    page = text(desk.get(f"{REMIND}?delegation={foreign_delegation.pk}"))
    assert foreign_delegation.name not in page


def test_viewers_remind_nobody(victor: User, delegation: Delegation) -> None:
    client = signed_in(victor)
    assert [client.get(REMIND).status_code, client.post(REMIND).status_code] == [403, 403]
    client.post(LIST, {"action": "remind_delegations", "_selected_action": [delegation.pk]})
    assert not Message.objects.exists()
    assert "Nhắc trả lời" not in text(client.get("/admin/"))


def test_the_desk_leads_to_the_reminders(desk: Client, delegation: Delegation) -> None:
    page = desk.get("/admin/")
    assert "Nhắc trả lời" in text(page)
    assert f'href="{REMIND}?delegation={delegation.pk}"' in page.content.decode()


def test_the_page_of_a_delegation_shows_what_was_written_to_it(
    desk: Client, delegation: Delegation, other_delegation: Delegation, olga: User
) -> None:
    desk.post(REMIND, {"key": str(uuid.uuid4())})
    outbox.cancel(Message.objects.filter(to=["dan@hoinghi.example"]), "Đã gọi điện", by=olga)
    page = text(desk.get(url(Delegation, "change", delegation.pk)))
    assert "Thư đã soạn, đã gửi Thư Lúc Tình trạng Nhắc trả lời d•••@hoinghi.example" in page
    assert "Đã hủy Đã gọi điện" in page
    assert "m•••@hoinghi.example" not in page


def test_a_contact_is_kept_with_its_number_in_order(desk: Client, delegation: Delegation) -> None:
    address = url(Delegation, "change", delegation.pk)
    form = fields(desk.get(address)) | {
        "contact_name": "Bà Trần Thị Bình", "contact_phone": "912 345 678", "contact_email": "so@x.example",
    }  # fmt: skip
    assert desk.post(address, form).status_code == 302
    delegation.refresh_from_db()
    assert (delegation.contact_phone, delegation.contact_email) == ("+84912345678", "so@x.example")
    assert fields(desk.get(address))["contact_phone"] == "0912 345 678"
    wrong = desk.post(address, fields(desk.get(address)) | {"contact_phone": "12"})
    assert list(wrong.context["adminform"].form.errors) == ["contact_phone"]


def test_people_are_written_to_from_their_list(
    desk: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    an = make_attendee(delegation, "Nguyễn Văn An", email="an@hoinghi.example")
    binh = make_attendee(delegation, "Trần Thị Bình")
    chosen = {"action": "write_to_people", "_selected_action": [an.pk, binh.pk]}
    asked = desk.post(PEOPLE, chosen)
    assert "1 người đã chọn không có thư điện tử." in text(asked)
    assert not Message.objects.exists()
    form = {**chosen, "apply": "1", "key": str(uuid.uuid4()), "send_after": ""}
    assert "Đã soạn 1 thư. Xem lại rồi duyệt gửi." in text(desk.post(PEOPLE, form, follow=True))
    desk.post(PEOPLE, form)
    message = Message.objects.get()
    assert (message.to, message.subject_ref) == (["an@hoinghi.example"], f"attendees.attendee:{an.pk}")
    assert message.attachments == [["personal", an.pk]]


def test_people_without_an_address_get_paper(
    desk: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    chosen = {"action": "write_to_people", "_selected_action": [person.pk]}
    assert "In giấy mời riêng để phát." in text(desk.post(PEOPLE, chosen, follow=True))


def test_the_page_asks_as_many_questions_for_thirty_as_for_one(desk: Client, conference: Conference) -> None:
    slugs = iter(conference.units().order_by("code").values_list("slug", flat=True))

    def grow() -> None:
        make_delegation(conference, next(slugs))

    counts = same_count(desk, REMIND, grow)
    assert len(set(counts)) == 1, counts
