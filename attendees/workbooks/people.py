"""A sheet and its plan into people: every row is somebody, a group, or left out and that said."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from attendees.workbooks import names
from attendees.workbooks.births import Order, read_birth
from attendees.workbooks.contacts import NONE, Contact, read_mail, read_phone
from attendees.workbooks.grids import Sheet, Value, shown
from attendees.workbooks.offices import body_of_group, split_position
from attendees.workbooks.rows import Kind, Row, Sorter, count_in
from attendees.workbooks.shapes import ERROR, LENGTHS, NOTICE, WARNING, Column, Person, Plan, letter
from attendees.workbooks.telling import Teller
from attendees.workbooks.travels import read_moment
from conference.vietnamese import fold, gettext_noop

NO_NAME_COLUMN = gettext_noop("Trang này chưa có cột họ và tên. Chọn cột họ và tên ở bước ghép cột.")
NO_HEADING = gettext_noop(
    "Bảng không có dòng tiêu đề, các cột được nhận theo nội dung. Xem lại việc ghép cột."
)
NOT_READ = gettext_noop("Cột «%(header)s» không được nhập.")
NAMELESS_COLUMN = gettext_noop("Cột %(letter)s không có tiêu đề nên không được nhập.")
CONTINUED = gettext_noop("Dòng này thuộc về người ở dòng trên, nội dung riêng của nó không được nhập.")
IDENTITY = gettext_noop("Số căn cước không được nhập: hội nghị không cần đến.")
NO_RESULT = gettext_noop("Ô này có công thức chưa tính. Mở tệp bằng Excel, lưu lại rồi gửi lại.")
FAULTY = gettext_noop("Công thức ở ô này báo lỗi %(fault)s. Sửa công thức hoặc gõ giá trị.")
OLD_FONT = gettext_noop("Chữ theo bảng mã cũ (%(encoding)s) đã chuyển sang Unicode.")
MAYBE_OLD_FONT = gettext_noop(
    "Ô này có thể theo bảng mã cũ (%(encoding)s) như các ô khác. Xem lại chữ đã chuyển."
)
DITTO = gettext_noop("Dấu lặp lại đã thay bằng nội dung của dòng trên.")
MARKED = gettext_noop("Dấu ở ô này đã đọc thành tên cột.")
TWO_SEXES = gettext_noop("Cả hai cột Nam và Nữ đều có ghi. Chỉ ghi một cột.")
UNKNOWN_SEX = gettext_noop("Không rõ ghi gì ở cột này. Ghi Nam hoặc Nữ, Ông hoặc Bà.")
SPLIT = gettext_noop("Chức vụ và đơn vị công tác đã tách thành hai.")
RANK_MOVED = gettext_noop("Cấp bậc đứng trước chức vụ đã chuyển sang cột cấp bậc.")
GROUP_AS_BODY = gettext_noop(
    "Dòng nhóm này được ghi làm đơn vị công tác của những người bên dưới chưa ghi đơn vị."
)
TOTAL_DIFFERS = gettext_noop(
    "Danh sách ghi tổng số %(said)s người, nhưng đọc được %(read)s. Xem có sót ai không."
)

# Texts that a merged cell, or a ditto mark, gives to every row that it covers.
FILLED = (
    "organisation", "position", "position_organisation", "rank", "province", "category", "phone", "email",
    "note", "arrival", "departure", "vehicle", "flight", "room", "diet",
)  # fmt: skip
_TRAVELS = ("arrival", "departure")
_OFFERED = ("vehicle", "room", "diet")  # a mark under such a heading chooses what the heading says
_PLAIN = (
    "code", "province", "category", "note", "seat", "arrival", "departure", "vehicle", "flight", "room",
    "diet",
)  # fmt: skip
_DITTO = re.compile(r"[\"“”″〃'’‘`]{1,2}|-?\s?nt\s?-?|như trên|-\"-|-''-|//|như trên\.?", re.I)
_MARK = frozenset({"x", "v", "1", "✓", "✔", "có", "co", "yes", "true", "√", "*"})
_HONORIFICS = {
    "ong": "ong", "ba": "ba", "dong chi": "dong-chi", "d c": "dong-chi", "dc": "dong-chi", "mr": "ong",
    "mrs": "ba", "ms": "ba", "co": "ba", "anh": "ong", "chi": "ba",
}  # fmt: skip
_SEXES = {
    "nam": "nam", "nu": "nu", "male": "nam", "female": "nu", "m": "nam", "f": "nu", "trai": "nam",
    "gai": "nu",
}  # fmt: skip
_OF_HONORIFIC = {"ong": "nam", "ba": "nu"}
_OF_SEX = {"nam": "ong", "nu": "ba"}
_ENCODINGS = {"tcvn3": "TCVN3", "vni": "VNI", "windows-1258": "Windows-1258", "utf-8": "UTF-8"}


class Table:
    """Reads the people of one sheet."""

    def __init__(self, sheet: Sheet, plan: Plan, today: datetime.date) -> None:
        self.sheet, self.plan, self.today = sheet, plan, today
        self.teller = Teller(sheet.name)
        self.people: list[Person] = []
        self.columns: dict[str, list[Column]] = {}
        for column in plan.columns:
            if column.field and column.index >= 0:
                self.columns.setdefault(column.field, []).append(column)
        self.start = max(plan.header_rows[1], 0) if plan.header_rows else 0
        self.covered = self._covered(FILLED)
        self.continued = self._covered(("name", "family"))
        self.orders = {
            column.index: Order.of(
                sheet.value(row, column.index) for row in range(self.start, len(sheet.rows))
            )
            for field in ("birth", "male", "female")
            for column in self.columns.get(field, [])
        }
        self.plain = [field for field in _PLAIN if field in self.columns]
        self.group = ""
        self.group_row: int | None = None
        self.unnamed: set[int] = set()  # columns without a heading in which something stands
        self.counted = 0  # people before the last group that has a total of its own
        self.above: dict[str, str] = {}

    def _covered(self, fields: Sequence[str]) -> dict[tuple[int, int], tuple[int, int]]:
        """Cell below a merged one → the cell that holds its text, in the columns of some fields."""
        places = {column.index for field in fields for column in self.columns.get(field, [])}
        return {
            (row, left): (first, left)
            for first, left, last, _right in self.sheet.extras.merges
            if left in places and first >= self.start
            for row in range(first + 1, min(last + 1, len(self.sheet.rows)))
        }

    def read(self) -> None:
        """Go through the rows below the heading."""
        if not {"name", "given"} & self.columns.keys():
            self.teller.tell(ERROR, None, None, "name", "no_name_column", NO_NAME_COLUMN)
            return
        self._tell_columns()
        sorter = Sorter(self.sheet, self.plan)
        for place in range(self.start, len(self.sheet.rows)):
            row = sorter.sort(place)
            if row.kind in (Kind.PERSON, Kind.NAMELESS, Kind.BLANK):
                self._tell_formulas(place)
            if row.kind is Kind.PERSON:
                self._person(row)
            elif row.kind is Kind.NAMELESS:
                self._nameless(row)
            elif row.kind is Kind.GROUP:
                self.group, self.group_row = row.text, place
            elif row.kind is Kind.TOTAL:
                self._total(row)
        for index in sorted(self.unnamed):
            self.teller.tell(
                NOTICE, self.start - 1, index, "", "column_left_out", NAMELESS_COLUMN, letter=letter(index)
            )

    def _nameless(self, row: Row) -> None:
        """A row without a name: the second line of a person whose name is a merged cell, or a mistake."""
        column = self._first("name", "family")
        if (row.place, column) in self.continued:
            text = "; ".join(row.texts.values())
            self.teller.tell(WARNING, row.place, None, "name", "continued", CONTINUED, before=text)
        else:
            self.teller.tell(ERROR, row.place, column, "name", "missing_name", names.NO_NAME)

    def _first(self, *fields: str) -> int | None:
        """The column of the first of the fields that has one."""
        return next((self.columns[field][0].index for field in fields if field in self.columns), None)

    def _tell_columns(self) -> None:
        """Say which columns are left out, and that nobody named the columns."""
        if not self.plan.header_rows:
            self.teller.tell(WARNING, 0, None, "", "no_heading", NO_HEADING)
            return
        row = self.plan.header_rows[1] - 1
        for column in self.plan.columns:
            if column.field == "identity":
                self.teller.tell(NOTICE, row, column.index, "identity", "identity_left_out", IDENTITY)
            elif column.header and not column.field:
                header = column.header[:80]
                self.teller.tell(NOTICE, row, column.index, "", "column_left_out", NOT_READ, header=header)

    def _tell_formulas(self, place: int) -> None:
        """Formulas without a result, or with a fault for one, in columns that are read."""
        extras = self.sheet.extras
        for field, columns in self.columns.items():
            for column in columns:
                at = (place, column.index)
                if field in ("number", "identity"):
                    continue
                if at in extras.uncalculated:
                    self.teller.tell(ERROR, *at, field, "no_result", NO_RESULT)
                elif at in extras.faulty:
                    self.teller.tell(ERROR, *at, field, "faulty", FAULTY, fault=extras.faulty[at])

    def _total(self, row: Row) -> None:
        """Compare what the list says with what was read, here or since the last total."""
        said = count_in(row.text)
        if said is not None and said not in (len(self.people), len(self.people) - self.counted):
            self.teller.tell(
                WARNING,
                row.place,
                None,
                "",
                "total",
                TOTAL_DIFFERS,
                said=str(said),
                read=str(len(self.people)),
            )
        self.counted = len(self.people)

    # One person

    def _person(self, row: Row) -> None:
        person = Person(self.sheet.name, row.place + 1, "", group=self.group)
        person.raw = {
            column.letter: row.texts[column.index]
            for column in self.plan.columns
            if column.index in row.texts and column.field != "identity"
        }
        if self.plan.header_rows:
            self.unnamed |= {
                column.index
                for column in self.plan.columns
                if column.index in row.texts and not column.header and not column.field
            }
        self._tell_recovered(row)
        self._name(row, person)
        self._sex(row, person)
        self._birth(row, person)
        for field in self.plain:
            setattr(person, field, self._text(row, field, person) or getattr(person, field))
        self._office(row, person)
        self._contacts(row, person)
        self._head(row, person)
        self._fit(row, person)
        self.people.append(person)

    def _cells(self, row: Row, field: str) -> list[tuple[Column, Value]]:
        """The filled cells of a field: a merged cell above counts."""
        found: list[tuple[Column, Value]] = []
        for column in self.columns.get(field, []):
            value = self.sheet.value(row.place, column.index)
            if value is None and (above := self.covered.get((row.place, column.index))):
                value = self.sheet.value(*above)
            if value is not None and (not isinstance(value, str) or shown(value)):
                found.append((column, value))
        return found

    def _tell_recovered(self, row: Row) -> None:
        for column in self.plan.columns:
            at = (row.place, column.index)
            if column.field and at in self.sheet.recovered:
                before, encoding = self.sheet.recovered[at]
                unsure = at in self.sheet.doubtful
                self.teller.tell(
                    WARNING if unsure else NOTICE, *at, column.field, "old_encoding",
                    MAYBE_OLD_FONT if unsure else OLD_FONT,
                    before=before, after=row.texts.get(column.index, ""), encoding=_ENCODINGS[encoding],
                )  # fmt: skip

    def _name(self, row: Row, person: Person) -> None:
        parts = [cell for field in ("family", "name", "given") for cell in self._cells(row, field)]
        if not parts:
            return
        column = parts[-1][0].index if len(parts) == 1 else parts[0][0].index
        raw = " ".join(value if isinstance(value, str) else shown(value) for _column, value in parts)
        name = names.read_name(raw)
        person.full_name, person.honorific, person.rank = name.full_name, name.honorific, name.rank
        person.position, person.note, person.is_head = name.position, name.note, name.is_head
        for level, code, message, before, after in name.told:
            limit = str(LENGTHS["full_name"])
            self.teller.tell(
                level, row.place, column, "name", code, message, before=before, after=after, limit=limit
            )

    def _sex(self, row: Row, person: Person) -> None:
        for field in ("honorific", "gender"):
            for column, value in self._cells(row, field):
                said = fold(shown(value))
                if (said in _HONORIFICS and field == "honorific") or said in ("ong", "ba"):
                    person.honorific = _HONORIFICS[said]
                elif said in _SEXES:
                    person.gender = _SEXES[said]
                else:
                    self.teller.tell(
                        WARNING, row.place, column.index, field, "sex", UNKNOWN_SEX, before=shown(value)
                    )
        sexes = [sex for field, sex in (("male", "nam"), ("female", "nu")) if self._cells(row, field)]
        if len(sexes) > 1:
            column_of_male = self.columns["male"][0].index
            self.teller.tell(ERROR, row.place, column_of_male, "male", "two_sexes", TWO_SEXES)
        elif sexes:
            person.gender = sexes[0]
        person.gender = person.gender or _OF_HONORIFIC.get(person.honorific, "")
        person.honorific = person.honorific or _OF_SEX.get(person.gender, "")

    def _birth(self, row: Row, person: Person) -> None:
        cells = [(field, *cell) for field in ("birth", "male", "female") for cell in self._cells(row, field)]
        for field, column, value in cells:
            text = shown(value)
            if text.lower() in NONE or (field != "birth" and text.lower() in _MARK):
                continue
            birth = read_birth(value, self.orders[column.index], self.today)
            if birth.level:
                self.teller.tell(
                    birth.level, row.place, column.index, field, birth.code, birth.message,
                    before=text, after=birth.after, first="1900", last=str(self.today.year - 15),
                )  # fmt: skip
            if birth.year:
                person.birth_date = birth.date.isoformat() if birth.date else None
                person.birth_year = birth.year

    def _text(self, row: Row, field: str, person: Person) -> str:
        """The text of a field; several columns of it are joined."""
        if field not in self.columns:
            return ""
        texts = []
        for column, value in self._cells(row, field):
            text, message = read_moment(value) if field in _TRAVELS else (shown(value), "")
            if message:
                self.teller.tell(
                    NOTICE, row.place, column.index, field, "serial", message, before=shown(value), after=text
                )
            if field in _OFFERED and text.lower() in _MARK and column.header:
                heading = column.header.rpartition(" / ")[2].partition("(")[0].strip()
                self.teller.tell(
                    NOTICE, row.place, column.index, field, "marked", MARKED, before=text, after=heading
                )
                text = heading
            if field in FILLED and _DITTO.fullmatch(text) and self.above.get(field):
                self.teller.tell(
                    NOTICE, row.place, column.index, field, "ditto", DITTO,
                    before=text, after=self.above[field],
                )  # fmt: skip
                text = self.above[field]
            if text not in texts:
                texts.append(text)
        joined = (" " if field in _TRAVELS else "; ").join(texts)
        if field == "note" and person.note:
            joined = "; ".join(filter(None, (joined, person.note)))
        if joined:
            self.above[field] = joined
        return joined

    def _office(self, row: Row, person: Person) -> None:
        """Position, rank and body, whether in columns of their own or in one."""
        person.position = self._text(row, "position", person) or person.position
        person.organisation = self._text(row, "organisation", person)
        person.rank = self._text(row, "rank", person) or person.rank
        self._split_office(row, person)
        if "rank" in self.columns and not person.rank and (found := names.RANK.match(person.position)):
            rest = person.position[found.end() :].lstrip(" ,;-–")
            self.teller.tell(
                NOTICE, row.place, self._first("position", "position_organisation"), "position", "rank_moved",
                RANK_MOVED, before=person.position, after=rest,
            )  # fmt: skip
            person.rank, person.position = found[0], rest
        body = body_of_group(self.group)
        if not person.organisation and body:
            person.organisation = body
            if self.group_row is not None:
                self.teller.tell(
                    NOTICE, self.group_row, None, "organisation", "group_as_body", GROUP_AS_BODY,
                    before=self.group, after=body,
                )  # fmt: skip
                self.group_row = None

    def _split_office(self, row: Row, person: Person) -> None:
        cells = self._cells(row, "position_organisation")
        if not cells:
            return
        column, value = cells[0]
        text = self._text(row, "position_organisation", person)
        parts = split_position(value if isinstance(value, str) and shown(value) == text else text)
        if not parts:
            person.position = person.position or text
            return
        position, body = parts
        self.teller.tell(
            NOTICE, row.place, column.index, "position_organisation", "split", SPLIT,
            before=text, after=f"{position} | {body}",
        )  # fmt: skip
        person.position = person.position or position
        person.organisation = person.organisation or body

    def _contacts(self, row: Row, person: Person) -> None:
        for field, read in (("phone", read_phone), ("email", read_mail)):
            for column, value in self._cells(row, field):
                found: Contact = read(value)
                if found.level:
                    self.teller.tell(
                        found.level, row.place, column.index, field, found.code, found.message,
                        before=shown(value), after=found.after,
                    )  # fmt: skip
                setattr(person, field, getattr(person, field) or found.text)

    def _head(self, row: Row, person: Person) -> None:
        for _column, value in self._cells(row, "head"):
            text = shown(value)
            person.is_head |= text.lower() in _MARK or bool(names.HEAD_WORDS.search(text))
        for field in ("note", "position", "category"):
            for column, value in self._cells(row, field):
                if not person.is_head and names.HEAD_WORDS.search(shown(value)):
                    person.is_head = True
                    self.teller.tell(
                        NOTICE, row.place, column.index, field, "head", names.HEAD, before=shown(value)
                    )

    def _fit(self, row: Row, person: Person) -> None:
        """What the table of people cannot hold is an error, and left empty."""
        for field, limit in LENGTHS.items():
            text = getattr(person, field)
            if len(text) > limit and field != "full_name":  # a name is judged where it is read
                column = self._first(field, "position_organisation", "name", "family")
                self.teller.tell(
                    ERROR, row.place, column, field, "too_long", names.TOO_LONG,
                    before=text, limit=str(limit),
                )  # fmt: skip
                setattr(person, field, "")
