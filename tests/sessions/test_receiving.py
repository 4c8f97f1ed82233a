"""A delegation is received in one go: by the rules of one presence, whoever presses and however often."""

import threading
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from attendees import answers
from attendees.models import Attendee, Delegation
from conference.models import JournalEntry, User
from sessions import attending, receiving
from sessions.attending import Kind
from sessions.models import Arrival, Attendance, Session
from sessions.receiving import Kits
from tests.attendees.test_races import at_once, meeting
from tests.conftest import MakeAttendee
from tests.documents.test_inviting import a_lock_is_waited_for
from tests.patience import LONGEST, until
from tests.sessions.choosing import crowd

EVERYBODY = 3


@pytest.fixture
def people(opening: Session, delegation: Delegation, make_attendee: MakeAttendee) -> list[Attendee]:
    return crowd(make_attendee, delegation, EVERYBODY)


def receive(
    people: list[Attendee], by: User, *, key: uuid.UUID | None = None, **kits: object
) -> receiving.Received:
    """A press at the desk of the opening."""
    delegation = Delegation.objects.get(code="lam-dong")
    opening = Session.objects.select_related("conference").get(code="khai-mac")
    codes = [person.code for person in people]
    return receiving.receive(delegation, codes, opening, Kits(**kits), by=by, key=key or uuid.uuid4())


def kinds(done: receiving.Received) -> list[str]:
    return sorted(answer.kind.name for answer in done.answers)


# ── Many at once ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_record_all_follows_the_rules_of_record(
    people: list[Attendee], opening: Session, greta: User, olga: User, dan: User
) -> None:
    attending.record(people[0], opening, by=olga)
    substitute = answers.replace(people[1], by=None, full_name="Trần Quốc Hưng")
    answers.decline_person(people[2], "Ốm", by=None)
    said = attending.record_all([*people, substitute], opening, by=greta)
    assert [one.kind for one in said] == [Kind.AGAIN, Kind.REPLACED, Kind.WITHDRAWN, Kind.WELCOME]
    assert said[1].holder == substitute
    assert said[0].attendance.recorded_by == olga
    assert [(row.attendee, row.recorded_by) for row in Attendance.objects.order_by("pk")] == [
        (people[0], olga), (substitute, greta),
    ]  # fmt: skip
    with pytest.raises(PermissionDenied):
        attending.record_all(people, opening, by=dan)


@pytest.mark.django_db
def test_record_all_costs_the_same_for_one_and_for_many(people: list[Attendee], opening: Session) -> None:
    def cost(number: int) -> int:
        Attendance.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            attending.record_all(people[:number], opening, by=None)
        return len(queries)

    assert cost(1) == cost(EVERYBODY)


@pytest.mark.django_db
def test_record_all_refuses_people_of_another_conference(people: list[Attendee], opening: Session) -> None:
    people[1].conference_id = 0
    with pytest.raises(ValueError, match="another conference"):
        attending.record_all(people, opening, by=None)
    assert Attendance.objects.count() == 0


# ── One press ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_one_press_writes_people_and_kits_and_says_so(people: list[Attendee], greta: User) -> None:
    done = receive(people[:2], greta, taken_by=people[0], note=" Giao  tại sảnh ")
    row = Arrival.objects.get()
    assert (row.people, row.kits, row.taken_by, row.note) == (2, 2, people[0], "Giao tại sảnh")
    assert (row.recorded_by, row.session.code) == (greta, "khai-mac")
    assert receiving.sentence(done.arrival) == (
        "Đã ghi nhận 2 người của Đoàn tỉnh Lâm Đồng lúc 07:42, 2 bộ tài liệu."
    )
    assert receiving.missing(row.delegation, row.session) == 1
    entry = JournalEntry.objects.get(act="receive")
    assert (entry.actor, entry.delegation_ref) == (greta, row.delegation_id)
    assert entry.changes == {"people": [0, 2], "kits": [0, 2], "taken_by": ["", "Người thứ 1"]}


