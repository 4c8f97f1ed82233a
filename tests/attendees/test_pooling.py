"""Seats on their way from one delegation to another: never lost, never made, never negative."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attendees import answers, pooling
from attendees.holding import Stale
from attendees.models import Attendee, Category, Delegation, Quota
from conference.guests import Guest
from conference.models import Conference, JournalEntry, User
from tests.conftest import VN, MakeAttendee

pytestmark = pytest.mark.django_db
AFTER = datetime.datetime(2024, 6, 1, 8, tzinfo=VN)


def seats_of(delegation: Delegation, category: Category) -> tuple[int, int]:
    """Seats and declined seats."""
    return delegation.quotas.values_list("seats", "declined").get(category=category)


def pool_of(category: Category) -> int:
    return Category.objects.values_list("pool", flat=True).get(pk=category.pk)


def whole(conference: Conference) -> dict[str, int]:
    """Seats of all delegations and the pool, by component."""
    return {
        one.slug: one.pool + (one.quotas.aggregate(n=Sum("seats"))["n"] or 0)
        for one in Category.objects.filter(conference=conference)
    }


def late(conference: Conference) -> None:
    """The general deadline is over."""
    Conference.objects.filter(pk=conference.pk).update(demo_now=AFTER)
    conference.refresh_from_db()


# ── Back to the pool ──────────────────────────────────────────────────────────────────────────────


def test_an_empty_seat_goes_to_the_pool(delegation: Delegation, department: Category, olga: User) -> None:
    pooling.release(delegation, department, 2, by=olga, reason="Tỉnh không bố trí được người")
    assert (seats_of(delegation, department), pool_of(department)) == ((1, 0), 2)


def test_declined_seats_go_first_and_their_reason_with_the_last(
    delegation: Delegation, department: Category, olga: User
) -> None:
    answers.decline_seats(delegation, department, 2, "Trùng lịch", by=olga)
    pooling.release(delegation, department, 1, by=olga, reason="Thu hồi")
    assert seats_of(delegation, department) == (2, 1)
    assert delegation.quotas.get(category=department).decline_reason == "Trùng lịch"
    pooling.release(delegation, department, 2, by=olga, reason="Thu hồi")
    assert (seats_of(delegation, department), pool_of(department)) == ((0, 0), 3)
    assert delegation.quotas.get(category=department).decline_reason == ""


def test_a_seat_that_somebody_takes_stays(
    delegation: Delegation, department: Category, olga: User, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation)
    make_attendee(delegation, "Trần Thị Bình", status="confirmed")
    make_attendee(delegation, "Lê Văn Cường", status="declined")
    with pytest.raises(ValidationError, match="Chọn từ 1 đến 1"):
        pooling.release(delegation, department, 2, by=olga, reason="Thu hồi")
    pooling.release(delegation, department, 1, by=olga, reason="Thu hồi")
    with pytest.raises(ValidationError, match="đã có người giữ"):
        pooling.release(delegation, department, 1, by=olga, reason="Thu hồi")
    assert (seats_of(delegation, department), pool_of(department)) == ((2, 0), 1)


@pytest.mark.parametrize("seats", [0, -1, 4, 40_000])
def test_a_number_that_makes_no_sense_moves_nothing(
    delegation: Delegation, department: Category, olga: User, seats: int
) -> None:
    with pytest.raises(ValidationError):
        pooling.release(delegation, department, seats, by=olga, reason="Thu hồi")
    assert (seats_of(delegation, department), pool_of(department)) == ((3, 0), 0)


def test_a_reason_is_needed(delegation: Delegation, department: Category, olga: User) -> None:
    with pytest.raises(ValidationError, match="Ghi lý do"):
        pooling.release(delegation, department, 1, by=olga, reason=" ")
    assert pool_of(department) == 0


def test_a_component_without_seats_has_none_to_give(
    delegation: Delegation, department: Category, olga: User
) -> None:
    delegation.quotas.all().delete()
    with pytest.raises(ValidationError, match="không có suất"):
        pooling.release(delegation, department, 1, by=olga, reason="Thu hồi")


def test_officers_give_back_until_their_deadline(
    delegation: Delegation, department: Category, dan: User, conference: Conference
) -> None:
    Delegation.objects.filter(pk=delegation.pk).update(review="accepted", status="confirmed")
    pooling.release(delegation, department, 1, by=dan, reason="Không có người phù hợp")
    delegation.refresh_from_db()
    assert (delegation.status, delegation.review, delegation.answered_by) == ("answering", "", dan)
    late(conference)
    with pytest.raises(ValidationError, match="quá hạn"):
        pooling.release(delegation, department, 1, by=dan, reason="Không có người phù hợp")
    assert pool_of(department) == 1


def test_a_link_gives_back_the_seats_of_its_own_delegation_only(
    delegation: Delegation, other_delegation: Delegation, department: Category
) -> None:
    guest = Guest("Liên kết", 1, delegation_id=delegation.pk)
    pooling.release(delegation, department, 1, by=guest, reason="Không có người phù hợp")
    with pytest.raises(PermissionDenied):
        pooling.release(other_delegation, department, 1, by=guest, reason="Không có người phù hợp")
    assert pool_of(department) == 1


def test_a_delegation_that_sends_nobody_gives_back_and_still_sends_nobody(
    delegation: Delegation, department: Category, dan: User
) -> None:
    answers.decline(delegation, "Bão lũ", by=dan)
    pooling.release(delegation, department, 3, by=dan, reason="Bão lũ")
    delegation.refresh_from_db()
    assert delegation.status == Delegation.Status.DECLINED


def test_the_organisers_take_seats_without_answering_for_the_delegation(
    delegation: Delegation, department: Category, olga: User
) -> None:
    Delegation.objects.filter(pk=delegation.pk).update(review="accepted", status="confirmed")
    pooling.release(delegation, department, 1, by=olga, reason="Thu hồi")
    delegation.refresh_from_db()
    shown = (delegation.status, delegation.review, delegation.answered_by, delegation.version)
    assert shown == ("confirmed", "accepted", None, 2)


@pytest.mark.parametrize("name", ["victor", "greta", "mai", "sam"])
def test_nobody_else_moves_seats(
    name: str, request: pytest.FixtureRequest, delegation: Delegation, other_delegation: Delegation,
    department: Category,
) -> None:  # fmt: skip
    Category.objects.update(pool=2)
    by = request.getfixturevalue(name)
    with pytest.raises(PermissionDenied):
        pooling.release(delegation, department, 1, by=by, reason="Thu hồi")
    with pytest.raises(PermissionDenied):
        pooling.hand_out(department, delegation, 1, by=by)
    with pytest.raises(PermissionDenied):
        pooling.release_all(delegation.conference, by=by)
    assert (seats_of(delegation, department), pool_of(department)) == ((3, 0), 2)


def test_one_press_sent_twice_takes_once(delegation: Delegation, department: Category, olga: User) -> None:
    for _ in range(2):
        pooling.release(delegation, department, 1, by=olga, reason="Thu hồi", shown=3)
    assert (seats_of(delegation, department), pool_of(department)) == ((2, 0), 1)
    assert JournalEntry.objects.filter(act="release").count() == 2  # the seats, the pool
    with pytest.raises(Stale):
        pooling.release(delegation, department, 2, by=olga, reason="Thu hồi", shown=3)


# ── All that is overdue ───────────────────────────────────────────────────────────────────────────


def test_before_the_deadline_nothing_is_overdue(delegation: Delegation, olga: User) -> None:
    assert pooling.release_all(delegation.conference, by=olga) == 0


def test_after_the_deadline_empty_and_declined_seats_are_collected(
    delegation: Delegation, other_delegation: Delegation, department: Category, olga: User,
    make_attendee: MakeAttendee, foreign_delegation: Delegation,
) -> None:  # fmt: skip
    conference, press = delegation.conference, delegation.conference.categories.get(slug="press")
    make_attendee(delegation, status="confirmed")
    answers.decline_seats(delegation, department, 1, "Trùng lịch", by=olga)
    answers.decline(other_delegation, "Bão lũ", by=olga)
    late(conference)
    before = whole(conference)
    with translation.override("en"):  # what is kept is in Vietnamese, whoever presses
        assert pooling.release_all(conference, by=olga) == 2 + 1 + 3 + 1
    told = [one.changes["decline_reason"] for one in JournalEntry.objects.filter(act="release")[:9]
            if "decline_reason" in one.changes]  # fmt: skip
    assert told == [[None, "Quá hạn trả lời"]] * 4
    assert whole(conference) == before
    assert (pool_of(department), pool_of(press)) == (5, 2)
    assert seats_of(delegation, department) == (1, 0)
    assert foreign_delegation.quotas.aggregate(n=Sum("seats"))["n"] == 4
    assert pooling.release_all(conference, by=olga) == 0


def test_a_delegation_with_more_time_keeps_its_seats(
    delegation: Delegation, other_delegation: Delegation, department: Category, olga: User
) -> None:
    answers.extend(delegation, AFTER + datetime.timedelta(days=1), by=olga)
    late(delegation.conference)
    assert list(pooling.overdue(delegation.conference)) == [other_delegation]
    pooling.release_all(delegation.conference, by=olga)
    assert seats_of(delegation, department) == (3, 0)
    assert seats_of(other_delegation, department) == (0, 0)


def test_the_overdue_are_those_who_can_change_nothing(
    delegation: Delegation, other_delegation: Delegation, conference: Conference
) -> None:
    ends = conference.confirm_by
    Delegation.objects.filter(pk=delegation.pk).update(extended_to=ends + datetime.timedelta(hours=2))
    Delegation.objects.filter(pk=other_delegation.pk).update(extended_to=ends - datetime.timedelta(days=2))
    for minutes in (-1, 0, 1, 119, 120, 121):
        conference.demo_now = ends + datetime.timedelta(minutes=minutes)
        conference.save()
        found = Delegation.objects.filter(conference=conference).select_related("conference")
        assert set(pooling.overdue(conference)) == {one for one in found if not one.is_open()}, minutes


# ── Out of the pool ───────────────────────────────────────────────────────────────────────────────


def test_a_spare_seat_goes_to_another_delegation_and_can_be_filled(
    delegation: Delegation, other_delegation: Delegation, department: Category, olga: User, mai: User
) -> None:
    pooling.release(delegation, department, 2, by=olga, reason="Thu hồi")
    pooling.hand_out(department, other_delegation, 2, by=olga)
    assert (seats_of(other_delegation, department), pool_of(department)) == ((5, 0), 0)
    for number in range(5):
        answers.nominate(other_delegation, department, by=mai, full_name=f"Người thứ {number}")
    with pytest.raises(ValidationError, match="Đã đủ số suất"):
        answers.nominate(other_delegation, department, by=mai, full_name="Người thừa")


def test_a_delegation_that_had_no_seat_of_the_component_gets_one(
    delegation: Delegation, department: Category, olga: User
) -> None:
    Category.objects.update(pool=3)
    delegation.quotas.all().delete()
    pooling.hand_out(department, delegation, 3, by=olga)
    assert seats_of(delegation, department) == (3, 0)


@pytest.mark.parametrize(("pool", "seats"), [(0, 1), (2, 3), (2, 0), (2, -1)])
def test_no_more_than_the_pool_is_handed_out(
    delegation: Delegation, department: Category, olga: User, pool: int, seats: int
) -> None:
    Category.objects.update(pool=pool)
    with pytest.raises(ValidationError, match=r"[Dd]ự phòng"):
        pooling.hand_out(department, delegation, seats, by=olga)
    assert (seats_of(delegation, department), pool_of(department)) == ((3, 0), pool)


def test_there_are_no_border_guards_where_there_is_no_border(
    delegation: Delegation, other_delegation: Delegation, department: Category, olga: User
) -> None:
    Category.objects.update(pool=2, needs_border_guard=True)
    with pytest.raises(ValidationError, match="không có Bộ đội Biên phòng"):
        pooling.hand_out(department, delegation, 1, by=olga)  # Lâm Đồng, 2024
    pooling.hand_out(department, other_delegation, 1, by=olga)
    assert pool_of(department) == 1


def test_seats_stay_in_their_conference(
    delegation: Delegation, foreign_delegation: Delegation, olga: User, ada: User
) -> None:
    Category.objects.update(pool=2)
    foreign = foreign_delegation.conference.categories.get(slug="department")
    with pytest.raises(ValidationError, match="hội nghị khác"):
        pooling.hand_out(foreign, delegation, 1, by=ada)
    with pytest.raises(PermissionDenied):
        pooling.hand_out(foreign, foreign_delegation, 1, by=olga)


def test_one_press_sent_twice_gives_once(delegation: Delegation, department: Category, olga: User) -> None:
    Category.objects.update(pool=5)
    for _ in range(2):
        pooling.hand_out(department, delegation, 2, by=olga, shown=3)
    assert (seats_of(delegation, department), pool_of(department)) == ((5, 0), 3)
    with pytest.raises(Stale):
        pooling.hand_out(department, delegation, 1, by=olga, shown=3)


def test_both_ends_of_an_act_are_in_the_journal(
    delegation: Delegation, department: Category, olga: User
) -> None:
    pooling.release(delegation, department, 2, by=olga, reason="Tỉnh xin rút")
    pooling.hand_out(department, delegation, 1, by=olga)
    quota = delegation.quotas.get(category=department)
    entries = JournalEntry.objects.order_by("pk").values_list("act", "subject", "changes", "actor")
    assert list(entries) == [
        (
            "release",
            f"attendees.quota:{quota.pk}",
            {"seats": [3, 1], "decline_reason": [None, "Tỉnh xin rút"]},
            olga.pk,
        ),
        ("release", f"attendees.category:{department.pk}", {"pool": [0, 2]}, olga.pk),
        ("hand_out", f"attendees.quota:{quota.pk}", {"seats": [1, 2]}, olga.pk),
        ("hand_out", f"attendees.category:{department.pk}", {"pool": [2, 1]}, olga.pk),
    ]


def test_an_officer_sees_that_the_seats_are_others_now(
    delegation: Delegation, other_delegation: Delegation, department: Category, olga: User, dan: User,
    make_attendee: MakeAttendee,
) -> None:  # fmt: skip
    make_attendee(delegation)
    pooling.release(delegation, department, 1, by=olga, reason="Thu hồi")
    with pytest.raises(answers.Stale):
        answers.confirm(delegation, by=dan, version=1)
    other_delegation.refresh_from_db()
    assert other_delegation.version == 1


# ── Whatever happens ──────────────────────────────────────────────────────────────────────────────

NUMBERS = st.integers(-1, 5)
ACTS = st.one_of(
    st.tuples(st.just("release"), st.booleans(), st.booleans(), NUMBERS),
    st.tuples(st.just("hand_out"), st.booleans(), st.booleans(), NUMBERS),
    st.tuples(st.just("decline_seats"), st.booleans(), st.booleans(), NUMBERS),
    st.tuples(st.just("nominate"), st.booleans(), st.booleans(), st.just(1)),
    st.tuples(st.just("withdraw"), st.booleans(), st.booleans(), st.just(1)),
    st.tuples(st.just("decline"), st.booleans(), st.booleans(), st.just(1)),
    st.tuples(st.just("release_all"), st.booleans(), st.booleans(), st.just(1)),
)


def do(act: str, delegation: Delegation, category: Category, number: int, by: User) -> Any:
    """One act of the hypothetical day; what is refused changes nothing."""
    match act:
        case "release":
            pooling.release(delegation, category, number, by=by, reason="Thu hồi")
        case "hand_out":
            pooling.hand_out(category, delegation, number, by=by)
        case "decline_seats":
            answers.decline_seats(delegation, category, number, "Trùng lịch", by=by)
        case "nominate":
            answers.nominate(delegation, category, by=by, full_name="Nguyễn Văn An")
        case "withdraw":
            person = delegation.attendees.filter(category=category).active().first()
            return person and answers.decline_person(person, "Ốm", by=by)
        case "decline":
            answers.decline(delegation, "Bão lũ", by=by)
        case "release_all":
            pooling.release_all(delegation.conference, by=by)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, min_size=1, max_size=14), is_late=st.booleans())
def test_seats_are_never_lost_nor_made_nor_taken_from_anybody(
    delegation: Delegation, other_delegation: Delegation, olga: User, acts: list[Any], is_late: bool
) -> None:
    conference = delegation.conference
    categories = list(conference.categories.all())
    with transaction.atomic():
        if is_late:
            late(conference)
        before = whole(conference)
        for act, which, what, number in acts:
            one = Delegation.objects.get(pk=(delegation if which else other_delegation).pk)
            try:
                with transaction.atomic():
                    do(act, one, Category.objects.get(pk=categories[what].pk), number, olga)
            except ValidationError:
                pass
            assert whole(conference) == before, act
            assert all(pool >= 0 for pool in conference.categories.values_list("pool", flat=True))
            for quota in Quota.objects.all():
                people = Attendee.objects.filter(delegation=quota.delegation_id, category=quota.category_id)
                assert 0 <= quota.declined <= quota.seats - people.active().count(), act
        transaction.set_rollback(True)
    conference.refresh_from_db()
