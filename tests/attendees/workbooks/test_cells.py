"""Names, births, phones and addresses as they are typed; each change of a value is told."""

import datetime
from typing import Any

import pytest

from attendees.models import Attendee
from attendees.workbooks import LENGTHS, read
from attendees.workbooks.births import Order, read_birth
from attendees.workbooks.contacts import read_mail, read_phone
from attendees.workbooks.names import read_name
from tests.attendees.workbooks.builders import HEAD, TODAY, changed, only, person, read_rows, told, xlsx

# Names


@pytest.mark.parametrize(
    ("typed", "name", "codes"),
    [
        ("Nguyễn Văn An", "Nguyễn Văn An", []),
        ("  Nguyễn   Văn\nAn ", "Nguyễn Văn An", []),
        ("NGUYỄN VĂN AN", "Nguyễn Văn An", ["capitals"]),
        ("nguyễn văn an", "Nguyễn Văn An", ["capitals"]),
        ("Trần thị bình", "Trần Thị Bình", ["capitals"]),
        ("Nguyễn văn an", "Nguyễn Văn An", ["capitals"]),
        ("TRẦN thị Bình", "Trần Thị Bình", ["capitals"]),
        ("Niê kđăm H'Bia", "Niê Kđăm H'Bia", ["capitals"]),
        ("Chu Gia ái", "Chu Gia Ái", ["capitals"]),
        ("Lê AN", "Lê An", ["capitals"]),
        ("1. Nguyễn Văn An", "Nguyễn Văn An", ["numbered"]),
        ("Ông Nguyễn Văn An", "Nguyễn Văn An", ["honorific"]),
        ("Bà: TRẦN THỊ HÒA", "Trần Thị Hòa", ["honorific", "capitals"]),
        ("Đ/c Lê Đức Bình", "Lê Đức Bình", ["honorific"]),
        ("đ/c. Lê Đức Bình", "Lê Đức Bình", ["honorific"]),
        ("TS. Nguyễn Văn An", "Nguyễn Văn An", ["degree"]),
        ("PGS.TS. Nguyễn Văn An", "Nguyễn Văn An", ["degree"]),
        ("Ông PGS.TS Nguyễn Văn An", "Nguyễn Văn An", ["honorific", "degree"]),
        ("Đại tá Nguyễn Văn An", "Nguyễn Văn An", ["rank"]),
        ("Đ/c Thượng tá Nguyễn Văn An", "Nguyễn Văn An", ["honorific", "rank"]),
        ("Nguyễn Văn An (Trưởng đoàn)", "Nguyễn Văn An", ["head"]),
        ("Nguyễn Văn An (thay đ/c Bình)", "Nguyễn Văn An", ["aside"]),
        ("Nguyễn Văn An, Phó Giám đốc", "Nguyễn Văn An", ["position"]),
        ("Nguyễn Văn An - Trưởng phòng", "Nguyễn Văn An", ["position"]),
        ("Ông Ích Khiêm", "Ông Ích Khiêm", ["maybe_honorific"]),
        ("Ông Văn Tùng", "Ông Văn Tùng", ["maybe_honorific"]),
        ("Bà Lan", "Bà Lan", ["maybe_honorific"]),
        ("An", "An", ["one_word"]),
        ("H' Linh Niê Kđăm", "H' Linh Niê Kđăm", []),
        ("Y Bhiêng Byă", "Y Bhiêng Byă", []),
        ("Y Bhiêng", "Y Bhiêng", []),
        ("H'linh Niê", "H'linh Niê", []),
        ("Nguyễn Văn An, Trần Thị Hòa", "Nguyễn Văn An, Trần Thị Hòa", ["two_people"]),
        ("Nguyễn Văn An\nTrần Thị Hòa", "Nguyễn Văn An Trần Thị Hòa", ["two_people"]),
        ("Nguyễn Văn An và Trần Thị Hòa", "Nguyễn Văn An và Trần Thị Hòa", ["two_people"]),
        ("Nguyễn Văn An2", "Nguyễn Văn An2", ["strange_name"]),
        ("Nguy?n V?n An", "Nguy?n V?n An", ["strange_name"]),
        ("....", "", ["missing_name"]),
        ("Nguyễn " + "Văn " * 40 + "An", None, ["too_long"]),
    ],
)
def test_a_name_is_what_remains_and_what_was_taken_off_is_told(
    typed: str, name: str | None, codes: list[str]
) -> None:
    found = read_name(typed)
    assert [code for _level, code, *_rest in found.told] == codes
    if name is not None:
        assert found.full_name == name


