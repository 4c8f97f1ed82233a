"""The verbs of an answer: each act, its refusals, its version and its lines in the journal."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from attendees import answers
from attendees.models import Attendee, Category, Delegation, Quota
from conference.models import Conference, JournalEntry, User
from conference.purposes import ERASED_NAME
from documents.models import Certificate, NumberSeries
from sessions.models import Attendance, Session
from tests.conftest import VN, MakeAttendee

pytestmark = pytest.mark.django_db

Status = Attendee.Status
SOON = datetime.timedelta(seconds=1)


def code_of(error: pytest.ExceptionInfo[ValidationError]) -> str:
    """The code of the one refusal."""
    found = error.value
    errors = (
        [e for part in found.error_dict.values() for e in part]
        if hasattr(found, "error_dict")
        else found.error_list
    )
    assert len(errors) == 1, errors
    return str(errors[0].code)


def journal_of(conference: Conference) -> list[tuple[str, str, str, dict[str, list[object]]]]:
    """(act, actor, subject, changes), oldest first."""
    rows = JournalEntry.objects.filter(conference=conference).order_by("pk")
    return [(row.act, row.actor_name, row.subject_name, row.changes) for row in rows]


def certify(attendee: Attendee, state: str = "valid") -> Certificate:
    series = NumberSeries.objects.create(conference=attendee.conference, kind="certificate", year=2024)
    return Certificate.objects.create(
        attendee=attendee,
        series=series,
        number=1,
        state=state,
        issued_on=datetime.date(2024, 6, 7),
        full_name="An",
    )


def set_clock(conference: Conference, now: datetime.datetime) -> None:
    Conference.objects.filter(pk=conference.pk).update(demo_now=now)


# Inviting


def test_invite_units_makes_one_delegation_with_its_seats_per_unit(
    conference: Conference, olga: User
) -> None:
    made = answers.invite_units(conference, by=olga)
    assert len(made) == 63
    lam_dong = conference.delegations.get(code="lam-dong")
    assert [(quota.category.slug, quota.seats) for quota in lam_dong.quotas.all()] == [
        ("department", 1),
        ("press", 1),
    ]
    assert (lam_dong.name, lam_dong.position) == ("Tỉnh Lâm Đồng", 68)
    assert JournalEntry.objects.filter(act="invite", actor=olga).count() == 63


def test_invite_units_makes_no_delegation_that_could_send_nobody(conference: Conference, olga: User) -> None:
    conference.categories.filter(is_central=False).update(default_seats=0)
    with pytest.raises(ValidationError, match="Chưa thành phần nào có suất"):
        answers.invite_units(conference, by=olga)
    assert not conference.delegations.exists()


def test_invite_units_leaves_alone_whom_it_has_invited(delegation: Delegation, olga: User) -> None:
    made = answers.invite_units(delegation.conference, by=olga)
    assert len(made) == 62
    assert answers.invite_units(delegation.conference, by=olga) == []
    assert delegation.quotas.get(category__slug="department").seats == 3


def test_invite_units_gives_border_guards_seats_only_at_a_border(
    conference: Conference, department: Category
) -> None:
    Category.objects.filter(pk=department.pk).update(needs_border_guard=True, default_seats=2)
    answers.invite_units(conference, by=None)
    assert conference.delegations.get(code="lam-dong").quotas.filter(category=department).count() == 0
    assert conference.delegations.get(code="quang-nam").quotas.get(category=department).seats == 2


def test_where_every_unit_has_its_delegation_no_seats_are_asked_for(conference: Conference) -> None:
    answers.invite_units(conference, by=None)
    Category.objects.update(default_seats=0)
    assert (answers.without_seats(conference), answers.invite_units(conference, by=None)) == ("", [])
    conference.delegations.filter(code="lam-dong").delete()
    assert "Chưa thành phần nào có suất" in answers.without_seats(conference)


# Confirming and declining as a whole


def test_confirm_confirms_everybody_and_closes_the_answer(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    people = [make_attendee(delegation, name) for name in ("Nguyễn Văn An", "Trần Thị Bình")]
    assert answers.confirm(delegation, by=dan, version=1) == 2
    delegation.refresh_from_db()
    assert (delegation.status, delegation.version) == (Delegation.Status.CONFIRMED, 2)
    assert (delegation.answered_by, delegation.answered_at) == (dan, delegation.conference.now())
    for person in people:
        person.refresh_from_db()
        assert (person.status, person.version) == (Status.CONFIRMED, 2)
    assert journal_of(delegation.conference) == [
        ("status", "Dan", "Nguyễn Văn An", {"status": ["nominated", "confirmed"]}),
        ("status", "Dan", "Trần Thị Bình", {"status": ["nominated", "confirmed"]}),
        ("answer", "Dan", "Tỉnh Lâm Đồng", {"status": ["waiting", "confirmed"]}),
        ("make_link", "Hệ thống", "Liên kết của đoàn Tỉnh Lâm Đồng", {}),
        ("send_mail", "Hệ thống", "Biên nhận trả lời – Tỉnh Lâm Đồng", {"to": ["", "dan@hoinghi.example"]}),
    ]


def test_confirm_refuses_an_empty_delegation(delegation: Delegation, dan: User) -> None:
    with pytest.raises(ValidationError) as error:
        answers.confirm(delegation, by=dan)
    assert code_of(error) == "empty"


def test_confirm_sent_twice_is_one_confirmation(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation)
    assert [answers.confirm(delegation, by=dan, version=1) for _ in range(2)] == [1, 1]
    delegation.refresh_from_db()
    assert (delegation.version, JournalEntry.objects.count()) == (2, 4), "two for the receipt by mail"


def test_confirm_refuses_a_list_that_changed_since_it_was_shown(
    delegation: Delegation, department: Category, dan: User, olga: User, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation)
    answers.nominate(delegation, department, by=olga, full_name="Lê Văn Cường")
    with pytest.raises(answers.Stale) as stale:
        answers.confirm(delegation, by=dan, version=1)
    assert stale.value.current == delegation
    assert stale.value.current.version == 2
    assert Attendee.objects.confirmed().count() == 0


def test_confirm_by_another_person_meanwhile_is_shown_and_not_passed_over(
    delegation: Delegation, dan: User, olga: User, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation)
    answers.confirm(delegation, by=olga, version=1)
    with pytest.raises(answers.Stale):
        answers.confirm(delegation, by=dan, version=1)


def test_decline_withdraws_everybody_with_the_reason(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation, status=Status.CONFIRMED)
    answers.choose_head(person, by=dan)
    answers.decline(delegation, "  Trùng lịch\nhọp tỉnh ", by=dan, version=2)
    delegation.refresh_from_db()
    person.refresh_from_db()
    assert (delegation.status, delegation.decline_reason) == (
        Delegation.Status.DECLINED,
        "Trùng lịch họp tỉnh",
    )
    assert (delegation.head, delegation.version) == (None, 3)
    assert (person.status, person.decline_reason) == (Status.DECLINED, "Trùng lịch họp tỉnh")


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 501])
def test_decline_needs_a_reason_of_at_most_500_characters(
    delegation: Delegation, dan: User, reason: str
) -> None:
    with pytest.raises(ValidationError) as error:
        answers.decline(delegation, reason, by=dan)
    assert code_of(error) == "reason"
    assert list(error.value.message_dict) == ["reason"]


def test_decline_sent_twice_is_one_answer(delegation: Delegation, dan: User) -> None:
    for _ in range(2):
        answers.decline(delegation, "Trùng lịch", by=dan, version=1)
    delegation.refresh_from_db()
    assert (delegation.version, JournalEntry.objects.count()) == (2, 3), "two for the receipt by mail"


def test_decline_refuses_a_list_that_changed_since_it_was_shown(
    delegation: Delegation, department: Category, dan: User, olga: User
) -> None:
    person = answers.nominate(delegation, department, by=olga, full_name="Lê Văn Cường")
    with pytest.raises(answers.Stale):
        answers.decline(delegation, "Trùng lịch", by=dan, version=1)
    person.refresh_from_db()
    assert person.status == Status.NOMINATED


def test_a_declined_delegation_opens_again_with_a_nomination(
    delegation: Delegation, department: Category, dan: User
) -> None:
    answers.decline(delegation, "Trùng lịch", by=dan)
    answers.nominate(delegation, department, by=dan, full_name="Lê Văn Cường")
    delegation.refresh_from_db()
    assert (delegation.status, delegation.decline_reason) == (Delegation.Status.ANSWERING, "")


# Seats left empty


def test_decline_seats_leaves_seats_empty_and_takes_them_back(
    delegation: Delegation, department: Category, dan: User
) -> None:
    quota = delegation.quotas.get(category=department)
    answers.decline_seats(delegation, department, 2, "Thiếu người", by=dan, shown=0)
    quota.refresh_from_db()
    assert (quota.declined, quota.open_seats, quota.decline_reason) == (2, 1, "Thiếu người")
    answers.decline_seats(delegation, department, 1, "", by=dan, shown=2)
    quota.refresh_from_db()
    assert (quota.declined, quota.decline_reason) == (1, "Thiếu người")
    answers.decline_seats(delegation, department, 0, "", by=dan, shown=1)
    quota.refresh_from_db()
    assert (quota.declined, quota.decline_reason) == (0, "")
    assert [row for row in journal_of(delegation.conference) if row[0] == "decline_seats"] == [
        (
            "decline_seats",
            "Dan",
            f"{department}: 3",
            {"declined": [0, 2], "decline_reason": ["", "Thiếu người"]},
        ),
        (
            "decline_seats",
            "Dan",
            f"{department}: 3",
            {"declined": [2, 1], "decline_reason": ["Thiếu người", "Thiếu người"]},
        ),
        (
            "decline_seats",
            "Dan",
            f"{department}: 3",
            {"declined": [1, 0], "decline_reason": ["Thiếu người", ""]},
        ),
    ]


def test_decline_seats_needs_a_reason(delegation: Delegation, department: Category, dan: User) -> None:
    with pytest.raises(ValidationError) as error:
        answers.decline_seats(delegation, department, 1, " ", by=dan)
    assert code_of(error) == "reason"


@pytest.mark.parametrize("seats", [-1, 3, 4])
def test_decline_seats_leaves_taken_seats_alone(
    delegation: Delegation, department: Category, dan: User, make_attendee: MakeAttendee, seats: int
) -> None:
    make_attendee(delegation)
    with pytest.raises(ValidationError) as error:
        answers.decline_seats(delegation, department, seats, "Thiếu người", by=dan)
    assert code_of(error) == "quota"


def test_decline_seats_refuses_a_component_without_seats(
    delegation: Delegation, department: Category, dan: User
) -> None:
    delegation.quotas.filter(category=department).delete()
    with pytest.raises(ValidationError) as error:
        answers.decline_seats(delegation, department, 1, "Thiếu người", by=dan)
    assert code_of(error) == "quota"


def test_decline_seats_sent_twice_is_one_act(delegation: Delegation, department: Category, dan: User) -> None:
    for _ in range(2):
        answers.decline_seats(delegation, department, 1, "Thiếu người", by=dan, shown=0)
    delegation.refresh_from_db()
    assert delegation.version == 2


def test_decline_seats_does_not_write_over_the_reason_of_another(
    delegation: Delegation, department: Category, dan: User, olga: User
) -> None:
    answers.decline_seats(delegation, department, 1, "Thiếu người", by=olga, shown=0)
    with pytest.raises(answers.Stale) as stale:
        answers.decline_seats(delegation, department, 1, "Ốm", by=dan, shown=0)
    assert isinstance(stale.value.current, Quota)
    assert stale.value.current.decline_reason == "Thiếu người"


def test_decline_seats_keeps_a_confirmed_delegation_closed(
    delegation: Delegation, department: Category, dan: User, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation)
    answers.confirm(delegation, by=dan)
    answers.decline_seats(delegation, department, 2, "Thiếu người", by=dan)
    delegation.refresh_from_db()
    assert delegation.status == Delegation.Status.CONFIRMED


# The deadline


def test_officers_answer_until_the_very_moment_of_the_deadline(
    delegation: Delegation, department: Category, dan: User
) -> None:
    deadline = delegation.conference.confirm_by
    set_clock(delegation.conference, deadline)
    answers.nominate(delegation, department, by=dan, full_name="Nguyễn Văn An")
    set_clock(delegation.conference, deadline + SOON)
    with pytest.raises(ValidationError) as error:
        answers.nominate(delegation, department, by=dan, full_name="Trần Thị Bình")
    assert code_of(error) == "closed"


def test_an_extension_opens_one_delegation_until_its_own_moment(
    delegation: Delegation,
    other_delegation: Delegation,
    department: Category,
    dan: User,
    mai: User,
    olga: User,
) -> None:
    later = datetime.datetime(2024, 6, 3, 12, tzinfo=VN)
    answers.extend(delegation, later, by=olga)
    set_clock(delegation.conference, later)
    answers.nominate(delegation, department, by=dan, full_name="Nguyễn Văn An")
    with pytest.raises(ValidationError) as error:
        answers.nominate(other_delegation, department, by=mai, full_name="Trần Thị Bình")
    assert code_of(error) == "closed"
    set_clock(delegation.conference, later + SOON)
    with pytest.raises(ValidationError) as error:
        answers.confirm(delegation, by=dan)
    assert code_of(error) == "closed"


def test_an_extension_before_the_general_deadline_takes_nothing_away(
    delegation: Delegation, department: Category, dan: User, olga: User
) -> None:
    conference, extended = delegation.conference, datetime.datetime(2024, 6, 3, 12, tzinfo=VN)
    answers.extend(delegation, extended, by=olga)
    conference.confirm_by = extended + datetime.timedelta(days=1)
    conference.save()
    set_clock(conference, extended + SOON)
    answers.nominate(delegation, department, by=dan, full_name="Nguyễn Văn An")


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (datetime.datetime(2024, 5, 30, 16, tzinfo=VN), datetime.datetime(2024, 5, 31, 17, tzinfo=VN)),
        (datetime.datetime(2024, 6, 4, 16, tzinfo=VN), datetime.datetime(2024, 6, 4, 16, tzinfo=VN)),
    ],
    ids=["not after everybody's", "over"],
)
def test_a_moment_that_gives_no_more_time_is_refused(
    delegation: Delegation, olga: User, now: datetime.datetime, until: datetime.datetime
) -> None:
    set_clock(delegation.conference, now)
    with pytest.raises(ValidationError) as error:
        answers.extend(delegation, until, by=olga)
    assert list(error.value.message_dict) == ["until"]
    answers.extend(delegation, until + SOON, by=olga)


def test_extend_is_journalled_once_and_can_be_taken_back(delegation: Delegation, olga: User) -> None:
    later = datetime.datetime(2024, 6, 3, 12, tzinfo=VN)
    for _ in range(2):
        answers.extend(delegation, later, by=olga)
    answers.extend(delegation, None, by=olga)
    delegation.refresh_from_db()
    assert delegation.extended_to is None
    assert [(row[0], row[3]) for row in journal_of(delegation.conference)] == [
        ("extend", {"extended_to": [None, "2024-06-03 12:00:00+07:00"]}),
        ("extend", {"extended_to": ["2024-06-03 05:00:00+00:00", None]}),
    ]


def test_extend_is_for_organisers(delegation: Delegation, dan: User, victor: User) -> None:
    for person in (dan, victor):
        with pytest.raises(PermissionDenied):
            answers.extend(delegation, datetime.datetime(2024, 6, 3, tzinfo=VN), by=person)


def test_organisers_and_the_system_act_after_the_deadline(
    delegation: Delegation, department: Category, olga: User, ada: User
) -> None:
    set_clock(delegation.conference, delegation.conference.confirm_by + SOON)
    for number, person in enumerate((olga, ada, None)):
        answers.nominate(delegation, department, by=person, full_name=f"Nguyễn Văn {number}")
    assert delegation.attendees.count() == 3


def test_nobody_else_answers(
    delegation: Delegation, department: Category, mai: User, victor: User, greta: User, sam: User
) -> None:
    for person in (mai, victor, greta, sam):
        with pytest.raises(PermissionDenied):
            answers.nominate(delegation, department, by=person, full_name="Nguyễn Văn An")


# Nominating


def test_nominate_puts_a_person_on_a_seat(delegation: Delegation, department: Category, dan: User) -> None:
    person = answers.nominate(
        delegation, department, by=dan, full_name=" nguyễn   văn an ", phone="0912 345 678", birth_year=1985
    )
    person.refresh_from_db()
    assert (person.full_name, person.given_name, person.phone) == ("nguyễn văn an", "an", "+84912345678")
    assert (person.status, person.version) == (Status.NOMINATED, 1)
    assert person.created_at == delegation.conference.now()
    delegation.refresh_from_db()
    assert (delegation.status, delegation.version) == (Delegation.Status.ANSWERING, 2)
    assert [row[:3] for row in journal_of(delegation.conference)] == [
        ("nominate", "Dan", "nguyễn văn an"),
        ("answer", "Dan", "Tỉnh Lâm Đồng"),
    ]


def test_nominate_refuses_more_people_than_seats(delegation: Delegation, dan: User) -> None:
    press = delegation.conference.categories.get(slug="press")
    answers.nominate(delegation, press, by=dan, full_name="Nguyễn Văn An")
    with pytest.raises(ValidationError) as error:
        answers.nominate(delegation, press, by=dan, full_name="Trần Thị Bình")
    assert code_of(error) == "quota"
    assert delegation.attendees.count() == 1


def test_nominate_refuses_a_component_of_another_conference(
    delegation: Delegation, foreign_delegation: Delegation, dan: User
) -> None:
    foreign = foreign_delegation.conference.categories.get(slug="press")
    with pytest.raises(ValidationError) as error:
        answers.nominate(delegation, foreign, by=dan, full_name="Nguyễn Văn An")
    assert list(error.value.message_dict) == ["category"]


def test_nominate_refuses_what_people_may_not_write(
    delegation: Delegation, department: Category, dan: User
) -> None:
    with pytest.raises(TypeError):
        answers.nominate(delegation, department, by=dan, full_name="Nguyễn Văn An", status=Status.CONFIRMED)


def test_nominate_names_every_wrong_field(delegation: Delegation, department: Category, dan: User) -> None:
    with pytest.raises(ValidationError) as error:
        answers.nominate(delegation, department, by=dan, full_name="x" * 121, email="không phải thư")
    assert sorted(error.value.message_dict) == ["email", "full_name"]
    assert delegation.attendees.count() == 0


def test_a_form_sent_twice_nominates_one_person(
    delegation: Delegation, department: Category, dan: User
) -> None:
    key = uuid.uuid4()
    first, second = (
        answers.nominate(
            delegation, department, by=dan, request_key=key, full_name="Nguyễn Văn An", phone="0912345678"
        )
        for _ in range(2)
    )
    assert first == second
    assert delegation.attendees.count() == 1


def test_a_form_sent_twice_for_the_last_seat_is_no_refusal(delegation: Delegation, dan: User) -> None:
    press, key = delegation.conference.categories.get(slug="press"), uuid.uuid4()
    for _ in range(2):
        answers.nominate(delegation, press, by=dan, request_key=key, full_name="Nguyễn Văn An")
    assert delegation.attendees.count() == 1


def test_a_form_sent_again_with_other_words_is_a_conflict(
    delegation: Delegation, department: Category, dan: User
) -> None:
    key = uuid.uuid4()
    person = answers.nominate(delegation, department, by=dan, request_key=key, full_name="Nguyễn Văn An")
    with pytest.raises(answers.Stale) as stale:
        answers.nominate(delegation, department, by=dan, request_key=key, full_name="Nguyễn Văn Anh")
    assert stale.value.current == person


def test_a_form_of_another_delegation_is_refused_with_a_sentence(
    delegation: Delegation, other_delegation: Delegation, department: Category, dan: User, mai: User
) -> None:
    key = uuid.uuid4()
    answers.nominate(delegation, department, by=dan, request_key=key, full_name="Nguyễn Văn An")
    with pytest.raises(ValidationError) as error:
        answers.nominate(other_delegation, department, by=mai, request_key=key, full_name="Nguyễn Văn An")
    assert error.value.messages == ["Biểu mẫu này đã dùng. Mở lại trang của đoàn rồi nhập lại."]


# Editing


def test_edit_writes_changes_under_a_new_version(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation, position="Chuyên viên")
    saved = answers.edit(person, by=dan, version=1, full_name="Nguyễn Văn Anh", position="Phó Giám đốc")
    assert (saved.full_name, saved.given_name, saved.version) == ("Nguyễn Văn Anh", "Anh", 2)
    delegation.refresh_from_db()
    assert (delegation.version, delegation.status) == (2, Delegation.Status.WAITING)
    assert journal_of(delegation.conference) == [
        (
            "edit",
            "Dan",
            "Nguyễn Văn Anh",
            {"full_name": ["Nguyễn Văn An", "Nguyễn Văn Anh"], "position": ["Chuyên viên", "Phó Giám đốc"]},
        )
    ]


def test_edit_keeps_corrected_parts_of_a_name_that_stays(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation, "Lò Thị Mai", family_name="Lò Thị", middle_name="", given_name="Mai")
    saved = answers.edit(person, by=dan, full_name="Lò Thị Mai", position="Giám đốc")
    assert (saved.family_name, saved.given_name) == ("Lò Thị", "Mai")
    saved = answers.edit(
        person, by=dan, full_name="Lò Thị Lan", family_name="Lò Thị", middle_name="", given_name="Lan"
    )
    assert (saved.family_name, saved.middle_name, saved.given_name) == ("Lò Thị", "", "Lan")


def test_edit_without_a_change_leaves_no_trace(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation, phone="+84912345678")
    assert (
        answers.edit(person, by=dan, version=7, full_name="Nguyễn Văn  An", phone="0912 345 678").version == 1
    )
    assert JournalEntry.objects.count() == 0


def test_edit_refuses_what_was_changed_since_it_was_shown(
    delegation: Delegation, dan: User, olga: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    answers.edit(person, by=olga, version=1, position="Giám đốc")
    with pytest.raises(answers.Stale) as stale:
        answers.edit(person, by=dan, version=1, position="Phó Giám đốc")
    assert stale.value.current.position == "Giám đốc"
    assert stale.value.current.version == 2
    person.refresh_from_db()
    assert person.position == "Giám đốc"


def test_edit_sent_twice_is_one_change(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    for _ in range(2):
        assert answers.edit(person, by=dan, version=1, position="Giám đốc").version == 2


def test_edit_moves_a_person_only_to_a_free_seat(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    press = delegation.conference.categories.get(slug="press")
    person, other = make_attendee(delegation), make_attendee(delegation, "Trần Thị Bình")
    assert answers.edit(person, by=dan, category=press).category == press
    with pytest.raises(ValidationError) as error:
        answers.edit(other, by=dan, category=press)
    assert code_of(error) == "quota"
    assert journal_of(delegation.conference)[0][3] == {
        "category": ["Sở Thông tin và Truyền thông", "Báo, Đài tỉnh"]
    }


def test_edit_refuses_a_component_of_another_conference_also_without_a_seat(
    delegation: Delegation, foreign_delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation, status=Status.DECLINED)
    with pytest.raises(ValidationError) as error:
        answers.edit(person, by=dan, category=foreign_delegation.conference.categories.first())
    assert list(error.value.message_dict) == ["category"]


def test_edit_refuses_what_people_may_not_write(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    with pytest.raises(TypeError):
        answers.edit(make_attendee(delegation), by=dan, delegation=delegation)


# One person comes, or does not


def test_organisers_say_where_people_sit_and_nobody_else_does(
    delegation: Delegation, olga: User, dan: User, make_attendee: MakeAttendee
) -> None:
    attendee = make_attendee(delegation)
    saved = answers.edit(attendee, by=olga, seat_note="  Dãy B,  ghế 12 ")
    assert saved.seat_note == "Dãy B, ghế 12"
    assert journal_of(delegation.conference)[0][3] == {"seat_note": ["", "Dãy B, ghế 12"]}
    for act in (answers.edit, answers.replace):
        with pytest.raises(PermissionDenied):
            act(attendee, by=dan, full_name="Trần Quốc Hưng", seat_note="Dãy A, ghế 1")
    with pytest.raises(PermissionDenied):
        answers.nominate(delegation, attendee.category, by=dan, full_name="Lê Văn Ba", seat_note="Dãy A")
    with pytest.raises(ValidationError, match="60"):
        answers.edit(attendee, by=olga, seat_note="x" * 61)
    attendee.refresh_from_db()
    assert (attendee.full_name, attendee.seat_note) == ("Nguyễn Văn An", "Dãy B, ghế 12")


def test_a_substitute_has_the_chair_of_the_seat(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    attendee = make_attendee(delegation, seat_note="Dãy B, ghế 12")
    key = uuid.uuid4()
    for _time in range(2):  # the form sent twice is no conflict
        made = answers.replace(attendee, by=dan, full_name="Trần Quốc Hưng", request_key=key)
        assert made.seat_note == "Dãy B, ghế 12"


def test_confirm_person_confirms_one(delegation: Delegation, dan: User, make_attendee: MakeAttendee) -> None:
    person = make_attendee(delegation)
    for _ in range(2):
        answers.confirm_person(person, by=dan, version=1)
    person.refresh_from_db()
    delegation.refresh_from_db()
    assert (person.status, person.version) == (Status.CONFIRMED, 2)
    assert (delegation.status, delegation.version) == (Delegation.Status.ANSWERING, 2)


def test_confirm_person_refuses_one_changed_since_shown(
    delegation: Delegation, dan: User, olga: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    answers.edit(person, by=olga, position="Giám đốc")
    with pytest.raises(answers.Stale) as stale:
        answers.confirm_person(person, by=dan, version=1)
    assert stale.value.current.position == "Giám đốc"


def test_confirm_person_gives_a_seat_back_to_one_who_had_declined(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    answers.decline_person(person, "Ốm", by=dan)
    answers.confirm_person(person, by=dan)
    person.refresh_from_db()
    assert (person.status, person.decline_reason) == (Status.CONFIRMED, "")
    assert journal_of(delegation.conference)[-1][3] == {
        "status": ["declined", "confirmed"],
        "decline_reason": ["Ốm", ""],
    }


def test_confirm_person_needs_a_free_seat_for_one_who_had_declined(delegation: Delegation, dan: User) -> None:
    press = delegation.conference.categories.get(slug="press")
    person = answers.nominate(delegation, press, by=dan, full_name="Nguyễn Văn An")
    answers.decline_person(person, "Ốm", by=dan)
    answers.nominate(delegation, press, by=dan, full_name="Trần Thị Bình")
    with pytest.raises(ValidationError) as error:
        answers.confirm_person(person, by=dan)
    assert code_of(error) == "quota"


def test_decline_person_frees_the_seat(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    answers.choose_head(person, by=dan)
    for _ in range(2):
        answers.decline_person(person, "Ốm", by=dan, version=1)
    person.refresh_from_db()
    delegation.refresh_from_db()
    assert (person.status, person.decline_reason, person.version) == (Status.DECLINED, "Ốm", 2)
    assert (delegation.head, delegation.version) == (None, 3)
    assert delegation.quotas.get(category=person.category).declined == 0


def test_decline_person_can_leave_the_seat_empty(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    answers.decline_person(person, "Ốm", by=dan, and_seat=True)
    quota = delegation.quotas.get(category=person.category)
    assert (quota.declined, quota.decline_reason) == (1, "Ốm")
    answers.decline_person(person, "Đi công tác", by=dan, and_seat=True)
    quota.refresh_from_db()
    person.refresh_from_db()
    assert (quota.declined, person.decline_reason) == (1, "Đi công tác")


def test_decline_person_leaves_no_seat_empty_that_is_not_there(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    delegation.quotas.all().delete()
    with pytest.raises(ValidationError) as error:
        answers.decline_person(person, "Ốm", by=dan, and_seat=True)
    assert code_of(error) == "quota"
    person.refresh_from_db()
    assert person.status == Status.NOMINATED


def test_decline_person_needs_a_reason(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    with pytest.raises(ValidationError) as error:
        answers.decline_person(make_attendee(delegation), "", by=dan)
    assert code_of(error) == "reason"


def test_decline_person_refuses_one_changed_since_shown(
    delegation: Delegation, dan: User, olga: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    answers.confirm_person(person, by=olga)
    with pytest.raises(answers.Stale):
        answers.decline_person(person, "Ốm", by=dan, version=1)


def test_the_last_to_leave_opens_a_confirmed_delegation(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    first, last = make_attendee(delegation), make_attendee(delegation, "Trần Thị Bình")
    answers.confirm(delegation, by=dan)
    answers.decline_person(first, "Ốm", by=dan)
    delegation.refresh_from_db()
    assert delegation.status == Delegation.Status.CONFIRMED
    answers.decline_person(last, "Ốm", by=dan)
    delegation.refresh_from_db()
    assert delegation.status == Delegation.Status.ANSWERING


def test_a_settled_answer_keeps_its_time_when_a_person_is_edited(
    delegation: Delegation, dan: User, olga: User, make_attendee: MakeAttendee
) -> None:
    person, said_at = make_attendee(delegation), delegation.conference.now()
    answers.confirm(delegation, by=dan)
    set_clock(delegation.conference, said_at + datetime.timedelta(hours=1))
    answers.edit(person, by=olga, position="Giám đốc")
    delegation.refresh_from_db()
    assert (delegation.answered_at, delegation.answered_by) == (said_at, dan)


# Replacing


def test_replace_links_the_substitute_and_marks_the_old_row(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    old = make_attendee(delegation, status=Status.CONFIRMED)
    answers.choose_head(old, by=dan)
    new = answers.replace(old, by=dan, version=1, full_name="Trần Quốc Hưng", position="Phó Chánh Văn phòng")
    old.refresh_from_db()
    delegation.refresh_from_db()
    assert (old.status, old.version, old.substitute) == (Status.REPLACED, 2, new)
    assert (new.status, new.category, new.substitute_for) == (Status.NOMINATED, old.category, old)
    assert (delegation.head, delegation.status) == (None, Delegation.Status.ANSWERING)
    assert [row[:3] for row in journal_of(delegation.conference)][1:] == [
        ("status", "Dan", "Nguyễn Văn An"),
        ("replace", "Dan", "Trần Quốc Hưng"),
        ("answer", "Dan", "Tỉnh Lâm Đồng"),
    ]
    assert journal_of(delegation.conference)[2][3] == {"for": ["Nguyễn Văn An", "Trần Quốc Hưng"]}


def test_replace_gives_a_new_badge_and_voids_the_old(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    old = make_attendee(delegation)
    new = answers.replace(old, by=dan, full_name="Trần Quốc Hưng")
    assert len({old.badge_token, new.badge_token, old.code, new.code}) == 4
    assert Attendee.objects.get(badge_token=old.badge_token).status == Status.REPLACED


def test_replace_opens_a_confirmed_delegation_until_the_substitute_is_confirmed(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    old, _ = make_attendee(delegation), make_attendee(delegation, "Trần Thị Bình")
    answers.confirm(delegation, by=dan)
    new = answers.replace(old, by=dan, full_name="Trần Quốc Hưng")
    delegation.refresh_from_db()
    assert delegation.status == Delegation.Status.ANSWERING
    assert answers.confirm(delegation, by=dan) == 2
    new.refresh_from_db()
    assert new.status == Status.CONFIRMED


def test_replace_refuses_who_holds_no_seat(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    old = make_attendee(delegation)
    answers.replace(old, by=dan, full_name="Trần Quốc Hưng")
    with pytest.raises(ValidationError) as error:
        answers.replace(old, by=dan, full_name="Lê Văn Cường")
    assert code_of(error) == "replaced"


def test_who_was_replaced_is_neither_confirmed_nor_declined_nor_head(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    old = make_attendee(delegation)
    answers.replace(old, by=dan, full_name="Trần Quốc Hưng")
    for act in (
        lambda: answers.confirm_person(old, by=dan),
        lambda: answers.decline_person(old, "Ốm", by=dan),
        lambda: answers.choose_head(old, by=dan),
    ):
        with pytest.raises(ValidationError) as error:
            act()
        assert code_of(error) == "replaced"


def test_replace_refuses_one_changed_since_shown(
    delegation: Delegation, dan: User, olga: User, make_attendee: MakeAttendee
) -> None:
    old = make_attendee(delegation)
    answers.replace(old, by=olga, version=1, full_name="Lê Văn Cường")
    with pytest.raises(answers.Stale) as stale:
        answers.replace(old, by=dan, version=1, full_name="Trần Quốc Hưng")
    assert stale.value.current.substitute.full_name == "Lê Văn Cường"


def test_replace_sent_twice_gives_one_substitute(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    old, key = make_attendee(delegation), uuid.uuid4()
    first, second = (
        answers.replace(old, by=dan, version=1, request_key=key, full_name="Trần Quốc Hưng") for _ in range(2)
    )
    assert first == second
    assert delegation.attendees.count() == 2


def test_replace_with_a_wrong_field_changes_nothing(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    old = make_attendee(delegation)
    with pytest.raises(ValidationError) as error:
        answers.replace(old, by=dan, full_name="Trần Quốc Hưng", phone="0912 345 60")
    assert list(error.value.message_dict) == ["phone"]
    old.refresh_from_db()
    assert (old.status, delegation.attendees.count()) == (Status.NOMINATED, 1)


# Certificates rest on people


def test_a_person_with_a_certificate_is_not_exchanged(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation, status=Status.CONFIRMED)
    certify(person)
    for act in (
        lambda: answers.replace(person, by=dan, full_name="Trần Quốc Hưng"),
        lambda: answers.decline_person(person, "Ốm", by=dan),
        lambda: answers.decline(delegation, "Ốm", by=dan),
    ):
        with pytest.raises(ValidationError) as error:
            act()
        assert code_of(error) == "certified"
    person.refresh_from_db()
    assert person.status == Status.CONFIRMED


def test_a_revoked_certificate_stands_in_the_way_only_of_removal(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    certify(person, state="revoked")
    with pytest.raises(ValidationError) as error:
        answers.remove(person, by=dan)
    assert code_of(error) == "certified"
    answers.replace(person, by=dan, full_name="Trần Quốc Hưng")


# Removing


def test_remove_takes_a_person_off_the_list(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    answers.choose_head(person, by=dan)
    answers.remove(person, by=dan, version=1)
    delegation.refresh_from_db()
    assert (delegation.attendees.count(), delegation.head, delegation.version) == (0, None, 3)
    assert ("remove", "Dan", "Nguyễn Văn An", {}) in journal_of(delegation.conference)
    with pytest.raises(ValidationError) as error:
        answers.remove(person, by=dan, version=1)
    assert code_of(error) == "gone"


def test_remove_brings_back_who_was_replaced(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    old = make_attendee(delegation, status=Status.CONFIRMED)
    answers.remove(answers.replace(old, by=dan, full_name="Trần Quốc Hưng"), by=dan)
    old.refresh_from_db()
    assert old.status == Status.NOMINATED
    assert list(delegation.attendees.all()) == [old]


def test_remove_does_not_bring_back_who_was_erased(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    old = make_attendee(delegation)
    new = answers.replace(old, by=dan, full_name="Trần Quốc Hưng")
    Attendee.objects.filter(pk=old.pk).update(
        full_name=ERASED_NAME, phone="", email="", erased_at=timezone.now()
    )
    answers.remove(new, by=dan)
    assert delegation.attendees.get().status == Status.REPLACED
    assert not delegation.attendees.active().exists(), "nobody could take them off again"


def test_remove_does_not_bring_back_without_a_free_seat(
    delegation: Delegation, dan: User, department: Category
) -> None:
    press = delegation.conference.categories.get(slug="press")
    old = answers.nominate(delegation, press, by=dan, full_name="Nguyễn Văn An")
    new = answers.replace(old, by=dan, full_name="Trần Quốc Hưng")
    answers.edit(new, by=dan, category=department)
    answers.nominate(delegation, press, by=dan, full_name="Lê Văn Cường")
    with pytest.raises(ValidationError) as error:
        answers.remove(new, by=dan)
    assert code_of(error) == "quota"
    assert delegation.attendees.active().count() == 2


def test_remove_refuses_a_confirmed_person(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    with pytest.raises(ValidationError) as error:
        answers.remove(make_attendee(delegation, status=Status.CONFIRMED), by=dan)
    assert code_of(error) == "confirmed"


def test_remove_refuses_one_who_was_seen(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    session = Session.objects.create(
        conference=delegation.conference,
        code="khai-mac",
        title="Khai mạc",
        day=datetime.date(2024, 6, 6),
        starts=datetime.time(8),
        ends=datetime.time(9),
    )
    Attendance.objects.create(session=session, attendee=person)
    with pytest.raises(ValidationError) as error:
        answers.remove(person, by=dan)
    assert code_of(error) == "confirmed"


def test_remove_refuses_one_changed_since_shown(
    delegation: Delegation, dan: User, olga: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    answers.edit(person, by=olga, position="Giám đốc")
    with pytest.raises(answers.Stale):
        answers.remove(person, by=dan, version=1)


# The head


def test_choose_head_names_one_of_the_seated(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    person, other = make_attendee(delegation), make_attendee(delegation, "Trần Thị Bình")
    for _ in range(2):
        answers.choose_head(person, by=dan, version=1)
    delegation.refresh_from_db()
    assert (delegation.head, delegation.version) == (person, 2)
    assert journal_of(delegation.conference) == [
        ("answer", "Dan", "Tỉnh Lâm Đồng", {"head": [None, "Nguyễn Văn An"]})
    ]
    with pytest.raises(answers.Stale):
        answers.choose_head(other, by=dan, version=1)


def test_choose_head_refuses_who_does_not_come(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    with pytest.raises(ValidationError) as error:
        answers.choose_head(make_attendee(delegation, status=Status.DECLINED), by=dan)
    assert code_of(error) == "replaced"
