"""Which column is what: every heading that lists of delegates are known to have."""

import pytest

from attendees.workbooks import FIELDS, Plan, Reading, read
from attendees.workbooks.headings import field_of, field_under
from tests.attendees.messy import to_tcvn3
from tests.attendees.workbooks.builders import HEAD, TODAY, csv_text, person, read_rows, told, xlsx

KNOWN = {
    "number": "STT; TT; Stt; Số TT; Số thứ tự",
    "name": (
        "Họ và tên; Họ tên; Họ và tên đại biểu; Tên đại biểu; HỌ VÀ TÊN; HỌ TÊN\nĐẠI BIỂU; Ho va ten;"
        "Full name; Họ và tên (viết in hoa); Họ và tên cán bộ được cử tham dự; Họ, tên; Ho ten"
    ),
    "family": "Họ và chữ đệm; Họ đệm; Họ và tên đệm; Họ lót; Ho dem",
    "given": "Tên; TÊN",
    "honorific": "Ông/Bà; Danh xưng; Đ/c; ÔNG (BÀ)",
    "gender": "Giới tính; Nam/Nữ; Phái; Gender",
    "male": "Nam; NAM",
    "female": "Nữ; Nu",
    "birth": (
        "Năm sinh; Ngày sinh; Ngày tháng năm sinh; Ngày, tháng, năm sinh; Năm sinh (dd/mm/yyyy);Date of birth"
    ),
    "position": "Chức vụ; Chức danh; Chức vụ công tác; Chức vụ/Chức danh; Chức vụ (ghi rõ); Position",
    "position_organisation": (
        "Chức vụ, đơn vị công tác; Chức vụ - Đơn vị; Chức danh, cơ quan công tác; Chức vụ và nơi công tác"
    ),
    "rank": "Cấp bậc; Quân hàm; Cấp bậc, quân hàm; Rank",
    "organisation": (
        "Đơn vị; Đơn vị công tác; Cơ quan; Cơ quan/Đơn vị; Nơi công tác; CƠ QUAN, ĐƠN VỊ; Don vi cong tac;"
        "Tên cơ quan, đơn vị cử đại biểu; Organisation"
    ),
    "province": "Tỉnh/TP; Tỉnh, thành phố; Địa phương; Đoàn; Tinh thanh",
    "phone": (
        "Số điện thoại; SĐT; Điện thoại; ĐTDĐ; Di động; Số ĐT liên hệ; ĐT; Số điện thoại (Zalo);"
        "So dien thoai; Mobile; Điện thoại\ndi động; Tel."
    ),
    "email": "Email; E-mail; Thư điện tử; Hộp thư; Địa chỉ email; Email công vụ",
    "identity": "Số CCCD; CCCD; CMND/CCCD; Số định danh; Số căn cước công dân",
    "room": "Đăng ký phòng; Phòng nghỉ; Ghép phòng với; Nhu cầu phòng nghỉ (đơn/đôi)",
    "arrival": "Ngày đến; Giờ đến; Thời gian đến; Chuyến bay đến",
    "departure": "Ngày về; Giờ về; Thời gian về; Ngày đi; Chuyến bay về",
    "flight": "Chuyến bay; Số hiệu chuyến bay",
    "vehicle": "Phương tiện; Phương tiện di chuyển; Biển số xe",
    "diet": "Ăn chay; Ăn kiêng; Chế độ ăn",
    "note": "Ghi chú; GHI CHÚ; Note",
    "seat": "Chỗ ngồi; Số ghế; Vị trí ngồi; Dãy, số ghế; Chỗ ngồi trong hội trường; Seat",
    "head": "Trưởng đoàn; Vai trò trong đoàn",
    "category": "Thành phần; Đối tượng; Thành phần tham dự",
    "code": "Mã đại biểu; MÃ ĐB; Code",
}
PAIRS = [(heading.strip(), field) for field, words in KNOWN.items() for heading in words.split(";")]


@pytest.mark.parametrize(("heading", "field"), PAIRS)
def test_a_heading_names_its_field(heading: str, field: str) -> None:
    found = field_of(heading)
    assert found is not None
    assert found[0] == field


def test_every_field_has_a_heading() -> None:
    assert set(KNOWN) == set(FIELDS)


