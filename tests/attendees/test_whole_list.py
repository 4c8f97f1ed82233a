"""The whole answer in one go: all or nothing, once, and by the same rules as the single acts."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from attendees import answers, whole_list
from attendees.models import Attendee, Category, Delegation, Receipt
from attendees.seats import Seats
from attendees.whole_list import Act, Said
from conference.models import JournalEntry, User
from tests.attendees.portal import close
from tests.conftest import MakeAttendee

pytestmark = pytest.mark.django_db

Status = Attendee.Status
KEY = uuid.UUID("00000000-0000-4000-8000-00000000000a")


@pytest.fixture
def press(delegation: Delegation) -> Category:
    return delegation.conference.categories.get(slug="press")


@pytest.fixture
def people(delegation: Delegation, make_attendee: MakeAttendee) -> list[Attendee]:
    """Three people on the three seats of the department, nobody of the press."""
    return [make_attendee(delegation, name) for name in ("Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường")]


def send(delegation: Delegation, said: list[Said], by: User | None = None, **more: Any) -> Receipt:
    shown = whole_list.signature(Seats(delegation))
    return whole_list.send(delegation, said, **{"by": by, "shown": shown, "key": KEY, "digest": "d", **more})


def replaced(person: Attendee, name: str = "Phạm Thị Dung", **more: Any) -> Said:
    fields = {"full_name": name, **more}
    return Said(f"p-{person.code}", Act.REPLACE, person.category, person, reason="Đi học", fields=fields)


def declined(person: Attendee, **more: Any) -> Said:
    return Said(f"p-{person.code}", Act.DECLINE, person.category, person, **{"reason": "Ốm", **more})


def nominated(category: Category, name: str = "Võ Văn Em", line: str = "s-press-1") -> Said:
    return Said(line, Act.NOMINATE, category, fields={"full_name": name})


def test_everything_is_said_at_once(
    delegation: Delegation, people: list[Attendee], press: Category, dan: User
) -> None:
    first, second, third = people
    said = [
        Said(f"p-{first.code}", Act.CONFIRM, first.category, first),
        nominated(press),
        replaced(second),
        declined(third, and_seat=True),
    ]
    receipt = send(delegation, said, by=dan)
    delegation.refresh_from_db()
    assert delegation.status == Delegation.Status.CONFIRMED
    assert [(one["name"], one["status"], one["replaces"]) for one in receipt.content["people"]] == [
        ("Nguyễn Văn An", "confirmed", ""),
        ("Phạm Thị Dung", "confirmed", "Trần Thị Bình"),
        ("Võ Văn Em", "confirmed", ""),
        ("Lê Văn Cường", "declined", ""),
    ]
    assert delegation.quotas.get(category=third.category).declined == 1
    second.refresh_from_db()
    assert (second.status, second.decline_reason, second.replaced_by_name) == (
        Status.REPLACED,
        "Đi học",
        "Dan",
    )
    assert set(JournalEntry.objects.values_list("act", flat=True)) == {
        "answer", "decline_seats", "make_link", "nominate", "replace", "send_mail", "status",
    }  # fmt: skip


def test_a_seat_that_one_line_frees_is_taken_by_another(
    delegation: Delegation, people: list[Attendee], department: Category, dan: User
) -> None:
    said = [nominated(department, line="s-department-1"), declined(people[0])]
    send(delegation, said, by=dan)
    assert delegation.attendees.confirmed().filter(category=department).count() == 3


def test_one_refusal_undoes_all_and_every_refusal_is_told_at_its_line(
    delegation: Delegation, people: list[Attendee], press: Category, dan: User
) -> None:
    before = list(Attendee.objects.order_by("pk").values())
    said = [
        replaced(people[0], phone="123"),
        declined(people[1], reason=" "),
        nominated(press, "Một"),
        nominated(press, "Hai", line="s-press-2"),
    ]
    with pytest.raises(whole_list.Refused) as refused:
        send(delegation, said, by=dan)
    told = {line: error.messages for line, error in refused.value.by_line.items()}
    assert set(told) == {f"p-{people[0].code}", f"p-{people[1].code}", "s-press-2"}
    assert told[f"p-{people[1].code}"] == ["Ghi lý do."]
    assert "Đã đủ số suất" in told["s-press-2"][0]
    assert list(Attendee.objects.order_by("pk").values()) == before
    assert (JournalEntry.objects.count(), Receipt.objects.count()) == (0, 0)
    delegation.refresh_from_db()
    assert (delegation.status, delegation.version) == (Delegation.Status.WAITING, 1)


def test_nobody_on_the_list_is_refused_as_by_the_button(
    delegation: Delegation, people: list[Attendee], dan: User
) -> None:
    with pytest.raises(ValidationError, match="Chưa có ai để xác nhận"):
        send(delegation, [declined(one) for one in people], by=dan)
    assert Attendee.objects.active().count() == 3


def test_a_page_sent_twice_has_one_effect(
    delegation: Delegation, people: list[Attendee], press: Category, dan: User
) -> None:
    said = [nominated(press), replaced(people[0]), declined(people[1])]
    shown = whole_list.signature(Seats(delegation))
    receipts = {send(delegation, said, by=dan, shown=shown) for _ in range(3)}
    assert len(receipts) == 1
    assert (Attendee.objects.count(), Receipt.objects.count()) == (5, 1)


def test_a_page_sent_again_with_other_words_is_stale(
    delegation: Delegation, people: list[Attendee], dan: User
) -> None:
    shown = whole_list.signature(Seats(delegation))
    send(delegation, [], by=dan, shown=shown)
    with pytest.raises(answers.Stale):
        send(delegation, [declined(people[0])], by=dan, shown=shown, digest="other")
    assert Attendee.objects.confirmed().count() == 3


def test_a_key_of_another_delegation_opens_nothing(
    delegation: Delegation, other_delegation: Delegation, people: list[Attendee], make_attendee: MakeAttendee
) -> None:
    make_attendee(other_delegation)
    send(other_delegation, [])
    with pytest.raises(answers.Stale):
        send(delegation, [])
    assert not delegation.receipts.exists()


@pytest.mark.parametrize("change", ["edit", "nominate", "replace", "decline", "empty"])
def test_a_list_that_somebody_changed_meanwhile_is_not_sent_unseen(
    delegation: Delegation, people: list[Attendee], press: Category, dan: User, olga: User, change: str
) -> None:
    shown = whole_list.signature(Seats(delegation))
    match change:
        case "edit":
            answers.edit(people[0], by=olga, position="Giám đốc")
        case "nominate":
            answers.nominate(delegation, press, by=olga, full_name="Võ Văn Em")
        case "replace":
            answers.replace(people[0], by=olga, full_name="Võ Văn Em")
        case "decline":
            answers.decline_person(people[0], "Ốm", by=olga)
        case "empty":
            answers.decline_seats(delegation, press, 1, "Không có", by=olga)
    with pytest.raises(answers.Stale):
        send(delegation, [declined(people[1])], by=dan, shown=shown)
    assert not Receipt.objects.exists()
    people[1].refresh_from_db()
    assert people[1].status == Status.NOMINATED


def test_after_the_deadline_and_for_others_nothing_is_sent(
    delegation: Delegation, people: list[Attendee], dan: User, mai: User
) -> None:
    with pytest.raises(PermissionDenied):
        send(delegation, [], by=mai)
    close(delegation)
    with pytest.raises(ValidationError, match="Đã quá hạn"):
        send(delegation, [], by=dan)
    assert not Receipt.objects.exists()
