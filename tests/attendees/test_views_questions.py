"""The organisers' questions on the pages of a delegation: shown, answered, counted, closed."""

import datetime
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from attendees import links, questioning, travel, uploading
from attendees.inspecting import inspect
from attendees.models import Attendee, Delegation, Link, Question
from conference.models import Conference, JournalEntry, User
from tests.attendees.portal import text_of, url
from tests.attendees.test_views_person import form_of
from tests.conftest import MakeAttendee

pytestmark = pytest.mark.django_db


@pytest.fixture
def cars(conference: Conference) -> Question:
    return conference.questions.create(
        label="Số xe của đoàn", kind="number", subject="delegation", is_required=True
    )


@pytest.fixture
def asked(conference: Conference, cars: Question) -> None:
    travel.ask(conference, by=None)


def test_without_questions_the_page_of_the_delegation_says_nothing_of_them(
    as_dan: Client, delegation: Delegation, conference: Conference
) -> None:
    assert "Câu hỏi của Ban Tổ chức" not in text_of(as_dan.get(url("delegation", delegation)))
    assert "Ban Tổ chức không hỏi gì thêm" in text_of(as_dan.get(url("questions", delegation)))


def test_what_is_still_required_is_counted_on_the_page_of_the_delegation(
    as_dan: Client, delegation: Delegation, person: Attendee, asked: None, dan: User
) -> None:
    page = text_of(as_dan.get(url("delegation", delegation)))
    assert "Câu hỏi của Ban Tổ chức Còn 3 câu bắt buộc chưa trả lời" in page
    assert "Còn 3 suất chưa cử người. Còn 3 câu hỏi bắt buộc chưa trả lời. Vẫn gửi được." in page
    questioning.answer(person, {"arrival-day": "2024-06-05", "vehicle": "Máy bay"}, by=dan)
    questioning.answer(delegation, {"so-xe-cua-doan": 2}, by=dan)
    page = text_of(as_dan.get(url("delegation", delegation)))
    assert "câu hỏi bắt buộc" not in page
    assert "Câu hỏi của Ban Tổ chức Đi lại, ăn, nghỉ và việc khác" in page


def test_the_delegation_answers_for_itself_and_sees_how_far_its_people_are(
    as_dan: Client, delegation: Delegation, person: Attendee, asked: None, cars: Question
) -> None:
    address = url("questions", delegation)
    response = as_dan.get(address)
    whole, _word, people = text_of(response).partition("Từng đại biểu")
    assert "Số xe của đoàn" in whole.partition("Cả đoàn")[2]
    assert people.startswith(" Ông Nguyễn Văn An Sở Thông tin và Truyền thông Còn 2 câu bắt buộc")
    response = as_dan.post(address, form_of(response) | {"q-so-xe-cua-doan": "2"}, follow=True)
    assert "Đã lưu câu trả lời của đoàn." in text_of(response)
    delegation.refresh_from_db()
    assert delegation.extra == {cars.slug: 2}


