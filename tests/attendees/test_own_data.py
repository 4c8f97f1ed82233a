"""A person sees all that is held, takes it along, takes a consent back, and asks to be erased."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from attendees import corrections, erasing, links, own_data, photos, questioning, views_own
from attendees.models import Attendee, Correction, Delegation, Link, Question
from conference import purpose_table, storing
from conference.guests import Guest
from conference.models import Conference, JournalEntry, User
from sessions.models import SpeakerProfile
from tests.conference.desk import signed_in, text
from tests.conftest import VN, MakeAttendee

pytestmark = pytest.mark.django_db
DIET = "Kiêng hạt quỳnh"


@pytest.fixture
def question(delegation: Delegation) -> Question:
    return delegation.conference.questions.create(label="Ăn kiêng", kind="text", is_sensitive=True)


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee, question: Question, dan: User) -> Attendee:
    person = make_attendee(delegation, phone="+84905123318", status="confirmed", note="Đến muộn")
    questioning.answer(person, {question.slug: DIET}, by=dan, consents={question.slug})
    return Attendee.objects.get(pk=person.pk)


@pytest.fixture
def bearer(person: Attendee) -> Guest:
    return Guest("Liên kết", link_id=1, attendee_id=person.pk)


@pytest.fixture
def pia(person: Attendee, olga: User, client: Client) -> Client:
    """The browser of the person, come in by the own link."""
    token = links.token_of(links.make(person, Link.Purpose.PERSON, by=olga))
    client.post(reverse("attendees:link", args=(token,)))
    return client


def address(person: Attendee, name: str) -> str:
    return reverse(f"attendees:{name}", args=(person.conference.slug, person.code))


def test_the_page_says_what_is_held_and_what_for(person: Attendee, question: Question, pia: Client) -> None:
    said = text(pia.get(address(person, "attendee_data")))
    assert f"{question.label}: {DIET}" in said
    for word in ("Nguyễn Văn An", "0905 123 318", DIET, "Đến muộn", "Liên hệ với đại biểu", "90 ngày"):
        assert word in said
    assert person.badge_token not in said


def test_the_page_says_by_which_link_it_is_read_and_how_to_end(person: Attendee, pia: Client) -> None:
    page = pia.get(address(person, "attendee_data")).content.decode()
    assert "Đang xem bằng liên kết cá nhân" in page
    assert "Kết thúc" in page
    assert "Đăng nhập" not in page


def test_what_somebody_asked_to_be_corrected_is_shown_and_taken_along(
    person: Attendee, bearer: Guest, pia: Client
) -> None:
    corrections.ask(person, {"position": "Phó Giám đốc Sở"}, "Xin sửa chức vụ", by=bearer)
    assert "Phó Giám đốc Sở; Xin sửa chức vụ" in text(pia.get(address(person, "attendee_data")))
    [line] = [
        one
        for one in pia.get(address(person, "attendee_data_file")).json()["held"]
        if one["what"] == "Đề nghị sửa và câu trả lời"
    ]
    assert line["rows"][0]["wanted"] == {"position": "Phó Giám đốc Sở"}


def test_days_moments_and_choices_are_written_as_people_write_them(
    person: Attendee, bearer: Guest, pia: Client
) -> None:
    """Also inside a column; and the name of a stored file is nothing to be told."""
    Attendee.objects.filter(pk=person.pk).update(
        notice_version="1", notice_seen_at=datetime.datetime(2024, 5, 30, 15, 42, tzinfo=VN)
    )
    corrections.ask(person, {"honorific": "ba", "phone": "+84905123319"}, "", by=bearer)
    proposed = {"title": "Tiến sĩ", "photo": "speakers/ab/cd.jpg"}
    profile = SpeakerProfile.objects.create(attendee=person, proposed=proposed, state="waiting")
    profile.busy_times.create(day=datetime.date(2024, 6, 5), starts=datetime.time(8), ends=datetime.time(9))
    said = text(pia.get(address(person, "attendee_data")))
    for words in (
        "15:42, thứ Năm, 30/5/2024", "05/6/2024", "danh xưng: Bà", "điện thoại: 0905 123 319",
        "chức vụ: Tiến sĩ",
    ):  # fmt: skip
        assert words in said, words
    file = pia.get(address(person, "attendee_data_file")).content.decode()
    assert '"proposed": {' in file
    assert "speakers/" not in said + file


def test_the_file_holds_every_line_of_the_table_that_holds_anything(person: Attendee, pia: Client) -> None:
    response = pia.get(address(person, "attendee_data_file"))
    held = response.json()["held"]
    assert response["Content-Disposition"].endswith(f'"du-lieu-{person.code}.json"')
    assert {one["what"]: one["rows"] for one in held}["Điện thoại, thư điện tử"] == [
        {"phone": "+84905123318", "email": ""}
    ]
    own = {str(held.what) for rows in purpose_table.TABLE if rows.person for held in rows.held}
    assert {one["what"] for one in held} <= own
    assert next(one["act"] for one in response.json()["journal"]) == "trả lời câu hỏi"


def test_every_key_of_the_file_is_said_in_words_too(person: Attendee, bearer: Guest, pia: Client) -> None:
    corrections.ask(person, {"position": "Phó Giám đốc Sở"}, "Xin sửa chức vụ", by=bearer)
    file = pia.get(address(person, "attendee_data_file")).json()
    lines = {one["what"]: one["labels"] for one in file["held"]}
    assert lines["Điện thoại, thư điện tử"] == {"phone": "điện thoại", "email": "thư điện tử"}
    assert lines["Đề nghị sửa và câu trả lời"]["position"] == "chức vụ", "a column inside a column"
    for one in file["held"]:
        for key in (key for row in one["rows"] for key in row):
            assert one["labels"].get(key) or key == "Ăn kiêng", key  # a question is its own name
    keys = {*file, *(key for part in ("held", "letters", "journal") for one in file[part] for key in one)}
    assert keys <= set(file["labels"])


def test_every_column_that_is_told_has_a_word() -> None:
    for rows in purpose_table.TABLE:
        for held in rows.held if rows.person else ():
            names = set(held.names) - own_data.SECRET - {"extra"}  # answers are named by their questions
            told = own_data.Told(rows, held, [dict.fromkeys(names)])
            assert set(told.labels) == names, rows.label


def test_nobody_else_opens_it(person: Attendee, dan: User, olga: User, settings: LazySettings) -> None:
    settings.DEMO = True  # no second factor
    for user in (dan, olga):
        client = signed_in(user)
        for name in ("attendee_data", "attendee_data_file"):
            assert client.get(address(person, name)).status_code == 403


def test_a_consent_is_taken_back_after_the_deadline_too(
    person: Attendee, question: Question, pia: Client
) -> None:
    question.answer_by = datetime.datetime(2024, 5, 1, tzinfo=VN)
    question.save()
    for _ in range(2):
        pia.post(address(person, "attendee_consent"), {"name": question.slug})
    person.refresh_from_db()
    assert person.extra == {}
    assert JournalEntry.objects.filter(act="withdraw_consent").count() == 1
    assert DIET not in str(list(JournalEntry.objects.values()))


def test_the_photo_goes_with_the_consent(
    person: Attendee, bearer: Guest, media: Path, django_capture_on_commit_callbacks: object
) -> None:
    name, _sha256, _size = storing.keep_bytes(b"face", photos.FOLDER, "jpg")
    Attendee.objects.filter(pk=person.pk).update(photo=name)
    person.refresh_from_db()
    assert [one.name for one in own_data.consents(person)] == ["an-kieng", "photo"]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # a fixture of pytest-django
        assert own_data.withdraw(person, "photo", by=bearer)
        assert not own_data.withdraw(person, "photo", by=bearer)
    assert not storing.path(name).exists()


def test_only_the_person_withdraws_and_only_what_was_agreed_to(person: Attendee, bearer: Guest) -> None:
    with pytest.raises(PermissionDenied):
        own_data.withdraw(person, "an-kieng", by=Guest("", link_id=1, attendee_id=person.pk + 1))
    with pytest.raises(ValidationError, match="Không có đồng ý"):
        own_data.withdraw(person, "full_name", by=bearer)


def test_under_legal_hold_no_consent_takes_anything_away(
    person: Attendee, bearer: Guest, pia: Client
) -> None:
    Conference.objects.filter(pk=person.conference_id).update(legal_hold=True)
    for name in ("an-kieng", "photo"):
        with pytest.raises(ValidationError, match="giữ nguyên dữ liệu"):
            own_data.withdraw(person, name, by=bearer)
    page = pia.post(address(person, "attendee_consent"), {"name": "an-kieng"}, follow=True)
    assert "Hội nghị đang giữ nguyên dữ liệu" in text(page)
    said = [("chưa rút, chưa xóa được" in text(page)), ("Rút đồng ý" in text(page))]
    Conference.objects.filter(pk=person.conference_id).update(legal_hold=False)
    page = pia.get(address(person, "attendee_data"))
    assert (said, "chưa rút" in text(page), "Rút đồng ý" in text(page)) == ([True, False], False, True)
    person.refresh_from_db()
    assert DIET in str(person.extra)


def test_erasing_is_asked_for_once_and_answered_by_erasing(person: Attendee, pia: Client, olga: User) -> None:
    other = Correction.objects.create(attendee=person, wanted={"position": "Giám đốc"})
    for _ in range(2):
        page = pia.post(address(person, "attendee_erasure"), {"text": "Tôi đã nghỉ hưu"}, follow=True)
        assert "Về trang của đại biểu" in text(page)
    assert "Xóa dữ liệu Tôi đã nghỉ hưu" in text(pia.get(address(person, "attendee_page")))
    asked = Correction.objects.get(kind="erase")
    assert (asked.kind, asked.state, asked.text) == ("erase", "waiting", "Tôi đã nghỉ hưu")
    with pytest.raises(ValidationError, match="trang riêng"):
        corrections.accept(asked, by=olga)
    Attendee.objects.filter(pk=person.pk).update(status="declined")
    erasing.erase(person, by=olga)
    asked.refresh_from_db()
    assert (asked.state, asked.text, asked.settled_by) == ("done", "", olga)
    other.refresh_from_db()
    assert (other.state, other.settled_by) == ("refused", olga), "it was not put right"


@pytest.mark.parametrize(("day", "due"), [(3, 5), (6, 10), (7, 11), (8, 11), (9, 11)])
def test_two_working_days_leave_out_the_weekend(person: Attendee, day: int, due: int) -> None:
    """June 2024: the 8th is a Saturday."""
    asked = Correction(attendee=person, asked_at=datetime.datetime(2024, 6, day, 15, tzinfo=VN))
    assert corrections.due(asked) == datetime.datetime(2024, 6, due, 15, tzinfo=VN)


def test_who_is_taken_off_the_list_as_they_ask_to_be_erased_meets_no_fault(
    person: Attendee, pia: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = views_own.in_person

    def last(request: HttpRequest, asked: Attendee) -> Guest:
        by = known(request, asked)
        Attendee.objects.filter(pk=person.pk).delete()
        return by

    monkeypatch.setattr(views_own, "in_person", last)
    response = pia.post(address(person, "attendee_erasure"), {"text": ""})
    assert response.status_code == 302
    told = [str(one) for one in get_messages(response.wsgi_request)]
    assert told == ["Người này không còn trong danh sách của đoàn."]
