"""What a row of a list is: a person, a group, a total, a heading again, the signatures, or nothing."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from functools import cached_property

from attendees.workbooks.grids import Sheet, shown
from attendees.workbooks.shapes import Plan


class Kind(enum.Enum):
    BLANK = "blank"
    HEADING = "heading"
    GROUP = "group"
    TOTAL = "total"
    END = "end"
    REMARK = "remark"
    NAMELESS = "nameless"
    PERSON = "person"


@dataclass(slots=True)
class Row:
    """A row, told apart; `text` is that of the group, or of the total."""

    place: int  # from 0
    kind: Kind
    texts: dict[int, str]  # column → text, only what the row itself holds
    text: str = ""


def any_of(words: str) -> str:
    """A pattern for any of the words, separated by semicolons; they may be patterns themselves."""
    return "|".join(" ".join(word.split()) for word in words.split(";"))


_NUMBERING = re.compile(
    r"\s*(?:[IVXLC]{1,6}|[A-ZĐ]|\d{1,2})\s*[./):-]\s*(?=\S)|\s*[IVX]{1,5}\s+(?=\S)|[*+•–-]\s*(?=\S)"
)
_ROMAN = re.compile(r"\(?(?:[IVXLC]{1,6}|[A-HĐ])\)?\s*[./)]?")
_DIGITS = re.compile(r"\d{1,5}\s*[./)]?")
_INDEX = re.compile(r"\(?\s*(?:\d{1,2}|[A-Z])\s*\)?")
_NAME = re.compile(r"(?:[^\W\d_]+['’]?[\s.]*){2,7}")
_COUNT = re.compile(r"\d{1,5}")
# How the name of a body, or of a group of people, begins. Đoàn alone is a family.
OFFICES = any_of("""
    sở; ban; ubnd; hđnd; hội đồng; [uủ][ỷy] ban; văn phòng; công an; bộ chỉ huy; bch; bộ đội; bộ tư lệnh; bộ;
    báo(?! chí| cáo); đài; tỉnh; thành phố; tp\\.?; thành [uủ][ỷy]; huyện; quận; hội; mặt trận; ubmttq; mttq;
    cục; vụ; viện; học viện; trường; đại học; trung tâm; phòng; chi cục; tổng cục; tổng công ty; công ty;
    tập đoàn; liên đoàn; tạp chí; nhà xuất bản; thông tấn xã; cơ quan; đơn vị;
    đoàn (?:đại biểu|thanh niên|tncs|công tác|khối|tỉnh)
""")
_GROUPS = any_of("""
    lãnh đạo; đại diện; đại biểu; khối; nhóm; các; tổ; phóng viên; biên tập viên; báo cáo viên; cán bộ;
    chuyên viên; lái xe; phục vụ; thành viên; thành phần; thường trực; khách mời
