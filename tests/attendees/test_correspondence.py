"""Letters to delegations and attendees: the right addresses, a link that works, values in words."""

import datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from attendees import answers, codes, correspondence, links, mail_kinds
from attendees.models import Attendee, Category, Delegation, Link, Receipt
from conference.models import Conference, JournalEntry, User
from mailing import kinds, outbox, sending, wording
from mailing.errors import MailError
from mailing.models import Message, MessageTemplate
from tests.conftest import MakeAttendee, make_user
from tests.smtp import MailServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silent_bell")]


def send_all() -> None:
    sending.send(list(Message.objects.order_by("pk").values_list("pk", flat=True)))


# ── To whom ───────────────────────────────────────────────────────────────────────────────────────


def test_officers_and_the_contact_are_written_to_each_once(delegation: Delegation) -> None:
    delegation.contact_email = "So4T@lamdong.example"
    assert correspondence.addresses_of(delegation) == ["dan@hoinghi.example", "So4T@lamdong.example"]
    delegation.contact_email = "Dan@hoinghi.example"
    assert correspondence.addresses_of(delegation) == ["Dan@hoinghi.example"]
    gone = make_user("nghi", "Đã nghỉ", is_active=False)
    delegation.officers.set([gone])
    delegation.contact_email = ""
    assert correspondence.addresses_of(delegation) == []


def test_the_contact_is_called_else_the_head(delegation: Delegation, make_attendee: MakeAttendee) -> None:
    assert correspondence.phone_of(delegation) == ""
    delegation.head = make_attendee(delegation, phone="+84912345678")
    assert correspondence.phone_of(delegation) == "+84912345678"
    delegation.contact_phone = "+84987654321"
    assert correspondence.phone_of(delegation) == "+84987654321"


def test_the_newest_good_link_is_used_again(delegation: Delegation, olga: User) -> None:
    first = correspondence.answer_link(delegation, by=olga)
    assert correspondence.answer_link(delegation, by=None) == first
    links.revoke(first, by=olga)
    second = correspondence.answer_link(delegation, by=olga)
    assert second != first
    Link.objects.filter(pk=second.pk).update(token_hash="0" * 64)  # made under a key that is gone
    assert correspondence.answer_link(delegation, by=olga) not in (first, second)


def test_the_same_holds_for_the_page_of_a_person(
    delegation: Delegation, make_attendee: MakeAttendee, settings: LazySettings
) -> None:
    person = make_attendee(delegation)
    first = correspondence.personal_link(person, by=None)
    assert correspondence.personal_link(person, by=None) == first
    settings.SECRET_KEY = "another key, long enough for every check"
    second = correspondence.personal_link(person, by=None)
    assert second != first
    assert links.address_for(second.pk)


# ── What stands in the places ─────────────────────────────────────────────────────────────────────


def test_values_are_words_of_offices(
    delegation: Delegation, department: Category, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation)
    values = correspondence.values_of(delegation)
    assert values["don_vi"] == "Ủy ban nhân dân tỉnh Lâm Đồng"
    assert (values["doan"], values["nguoi_nhan"]) == ("tỉnh Lâm Đồng", values["don_vi"])
    assert values["han_tra_loi"] == "17 giờ 00 phút, thứ Sáu, ngày 31 tháng 5 năm 2024"
    assert values["con_lai"] == "còn 1 ngày 1 giờ"
    assert (values["suat"], values["da_cu"]) == ("04", "01")
    assert values["thanh_phan"] == "- Sở Thông tin và Truyền thông: 03 đại biểu\n- Báo, Đài tỉnh: 01 đại biểu"
    assert values["con_thieu"] == (
        "- Sở Thông tin và Truyền thông: chưa cử 02 người\n"
        "- Báo, Đài tỉnh: chưa cử 01 người\n"
        "- 01 người đã cử, chờ đoàn xác nhận"
    )
    assert values["hoi_nghi"] == delegation.conference.title
    assert values["ten_ngan"] == "Hội nghị tập huấn truyền thông quảng bá hình ảnh Việt Nam"
    assert values["thoi_gian"] == "từ ngày 06 đến ngày 07 tháng 6 năm 2024"


def test_what_is_left_counts_from_the_hour_at_which_the_letter_leaves(delegation: Delegation) -> None:
    hour = delegation.deadline + datetime.timedelta(hours=2)
    assert correspondence.values_of(delegation, at=hour)["con_lai"] == "đã quá hạn 2 giờ"


