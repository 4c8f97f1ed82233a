"""Organisers at the desk: a list of one delegation or of the whole conference; lists that go out."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import openpyxl
import pytest
from django.conf import LazySettings
from django.test import Client

from attendees.models import Attendee, Delegation, ImportBatch
from conference.models import JournalEntry, User
from tests.attendees.lists import AN, BINH, stage, upload
from tests.conference.desk import signed_in, strict_templates, text, url
from tests.conftest import MakeAttendee

pytestmark = pytest.mark.django_db
HEADINGS = ("STT", "Họ và tên", "Năm sinh", "Tỉnh, thành phố", "Thành phần")


@pytest.fixture(autouse=True)
def _demo(settings: LazySettings) -> Any:
    settings.DEMO = True
    with strict_templates():
        yield


@pytest.fixture
def desk(olga: User) -> Client:
    return signed_in(olga)


def step(name: str, batch: ImportBatch) -> str:
    return url(ImportBatch, name, batch.pk)


def test_a_list_of_the_whole_conference_goes_from_the_file_to_the_delegations(
    desk: Client, delegation: Delegation, other_delegation: Delegation
) -> None:
    page = desk.get(url(ImportBatch, "add"))
    assert "Nhiều đoàn (mỗi dòng ghi tỉnh, thành phố) Tỉnh Quảng Nam Tỉnh Lâm Đồng" in text(page)
    rows = [
        (1, "Nguyễn Văn An", 1975, "Lâm Đồng", "Sở TTTT"),
        (2, "Trần Thị Bình", 1981, "Quảng Nam", "Báo, Đài"),
    ]
    response = desk.post(url(ImportBatch, "add"), {"file": upload(*rows, headings=HEADINGS)})
    batch = ImportBatch.objects.get()
    assert response.headers["Location"] == step("columns", batch)
    assert "Đối chiếu cột" in text(desk.get(step("columns", batch)))
    page = desk.get(step("change", batch))
    assert "Tỉnh Quảng Nam · Báo, Đài tỉnh" in text(page)
    version = page.context["shown"].comparison.version
    response = desk.post(step("take", batch), {"version": version}, follow=True)
    assert "Đã nhập danh-sach.xlsx lúc 16:00" in text(response)
    assert [one.attendees.count() for one in (delegation, other_delegation)] == [1, 1]
    assert "thêm mới 2" in text(desk.get(url(ImportBatch)))
    desk.post(step("undo", batch))
    assert not Attendee.objects.exists()


def test_a_list_of_one_delegation_is_chosen_from_its_page(desk: Client, delegation: Delegation) -> None:
    page = desk.get(url(Delegation, "change", delegation.pk))
    assert f"{url(ImportBatch, 'add')}?delegation=lam-dong" in page.content.decode()
    page = desk.get(f"{url(ImportBatch, 'add')}?delegation=lam-dong")
    assert '<option value="lam-dong" selected>' in page.content.decode()
    desk.post(url(ImportBatch, "add"), {"file": upload(AN), "delegation": "lam-dong"})
    batch = ImportBatch.objects.get()
    assert batch.delegation == delegation
    desk.post(step("drop", batch))
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.DROPPED
    assert desk.get(step("change", batch)).headers["Location"] == url(ImportBatch, "add")
    desk.get(url(ImportBatch))  # says that it was dropped
    assert "danh-sach.xlsx" not in text(desk.get(url(ImportBatch)))


def test_lists_are_for_those_who_run_the_conference(
    delegation: Delegation, foreign_delegation: Delegation, victor: User, olga: User
) -> None:
    own, foreign = stage(delegation, AN), stage(foreign_delegation, BINH)
    for page in (url(ImportBatch), url(ImportBatch, "add"), step("change", own), step("history", own)):
        assert signed_in(victor).get(page).status_code == 403
    assert signed_in(olga).get(step("change", foreign)).status_code == 404
    assert signed_in(olga).post(step("take", foreign)).status_code == 404
    assert "danh-sach" in text(signed_in(olga).get(url(ImportBatch)))


# ── Out ───────────────────────────────────────────────────────────────────────────────────────────


def act(desk: Client, model: type, name: str, *rows: Any, address: str = "", **more: Any) -> Any:
    data = {"action": name, "_selected_action": [row.pk for row in rows], **more}
    return desk.post(url(model) + address, data)


def opened(response: Any) -> Any:
    assert response.headers["Content-Disposition"].startswith("attachment")
    return openpyxl.load_workbook(io.BytesIO(response.content)).active


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation, "Nguyễn Văn An", phone="+84905123318", email="an@lamdong.example")


def test_people_go_out_without_their_contacts_unless_asked(
    desk: Client, person: Attendee, olga: User
) -> None:
    page = act(desk, Attendee, "export_people", person)
    assert "Kèm điện thoại, thư điện tử và ghi chú" in text(page)
    assert not JournalEntry.objects.filter(act="export").exists()
    sheet = opened(act(desk, Attendee, "export_people", person, apply="1", kind="xlsx"))
    said = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert said[1][1] == "Nguyễn Văn An"
    assert "0905 123 318" not in str(said)
    sheet = opened(act(desk, Attendee, "export_people", person, apply="1", kind="xlsx", private="on"))
    assert "0905 123 318" in [cell.value for cell in sheet[2]]
    first, second = JournalEntry.objects.filter(act="export").order_by("pk")
    assert (first.actor, first.changes["số dòng"], first.changes["kèm liên hệ"]) == (
        olga,
        ["", 1],
        ["", False],
    )
    assert second.changes["kèm liên hệ"] == ["", True]


def test_what_is_recorded_says_how_the_list_was_narrowed(
    desk: Client, person: Attendee, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation, "Trần Thị Bình", status="confirmed")
    more = {"apply": "1", "kind": "xlsx", "select_across": "1"}
    sheet = opened(
        act(desk, Attendee, "export_people", person, address="?status__exact=nominated&q=an", **more)
    )
    assert sheet.max_row == 2
    said = JournalEntry.objects.get(act="export").changes["bộ lọc"][1]
    assert said == "Tìm: an, Tình trạng: Chờ xác nhận"


def test_delegations_go_out_with_their_counts(desk: Client, person: Attendee, delegation: Delegation) -> None:
    response = act(desk, Delegation, "export_delegations", delegation, apply="1", kind="csv")
    assert response.content.startswith(b"\xef\xbb\xbf")
    heads, row = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    said = dict(zip(heads, row, strict=True))
    assert (said["Mã"], said["Số suất"], said["Đã cử"]) == ("68", "4", "1")
    assert said["Hạn trả lời"] == "31/05/2024 17:00"


def test_workbooks_of_delegations_are_handed_out_one_or_many(
    desk: Client, delegation: Delegation, other_delegation: Delegation
) -> None:
    response = act(desk, Delegation, "hand_out_forms", delegation)
    assert "lam-dong.xlsx" in response.headers["Content-Disposition"]
    response = act(desk, Delegation, "hand_out_forms", delegation, other_delegation)
    with zipfile.ZipFile(io.BytesIO(response.content)) as folder:
        assert sorted(folder.namelist()) == ["lam-dong.xlsx", "quang-nam.xlsx"]
    assert JournalEntry.objects.filter(act="export").count() == 3


def test_nobody_but_organisers_takes_a_list_out(person: Attendee, victor: User) -> None:
    response = act(signed_in(victor), Attendee, "export_people", person, apply="1", kind="xlsx")
    assert "Content-Disposition" not in response.headers
    assert not JournalEntry.objects.filter(act="export").exists()


def test_the_list_of_lists_asks_as_much_for_three_as_for_one(desk: Client, delegation: Delegation) -> None:
    from tests.conference.desk import queries

    counts = []
    for names in (["a"], ["b", "c"]):
        for name in names:
            stage(delegation, (1, f"Người {name}", 1980, "", "", "Sở TTTT", ""), name=f"{name}.xlsx")
        counts.append(queries(desk, url(ImportBatch)))
    assert counts[0] == counts[1]
