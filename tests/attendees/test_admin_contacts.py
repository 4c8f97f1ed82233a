"""Telephones and addresses at the desk: masked, opened for ten minutes on the record, never overwritten."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from attendees import codes, privacy
from attendees.models import Attendee, Delegation
from conference.models import Conference, JournalEntry, User
from tests.conference.desk import fields, rows, signed_in, strict, text, url  # noqa: F401  (a fixture)
from tests.conftest import MakeAttendee

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]
PHONE, EMAIL = "0905 123 318", "an.nguyen@lamdong.example"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def desk(olga: User) -> Client:
    return signed_in(olga)


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee, conference: Conference) -> Attendee:
    conference.questions.create(label="Chế độ ăn", kind="choices", choices=["Ăn chay"], is_sensitive=True)
    conference.questions.create(label="Số máy nội bộ", kind="phone")
    return make_attendee(
        delegation,
        phone="+84905123318",
        email=EMAIL,
        extra={"che-do-an": ["Ăn chay"], "so-may-noi-bo": "+842633822345"},
    )


def reveal(client: Client, person: Attendee) -> Any:
    return client.post(reverse("admin:attendees_attendee_reveal", args=(person.pk,)), follow=True)


def form(client: Client, person: Attendee) -> Any:
    return client.get(url(Attendee, "change", person.pk))


def test_the_form_of_a_person_masks_contacts_and_sensitive_answers(desk: Client, person: Attendee) -> None:
    response = form(desk, person)
    page = text(response)
    assert "Điện thoại 0905 ••• 318 Thư điện tử a•••@lamdong.example" in page
    assert "Chế độ ăn đã trả lời Số máy nội bộ 0263 •••• 345" in page
    body = response.content.decode()
    for hidden in (PHONE, "+84905123318", "an.nguyen", "Ăn chay", "3822 345"):
        assert hidden not in body
    assert {"phone", "email"}.isdisjoint(fields(response))


def test_saving_the_masked_form_leaves_contacts_as_they_are(desk: Client, person: Attendee) -> None:
    data = fields(form(desk, person)) | {"position": "Giám đốc", "phone": "", "email": "x@example.org"}
    assert desk.post(url(Attendee, "change", person.pk), data).status_code == 302
    person.refresh_from_db()
    assert (person.position, person.phone, person.email) == ("Giám đốc", "+84905123318", EMAIL)


def test_a_contact_that_is_missing_is_typed_in_without_opening_anything(
    desk: Client, person: Attendee
) -> None:
    Attendee.objects.update(email="")
    response = form(desk, person)
    assert "phone" not in fields(response)
    data = fields(response) | {"email": "moi@lamdong.example"}
    assert desk.post(url(Attendee, "change", person.pk), data).status_code == 302
    person.refresh_from_db()
    assert (person.phone, person.email) == ("+84905123318", "moi@lamdong.example")


def test_an_organiser_opens_them_on_the_record_and_then_changes_them(desk: Client, person: Attendee) -> None:
    page = text(reveal(desk, person))
    assert "Đang hiện số điện thoại và thư của Nguyễn Văn An trong 10 phút." in page
    assert "Chế độ ăn Ăn chay Số máy nội bộ 0263 3822 345" in page
    entry = JournalEntry.objects.get(act="reveal")
    assert (entry.actor_name, entry.subject_name) == ("Olga", "Nguyễn Văn An")
    response = form(desk, person)
    data = fields(response)
    assert (data["phone"], data["email"]) == (PHONE, EMAIL)
    assert desk.post(url(Attendee, "change", person.pk), data | {"phone": "0912 345 678"}).status_code == 302
    person.refresh_from_db()
    assert person.phone == "+84912345678"


def test_what_was_typed_before_the_ten_minutes_were_over_is_taken(desk: Client, person: Attendee) -> None:
    reveal(desk, person)
    data = fields(form(desk, person)) | {"phone": "0912 345 678"}
    session = desk.session
    session[privacy.SESSION_KEY] = {}
    session.save()
    assert "phone" not in fields(form(desk, person))
    assert desk.post(url(Attendee, "change", person.pk), data).status_code == 302
    person.refresh_from_db()
    assert person.phone == "+84912345678"


def test_the_form_of_one_person_opens_nothing_of_another(
    desk: Client, person: Attendee, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    other = make_attendee(delegation, "Lê Thị Khác", phone="+84987654321")
    reveal(desk, person)
    assert "phone" not in fields(form(desk, other))
    stolen = fields(form(desk, other)) | {"seen": fields(form(desk, person))["seen"], "phone": "1"}
    response = desk.post(url(Attendee, "change", other.pk), stolen)
    assert "654 321" not in response.content.decode()
    other.refresh_from_db()
    assert other.phone == "+84987654321"


def test_another_session_of_the_same_organiser_sees_nothing(
    desk: Client, person: Attendee, olga: User
) -> None:
    reveal(desk, person)
    assert PHONE not in form(signed_in(olga), person).content.decode()


def test_viewers_never_open_anything(person: Attendee, victor: User, dan: User) -> None:
    client = signed_in(victor)
    page = form(client, person).content.decode()
    assert "0905 ••• 318" in page
    assert "Hiện số điện thoại" not in page
    assert reveal(client, person).status_code == 403
    assert reveal(signed_in(dan), person).status_code == 403
    assert PHONE not in form(client, person).content.decode()
    assert not JournalEntry.objects.filter(act="reveal").exists()


def test_opening_is_by_pressing_only(desk: Client, person: Attendee) -> None:
    assert desk.get(reverse("admin:attendees_attendee_reveal", args=(person.pk,))).status_code == 405


def test_people_are_still_found_by_their_number(desk: Client, person: Attendee) -> None:
    for typed in ("0905123318", "123318"):
        response = desk.get(url(Attendee), {"q": typed})
        assert rows(response) == ["Nguyễn Văn An"]
    assert PHONE not in desk.get(url(Attendee), {"q": "318"}).content.decode()


def test_who_may_not_open_contacts_cannot_ask_for_them_letter_by_letter(
    person: Attendee, victor: User
) -> None:
    client = signed_in(victor)
    asked = ("0905123318", "123318", "09051", "lamdong.example", "nguyen lamdong")
    assert [typed for typed in asked if rows(client.get(url(Attendee), {"q": typed}))] == []
    for typed in ("nguyễn văn", codes.group(person.code), "an"):
        assert rows(client.get(url(Attendee), {"q": typed})) == ["Nguyễn Văn An"], typed


def test_a_new_person_is_typed_in_with_contacts(desk: Client, delegation: Delegation) -> None:
    assert {"phone", "email"} <= set(desk.get(url(Attendee, "add")).context["adminform"].form.fields)


def test_the_journal_shows_changes_of_contacts_masked(desk: Client, person: Attendee) -> None:
    reveal(desk, person)
    data = fields(form(desk, person)) | {"phone": "0912 345 678", "email": "moi.hon@lamdong.example"}
    desk.post(url(Attendee, "change", person.pk), data)
    for address in (url(Attendee, "history", person.pk), url(JournalEntry)):
        page = text(desk.get(address))
        assert "0905 ••• 318 → 0912 ••• 678" in page
        assert "a•••@lamdong.example → m•••@lamdong.example" in page
        assert "345 678" not in page
        assert "moi.hon" not in page
