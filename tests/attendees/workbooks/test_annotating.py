"""The same workbook comes back with red and yellow cells, comments and a list of what to do."""

import datetime
import io
from typing import Any

import openpyxl
import pytest
from django.utils.translation import gettext, override
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from attendees.workbooks import Problem, Unreadable, annotate, read
from attendees.workbooks.annotating import AUTHOR, RED, YELLOW
from tests.attendees.messy import messy_workbook
from tests.attendees.workbooks.builders import HEAD, TODAY, csv_text, ods, person, saved, xls, xlsx

WRONG = [
    ["DANH SÁCH ĐẠI BIỂU"],
    HEAD,
    person(1, "Nguyễn Văn An", phone="12345", email="an@"),
    person(2, "Trần Thị Hòa", birth=datetime.date(1980, 1, 2)),
    person(3, "Lê Lợi", phone="0912 345 002"),
]


def back(data: bytes, **options: Any) -> openpyxl.Workbook:
    """The file as it goes back, read by openpyxl."""
    problems = read(data, today=TODAY).problems
    return openpyxl.load_workbook(io.BytesIO(annotate(data, "danh-sach", problems, **options)))


def sheet(workbook: openpyxl.Workbook, place: int) -> Worksheet:
    found = workbook.worksheets[place]
    assert isinstance(found, Worksheet)
    return found


def marked(page: Worksheet) -> dict[str, tuple[str, str]]:
    """Cell → colour and comment."""
    return {
        cell.coordinate: (cell.fill.fgColor.rgb, cell.comment.text)
        for row in page.iter_rows()
        for cell in row
        if cell.comment
    }


FILES = {"xlsx": xlsx(WRONG), "xls": xls(WRONG), "ods": ods(WRONG), "csv": csv_text(WRONG).encode()}


@pytest.mark.parametrize("kind", FILES)
def test_wrong_cells_are_red_and_doubtful_ones_yellow(kind: str) -> None:
    page = sheet(back(FILES[kind]), 1)
    assert marked(page) == {
        "F3": (RED, "Số này thiếu nhiều chữ số. Nhập đủ 10 chữ số, ví dụ 0912 345 678."),
        "G3": (RED, "Địa chỉ thư điện tử này sai. Ghi dạng ten@coquan.gov.vn."),
        "F5": (YELLOW, "Số điện thoại này cũng là của người ở dòng 4. Xem lại số."),
    }
    assert [cell.value for cell in page[2]] == list(HEAD)


@pytest.mark.parametrize("kind", FILES)
def test_what_went_back_reads_as_before(kind: str) -> None:
    before = read(FILES[kind], today=TODAY)
    after = read(annotate(FILES[kind], "x", before.problems), today=TODAY)
    assert [one.as_listed() | {"sheet": ""} for one in after.people] == [
        one.as_listed() | {"sheet": ""} for one in before.people
    ]
    assert [one.code for one in after.problems] == [one.code for one in before.problems]


def test_the_first_sheet_lists_every_problem_the_gravest_first() -> None:
    workbook = back(FILES["xlsx"])
    page = sheet(workbook, 0)
    assert workbook.active is page
    assert page.title == "Lỗi cần sửa"
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert rows[0] == ["Mức", "Trang tính", "Ô", "Nội dung", "Trong tệp", "Đã đọc thành"]
    assert [row[:3] for row in rows[1:]] == [
        ["Phải sửa", "Sheet1", "F3"],
        ["Phải sửa", "Sheet1", "G3"],
        ["Cần xem", "Sheet1", "F5"],
    ]
    link = page["C2"].hyperlink
    assert link is not None
    assert link.location == "'Sheet1'!F3"


def test_the_list_speaks_the_language_of_the_page() -> None:
    with override("en"):
        page = sheet(back(FILES["xlsx"], translate=gettext), 0)
    assert page.title == "Problems to correct"
    assert [cell.value for cell in page[4]][:4] == [
        "To be checked",
        "Sheet1",
        "F5",
        "This is also the phone number of the person in row 4. Check it.",
    ]


