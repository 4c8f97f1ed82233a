"""Versions of designs: kept for ever, one after another, each saved once, seen by who runs the conference."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from conference.models import Conference, JournalEntry, User
from documents import designing, looks
from documents.designs import look_of
from documents.looks import BADGE, CERTIFICATE
from documents.models import Design
from tests.attendees.test_races import at_once
from tests.documents.designs import GREEN, NAVY, saved, strong

pytestmark = pytest.mark.django_db


def test_a_conference_without_a_design_has_the_standard_look(conference: Conference) -> None:
    assert Design.objects.current(conference, BADGE) is None
    assert look_of(None, BADGE).is_standard


def test_versions_count_by_paper_and_the_last_is_current(conference: Conference, olga: User) -> None:
    first = saved(conference, strong(BADGE), by=olga)
    second = saved(conference, strong(BADGE, accent=NAVY), by=olga)
    other = saved(conference, strong(CERTIFICATE), by=olga)
    assert (first.number, second.number, other.number) == (1, 2, 1)
    assert Design.objects.current(conference, BADGE) == second
    assert first.look.accent == GREEN
    assert look_of(second, BADGE) == second.look == strong(BADGE, accent=NAVY)


def test_a_version_is_never_changed(conference: Conference, olga: User) -> None:
    design = saved(conference, strong(BADGE), by=olga)
    design.accent = NAVY
    with pytest.raises(TypeError):
        design.save()
    with pytest.raises(TypeError):
        Design.objects.filter(pk=design.pk).update(accent=NAVY)
    design.refresh_from_db()
    assert design.accent == GREEN


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": 1},  # stands already
        {"number": 0},
        {"number": 2, "ink": "red;}p{"},
        {"number": 2, "ground": "#FFFFFF"},
        {"number": 2, "veil": 101},
    ],
)
def test_the_database_refuses_what_no_version_may_be(
    conference: Conference, olga: User, wrong: dict[str, object]
) -> None:
    saved(conference, strong(BADGE), by=olga)
    row = {**looks.standard(BADGE).as_json(), "key": uuid.uuid4(), **wrong}
    with pytest.raises(IntegrityError), transaction.atomic():
        Design.objects.create(conference=conference, **row)


def test_a_press_sent_twice_and_a_look_that_stands_make_no_version(
    conference: Conference, olga: User
) -> None:
    key, look = uuid.uuid4(), strong(BADGE)
    first = designing.save(conference, look, seen=0, key=key, by=olga)
    assert designing.save(conference, look, seen=0, key=key, by=olga) == first
    assert designing.save(conference, look, seen=1, key=uuid.uuid4(), by=olga) == first
    assert Design.objects.count() == 1
    assert JournalEntry.objects.filter(act="design").count() == 1


def test_what_another_saved_meanwhile_is_told(conference: Conference, olga: User) -> None:
    saved(conference, strong(BADGE), by=olga)
    with pytest.raises(ValidationError, match="vừa lưu phiên bản 1") as refusal:
        designing.save(conference, strong(BADGE, accent=NAVY), seen=0, key=uuid.uuid4(), by=olga)
    assert refusal.value.code == "stale"
    assert Design.objects.count() == 1


def test_an_older_version_comes_back_as_a_new_one(conference: Conference, olga: User) -> None:
    first = saved(conference, strong(BADGE), by=olga)
    saved(conference, looks.standard(BADGE), by=olga)
    again = designing.restore(first, seen=2, key=uuid.uuid4(), by=olga)
    assert (again.number, again.restores, again.look) == (3, 1, first.look)
    entry = JournalEntry.objects.filter(act="design").latest("pk")
    assert entry.changes["version"] == [2, 3]
    assert entry.changes["logo"] == [False, True]
    assert "designs/" not in str(entry.changes)


def test_only_who_runs_the_conference_saves_and_sees(
    conference: Conference, olga: User, victor: User, dan: User
) -> None:
    design = saved(conference, strong(BADGE), by=olga)
    for other in (victor, dan):
        with pytest.raises(PermissionDenied):
            designing.save(conference, strong(BADGE, veil=90), seen=1, key=uuid.uuid4(), by=other)
        assert not Design.objects.visible_to(other)
    assert list(Design.objects.visible_to(olga)) == [design]


def test_a_look_survives_its_way_through_json(conference: Conference) -> None:
    look = strong(BADGE)
    assert looks.Look.from_json(look.as_json()) == look
    assert replace(look, veil=90) != look


@pytest.mark.django_db(transaction=True)
def test_of_twelve_saved_at_once_one_is_a_version_and_the_others_are_told(
    conference: Conference, olga: User
) -> None:
    looked = [replace(looks.standard(BADGE), accent=f"#{number:02x}2b82") for number in range(12)]
    outcomes = at_once(
        lambda n: designing.save(conference, looked[n], seen=0, key=uuid.uuid4(), by=olga), clients=12
    )
    assert outcomes == {"done": 1, "ValidationError": 11}
    assert [one.number for one in Design.objects.all()] == [1]
