"""Many people at a few places, on threads with real connections to a real PostgreSQL."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from attendees import answers
from attendees.models import Attendee, Delegation
from conference.models import Conference, JournalEntry, User
from sessions import planning, release, signing_up, sweeping
from sessions.models import Session, SignUp
from tests.attendees.test_races import at_once, meeting
from tests.conftest import MakeAttendee
from tests.patience import LONGEST
from tests.sessions.choosing import bearer, crowd, parallel, queue, stands, taken

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, PLACES = 30, 10


@pytest.fixture
def beside(conference: Conference) -> dict[str, Session]:
    return parallel(conference, a=PLACES, b=PLACES, c=PLACES)


@pytest.fixture
def people(
    beside: dict[str, Session], delegation: Delegation, make_attendee: MakeAttendee
) -> list[Attendee]:  # fmt: skip
    return crowd(make_attendee, delegation, PEOPLE)


def sign_up(person: Attendee, code: str, *, move: bool = False) -> signing_up.Moved:
    return signing_up.sign_up(person, code, by=bearer(person), move=move)


def whole() -> dict[str, int]:
    """How many places are taken in each session."""
    return dict(Counter(SignUp.objects.taken().values_list("code", flat=True)))


def in_order(code: str) -> list[str]:
    """Who signed up to a session, in the order in which the journal was told."""
    rows = JournalEntry.objects.filter(act="sign_up").order_by("pk")
    return [one.subject_name for one in rows if one.changes["session"][1].startswith(code)]


def test_thirty_people_at_once_for_ten_places(people: list[Attendee]) -> None:
    assert at_once(lambda n: sign_up(people[n], "a"), PEOPLE) == {"done": PEOPLE}
    told = in_order("Truyền thông chính sách")
    assert (taken("a"), queue("a")) == (told[:PLACES], told[PLACES:])
    assert len(told) == PEOPLE


def test_without_the_lock_the_same_race_gives_places_that_are_not_there(people: list[Attendee]) -> None:
    """The control: it shows that the race above is one."""
    all_have_asked = meeting(PEOPLE)

    def naively(number: int) -> None:
        with transaction.atomic():
            left = PLACES - SignUp.objects.of(people[number].conference, "a").taken().count()
            all_have_asked()
            state = SignUp.State.TAKEN if left else SignUp.State.WAITING
            SignUp.objects.create(attendee=people[number], code="a", state=state)

    at_once(naively, PEOPLE)
    assert len(taken("a")) > PLACES


def test_one_person_pressing_everywhere_at_once_gets_one_place(people: list[Attendee]) -> None:
    outcomes = at_once(lambda n: sign_up(people[0], "abc"[n % 3]), 12)
    assert outcomes == {"done": 4, ValidationError.__name__: 8}
    assert list(stands(people[0]).values()) == ["taken"]


def test_giving_up_and_signing_up_at_once_loses_no_place_and_makes_none(people: list[Attendee]) -> None:
    for person in people[:15]:
        sign_up(person, "a")

    def act(number: int) -> None:
        if number < 5:
            signing_up.give_up(people[number], "a", by=bearer(people[number]))
        else:
            sign_up(people[number + 15], "a")

    before = queue("a")
    assert at_once(act, 15) == {"done": 15}
    assert (len(taken("a")), len(queue("a"))) == (PLACES, 10)
    assert taken("a")[5:] == before  # the five who waited, not one of those who came later


def test_people_who_swap_never_wait_in_a_circle(people: list[Attendee]) -> None:
    """All three sessions are full; everybody wants to be elsewhere, and some leave."""
    for number, person in enumerate(people):
        sign_up(person, "abc"[number % 3])

    def act(number: int) -> None:
        sign_up(people[number], "bca"[number % 3], move=True)
        if number % 5 == 0:
            rows = list(stands(people[number]))
            signing_up.give_up(people[number], *rows, by=bearer(people[number]))

    assert at_once(act, PEOPLE) == {"done": PEOPLE}
    assert all(number <= PLACES for number in whole().values())
    assert all(list(stands(one).values()).count("taken") == 1 for n, one in enumerate(people) if n % 5)
    assert (sweeping.left_behind(), sweeping.waited_for()) == (set(), set())


def test_two_who_hold_each_others_place_move_both_ways_at_once(people: list[Attendee]) -> None:
    for _round in range(5):
        SignUp.objects.all().delete()
        sign_up(people[0], "a")
        sign_up(people[1], "b")
        assert at_once(lambda n: sign_up(people[n], "ba"[n], move=True), 2) == {"done": 2}
        assert (stands(people[0]), stands(people[1])) == ({"b": "taken"}, {"a": "taken"})


@contextmanager
def being_removed(person: Attendee) -> Iterator[None]:
    """While somebody takes the person off the list, and has got as far as the rows here."""
    begun, go_on = threading.Event(), threading.Event()

    def remove() -> None:
        with transaction.atomic():
            SignUp.objects.filter(attendee=person).delete()
            begun.set()
            go_on.wait(LONGEST)
        connection.close()

    thread = threading.Thread(target=remove)
    thread.start()
    assert begun.wait(LONGEST)
    try:
        yield
    finally:
        go_on.set()
        thread.join(LONGEST)


def test_nobody_waits_for_somebody_who_is_just_being_removed(people: list[Attendee]) -> None:
    for person in people[:13]:
        sign_up(person, "a")
    with being_removed(people[10]), being_removed(people[0]):
        signing_up.give_up(people[1], "a", by=bearer(people[1]))
        assert queue("a") == ["Người thứ 11", "Người thứ 13"]  # the next but one moved up
        with pytest.raises(ValidationError):
            sign_up(people[10], "b", move=True)
    sweeping.sweep()
    assert (len(taken("a")), queue("a")) == (PLACES, [])


def test_acts_of_the_list_of_the_plan_and_of_sessions_go_on_beside_each_other(
    people: list[Attendee], beside: dict[str, Session], conference: Conference, olga: User
) -> None:
    """People leave the list, sessions are shifted and released, places change hands: nobody is stuck."""
    delegation = people[0].delegation
    delegation.quotas.update(seats=PEOPLE)
    for person in people[:20]:
        sign_up(person, "a")

    def act(number: int) -> None:
        if number < 4:
            answers.decline_person(people[number], "Bận việc", by=olga)
        elif number < 8:
            answers.remove(people[number], by=olga)
        elif number == 8:
            planning.shift(conference, conference.starts_on, beside["a"].starts, 10, by=olga)
            release.release(conference, by=olga)
        elif number < 12:
            sweeping.sweep()
        else:
            sign_up(people[number], "b", move=True)

    assert at_once(act, 24) == {"done": 24}
    sweeping.sweep()
    stay = SignUp.objects.active()
    assert stay.count() == SignUp.objects.count()
    assert all(number <= PLACES for number in whole().values())
    assert sweeping.waited_for() == set()