@pytest.mark.django_db
def test_the_rest_comes_later_and_the_kits_add_up(people: list[Attendee], greta: User) -> None:
    receive(people[:2], greta)
    done = receive(people, greta)
    assert kinds(done) == ["AGAIN", "AGAIN", "WELCOME"]
    assert (done.arrival.people, done.arrival.kits) == (1, 1)
    assert Arrival.objects.all().kits() == EVERYBODY


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kits", "said"),
    [
        (0, "Đã ghi nhận 3 người của Đoàn tỉnh Lâm Đồng lúc 07:42."),
        (7, "Đã ghi nhận 3 người của Đoàn tỉnh Lâm Đồng lúc 07:42, 7 bộ tài liệu."),
    ],
)
def test_the_desk_may_hand_out_another_number(
    people: list[Attendee], greta: User, kits: int, said: str
) -> None:
    assert receiving.sentence(receive(people, greta, number=kits).arrival) == said


@pytest.mark.django_db
def test_kits_alone_and_a_note_alone_are_kept(people: list[Attendee], greta: User) -> None:
    assert receiving.sentence(receive([], greta, number=2).arrival) == (
        "Đã giao 2 bộ tài liệu cho Đoàn tỉnh Lâm Đồng lúc 07:42."
    )
    assert receiving.sentence(receive([], greta, note="Đến muộn").arrival) == (
        "Đã lưu ghi chú về Đoàn tỉnh Lâm Đồng lúc 07:42."
    )


@pytest.mark.django_db
def test_an_empty_press_is_refused(people: list[Attendee], greta: User) -> None:
    for nothing in ({}, {"number": 0}, {"note": "  "}):
        with pytest.raises(ValidationError, match="Chưa chọn ai"):
            receive([], greta, **nothing)


@pytest.mark.django_db
def test_a_press_sent_twice_counts_once(people: list[Attendee], greta: User) -> None:
    key = uuid.uuid4()
    first, second = (receive(people, greta, key=key, number=5) for _ in range(2))
    assert first.arrival == second.arrival
    assert (Arrival.objects.all().kits(), Attendance.objects.count()) == (5, EVERYBODY)


@pytest.mark.django_db
def test_a_form_filled_anew_after_a_step_back_is_another_press(people: list[Attendee], greta: User) -> None:
    key = uuid.uuid4()
    receive(people[:1], greta, key=key)
    receive(people[1:], greta, key=key)
    assert list(Arrival.objects.order_by("pk").values_list("people", "kits")) == [(1, 1), (2, 2)]


@pytest.mark.django_db
def test_kits_counted_by_an_old_screen_are_not_noted_but_the_people_are(
    people: list[Attendee], greta: User, olga: User
) -> None:
    receive(people[:2], greta, number=2)
    late = receive(people, olga, number=3, shown=0)
    assert (late.too_many, late.arrival.people, late.arrival.kits) == (True, 1, 0)
    assert receive([], olga, number=1, shown=2).arrival.kits == 1


@pytest.mark.django_db
def test_who_was_just_replaced_is_told_and_the_others_are_written(
    people: list[Attendee], greta: User
) -> None:
    answers.replace(people[0], by=None, full_name="Trần Quốc Hưng", honorific="ong")
    answers.decline_person(people[1], "Ốm", by=None)
    done = receive(people, greta)
    assert [row.attendee for row in Attendance.objects.all()] == [people[2]]
    assert [receiving.refusal(one) for one in done.refused] == [
        "Chưa ghi nhận Người thứ 1: đã thay bằng Ông Trần Quốc Hưng. Thu thẻ cũ.",
        "Chưa ghi nhận Người thứ 2: đã rút khỏi danh sách đoàn. Gọi Ban Tổ chức.",
    ]