def test_what_is_taken_off_a_name_is_kept_where_it_belongs() -> None:
    found = read_name("Đ/c Đại tá Nguyễn Văn An (ăn chay), Phó Giám đốc")
    assert (found.honorific, found.rank, found.note, found.position) == (
        "dong-chi",
        "Đại tá",
        "ăn chay",
        "Phó Giám đốc",
    )


def test_positions_and_bodies_stay_as_they_were_typed() -> None:
    rows = [["Họ và tên", "Chức vụ", "Đơn vị"], ["Trần thị bình", "phó Giám đốc", "sở TTTT"]]
    (one,) = read_rows(rows).people
    assert (one.full_name, one.position, one.organisation) == ("Trần Thị Bình", "phó Giám đốc", "sở TTTT")


# Travel


@pytest.mark.parametrize(
    ("value", "text", "codes"),
    [
        (45448, "05/6/2024", ["serial"]),
        ("45448", "05/6/2024", ["serial"]),
        (45448.604166666664, "05/6/2024 14:30", ["serial"]),
        (45448.99999, "06/6/2024", ["serial"]),
        (0.5625, "13:30", ["serial"]),
        (datetime.date(2024, 6, 5), "05/6/2024", []),
        (datetime.datetime(2024, 6, 5, 14, 30), "05/6/2024 14:30", []),  # noqa: DTZ001 - cells have no zone
        (datetime.time(14, 30), "14:30", []),
        ("05/6/2024", "05/6/2024", []),
        ("5/6", "5/6", []),
        (5, "5", []),
        (2024, "2024", []),
        ("VN1954", "VN1954", []),
    ],
)
@pytest.mark.parametrize(("head", "field"), [("Ngày đến", "arrival"), ("Ngày về", "departure")])
def test_a_moment_of_travel_is_a_text_with_a_date(
    head: str, field: str, value: Any, text: str, codes: list[str]
) -> None:
    reading = read_rows([["Họ và tên", "Đơn vị", head], ["Nguyễn Văn An", "Sở TTTT", value]])
    assert getattr(reading.people[0], field) == text
    assert [(one.level, one.cell, one.code) for one in reading.problems] == [
        ("notice", "C2", code) for code in codes
    ]
    assert all(one.after == text for one in reading.problems)


# Births


@pytest.mark.parametrize(
    ("value", "born", "code"),
    [
        (datetime.date(1975, 6, 25), "1975-06-25", ""),
        (datetime.datetime(1975, 6, 25, tzinfo=datetime.UTC), "1975-06-25", ""),
        (1975, 1975, ""),
        (1975.0, 1975, ""),
        ("1975", 1975, ""),
        ("'1975", 1975, ""),
        ("Năm 1975", 1975, ""),
        ("SN 1975", 1975, ""),
        ("25/6/1975", "1975-06-25", ""),
        ("25.06.1975", "1975-06-25", ""),
        ("25 - 6 - 1975", "1975-06-25", ""),
        ("5/6/1975", "1975-06-05", ""),
        ("ngày 05 tháng 6 năm 1975", "1975-06-05", ""),
        ("25/6/75", "1975-06-25", "short_year"),
        ("5.6.05", "2005-06-05", "short_year"),
        ("06/25/1975", "1975-06-25", "month_first"),
        ("1975-06-25", "1975-06-25", "rewritten"),
        ("25061975", "1975-06-25", "rewritten"),
        (5061975, "1975-06-05", "rewritten"),
        (27570, "1975-06-25", "serial"),
        ("27570", "1975-06-25", "serial"),
        ("6/1975", 1975, "month"),
        (datetime.date(1905, 5, 29), 1976, "year_as_date"),
        ("31/02/1975", None, "birth"),
        ("không rõ", None, "birth"),
        (True, None, "birth"),
        (19.75, None, "birth"),
        ("1875", None, "birth"),
        (2023, None, "birth_range"),
        (datetime.date(2020, 1, 1), None, "birth_range"),
        ("25/6/3075", None, "birth_range"),
    ],
)
def test_a_birth_is_read_and_every_change_is_told(value: Any, born: str | int | None, code: str) -> None:
    birth = read_birth(value, Order(), TODAY)
    assert birth.code == code
    assert (birth.date.isoformat() if birth.date else birth.year) == born


