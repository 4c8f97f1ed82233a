"""What an attendee asks to have put right, and what the organisers answer."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from attendees import corrections
from attendees.models import Attendee, Correction, Delegation
from conference.guests import Guest
from conference.models import JournalEntry, User
from tests.attendees.test_races import at_once
from tests.conftest import MakeAttendee

State = Correction.State


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation, position="Chuyên viên", phone="+84905123318")


@pytest.fixture
def pia(person: Attendee) -> Guest:
    """The person herself, by her link."""
    return Guest("Liên kết của Nguyễn Văn An", link_id=1, attendee_id=person.pk)


def acts() -> list[str]:
    return list(JournalEntry.objects.order_by("pk").values_list("act", flat=True))


def test_only_what_differs_is_asked_for_and_the_same_twice_is_one(person: Attendee, pia: Guest) -> None:
    wanted = {"position": "Trưởng phòng", "phone": "+84905123318"}
    first = corrections.ask(person, wanted, " Sửa  giúp ", by=pia)
    assert (first.wanted, first.text, first.state) == ({"position": "Trưởng phòng"}, "Sửa giúp", "waiting")
    assert corrections.ask(person, wanted, "Sửa giúp", by=pia) == first
    assert acts() == ["ask_correction"]
    entry = JournalEntry.objects.get()
    assert entry.changes == {"position": ["Chuyên viên", "Trưởng phòng"]}
    assert (entry.actor, entry.actor_name, entry.person_ref) == (None, str(pia), person.pk)


def test_nothing_wrong_is_no_request(person: Attendee, pia: Guest) -> None:
    with pytest.raises(ValidationError) as error:
        corrections.ask(person, {"position": "Chuyên viên"}, " ", by=pia)
    assert error.value.code == "empty"


def test_a_person_waits_for_an_answer_after_five_requests(person: Attendee, pia: Guest) -> None:
    for number in range(corrections.MOST_WAITING):
        corrections.ask(person, {}, f"Lần {number}", by=pia)
    with pytest.raises(ValidationError) as error:
        corrections.ask(person, {}, "Lần nữa", by=pia)
    assert error.value.code == "many"


def test_nobody_asks_for_somebody_else(
    person: Attendee, delegation: Delegation, make_attendee: MakeAttendee, pia: Guest
) -> None:
    other = make_attendee(delegation, "Lê Thị Khác")
    with pytest.raises(PermissionDenied):
        corrections.ask(other, {}, "Sửa", by=pia)
    with pytest.raises(PermissionDenied):
        corrections.ask(person, {}, "Sửa", by=Guest("", link_id=1, delegation_id=delegation.pk))
    with pytest.raises(TypeError):
        corrections.ask(person, {"badge_token": "X"}, "", by=pia)


def test_who_was_replaced_has_nothing_left_to_correct(person: Attendee, pia: Guest) -> None:
    Attendee.objects.update(status=Attendee.Status.REPLACED)
    with pytest.raises(ValidationError) as error:
        corrections.ask(person, {}, "Sửa", by=pia)
    assert error.value.code == "replaced"


def test_what_is_accepted_is_written_by_the_act_of_editing(person: Attendee, pia: Guest, olga: User) -> None:
    asked = corrections.ask(person, {"full_name": "Nguyễn Văn Ân", "position": "Trưởng phòng"}, "", by=pia)
    assert corrections.accept(asked, by=olga, remark="Đã sửa.") is True
    person.refresh_from_db()
    asked.refresh_from_db()
    assert (person.full_name, person.given_name, person.position) == ("Nguyễn Văn Ân", "Ân", "Trưởng phòng")
    assert (asked.state, asked.remark, asked.settled_by) == (State.DONE, "Đã sửa.", olga)
    assert acts() == ["ask_correction", "edit", "settle_correction"]
    assert corrections.accept(asked, by=olga) is False
    assert corrections.refuse(asked, "Muộn rồi", by=olga) is False


def test_a_refusal_needs_an_answer_and_changes_nothing(person: Attendee, pia: Guest, olga: User) -> None:
    asked = corrections.ask(person, {"position": "Bộ trưởng"}, "", by=pia)
    with pytest.raises(ValidationError):
        corrections.refuse(asked, "  ", by=olga)
    assert corrections.refuse(asked, "Chưa có quyết định.", by=olga) is True
    person.refresh_from_db()
    asked.refresh_from_db()
    assert (person.position, asked.state, asked.remark) == (
        "Chuyên viên", State.REFUSED, "Chưa có quyết định.",
    )  # fmt: skip


def test_what_cannot_be_written_leaves_the_request_waiting(person: Attendee, pia: Guest, olga: User) -> None:
    asked = corrections.ask(person, {"birth_year": 1850}, "", by=pia)
    with pytest.raises(ValidationError):
        corrections.accept(asked, by=olga)
    asked.refresh_from_db()
    assert asked.state == State.WAITING


def test_a_request_that_went_with_its_person_is_told_to_be_gone(
    person: Attendee, pia: Guest, olga: User
) -> None:
    asked = corrections.ask(person, {"position": "Chánh Văn phòng"}, "", by=pia)
    person.delete()
    for settle in (corrections.accept, partial(corrections.refuse, remark="Không còn")):
        with pytest.raises(ValidationError) as refused:
            settle(asked, by=olga)
        assert refused.value.code == "gone"


def test_who_was_taken_off_the_list_meanwhile_is_told_when_asking(person: Attendee, pia: Guest) -> None:
    Attendee.objects.filter(pk=person.pk).delete()
    for ask in (
        partial(corrections.ask, person, {"position": "Chánh Văn phòng"}, "", by=pia),
        partial(corrections.ask_erasure, person, "", by=pia),
    ):
        with pytest.raises(ValidationError) as refused:
            ask()
        assert refused.value.code == "gone"


def test_only_organisers_settle(person: Attendee, pia: Guest, victor: User, dan: User, mai: User) -> None:
    asked = corrections.ask(person, {}, "Sửa", by=pia)
    for nobody in (victor, dan, mai):
        with pytest.raises(PermissionDenied):
            corrections.accept(asked, by=nobody)


@pytest.mark.django_db(transaction=True)
def test_twelve_organisers_settle_one_request_once(person: Attendee, pia: Guest, olga: User) -> None:
    asked = corrections.ask(person, {"position": "Trưởng phòng"}, "", by=pia)
    outcomes = at_once(lambda n: corrections.accept(asked, by=olga))
    assert outcomes == {"done": 12}
    assert acts().count("settle_correction") == acts().count("edit") == 1


def test_requests_reach_the_desks_of_their_conference_only(
    person: Attendee, pia: Guest, olga: User, victor: User, dan: User, sam: User
) -> None:
    asked = corrections.ask(person, {}, "Sửa", by=pia)
    seen = {user: list(Correction.objects.visible_to(user)) for user in (olga, victor, dan, sam)}
    assert seen == {olga: [asked], victor: [asked], dan: [], sam: []}