@pytest.mark.django_db
def test_nobody_of_another_delegation_comes_in_by_this_page(
    people: list[Attendee], other_delegation: Delegation, greta: User, make_attendee: MakeAttendee
) -> None:
    stranger = make_attendee(other_delegation, "Lê Văn Xa")
    assert receive([stranger], greta).answers == []
    assert Attendance.objects.count() == 0


@pytest.mark.django_db
def test_receiving_is_for_organisers_and_the_door(people: list[Attendee], dan: User, victor: User) -> None:
    for outsider in (dan, victor):
        with pytest.raises(PermissionDenied):
            receive(people, outsider)


@pytest.mark.django_db
def test_delegations_are_found_by_name_without_marks(
    delegation: Delegation, other_delegation: Delegation
) -> None:
    def found(text: str) -> list[str]:
        return [one.code for one in receiving.find_delegations(delegation.conference, text)]

    assert found("lam dong") == found("Tỉnh Lâm") == ["lam-dong"]
    assert found("quang") == ["quang-nam"]
    assert found("ong") == found(" ") == found("%") == []


# ── Races ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_two_desks_at_once_count_everybody_and_every_kit_once(people: list[Attendee], greta: User) -> None:
    assert at_once(lambda n: receive(people, greta), 8) == {"done": 8}
    assert Attendance.objects.count() == EVERYBODY
    assert list(Arrival.objects.values_list("people", "kits")) == [(EVERYBODY, EVERYBODY)]


@pytest.mark.django_db(transaction=True)
def test_one_press_sent_eight_times_at_once_is_one(people: list[Attendee], greta: User) -> None:
    key = uuid.uuid4()
    assert at_once(lambda n: receive(people, greta, key=key, number=4), 8) == {"done": 8}
    assert Arrival.objects.all().kits() == 4


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_desks_hand_out_too_much(people: list[Attendee], opening: Session) -> None:
    """The control: it shows that the race above is one."""
    held, all_have_asked = people[0].delegation, meeting(8)

    def naively(number: int) -> None:
        with transaction.atomic():
            new = receiving.missing(held, opening)
            all_have_asked()
            if new:
                Arrival.objects.create(delegation=held, session=opening, people=new, kits=new)

    at_once(naively, 8)
    assert Arrival.objects.all().kits() > EVERYBODY


@pytest.mark.django_db(transaction=True)
def test_a_list_and_single_doors_at_once_write_each_person_once(
    people: list[Attendee], opening: Session, greta: User
) -> None:
    """Single doors hold no lock: the list is overtaken in the middle and goes on."""
    welcomes: list[Kind] = []

    def act(number: int) -> None:
        if number % 2:
            welcomes.append(attending.record(people[number // 2 % EVERYBODY], opening, by=greta).kind)
        else:
            welcomes.extend(one.kind for one in receive(people, greta).answers)

    assert at_once(act, 12) == {"done": 12}
    assert Attendance.objects.count() == welcomes.count(Kind.WELCOME) == EVERYBODY
    assert Arrival.objects.all().kits() <= EVERYBODY


@pytest.mark.django_db(transaction=True)
def test_who_is_replaced_while_the_list_waits_is_not_written_down(
    people: list[Attendee], opening: Session, greta: User
) -> None:
    told: list[receiving.Received] = []

    def press() -> None:
        told.append(receive(people, greta))
        connection.close()

    with transaction.atomic():
        answers.replace(people[0], by=None, full_name="Trần Quốc Hưng")
        desk = threading.Thread(target=press)
        desk.start()
        until(a_lock_is_waited_for, "the desk to stand before the locked delegation")
        assert told == []
    desk.join(LONGEST)
    assert [receiving.refusal(one) for one in told[0].refused] == [
        "Chưa ghi nhận Người thứ 1: đã thay bằng Trần Quốc Hưng. Thu thẻ cũ."
    ]
    assert Attendance.objects.count() == EVERYBODY - 1
