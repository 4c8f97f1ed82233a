"""Desk: the table of purposes, and erasing one person after a look at what goes and what stays."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from attendees.models import Attendee, Correction, Delegation
from conference import purpose_table
from conference.models import JournalEntry, User
from tests.conference.desk import signed_in, strict, text  # noqa: F401  (a fixture)
from tests.conftest import MakeAttendee

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]


@pytest.fixture(autouse=True)
def demo(settings: LazySettings) -> None:
    settings.DEMO = True


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
