"""Papers that go with letters by mail: the same bytes as in the archive, and none that was withdrawn."""

import hashlib
import zipfile
from collections.abc import Callable

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from attendees import links
from attendees.models import Attendee, Delegation, Link
from conference.models import Conference, User
from documents import attachments, letters, storing
from documents.models import Document, Letter
from mailing.errors import MailError
from tests.documents import reading
from tests.documents.conftest import Ask, make_receipt
from tests.qr_reading import qr_codes

pytestmark = pytest.mark.django_db
Work = Callable[[Document], Document]


def test_the_mailing_finds_them_by_name() -> None:
    found = {name: import_string(dotted) for name, dotted in settings.MAIL_ATTACHMENTS.items()}
    assert {name: found[name] for name in ("letter", "receipt", "personal")} == {
        "letter": attachments.letter,
        "receipt": attachments.receipt,
        "personal": attachments.personal,
    }


@pytest.mark.parametrize(("kind", "slug"), [("giay-moi", "invitation"), ("cong-van", "nomination-request")])
def test_a_letter_has_the_same_bytes_in_the_mail_in_the_archive_and_a_week_later(
    conference: Conference, ask: Ask, work: Work, delegation: Delegation, olga: User, kind: str, slug: str
) -> None:
    everybody = list(conference.delegations.order_by("position"))
    issued = letters.issue(conference, kind, everybody, by=olga)
    links.make(delegation, Link.Purpose.ANSWER, by=olga)
    sent = {name: data for name, data, _type in (attachments.letter(letter.pk) for letter in issued)}
    document = work(ask(slug, each=True))
    with zipfile.ZipFile(storing.path(document.file)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == sent
    again = attachments.letter(issued[0].pk)
    assert hashlib.sha256(again[1]).digest() == hashlib.sha256(sent[again[0]]).digest()
    assert again[2] == "application/pdf"


def test_a_letter_names_its_file_after_delegation_and_number(
    conference: Conference, delegation: Delegation, olga: User
) -> None:
    [letter] = letters.issue(conference, Letter.Kind.INVITATION, [delegation], by=olga, first=87)
    name, data, _type = attachments.letter(letter.pk)
    assert name == "68 Đoàn tỉnh Lâm Đồng - Giấy mời 87 GM-BTTTT.pdf"
    assert "Số: 87/GM-BTTTT" in reading.text(data)
    assert "DỰ THẢO" not in reading.text(data)


def test_a_withdrawn_letter_does_not_leave(
    conference: Conference, delegation: Delegation, olga: User
) -> None:
    [letter] = letters.issue(conference, Letter.Kind.INVITATION, [delegation], by=olga)
    letters.withdraw(letter, "Đổi ngày họp", by=olga)
    with pytest.raises(MailError, match="đã thu hồi"):
        attachments.letter(letter.pk)
    with pytest.raises(MailError):
        attachments.letter(0)


def test_a_request_carries_the_code_of_the_newest_good_link(
    conference: Conference, delegation: Delegation, olga: User
) -> None:
    old, new = (links.make(delegation, Link.Purpose.ANSWER, by=olga) for _ in range(2))
    [letter] = letters.issue(conference, Letter.Kind.REQUEST, [delegation], by=olga)

    def code() -> list[str]:
        pdf = attachments.letter(letter.pk)[1]
        pages = len(reading.words(pdf) and {word.page for word in reading.words(pdf)})
        found = [qr_codes(reading.picture(pdf, page)) for page in range(1, pages + 1)]
        return [one.text for page in found for one in page]

    assert code() == [links.address_for(new.pk)]
    links.revoke(new, by=olga)
    assert code() == [links.address_for(old.pk)]
    links.revoke(old, by=olga)
    assert code() == []


def test_a_receipt_says_what_was_sent_under_its_code(people: list[Attendee], delegation: Delegation) -> None:
    receipt = make_receipt(delegation, 2)
    receipt.content["people"][0]["replaces"] = "Ông Nguyễn Tấn Lực"
    receipt.save()
    name, data, _type = attachments.receipt(receipt.pk)
    text = reading.text(data)
    assert name.startswith("68 Đoàn tỉnh Lâm Đồng - Biên nhận ")
    for part in (
        str(receipt), "02", "16 giờ 00 phút, thứ Năm, ngày 30 tháng 5 năm 2024",
        "Cử 03 đại biểu; không cử 01 suất",
        "Thay Ông Nguyễn Tấn Lực", "Trùng lịch công tác", "0123 4567 89ab cdef",
    ):  # fmt: skip
        assert reading.letters(part) in reading.letters(text)
    assert attachments.receipt(receipt.pk)[1] == data


def test_a_receipt_of_a_refusal_gives_the_reason(delegation: Delegation) -> None:
    receipt = make_receipt(delegation, status="declined", reason="Bận phòng, chống bão", seats=[])
    text = reading.text(attachments.receipt(receipt.pk)[1])
    assert "Không cử đoàn. Lý do: Bận phòng, chống bão" in text


def test_what_was_sent_stays_on_its_receipt_when_the_list_is_changed(
    people: list[Attendee], delegation: Delegation
) -> None:
    receipt = make_receipt(delegation, 2)
    before = attachments.receipt(receipt.pk)[1]
    delegation.attendees.update(full_name="Người khác")
    assert attachments.receipt(receipt.pk)[1] == before


def test_a_personal_sheet_carries_the_code_of_the_person_and_the_own_link(
    people: list[Attendee], olga: User
) -> None:
    link = links.make(people[0], Link.Purpose.PERSON, by=olga)
    _name, data, _type = attachments.personal(people[0].pk)
    assert [code.text for code in qr_codes(reading.picture(data))] == [links.address_for(link.pk)]
    assert f"{people[0].code[:4]}-{people[0].code[4:]}" in reading.text(data)
    with pytest.raises(MailError):
        attachments.personal(0)
