"""What passes between reader and caller: plans, people, problems; each of them to JSON and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from dataclasses import field as made
from typing import Any, Self

from conference.vietnamese import gettext_noop

# Levels of a problem, the gravest first.
ERROR, WARNING, NOTICE = "error", "warning", "notice"
LEVELS = (ERROR, WARNING, NOTICE)

# What a column may hold, in the order of a list; the words stand on the page where columns are assigned.
FIELDS = {
    "number": gettext_noop("Số thứ tự"),
    "code": gettext_noop("Mã đại biểu"),
    "name": gettext_noop("Họ và tên"),
    "family": gettext_noop("Họ và tên đệm"),
    "given": gettext_noop("Tên"),
    "honorific": gettext_noop("Ông/Bà"),
    "gender": gettext_noop("Giới tính"),
    "male": gettext_noop("Nam (năm sinh hoặc dấu x)"),
    "female": gettext_noop("Nữ (năm sinh hoặc dấu x)"),
    "birth": gettext_noop("Ngày sinh, năm sinh"),
    "position": gettext_noop("Chức vụ"),
    "position_organisation": gettext_noop("Chức vụ, đơn vị công tác"),
    "rank": gettext_noop("Cấp bậc"),
    "organisation": gettext_noop("Đơn vị công tác"),
    "province": gettext_noop("Tỉnh, thành phố"),
    "category": gettext_noop("Thành phần"),
    "head": gettext_noop("Trưởng đoàn"),
    "phone": gettext_noop("Điện thoại"),
    "email": gettext_noop("Thư điện tử"),
    "note": gettext_noop("Ghi chú"),
    "seat": gettext_noop("Chỗ ngồi"),
    "arrival": gettext_noop("Đến: ngày, giờ, chuyến"),
    "departure": gettext_noop("Về: ngày, giờ, chuyến"),
    "vehicle": gettext_noop("Phương tiện"),
    "flight": gettext_noop("Chuyến bay"),
    "room": gettext_noop("Phòng nghỉ"),
    "diet": gettext_noop("Ăn uống"),
    "identity": gettext_noop("Số căn cước (không nhập)"),
}

SENSITIVE = ("diet",)  # what stands in these cells is repeated nowhere

# Longest text of a field: what the table of people can hold.
LENGTHS = {
    "code": 20, "full_name": 120, "position": 200, "rank": 60, "organisation": 200, "province": 80,
    "category": 120, "email": 254, "note": 500, "seat": 60, "arrival": 200, "departure": 200, "vehicle": 200,
    "flight": 200, "room": 200, "diet": 200,
}  # fmt: skip


class Unreadable(Exception):
    """The file cannot be read at all; `sentence` says what is wrong with it and what to do."""

    def __init__(self, message: str, **values: str) -> None:
        self.message, self.values = message, values
        super().__init__(message % values)

    @property
    def sentence(self) -> str:
        """The sentence in Vietnamese."""
        return self.message % self.values

    def told(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language of `translate`, which is Django's gettext."""
        return translate(self.message) % {
            name: translate(value) if value else "" for name, value in self.values.items()
        }


