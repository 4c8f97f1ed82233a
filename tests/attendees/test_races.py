"""Many clients at once, on threads with real connections to a real PostgreSQL."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from attendees import answers
from attendees.models import Attendee, Category, Delegation
from conference.models import JournalEntry, User
from tests.conftest import MakeAttendee
from tests.patience import LONGEST

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 12


def at_once(act: Callable[[int], object], clients: int = CLIENTS) -> Counter[str]:
    """Runs `act` on so many threads at the same moment; counts "done" or the name of the error."""
    gate = threading.Barrier(clients)
    outcomes: list[str] = []  # counted afterwards: of two threads that add to a number one may be lost

    def client(number: int) -> None:
        try:
            connection.ensure_connection()
            gate.wait(LONGEST)
            act(number)
            outcomes.append("done")
        except Exception as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
    return Counter(outcomes)


def meeting(clients: int = CLIENTS, patience: float = 20) -> Callable[[], None]:
    """For controls, between the question and the answer: nobody goes on before so many have asked."""
    barrier = threading.Barrier(clients, timeout=patience)

    def meet() -> None:
        with suppress(threading.BrokenBarrierError):  # somebody was kept from coming after all
            barrier.wait()

    return meet


def test_the_last_seat_goes_to_one_of_twelve(
    delegation: Delegation, department: Category, dan: User, make_attendee: MakeAttendee
) -> None:
    for name in ("Nguyễn Văn An", "Trần Thị Bình"):
        make_attendee(delegation, name)
    outcomes = at_once(lambda n: answers.nominate(delegation, department, by=dan, full_name=f"Người thứ {n}"))
    assert outcomes == {"done": 1, ValidationError.__name__: CLIENTS - 1}
    assert delegation.attendees.active().filter(category=department).count() == 3


def test_empty_seats_are_filled_exactly(delegation: Delegation, department: Category, dan: User) -> None:
    outcomes = at_once(lambda n: answers.nominate(delegation, department, by=dan, full_name=f"Người thứ {n}"))
    assert outcomes == {"done": 3, ValidationError.__name__: CLIENTS - 3}
    delegation.refresh_from_db()
    assert (delegation.attendees.count(), delegation.version) == (3, 4)


def test_without_the_lock_the_same_race_oversells(delegation: Delegation, department: Category) -> None:
    """The control: it shows that the race above is one."""

    all_have_asked = meeting()

    def nominate_naively(number: int) -> None:
        quota = delegation.quotas.get(category=department)
        if delegation.attendees.filter(category=department).active().count() < quota.open_seats:
            all_have_asked()
            Attendee.objects.create(
                conference=delegation.conference,
                delegation=delegation,
                category=department,
                full_name=f"Người thứ {number}",
            )

    at_once(nominate_naively)
    assert delegation.attendees.count() > 3


def test_one_of_many_edits_wins_and_the_others_are_told(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    outcomes = at_once(lambda n: answers.edit(person, by=dan, version=1, position=f"Chức vụ {n}"))
    assert outcomes == {"done": 1, answers.Stale.__name__: CLIENTS - 1}
    person.refresh_from_db()
    assert person.version == 2
    assert JournalEntry.objects.get(act="edit").changes == {"position": ["", person.position]}


def test_without_the_version_all_edits_but_one_are_lost_and_nobody_is_told(
    delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    """The control: each saves what was on the screen, whatever stands there by now."""
    person, all_have_read = make_attendee(delegation), meeting()

    def edit_naively(number: int) -> None:
        current = Attendee.objects.get(pk=person.pk)
        all_have_read()
        current.position = f"Chức vụ {number}"
        current.save()

    assert at_once(edit_naively) == {"done": CLIENTS}
    person.refresh_from_db()
    assert person.version == 1
    assert person.position.startswith("Chức vụ ")


def test_one_form_sent_many_times_makes_one_person(
    delegation: Delegation, department: Category, dan: User
) -> None:
    key = uuid.uuid4()
    outcomes = at_once(
        lambda _: answers.nominate(delegation, department, by=dan, request_key=key, full_name="Nguyễn Văn An")
    )
    assert outcomes == {"done": CLIENTS}
    assert delegation.attendees.count() == 1


def test_one_of_many_substitutes_takes_the_seat(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    outcomes = at_once(lambda n: answers.replace(person, by=dan, version=1, full_name=f"Người thay {n}"))
    assert outcomes == {"done": 1, answers.Stale.__name__: CLIENTS - 1}
    assert delegation.attendees.active().count() == 1


def test_one_button_pressed_many_times_confirms_once(
    delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation)
    assert at_once(lambda _: answers.confirm(delegation, by=dan, version=1)) == {"done": CLIENTS}
    delegation.refresh_from_db()
    assert (delegation.version, JournalEntry.objects.count()) == (2, 4), "two for the receipt by mail"


def test_a_confirmation_and_nominations_at_once_confirm_nobody_unseen(
    delegation: Delegation, department: Category, dan: User, olga: User, make_attendee: MakeAttendee
) -> None:
    shown = make_attendee(delegation)

    def act(number: int) -> None:
        if number:
            answers.nominate(delegation, department, by=olga, full_name="Trần Thị Bình")
        else:
            answers.confirm(delegation, by=dan, version=1)

    at_once(act, clients=2)
    assert set(Attendee.objects.confirmed()) <= {shown}


def test_units_invited_twice_at_once_are_invited_once(delegation: Delegation, olga: User) -> None:
    outcomes = at_once(lambda _: answers.invite_units(delegation.conference, by=olga), clients=3)
    assert outcomes == {"done": 3}
    assert delegation.conference.delegations.count() == 63
