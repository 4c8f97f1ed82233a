"""The rules of signing up, one by one."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from attendees import answers
from attendees.holding import Stale
from attendees.models import Attendee, Delegation
from conference.models import Conference, JournalEntry, User
from mailing import outbox, sending
from mailing.models import Message, State
from sessions import offers, planning, signing_up, sweeping
from sessions.models import Hall, Session, SignUp
from sessions.scheduling import Kind
from tests.conftest import VN, MakeAttendee, publish
from tests.sessions.choosing import at, bearer, crowd, parallel, queue, stands, taken
from tests.sessions.plans import move, session, speaks
from tests.smtp import MailServer
from tests.smtp import server as server  # fixtures
from tests.smtp import silent_bell as silent_bell

Parallel = dict[str, Session]


@pytest.fixture
def beside(conference: Conference) -> Parallel:
    """Two sessions of two places at one time."""
    return parallel(conference, a=2, b=2)


@pytest.fixture
def people(beside: Parallel, delegation: Delegation, make_attendee: MakeAttendee) -> list[Attendee]:
    return crowd(make_attendee, delegation, 5)


def sign_up(person: Attendee, code: str, **more: Any) -> signing_up.Moved:
    return signing_up.sign_up(person, code, by=bearer(person), **more)


def refused(act: Any) -> tuple[str, str]:
    """The code and the sentence of what is refused."""
    with pytest.raises(ValidationError) as caught:
        act()
    return str(getattr(caught.value, "code", "")), caught.value.messages[0]


# ── Places and queue ──────────────────────────────────────────────────────────────────────────────


def test_places_go_to_who_comes_first_and_the_others_wait_in_turn(people: list[Attendee]) -> None:
    states = [sign_up(person, "a").row.state for person in people]
    assert states == ["taken", "taken", "waiting", "waiting", "waiting"]
    assert (taken("a"), queue("a")) == (
        ["Người thứ 1", "Người thứ 2"],
        ["Người thứ 3", "Người thứ 4", "Người thứ 5"],
    )


def test_who_speaks_elsewhere_at_that_time_has_no_place_here(
    people: list[Attendee], beside: Parallel
) -> None:
    speaker = people[0]
    speaks(speaker, beside["b"])
    publish(speaker.conference)
    code, sentence = refused(lambda: sign_up(speaker, "a"))
    assert code == "part"
    assert "có phần tham gia ở “Quảng bá địa phương” (09:00–10:00)" in sentence
    assert sign_up(speaker, "b").row.state == "taken", "in the own session a place may be taken"


def test_signing_up_twice_is_signing_up_once(people: list[Attendee]) -> None:
    first, second = (sign_up(people[0], "a").row for _ in range(2))
    assert first == second
    assert JournalEntry.objects.filter(act="sign_up").count() == 1


def test_a_place_that_is_given_up_goes_to_who_waits_longest(people: list[Attendee]) -> None:
    for person in people:
        sign_up(person, "a")
    assert signing_up.give_up(people[0], "a", by=bearer(people[0])) == ["Truyền thông chính sách"]
    assert (taken("a"), queue("a")) == (
        ["Người thứ 2", "Người thứ 3"],
        ["Người thứ 4", "Người thứ 5"],
    )
    assert signing_up.give_up(people[0], "a", by=bearer(people[0])) == []


def test_who_comes_back_stands_at_the_end(people: list[Attendee]) -> None:
    for person in people[:4]:
        sign_up(person, "a")
    signing_up.give_up(people[2], "a", by=bearer(people[2]))
    sign_up(people[2], "a")
    assert queue("a") == ["Người thứ 4", "Người thứ 3"]


def test_the_number_of_places_is_that_of_the_hall_unless_another_is_said(
    conference: Conference, hall: Hall
) -> None:
    one = session(conference, "x", 9, 10, hall=hall, sign_up=True)
    assert one.capacity == 400
    one.places = 30
    assert one.capacity == 30
    assert session(conference, "y", 9, 10, sign_up=True).capacity is None


def test_a_session_without_a_number_of_places_is_asked_for_one(conference: Conference, hall: Hall) -> None:
    one = session(conference, "x", 9, 10, sign_up=True)
    with pytest.raises(ValidationError) as caught:
        one.full_clean()
    assert caught.value.message_dict == {
        "places": ["Nhập số chỗ đăng ký: phiên chưa có hội trường, hoặc hội trường chưa ghi số chỗ."]
    }
    one.hall = hall
    one.full_clean()


def test_an_act_asks_as_many_questions_however_many_take_part(
    people: list[Attendee], beside: Parallel, make_attendee: MakeAttendee
) -> None:
    def asked(person: Attendee) -> int:
        with CaptureQueriesContext(connection) as caught:
            sign_up(person, "a")
        return len(caught)

    sign_up(people[0], "a")
    few = asked(people[1])
    move(beside["a"], places=100)
    for number in range(30):
        sign_up(make_attendee(people[0].delegation, f"Thêm {number}"), "a")
    assert asked(people[2]) == few < 30


# ── One place at a time ───────────────────────────────────────────────────────────────────────────


def test_a_second_place_at_the_same_time_is_refused_with_the_name_of_the_first(
    people: list[Attendee],
) -> None:
    sign_up(people[0], "a")
    assert refused(lambda: sign_up(people[0], "b")) == (
        "overlap",
        "Đã có chỗ ở “Truyền thông chính sách” (09:00–10:00), trùng giờ. Chuyển sang phiên này hoặc giữ "
        "phiên đó.",
    )
    assert stands(people[0]) == {"a": "taken"}


def test_who_moves_leaves_the_old_place_to_who_waits_for_it(people: list[Attendee]) -> None:
    for person in people[:3]:
        sign_up(person, "a")
    moved = sign_up(people[0], "b", move=True)
    assert (moved.row.state, moved.left) == ("taken", ["Truyền thông chính sách"])
    assert (taken("a"), taken("b"), queue("a")) == (
        ["Người thứ 2", "Người thứ 3"],
        ["Người thứ 1"],
        [],
    )


def test_the_old_place_is_kept_where_the_new_one_is_full(people: list[Attendee]) -> None:
    sign_up(people[0], "b")
    sign_up(people[1], "b")
    sign_up(people[2], "a")
    moved = sign_up(people[2], "b", move=True)
    assert (moved.row.state, moved.left) == ("waiting", [])
    assert stands(people[2]) == {"a": "taken", "b": "waiting"}


def test_when_the_turn_comes_the_old_place_is_passed_on_too(people: list[Attendee]) -> None:
    """A chain: 1 leaves b, 3 moves from a to b, 5 gets the place in a."""
    for number, code in ((0, "b"), (1, "b"), (2, "a"), (3, "a")):
        sign_up(people[number], code)
    sign_up(people[2], "b", move=True)
    sign_up(people[4], "a")
    signing_up.give_up(people[0], "b", by=bearer(people[0]))
    assert [stands(person) for person in people] == [
        {}, {"b": "taken"}, {"b": "taken"}, {"a": "taken"}, {"a": "taken"},
    ]  # fmt: skip


def test_two_who_wait_for_each_others_place_swap_when_a_third_one_leaves(people: list[Attendee]) -> None:
    for number, code in ((0, "a"), (1, "a"), (2, "b"), (3, "b")):
        sign_up(people[number], code)
    sign_up(people[0], "b", move=True)
    sign_up(people[2], "a", move=True)
    assert (queue("a"), queue("b")) == (["Người thứ 3"], ["Người thứ 1"])
    signing_up.give_up(people[3], "b", by=bearer(people[3]))
    assert (stands(people[0]), stands(people[2])) == ({"b": "taken"}, {"a": "taken"})


def test_one_waits_for_one_session_at_a_time(conference: Conference, people: list[Attendee]) -> None:
    for number, code in ((0, "a"), (1, "a"), (2, "b"), (3, "b")):
        sign_up(people[number], code)
    sign_up(people[4], "a")
    assert refused(lambda: sign_up(people[4], "b"))[1].startswith("Đang chờ chỗ ở “Truyền thông chính sách”")
    assert sign_up(people[4], "b", move=True).left == ["Truyền thông chính sách"]
    assert stands(people[4]) == {"b": "waiting"}


def test_a_long_session_stands_in_the_way_of_both_beside_it(
    conference: Conference, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    for code, starts, ends in (("dai", 8, 12), ("som", 8, 10), ("muon", 10, 12)):
        session(conference, code, starts, ends, sign_up=True, places=1)
    publish(conference)
    person = make_attendee(delegation)
    sign_up(person, "som")
    sign_up(person, "muon")
    assert stands(person) == {"muon": "taken", "som": "taken"}
    assert sorted(sign_up(person, "dai", move=True).left) == ["muon", "som"]
    assert stands(person) == {"dai": "taken"}


# ── Who, and until when ───────────────────────────────────────────────────────────────────────────


def test_officers_and_organisers_sign_people_up_and_strangers_do_not(
    people: list[Attendee], dan: User, mai: User, olga: User, victor: User
) -> None:
    signing_up.sign_up(people[0], "a", by=dan)
    signing_up.sign_up(people[1], "a", by=olga)
    for other in (mai, victor, bearer(people[3])):
        with pytest.raises(PermissionDenied):
            signing_up.sign_up(people[2], "a", by=other)
        with pytest.raises(PermissionDenied):
            signing_up.give_up(people[0], "a", by=other)
    assert list(SignUp.objects.values_list("made_by", flat=True)) == ["Dan", "Olga"]


def test_after_the_last_moment_only_organisers_sign_up_and_everybody_may_give_up(
    beside: Parallel, people: list[Attendee], olga: User
) -> None:
    sign_up(people[0], "a")
    move(beside["a"], sign_up_until=datetime.datetime(2024, 5, 30, 12, tzinfo=VN))
    assert refused(lambda: sign_up(people[1], "a")) == (
        "closed", "Đã hết hạn đăng ký lúc 12:00, thứ Năm, 30/5/2024. Gọi Ban Tổ chức.",
    )  # fmt: skip
    signing_up.sign_up(people[1], "a", by=olga)
    signing_up.give_up(people[0], "a", by=bearer(people[0]))
    assert taken("a") == ["Người thứ 2"]


def test_from_its_beginning_on_nobody_but_organisers_changes_anything(
    conference: Conference, people: list[Attendee], olga: User
) -> None:
    for person in people[:3]:
        sign_up(person, "a")
    at(conference, 9)
    people = [Attendee.objects.get(pk=person.pk) for person in people]
    assert refused(lambda: sign_up(people[3], "b"))[0] == "closed"
    assert refused(lambda: signing_up.give_up(people[0], "a", by=bearer(people[0])))[0] == "closed"
    signing_up.give_up(people[0], "a", by=olga)
    assert queue("a") == ["Người thứ 3"]  # nobody is called into a session that runs


@pytest.mark.parametrize("fields", [{"sign_up": False}, {"places": None}])
def test_a_session_that_takes_nobody_says_so(
    beside: Parallel, people: list[Attendee], olga: User, fields: dict[str, Any]
) -> None:
    move(beside["a"], **fields)
    assert refused(lambda: sign_up(people[0], "a")) == ("closed", "Phiên này không nhận đăng ký.")
    assert refused(lambda: signing_up.sign_up(people[0], "a", by=olga))[0] == "closed"


def test_only_what_was_released_can_be_signed_up_to(conference: Conference, people: list[Attendee]) -> None:
    session(conference, "nhap", 14, 15, sign_up=True, places=5)
    assert refused(lambda: sign_up(people[0], "nhap"))[0] == "gone"
    assert [one.codes for one in offers.read(conference)] == [("a", "b")]
    publish(conference)
    assert sign_up(people[0], "nhap").row.state == "taken"


def test_who_has_no_seat_signs_up_to_nothing(people: list[Attendee], olga: User) -> None:
    Attendee.objects.filter(pk=people[0].pk).update(status="declined")
    assert refused(lambda: sign_up(people[0], "a"))[0] == "replaced"


def test_a_page_that_is_old_changes_nothing(people: list[Attendee], dan: User) -> None:
    sign_up(people[0], "a")
    with pytest.raises(Stale):
        signing_up.sign_up(people[0], "b", by=dan, move=True, seen="")
    with pytest.raises(Stale):
        signing_up.give_up(people[0], "a", by=dan, seen="b:taken")
    signing_up.sign_up(people[0], "b", by=dan, move=True, seen="a:taken")
    assert stands(people[0]) == {"b": "taken"}


# ── More than there are ───────────────────────────────────────────────────────────────────────────


def test_organisers_let_in_more_than_there_are_places_with_a_reason(
    people: list[Attendee], olga: User, dan: User
) -> None:
    for person in people[:4]:
        sign_up(person, "a")
    with pytest.raises(PermissionDenied):
        signing_up.sign_up(people[4], "a", by=dan, beyond="Khách mời")
    signing_up.sign_up(people[4], "a", by=olga, beyond="Khách mời")
    signing_up.sign_up(people[3], "a", by=olga, beyond="Báo cáo viên")  # who waits already
    assert (taken("a"), queue("a")) == (
        ["Người thứ 1", "Người thứ 2", "Người thứ 5", "Người thứ 4"],
        ["Người thứ 3"],
    )
    told = JournalEntry.objects.filter(act="sign_up").order_by("-pk")[1]
    assert told.changes["reason"] == ["", "Khách mời"]
    signing_up.give_up(people[0], "a", by=olga)
    assert queue("a") == ["Người thứ 3"]  # three on two places: nobody moves up


# ── Who leaves ────────────────────────────────────────────────────────────────────────────────────


def test_who_is_declined_or_replaced_loses_the_place_to_who_waits(
    people: list[Attendee], dan: User, olga: User
) -> None:
    for person in people[:4]:
        sign_up(person, "a")
    answers.decline_person(people[0], "Bận việc", by=olga)
    substitute = answers.replace(people[1], by=olga, full_name="Người thay")
    assert sweeping.left_behind() == {(people[0].conference_id, "a")}
    sweeping.sweep()
    assert (taken("a"), queue("a")) == (["Người thứ 3", "Người thứ 4"], [])
    assert stands(substitute) == {}
    assert JournalEntry.objects.filter(act="lose_place").count() == 2
    assert (sweeping.left_behind(), sweeping.waited_for()) == (set(), set())


def test_nobody_jumps_the_queue_before_the_sweeper_comes(people: list[Attendee], olga: User) -> None:
    for person in people[:3]:
        sign_up(person, "a")
    answers.decline_person(people[0], "Bận việc", by=olga)
    assert sign_up(people[4], "a").row.state == "waiting"
    assert (taken("a"), queue("a")) == (["Người thứ 2", "Người thứ 3"], ["Người thứ 5"])


def test_who_is_sent_again_after_the_place_was_passed_on_has_none(people: list[Attendee], olga: User) -> None:
    for person in people[:3]:
        sign_up(person, "a")
    answers.decline_person(people[0], "Bận việc", by=olga)
    sweeping.sweep()
    people[0].delegation.quotas.update(seats=9)
    answers.confirm_person(Attendee.objects.get(pk=people[0].pk), by=olga)
    assert (stands(people[0]), len(taken("a"))) == ({}, 2)


def test_more_places_are_passed_on(beside: Parallel, people: list[Attendee]) -> None:
    for person in people:
        sign_up(person, "a")
    move(beside["a"], places=4)
    assert sweeping.waited_for() == {(people[0].conference_id, "a")}
    sweeping.sweep()
    assert (len(taken("a")), queue("a")) == (4, ["Người thứ 5"])


def test_fewer_places_take_none_away(beside: Parallel, people: list[Attendee]) -> None:
    for person in people[:3]:
        sign_up(person, "a")
    move(beside["a"], places=1)
    sweeping.sweep()
    assert (len(taken("a")), len(queue("a"))) == (2, 1)
    [slot] = offers.read(people[0].conference)
    offer, _b = slot.offers
    assert (offer.left, offer.over, offer.waiting) == (0, 1, 1)


def test_who_is_removed_from_the_list_takes_the_rows_along(people: list[Attendee], olga: User) -> None:
    for person in people[:3]:
        sign_up(person, "a")
    answers.remove(people[0], by=olga)
    sweeping.sweep()
    assert (taken("a"), queue("a")) == (["Người thứ 2", "Người thứ 3"], [])


def test_a_quiet_round_asks_two_questions(people: list[Attendee], django_assert_num_queries: Any) -> None:
    sign_up(people[0], "a")
    with django_assert_num_queries(2):
        sweeping.sweep()


# ── Letters ───────────────────────────────────────────────────────────────────────────────────────


def test_who_gets_a_place_finds_a_letter_that_waits_for_approval(people: list[Attendee], olga: User) -> None:
    for number, code in ((0, "a"), (1, "a"), (2, "b")):
        sign_up(people[number], code)
    Attendee.objects.filter(pk=people[2].pk).update(email="nguoi3@hoinghi.example")
    sign_up(people[2], "a", move=True)
    sign_up(people[3], "a")
    signing_up.give_up(people[0], "a", by=olga)
    signing_up.give_up(people[1], "a", by=olga)
    own, told = Message.objects.order_by("pk")
    assert (own.kind, own.to, own.state) == ("place", ["nguoi3@hoinghi.example"], State.DRAFT)
    assert own.values["da_nhuong"] == "Chỗ trước đây đã nhường lại: Quảng bá địa phương."
    assert own.values["luc_hop"] == "09:00–10:00, thứ Năm, 06/6/2024"
    assert (told.kind, told.to) == ("place-of-member", ["dan@hoinghi.example"])
    assert told.values["dia_chi"].endswith("/da-lat-2024/delegations/lam-dong/choices/")


def test_a_letter_about_a_place_does_not_leave_once_the_place_is_given_up(
    people: list[Attendee], olga: User, server: MailServer, silent_bell: Any
) -> None:
    for person in people:
        sign_up(person, "a")
    Attendee.objects.filter(pk=people[2].pk).update(email="nguoi3@hoinghi.example")
    signing_up.give_up(people[0], "a", by=olga)
    signing_up.give_up(people[1], "a", by=olga)
    outbox.approve(Message.objects.all(), by=olga)
    signing_up.give_up(people[2], "a", by=olga)
    own, told = Message.objects.exclude(state=State.DRAFT).order_by("pk")
    sending.send([own.pk, told.pk])
    own.refresh_from_db()
    assert (own.state, own.error) == (
        "cancelled",
        "Đại biểu không còn chỗ ở phiên này; không cần báo nữa.",
    )
    assert [one.to for one in server.received] == [("dan@hoinghi.example",)], "the other has the place"


def test_who_cannot_be_written_to_gets_the_place_all_the_same(people: list[Attendee], dan: User) -> None:
    people[0].delegation.officers.clear()
    for person in people[:3]:
        sign_up(person, "a")
    signing_up.give_up(people[0], "a", by=bearer(people[0]))
    assert (queue("a"), Message.objects.count()) == ([], 0)


# ── Versions of the programme ─────────────────────────────────────────────────────────────────────


def test_a_session_that_is_struck_out_frees_its_people_with_the_release(
    conference: Conference, beside: Parallel, people: list[Attendee], olga: User
) -> None:
    sign_up(people[0], "a")
    sign_up(people[1], "b")
    beside["a"].delete()
    assert stands(people[0]) == {"a": "taken"}  # what was announced stands until the next version
    assert refused(lambda: sign_up(people[2], "a"))[0] == "gone"
    publish(conference)
    assert (stands(people[0]), stands(people[1])) == ({}, {"b": "taken"})
    assert JournalEntry.objects.get(act="give_up").changes["reason"] == ["", "Phiên bị hủy"]


def test_a_session_that_is_struck_out_can_be_given_up_before_the_release(
    beside: Parallel, people: list[Attendee]
) -> None:
    sign_up(people[0], "a")
    beside["a"].delete()
    assert signing_up.give_up(people[0], "a", by=bearer(people[0])) == ["Truyền thông chính sách"]


def test_the_plan_warns_of_people_in_two_sessions_and_counts_queries(
    conference: Conference, beside: Parallel, hall: Hall, people: list[Attendee],
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    later = session(conference, "c", 10, 11, sign_up=True, places=9)
    publish(conference)
    for person in people[:2]:
        sign_up(person, "a")
        sign_up(person, "c")
    move(later, starts=datetime.time(9, 30), hall=hall)
    Hall.objects.update(capacity=1)
    with django_assert_num_queries(5):
        found = {one.kind: one.text for one in planning.findings(conference)}
    assert found[Kind.MEMBERS].startswith("2 người đăng ký cả hai phiên cùng lúc:")
    assert found[Kind.CAPACITY] == "Hội trường lớn có 1 chỗ, “c” dự kiến 2 người."


# ── In the database ───────────────────────────────────────────────────────────────────────────────


def test_the_database_holds_one_row_for_a_person_and_a_session(people: list[Attendee]) -> None:
    sign_up(people[0], "a")
    for fields in ({"code": "a", "state": "waiting"}, {"code": "b", "state": "maybe"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SignUp.objects.create(attendee=people[0], **fields)
