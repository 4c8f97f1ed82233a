"""Two organisers erase one person at the same moment; somebody writes about a person who is being erased."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from attendees import answers, erasing
from attendees.models import Attendee, Delegation
from conference.models import JournalEntry, User
from conference.purposes import ERASED_NAME
from tests.conference.test_sealing import in_threads
from tests.conftest import MakeAttendee

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation, "Trịnh Bạch Yến", phone="+84905123318", status="declined")


def unheld(person: Attendee) -> Attendee:
    """The row as it stands, with nobody kept waiting."""
    return Attendee.objects.select_related("conference", "delegation").get(pk=person.pk)


@pytest.mark.parametrize("is_held", [True, False])
def test_two_erasings_at_once_are_one(
    person: Attendee, olga: User, monkeypatch: pytest.MonkeyPatch, is_held: bool
) -> None:
    """With its control: without the lock both find the person whole, and both erase."""
    meeting = threading.Barrier(2, timeout=1 if is_held else 30)
    take_out = erasing._take_out

    def met(*given: Any, **more: Any) -> Any:
        with suppress(threading.BrokenBarrierError):  # nobody else came so far: the lock holds them
            meeting.wait()
        return take_out(*given, **more)

    monkeypatch.setattr(erasing, "_take_out", met)
    if not is_held:
        monkeypatch.setattr(erasing, "_held", unheld)

    def act() -> None:
        erasing.erase(person, by=olga)

    assert in_threads(act, act) == []
    assert JournalEntry.objects.filter(act="erase").count() == (1 if is_held else 2)


def test_who_writes_about_a_person_at_that_moment_writes_nothing(
    person: Attendee, olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The edit waits for the row of the delegation, and then finds nobody to write about."""
    begun = threading.Event()
    refused: list[str | None] = []
    take_out = erasing._take_out

    def slow(*given: Any, **more: Any) -> Any:
        begun.set()
        return take_out(*given, **more)

    def erase() -> None:
        erasing.erase(person, by=olga)

    def edit() -> None:
        begun.wait(30)
        try:
            answers.edit(person, by=olga, full_name="Trịnh Bạch Yến Oanh")
        except ValidationError as error:
            refused.append(error.code)

    monkeypatch.setattr(erasing, "_take_out", slow)
    assert in_threads(erase, edit) == []
    assert refused == ["erased"]
    person.refresh_from_db()
    assert person.full_name == ERASED_NAME