@dataclass(slots=True)
class Problem:
    """Something in one cell (or one row, one sheet: then without column, without row) that must be told."""

    sheet: str
    row: int | None  # as Excel counts, from 1
    column: str | None  # the letter
    level: str
    field: str  # of FIELDS, "" when it is about no field
    code: str  # what kind of problem, for programs
    message: str  # Vietnamese, in the catalogue, with places for `values`
    values: dict[str, str] = made(default_factory=dict)
    before: str = ""
    after: str = ""

    @property
    def sentence(self) -> str:
        """The sentence in Vietnamese."""
        return self.message % self.values

    def told(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language of `translate`, which is Django's gettext."""
        return translate(self.message) % self.values

    @property
    def cell(self) -> str:
        """Where, as Excel says it: "B12", or "12" for a whole row."""
        return f"{self.column or ''}{self.row or ''}"

    def as_listed(self) -> dict[str, Any]:
        """For `import_people --json`: without what only serves translation."""
        listed = asdict(self) | {"sentence": self.sentence, "cell": self.cell}
        del listed["message"], listed["values"]
        return listed


@dataclass(slots=True)
class Column:
    """A column of a table: where it stands, what its heading says, which of FIELDS it holds (or nothing)."""

    letter: str
    index: int  # from 0
    header: str
    field: str | None = None


@dataclass(slots=True)
class Plan:
    """How one sheet is to be read: a proposal, which a person may change, and which can be remembered."""

    sheet: str
    index: int  # of the sheet, from 0
    header_rows: tuple[int, int] | None  # first and last, as Excel counts; None: no table was found
    columns: list[Column]
    score: float = 0.0  # 0…1: how sure the finder is
    signature: str = ""  # the same for every file with the same headings in the same order
    used: bool = True

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        rows = values["header_rows"]
        return cls(
            **{
                **values,
                "header_rows": (int(rows[0]), int(rows[1])) if rows else None,
                "columns": [Column(**column) for column in values["columns"]],
            }
        )


@dataclass(slots=True)
class Preview:
    """The first rows of a sheet as text, for the page where columns are assigned."""

    sheet: str
    rows: list[list[str]]
    first_row: int = 1
    hidden: bool = False


@dataclass(slots=True)
class Person:
    """One row of a list, read. What was wrong in the file (an error) is empty here."""

    sheet: str
    row: int  # as Excel counts, from 1
    full_name: str
    code: str = ""
    honorific: str = ""  # "ong", "ba", "dong-chi" as in Attendee.Honorific, or ""
    gender: str = ""  # "nam", "nu" or "": never guessed from the name
    birth_date: str | None = None  # ISO
    birth_year: int | None = None
    position: str = ""
    rank: str = ""
    organisation: str = ""
    province: str = ""
    category: str = ""  # the words of the column Thành phần
    group: str = ""  # the words of the group row above: "Lãnh đạo UBND tỉnh"
    is_head: bool = False
    phone: str = ""  # E.164
    email: str = ""
    note: str = ""
    seat: str = ""
    arrival: str = ""
    departure: str = ""
    vehicle: str = ""
    flight: str = ""
    room: str = ""
    diet: str = ""
    raw: dict[str, str] = made(default_factory=dict)  # column letter → the text of the cell as it was

    def as_listed(self) -> dict[str, Any]:
        """For `import_people --json`, under the names that its readers know."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "code": self.code,
            "name": self.full_name,
            "honorific": self.honorific,
            "gender": self.gender,
            "birth": self.birth_date or (str(self.birth_year) if self.birth_year else ""),
            "birth_year": self.birth_year,
            "title": self.position,
            "rank": self.rank,
            "organisation": self.organisation,
            "province": self.province,
            "phone": self.phone,
            "email": self.email,
            "note": self.note,
            "seat": self.seat,
            "category": self.category,
            "group": self.group,
            "head": self.is_head,
            "arrival": self.arrival,
            "departure": self.departure,
            "vehicle": self.vehicle,
            "flight": self.flight,
            "room": self.room,
            "diet": self.diet,
        }


@dataclass(slots=True)
class Reading:
    """Everything that was read from a file."""

    kind: str  # "xlsx", "xls", "ods", "csv"
    plans: list[Plan]
    previews: list[Preview]
    people: list[Person]
    problems: list[Problem]

    def at(self, level: str) -> list[Problem]:
        return [problem for problem in self.problems if problem.level == level]

    @property
    def errors(self) -> list[Problem]:
        """What stands in the way of the import."""
        return self.at(ERROR)

    @property
    def warnings(self) -> list[Problem]:
        return self.at(WARNING)

    @property
    def notices(self) -> list[Problem]:
        return self.at(NOTICE)

    def to_json(self) -> dict[str, Any]:
        """Everything, so that `from_json` gives the same reading."""
        return {
            "kind": self.kind,
            "plans": [plan.to_json() for plan in self.plans],
            **{
                name: [{part: getattr(one, part) for part in one.__slots__} for one in getattr(self, name)]
                for name in ("previews", "people", "problems")  # asdict would copy every text of thousands
            },
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        return cls(
            kind=values["kind"],
            plans=[Plan.from_json(plan) for plan in values["plans"]],
            previews=[Preview(**preview) for preview in values["previews"]],
            people=[Person(**person) for person in values["people"]],
            problems=[Problem(**problem) for problem in values["problems"]],
        )

    def as_listed(self) -> dict[str, Any]:
        """For `import_people --json`."""
        return {
            "kind": self.kind,
            "people": [person.as_listed() for person in self.people],
            "problems": [problem.as_listed() for problem in self.problems],
        }


def letter(index: int) -> str:
    """The letter of a column, counted from 0: 0 → "A", 26 → "AA"."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def in_order(problems: Iterable[Problem], sheets: Iterable[str]) -> list[Problem]:
    """Problems as a person works through them: by sheet, row and column."""
    places = {name: place for place, name in enumerate(sheets)}
    return sorted(
        problems,
        key=lambda problem: (
            places.get(problem.sheet, -1),
            problem.row or 0,
            len(problem.column or ""),
            problem.column or "",
            LEVELS.index(problem.level),
        ),
    )
