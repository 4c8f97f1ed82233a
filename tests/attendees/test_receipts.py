"""Receipts: what was sent is kept as it was sent."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from attendees import answers, codes, receipts
from attendees.models import Attendee, Category, Delegation, Receipt
from conference.models import User
from tests.conftest import MakeAttendee

pytestmark = pytest.mark.django_db


def test_sending_gives_a_receipt_with_the_list_as_it_was(
    delegation: Delegation, person: Attendee, dan: User, make_attendee: MakeAttendee
) -> None:
    gone = make_attendee(delegation, "Lê Văn Cường")
    answers.decline_person(gone, "Ốm", by=dan, and_seat=True)
    new = answers.replace(person, by=dan, reason="Đi học", full_name="Trần Quốc Hưng", honorific="ong")
    answers.choose_head(new, by=dan)
    answers.confirm(delegation, by=dan)
    receipt = Receipt.objects.get()
    assert (receipt.number, receipt.sent_by, receipt.sent_at) == (1, "Dan", delegation.conference.now())
    assert (len(receipt.code), set(receipt.code) <= set(codes.ALPHABET)) == (16, True)
    new.refresh_from_db()
    assert receipt.content["status"] == "confirmed"
    assert [(one["name"], one["status"], one["reason"]) for one in receipt.content["people"]] == [
        ("Ông Trần Quốc Hưng", "confirmed", ""),
        ("Lê Văn Cường", "declined", "Ốm"),
    ]
    assert receipt.content["people"][0] == {
        "code": new.code,
        "name": "Ông Trần Quốc Hưng",
        "title": "",
        "organisation": "",
        "category": "Sở Thông tin và Truyền thông",
        "status": "confirmed",
        "reason": "",
        "replaces": "Ông Nguyễn Văn An",
        "head": True,
    }
    assert receipt.content["seats"] == [
        {"category": "Sở Thông tin và Truyền thông", "seats": 3, "declined": 1, "reason": "Ốm"},
        {"category": "Báo, Đài tỉnh", "seats": 1, "declined": 0, "reason": ""},
    ]
    assert "+84" not in str(receipt.content), "no phone stands on a receipt"


def test_a_receipt_says_the_same_in_whichever_language_it_is_sent_and_read(
    delegation: Delegation, person: Attendee, dan: User
) -> None:
    with translation.override("en"):
        answers.confirm(delegation, by=dan)
    receipt = Receipt.objects.get()
    assert receipt.content["people"][0]["name"] == "Ông Nguyễn Văn An"
    for language in ("vi", "en"):
        with translation.override(language):
            assert receipts.is_current(receipt, Delegation.objects.get(pk=delegation.pk))
            answers.confirm(delegation, by=dan)
    assert Receipt.objects.count() == 1


def test_what_was_sent_twice_has_one_receipt(delegation: Delegation, person: Attendee, dan: User) -> None:
    for version in (1, 1, 2, None):
        answers.confirm(delegation, by=dan, version=version)
    assert Receipt.objects.count() == 1


def test_a_list_that_was_changed_is_sent_again_and_numbered_on(
    delegation: Delegation, person: Attendee, dan: User
) -> None:
    answers.confirm(delegation, by=dan)
    first = Receipt.objects.get()
    delegation = Delegation.objects.get(pk=delegation.pk)
    assert receipts.is_current(first, delegation)
    answers.edit(person, by=dan, position="Chánh Văn phòng")
    assert not receipts.is_current(first, delegation)
    answers.confirm(delegation, by=dan)
    second = receipts.last_of(delegation)
    assert second is not None
    assert (second.number, second.content["people"][0]["title"]) == (2, "Chánh Văn phòng")
    first.refresh_from_db()
    assert first.content["people"][0]["title"] == "Chuyên viên"
    assert second.code != first.code


def test_what_a_receipt_does_not_say_does_not_call_for_a_new_one(
    delegation: Delegation, person: Attendee, dan: User
) -> None:
    answers.confirm(delegation, by=dan)
    answers.edit(person, by=dan, phone="+84912345678")
    answers.confirm(delegation, by=dan)
    assert Receipt.objects.count() == 1


def test_a_delegation_that_is_not_sent_gets_a_receipt_too(
    delegation: Delegation, person: Attendee, dan: User
) -> None:
    for _ in range(2):
        answers.decline(delegation, "Trùng kỳ họp HĐND", by=dan)
    content = Receipt.objects.get().content
    assert (content["status"], content["reason"]) == ("declined", "Trùng kỳ họp HĐND")
    assert [one["status"] for one in content["people"]] == ["declined"]


def test_a_refused_answer_leaves_no_receipt(delegation: Delegation, department: Category, dan: User) -> None:
    with pytest.raises(ValidationError):
        answers.confirm(delegation, by=dan)
    person = answers.nominate(delegation, department, by=dan, full_name="Nguyễn Văn An")
    with pytest.raises(answers.Stale):
        answers.confirm(delegation, by=dan, version=1)
    assert (Receipt.objects.count(), person.status) == (0, "nominated")