def test_days_and_months_that_may_have_changed_places_are_asked_about() -> None:
    """American Excel made 05/06/1975 a date in May and left 25/12/1975 a text."""
    order = Order.of(["25/12/1975", datetime.date(1975, 5, 6), datetime.date(1980, 3, 3)])
    doubtful = read_birth(datetime.date(1975, 5, 6), order, TODAY)
    assert (doubtful.level, doubtful.code, doubtful.after) == ("warning", "maybe_swapped", "05/6/1975")
    assert read_birth(datetime.date(1980, 3, 3), order, TODAY).code == ""
    tidy = Order.of(["25/12/1975", datetime.date(1975, 5, 16), datetime.date(1975, 5, 6)])
    assert read_birth(datetime.date(1975, 5, 6), tidy, TODAY).code == ""


def test_a_column_with_months_first_makes_every_doubtful_date_a_question() -> None:
    order = Order.of(["12/25/1975", "05/06/1975"])
    assert read_birth("05/06/1975", order, TODAY).code == "maybe_swapped"
    assert read_birth("25/06/1975", order, TODAY).code == ""
    assert read_birth("05/05/1975", order, TODAY).code == ""


# Phones


@pytest.mark.parametrize(
    ("value", "stored", "code"),
    [
        ("0912 345 678", "+84912345678", ""),
        ("0912.345.678", "+84912345678", ""),
        ("'0912345678", "+84912345678", ""),
        ("+84 912 345 678", "+84912345678", ""),
        ("(0263) 3822 345", "+842633822345", ""),
        (912345678, "+84912345678", "lost_zero"),
        (912345678.0, "+84912345678", "lost_zero"),
        ("912345678", "+84912345678", "lost_zero"),
        (2633822345, "+842633822345", "lost_zero"),
        (84912345678, "+84912345678", ""),
        ("0169 123 4567", "+84391234567", "old_number"),
        (1691234567, "+84391234567", "old_number"),
        ("0912345678 / 0987654321", "+84912345678", "several_phones"),
        ("0912345678\n0987654321", "+84912345678", "several_phones"),
        ("0912345678 - 0987654321", "+84912345678", "several_phones"),
        ("0912345678; 0263 3822 345", "+84912345678", "several_phones"),
        ("9.12345678E+08", "+84912345678", "phone_power"),
        ("9,12345678E+8", "+84912345678", "phone_power"),
        ("9.12E+08", "", "phone_rounded"),
        ("091234567", "", "phone"),
        ("3822345", "", "phone"),
        ("gọi sau", "", "phone"),
        (912345678.5, "", "phone"),
        ("-", "", ""),
        ("không có", "", ""),
        ("", "", ""),
    ],
)
def test_a_phone_is_stored_as_e164_and_every_change_is_told(value: Any, stored: str, code: str) -> None:
    found = read_phone(value)
    assert (found.text, found.code) == (stored, code)


@pytest.mark.parametrize(
    ("text", "stored", "code"),
    [
        ("an@lamdong.gov.vn", "an@lamdong.gov.vn", ""),
        (" An.NV@LamDong.gov.vn ", "An.NV@LamDong.gov.vn", ""),
        ("<an@lamdong.gov.vn>;", "an@lamdong.gov.vn", "mail_trimmed"),
        ("mailto:an@lamdong.gov.vn", "an@lamdong.gov.vn", "mail_trimmed"),
        ("an@lamdong.gov.vn, binh@lamdong.gov.vn", "an@lamdong.gov.vn", "several_mails"),
        ("an@lamdong", "", "mail"),
        ("an lamdong.gov.vn", "", "mail"),
        ("ẩn@lamdong.gov.vn", "", "mail"),
        ("an@@lamdong.gov.vn", "", "mail"),
        ("không có", "", ""),
        ("a" * 250 + "@lamdong.gov.vn", "", "mail"),
    ],
)
def test_an_address_is_right_or_told(text: str, stored: str, code: str) -> None:
    found = read_mail(text)
    assert (found.text, found.code) == (stored, code)


# In a list


def one(**cells: Any) -> Any:
    (person_read,) = read_rows([HEAD, person(1, **cells)]).people
    return person_read


def test_the_value_of_an_error_is_left_empty() -> None:
    found = one(birth="không rõ", phone="123", email="an@")
    assert (found.birth_year, found.birth_date, found.phone, found.email) == (None, None, "", "")
    assert found.raw["F"] == "123"