def test_the_officer_answers_for_each_person_one_after_the_other(
    as_dan: Client, delegation: Delegation, person: Attendee, asked: None, make_attendee: MakeAttendee
) -> None:
    second = make_attendee(delegation, "Trần Thị Bình")
    address = url("person_questions", delegation, person.code)
    response = as_dan.get(address)
    assert "Đại biểu đã đồng ý để Ban Tổ chức dùng câu trả lời này" in text_of(response)
    data = form_of(response) | {"q-arrival-day": "05/6/2024", "q-vehicle": "Máy bay", "next": "1"}
    response = as_dan.post(address, data, follow=True)
    assert response.redirect_chain == [(url("person_questions", delegation, second.code), 302)]
    assert "Đã lưu câu trả lời của Ông Nguyễn Văn An." in text_of(response)
    assert "Lưu và sang người tiếp" not in text_of(response)  # nobody else owes anything
    person.refresh_from_db()
    assert person.extra == {"arrival-day": "2024-06-05", "vehicle": "Máy bay"}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"q-arrival-day": "mùng 5"}, "Chưa đọc được ngày này."),
        ({"q-arrival-time": "tối"}, "Chưa đọc được giờ này."),
        ({"q-vehicle": "Xe đạp"}, "Xe đạp không phải là lựa chọn"),
        ({"q-trip-number": "x" * 301}, "Dài tối đa 300 ký tự"),
        ({"q-trip-number": "a\0b"}, "Có ký tự không đọc được."),
        ({"q-diet": ["Ăn chay"]}, "Đây là dữ liệu nhạy cảm."),
    ],
)
def test_what_is_no_answer_is_said_at_the_question_and_nothing_is_written(
    as_dan: Client,
    delegation: Delegation,
    person: Attendee,
    asked: None,
    typed: dict[str, Any],
    sentence: str,
) -> None:
    address = url("person_questions", delegation, person.code)
    response = as_dan.post(address, form_of(as_dan.get(address)) | {"q-return-day": "08/6/2024"} | typed)
    if sentence.startswith("Xe đạp"):
        assert response.context["form"].errors["q-vehicle"]
    else:
        assert sentence in text_of(response)
    person.refresh_from_db()
    assert person.extra == {}


def test_several_spellings_of_an_hour_are_read(
    as_dan: Client, delegation: Delegation, person: Attendee, asked: None
) -> None:
    address = url("person_questions", delegation, person.code)
    for typed in ("7h30", "07:30", "7.30"):
        as_dan.post(address, form_of(as_dan.get(address)) | {"q-arrival-time": typed})
        person.refresh_from_db()
        assert person.extra == {"arrival-time": "07:30"}