def test_letters_are_in_vietnamese_whoever_drafts_them(
    delegation: Delegation, olga: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation, honorific="ong", email="an@lamdong.example")
    with translation.override("en"):
        assert correspondence.values_of(delegation)["con_lai"] == "còn 1 ngày 1 giờ"
        made = correspondence.draft_personal(delegation.conference, [person], by=olga)
    letter = made.messages.get()
    assert (letter.values["nguoi_nhan"], letter.recipient_name) == ("Ông Nguyễn Văn An", "Ông Nguyễn Văn An")


def test_an_own_deadline_and_a_list_given_back_are_told(delegation: Delegation, olga: User) -> None:
    until = delegation.deadline + datetime.timedelta(days=2)
    answers.extend(delegation, until, by=olga)
    delegation.refresh_from_db()
    delegation.review, delegation.review_remark = Delegation.Review.RETURNED, "Thiếu chức vụ."
    values = correspondence.values_of(delegation)
    assert "ngày 02 tháng 6 năm 2024" in values["han_tra_loi"]
    assert values["con_thieu"].startswith("- Danh sách được trả lại để bổ sung: Thiếu chức vụ.\n")


def test_a_full_list_that_was_not_sent_says_so(delegation: Delegation, make_attendee: MakeAttendee) -> None:
    delegation.quotas.all().delete()
    make_attendee(delegation, status="confirmed")
    assert correspondence.values_of(delegation)["con_thieu"] == "- Danh sách chưa được gửi cho Ban Tổ chức"


def test_cities_and_central_bodies_have_their_own_names(
    delegation: Delegation, conference: Conference
) -> None:
    central = Delegation(conference=conference, name="Ban Đối ngoại Trung ương", code="bdn")
    assert correspondence.office_of(central) == correspondence.name_of(central) == "Ban Đối ngoại Trung ương"
    assert delegation.unit is not None
    delegation.unit.name, delegation.unit.kind = "Hồ Chí Minh", "city"
    assert correspondence.office_of(delegation) == "Ủy ban nhân dân Thành phố Hồ Chí Minh"


@pytest.mark.parametrize("kind", mail_kinds.KINDS, ids=lambda kind: kind.slug)
def test_every_kind_has_a_text_that_it_allows(kind: kinds.Kind) -> None:
    text = wording.check(kind, wording.Text(kind.subject, kind.body))
    shown = wording.example(kind, text)
    assert "{" not in shown.subject + shown.body
    assert "{link}" in kind.body


