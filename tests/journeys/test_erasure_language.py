"""What is stored by an erasing is Vietnamese, whatever language its organiser or the console reads."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.utils import translation

from attendees import erasing
from attendees.models import Attendee, Delegation
from conference.models import User
from documents import rows
from documents.models import Document
from mailing.models import Message
from tests.conftest import MakeAttendee

pytestmark = pytest.mark.django_db
Act = Callable[[Attendee, User], object]


@pytest.fixture
def person(
    settings: LazySettings, tmp_path: Path, media: Path, delegation: Delegation, make_attendee: MakeAttendee
) -> Attendee:
    """A year after the conference; a list that was ready and a letter that was not sent tell of them."""
    settings.ERASED_FILE = tmp_path / "erased.jsonl"
    person = make_attendee(delegation, "Nguyễn Văn An", email="an@lamdong.example", status="declined")
    conference = delegation.conference
    conference.demo_now = conference.now() + datetime.timedelta(days=500)
    conference.save()
    Document.objects.create(
        conference=conference, kind="attendee-list", state="ready", file="documents/a.pdf"
    )
    Message.objects.create(
        conference=conference, kind="notice", subject_ref=f"attendees.attendee:{person.pk}",
        message_id="<1@hoinghi.example>", to=[person.email], state="cancelled", error="550",
    )  # fmt: skip
    return person


def by_an_english_organiser(person: Attendee, olga: User) -> None:
    with translation.override("en"):
        erasing.erase(person, by=olga)


def by_the_command(person: Attendee, olga: User) -> None:
    call_command("erase_person", person.code, stdout=StringIO())


def when_its_time_is_over(person: Attendee, olga: User) -> None:
    call_command("retention", stdout=StringIO())


@pytest.mark.parametrize("act", [by_an_english_organiser, by_the_command, when_its_time_is_over])
def test_what_is_stored_is_vietnamese_and_the_list_of_papers_says_it(
    act: Act, person: Attendee, olga: User
) -> None:
    act(person, olga)
    [paper] = rows.rows(rows.of(Document.objects.all()), olga)
    assert paper.document.state == "cancelled"
    assert paper.document.error.startswith("Tệp đã gỡ vì")
    assert paper.sentence == paper.document.error
    assert Message.objects.get().error == "Đã xóa dữ liệu cá nhân."