""")
_OFFICE = re.compile(rf"(?:{OFFICES}|{_GROUPS})(?!\w)", re.I)
_TOTAL = re.compile(
    r"\W*(?:"
    + any_of(r"""
        tổng (?:số|cộng)\b; tong (?:so|cong)\b\s*(?::|\d|$); (?:tổng|cộng|tong|cong)\s*(?:[:(]|$);
        ấn định danh sách; danh sách (?:này |trên )?(?:gồm|có)\b; (?:tổng|cộng) (?:danh sách|cả|có)\b
    """)
    + ")",
    re.I,
)
_END = re.compile(
    r"^\W*(?:"
    + any_of(r"""
        người lập\b; nguoi lap\b; thủ trưởng\b; nơi nhận\b; noi nhan\b; (?:tm|t/m|kt|tl|tuq|tưq)[./];
        xác nhận (?:của|cơ quan); ký, (?:ghi|đóng|họ); ký (?:ghi|tên|và); lập biểu\b; người ký\b;
        đại diện đơn vị\s*$
    """)
    + r")|\bngày\s*[\d.…_ ]*\s*tháng\s*[\d.…_ ]*\s*năm\b",
    re.I,
)
_REMARK = re.compile(
    r"\W*(?:"
    + any_of(
        "ghi chú; ghi chu; lưu ý; luu y; chú thích; ghi rõ; đề nghị; mọi chi tiết; đầu mối liên hệ; liên hệ"
    )
    + r")\b\s*[:.(]|\s*\*",
    re.I,
)
# Titles of those who sign; with the name of a body behind them only in capitals.
_SIGNER = re.compile(
    r"\W*(?:q\.\s*|quyền\s+)?(?:phó\s+)?(?:"
    + any_of("""
        (?:tổng )?giám đốc; chủ tịch; trưởng ban; chánh văn phòng; chánh thanh tra; trưởng phòng; cục trưởng;
        vụ trưởng; viện trưởng; hiệu trưởng; tổng biên tập; bí thư; chỉ huy trưởng; chính [uủ][ỷy]; kế toán
    """)
    + r")(?!\w)",
    re.I,
)
_DATED = ("birth", "male", "female", "arrival", "departure")


def without_numbering(text: str) -> str:
    """A group's words without "I.", "1)", "A -"."""
    return _NUMBERING.sub("", text, count=1).strip(" :.-–")


def count_in(text: str) -> int | None:
    """The number that a total names."""
    found = _COUNT.search(text)
    return int(found[0]) if found else None


def _signs(text: str) -> bool:
    """Whether a text belongs to the signatures: who signs, as what, where and when."""
    title = _SIGNER.match(text)
    return bool(_END.search(text) or (title and (text.isupper() or not text[title.end() :].strip(" .,:"))))


class Sorter:
    """Tells the rows of one sheet apart, with the plan's columns in mind."""

    def __init__(self, sheet: Sheet, plan: Plan) -> None:
        self.sheet = sheet
        fields = {column.index: column.field for column in plan.columns if column.field}
        self.fields = fields
        self.names = {place for place, field in fields.items() if field in ("name", "family", "given")}
        self.numbers = {place for place, field in fields.items() if field == "number"}
        # What stands on a free seat before anybody is put there: "7 | Báo, Đài".
        self.seats = self.numbers | {place for place, field in fields.items() if field == "category"}
        self.headers = {column.index: column.header.casefold() for column in plan.columns if column.header}
        self.words = {
            part for column in plan.columns for part in column.header.casefold().split(" / ") if part
        }
        self.wide = {
            (first, left): right
            for first, left, last, right in sheet.extras.merges
            if right - left >= 2 or (right > left and any(left <= place <= right for place in self.names))
        }
        # Rows whose name stands in a merged cell above, or is a formula without a result.
        self.named_elsewhere = {
            row
            for first, left, last, _right in sheet.extras.merges
            if left in self.names
            for row in range(first + 1, min(last + 1, len(sheet.rows)))
        } | {
            row for row, column in (*sheet.extras.uncalculated, *sheet.extras.faulty) if column in self.names
        }
        self.totalled = False  # a total was the last word about people
        self.ended = False
        self.after_heading = True

    def sort(self, place: int) -> Row:
        texts = self._texts(place)
        kind, text = self._kind(place, texts)
        if kind is Kind.END:
            self.ended = True
        elif kind is Kind.HEADING:
            self.ended = False
        elif self.ended:
            kind = self._after_end(kind, texts)
        if kind in (Kind.TOTAL, Kind.PERSON, Kind.HEADING):
            self.totalled = kind is Kind.TOTAL
        self.after_heading = kind is Kind.HEADING or (self.after_heading and kind is Kind.BLANK)
        return Row(place, kind, texts, text)

    def _texts(self, place: int) -> dict[int, str]:
        return {
            column: text
            for column, value in enumerate(self.sheet.rows[place])
            if value is not None and (text := shown(value))
        }

    @cached_property
    def followed(self) -> list[bool]:
        """Per row, whether a complete person stands below it, before the next heading."""
        followed, follows = [], False
        for place in reversed(range(len(self.sheet.rows))):
            followed.append(follows)
            texts = self._texts(place)
            is_numbered = bool(self._number(texts)) or not self.numbers
            is_complete = bool(self.names & texts.keys()) and is_numbered and len(texts) > 2
            follows = not self._is_heading(texts) and (follows or is_complete)
        return followed[::-1]

    def _after_end(self, kind: Kind, texts: dict[int, str]) -> Kind:
        """Below the signatures only a row with a number is told: a person, or one whose name is missing."""
        if kind is Kind.PERSON and self._number(texts) and len(texts) > 2:
            self.ended = False
            return kind
        return kind if kind is Kind.NAMELESS and self._number(texts) else Kind.REMARK

    def _kind(self, place: int, texts: dict[int, str]) -> tuple[Kind, str]:
        if not texts:
            return Kind.BLANK, ""
        if self._is_heading(texts):
            return Kind.HEADING, ""
        whole = " ".join(texts.values())
        number = self._number(texts)
        if not number and any(_TOTAL.match(text) for text in texts.values()):
            return Kind.TOTAL, whole
        if not number and self._filled(texts) < 3 and self._ends(texts):
            return Kind.END, ""
        if not number and (footer := self._footer(place, texts)):
            return footer, ""
        group = self._group(place, texts, number)
        if group:
            return Kind.GROUP, group
        if self.names & texts.keys():
            return Kind.PERSON, ""
        if len(texts) == 1 and _REMARK.match(whole):
            return Kind.REMARK, ""
        says = any(place in self.fields and place not in self.seats for place in texts)
        return (Kind.NAMELESS if says else Kind.BLANK), ""

    def _is_heading(self, texts: dict[int, str]) -> bool:
        """The heading once more (on a new page), its lower half, or the row (1) (2) (3) below it."""
        words = [text.casefold() for text in texts.values()]
        same = sum(self.headers.get(column) == word for column, word in zip(texts, words, strict=True))
        if same >= 2 and same >= 0.6 * len(texts):
            return True
        if len(words) >= 2 and self.words.issuperset(words):
            return True
        return (
            self.after_heading and len(texts) >= 3 and all(_INDEX.fullmatch(text) for text in texts.values())
        )

    def _ends(self, texts: dict[int, str]) -> bool:
        """Place and date, who made the list, who signs it."""
        return any(
            _END.search(text) for column, text in texts.items() if self.fields.get(column) not in _DATED
        )

    def _footer(self, place: int, texts: dict[int, str]) -> Kind | None:
        """Signatures in any column, and whatever has no name after a total: only where nobody follows."""
        if place in self.named_elsewhere or self.followed[place]:
            return None
        if all(map(_signs, texts.values())):
            return Kind.END
        return Kind.REMARK if self.totalled and not self.names & texts.keys() else None

    def _number(self, texts: dict[int, str]) -> str:
        """The number of the row, when it has one."""
        return next((texts[place] for place in self.numbers if _DIGITS.fullmatch(texts.get(place, ""))), "")

    def _filled(self, texts: dict[int, str]) -> int:
        """How many columns of the person are filled."""
        return sum(1 for column in texts if column in self.fields and column not in self.numbers)

    def _group(self, place: int, texts: dict[int, str], number: str) -> str:
        """The words of a group row, "" when it is none."""
        if number and texts.keys() <= self.seats:
            return ""
        marks = [
            column for column in self.numbers if column in texts and not _DIGITS.fullmatch(texts[column])
        ]
        others = [text for column, text in texts.items() if column not in self.numbers]
        if marks and _ROMAN.fullmatch(texts[marks[0]]) and others:
            return without_numbering(others[0]) if not self._looks_filled(texts) else ""
        distinct = dict.fromkeys(
            text for column, text in texts.items() if column not in self.numbers or column in marks
        )
        if len(distinct) != 1:
            return ""
        (text,) = distinct
        bare = without_numbering(text)
        if _OFFICE.match(bare):
            return bare
        if number or _REMARK.match(text):
            return ""
        (column, *_rest) = [column for column, own in texts.items() if own == text]
        if (place, column) in self.wide or column in self.numbers:
            return bare
        return bare if bare != text and not _NAME.fullmatch(bare) else ""

    def _looks_filled(self, texts: dict[int, str]) -> bool:
        """A person may be numbered I, II, III: then more than name and a figure stands in the row."""
        return sum(1 for column, text in texts.items() if column in self.fields and not text.isdigit()) > 3
