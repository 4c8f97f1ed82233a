"""What stands between people: groups, totals, headings again, signatures, remarks."""

from typing import Any

import pytest

from attendees.workbooks import Reading
from attendees.workbooks.offices import body_of_group, split_position
from attendees.workbooks.rows import count_in, without_numbering
from tests.attendees.workbooks.builders import HEAD, Rows, only, person, read_rows, told

SHORT = ("STT", "Họ và tên", "Chức vụ", "Đơn vị công tác", "Điện thoại")


def row(number: Any, name: str, position: str = "Chuyên viên", body: str | None = "Sở TTTT") -> list[Any]:
    return [number, name, position, body, f"09123456{len(name):02d}"]


def names(reading: Reading) -> list[str]:
    return [one.full_name for one in reading.people]


GROUPS: dict[str, tuple[list[Any], list[str]]] = {
    "a Roman number of its own": (["I", "Lãnh đạo UBND tỉnh"], []),
    "a Roman number in the text": (["I. Lãnh đạo UBND tỉnh"], []),
    "a merged row": (["Lãnh đạo UBND tỉnh"], ["A2:E2"]),
    "a merged row with a letter": (["A", "Lãnh đạo UBND tỉnh"], ["B2:E2"]),
    "the column of names": ([None, "Lãnh đạo UBND tỉnh"], []),
    "an Arabic number": ([1, "Lãnh đạo UBND tỉnh"], []),
    "a dash": ([None, "- Lãnh đạo UBND tỉnh"], []),
    "a Roman number with a count": (["I", "Lãnh đạo UBND tỉnh", None, None, 2], []),
}


@pytest.mark.parametrize("how", GROUPS)
def test_a_group_row_is_nobody_and_names_the_group(how: str) -> None:
    group, merges = GROUPS[how]
    reading = read_rows([SHORT, group, row(1, "Nguyễn Văn An"), row(2, "Trần Thị Hòa")], merges=merges)
    assert [(one.full_name, one.group) for one in reading.people] == [
        ("Nguyễn Văn An", "Lãnh đạo UBND tỉnh"),
        ("Trần Thị Hòa", "Lãnh đạo UBND tỉnh"),
    ]
    assert told(reading) == []


def test_the_body_of_a_group_serves_those_who_have_none_and_that_is_told_once() -> None:
    rows = [
        SHORT,
        ["I", "Lãnh đạo UBND tỉnh Lâm Đồng"],
        row(1, "Nguyễn Văn An", body=None),
        row(2, "Trần Thị Hòa", body=None),
        ["II", "Sở Thông tin và Truyền thông"],
        row(3, "Lê Đức Bình", body="Sở TTTT"),
    ]
    reading = read_rows(rows)
    assert [one.organisation for one in reading.people] == [
        "UBND tỉnh Lâm Đồng",
        "UBND tỉnh Lâm Đồng",
        "Sở TTTT",
    ]
    notice = only(reading, "group_as_body")
    assert (notice.cell, notice.before, notice.after) == (
        "2",
        "Lãnh đạo UBND tỉnh Lâm Đồng",
        "UBND tỉnh Lâm Đồng",
    )


@pytest.mark.parametrize("name", ["Đoàn Văn An", "Vũ Hội", "Tống Công Minh", "Báo Thị Hoa", "Cao Bộ"])
def test_a_family_that_sounds_like_a_body_is_a_person(name: str) -> None:
    assert names(read_rows([SHORT, row(1, name)])) == [name]


def test_a_person_of_whom_only_the_name_is_known_is_a_person() -> None:
    reading = read_rows([SHORT, [1, "Nguyễn Văn An"], [None, "Trần Thị Hòa"]])
    assert names(reading) == ["Nguyễn Văn An", "Trần Thị Hòa"]


def test_people_numbered_in_roman_are_people() -> None:
    assert names(read_rows([SHORT, row("I", "Nguyễn Văn An"), row("II", "Trần Thị Hòa")])) == [
        "Nguyễn Văn An",
        "Trần Thị Hòa",
    ]


def test_headings_are_passed_over_on_every_page() -> None:
    two = [
        ["STT", "Họ và tên", "Năm sinh", None, "Đơn vị"],
        [None, None, "Nam", "Nữ", None],
    ]
    people = [[1, "Nguyễn Văn An", 1975, None, "Sở TTTT"], [2, "Trần Thị Hòa", None, 1980, "Sở TTTT"]]
    reading = read_rows([*two, people[0], [], *two, people[1]], merges=["C1:D1"])
    assert names(reading) == ["Nguyễn Văn An", "Trần Thị Hòa"]
    assert reading.errors == []