def test_styles_widths_and_merges_stay() -> None:
    data = messy_workbook(said_total=9)
    page = sheet(back(data), 1)
    original = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert isinstance(original, Worksheet)
    assert {str(area) for area in page.merged_cells.ranges} == {
        str(area) for area in original.merged_cells.ranges
    }
    assert page.column_dimensions["B"].width == original.column_dimensions["B"].width
    assert page["A3"].font.b
    assert page["B10"].border.left.style == "thin"
    assert "tổng số 9 người" in marked(page)["A18"][1], "a problem of a row stands on its first cell"


def test_a_problem_inside_a_merge_is_marked_on_the_cell_that_shows() -> None:
    data = xlsx([HEAD, person(1), person(2, "Lê Lợi", organisation=None)], merges=["E2:E3"])
    problem = Problem("Sheet1", 3, "E", "error", "organisation", "x", "Sửa ô này.")
    page = openpyxl.load_workbook(io.BytesIO(annotate(data, "", [problem]))).worksheets[1]
    assert isinstance(page, Worksheet)
    assert marked(page) == {"E2": (RED, "Sửa ô này.")}


def test_a_mended_cell_loses_its_colour_the_next_time() -> None:
    first = annotate(FILES["xlsx"], "x", read(FILES["xlsx"], today=TODAY).problems)
    workbook = openpyxl.load_workbook(io.BytesIO(first))
    workbook.worksheets[1]["F3"].value = "0987 654 321"
    mended = saved(workbook)
    again = back(mended)
    assert [page.title for page in again.worksheets] == ["Lỗi cần sửa", "Sheet1"]
    page = sheet(again, 1)
    assert set(marked(page)) == {"G3", "F5"}
    assert page["F3"].fill.fill_type is None


def test_colours_and_comments_of_others_stay() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(FILES["xlsx"]))
    cell = workbook.worksheets[0]["D4"]
    cell.fill, cell.font = PatternFill("solid", fgColor="FF00FF00"), Font(italic=True)
    cell.comment = openpyxl.comments.Comment("Xin giữ", "Chị Hai")
    page = sheet(back(saved(workbook)), 1)
    assert page["D4"].fill.fgColor.rgb == "FF00FF00"
    comment = page["D4"].comment
    assert comment is not None
    assert (comment.text, comment.author) == ("Xin giữ", "Chị Hai")
    assert AUTHOR != "Chị Hai"


def test_no_formula_goes_back() -> None:
    hostile = ['=HYPERLINK("http://evil.example","x")', "+1", "-1", "@SUM(1)", "\t=1", "=cmd|' /C calc'!A0"]
    rows = [[*HEAD, "Ghi chú"], *([*person(n, f"Lê Lợi {'I' * n}"), text] for n, text in enumerate(hostile))]
    for data in (xlsx(rows), csv_text(rows).encode(), ods(rows)):
        workbook = back(data)
        cells = [cell for page in workbook.worksheets for row in page.iter_rows() for cell in row]
        assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    kept = {str(cell.value).strip() for cell in cells}
    assert {text.strip() for text in hostile} <= kept


def test_a_sheet_with_a_long_or_forbidden_name_goes_back() -> None:
    data = csv_text(WRONG).encode()
    assert len(back(data).worksheets) == 2


def test_text_in_old_encodings_goes_back_as_unicode() -> None:
    page = sheet(back(messy_workbook(encoding="tcvn3", tidy=True)), 1)
    assert page["B12"].value == "Trần Thị Hòa"
    assert page["B12"].font.name == "Times New Roman"
    assert marked(page).keys() == {"B17"}


def test_a_stranger_is_refused_here_too() -> None:
    with pytest.raises(Unreadable, match="mật khẩu"):
        annotate(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "x", [])