@pytest.mark.parametrize(
    "number", [0, 7, 999, 1000, 1_500_000, 999_999_999_999, -1234.5, 0.125, 1.234, 1234567.891, 0.0000001]
)
def test_a_number_that_nobody_touches_stays_what_it_is(
    as_dan: Client, delegation: Delegation, cars: Question, number: float
) -> None:
    Delegation.objects.update(extra={cars.slug: number})
    address = url("questions", delegation)
    field = as_dan.get(address).context["form"]["q-so-xe-cua-doan"].value()
    response = as_dan.post(address, {"q-so-xe-cua-doan": field}, follow=True)
    assert "Đã lưu câu trả lời của đoàn." in text_of(response)
    delegation.refresh_from_db()
    assert delegation.extra == {cars.slug: number}
    assert not JournalEntry.objects.filter(act="answer_questions").exists()


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1.500", 1500), ("1.500.000", 1_500_000), ("1.234,5", 1234.5), ("-1.500", -1500), ("1500", 1500),
        ("1,5", 1.5), ("1.5", 1.5), ("0.125", 0.125), ("1,500", 1.5), ("1.2345", 1.2345), ("0", 0),
        ("1.50.000", None), ("1500.000.000", None), ("1,500,000", None), ("1.500.00", None), ("1..5", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_here_write_them(
    as_dan: Client, delegation: Delegation, cars: Question, typed: str, number: float | None
) -> None:
    address = url("questions", delegation)
    response = as_dan.post(address, form_of(as_dan.get(address)) | {"q-so-xe-cua-doan": typed})
    if number is None:
        assert "Chỉ nhập số, ví dụ 12 hoặc 1,5." in text_of(response)
    delegation.refresh_from_db()
    assert delegation.extra == ({} if number is None else {cars.slug: number})


def test_after_the_deadline_of_a_question_officers_read_and_organisers_still_write(
    as_dan: Client,
    client: Client,
    delegation: Delegation,
    person: Attendee,
    asked: None,
    olga: User,
    settings: Any,
) -> None:
    settings.DEMO = True
    address = url("person_questions", delegation, person.code)
    Conference.objects.update(demo_now="2024-06-03T17:00:01+07:00")
    page = text_of(as_dan.get(address))
    assert "Chỉ xem Ngày đến (trống) Đã hết hạn trả lời lúc 17:00, thứ Hai, 03/6/2024." in page
    assert "Lưu câu trả lời" not in page
    as_dan.post(address, {"q-vehicle": "Máy bay"})
    person.refresh_from_db()
    assert person.extra == {}
    client.force_login(olga)
    client.post(address, form_of(client.get(address)) | {"q-vehicle": "Máy bay"})
    person.refresh_from_db()
    assert person.extra == {"vehicle": "Máy bay"}


def test_a_delegation_with_more_time_is_asked_on_its_pages_until_then(
    as_dan: Client, delegation: Delegation, person: Attendee, asked: None
) -> None:
    Question.objects.update(answer_by=None)
    end = delegation.conference.confirm_by + datetime.timedelta(days=2)
    Delegation.objects.filter(pk=delegation.pk).update(extended_to=end)
    Conference.objects.update(demo_now=end - datetime.timedelta(days=1))
    assert "câu bắt buộc" in text_of(as_dan.get(url("questions", delegation)))
    address = url("person_questions", delegation, person.code)
    as_dan.post(address, form_of(as_dan.get(address)) | {"q-vehicle": "Máy bay"})
    person.refresh_from_db()
    assert person.extra == {"vehicle": "Máy bay"}


def test_an_answer_that_is_no_longer_offered_is_kept_until_another_is_chosen(
    as_dan: Client, delegation: Delegation, person: Attendee, asked: None
) -> None:
    Attendee.objects.update(extra={"vehicle": "Ca nô"})
    address = url("person_questions", delegation, person.code)
    response = as_dan.get(address)
    assert "Ca nô (không còn trong danh sách)" in text_of(response)
    as_dan.post(address, form_of(response) | {"q-trip-number": "12"})
    person.refresh_from_db()
    assert person.extra == {"vehicle": "Ca nô", "trip-number": "12"}


def test_the_bearer_of_the_link_of_the_delegation_answers_too(
    client: Client, delegation: Delegation, person: Attendee, asked: None
) -> None:
    link = links.make(delegation, Link.Purpose.ANSWER, by=None)
    client.post(reverse("attendees:link", args=(links.token_of(link),)))
    address = url("person_questions", delegation, person.code)
    client.post(address, form_of(client.get(address)) | {"q-vehicle": "Máy bay"})
    person.refresh_from_db()
    assert person.extra == {"vehicle": "Máy bay"}


def test_onlookers_and_strangers_get_no_form(
    client: Client, delegation: Delegation, person: Attendee, asked: None, victor: User, mai: User
) -> None:
    addresses = url("questions", delegation), url("person_questions", delegation, person.code)
    for user, status in ((victor, 403), (mai, 404)):
        client.force_login(user)
        for address in addresses:
            assert [client.get(address).status_code, client.post(address).status_code] == [status, status]


def test_who_gave_up_the_seat_is_asked_nothing(
    as_dan: Client, delegation: Delegation, person: Attendee, asked: None
) -> None:
    Attendee.objects.update(status="declined")
    assert "Nguyễn Văn An" not in text_of(as_dan.get(url("questions", delegation)))
    response = as_dan.get(url("person_questions", delegation, person.code))
    assert response.context["form"].questions == []


def test_the_list_of_people_costs_the_same_with_one_and_with_three(
    as_dan: Client,
    delegation: Delegation,
    person: Attendee,
    asked: None,
    make_attendee: MakeAttendee,
    django_assert_max_num_queries: Any,
) -> None:
    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(20) as caught:
            as_dan.get(url("questions", delegation))
        counts.append(len(caught))
        make_attendee(delegation)
        make_attendee(delegation)
    assert len(set(counts)) == 1


def test_a_conflict_keeps_what_was_typed_and_names_the_other_answer(
    as_dan: Client, delegation: Delegation, person: Attendee, asked: None, olga: User
) -> None:
    address = url("person_questions", delegation, person.code)
    data = form_of(as_dan.get(address)) | {"q-vehicle": "Máy bay"}
    questioning.answer(person, {"vehicle": "Xe khách"}, by=olga)
    response = as_dan.post(address, data)
    assert (response.status_code, "Người khác vừa trả lời “Xe khách”." in text_of(response)) == (409, True)
    version = re.search(r'name="version" value="(\w+)"', response.content.decode())
    assert version is not None
    as_dan.post(address, data | {"version": version[1]})
    person.refresh_from_db()
    assert person.extra == {"vehicle": "Máy bay"}


# For organisers


def test_organisers_see_private_answers_masked_until_they_open_the_person(
    client: Client,
    delegation: Delegation,
    person: Attendee,
    asked: None,
    dan: User,
    olga: User,
    settings: Any,
) -> None:
    settings.DEMO = True
    questioning.answer(person, {"diet": ["Ăn chay"], "vehicle": "Máy bay"}, by=dan, consents={"diet"})
    client.force_login(olga)
    address = url("person_questions", delegation, person.code)
    page = client.get(address)
    assert "Chỉ xem Chế độ ăn đã trả lời Đã che với người ngoài đoàn." in text_of(page)
    client.post(address, form_of(page) | {"q-vehicle": "Xe khách", "q-diet": ["Không thịt bò"]})
    person.refresh_from_db()
    assert (person.extra["vehicle"], person.extra["diet"]) == ("Xe khách", ["Ăn chay"])
    client.post(f"/admin/attendees/attendee/{person.pk}/reveal/")
    assert client.get(address).context["form"]["q-diet"].value() == ["Ăn chay"]


# Files


def picture(colour: str = "red") -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (40, 40), colour).save(file, format="PNG")
    return SimpleUploadedFile("vé máy bay.png", file.getvalue(), content_type="image/png")


