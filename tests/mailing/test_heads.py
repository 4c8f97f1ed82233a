"""The heads of the journal reach two persons each day, once, with a text that no organiser changes."""

from __future__ import annotations

import datetime
import threading
import uuid
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from conference import journal, sealing
from conference.models import Conference, User
from mailing import heads, kinds, wording
from mailing.models import Mailing, Message, MessageTemplate, State
from tests.conference.desk import signed_in, text
from tests.conftest import VN, make_conference
from tests.patience import LONGEST

INSPECTOR, ARCHIVE = "thanh-tra@hoinghi.example", "van-thu@hoinghi.example"
SIX = datetime.datetime(2024, 5, 30, 6, tzinfo=VN)

pytestmark = pytest.mark.usefixtures("silent_bell")


@pytest.fixture(autouse=True)
def keepers(settings: LazySettings, tmp_path: Path) -> None:
    settings.HEADS_FILE = tmp_path / "heads.jsonl"
    settings.JOURNAL_HEADS_TO = [INSPECTOR, ARCHIVE]
    settings.DEMO = True  # no second factor in the way


def at(conference: Conference, moment: datetime.datetime) -> None:
    Conference.objects.filter(pk=conference.pk).update(demo_now=moment)


def letters() -> list[tuple[list[str], str]]:
    return [(one.to, one.state) for one in Message.objects.order_by("pk")]


@pytest.mark.django_db
def test_each_keeper_gets_a_letter_a_day_with_both_heads(conference: Conference) -> None:
    journal.record("edit", conference, by=None, conference=conference)
    journal.record("edit", conference, by=None, conference=None)
    sealing.seal(everything=True)
    own, outside = sealing.mark(conference.pk), sealing.mark(sealing.NONE)
    at(conference, SIX)
    heads.sweep()
    heads.sweep()
    assert letters() == [([INSPECTOR], State.APPROVED), ([ARCHIVE], State.APPROVED)]
    read = wording.of_message(Message.objects.all()[0], {})
    assert read.subject.startswith("Đầu chuỗi nhật ký, ngày 30 tháng 5 năm 2024: Hội nghị tập huấn")
    assert f"\n\n{own}\n{outside}\n\n" in read.body
    assert "manage.py journal verify --head" in read.body
    # What stands in the letter is what the command takes.
    call_command("journal", "verify", "--head", own, outside, stdout=StringIO())
    at(conference, SIX + datetime.timedelta(days=1))
    heads.sweep()
    assert Mailing.objects.count() == 2
    sealing.seal(everything=True)
    assert sealing.mark(conference.pk) != own, "the letters are acts as well"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"demo_now": SIX - datetime.timedelta(seconds=1)},
        {"status": Conference.Status.ARCHIVED},
        {"time_zone": "Europe/London"},  # where it is midnight
    ],
)
def test_not_before_six_of_the_place_nor_once_it_is_archived(
    conference: Conference, change: dict[str, Any]
) -> None:
    Conference.objects.filter(pk=conference.pk).update(**{"demo_now": SIX, **change})
    heads.sweep()
    assert letters() == []


@pytest.mark.django_db
def test_where_nobody_is_named_nobody_is_written_to(conference: Conference, settings: LazySettings) -> None:
    settings.JOURNAL_HEADS_TO = []
    heads.sweep()
    assert letters() == []


@pytest.mark.django_db
def test_every_conference_has_its_own(conference: Conference) -> None:
    other = make_conference("ha-long-2022", short_title="Hội nghị khác")
    heads.sweep()
    chains = {one.conference: one.values["dau_chuoi"].split("/")[0] for one in Message.objects.all()}
    assert chains == {conference: str(conference.pk), other: str(other.pk)}


@pytest.mark.django_db
def test_no_organiser_writes_its_text_anew(conference: Conference, olga: User) -> None:
    MessageTemplate.objects.create(conference=conference, kind=kinds.HEADS.slug, subject="x", body="y")
    heads.sweep()
    assert {one.body_template.strip() for one in Message.objects.all()} == {kinds.HEADS.body.strip()}
    MessageTemplate.objects.all().delete()
    desk = signed_in(olga)
    listed = reverse("admin:mailing_messagetemplate_changelist")
    page = text(desk.get(listed))
    assert ("Thông báo" in page, "Đầu chuỗi" in page) == (True, False)
    assert refused(desk, "heads", listed)
    assert not refused(desk, "notice", listed)


def refused(desk: Client, kind: str, listed: str) -> bool:
    response = desk.get(reverse("admin:mailing_messagetemplate_add"), {"kind": kind})
    return response.headers.get("Location") == listed


# ── Two sweepers at the same moment ───────────────────────────────────────────────────────────────


def both_at_once(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> int:
    """Batches, after two have found the letters of the day missing at the same moment."""
    together, mark = threading.Barrier(2), sealing.mark
    waited = threading.local()

    def late(chain: int) -> str:
        if not hasattr(waited, "once"):
            waited.once = True
            together.wait(LONGEST)
        return mark(chain)

    monkeypatch.setattr(sealing, "mark", late)
    failed: list[BaseException] = []

    def round_() -> None:
        try:
            act()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=round_) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    return Mailing.objects.count()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_sweepers_write_the_letters_of_a_day_once(
    conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert both_at_once(monkeypatch, heads.sweep) == 1
    assert letters() == [([INSPECTOR], State.APPROVED), ([ARCHIVE], State.APPROVED)]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_control_without_a_key_of_the_day_they_write_them_twice(
    conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "key_of", lambda *_: uuid.uuid4())
    assert both_at_once(monkeypatch, heads.sweep) == 2