FOOTERS: dict[str, Rows] = {
    "a total": [["Tổng số: 01 đồng chí"]],
    "a total in its own cell": [[None, "Tổng cộng", None, None, 1]],
    "a total in words": [[None, "Danh sách này gồm 01 người./."]],
    "signatures": [
        [None, None, None, "Lâm Đồng, ngày 20 tháng 5 năm 2024"],
        [None, "Người lập biểu", None, "THỦ TRƯỞNG ĐƠN VỊ"],
        [None, "(Ký, ghi rõ họ tên)", None, "(Ký, đóng dấu)"],
        [],
        [None, "Nguyễn Thị Lập", None, "Trần Văn Ký"],
    ],
    "KT.": [[None, None, None, "KT. GIÁM ĐỐC"], [None, None, None, "PHÓ GIÁM ĐỐC"], [None, "Lê Văn Ký"]],
    "remarks": [["Ghi chú: Đoàn đi bằng xe 49A-12345"], ["* Đề nghị Ban Tổ chức đón tại sân bay"]],
    "recipients": [["Nơi nhận:"], ["- Như trên;"], ["- Lưu: VT."]],
    "empty numbers": [[2], [3], [4]],
}


@pytest.mark.parametrize("footer", FOOTERS)
def test_below_the_people_nobody_is_read(footer: str) -> None:
    reading = read_rows([SHORT, row(1, "Nguyễn Văn An"), *FOOTERS[footer]])
    assert names(reading) == ["Nguyễn Văn An"]
    assert told(reading) == []


def test_a_second_table_below_the_signatures_is_read() -> None:
    rows = [SHORT, row(1, "Nguyễn Văn An"), *FOOTERS["signatures"], SHORT, row(1, "Trần Thị Hòa")]
    assert names(read_rows(rows)) == ["Nguyễn Văn An", "Trần Thị Hòa"]


def test_a_person_below_the_signatures_is_not_lost() -> None:
    rows = [SHORT, row(1, "Nguyễn Văn An"), *FOOTERS["signatures"], row(2, "Trần Thị Hòa")]
    assert names(read_rows(rows)) == ["Nguyễn Văn An", "Trần Thị Hòa"]


@pytest.mark.parametrize(
    "text",
    [
        "GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Chủ tịch", "CHỦ TỊCH UBND TỈNH", "TRƯỞNG BAN", "CHÁNH VĂN PHÒNG",
        "KT. GIÁM ĐỐC", "TL. CHỦ TỊCH", "TM. UBND TỈNH", "TUQ. GIÁM ĐỐC", "NGƯỜI LẬP BIỂU",
        "THỦ TRƯỞNG ĐƠN VỊ", "(Ký, đóng dấu)", "Quảng Nam, ngày 20 tháng 5 năm 2024", "Nơi nhận:",
    ],
)  # fmt: skip
@pytest.mark.parametrize("total", [[], [["Tổng số: 01 đồng chí"]]], ids=["no total", "total"])
def test_a_signature_in_any_column_is_no_row_without_a_name(text: str, total: Rows) -> None:
    heads = [*SHORT, "Thư điện tử", "Thời gian đến"]
    for column in range(1, len(heads)):
        footer = [[*[None] * column, text], [], [*[None] * column, "Phạm Văn Ký"]]
        reading = read_rows([heads, row(1, "Nguyễn Văn An"), *total, *footer])
        assert names(reading) == ["Nguyễn Văn An"]
        assert told(reading) == []


def test_after_the_total_what_has_no_name_is_a_footer() -> None:
    footer = [
        ["Tổng số: 01 đồng chí"],
        [None, None, None, "SỞ TTTT"],
        [None, None, None, None, "Phạm Văn Ký"],
    ]
    reading = read_rows([SHORT, row(1, "Nguyễn Văn An"), *footer])
    assert names(reading) == ["Nguyễn Văn An"]
    assert told(reading) == []


def test_a_row_of_the_list_without_a_name_stays_an_error_near_totals_and_signatures() -> None:
    an, binh = row(1, "Nguyễn Văn An"), row(3, "Lê Đức Bình")
    total, signed = ["Tổng số: 01 đồng chí"], [None, None, None, None, "GIÁM ĐỐC"]
    numbered, bare = [2, None, "Giám đốc"], [None, None, "Giám đốc"]
    filled = [None, None, "Giám đốc", "Sở TTTT", "0912345699"]
    for rows, cell in (
        ([an, total, numbered], "B4"),  # it has a number
        ([an, signed, numbered], "B4"),
        ([an, bare, binh], "B3"),  # people follow
        ([an, total, bare, binh], "B4"),
        ([an, filled], "B3"),  # more than a title
        ([["Cộng: 0 người"], an, filled], "B4"),  # the total is not the last word
    ):
        reading = read_rows([SHORT, *rows])
        assert told(reading, "error") == [("error", cell, "missing_name")]


