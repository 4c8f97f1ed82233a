"""The same list in every format gives the same people."""

import datetime
import unicodedata

import pytest

from attendees.workbooks import Reading, read
from tests.attendees.messy import FROM_LAM_DONG, Listed, messy_workbook, to_tcvn3, to_vni
from tests.attendees.workbooks.builders import HEAD, TODAY, csv_text, ods, person, told, xls, xlsx

ROWS = [
    ["DANH SÁCH ĐẠI BIỂU"],
    [],
    HEAD,
    [1, "Nguyễn Văn Ước", 1975, "Phó Giám đốc", "Sở TTTT", "0912 345 678", "uoc@lamdong.example"],
    [2, "Trần Thị Hòa", 1980, "Chuyên viên", "Sở TTTT", "0912 345 679", "hoa@lamdong.example"],
]


def people(reading: Reading) -> list[tuple[str, int | None, str, str, str, str]]:
    return [
        (one.full_name, one.birth_year, one.position, one.organisation, one.phone, one.email)
        for one in reading.people
    ]


EXPECTED = [
    ("Nguyễn Văn Ước", 1975, "Phó Giám đốc", "Sở TTTT", "+84912345678", "uoc@lamdong.example"),
    ("Trần Thị Hòa", 1980, "Chuyên viên", "Sở TTTT", "+84912345679", "hoa@lamdong.example"),
]

FILES = {
    "xlsx": xlsx(ROWS),
    "xls": xls(ROWS),
    "ods": ods(ROWS),
    "csv": csv_text(ROWS).encode(),
    "csv with a mark": b"\xef\xbb\xbf" + csv_text(ROWS).encode(),
    "csv with semicolons": csv_text(ROWS, ";").encode(),
    "csv that names its delimiter": b"sep=;\r\n" + csv_text(ROWS[1:], ";").encode(),
    "pasted": csv_text(ROWS, "\t").encode(),
    "utf-16": csv_text(ROWS, "\t").encode("utf-16"),
    "utf-16 big": b"\xfe\xff" + csv_text(ROWS, "\t").encode("utf-16-be"),
    "decomposed": unicodedata.normalize("NFD", csv_text(ROWS)).encode(),
}


