"""Delegations, seats and people: what a row keeps true, and the words in which rows are asked for."""

import datetime
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from attendees import codes
from attendees.models import Attendee, Category, Delegation, Quota
from conference.models import Conference, Organisation, OrganisationKind, Unit, User
from sessions.models import Attendance, Session
from tests.conftest import VN, MakeAttendee

pytestmark = pytest.mark.django_db

Status = Attendee.Status


def refused(act: Callable[[], object]) -> None:
    """The database itself says no."""
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


# The person


def test_a_person_is_kept_in_nfc_with_parts_and_keys(
    delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    typed = unicodedata.normalize("NFD", "  Tôn  Nữ Thị\u200b Ninh ")
    person = make_attendee(delegation, typed, organisation_name="Sở\tTTTT", phone="+84912345678")
    assert (person.full_name, person.organisation_name) == ("Tôn Nữ Thị Ninh", "Sở TTTT")
    assert (person.family_name, person.middle_name, person.given_name) == ("Tôn Nữ", "Thị", "Ninh")
    assert person.search_key == f"ton nu thi ninh so tttt {person.code.lower()} 0912345678"


def test_parts_put_right_by_hand_stay(delegation: Delegation, make_attendee: MakeAttendee) -> None:
    person = make_attendee(delegation, "Lò Thị Mai", family_name="Lò Thị", given_name="Mai")
    person.save()
    person.refresh_from_db()
    assert (person.family_name, person.middle_name, person.given_name) == ("Lò Thị", "", "Mai")


def test_a_name_of_one_long_word_is_kept_whole(delegation: Delegation, make_attendee: MakeAttendee) -> None:
    person = make_attendee(delegation, "x" * 120)
    person.full_clean()
    assert person.full_name == "x" * 120


def test_every_person_has_a_code_that_checks_and_a_token(
    delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    people = [make_attendee(delegation, f"Người {number}") for number in range(5)]
    assert [codes.normalise_code(person.code) for person in people] == [person.code for person in people]
    assert len({person.badge_token for person in people}) == 5
    assert {len(person.badge_token) for person in people} == {16}
    before = people[0].code, people[0].badge_token
    people[0].save()
    assert (people[0].code, people[0].badge_token) == before


@pytest.mark.parametrize("year", [0, 1899, 2010, 20000])
def test_a_birth_year_out_of_reason_is_refused(
    delegation: Delegation, make_attendee: MakeAttendee, year: int
) -> None:
    person = make_attendee(delegation)
    person.birth_year = year
    with pytest.raises(ValidationError) as error:
        person.full_clean()
    assert list(error.value.message_dict) == ["birth_year"]


@pytest.mark.parametrize("year", [None, 1900, 2009])
def test_a_birth_year_may_be_missing_or_at_the_edge(
    delegation: Delegation, make_attendee: MakeAttendee, year: int | None
) -> None:
    make_attendee(delegation, birth_year=year).full_clean()


def test_a_phone_is_checked_and_kept_as_e164(delegation: Delegation, make_attendee: MakeAttendee) -> None:
    person = make_attendee(delegation)
    person.phone = "0912 345 678"
    person.full_clean()
    assert person.phone == "+84912345678"
    person.phone = "0912 345 60"
    with pytest.raises(ValidationError) as error:
        person.full_clean()
    assert error.value.message_dict == {
        "phone": ["Số này thiếu một chữ số. Nhập đủ 10 chữ số, ví dụ 0912 345 678."]
    }


def test_how_a_person_is_addressed_and_titled(delegation: Delegation, make_attendee: MakeAttendee) -> None:
    plain = make_attendee(delegation, "Trần Thị Bình")
    officer = make_attendee(
        delegation, "Đặng Văn Sơn", honorific="dong-chi", rank="Đại tá", position="Phó Chính ủy"
    )
    assert (plain.addressed, plain.title) == ("Trần Thị Bình", "")
    assert (officer.addressed, officer.title) == ("Đồng chí Đặng Văn Sơn", "Đại tá, Phó Chính ủy")


def test_a_person_is_the_substitute_of_one_only(delegation: Delegation, make_attendee: MakeAttendee) -> None:
    old = make_attendee(delegation, status=Status.REPLACED)
    make_attendee(delegation, "Lê Văn Cường", substitute_for=old)
    refused(lambda: make_attendee(delegation, "Trần Thị Bình", substitute_for=old))


# The delegation


def test_the_deadline_is_the_later_of_both_in_the_zone_of_the_conference(delegation: Delegation) -> None:
    assert delegation.deadline.isoformat() == "2024-05-31T17:00:00+07:00"
    delegation.extended_to = datetime.datetime(2024, 6, 3, 5, tzinfo=datetime.UTC)
    assert delegation.deadline.isoformat() == "2024-06-03T12:00:00+07:00"
    delegation.extended_to = datetime.datetime(2024, 5, 1, tzinfo=VN)
    assert delegation.deadline.isoformat() == "2024-05-31T17:00:00+07:00"


def test_who_may_answer_before_and_after_the_deadline(
    delegation: Delegation, dan: User, mai: User, olga: User, ada: User, victor: User
) -> None:
    people = (dan, mai, olga, ada, victor)
    assert [delegation.is_open_to(user) for user in people] == [True, False, True, True, False]
    delegation.conference.demo_now = delegation.conference.confirm_by + datetime.timedelta(seconds=1)
    assert [delegation.is_open_to(user) for user in people] == [False, False, True, True, False]
    assert [delegation.is_answered_by(user) for user in people] == [True, False, True, True, False]


def test_a_unit_sends_one_delegation_to_a_conference(delegation: Delegation) -> None:
    refused(
        lambda: Delegation.objects.create(
            conference=delegation.conference, unit=delegation.unit, code="khac", name="Khác"
        )
    )


def test_a_code_names_one_delegation_of_a_conference(delegation: Delegation) -> None:
    refused(lambda: Delegation.objects.create(conference=delegation.conference, code="lam-dong", name="Khác"))


def test_a_delegation_is_of_a_unit_or_of_an_organisation(delegation: Delegation) -> None:
    kind = OrganisationKind.objects.create(slug="thu", name="Thử")
    organisation = Organisation.objects.create(kind=kind, name="Cơ quan thử")
    refused(lambda: Delegation.objects.filter(pk=delegation.pk).update(organisation=organisation))
    central = Delegation.objects.create(
        conference=delegation.conference, organisation=organisation, code="trung-uong", name="Trung ương"
    )
    assert (delegation.is_central, central.is_central) == (False, True)


def test_no_more_seats_are_left_empty_than_there_are(delegation: Delegation) -> None:
    refused(lambda: delegation.quotas.update(declined=4))
    quota = delegation.quotas.get(category__slug="department")
    quota.declined = 1
    assert quota.open_seats == 2


def test_a_component_has_one_quota_in_a_delegation(delegation: Delegation, department: Category) -> None:
    refused(lambda: Quota.objects.create(delegation=delegation, category=department, seats=1))


def test_border_guards_and_central_bodies_have_seats_only_where_they_belong(conference: Conference) -> None:
    lam_dong, quang_nam = (Unit.objects.get(slug=slug, unit_set="63") for slug in ("lam-dong", "quang-nam"))
    guards = Category(conference=conference, needs_border_guard=True, default_seats=2)
    central = Category(conference=conference, is_central=True, default_seats=2)
    assert [guards.seats_for(unit) for unit in (lam_dong, quang_nam)] == [0, 2]
    assert [central.seats_for(unit) for unit in (lam_dong, quang_nam)] == [0, 0]


# Words


def test_everybody_sees_what_belongs_to_the_own_part(
    delegation: Delegation,
    other_delegation: Delegation,
    foreign_delegation: Delegation,
    make_attendee: MakeAttendee,
    request: pytest.FixtureRequest,
) -> None:
    for number, each in enumerate((delegation, other_delegation)):
        make_attendee(each, f"Người {number}")
    own, both = {delegation}, {delegation, other_delegation}
    everything = {*both, foreign_delegation}
    expected = {
        "dan": own, "mai": {other_delegation}, "olga": both, "victor": both, "ada": everything,
        "greta": set(), "sam": set(),
    }  # fmt: skip
    for name, delegations in expected.items():
        user = request.getfixturevalue(name)
        assert set(Delegation.objects.visible_to(user)) == delegations, name
        seen = Attendee.objects.visible_to(user)
        assert {person.delegation for person in seen} == delegations - {foreign_delegation}, name
    assert not Delegation.objects.visible_to(AnonymousUser()).exists()
    assert not Attendee.objects.visible_to(AnonymousUser()).exists()
    assert not Delegation.objects.answered_by(AnonymousUser()).exists()


def test_counts_are_right_and_cost_one_query(
    delegation: Delegation, other_delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    session = Session.objects.create(
        conference=delegation.conference,
        code="khai-mac",
        title="Khai mạc",
        day=datetime.date(2024, 6, 6),
        starts=datetime.time(8),
        ends=datetime.time(9),
    )
    delegation.quotas.filter(category__slug="press").update(declined=1)
    for number, status in enumerate(Status):
        person = make_attendee(delegation, f"Người {number}", status=status)
        if status == Status.CONFIRMED:
            Attendance.objects.create(session=session, attendee=person)
    with CaptureQueriesContext(connection) as queries:
        rows = list(Delegation.objects.with_counts())
    assert len(queries) == 1
    figures = [(row.seats, row.declined_seats, row.nominated, row.confirmed, row.present) for row in rows]
    assert figures == [(4, 0, 0, 0, 0), (4, 1, 2, 1, 1)]  # Quảng Nam, Lâm Đồng


def test_adjectives_name_states(delegation: Delegation, make_attendee: MakeAttendee) -> None:
    for status in Status:
        make_attendee(delegation, str(status), status=status)

    def names(rows: Any) -> set[str]:
        return {person.full_name for person in rows}

    assert names(Attendee.objects.active()) == {"nominated", "confirmed"}
    assert names(Attendee.objects.confirmed()) == {"confirmed"}
    assert names(Attendee.objects.nominated()) == {"nominated"}
    assert names(Attendee.objects.present()) == set()
    assert set(Delegation.objects.of_units()) == {delegation}


def test_people_stand_in_the_order_of_delegation_then_given_name(
    delegation: Delegation, other_delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    for name in ("Phạm Văn Đức", "Nguyễn Thị Ánh", "Trần Ân", "Lê Văn An", "Bùi Thị Dung"):
        make_attendee(delegation, name)
    make_attendee(other_delegation, "Vũ Yến")
    assert [person.full_name for person in Attendee.objects.in_order()] == [
        "Vũ Yến", "Lê Văn An", "Nguyễn Thị Ánh", "Trần Ân", "Bùi Thị Dung", "Phạm Văn Đức",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("nguyen van an", ["Nguyễn Văn An"]),
        ("An Nguyễn", ["Nguyễn Văn An"]),
        ("thuy", ["Trần Thị Thuỷ", "Trần Thị Thúy"]),
        ("Thúy", ["Trần Thị Thúy", "Trần Thị Thuỷ"]),
        ("giám đốc", ["Trần Thị Thúy"]),
        ("0912345", ["Nguyễn Văn An"]),
        ("%", ["Nguyễn Văn An", "Trần Thị Thuỷ", "Trần Thị Thúy"]),
        ("không ai", []),
    ],
)
def test_search_takes_words_in_any_order_and_without_marks(
    delegation: Delegation, make_attendee: MakeAttendee, typed: str, found: list[str]
) -> None:
    make_attendee(delegation, "Nguyễn Văn An", phone="+84912345678")
    make_attendee(delegation, "Trần Thị Thúy", position="Giám đốc")
    make_attendee(delegation, "Trần Thị Thuỷ")
    assert [person.full_name for person in Attendee.objects.search(typed)] == found


def test_search_finds_the_code_as_it_is_printed(delegation: Delegation, make_attendee: MakeAttendee) -> None:
    person, _ = make_attendee(delegation), make_attendee(delegation, "Trần Thị Bình")
    assert list(Attendee.objects.search(codes.group(person.code))) == [person]
