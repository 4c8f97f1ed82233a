"""Signed sheets at the desk over HTTP."""

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendees.models import Attendee, Delegation
from conference.models import User
from documents.models import Document
from sessions import sheet_codes
from sessions.models import Report, Session, SignedSheet
from tests.conference.desk import signed_in, strict, text  # noqa: F401  (a fixture)
from tests.conftest import MakeAttendee
from tests.sessions.choosing import crowd

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]
LIST = "/da-lat-2024/reception/sheets/"
PAGE = f"{LIST}lam-dong/"
ROWS = f"{LIST}rows/"


@pytest.fixture
def people(opening: Session, delegation: Delegation, make_attendee: MakeAttendee) -> list[Attendee]:
    return crowd(make_attendee, delegation, 3)


@pytest.fixture
def as_olga(olga: User, settings: LazySettings) -> Client:
    settings.DEMO = True  # no second factor in the way
    return signed_in(olga)


@pytest.fixture
def as_greta(client: Client, greta: User) -> Client:
    client.force_login(greta)
    return client


def data(*people: Attendee, **more: object) -> dict[str, object]:
    return {"session": "khai-mac", "people": [person.code for person in people], **more}


def test_the_list_tells_of_each_delegation_what_was_entered(as_greta: Client, people: list[Attendee]) -> None:
    assert "Tỉnh Lâm Đồng 0/3 Chưa nhập" in text(as_greta.get(LIST))
    as_greta.post(PAGE, data(people[0]))
    assert "Tỉnh Lâm Đồng 1/3 Đang nhập" in text(as_greta.get(LIST))
    as_greta.post(PAGE, data(people[1], act="close", counted=2))
    assert "Đã nhập xong 1/1 đoàn Tỉnh Lâm Đồng 2/3 Đã nhập xong" in text(as_greta.get(LIST))
    as_greta.post(PAGE, data(people[2]))
    assert "3/3 Thêm chữ ký sau khi nhập" in text(as_greta.get(LIST))
    assert "Nay có 3 chữ ký." in text(as_greta.get(PAGE))


def test_ticks_are_written_and_told(as_greta: Client, people: list[Attendee]) -> None:
    response = as_greta.post(PAGE, data(*people[:2]), follow=True)
    said = text(response)
    assert "Đã ghi 2 chữ ký." in said
    assert "2/3 đã ký" in said
    assert said.count("Đã ghi chữ ký") == 2


@pytest.mark.parametrize(
    ("counted", "words"),
    [
        ("", "Đếm chữ ký trên giấy rồi ghi số"),
        ("3", "Trên giấy đếm được 3 chữ ký, nhưng có 2 người"),
        ("hai", "Nhập một số, ví dụ 5."),
        ("-1", "Nhập số từ 0 trở lên."),
    ],
)
def test_a_wrong_count_is_told_in_place_and_the_ticks_stay(
    as_greta: Client, people: list[Attendee], counted: str, words: str
) -> None:
    response = as_greta.post(PAGE, data(*people[:2], act="close", counted=counted))
    assert response.status_code == 200
    assert words in text(response)
    assert response.context["form"].ticked == {one.code for one in people[:2]}
    assert not Report.objects.exists()
    assert not SignedSheet.objects.exists()


def test_who_left_the_list_meanwhile_is_named(as_greta: Client, people: list[Attendee]) -> None:
    code = people[0].code
    people[0].delete()
    response = as_greta.post(PAGE, {"session": "khai-mac", "people": [code, people[1].code]}, follow=True)
    assert f"Người có mã {code} không còn trong danh sách" in text(response)
    assert Report.objects.count() == 1


def test_online_is_offered_to_organisers_alone(
    as_greta: Client, as_olga: Client, people: list[Attendee]
) -> None:
    assert "Dự trực tuyến" not in text(as_greta.get(PAGE))
    assert as_greta.post(PAGE, data(people[0], act="online")).status_code == 403
    assert "Dự trực tuyến" in text(as_olga.get(PAGE))
    response = as_olga.post(PAGE, data(people[0], act="online"), follow=True)
    assert "Đã ghi 1 người dự trực tuyến." in text(response)


def test_codes_of_rows_give_a_line_each_and_the_wrong_ones_stay(
    as_greta: Client, people: list[Attendee], opening: Session
) -> None:
    good, wrong = sheet_codes.of_row(opening, people[0]), "KY00-0000"
    response = as_greta.post(ROWS, {"session": "khai-mac", "rows": f"{good}\r\n{wrong}\r\n{good}\r\n"})
    said = text(response)
    assert "Người thứ 1, Tỉnh Lâm Đồng: đã ghi chữ ký." in said
    assert "KY00-0000 Đây không phải mã của tờ ký." in said
    assert response.context["form"]["rows"].value() == wrong
    again = as_greta.post(ROWS, {"session": "khai-mac", "rows": good})
    assert "chữ ký đã ghi từ trước." in text(again)


def test_a_script_gets_the_answers_alone(as_greta: Client, people: list[Attendee], opening: Session) -> None:
    rows = {"session": "khai-mac", "rows": sheet_codes.of_row(opening, people[0])}
    body = as_greta.post(ROWS, rows, headers={"X-Fragment": "rows"}).content.decode()
    assert "<html" not in body
    assert body.count("<li") == 1


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("", "Quét hoặc gõ mã của dòng đã ký."),
        (" \n \n", "Quét hoặc gõ mã của dòng đã ký."),
        ("\n".join(f"KY{n}" for n in range(501)), "Mỗi lần nhập nhiều nhất 500 dòng."),
        ("A\0B", "không hợp lệ"),
        ("<script>alert(1)</script>", "<script>alert(1)</script> Đây không phải mã"),
    ],
)
def test_bad_input_is_told_in_place(as_greta: Client, people: list[Attendee], rows: str, words: str) -> None:
    response = as_greta.post(ROWS, {"session": "khai-mac", "rows": rows})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()
    if "\0" not in rows:
        assert words in text(response)
    assert not Report.objects.exists()


def test_organisers_print_the_sheets_of_the_session_and_of_one_delegation(
    as_olga: Client, people: list[Attendee], opening: Session
) -> None:
    Attendee.objects.update(status=Attendee.Status.CONFIRMED)
    for address, delegation in ((LIST, None), (PAGE, people[0].delegation)):
        assert "In tờ ký" in text(as_olga.get(address))
        given = {"kind": "sign-in", "session": "khai-mac"}
        as_olga.post(
            reverse("documents:ask", args=("da-lat-2024",)),
            given | ({"delegation": "lam-dong"} if delegation else {}),
        )
        document = Document.objects.latest("pk")
        assert document.subject_ids == [opening.pk]
        assert (document.delegation, document.total) == (delegation, 3)


def test_the_pages_ask_as_often_for_few_as_for_many(
    as_greta: Client, people: list[Attendee], delegation: Delegation, other_delegation: Delegation,
    make_attendee: MakeAttendee,
) -> None:  # fmt: skip
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            as_greta.get(address)
        return len(caught)

    few = [asked(address) for address in (LIST, PAGE)]
    for n in range(8):
        make_attendee(delegation, f"Lê Thử {n}")
        make_attendee(other_delegation, f"Vũ Thử {n}")
    assert [asked(address) for address in (LIST, PAGE)] == few