@pytest.mark.parametrize(
    "text",
    ["", "Nguyễn Văn An", "Ký nhận", "Số tiền", "x", "2024", "DANH SÁCH", "Tổng số: 07 đồng chí", "a" * 500],
)
def test_other_texts_name_no_field(text: str) -> None:
    assert field_of(text) is None


@pytest.mark.parametrize(
    ("group", "heading", "field"),
    [
        ("Thời gian đến", "Ngày", "arrival"),
        ("Thời gian đến", "Chuyến bay", "flight"),
        ("Ngày giờ đến", "Số hiệu chuyến bay", "flight"),
        ("Thời gian đi", "Giờ", "departure"),
        ("Thời gian về", "Chuyến bay", "departure"),
        ("Chuyến bay đến", "Giờ", "arrival"),
        ("Năm sinh", "Nam", "male"),
        ("Ngày tháng năm sinh", "Nữ", "female"),
        ("Giới tính", "Nam", "male"),
        ("Họ và tên", "Họ đệm", "family"),
        ("Họ và tên", "Tên", "given"),
        ("Liên hệ", "Điện thoại", "phone"),
        ("Thông tin liên hệ", "Email", "email"),
        ("Đăng ký phòng nghỉ", "Ghép với", "room"),
    ],
)
def test_a_heading_under_another_is_read_with_it(group: str, heading: str, field: str) -> None:
    found = field_under(group, heading)
    assert found is not None
    assert found[0] == field


# Finding the table in a sheet


def plan_of(reading: Reading) -> Plan:
    (plan,) = reading.plans
    return plan


def fields(plan: Plan) -> dict[str, str | None]:
    return {column.letter: column.field for column in plan.columns}


@pytest.mark.parametrize("above", [0, 1, 6, 24])
def test_the_heading_is_found_below_any_titles(above: int) -> None:
    reading = read_rows([*([f"Dòng {n}", "Họ và tên"][:1] for n in range(above)), HEAD, person(1)])
    assert plan_of(reading).header_rows == (above + 1, above + 1)
    assert [one.row for one in reading.people] == [above + 2]


def test_the_title_of_a_list_is_no_heading() -> None:
    title = [
        "Danh sách",
        "họ và tên, chức vụ, đơn vị công tác, số điện thoại của đại biểu tham dự hội nghị " * 2,
    ]
    assert plan_of(read_rows([title, HEAD, person(1)])).header_rows == (2, 2)


def test_two_rows_of_headings_with_groups_are_one_heading() -> None:
    rows = [
        ["TT", "Họ và tên", "Đơn vị", "Thời gian đến", None, None, "Thời gian về", None, "Ghi chú"],
        [None, None, None, "Ngày", "Giờ", "Chuyến bay", "Ngày", "Giờ", None],
        [1, "Nguyễn Văn An", "Sở TTTT", "05/6/2024", "14:00", "VN1381", "08/6/2024", "9h30", "Ăn chay"],
    ]
    for merges in (["D1:F1", "G1:H1", "A1:A2", "B1:B2", "C1:C2", "I1:I2"], []):
        reading = read_rows(rows, merges=merges)
        plan = plan_of(reading)
        assert plan.header_rows == (1, 2)
        assert [column.field for column in plan.columns] == [
            "number", "name", "organisation", "arrival", "arrival", "flight", "departure", "departure",
            "note",
        ]  # fmt: skip
        assert plan.columns[5].header == "Thời gian đến / Chuyến bay"
        (one,) = reading.people
        assert (one.arrival, one.flight, one.departure, one.note) == (
            "05/6/2024 14:00",
            "VN1381",
            "08/6/2024 9h30",
            "Ăn chay",
        )


