"""A list is sent by officers or by the bearer of a link: file or table, columns, preview, taken, back."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from attendees import answers, importing
from attendees.models import Attendee, Delegation, ImportBatch
from conference.models import JournalEntry, User
from tests.attendees.lists import AN, BINH, HEADINGS, people, stage, upload
from tests.attendees.portal import close, text_of, url
from tests.conference.desk import strict_templates
from tests.conftest import MakeAttendee

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _undefined_is_an_error() -> Any:
    with strict_templates():
        yield


def step(name: str, batch: ImportBatch) -> str:
    place = (batch.conference.slug, batch.delegation.code, batch.public_id)
    return reverse(f"attendees:list_{name}", args=place)


def sent(client: Client, delegation: Delegation, *rows: Any, **more: Any) -> ImportBatch:
    """Uploads a workbook as a browser does."""
    response = client.post(url("list", delegation), {"file": upload(*rows, **more)})
    assert response.status_code == 302, text_of(response)
    return ImportBatch.objects.latest("pk")


def words(response: HttpResponse) -> str:
    said = text_of(response)
    assert "!undefined" not in said, said
    return said


# ── Giving ────────────────────────────────────────────────────────────────────────────────────────


def test_an_officer_sends_a_file_from_the_first_page_to_the_list(
    as_dan: Client, delegation: Delegation, dan: User
) -> None:
    assert "Nhập từ tệp Excel" in words(as_dan.get(url("delegation", delegation)))
    assert "Đọc tệp" in words(as_dan.get(url("list", delegation)))
    batch = sent(as_dan, delegation, AN, BINH)
    assert as_dan.get(step("preview", batch)).status_code == 200
    page = as_dan.get(step("columns", batch))
    assert "B Họ và tên Ví dụ: Nguyễn Văn An; Trần Thị Bình" in words(page)
    assigned = {
        f"{form.prefix}-{name}": form[name].value() for form in page.context["forms"] for name in form.fields
    }
    after = as_dan.post(step("columns", batch), {key: value for key, value in assigned.items() if value})
    assert after.headers["Location"] == step("preview", batch)
    page = as_dan.get(step("preview", batch))
    assert "Thêm mới 2" in words(page)
    assert "Nguyễn Văn An sinh 1975, Phó Giám đốc, Sở TTTT Lâm Đồng" in words(page)
    version = page.context["shown"].comparison.version
    after = as_dan.post(step("take", batch), {"version": version}, follow=True)
    assert "Đã nhập danh-sach.xlsx lúc 16:00, thứ Năm, 30/5/2024." in words(after)
    assert [name for name, *_ in people(delegation)] == ["Nguyễn Văn An", "Trần Thị Bình"]
    assert "danh-sach.xlsx Dan" in words(as_dan.get(url("list", delegation)))


def test_the_bearer_of_the_link_sends_a_list_under_its_name(as_gus: Client, delegation: Delegation) -> None:
    batch = sent(as_gus, delegation, AN)
    page = as_gus.get(step("preview", batch))
    assert "Đang trả lời bằng liên kết của đoàn Tỉnh Lâm Đồng Kết thúc" in words(page)
    assert "Đăng nhập" not in words(page), "who came by a link has no account"
    as_gus.post(step("take", batch), {"version": page.context["shown"].comparison.version})
    assert delegation.attendees.count() == 1
    assert JournalEntry.objects.get(act="import").actor_name == "Liên kết của đoàn Tỉnh Lâm Đồng"
    batch.refresh_from_db()
    assert (batch.given_by, batch.given_by_name) == (None, "Liên kết của đoàn Tỉnh Lâm Đồng")


def test_a_table_is_pasted(as_dan: Client, delegation: Delegation) -> None:
    lines = ["\t".join(HEADINGS), *("\t".join(map(str, row)) for row in (AN, BINH))]
    as_dan.cookies["django_language"] = "en"  # what is kept has one language
    response = as_dan.post(url("list", delegation), {"pasted": "\r\n".join(lines)})
    assert response.status_code == 302
    batch = ImportBatch.objects.get()
    assert batch.name == "Bảng đã dán"
    assert [person.full_name for person in importing.reading_of(batch).people] == [
        "Nguyễn Văn An",
        "Trần Thị Bình",
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Chọn tệp hoặc dán bảng."),
        ({"pasted": " \n "}, "Chọn tệp hoặc dán bảng."),
        ({"file": SimpleUploadedFile("rong.xlsx", b"")}, "Tệp này rỗng. Chọn tệp khác."),
        ({"file": SimpleUploadedFile("anh.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 100)}, ""),
        ({"file": SimpleUploadedFile("to.xlsx", b"0" * (5 * 1024 * 1024 + 1))}, "Tệp lớn hơn 5 MB."),
        ({"file": upload(AN), "pasted": "x"}, "Chỉ chọn một cách: tệp, hoặc bảng dán."),
    ],
)
def test_what_cannot_be_read_gets_one_sentence_and_leaves_nothing(
    as_dan: Client, delegation: Delegation, data: dict[str, Any], sentence: str
) -> None:
    for file in data.values():
        getattr(file, "seek", int)(0)
    response = as_dan.post(url("list", delegation), data)
    assert response.status_code == 200
    assert sentence in words(response)
    assert len(response.context["form"].errors) == 1
    assert not ImportBatch.objects.exists()


def test_the_same_headings_are_not_asked_for_twice(as_dan: Client, delegation: Delegation) -> None:
    batch = sent(as_dan, delegation, AN)
    importing.remap(batch, importing.plans_of(batch), by=None)
    response = as_dan.post(url("list", delegation), {"file": upload(BINH)})
    assert response.headers["Location"].endswith(f"{ImportBatch.objects.latest('pk').public_id}/")


def test_the_workbook_of_the_delegation_is_handed_out(
    as_dan: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation, "Nguyễn Văn An")
    response = as_dan.post(url("list_template", delegation))
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["Cache-Control"] == "no-store, private"
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert book["Danh sách"]["C10"].value == "Nguyễn Văn An"
    assert (
        as_dan.get(url("list_template", delegation)).status_code == 405
    )  # it is recorded, so it is asked for


# ── Columns ───────────────────────────────────────────────────────────────────────────────────────


def test_columns_are_assigned_and_wrong_ones_refused(as_dan: Client, delegation: Delegation) -> None:
    batch = sent(
        as_dan, delegation, ("Nguyễn Văn An", "Giám đốc", "?"), headings=("Họ và tên", "Cột lạ", "Cột khác")
    )
    given = {"sheet-0-used": "on", "sheet-0-heading": "1", "sheet-0-body": "2", "sheet-0-A": "name"}
    response = as_dan.post(step("columns", batch), {**given, "sheet-0-B": "name"})
    assert "Họ và tên đang chọn cho hai cột. Chỉ giữ một cột." in words(response)
    response = as_dan.post(step("columns", batch), {**given, "sheet-0-A": ""})
    assert "Chọn cột họ và tên, hoặc không đọc trang này." in words(response)
    response = as_dan.post(step("columns", batch), {**given, "sheet-0-used": ""})
    assert "Chọn ít nhất một trang để đọc." in words(response)
    response = as_dan.post(step("columns", batch), {**given, "sheet-0-body": "1"})
    assert "Người đầu tiên phải ở dưới dòng tiêu đề." in words(response)
    as_dan.post(step("columns", batch), {**given, "sheet-0-B": "position"})
    batch.refresh_from_db()
    assert importing.reading_of(batch).people[0].position == "Giám đốc"


# ── Looking and deciding ──────────────────────────────────────────────────────────────────────────


def test_what_needs_a_person_stands_first_and_is_answered_on_the_page(
    as_dan: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    old = make_attendee(delegation, "Nguyễn Văn An", birth_year=1970)
    wrong = (3, "Lê Văn Cường", 1979, "", "", "Sở TTTT", "0912")
    batch = sent(as_dan, delegation, BINH, AN, wrong)
    page = as_dan.get(step("preview", batch))
    assert (page.context["shown"].show, len(page.context["page"])) == ("todo", 2)
    assert "Chưa nhập được 1 dòng: 4." in words(page)
    assert "Ô G4 Số này thiếu nhiều chữ số." in words(page)
    assert "disabled" in page.content.decode()
    data = {"row": ["0.3", "0.4"], "who.0.3": old.code, "skip.0.4": "1", "who.9.9": "new", "version": "x"}
    as_dan.post(step("preview", batch), data)
    batch.refresh_from_db()
    assert batch.choices == {"who.0.3": old.code, "skip.0.4": "1"}
    page = as_dan.get(step("preview", batch))
    assert page.context["shown"].comparison.is_ready
    said = words(as_dan.get(step("preview", batch) + "?show=changed"))
    assert "Năm sinh 1970 → 1975" in said
    as_dan.post(step("preview", batch), {"row": ["0.4"]})  # not left out any more
    batch.refresh_from_db()
    assert batch.choices == {"who.0.3": old.code}


def test_who_answers_on_a_later_page_stays_on_it(as_dan: Client, delegation: Delegation) -> None:
    batch = sent(as_dan, delegation, AN, BINH)
    after = as_dan.post(f"{step('preview', batch)}?show=all&page=2", {"show": "all", "row": ["0.2"]})
    assert after["Location"] == f"{step('preview', batch)}?show=all&page=2"


def test_a_question_of_many_rows_is_asked_once(as_dan: Client, delegation: Delegation) -> None:
    rows = [(*AN[:5], "Khối lạ", ""), (*BINH[:5], "Khối lạ", "")]
    batch = sent(as_dan, delegation, *rows)
    page = as_dan.get(step("preview", batch))
    assert page.content.decode().count('name="part=khoi la"') == 1
    assert "2 dòng" in words(page)
    as_dan.post(step("preview", batch), {"row": ["0.2", "0.3"], "part=khoi la": "department"})
    assert as_dan.get(step("preview", batch)).context["shown"].comparison.is_ready


def test_a_list_that_was_decided_elsewhere_meanwhile_is_shown_again(
    as_dan: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation, "Nguyễn Văn An", birth_year=1975)
    batch = sent(as_dan, delegation, AN)
    version = as_dan.get(step("preview", batch)).context["shown"].comparison.version
    answers.edit(person, by=None, position="Chánh Văn phòng")
    response = as_dan.post(step("take", batch), {"version": version})
    assert response.status_code == 409
    assert "Danh sách đã đổi từ khi xem. Chưa nhập gì: xem lại rồi nhập." in words(response)
    person.refresh_from_db()
    assert person.position == "Chánh Văn phòng"
    fresh = response.context["shown"].comparison.version
    as_dan.post(step("take", batch), {"version": fresh})
    person.refresh_from_db()
    assert person.position == "Phó Giám đốc"


@pytest.mark.parametrize("version", ["", "x" * 16, "0" * 400])
def test_a_form_without_its_version_takes_nothing(
    as_dan: Client, delegation: Delegation, version: str
) -> None:
    batch = sent(as_dan, delegation, AN)
    assert as_dan.post(step("take", batch), {"version": version}).status_code == 302
    assert not delegation.attendees.exists()


def test_the_workbook_comes_back_with_its_problems_marked(
    as_dan: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    for number in range(3):
        make_attendee(delegation, f"Người thứ {number}")
    batch = sent(as_dan, delegation, AN, (*BINH[:6], "0912"))
    response = as_dan.get(step("marked", batch))
    assert "attachment" in response.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    sheet = book["Danh sách"]
    assert "Vượt số suất" in sheet["F2"].comment.text
    assert "Số này thiếu nhiều chữ số" in sheet["G3"].comment.text


# ── Back ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_list_is_taken_back_from_its_page(as_dan: Client, delegation: Delegation, dan: User) -> None:
    batch = sent(as_dan, delegation, AN)
    importing.take(batch, by=dan)
    assert "Hoàn lại danh-sach.xlsx?" in words(as_dan.get(step("undo", batch)))
    response = as_dan.post(step("undo", batch), follow=True)
    assert "Đã hoàn lại: danh sách như trước khi nhập tệp." in words(response)
    assert not delegation.attendees.exists()
    assert "đã được hoàn lại lúc 16:00" in words(as_dan.get(step("preview", batch)))


def test_who_stands_in_the_way_is_named(as_dan: Client, delegation: Delegation, dan: User) -> None:
    batch = sent(as_dan, delegation, AN)
    importing.take(batch, by=dan)
    answers.confirm_person(Attendee.objects.get(), by=dan)
    response = as_dan.post(step("undo", batch))
    assert response.status_code == 409
    assert "Nguyễn Văn An : đã sửa hoặc xác nhận sau khi nhập" in words(response)


def test_a_file_is_dropped(as_dan: Client, delegation: Delegation) -> None:
    batch = sent(as_dan, delegation, AN)
    response = as_dan.post(step("drop", batch), follow=True)
    assert "Đã bỏ tệp danh-sach.xlsx. Danh sách không đổi." in words(response)
    assert "danh-sach.xlsx Dan" not in words(as_dan.get(url("list", delegation)))
    assert as_dan.get(step("preview", batch)).status_code == 302


# ── Who, and when ─────────────────────────────────────────────────────────────────────────────────


def test_a_list_of_another_delegation_is_not_there(
    as_dan: Client, delegation: Delegation, other_delegation: Delegation
) -> None:
    batch = stage(other_delegation, AN)
    place = (delegation.conference.slug, delegation.code, batch.public_id)
    assert as_dan.get(reverse("attendees:list_preview", args=place)).status_code == 404


def test_after_the_deadline_no_list_is_taken(as_dan: Client, delegation: Delegation) -> None:
    batch = sent(as_dan, delegation, AN)
    version = as_dan.get(step("preview", batch)).context["shown"].comparison.version
    close(delegation)
    assert as_dan.get(url("list", delegation)).status_code == 302
    assert "Đã quá hạn trả lời" in words(as_dan.post(url("list", delegation), {"file": upload(BINH)}))
    response = as_dan.post(step("take", batch), {"version": version}, follow=True)
    assert "Đã quá hạn trả lời" in words(response)
    assert not delegation.attendees.exists()


def test_pages_ask_as_much_for_three_rows_as_for_one(
    as_dan: Client, delegation: Delegation, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for rows in ([AN], [AN, BINH, (3, "Lê Văn Cường", 1979, "", "", "Sở TTTT", "")]):
        batch = sent(as_dan, delegation, *rows)
        as_dan.get(step("preview", batch))
        with CaptureQueriesContext(connection) as queries:
            as_dan.get(step("preview", batch) + "?show=all")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_list_of_five_thousand_is_looked_at_a_page_at_a_time(
    as_dan: Client, delegation: Delegation
) -> None:
    """Three seats for all of them: nearly every row asks something, and the page stays as small."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts, sizes = [], []
    for number in (60, 5000):
        rows = [(one, f"Nguyễn Văn {_spoken(one)}", 1975, "", "", "Sở TTTT", "") for one in range(number)]
        batch = sent(as_dan, delegation, *rows)
        as_dan.get(step("preview", batch))
        with CaptureQueriesContext(connection) as queries:
            page = as_dan.get(step("preview", batch))
        counts.append(len(queries))
        sizes.append(len(page.content))
        assert page.content.count(b'<li class="line ') == 50
        last = as_dan.get(step("preview", batch) + "?show=all&page=999")
        assert last.content.count(b'<li class="line ') == (number - 1) % 50 + 1
    assert f"Chưa nhập được {5000 - 3} dòng" in words(page)
    assert counts[0] == counts[1]
    assert sizes[1] < 1.05 * sizes[0] < 400_000


def _spoken(number: int) -> str:
    """A given name of its own for every number."""
    return "".join("abcdeghikl"[int(digit)] for digit in str(number)).capitalize() + "n"