@pytest.fixture
def ticket(conference: Conference, settings: Any, tmp_path: Path) -> Question:
    settings.MEDIA_ROOT = tmp_path
    return conference.questions.create(label="Vé", kind="file", answer_by="2024-06-04T17:00:00+07:00")


def test_a_file_is_given_as_an_answer_replaced_and_taken_back(
    as_dan: Client, delegation: Delegation, person: Attendee, ticket: Question
) -> None:
    address = url("person_questions", delegation, person.code)
    as_dan.post(address, form_of(as_dan.get(address)) | {"q-ve": picture()})
    first = person.uploads.get()
    person.refresh_from_db()
    assert (person.extra, first.kind, first.name) == ({"ve": first.pk}, "answer", "vé máy bay.png")
    response = as_dan.get(address)
    assert "Đã gửi: vé máy bay.png. Gửi tệp khác thì thay tệp này." in text_of(response)
    as_dan.post(address, form_of(response))  # nothing chosen: the file stays
    person.refresh_from_db()
    assert person.extra == {"ve": first.pk}
    as_dan.post(address, form_of(as_dan.get(address)) | {"q-ve": picture("blue")})
    person.refresh_from_db()
    assert person.extra["ve"] != first.pk
    as_dan.post(address, form_of(as_dan.get(address)) | {"remove-ve": "on"})
    person.refresh_from_db()
    assert person.extra == {}


def test_only_the_file_that_is_the_answer_stands(
    as_dan: Client, delegation: Delegation, person: Attendee, ticket: Question, conference: Conference
) -> None:
    conference.questions.create(label="Vé về", kind="file")
    address = url("person_questions", delegation, person.code)
    for number in range(uploading.MOST + 2):
        file = {"q-ve": picture(f"#0000{number:02x}")}
        assert as_dan.post(address, form_of(as_dan.get(address)) | file).status_code == 302
    person.refresh_from_db()
    last = person.uploads.get()
    assert person.extra == {"ve": last.pk}
    as_dan.post(address, form_of(as_dan.get(address)) | {"q-ve-ve": picture(f"#0000{number:02x}")})
    as_dan.post(address, form_of(as_dan.get(address)) | {"remove-ve": "on"})
    assert person.uploads.get() == last  # the same file is the answer to another question
    assert as_dan.get(url("upload", delegation, last.sha256)).status_code == 200
    as_dan.post(address, form_of(as_dan.get(address)) | {"remove-ve-ve": "on"})
    assert not person.uploads.exists()
    assert as_dan.get(url("upload", delegation, last.sha256)).status_code == 404