def test_a_row_of_column_numbers_is_passed_over() -> None:
    reading = read_rows([HEAD, ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"], person(1)])
    assert [one.row for one in reading.people] == [3]
    assert told(reading) == []


def test_a_name_in_two_columns_is_put_together() -> None:
    rows = [["TT", "Họ và chữ đệm", "Tên", "Đơn vị"], [1, "Nguyễn Văn", "An", "Sở TTTT"]]
    assert [one.full_name for one in read_rows(rows).people] == ["Nguyễn Văn An"]


@pytest.mark.parametrize("merges", [["B1:C1"], []])
def test_one_heading_over_the_two_columns_of_a_name(merges: list[str]) -> None:
    rows = [
        ["TT", "Họ và tên", None, "Đơn vị"],
        [1, "Nguyễn Văn", "An", "Sở TTTT"],
        [2, "Trần Thị", "Hòa", "Sở TTTT"],
        [3, "Lê", "Bình", "Sở TTTT"],
    ]
    reading = read_rows(rows, merges=merges)
    assert [one.full_name for one in reading.people] == ["Nguyễn Văn An", "Trần Thị Hòa", "Lê Bình"]


def test_a_column_that_nobody_knows_is_told_and_kept_in_the_raw_row() -> None:
    reading = read_rows([[*HEAD, "Số giày"], [*person(1), 42]])
    plan = plan_of(reading)
    assert [column.header for column in plan.columns if not column.field] == ["Số giày"]
    assert [(one.level, one.cell, one.sentence) for one in reading.problems] == [
        ("notice", "H1", "Cột «Số giày» không được nhập.")
    ]
    assert reading.people[0].raw["H"] == "42"


def test_a_column_without_a_heading_is_told_when_something_stands_in_it() -> None:
    reading = read_rows([HEAD, person(1), [*person(2, "Lê Lợi"), None, "áo cỡ L"]])
    assert [(one.cell, one.sentence) for one in reading.problems] == [
        ("I1", "Cột I không có tiêu đề nên không được nhập.")
    ]


def test_identity_numbers_are_known_and_left_out_everywhere() -> None:
    reading = read_rows([[*HEAD, "Số CCCD"], [*person(1), "068075001234"]])
    assert told(reading) == [("notice", "H1", "identity_left_out")]
    assert "068075001234" not in str([one.raw for one in reading.people])


def test_the_surest_of_two_columns_for_one_field_is_taken() -> None:
    rows = [
        ["TT", "Họ và tên", "Điện thoại cơ quan", "Di động"],
        [1, "Nguyễn Văn An", "0263 3822 345", "0912345678"],
    ]
    reading = read_rows(rows)
    assert fields(plan_of(reading)) == {"A": "number", "B": "name", "C": None, "D": "phone"}


def test_headings_in_an_old_encoding_are_found() -> None:
    rows = [[to_tcvn3(text) for text in HEAD], person(1)]
    assert plan_of(read_rows(rows)).columns[1].field == "name"


# Sheets


def test_every_sheet_with_a_table_is_read() -> None:
    reading = read_rows(
        [HEAD, person(1)], title="Sở TTTT", more={"Công an": [HEAD, person(2, "Trần Thị Hòa")]}
    )
    assert [(one.sheet, one.full_name) for one in reading.people] == [
        ("Sở TTTT", "Nguyễn Văn An"),
        ("Công an", "Trần Thị Hòa"),
    ]


def test_a_sheet_without_a_table_and_a_hidden_one_are_told() -> None:
    reading = read_rows(
        [HEAD, person(1)],
        more={"Ghi chú": [["Đề nghị gửi trước ngày 30/5"]], "Cũ": [HEAD, person(2)], "Trống": []},
        hidden=["Cũ"],
    )
    assert len(reading.people) == 1
    assert [(one.level, one.sheet, one.sentence) for one in reading.problems] == [
        ("notice", "Ghi chú", "Trang này không có bảng đại biểu nên không được đọc."),
        ("notice", "Cũ", "Trang này bị ẩn nên không được đọc."),
    ]


def test_a_file_without_a_table_has_one_error() -> None:
    reading = read_rows([["Kính gửi", "Ban Tổ chức"], ["Xin xem", "tệp khác"]])
    assert reading.people == []
    assert [(one.level, one.sentence) for one in reading.problems] == [
        ("error", "Không thấy dòng tiêu đề có cột họ và tên. Chọn cột họ và tên ở bước ghép cột.")
    ]


def test_a_heading_without_people_is_an_error() -> None:
    assert told(read_rows([["DANH SÁCH"], HEAD])) == [("error", "", "nobody")]


def test_what_is_pasted_without_a_heading_is_told_by_its_content() -> None:
    text = csv_text(
        [
            [1, "Nguyễn Văn An", 1975, "Sở TTTT", "0912345678", "an@lamdong.example"],
            [2, "Trần Thị Hòa", 1980, "Báo Lâm Đồng", "0912345679", "hoa@lamdong.example"],
        ],
        "\t",
    )
    reading = read(text.encode(), "", today=TODAY)
    assert fields(plan_of(reading)) == {
        "A": "number", "B": "name", "C": "birth", "D": None, "E": "phone", "F": "email",
    }  # fmt: skip
    assert [(one.full_name, one.birth_year, one.phone) for one in reading.people] == [
        ("Nguyễn Văn An", 1975, "+84912345678"),
        ("Trần Thị Hòa", 1980, "+84912345679"),
    ]
    assert told(reading, "warning") == [("warning", "1", "no_heading")]


# Plans that a person changes, and that are remembered


def test_a_changed_plan_is_obeyed() -> None:
    data = xlsx([[*HEAD, "Biệt danh"], [*person(1), "Trần Thị Hòa"]])
    (plan,) = read(data, today=TODAY).plans
    plan.columns[1].field, plan.columns[7].field = None, "name"
    reading = read(data, plans=[Plan.from_json(plan.to_json())], today=TODAY)
    assert [one.full_name for one in reading.people] == ["Trần Thị Hòa"]


def test_a_plan_with_another_heading_row_is_obeyed() -> None:
    data = xlsx([HEAD, person(1), person(2, "Trần Thị Hòa")])
    (plan,) = read(data, today=TODAY).plans
    plan.header_rows = (2, 2)
    assert [one.full_name for one in read(data, plans=[plan], today=TODAY).people] == ["Trần Thị Hòa"]


def test_a_plan_that_leaves_a_sheet_out_reads_nobody_there() -> None:
    data = xlsx([HEAD, person(1)])
    (plan,) = read(data, today=TODAY).plans
    plan.used = False
    reading = read(data, plans=[plan], today=TODAY)
    assert (reading.people, reading.problems) == ([], [])


def test_a_plan_without_names_is_an_error() -> None:
    data = xlsx([HEAD, person(1)])
    (plan,) = read(data, today=TODAY).plans
    plan.columns[1].field = None
    assert told(read(data, plans=[plan], today=TODAY)) == [("error", "", "no_name_column")]


def test_a_plan_out_of_all_bounds_does_no_harm() -> None:
    data = xlsx([HEAD, person(1)])
    (plan,) = read(data, today=TODAY).plans
    plan.columns[3].index, plan.columns[4].index = -2, 9_999
    for rows in ((-5, -5), (0, 0), (900, 900)):
        plan.header_rows = rows
        assert len(read(data, plans=[plan], today=TODAY).people) <= 2


def test_the_plan_of_another_file_reads_nobody() -> None:
    (plan,) = read_rows([HEAD, person(1)], title="Khác").plans
    reading = read(xlsx([HEAD, person(1)]), plans=[plan], today=TODAY)
    assert reading.people == []


def test_the_same_headings_have_the_same_signature_wherever_they_stand() -> None:
    first = plan_of(read_rows([HEAD, person(1)]))
    second = plan_of(read_rows([["DANH SÁCH"], [], [text.upper() for text in HEAD], person(5)]))
    other = plan_of(read_rows([[*HEAD[:-1], "Ghi chú"], person(1)]))
    assert first.signature == second.signature != other.signature


def test_what_was_once_confirmed_goes_before_the_proposal() -> None:
    data = xlsx([[*HEAD, "Bí danh"], [*person(1), "Chị Hai"]])
    (plan,) = read(data, today=TODAY).plans
    reading = read(data, remembered={plan.signature: {"H": "note", "G": None}}, today=TODAY)
    (one,) = reading.people
    assert (one.note, one.email) == ("Chị Hai", "")
    assert read(data, remembered={"other": {"H": "note"}}, today=TODAY).people[0].note == ""


def test_a_reading_goes_to_json_and_back() -> None:
    reading = read_rows([HEAD, person(1, "NGUYỄN VĂN AN", phone=912345678)])
    assert Reading.from_json(reading.to_json()) == reading
    listed = reading.as_listed()
    assert listed["people"][0]["name"] == "Nguyễn Văn An"
    assert [one["sentence"] for one in listed["problems"]] == [one.sentence for one in reading.problems]


def test_the_preview_shows_the_first_rows_as_text() -> None:
    (preview,) = read_rows([["DANH SÁCH"], HEAD, *(person(n) for n in range(60))]).previews
    assert preview.rows[1] == list(HEAD)
    assert preview.rows[2][2] == "1970"
    assert len(preview.rows) == 30
