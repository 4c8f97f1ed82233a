"""The journal tells who did what, and nothing in it can be changed."""

import datetime

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy

from conference import journal, records
from conference.models import Conference, JournalEntry, User


def test_an_act_is_recorded_with_person_subject_and_change(conference: Conference, olga: User) -> None:
    entry = journal.record(
        "rename", conference, by=olga, conference=conference, changes={"title": ["cũ", "mới"]}
    )
    assert (entry.actor, entry.actor_name, entry.act) == (olga, "Olga", "rename")
    assert entry.subject == f"conference.conference:{conference.pk}"
    assert entry.changes == {"title": ["cũ", "mới"]}


def test_names_and_words_are_kept_in_vietnamese_whoever_acts(conference: Conference, olga: User) -> None:
    with translation.override("en"):
        entry = journal.record(
            "grant",
            conference.memberships.filter(user=olga).get(),
            by=olga,
            conference=conference,
            changes={"list": ["", gettext_lazy("Đăng ký phiên")]},
        )
    assert (entry.subject_name, entry.changes["list"][1]) == ("Olga: Ban Tổ chức", "Đăng ký phiên")


def test_an_act_names_the_request_that_the_log_names(conference: Conference) -> None:
    before = records.current.set("3f9a0c1b2d4e5f60")
    try:
        assert (
            journal.record("open", conference, by=None, conference=conference).request_id
            == "3f9a0c1b2d4e5f60"
        )
    finally:
        records.current.reset(before)


def test_values_that_json_does_not_know_are_kept_as_text(conference: Conference) -> None:
    entry = journal.record(
        "extend",
        conference,
        by=None,
        conference=conference,
        changes={"until": [None, datetime.date(2024, 6, 6)]},
    )
    entry.refresh_from_db()
    assert entry.changes == {"until": [None, "2024-06-06"]}
    assert entry.actor_name == "Hệ thống"


def test_an_entry_is_neither_changed_nor_removed(conference: Conference) -> None:
    entry = journal.record("open", conference, by=None, conference=conference)
    entry.act = "something else"
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()
    with pytest.raises(TypeError):
        JournalEntry.objects.filter(pk=entry.pk).update(act="something else")
    with pytest.raises(TypeError):
        JournalEntry.objects.all().delete()
    assert JournalEntry.objects.get(pk=entry.pk).act == "open"


def test_the_record_outlives_the_account_that_wrote_it(conference: Conference, sam: User) -> None:
    entry = journal.record("open", conference, by=sam, conference=conference)
    sam.delete()
    entry.refresh_from_db()
    assert (entry.actor, entry.actor_name) == (None, "Sam")


def test_only_what_differs_is_a_difference() -> None:
    assert journal.differences({"a": 1, "b": 2}, {"a": 1, "b": 3}) == {"b": [2, 3]}