def test_problems_say_where_they_are() -> None:
    reading = read_rows([HEAD, person(1, phone=912345678, birth="31/2/1975"), person(2, "LÊ LỢI")])
    assert [(p.sheet, p.row, p.column, p.level, p.field, p.before, p.after) for p in reading.problems] == [
        ("Sheet1", 2, "C", "error", "birth", "31/2/1975", ""),
        ("Sheet1", 2, "F", "notice", "phone", "912345678", "0912 345 678"),
        ("Sheet1", 3, "B", "notice", "name", "LÊ LỢI", "Lê Lợi"),
    ]


SEXES = [
    (["Ông/Bà"], ["Ông"], ("ong", "nam")),
    (["Danh xưng"], ["Bà"], ("ba", "nu")),
    (["Đ/c"], ["Đồng chí"], ("dong-chi", "")),
    (["Giới tính"], ["Nữ"], ("ba", "nu")),
    (["Giới tính"], ["nam"], ("ong", "nam")),
    (["Nam", "Nữ"], ["x", None], ("ong", "nam")),
    (["Nam", "Nữ"], [None, 1980], ("ba", "nu")),
    (["Ghi chú"], ["x"], ("", "")),
]


@pytest.mark.parametrize(("head", "cells", "expected"), SEXES)
def test_the_sex_is_what_the_list_says_and_never_guessed(
    head: list[str], cells: list[Any], expected: tuple[str, str]
) -> None:
    (found,) = read_rows([["Họ và tên", *head], ["Trần Thị Hòa", *cells]]).people
    assert (found.honorific, found.gender) == expected


def test_two_sexes_are_an_error_and_an_unknown_word_a_question() -> None:
    both = read_rows([["Họ và tên", "Nam", "Nữ"], ["Trần Thị Hòa", "x", "x"]])
    assert told(both) == [("error", "B2", "two_sexes")]
    assert told(read_rows([["Họ và tên", "Giới tính"], ["Trần Thị Hòa", "?"]])) == [("warning", "B2", "sex")]


def test_a_rank_stays_in_the_position_unless_the_list_has_a_column_for_it() -> None:
    assert one(position="Đại tá, Phó Giám đốc").position == "Đại tá, Phó Giám đốc"
    reading = read_rows(
        [
            ["Họ và tên", "Cấp bậc", "Chức vụ"],
            ["Nguyễn Văn An", None, "Đại tá, Phó Giám đốc"],
            ["Trần Văn Bình", "Trung tá", "Trưởng phòng"],
        ]
    )
    assert [(p.rank, p.position) for p in reading.people] == [
        ("Đại tá", "Phó Giám đốc"),
        ("Trung tá", "Trưởng phòng"),
    ]
    assert told(reading) == [("notice", "C2", "rank_moved")]


def test_position_and_body_in_one_column_are_divided_openly() -> None:
    head = ["Họ và tên", "Chức vụ, đơn vị công tác"]
    reading = read_rows([head, ["Nguyễn Văn An", "Phó Giám đốc Sở TTTT"], ["Trần Thị Hòa", "Chuyên viên"]])
    assert [(p.position, p.organisation) for p in reading.people] == [
        ("Phó Giám đốc", "Sở TTTT"),
        ("Chuyên viên", ""),
    ]
    notice = only(reading, "split")
    assert (notice.before, notice.after) == ("Phó Giám đốc Sở TTTT", "Phó Giám đốc | Sở TTTT")


def test_ditto_marks_repeat_what_stands_above() -> None:
    reading = read_rows([HEAD, person(1), person(2, "Lê Lợi", organisation="nt", position='"')])
    assert reading.people[1].organisation == reading.people[0].organisation
    assert reading.people[1].position == "Chuyên viên"
    assert told(reading) == [("notice", "D3", "ditto"), ("notice", "E3", "ditto")]


def test_an_empty_cell_is_not_filled_from_above() -> None:
    assert read_rows([HEAD, person(1), person(2, "Lê Lợi", organisation=None)]).people[1].organisation == ""


