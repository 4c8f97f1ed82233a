"""Desk: the table of purposes, and erasing one person after a look at what goes and what stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from attendees.models import Attendee, Correction, Delegation, Upload
from conference import erased, purpose_table, storing
from conference.models import JournalEntry, User
from tests.conference.desk import signed_in, strict, text  # noqa: F401  (a fixture)
from tests.conference.test_stored_files import make_stuck
from tests.conftest import MakeAttendee

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]


@pytest.fixture(autouse=True)
def demo(settings: LazySettings) -> None:
    settings.DEMO = True


@pytest.fixture
def list_of_erased(settings: LazySettings, tmp_path: Path) -> Path:
    settings.ERASED_FILE = tmp_path / "erased.jsonl"
    return tmp_path / "erased.jsonl"


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation, "Trịnh Bạch Yến", phone="+84905123318", status="declined")


def address(person: Attendee) -> str:
    return reverse("admin:privacy_erase", args=(person.code,))


def test_the_desk_reads_every_line_of_the_table(person: Attendee, victor: User) -> None:
    said = text(signed_in(victor).get(reverse("admin:privacy")))
    for rows in purpose_table.TABLE:
        for held in rows.held:
            assert str(held.what) in said
            assert str(held.purpose) in said
    assert "Đã đọc thông báo bản" in said


def test_what_goes_and_what_stays_is_shown_first(person: Attendee, olga: User) -> None:
    said = text(signed_in(olga).get(address(person)))
    assert said.index("Điện thoại, thư điện tử") < said.index("Giữ lại") < said.index("Mã đại biểu")
    assert Attendee.objects.get(pk=person.pk).erased_at is None


def test_it_is_done_once_by_who_proved_just_now_who_they_are(person: Attendee, olga: User) -> None:
    press = {"version": person.version}
    late = signed_in(olga, ago=3600).post(address(person), press)
    assert reverse("account_reauthenticate") in late["Location"]
    assert Attendee.objects.get(pk=person.pk).erased_at is None
    client = signed_in(olga)
    for _ in range(2):
        client.post(address(person), press)
    said = text(client.get(address(person)))
    assert "đã xóa" in said
    assert "Trịnh Bạch Yến" not in said
    assert JournalEntry.objects.filter(act="erase").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_file_that_the_disk_keeps_is_told_as_no_failure_and_keeps_no_other(
    person: Attendee, olga: User, media: Path, list_of_erased: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The erasing is through by then: the sweep of the night comes for the file."""
    names = [storing.keep_bytes(bytes([number]), "uploads", "pdf")[0] for number in range(3)]
    for name in names:
        Upload.objects.create(
            delegation=person.delegation, attendee=person, kind="answer", name="Vé.pdf", file=name,
            sha256="0" * 64, size=1, given_by="Dan", content_type="application/pdf",
        )  # fmt: skip
    make_stuck(names[0], monkeypatch)
    client = signed_in(olga)
    said = text(client.post(address(person), {"version": person.version}, follow=True))
    assert "Đã xóa dữ liệu cá nhân." in said
    assert "chưa xóa" not in said
    assert [storing.exists(name) for name in names] == [True, False, False]
    assert [one.code for one in erased.known().through] == [person.code]


def test_where_the_list_cannot_be_written_the_page_says_so(
    person: Attendee, olga: User, settings: LazySettings, tmp_path: Path
) -> None:
    settings.ERASED_FILE = tmp_path / "nowhere" / "erased.jsonl"
    client = signed_in(olga)
    assert "nên chưa xóa" in text(client.post(address(person), {"version": person.version}, follow=True))
    assert Attendee.objects.get(pk=person.pk).erased_at is None


def test_what_changed_since_it_was_shown_is_shown_again(person: Attendee, olga: User) -> None:
    response = signed_in(olga).post(address(person), {"version": person.version - 1})
    assert response.status_code == 409
    assert Attendee.objects.get(pk=person.pk).erased_at is None


def test_who_still_comes_is_not_erased(
    delegation: Delegation, make_attendee: MakeAttendee, olga: User
) -> None:
    coming = make_attendee(delegation, status="confirmed")
    client = signed_in(olga)
    assert "còn giữ suất" in text(client.get(address(coming)))
    client.post(address(coming), {"version": coming.version})
    assert Attendee.objects.get(pk=coming.pk).erased_at is None


def test_others_do_not_come_here(person: Attendee, victor: User, dan: User) -> None:
    for user in (victor, dan):
        assert signed_in(user).get(address(person)).status_code == 403
    assert Client().get(address(person)).status_code == 302


def test_a_request_to_be_erased_leads_to_the_page(person: Attendee, olga: User) -> None:
    asked = Correction.objects.create(attendee=person, kind="erase", asked_at=person.conference.now())
    page = signed_in(olga).get(reverse("admin:attendees_correction_change", args=(asked.pk,)))
    assert address(person) in page.content.decode()
    listed = text(signed_in(olga).get(reverse("admin:attendees_correction_changelist")))
    assert "Xóa dữ liệu" in listed
