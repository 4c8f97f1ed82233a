"""Workbooks as provinces really send them: titles above, two rows of headings, groups, merges, signatures.

`messy_workbook(people, "tỉnh Lâm Đồng")` is for any test, and for browser journeys: the file holds people who
are right, each of them written the way hurried people write. What the reader must make of it is `people`.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from conference import vietnamese_legacy
from conference.vietnamese import show_phone

Birth = int | str | datetime.date | None


@dataclass(frozen=True)
class Listed:
    """A person as the list means it; the workbook writes it less tidily."""

    name: str
    group: str = ""
    is_male: bool = True
    birth: Birth = None
    position: str = ""
    organisation: str = ""
    phone: str = ""  # E.164
    email: str = ""
    note: str = ""


FROM_LAM_DONG = (
    Listed(
        "Nguyễn Tấn Lực", "Lãnh đạo UBND tỉnh", True, 1968, "Phó Chủ tịch", "UBND tỉnh Lâm Đồng",
        "+84912345601", "luc.nt@lamdong.example", "Trưởng đoàn",
    ),
    Listed(
        "Trần Thị Hòa", "Ban Tuyên giáo Tỉnh ủy", False, datetime.date(1975, 6, 25), "Phó Trưởng ban",
        "Ban Tuyên giáo Tỉnh ủy Lâm Đồng", "+84912345602", "hoa.tt@lamdong.example",
    ),
    Listed(
        "Lê Đức Ước", "Sở Thông tin và Truyền thông", True, "05/6/1980", "Giám đốc",
        "Sở Thông tin và Truyền thông tỉnh Lâm Đồng", "+84392345603", "uoc.ld@lamdong.example",
    ),
    Listed(
        "Phạm Thị Khuyên", "Sở Thông tin và Truyền thông", False, 1988, "Chuyên viên",
        "Sở Thông tin và Truyền thông tỉnh Lâm Đồng", "+84912345604", "khuyen.pt@lamdong.example", "Ăn chay",
    ),
    Listed(
        "H' Linh Niê Kđăm", "Công an tỉnh", False, 1985, "Trung tá, Phó Trưởng phòng",
        "Công an tỉnh Lâm Đồng", "+842633822345",
    ),
)  # fmt: skip

_THIN = Side(style="thin")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_FONTS = {"": "Times New Roman", "tcvn3": ".VnTime", "vni": "VNI-Times"}


def to_tcvn3(text: str) -> str:
    """The text as a font such as .VnTime needs it; it has no capitals with a tone, small ones stand in."""
    codes = {chr(letter): chr(code) for code, letter in vietnamese_legacy._TCVN3.items()}
    return "".join(codes.get(char) or codes.get(char.lower()) or char for char in text)


def to_vni(text: str) -> str:
    """The text as a font such as VNI-Times needs it."""
    pairs: dict[str, str] = {}
    for pair, letter in vietnamese_legacy._vni_pairs().items():
        if pair[1].isupper() == letter.isupper():
            pairs.setdefault(letter, pair)
    pairs |= {letter: code for code, letter in vietnamese_legacy._VNI_ALONE.items()}
    return "".join(pairs.get(char, char) for char in text)


def messy_workbook(
    people: Sequence[Listed] = FROM_LAM_DONG,
    unit_name: str = "tỉnh Lâm Đồng",
    *,
    conference: str = "Hội nghị tập huấn truyền thông quảng bá hình ảnh Việt Nam",
    encoding: str = "",
    tidy: bool = False,
    said_total: int | None = None,
) -> bytes:
    """An .xlsx with the people, as the office of a province makes it.

    `encoding` is "", "tcvn3" or "vni"; `tidy` writes names, phones and sexes without the usual slips;
    `said_total` is what the footer claims, else the right number.
    """
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Danh sach"
    encode = {"": str, "tcvn3": to_tcvn3, "vni": to_vni}[encoding]
    writer = _Writer(sheet, encode, _FONTS[encoding])
    writer.titles(unit_name, conference)
    writer.headings()
    writer.people(people, tidy=tidy)
    writer.footer(len(people) if said_total is None else said_total, unit_name)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


class _Writer:
    """Writes one sheet from top to bottom."""

    def __init__(self, sheet: Worksheet, encode: Any, font: str) -> None:
        self.sheet, self.encode, self.font = sheet, encode, font
        self.row = 1

    def put(self, column: int, value: Any, *, bold: bool = False, box: bool = False, until: int = 0) -> None:
        """Write into the current row; `until` merges up to that column."""
        cell = self.sheet.cell(self.row, column)
        cell.value = self.encode(value) if isinstance(value, str) else value
        cell.font = Font(name=self.font, size=13, bold=bold)
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center" if bold else None)
        if box:
            cell.border = _BOX
        if isinstance(value, datetime.date):
            cell.number_format = "dd/mm/yyyy"
        if until:
            self.sheet.merge_cells(
                start_row=self.row, end_row=self.row, start_column=column, end_column=until
            )

    def titles(self, unit_name: str, conference: str) -> None:
        self.put(1, f"ỦY BAN NHÂN DÂN\n{unit_name.upper()}", bold=True, until=3)
        self.put(5, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc", bold=True, until=9)
        self.row = 3
        self.put(1, "DANH SÁCH ĐẠI BIỂU THAM DỰ HỘI NGHỊ", bold=True, until=9)
        self.row = 4
        self.put(1, conference, bold=True, until=9)
        self.row = 5
        self.put(1, "(Kèm theo Công văn số 1234/UBND-VX ngày 20 tháng 5 năm 2024)", until=9)
        self.row = 7

    def headings(self) -> None:
        """Two rows: the years of men and women stand under one heading."""
        top = {
            1: "TT", 2: "Họ và tên đại biểu", 3: "Năm sinh", 5: "Chức vụ", 6: "Đơn vị\ncông tác",
            7: "Số ĐT liên hệ", 8: "Hộp thư", 9: "Ghi chú",
        }  # fmt: skip
        for column, text in top.items():
            self.put(column, text, bold=True, box=True, until=4 if column == 3 else 0)
        self.row += 1
        self.put(3, "Nam", bold=True, box=True)
        self.put(4, "Nữ", bold=True, box=True)
        for column in (1, 2, 5, 6, 7, 8, 9):
            self.sheet.merge_cells(
                start_row=self.row - 1, end_row=self.row, start_column=column, end_column=column
            )
        for column, width in enumerate((5, 26, 12, 12, 24, 34, 16, 26, 16), 1):
            self.sheet.column_dimensions["ABCDEFGHI"[column - 1]].width = width
        self.row += 1

    def people(self, people: Sequence[Listed], *, tidy: bool) -> None:
        """Groups in Roman figures; who shares a body with the one above shares its cell."""
        group, numeral = "", 0
        body: tuple[str, int] = ("", 0)
        for number, person in enumerate(people, 1):
            if person.group and person.group != group:
                numeral += 1
                self.put(
                    1, ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")[numeral - 1], bold=True, box=True
                )
                self.put(2, person.group, bold=True, box=True, until=9)
                self.row += 1
                group, body = person.group, ("", 0)
            self._person(number, person, tidy=tidy)
            if person.organisation == body[0]:
                self.sheet.cell(self.row, 6).value = None
                self.sheet.merge_cells(start_row=body[1], end_row=self.row, start_column=6, end_column=6)
            else:
                body = (person.organisation, self.row)
            self.row += 1

    def _person(self, number: int, person: Listed, *, tidy: bool) -> None:
        name: str = person.name
        phone: Any = show_phone(person.phone)
        if not tidy and number % 3 == 1:
            name = name.upper()
        if not tidy and number % 3 == 2:
            name = f"{'Ông' if person.is_male else 'Bà'} {name}"
        if not tidy and number % 2 and person.phone.startswith("+84"):
            phone = int(person.phone[3:])  # as a number: the zero is gone
        values = (
            number, name, person.birth if person.is_male else None, None if person.is_male else person.birth,
            person.position, person.organisation, phone, person.email, person.note,
        )  # fmt: skip
        for column, value in enumerate(values, 1):
            self.put(column, None if value == "" else value, box=True)

    def footer(self, total: int, unit_name: str) -> None:
        self.put(1, f"Tổng số: {total:02d} đồng chí./.", bold=True, until=9)
        self.row += 2
        self.put(6, f"{unit_name.split(' ', 1)[-1]}, ngày 20 tháng 5 năm 2024", until=9)
        self.row += 1
        self.put(2, "NGƯỜI LẬP BIỂU", bold=True)
        self.put(6, "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH", bold=True, until=9)
        self.row += 5
        self.put(2, "Nguyễn Thị Lập")
        self.put(6, "Trần Văn Ký", bold=True, until=9)
