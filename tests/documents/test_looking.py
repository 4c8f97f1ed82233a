"""Whose data an account has seen since a moment, from the journal alone."""

from __future__ import annotations

import datetime
from io import StringIO

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import CommandError, call_command
from django.utils import timezone

from attendees import privacy, workbook_form
from attendees.models import Attendee, Delegation
from checkin import pairing
from conference import journal
from conference.models import JournalEntry, User
from documents import looking
from documents.requests import Scope, request_document
from tests.conftest import MakeAttendee

pytestmark = pytest.mark.django_db


@pytest.fixture
def everybody(
    delegation: Delegation, other_delegation: Delegation, make_attendee: MakeAttendee
) -> list[Attendee]:
    return [
        make_attendee(delegation, "Nguyễn Văn An", status="confirmed"),
        make_attendee(delegation, "Trần Thị Bình", status="confirmed"),
        make_attendee(other_delegation, "Lê Văn Cường", status="confirmed"),
    ]


def seen(account: User, since: datetime.datetime | None = None) -> dict[int, set[str]]:
    return looking.seen_by(account, since or timezone.now() - datetime.timedelta(hours=1))


def test_each_way_of_reading_counts_for_whom_it_shows(
    everybody: list[Attendee], delegation: Delegation, olga: User, ada: User
) -> None:
    an, binh, cuong = (one.pk for one in everybody)
    privacy.reveal(everybody[0], by=olga, session=SessionStore())
    assert seen(olga) == {an: {"reveal"}}
    workbook_form.delegation_workbook(delegation, by=olga)
    assert seen(olga) == {an: {"reveal", "export"}, binh: {"export"}}
    request_document("attendee-list", delegation.conference, by=olga, scope=Scope(attendees=[everybody[2]]))
    assert seen(olga)[cuong] == {"request-document"}
    assert seen(ada) == {}


def test_a_list_of_the_conference_and_a_phone_count_for_everybody(
    everybody: list[Attendee], delegation: Delegation, ada: User, olga: User
) -> None:
    conference = delegation.conference
    device = pairing.add(conference, "Cửa A", by=ada)
    pairing.offer(device, by=ada)
    journal.record("take_list", device, by=None, conference=conference)
    journal.record("export", conference, by=olga, conference=conference)
    keys = {one.pk for one in everybody}
    assert seen(ada) == {pk: {"take_list"} for pk in keys}
    assert seen(olga) == {pk: {"export"} for pk in keys}


def test_a_phone_that_another_paired_later_still_counts_for_who_paired_it_first(
    everybody: list[Attendee], delegation: Delegation, ada: User, olga: User
) -> None:
    """And what it took before somebody paired it does not count for them."""
    conference = delegation.conference
    device = pairing.add(conference, "Cửa A", by=ada)
    pairing.offer(device, by=ada)
    journal.record("take_list", device, by=None, conference=conference)
    pairing.offer(device, by=olga)
    assert seen(ada) == {one.pk: {"take_list"} for one in everybody}
    assert seen(olga) == {}
    journal.record("take_list", device, by=None, conference=conference)
    assert set(seen(olga)) == set(seen(ada)) == {one.pk for one in everybody}


def test_what_was_before_does_not_count(everybody: list[Attendee], olga: User) -> None:
    privacy.reveal(everybody[0], by=olga, session=SessionStore())
    assert seen(olga, JournalEntry.objects.latest("at").at + datetime.timedelta(seconds=1)) == {}


def test_the_command_tells_codes_and_acts(everybody: list[Attendee], olga: User) -> None:
    privacy.reveal(everybody[0], by=olga, session=SessionStore())
    said = StringIO()
    today = timezone.localdate(JournalEntry.objects.latest("at").at).isoformat()
    call_command("looked", olga.email, "--since", today, stdout=said)
    line, total = said.getvalue().splitlines()
    assert line.split("\t") == ["da-lat-2024", "lam-dong", everybody[0].code, "reveal"]
    assert total.startswith("1 people since")
    for account, since in ((olga.email, "hôm qua"), ("khong@co.example", today)):
        with pytest.raises(CommandError):
            call_command("looked", account, "--since", since, stdout=said)