def windows_1258(text: str) -> bytes:
    """Letters with their marks, tones apart, as Windows wrote them."""
    out = b""
    for char in text:
        try:
            out += char.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", char)
            tones = [part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323"]
            base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
            out += base.encode("cp1258") + "".join(tones).encode("cp1258")
    return out


@pytest.mark.parametrize("name", FILES)
def test_the_same_people_come_out_of_every_format(name: str) -> None:
    reading = read(FILES[name], "whatever.bin", today=TODAY)
    assert people(reading) == EXPECTED
    assert told(reading) == []
    assert [one.row for one in reading.people] == [4, 5]


def test_windows_1258_is_known_without_a_mark() -> None:
    reading = read(windows_1258(csv_text(ROWS)), "ds.csv", today=TODAY)
    assert people(reading) == EXPECTED
    assert told(reading) == []


def test_the_name_of_the_file_says_nothing() -> None:
    assert read(FILES["xls"], "danh-sach.xlsx", today=TODAY).kind == "xls"
    assert read(FILES["xlsx"], "danh-sach.csv", today=TODAY).kind == "xlsx"


def test_dates_come_as_dates_from_every_format() -> None:
    rows = [HEAD, [1, "Nguyễn Văn An", datetime.date(1975, 6, 25), "", "Sở TTTT", "0912345678"]]
    for data in (xlsx(rows), xls(rows), ods(rows)):
        (one,) = read(data, today=TODAY).people
        assert (one.birth_date, one.birth_year) == ("1975-06-25", 1975)


def test_bodies_in_merged_cells_are_filled_down_in_every_format() -> None:
    rows = [
        HEAD,
        [1, "Nguyễn Văn An", 1975, "Giám đốc", "Sở TTTT", "0912345678", None],
        [2, "Trần Thị Hòa", 1980, "Chuyên viên", None, "0912345679", None],
        [3, "Lê Đức Bình", 1981, "Phóng viên", "Báo Lâm Đồng", "0912345670", None],
    ]
    files = (
        xlsx(rows, merges=["E2:E3"]),
        xls(rows, merges=[(1, 2, 4, 4)]),
        ods(rows, spans={(1, 4): (2, 1)}),
    )
    for data in files:
        reading = read(data, today=TODAY)
        assert [one.organisation for one in reading.people] == ["Sở TTTT", "Sở TTTT", "Báo Lâm Đồng"]
        assert reading.problems == []


def test_borders_far_below_an_old_list_do_no_harm() -> None:
    assert len(read(xls(ROWS, blanks=9_000), today=TODAY).people) == 2


def test_empty_rows_repeated_to_the_end_of_a_sheet_do_no_harm() -> None:
    tail = (
        '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    assert len(read(ods(ROWS, tail=tail), today=TODAY).people) == 2


# What provinces send


def expected(people: tuple[Listed, ...]) -> list[tuple[str, str, str, str, str, str]]:
    return [
        (one.name, one.position, one.organisation, one.phone, one.email, "nam" if one.is_male else "nu")
        for one in people
    ]


@pytest.mark.parametrize("encoding", ["", "tcvn3", "vni"])
def test_a_messy_workbook_of_a_province_is_read_whole(encoding: str) -> None:
    reading = read(messy_workbook(encoding=encoding), "ds.xlsx", today=TODAY)
    (plan,) = reading.plans
    assert plan.header_rows == (7, 8)
    assert [column.header for column in plan.columns if not column.field] == []
    assert [
        (one.full_name, one.position, one.organisation, one.phone, one.email, one.gender)
        for one in reading.people
    ] == expected(FROM_LAM_DONG)
    assert [one.birth_date or one.birth_year for one in reading.people] == [
        1968,
        "1975-06-25",
        "1980-06-05",
        1988,
        1985,
    ]
    assert [one.group for one in reading.people] == [one.group for one in FROM_LAM_DONG]
    assert [one.full_name for one in reading.people if one.is_head] == ["Nguyễn Tấn Lực"]
    assert reading.errors == []


def test_every_change_in_a_messy_workbook_is_told() -> None:
    reading = read(messy_workbook(), "ds.xlsx", today=TODAY)
    assert [(one.cell, one.before, one.after) for one in reading.notices] == [
        ("B10", "NGUYỄN TẤN LỰC", "Nguyễn Tấn Lực"),
        ("G10", "912345601", "0912 345 601"),
        ("I10", "Trưởng đoàn", ""),
        ("B12", "Bà Trần Thị Hòa", "Trần Thị Hòa"),
        ("G14", "392345603", "0392 345 603"),
        ("B15", "PHẠM THỊ KHUYÊN", "Phạm Thị Khuyên"),
        ("B17", "Bà H' Linh Niê Kđăm", "H' Linh Niê Kđăm"),
        ("G17", "2633822345", "0263 3822 345"),
    ]


def test_a_tidy_list_has_nothing_to_tell_but_its_head() -> None:
    reading = read(messy_workbook(tidy=True), "ds.xlsx", today=TODAY)
    assert told(reading) == [("notice", "I10", "head")]


def test_text_in_old_encodings_is_told_cell_by_cell() -> None:
    reading = read(messy_workbook(encoding="tcvn3", tidy=True), "ds.xlsx", today=TODAY)
    changes = {one.cell: (one.before, one.after) for one in reading.problems if one.code == "old_encoding"}
    assert changes["B12"] == ("TrÇn ThÞ Hßa", "Trần Thị Hòa")
    assert changes["E12"] == ("Phã Tr\u00adëng ban", "Phó Trưởng ban")
    assert [one.cell for one in reading.warnings] == ["B17"], "a name that no rule of syllables foresees"


def test_an_old_workbook_without_fonts_tells_what_its_neighbours_tell() -> None:
    """Vò is a syllable as it stands, and is Vũ in TCVN3: the column decides, and a person looks."""
    people = [["Vũ", "Hùng"], ["Nguyễn", "Tú"], ["Trần", "Dũng"], ["Lê", "Hà"]]
    rows = [["STT", "Họ và chữ đệm", "Tên"], *([n, *names] for n, names in enumerate(people, 1))]
    reading = read(xls([[to_tcvn3(str(cell)) for cell in row] for row in rows]), today=TODAY)
    assert [one.full_name for one in reading.people] == ["Vũ Hùng", "Nguyễn Tú", "Trần Dũng", "Lê Hà"]
    assert [(one.cell, one.before, one.after) for one in reading.warnings] == [
        ("B2", "Vò", "Vũ"),
        ("C3", "Tó", "Tú"),
        ("C4", "Dòng", "Dũng"),
    ]


def test_columns_that_mix_encodings_are_read_cell_by_cell() -> None:
    rows = [
        HEAD,
        person(1, to_tcvn3("Nguyễn Văn Hà")),
        person(2, to_vni("Trần Thị Hương")),
        person(3, "Lê Lợi"),
    ]
    reading = read(xlsx([*rows, person(4, "Vò Hà")]), today=TODAY)
    assert [one.full_name for one in reading.people] == [
        "Nguyễn Văn Hà", "Trần Thị Hương", "Lê Lợi", "Vò Hà",
    ]  # fmt: skip


def test_a_total_that_differs_is_told() -> None:
    reading = read(messy_workbook(said_total=7), "ds.xlsx", today=TODAY)
    (warning,) = reading.warnings
    assert warning.sentence == ("Danh sách ghi tổng số 7 người, nhưng đọc được 5. Xem có sót ai không.")