def test_the_values_fill_the_places_of_every_kind(
    delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    known = set(correspondence.values_of(delegation)) | {"link"}
    for kind in mail_kinds.KINDS:
        if kind.slug != mail_kinds.PERSONAL:
            own = {"so_van_ban", "ma", "lan", "luc_gui", "noi_dung", "nhan_xet"}
            assert set(kind.placeholders) - known <= own


# ── Letters that leave by themselves ──────────────────────────────────────────────────────────────


def test_who_sends_an_answer_gets_a_receipt_by_mail(
    delegation: Delegation,
    dan: User,
    make_attendee: MakeAttendee,
    server: MailServer,
) -> None:
    make_attendee(delegation)
    answers.confirm(delegation, by=dan)
    send_all()
    (letter,) = server.received
    receipt = Receipt.objects.get()
    assert letter.to == ("dan@hoinghi.example",)
    assert str(letter.message["Subject"]).startswith("Biên nhận trả lời của Đoàn tỉnh Lâm Đồng: Hội nghị")
    assert f"Mã biên nhận: {codes.group(receipt.code)}" in letter.text
    assert "lần 1, lúc 16 giờ 00 phút, thứ Năm, ngày 30 tháng 5 năm 2024." in letter.text
    assert "Cử 01 đại biểu, 00 suất không cử." in letter.text
    assert links.address_for(Link.objects.get().pk) in letter.text
    (paper,) = letter.message.iter_attachments()
    assert (paper.get_content_type(), paper.get_content()[:5]) == ("application/pdf", b"%PDF-")


def test_a_receipt_promises_no_time_that_is_over(
    delegation: Delegation, olga: User, make_attendee: MakeAttendee, server: MailServer
) -> None:
    make_attendee(delegation)
    Conference.objects.update(demo_now=delegation.conference.confirm_by + datetime.timedelta(hours=1))
    answers.confirm(delegation, by=olga)
    send_all()
    said = " ".join(server.received[0].text.split())
    assert "còn sửa được" not in said
    assert "Hạn sửa danh sách: 17 giờ 00 phút, thứ Sáu, ngày 31 tháng 5 năm 2024." in said


def test_a_refusal_gets_its_receipt_too(
    delegation: Delegation,
    dan: User,
    server: MailServer,
) -> None:
    answers.decline(delegation, "Bận chống bão", by=dan)
    send_all()
    assert "Không cử đoàn. Lý do: Bận chống bão" in server.received[0].text


def test_what_the_organisers_say_reaches_the_delegation(
    delegation: Delegation,
    dan: User,
    olga: User,
    make_attendee: MakeAttendee,
    server: MailServer,
) -> None:
    make_attendee(delegation)
    answers.confirm(delegation, by=dan)
    answers.return_with(delegation, "Thiếu chức vụ của một đại biểu.", by=olga)
    answers.confirm(delegation, by=dan)
    answers.accept(delegation, by=olga)
    answers.accept(delegation, by=olga)
    send_all()
    subjects = [str(one.message["Subject"]).partition(":")[0] for one in server.received]
    assert subjects == [
        "Biên nhận trả lời của Đoàn tỉnh Lâm Đồng",
        "Đề nghị bổ sung danh sách đại biểu Đoàn tỉnh Lâm Đồng",
        "Biên nhận trả lời của Đoàn tỉnh Lâm Đồng",
        "Đã tiếp nhận danh sách đại biểu Đoàn tỉnh Lâm Đồng",
    ]
    assert "Thiếu chức vụ của một đại biểu." in server.received[1].text


def test_such_letters_stand_in_the_journal_of_the_delegation(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation)
    answers.confirm(delegation, by=dan)
    entry = JournalEntry.objects.get(act="send_mail")
    assert (entry.delegation_ref, entry.actor_name) == (delegation.pk, "Hệ thống")


def test_an_answer_never_fails_because_of_the_letter_about_it(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee, conference: Conference
) -> None:
    MessageTemplate.objects.create(
        conference=conference, kind=mail_kinds.RECEIPT, subject="{la}", body="{la}"
    )
    make_attendee(delegation)
    assert answers.confirm(delegation, by=dan) == 1
    assert not Message.objects.exists()
    delegation.refresh_from_db()
    assert delegation.status == Delegation.Status.CONFIRMED


def test_nobody_is_written_to_without_an_address(
    delegation: Delegation, olga: User, make_attendee: MakeAttendee
) -> None:
    delegation.officers.clear()
    make_attendee(delegation)
    answers.confirm(delegation, by=olga)
    assert (Message.objects.count(), Link.objects.count(), Receipt.objects.count()) == (0, 0, 1)


def test_an_answer_that_is_refused_writes_nothing(delegation: Delegation, dan: User) -> None:
    with pytest.raises(ValidationError):
        answers.confirm(delegation, by=dan)
    assert not Message.objects.exists()


def test_a_stopped_conference_answers_and_sends_later(
    delegation: Delegation,
    dan: User,
    make_attendee: MakeAttendee,
    server: MailServer,
) -> None:
    outbox.hold(delegation.conference, by=None, reason="x")
    make_attendee(delegation)
    answers.confirm(delegation, by=dan)
    send_all()
    assert server.received == []
    outbox.release(delegation.conference, by=None)
    send_all()
    assert len(server.received) == 1


# ── To people ─────────────────────────────────────────────────────────────────────────────────────


def test_people_with_an_address_get_their_own_link(
    delegation: Delegation,
    olga: User,
    make_attendee: MakeAttendee,
    server: MailServer,
) -> None:
    an = make_attendee(delegation, "Nguyễn Văn An", email="an@hoinghi.example", honorific="ong")
    make_attendee(delegation, "Trần Thị Bình")
    gone = make_attendee(delegation, "Lê Văn Cường", email="cuong@hoinghi.example", status="declined")
    mailing = correspondence.draft_personal(delegation.conference, [an, gone], by=olga)
    outbox.approve(mailing, by=olga)
    send_all()
    (letter,) = server.received
    assert letter.to == ("an@hoinghi.example",)
    assert f"Mã đại biểu: {codes.group(an.code)}" in letter.text
    link = Link.objects.get(attendee=an)
    assert links.address_for(link.pk) in letter.text
    assert letter.text.startswith("Kính gửi: Ông Nguyễn Văn An\n")


@pytest.fixture
def waiting(delegation: Delegation, olga: User, make_attendee: MakeAttendee) -> dict[str, Attendee]:
    """Two people to each of whom an approved letter with the own link waits."""
    people = {
        name: make_attendee(delegation, f"Nguyễn Văn {name}", email=f"{name}@hoinghi.example")
        for name in ("an", "ba")
    }
    made = correspondence.draft_personal(delegation.conference, list(people.values()), by=olga)
    outbox.approve(made, by=olga)
    return people


def letter_to(person: Attendee) -> Message:
    return Message.objects.get(subject_ref=correspondence.ref_of(person))


def test_a_letter_with_a_link_goes_to_no_address_that_was_corrected_since(
    waiting: dict[str, Attendee], dan: User, olga: User, server: MailServer
) -> None:
    answers.edit(waiting["an"], by=dan, email="dung@hoinghi.example")
    answers.edit(waiting["ba"], by=dan, email="BA@hoinghi.example")  # the same, written otherwise
    send_all()
    assert [one.to for one in server.received] == [("ba@hoinghi.example",)]
    stopped = letter_to(waiting["an"])
    sentence = "Địa chỉ trong thư khác địa chỉ đang ghi. Soạn lại, hoặc gửi lại tới địa chỉ đang ghi."
    assert (stopped.state, stopped.error) == ("failed", sentence)
    with pytest.raises(MailError, match=sentence):
        outbox.resend(stopped, by=olga, to=["khac@hoinghi.example"])
    outbox.resend(stopped, by=olga, to=["dung@hoinghi.example"])
    send_all()
    assert [one.to for one in server.received[1:]] == [("dung@hoinghi.example",)]


def test_the_office_gets_no_link_of_a_person(
    waiting: dict[str, Attendee], dan: User, server: MailServer
) -> None:
    delegation = waiting["an"].delegation
    Delegation.objects.filter(pk=delegation.pk).update(contact_email="an@hoinghi.example")
    answers.edit(waiting["an"], by=dan, email="dung@hoinghi.example")
    send_all()
    assert [one.to for one in server.received] == [("ba@hoinghi.example",)]


@pytest.mark.parametrize("how", ["declined", "replaced", "removed"])
def test_who_does_not_come_any_more_gets_no_letter(
    how: str, waiting: dict[str, Attendee], dan: User, server: MailServer
) -> None:
    acts: dict[str, Any] = {
        "declined": lambda: answers.decline_person(waiting["an"], "Bận họp", by=dan),
        "replaced": lambda: answers.replace(waiting["an"], by=dan, full_name="Trần Thị Thay"),
        "removed": lambda: answers.remove(waiting["an"], by=dan),
    }
    acts[how]()
    send_all()
    assert [one.to for one in server.received] == [("ba@hoinghi.example",)]
    stopped = letter_to(waiting["an"])
    sentence = "Đại biểu không còn giữ suất. Có người thay thì soạn thư cho người đó."
    assert (stopped.state, stopped.error) == ("cancelled", sentence)


def test_an_address_that_is_corrected_while_its_letter_is_put_together_stops_it(
    waiting: dict[str, Attendee], server: MailServer, settings: LazySettings
) -> None:
    settings.MAIL_SECRETS = {"link": f"{__name__}.link_while_the_address_is_corrected"}
    send_all()
    assert [one.to for one in server.received] == [("ba@hoinghi.example",)]
    assert letter_to(waiting["an"]).state == "failed"


def link_while_the_address_is_corrected(pk: int) -> str:
    person = Link.objects.get(pk=pk).attendee
    assert person is not None
    if person.full_name.endswith("an"):
        answers.edit(person, by=None, email="dung@hoinghi.example")
    return "https://hoinghi.example/l/x"


def test_a_withdrawn_link_fails_its_letter_with_a_sentence(
    delegation: Delegation,
    olga: User,
    make_attendee: MakeAttendee,
    server: MailServer,
) -> None:
    an = make_attendee(delegation, email="an@hoinghi.example")
    outbox.approve(correspondence.draft_personal(delegation.conference, [an], by=olga), by=olga)
    links.revoke(Link.objects.get(), by=olga)
    send_all()
    message = Message.objects.get()
    assert (message.state, server.received) == ("failed", [])
    assert message.error == "Liên kết này đã thu hồi. Lập liên kết mới."


def test_no_token_stands_in_a_row(delegation: Delegation, dan: User, make_attendee: MakeAttendee) -> None:
    make_attendee(delegation)
    answers.confirm(delegation, by=dan)
    token: Any = links.token_of(Link.objects.get())
    for model in (Message, JournalEntry, Receipt, Link):
        assert token not in str(list(model.objects.values()))
    assert Attendee.objects.count() == 1
    assert timezone.now() > Message.objects.get().created_at
