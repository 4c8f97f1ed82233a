"""The board at the desk: who sees it, what is sent again, and the acts over its seats."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.forms import modelform_factory
from django.test import Client
from openpyxl import load_workbook

from attendees import answers, pooling
from attendees.admin_seats import QuotaForm
from attendees.models import Category, Delegation, Quota
from conference.models import Conference, JournalEntry, User
from tests.attendees.test_board import TODAY
from tests.attendees.test_pooling import late, pool_of, seats_of
from tests.conference.desk import same_count, signed_in, strict, text  # noqa: F401  (a fixture)
from tests.conftest import MakeAttendee, make_delegation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]
BOARD = "/admin/board/"
PART = {"headers": {"X-Fragment": "board"}}


@pytest.fixture(autouse=True)
def demo(settings: Any) -> Iterator[None]:
    settings.DEMO = True  # no second factor in the way
    with time_machine.travel(TODAY):
        yield


@pytest.fixture
def as_olga(olga: User) -> Client:
    return signed_in(olga)


def links(response: Any) -> list[str]:
    return [one.replace("&amp;", "&") for one in re.findall(r'href="([^"]*)"', response.content.decode())]


# ── Who, and what ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["olga", "victor", "ada"])
def test_everybody_at_the_desk_sees_the_board_first_in_the_menu(
    name: str, request: pytest.FixtureRequest, delegation: Delegation, foreign_delegation: Delegation
) -> None:
    client = signed_in(request.getfixturevalue(name))
    if name == "ada":
        client.post("/admin/switch/", {"conference": delegation.conference.slug})
    response = client.get(BOARD)
    said = text(response)
    assert "Lâm Đồng" in said
    assert "Quảng Ninh" not in [
        line.name for group in response.context["page"].groups for line in group.lines
    ]
    assert response.context["available_apps"][0]["models"][0]["admin_url"] == BOARD


@pytest.mark.parametrize("name", ["dan", "greta", "sam"])
def test_nobody_else_does(name: str, request: pytest.FixtureRequest, delegation: Delegation) -> None:
    client = signed_in(request.getfixturevalue(name))
    assert [client.get(one).status_code for one in (BOARD, f"{BOARD}lam-dong/")] == [403, 403]


def test_without_a_conference_the_board_leads_to_the_desk(ada: User) -> None:
    response = signed_in(ada).get(BOARD)
    assert (response.status_code, response.url) == (302, "/admin/")


def test_a_viewer_is_offered_no_act(victor: User, delegation: Delegation) -> None:
    Category.objects.update(pool=2)
    late(delegation.conference)
    client = signed_in(victor)
    board, seats = client.get(BOARD), client.get(f"{BOARD}lam-dong/")
    acts = [
        one
        for page in (board, seats)
        for one in links(page)
        if re.search(f"{BOARD}.*(release|hand-out|collect)", one)
    ]
    assert acts == []
    for act in ("hand-out/", "collect/", "lam-dong/department/release/"):
        assert [client.get(BOARD + act).status_code, client.post(BOARD + act).status_code] == [403, 403]


def test_the_board_says_what_it_shows_and_how_to_see_everything_again(
    as_olga: Client, delegation: Delegation, other_delegation: Delegation
) -> None:
    Delegation.objects.filter(pk=delegation.pk).update(status="confirmed")
    response = as_olga.get(f"{BOARD}?state=waiting&category=press&figure=nominated&owing=on")
    said = text(response)
    assert "Đang xem 1/2 đoàn · 1 đoàn còn nợ trả lời" in said
    assert "Bỏ Tình trạng trả lời: Chưa phản hồi" in said
    assert "?category=press&figure=nominated&owing=on" in links(response)
    assert [group.lines[0].name for group in response.context["page"].groups] == ["Quảng Nam"]


@pytest.mark.parametrize(
    "query",
    ["state=x", "region=XX&review=7", "category=khac&figure=no", "map=later&owing=", "state=a&state=b"],
)
def test_a_word_that_is_not_offered_narrows_nothing(
    as_olga: Client, delegation: Delegation, query: str
) -> None:
    response = as_olga.get(f"{BOARD}?{query}")
    assert (response.context["page"].shown, response.context["chips"]) == (1, [])


def test_an_empty_board_says_what_to_do(as_olga: Client, conference: Conference) -> None:
    assert "Mời các đoàn" in text(as_olga.get(BOARD))
    make_delegation(conference, "ha-noi")
    assert "Bỏ bộ lọc" in text(as_olga.get(f"{BOARD}?state=declined"))


def test_every_address_of_the_board_answers_with_as_many_people_as_it_says(
    as_olga: Client, delegation: Delegation, other_delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation, status="confirmed")
    make_attendee(delegation, "Trần Thị Bình")
    make_attendee(other_delegation, "Lê Văn Cường", status="declined")
    Delegation.objects.filter(pk=other_delegation.pk).update(review="accepted")
    for figure in ("confirmed", "nominated", "declined", "present"):
        page = as_olga.get(f"{BOARD}?figure={figure}").context["page"]
        cells = [page.total, *page.totals]
        cells += [cell for group in page.groups for cell in (*group.cells, group.total)]
        cells += [cell for group in page.groups for line in group.lines for cell in (*line.cells, line.total)]
        for cell in cells:
            answer = as_olga.get(cell.url)
            assert answer.status_code == 200
            if cell.n and figure != "declined":
                assert answer.context["cl"].result_count == cell.n, cell
        assert {as_olga.get(one["url"]).status_code for one in page.tiles if one["state"] != "out"} == {200}


def test_a_list_that_was_reached_from_the_board_says_so_in_a_chip(
    as_olga: Client, delegation: Delegation, other_delegation: Delegation, foreign_delegation: Delegation
) -> None:
    for model in ("delegation", "attendee"):
        address = f"/admin/attendees/{model}/?delegations={delegation.pk},{foreign_delegation.pk},x"
        assert "Bỏ Đoàn: Lâm Đồng" in text(as_olga.get(address))
    response = as_olga.get(f"/admin/attendees/delegation/?delegations={foreign_delegation.pk}")
    assert response.context["cl"].result_count == 0


# ── Then and now ──────────────────────────────────────────────────────────────────────────────────


def test_the_switch_of_maps_is_there_only_where_there_are_two(
    as_olga: Client, delegation: Delegation, conference: Conference
) -> None:
    assert "Như hiện nay" in text(as_olga.get(BOARD))
    said = text(as_olga.get(f"{BOARD}?map=now"))
    assert "tổng không đổi" in said
    assert "QĐ. Trường Sa (tỉnh Khánh Hòa)" in said
    delegation.delete()
    conference.unit_set, conference.starts_on = "34", datetime.date(2026, 3, 1)
    conference.ends_on = conference.starts_on
    conference.save()
    assert "Như hiện nay" not in text(as_olga.get(f"{BOARD}?map=now"))


def test_the_regions_to_choose_from_are_those_of_the_map(as_olga: Client, delegation: Delegation) -> None:
    assert "duyên hải" in text(as_olga.get(BOARD))
    now = as_olga.get(f"{BOARD}?map=now&region=NTB_TN")
    assert [group.key for group in now.context["page"].groups] == ["vung-NTB_TN"]


# ── Sent again only when something changed ────────────────────────────────────────────────────────


def test_a_script_gets_the_moving_part_once_and_then_nothing(
    as_olga: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    whole = as_olga.get(BOARD)
    mark = re.search(r'data-etag="([^"]+)"', whole.content.decode())
    assert mark is not None
    etag = mark[1].replace("&quot;", '"')
    part = as_olga.get(BOARD, **PART)
    assert (part.status_code, part.headers["ETag"]) == (200, etag)
    assert part.content.decode().strip().startswith('<div id="board-live"')
    assert "X-Fragment" in part.headers["Vary"]
    headers = {"X-Fragment": "board", "If-None-Match": etag}
    again = as_olga.get(BOARD, headers=headers)
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    make_attendee(delegation, status="confirmed")
    changed = as_olga.get(BOARD, headers=headers)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag
    assert "1 trên 4 suất đã xác nhận. 1 đoàn còn nợ trả lời." in changed.content.decode()


def test_the_mark_is_that_of_the_filter_and_of_the_language(as_olga: Client, delegation: Delegation) -> None:
    addresses = (BOARD, f"{BOARD}?figure=present", f"{BOARD}?map=now", f"{BOARD}?category=press")
    marks = [as_olga.get(one, **PART).headers["ETag"] for one in addresses]
    as_olga.cookies["django_language"] = "en"
    marks.append(as_olga.get(BOARD, **PART).headers["ETag"])
    assert len(set(marks)) == 5


def test_the_page_itself_is_always_whole(as_olga: Client, delegation: Delegation) -> None:
    etag = as_olga.get(BOARD, **PART).headers["ETag"]
    assert as_olga.get(BOARD, headers={"If-None-Match": etag}).status_code == 200


def test_the_board_asks_as_many_questions_for_thirty_delegations_as_for_one(
    olga: User, conference: Conference, make_attendee: MakeAttendee
) -> None:
    slugs = iter(conference.units().values_list("slug", flat=True))

    def grow() -> None:
        make_attendee(make_delegation(conference, next(slugs)), status="confirmed")

    client = signed_in(olga)
    assert len(set(same_count(client, f"{BOARD}?map=now", grow, times=(1, 3)))) == 1
    assert len(set(same_count(client, BOARD, grow, times=(1, 3, 27)))) == 1


# ── Seats ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_seats_of_a_delegation_are_explained(
    as_olga: Client, delegation: Delegation, department: Category, olga: User, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation, status="confirmed")
    answers.decline_seats(delegation, department, 1, "Trùng lịch công tác", by=olga)
    Category.objects.filter(slug="press").update(pool=2)
    response = as_olga.get(f"{BOARD}lam-dong/")
    said = text(response)
    assert "Không cử: Trùng lịch công tác" in said
    assert "Hạn trả lời: 17:00, thứ Sáu, 31/5/2024" in said
    assert f"{BOARD}lam-dong/department/release/" in links(response)
    assert f"{BOARD}hand-out/?category=press&delegation=lam-dong" in links(response)


def test_seats_are_taken_after_a_question(
    as_olga: Client, delegation: Delegation, department: Category
) -> None:
    address = f"{BOARD}lam-dong/department/release/"
    question = as_olga.get(address)
    assert "Tỉnh Lâm Đồng có 3 suất Sở TTTT, 3 suất chưa có người giữ." in text(question)
    assert pool_of(department) == 0
    answer = as_olga.post(address, {"seats": "2", "shown": "3", "reason": "Tỉnh xin rút"}, follow=True)
    assert "Đã thu 2 suất Sở TTTT của Tỉnh Lâm Đồng về dự phòng." in text(answer)
    assert (seats_of(delegation, department), pool_of(department)) == ((1, 0), 2)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"seats": "4", "reason": "x"}, "Chọn từ 1 đến 3 suất còn trống."),
        ({"seats": "0", "reason": "x"}, "Nhập số từ 1 trở lên."),
        ({"seats": "ba", "reason": "x"}, "Nhập một số nguyên, ví dụ 1."),
        ({"seats": "99999999999999999999", "reason": "x"}, "Số suất Nhập số"),
        ({"seats": "1", "reason": "  "}, "Lý do"),
        ({"seats": "1", "reason": "x" * 501}, "Lý do"),
    ],
)
def test_what_cannot_be_taken_is_told_at_the_field(
    as_olga: Client, delegation: Delegation, department: Category, sent: dict[str, str], told: str
) -> None:
    response = as_olga.post(f"{BOARD}lam-dong/department/release/", {"shown": "3", **sent})
    assert response.status_code == 200
    assert told in text(response)
    assert pool_of(department) == 0


def test_seats_that_changed_meanwhile_are_shown_anew(
    as_olga: Client, delegation: Delegation, department: Category
) -> None:
    Quota.objects.filter(category=department).update(seats=2)
    data = {"seats": "2", "shown": "3", "reason": "Thu hồi"}
    response = as_olga.post(f"{BOARD}lam-dong/department/release/", data, follow=True)
    assert "Số suất vừa thay đổi." in text(response)
    assert pool_of(department) == 0


def test_one_press_sent_twice_takes_and_gives_once(
    as_olga: Client, delegation: Delegation, other_delegation: Delegation, department: Category
) -> None:
    data = {"seats": "2", "shown": "3", "reason": "Thu hồi"}
    for _ in range(2):
        as_olga.post(f"{BOARD}lam-dong/department/release/", data)
    assert pool_of(department) == 2
    given = {"category": "department", "delegation": "quang-nam", "seats": "1", "once": "mot-lan"}
    for _ in range(2):
        as_olga.post(f"{BOARD}hand-out/", given)
    assert (pool_of(department), seats_of(other_delegation, department)) == (1, (4, 0))


def test_spare_seats_are_handed_out_and_a_closed_delegation_is_mentioned(
    as_olga: Client, delegation: Delegation, department: Category, conference: Conference
) -> None:
    Category.objects.filter(pk=department.pk).update(pool=2)
    question = as_olga.get(f"{BOARD}hand-out/?category=department&delegation=lam-dong")
    assert "Sở Thông tin và Truyền thông (dự phòng 2)" in text(question)
    assert re.search(r'value="lam-dong" selected', question.content.decode())
    late(conference)
    given = {"category": "department", "delegation": "lam-dong", "seats": "2"}
    said = text(as_olga.post(f"{BOARD}hand-out/", given, follow=True))
    assert "Đã cấp 2 suất Sở TTTT cho Tỉnh Lâm Đồng. Hạn trả lời của đoàn đã qua" in said
    assert seats_of(delegation, department) == (5, 0)


def test_more_than_the_pool_is_refused_at_the_field(
    as_olga: Client, delegation: Delegation, department: Category
) -> None:
    Category.objects.filter(pk=department.pk).update(pool=2)
    given = {"category": "department", "delegation": "lam-dong", "seats": "3", "once": "a"}
    for _ in range(2):  # the second time it is refused anew, not taken for a repetition
        assert "Dự phòng chỉ còn 2 suất." in text(as_olga.post(f"{BOARD}hand-out/", given))


def test_a_seat_of_another_conference_cannot_be_named(
    as_olga: Client, delegation: Delegation, foreign_delegation: Delegation
) -> None:
    Category.objects.update(pool=2)
    given = {"category": "department", "delegation": "quang-ninh", "seats": "1"}
    assert as_olga.post(f"{BOARD}hand-out/", given).status_code == 200  # the form again, with an error
    assert as_olga.get(f"{BOARD}quang-ninh/").status_code == 404
    assert as_olga.get(f"{BOARD}quang-ninh/department/release/").status_code == 404
    assert JournalEntry.objects.filter(act="hand_out").count() == 0


def test_seats_that_go_while_a_form_is_read_are_not_written_back(
    delegation: Delegation, department: Category, olga: User
) -> None:
    quota = delegation.quotas.get(category=department)
    form = modelform_factory(Quota, form=QuotaForm, fields=("seats",))({"seats": "9"}, instance=quota)
    pooling.release(delegation, department, 1, by=olga, reason="Thu hồi")
    assert form.errors["seats"] == ["Số suất vừa thay đổi. Mở lại trang này rồi sửa."]


def test_overdue_seats_are_listed_and_collected(
    as_olga: Client, delegation: Delegation, conference: Conference, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation)
    assert "Thu tất cả" not in text(as_olga.get(f"{BOARD}collect/"))
    late(conference)
    question = text(as_olga.get(f"{BOARD}collect/"))
    assert "Tỉnh Lâm Đồng: 2 suất Sở TTTT" in question
    assert "Đã thu 3 suất về dự phòng." in text(as_olga.post(f"{BOARD}collect/", follow=True))
    assert [one.pool for one in conference.categories.all()] == [2, 1]


# ── As a workbook ─────────────────────────────────────────────────────────────────────────────────


def workbook(client: Client, query: str = "") -> Any:
    response = client.post(f"{BOARD}export/{query}")
    assert response.status_code == 200
    assert "attachment" in response.headers["Content-Disposition"]
    return load_workbook(io.BytesIO(response.content))


def test_the_workbook_holds_numbers_dates_and_words(
    as_olga: Client, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation, status="confirmed")
    book = workbook(as_olga)
    sheet = book["Bảng đoàn"]
    assert sheet.freeze_panes == "C2"
    head = [cell.value for cell in sheet[1]]
    assert head[:7] == ["Mã", "Đoàn", "Vùng", "Tình trạng", "Tiếp nhận", "Hạn trả lời", "Sở TTTT: suất"]
    row = [cell.value for cell in sheet[2]]
    assert row[:2] == ["68", "Tỉnh Lâm Đồng"]
    assert row[5] == datetime.datetime(2024, 5, 31, 17)  # noqa: DTZ001  (a sheet knows no zones)
    assert row[6:11] == [3, 1, 1, 0, 0]
    assert [cell.value for cell in sheet[3]][6:11] == [3, 1, 1, 0, 0]
    assert book["Từng thành phần"].max_row == 3
    assert [cell.value for cell in book["Theo vùng"][2]] == ["Tây Nguyên", 1, 4, 1, 1, 0, 0]


def test_words_are_never_a_formula(as_olga: Client, conference: Conference) -> None:
    Category.objects.update(short_name="=1+1")
    one = Delegation.objects.create(conference=conference, code="bo", name='=HYPERLINK("http://x")\x07')
    Quota.objects.create(delegation=one, category=conference.categories.get(slug="press"), seats=1)
    sheet = workbook(as_olga)["Bảng đoàn"]
    cell = sheet.cell(2, 2)
    assert (cell.value, cell.data_type) == ('=HYPERLINK("http://x")', "s")
    assert sheet.cell(1, 7).data_type == "s"


def test_the_workbook_is_narrowed_as_the_page_and_journalled(
    as_olga: Client, delegation: Delegation, other_delegation: Delegation, olga: User
) -> None:
    Delegation.objects.filter(pk=delegation.pk).update(status="confirmed")
    sheet = workbook(as_olga, "?state=confirmed&map=now")["Bảng đoàn"]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == ["Tỉnh Lâm Đồng", "Cộng"]
    entry = JournalEntry.objects.get(act="export")
    assert (entry.actor, entry.conference) == (olga, delegation.conference)
    assert entry.changes == {
        "bảng": ["", "Bảng đoàn"],
        "bộ lọc": ["", "Như hiện nay, Tình trạng trả lời: Đã chốt"],
    }


def test_a_viewer_takes_the_workbook_and_nobody_by_a_link(victor: User, delegation: Delegation) -> None:
    client = signed_in(victor)
    assert workbook(client)["Thông tin"].cell(5, 2).value == "tất cả các đoàn"
    assert client.get(f"{BOARD}export/").status_code == 405
    assert JournalEntry.objects.filter(act="export").count() == 1