def test_the_second_line_of_the_last_person_is_no_signature() -> None:
    reading = read_rows([SHORT, row(1, "Nguyễn Văn An"), [None, None, "Giám đốc"]], merges=["B2:B3"])
    assert told(reading) == [("warning", "3", "continued")]


def test_totals_of_parts_are_compared_with_their_part() -> None:
    rows = [
        SHORT, ["I", "UBND tỉnh"], row(1, "Nguyễn Văn An"), ["Cộng: 1 người"],
        ["II", "Sở TTTT"], row(2, "Trần Thị Hòa"), row(3, "Lê Đức Bình"), ["Cộng: 02 người"], ["Tổng số: 03"],
    ]  # fmt: skip
    assert told(read_rows(rows)) == []


def test_a_row_with_figures_but_no_name_is_an_error() -> None:
    reading = read_rows([HEAD, person(1), person(2, name="")])
    error = only(reading, "missing_name")
    assert (error.level, error.cell) == ("error", "B3")
    assert error.sentence == "Dòng này chưa có họ tên. Ghi họ tên, hoặc xóa dòng."


def test_the_second_line_of_a_person_is_asked_about() -> None:
    rows = [HEAD, person(1, position="Giám đốc"), [None, None, None, "Bí thư Đảng ủy"], person(2, "Lê Lợi")]
    reading = read_rows(rows, merges=["B2:B3"])
    assert names(reading) == ["Nguyễn Văn An", "Lê Lợi"]
    warning = only(reading, "continued")
    assert (warning.level, warning.cell, warning.before) == ("warning", "3", "Bí thư Đảng ủy")


# Words


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("I. Lãnh đạo", "Lãnh đạo"),
        ("II - Ban Tuyên giáo", "Ban Tuyên giáo"),
        ("III Công an tỉnh", "Công an tỉnh"),
        ("A) Khối Đảng:", "Khối Đảng"),
        ("1/ Sở TTTT", "Sở TTTT"),
        ("- Báo Lâm Đồng", "Báo Lâm Đồng"),
        ("Ban Tổ chức", "Ban Tổ chức"),
    ],
)
def test_numbering_is_taken_off_a_group(text: str, bare: str) -> None:
    assert without_numbering(text) == bare


@pytest.mark.parametrize(
    ("text", "count"), [("Tổng số: 07 đồng chí", 7), ("Tổng cộng 12", 12), ("Tổng số: bảy đồng chí", None)]
)
def test_the_figure_of_a_total(text: str, count: int | None) -> None:
    assert count_in(text) == count


@pytest.mark.parametrize(
    ("group", "body"),
    [
        ("Lãnh đạo UBND tỉnh", "UBND tỉnh"),
        ("Đại diện các sở, ngành", "Sở, ngành"),
        ("Ban Tuyên giáo Tỉnh ủy", "Ban Tuyên giáo Tỉnh ủy"),
        ("Phóng viên", ""),
        ("Đại biểu chính thức", ""),
        ("", ""),
    ],
)
def test_the_body_that_a_group_names(group: str, body: str) -> None:
    assert body_of_group(group) == body


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Phó Giám đốc, Sở Thông tin và Truyền thông", ("Phó Giám đốc", "Sở Thông tin và Truyền thông")),
        ("Phó Giám đốc\nSở TTTT", ("Phó Giám đốc", "Sở TTTT")),
        ("Trưởng phòng Tuyên truyền - Ban Tuyên giáo", ("Trưởng phòng Tuyên truyền", "Ban Tuyên giáo")),
        ("Phó Giám đốc Sở TTTT", ("Phó Giám đốc", "Sở TTTT")),
        ("Phó Chủ tịch UBND tỉnh Lâm Đồng", ("Phó Chủ tịch", "UBND tỉnh Lâm Đồng")),
        ("Phóng viên Báo Lâm Đồng", ("Phóng viên", "Báo Lâm Đồng")),
        (
            "Chuyên viên phòng Thông tin - Báo chí - Xuất bản, Sở TTTT",
            ("Chuyên viên phòng Thông tin - Báo chí - Xuất bản", "Sở TTTT"),
        ),
        ("Sở TTTT - Chuyên viên", ("Chuyên viên", "Sở TTTT")),
        ("Đại tá, Phó Giám đốc Công an tỉnh", ("Đại tá, Phó Giám đốc", "Công an tỉnh")),
        ("Phó Trưởng ban Tuyên giáo Tỉnh ủy", None),
        ("Chánh Văn phòng UBND tỉnh", ("Chánh Văn phòng", "UBND tỉnh")),
        ("Chuyên viên", None),
        ("", None),
    ],
)
def test_position_and_body_are_told_apart_only_where_the_text_says_so(
    text: str, parts: tuple[str, str] | None
) -> None:
    assert split_position(text) == parts