def test_formulas_are_read_by_their_results() -> None:
    data = xlsx([HEAD, person(1, name='="Nguyễn"&" Văn An"', position="=1/0")])

    def calculated(part: bytes) -> bytes:
        part = part.replace(b"Nguy\xe1\xbb\x85n&quot;&amp;", b"x&quot;&amp;")
        texts = part.replace(b'<c r="B2"><f>', b'<c r="B2" t="str"><f>').replace(
            b'<c r="D2"><f>', b'<c r="D2" t="e"><f>'
        )
        first, second, rest = texts.split(b"<v></v>") if b"<v></v>" in texts else texts.split(b"<v/>")
        return b"".join([first, "<v>Nguyễn Văn An</v>".encode(), second, b"<v>#DIV/0!</v>", rest])

    reading = read(changed(data, {"xl/worksheets/sheet1.xml": calculated}), today=TODAY)
    assert [p.full_name for p in reading.people] == ["Nguyễn Văn An"]
    assert [(p.cell, p.sentence) for p in reading.problems] == [
        ("D2", "Công thức ở ô này báo lỗi #DIV/0!. Sửa công thức hoặc gõ giá trị.")
    ]


def test_a_formula_without_a_result_is_an_error_even_where_nothing_else_stands() -> None:
    reading = read_rows([HEAD, person(1), [None, "=B2"], ["=A2+1", "Lê Lợi"]])
    assert told(reading) == [("error", "B3", "no_result")]
    assert [p.full_name for p in reading.people] == ["Nguyễn Văn An", "Lê Lợi"]


@pytest.mark.parametrize("field", ["position", "organisation", "rank", "note", "phone", "email"])
def test_a_text_that_the_table_cannot_hold_is_an_error(field: str) -> None:
    heads = {"position": "Chức vụ", "organisation": "Đơn vị", "rank": "Cấp bậc", "note": "Ghi chú",
             "phone": "Điện thoại", "email": "Email"}  # fmt: skip
    reading = read_rows([["Họ và tên", heads[field]], ["Nguyễn Văn An", "x" * 501]])
    assert [problem.level for problem in reading.problems] == ["error"]
    assert getattr(reading.people[0], field) == ""


def test_the_lengths_are_those_of_the_table_of_people() -> None:
    columns = {"full_name": "full_name", "position": "position", "rank": "rank", "email": "email",
               "organisation": "organisation_name", "note": "note"}  # fmt: skip
    for name, column in columns.items():
        assert LENGTHS[name] == Attendee._meta.get_field(column).max_length


# Twice


def test_the_same_person_twice_is_an_error_at_the_second_row() -> None:
    same = person(1)
    reading = read_rows([HEAD, same, person(2, "Lê Lợi"), [3, "NGUYEN VAN AN", *same[2:5]]])
    error = only(reading, "same_person")
    assert (error.level, error.cell) == ("error", "B4")
    assert error.sentence == "Trùng với dòng 2: cùng họ tên, năm sinh và đơn vị. Xóa một dòng."


def test_namesakes_of_other_years_or_bodies_are_two_people() -> None:
    reading = read_rows([HEAD, person(1), person(2), person(1, organisation="Báo Lâm Đồng", phone=None)])
    assert told(reading) == []


def test_one_phone_for_two_people_is_a_question() -> None:
    reading = read_rows([HEAD, person(1), person(2, "Lê Lợi", phone="0912345001")])
    assert told(reading) == [("warning", "F3", "same_phone")]


def test_one_mailbox_for_a_whole_office_is_no_problem() -> None:
    reading = read_rows([HEAD, person(1, email="vp@x.example"), person(2, "Lê Lợi", email="vp@x.example")])
    assert told(reading) == []


def test_a_code_belongs_to_one_person() -> None:
    head = ["Mã đại biểu", "Họ và tên"]
    reading = read_rows([head, ["ABCD1234", "Nguyễn Văn An"], ["abcd1234", "Lê Lợi"]])
    assert told(reading) == [("error", "A3", "same_code")]


def test_two_heads_are_a_question() -> None:
    head = ["Họ và tên", "Trưởng đoàn"]
    reading = read_rows([head, ["Nguyễn Văn An", "x"], ["Lê Lợi", "x"], ["Lê Lai", None]])
    assert [p.is_head for p in reading.people] == [True, True, False]
    assert told(reading) == [("warning", "B3", "two_heads")]


def test_a_deputy_head_is_no_head() -> None:
    head = ["Họ và tên", "Vai trò"]
    reading = read_rows([head, ["Nguyễn Văn An", "Phó trưởng đoàn"], ["Lê Lợi", "Trưởng đoàn"]])
    assert [p.is_head for p in reading.people] == [False, True]
