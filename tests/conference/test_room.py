"""What is a full disk, an absent database, another accident; what is remembered while much else is."""

import errno
import sqlite3
from contextlib import closing

import psycopg2
import pytest
from django.core.cache import cache
from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError

from conference import desk_forms, room

FORMS = 400


def test_sqlite_says_it_in_its_own_way() -> None:
    told = OperationalError()
    with closing(sqlite3.connect(":memory:")) as own:
        own.execute("PRAGMA max_page_count = 4")
        own.execute("CREATE TABLE x (y)")
        with pytest.raises(sqlite3.OperationalError) as caught:
            own.execute("INSERT INTO x VALUES (zeroblob(1000000))")
    told.__cause__ = caught.value
    assert room.is_lacking(told)


@pytest.mark.parametrize("error", [OperationalError(), OSError(errno.EACCES, "x"), ValueError()])
def test_another_accident_is_none(error: Exception) -> None:
    assert not room.is_lacking(error)


def test_a_server_that_died_is_known_however_it_is_told() -> None:
    gone = DatabaseError("server closed the connection unexpectedly")
    gone.__cause__ = psycopg2.DatabaseError()
    assert [room.is_away(one) for one in (gone, OperationalError(), InterfaceError())] == [True] * 3


def test_a_mistake_of_ours_is_no_absence() -> None:
    ours = ProgrammingError("no results to fetch")
    ours.__cause__ = psycopg2.ProgrammingError()
    nothing_saved = DatabaseError("Save with update_fields did not affect any rows.")
    assert [room.is_away(one) for one in (ours, nothing_saved, ValueError(), None)] == [False] * 4


@pytest.mark.django_db
def test_the_key_of_a_form_outlives_a_day_of_others() -> None:
    assert not desk_forms.is_repeated("the-first-of-the-day")
    for number in range(FORMS):
        desk_forms.is_repeated(f"{number:04}")
    assert desk_forms.is_repeated("the-first-of-the-day")


@pytest.mark.django_db
def test_by_its_own_measure_the_cache_would_forget_it() -> None:
    """The control: Django's default is 300."""
    small = DatabaseCache("cache", {})
    for number in range(FORMS):
        small.add(f"desk-once:{number:04}", 1, 60)
    assert cache.get("desk-once:0000") is None
