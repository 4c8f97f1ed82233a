"""Organisers who release at once, on threads with real connections to a real PostgreSQL."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from conference.models import Conference, JournalEntry, User
from sessions import release, snapshots
from sessions.models import Release
from sessions.snapshots import Snapshot
from tests.attendees.test_races import CLIENTS, at_once, meeting
from tests.sessions.plans import session

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_many_organisers_at_once_one_releases(conference: Conference, olga: User) -> None:
    session(conference, "khai-mac", 8, 9)
    outcomes = at_once(lambda _: release.release(conference, by=olga))
    assert outcomes == {"done": 1, ValidationError.__name__: CLIENTS - 1}
    assert list(conference.releases.values_list("number", flat=True)) == [1]
    assert JournalEntry.objects.filter(act="release_programme").count() == 1


def test_one_button_pressed_many_times_releases_once(conference: Conference, olga: User) -> None:
    session(conference, "khai-mac", 8, 9)
    seen = release.draft_diff(conference).digest
    assert at_once(lambda _: release.release(conference, by=olga, seen=seen)) == {"done": CLIENTS}
    assert conference.releases.count() == 1


def test_without_the_lock_the_same_race_announces_what_is_not_there(conference: Conference) -> None:
    """The control: it shows that the race above is one. Only the constraint stops a second version 1."""
    session(conference, "khai-mac", 8, 9)
    all_have_asked = meeting()

    def release_naively(_number: int) -> None:
        draft = release.draft_diff(conference)
        if draft.diff:
            all_have_asked()
            content = snapshots.content(snapshots.following(Snapshot(), draft.entries, draft.number))
            Release.objects.create(
                conference=conference, number=draft.number, content=content, released_at=conference.now()
            )

    outcomes = at_once(release_naively)
    assert outcomes[IntegrityError.__name__] > 0