def test_a_file_of_the_delegation_leaves_its_letters_and_the_files_of_its_people(
    as_dan: Client, delegation: Delegation, person: Attendee, ticket: Question, conference: Conference
) -> None:
    conference.questions.create(label="Danh sách phòng", kind="file", subject="delegation")
    [letter] = uploading.give(delegation, [inspect(picture("green"))], by=None)
    about = url("person_questions", delegation, person.code)
    as_dan.post(about, form_of(as_dan.get(about)) | {"q-ve": picture("red")})
    address = url("questions", delegation)
    for colour in ("blue", "white"):
        as_dan.post(address, form_of(as_dan.get(address)) | {"q-danh-sach-phong": picture(colour)})
    delegation.refresh_from_db()
    kept = {letter.pk, person.uploads.get().pk, delegation.extra["danh-sach-phong"]}
    assert set(delegation.uploads.values_list("pk", flat=True)) == kept


def test_as_many_files_are_taken_as_are_asked_for(
    as_dan: Client, delegation: Delegation, ticket: Question, conference: Conference
) -> None:
    slugs = []
    for number in range(uploading.MOST + 1):
        paper = conference.questions.create(label=f"Tệp {number}", kind="file", subject="delegation")
        slugs.append(paper.slug)
    given = {f"q-{slug}": picture(f"#0000{number:02x}") for number, slug in enumerate(slugs)}
    address = url("questions", delegation)
    assert as_dan.post(address, form_of(as_dan.get(address)) | given).status_code == 302
    delegation.refresh_from_db()
    assert set(delegation.extra) == set(slugs)


def test_what_is_no_paper_is_refused_by_its_content(
    as_dan: Client, delegation: Delegation, person: Attendee, ticket: Question
) -> None:
    address = url("person_questions", delegation, person.code)
    fake = SimpleUploadedFile("ve.pdf", b"<html><script>", content_type="application/pdf")
    response = as_dan.post(address, form_of(as_dan.get(address)) | {"q-ve": fake})
    assert "không phải PDF hoặc ảnh JPEG, PNG, WebP" in text_of(response)
    assert not person.uploads.exists()


def test_a_file_is_still_taken_when_the_list_is_closed_and_the_question_is_not(
    client: Client, delegation: Delegation, person: Attendee, ticket: Question
) -> None:
    Conference.objects.update(demo_now="2024-06-02T12:00:00+07:00")
    link = links.make(person, Link.Purpose.PERSON, by=None)
    client.post(reverse("attendees:link", args=(links.token_of(link),)))
    address = reverse("attendees:attendee_answer", args=(delegation.conference.slug, person.code))
    assert client.post(address, form_of(client.get(address)) | {"q-ve": picture()}).status_code == 302
    person.refresh_from_db()
    assert person.extra == {"ve": person.uploads.get().pk}


def test_a_refused_form_leaves_no_row_of_its_file(
    as_dan: Client, delegation: Delegation, person: Attendee, ticket: Question, conference: Conference
) -> None:
    conference.questions.create(label="Ăn", kind="choice", choices=["Chay", "Mặn"], is_sensitive=True)
    address = url("person_questions", delegation, person.code)
    response = as_dan.post(address, form_of(as_dan.get(address)) | {"q-ve": picture(), "q-an": "Chay"})
    assert "Đây là dữ liệu nhạy cảm." in text_of(response)
    assert not person.uploads.exists()


def test_organisers_download_the_file_from_the_page_of_the_person(
    as_dan: Client, client: Client, delegation: Delegation, person: Attendee, ticket: Question, olga: User,
    settings: Any,
) -> None:  # fmt: skip
    settings.DEMO = True
    address = url("person_questions", delegation, person.code)
    as_dan.post(address, form_of(as_dan.get(address)) | {"q-ve": picture()})
    client.force_login(olga)
    body = client.get(f"/admin/attendees/attendee/{person.pk}/change/").content.decode()
    file = re.search(r'href="([^"]+/uploads/[^"]+)"', body)
    assert file is not None
    response = client.get(file[1])
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert response.content.startswith(b"\x89PNG")
