"""Two organisers erase one person at the same moment; somebody writes about a person who is being erased."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ValidationError
from django.db import OperationalError

from attendees import answers, bonds, corrections, erasing, holding, importing, privacy
from attendees.models import Attendee, Correction, Delegation, ImportBatch
from conference import proving, sealing
from conference.models import JournalEntry, User
from conference.purposes import ERASED_NAME
from tests.attendees.lists import AN, stage
from tests.attendees.test_races import meeting
from tests.conference.test_sealing import in_threads
from tests.conftest import MakeAttendee
from tests.patience import LONGEST

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
    meeting = threading.Barrier(2, timeout=1 if is_held else LONGEST)
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


def held_alone(person: Attendee) -> Attendee:
    """Only the delegation of the person, then the person."""
    Delegation.objects.select_for_update().get(pk=person.delegation_id)
    return unheld(person)


@pytest.mark.parametrize("is_in_order", [True, False])
@pytest.mark.parametrize("act", ["undo a list", "accept a request"])
def test_who_holds_a_list_or_a_request_and_an_erasing_do_not_wait_for_each_other(
    act: str,
    is_in_order: bool,
    person: Attendee,
    delegation: Delegation,
    olga: User,
    media: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With its control: where the erasing holds the delegation first, the database breaks one of them off."""
    batch = importing.take(stage(delegation, AN, by=olga), by=olga)
    ImportBatch.objects.filter(pk=batch.pk).update(name=f"{person.full_name}.xlsx")
    asked = Correction.objects.create(
        attendee=person, wanted={"position": "Giám đốc"}, asked_at=person.conference.now()
    )
    meeting = threading.Barrier(2, timeout=1 if is_in_order else LONGEST)

    def met(verb: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*given: Any, **more: Any) -> Any:
            with suppress(threading.BrokenBarrierError):  # the other waits before it has got anything
                meeting.wait()
            return verb(*given, **more)

        return wrapped

    broken: list[str] = []

    def run(verb: Callable[[], object]) -> None:
        try:
            verb()
        except OperationalError as error:
            broken.append(str(error))

    monkeypatch.setattr(erasing, "_take_out", met(erasing._take_out))
    if not is_in_order:
        monkeypatch.setattr(erasing, "_held", held_alone)
    if act == "undo a list":
        monkeypatch.setattr(holding, "hold_all", met(holding.hold_all))
        other: Callable[[], object] = partial(importing.undo, batch, by=olga)
    else:
        monkeypatch.setattr(answers, "edit", met(answers.edit))
        other = partial(corrections.accept, asked, by=olga)
    assert in_threads(partial(run, other), partial(run, partial(erasing.erase, person, by=olga))) == []
    assert [("deadlock" in one) for one in broken] == ([] if is_in_order else [True])


@pytest.mark.parametrize("is_in_order", [True, False])
def test_who_accepts_a_request_and_who_removes_the_person_do_not_wait_for_each_other(
    is_in_order: bool,
    delegation: Delegation,
    make_attendee: MakeAttendee,
    olga: User,
    dan: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With its control: requests go with the person, so who removes somebody holds those before all else."""
    person = make_attendee(delegation)
    asked = Correction.objects.create(
        attendee=person, wanted={"position": "Giám đốc"}, asked_at=person.conference.now()
    )
    meet = meeting(2, 1 if is_in_order else LONGEST)
    edit, lost = answers.edit, bonds.for_journal
    monkeypatch.setattr(answers, "edit", lambda *given, **more: (meet(), edit(*given, **more))[1])
    monkeypatch.setattr(bonds, "for_journal", lambda current: (meet(), lost(current))[1])
    if not is_in_order:
        monkeypatch.setattr(answers, "_hold_requests", lambda attendee: None)
    broken: list[str] = []

    def run(act: Callable[..., object], row: Any, by: User) -> None:
        try:
            act(row, by=by)
        except ValidationError:
            return  # who was removed first has no request any more
        except OperationalError as error:
            broken.append(str(error))

    accept, remove = partial(run, corrections.accept, asked, olga), partial(run, answers.remove, person, dan)
    assert in_threads(accept, remove) == []
    assert [("deadlock" in one) for one in broken] == ([] if is_in_order else [True])


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
        begun.wait(LONGEST)
        try:
            answers.edit(person, by=olga, full_name="Trịnh Bạch Yến Oanh")
        except ValidationError as error:
            refused.append(error.code)

    monkeypatch.setattr(erasing, "_take_out", slow)
    assert in_threads(erase, edit) == []
    assert refused == ["erased"]
    person.refresh_from_db()
    assert person.full_name == ERASED_NAME


def test_an_act_that_holds_nothing_of_ours_is_looked_for_once_more(
    person: Attendee, olga: User, monkeypatch: pytest.MonkeyPatch, settings: LazySettings, tmp_path: Path
) -> None:
    """Somebody opens the contacts while we look: their entry is there only after our look."""
    settings.HEADS_FILE = tmp_path / "heads.jsonl"  # without what other tests have sealed
    look = erasing._entries

    def slowly(*given: Any) -> list[int]:
        monkeypatch.setattr(erasing, "_entries", look)
        found = look(*given)
        assert in_threads(partial(privacy.reveal, person, by=olga, session=SessionStore())) == []
        return found

    monkeypatch.setattr(erasing, "_entries", slowly)
    name = person.full_name
    erasing.erase(person, by=olga)
    told = JournalEntry.objects.filter(act="reveal") | JournalEntry.objects.filter(actor_name=sealing.ERASED)
    assert told.exists()
    assert not JournalEntry.objects.filter(subject_name__contains=name).exists()
    sealing.seal(everything=True)
    assert proving.prove().faults == []
