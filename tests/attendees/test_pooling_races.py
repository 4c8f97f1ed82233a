"""Many organisers at one pool, on threads with real connections to a real PostgreSQL."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Sum

from attendees import answers, pooling
from attendees.models import Category, Delegation, Quota
from conference.models import JournalEntry, User
from tests.attendees.test_pooling import late, pool_of, seats_of, whole
from tests.attendees.test_races import CLIENTS, at_once, meeting
from tests.conftest import MakeAttendee

pytestmark = pytest.mark.django_db(transaction=True)


def test_spare_seats_go_to_as_many_as_there_are(
    delegation: Delegation, other_delegation: Delegation, department: Category, olga: User
) -> None:
    Category.objects.filter(pk=department.pk).update(pool=3)
    receivers = (delegation, other_delegation)
    outcomes = at_once(lambda n: pooling.hand_out(department, receivers[n % 2], 1, by=olga))
    assert outcomes == {"done": 3, ValidationError.__name__: CLIENTS - 3}
    assert pool_of(department) == 0
    assert Quota.objects.filter(category=department).aggregate(n=Sum("seats"))["n"] == 3 + 3 + 3
    told = JournalEntry.objects.filter(act="hand_out", subject=f"attendees.category:{department.pk}")
    assert sorted(one.changes["pool"] for one in told) == [[1, 0], [2, 1], [3, 2]], "each as it was"


def test_without_the_lock_the_same_race_gives_seats_that_are_not_there(
    delegation: Delegation, department: Category
) -> None:
    """The control: it shows that the race above is one."""
    Category.objects.filter(pk=department.pk).update(pool=3)
    all_have_asked = meeting()

    def hand_out_naively(_number: int) -> None:
        category = Category.objects.get(pk=department.pk)
        quota = delegation.quotas.get(category=category)
        if category.pool >= 1:
            all_have_asked()
            category.pool -= 1
            category.save()
            quota.seats += 1
            quota.save()

    before = whole(delegation.conference)
    outcomes = at_once(hand_out_naively)
    assert outcomes["done"] > 3  # each of them told an organiser that the seat was given
    assert (pool_of(department), whole(delegation.conference)["department"]) != (0, before["department"])


def test_the_last_seat_is_either_filled_or_taken_back(
    delegation: Delegation, department: Category, olga: User, make_attendee: MakeAttendee
) -> None:
    for name in ("Nguyễn Văn An", "Trần Thị Bình"):
        make_attendee(delegation, name)

    def act(number: int) -> None:
        if number % 2:
            answers.nominate(delegation, department, by=olga, full_name=f"Người thứ {number}")
        else:
            pooling.release(delegation, department, 1, by=olga, reason="Thu hồi")

    assert at_once(act) == {"done": 1, ValidationError.__name__: CLIENTS - 1}
    people = delegation.attendees.active().filter(category=department).count()
    assert (people, pool_of(department)) in {(3, 0), (2, 1)}
    assert seats_of(delegation, department) == (people, 0)


def test_acts_in_both_directions_never_wait_in_a_circle(
    delegation: Delegation, other_delegation: Delegation, department: Category, olga: User
) -> None:
    press = delegation.conference.categories.get(slug="press")
    Category.objects.update(pool=4)
    late(delegation.conference)
    before = whole(delegation.conference)

    def act(number: int) -> None:
        one, two = (delegation, other_delegation) if number % 2 else (other_delegation, delegation)
        try:
            pooling.hand_out(press if number % 3 else department, one, 1, by=olga)
            pooling.release_all(delegation.conference, by=olga)
            pooling.release(two, department if number % 3 else press, 1, by=olga, reason="Thu hồi")
        except ValidationError:
            pass  # another one was there first

    assert at_once(act) == {"done": CLIENTS}
    assert whole(delegation.conference) == before


def test_one_button_pressed_many_times_takes_once(
    delegation: Delegation, department: Category, olga: User
) -> None:
    outcomes = at_once(
        lambda _: pooling.release(delegation, department, 1, by=olga, reason="Thu hồi", shown=3)
    )
    assert outcomes == {"done": CLIENTS}
    assert (seats_of(delegation, department), pool_of(department)) == ((2, 0), 1)


def test_all_that_is_overdue_is_collected_once(
    delegation: Delegation, other_delegation: Delegation, department: Category, olga: User
) -> None:
    late(delegation.conference)
    assert at_once(lambda _: pooling.release_all(delegation.conference, by=olga)) == {"done": CLIENTS}
    assert (pool_of(department), whole(delegation.conference)) == (6, {"department": 6, "press": 2})
