"""A comparison as people look at it: what needs them first, then row by row what will happen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from attendees.importing.rows import Act, Comparison, Question, Row
from attendees.models import Attendee
from attendees.workbooks import Problem
from attendees.workbooks.shapes import ERROR, NOTICE, SENSITIVE, WARNING
from conference import vietnamese

TAGS = {
    Act.NEW: "ok", Act.CHANGED: "part", Act.SAME: "info", Act.LEFT: "off", Act.OPEN: "wait",
    Act.REFUSED: "err",
}  # fmt: skip
LEVELS = {ERROR: "err", WARNING: "wait", NOTICE: "info"}
# Told at the top of the page.
LEFT_OUT = ("travel-not-asked", "travel-closed", "birth-year-only", "seat-not-yours")
# What may be looked at: in the address of the page.
FILTERS = ("todo", "look", "new", "changed", "same", "left", "all")


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """A problem in the words of the page."""

    kind: str
    cell: str
    sentence: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Shared:
    """A question that one answer settles for many rows."""

    question: Question
    rows: int


class Line:
    """One row on the page."""

    def __init__(self, row: Row, shared: set[str], many_places: bool, many_sheets: bool) -> None:
        self.row, self.key, self.person = row, row.key, row.person
        self.sheet = row.person.sheet if many_sheets else ""
        self.place = str(row.delegation or "") if many_places else ""
        self.questions = [one for one in row.questions if one.key not in shared]
        self.waits_above = any(one.key in shared and not one.chosen for one in row.questions)

    @property
    def act(self) -> Act:
        return self.row.act

    @property
    def kind(self) -> str:
        return TAGS[self.act]

    @property
    def name(self) -> str:
        stands = self.row.current or self.row.replaces
        return self.person.full_name or (str(stands) if stands else _("(chưa có tên)"))

    @property
    def title(self) -> str:
        person = self.person
        year = _("sinh %(year)s") % {"year": person.birth_year} if person.birth_year else ""
        return ", ".join(filter(None, (year, person.rank, person.position, person.organisation)))

    @property
    def phone(self) -> str:
        return vietnamese.show_phone(self.person.phone)

    @property
    def replaces(self) -> str:
        return str(self.row.replaces or "")

    @property
    def changes(self) -> list[Change]:
        """Field by field, in the words of the table of people."""
        if self.act not in (Act.CHANGED, Act.OPEN, Act.REFUSED):
            return []
        return [
            Change(_label(name), *(_shown(name, value) for value in pair))
            for name, pair in self.row.changes.items()
        ]

    @property
    def answers(self) -> list[Change]:
        """What the columns about travel, room and meals answer."""
        return [Change(one.asked.label, *one.words) for one in self.row.answers]

    @property
    def problems(self) -> list[Told]:
        return [told(one) for one in self.row.problems if one.level != NOTICE]

    @property
    def notices(self) -> list[Told]:
        """What the reader has put right by itself: said, but not in the way."""
        return [told(one) for one in self.row.problems if one.level == NOTICE]

    @property
    def may_be_left(self) -> bool:
        """A row that stands in the way may stay out; and one that stays out may come back."""
        return self.act in (Act.REFUSED, Act.OPEN, Act.LEFT)


class Shown:
    """A list on the page, under one filter."""

    def __init__(self, comparison: Comparison, wanted: str) -> None:
        self.comparison, self.wanted = comparison, wanted

    @cached_property
    def show(self) -> str:
        if self.wanted in FILTERS and (self.sizes[self.wanted] or self.wanted == "all"):
            return self.wanted
        return next((one for one in ("todo", "look") if self.sizes[one]), "all")

    @cached_property
    def sizes(self) -> dict[str, int]:
        return {one: sum(1 for row in self.comparison.rows if _is_in(row, one)) for one in FILTERS}

    @property
    def filters(self) -> list[tuple[str, str, int]]:
        """(word in the address, label, rows) of those that have rows."""
        words = (
            _("Cần xử lý"), _("Nên xem lại"), Act.NEW.label, Act.CHANGED.label, Act.SAME.label,
            Act.LEFT.label, _("Tất cả"),
        )  # fmt: skip
        pairs = zip(FILTERS, words, strict=True)
        return [(one, str(word), self.sizes[one]) for one, word in pairs if self.sizes[one]]

    @property
    def rows(self) -> list[Row]:
        return [row for row in self.comparison.rows if _is_in(row, self.show)]

    def lines(self, rows: Iterable[Row]) -> list[Line]:
        """The rows of one page, as they are drawn."""
        many_places = len({row.delegation.pk for row in self.comparison.rows if row.delegation}) > 1
        many_sheets = len({row.person.sheet for row in self.comparison.rows}) > 1
        shared = set(self._by_key)
        return [Line(row, shared, many_places, many_sheets) for row in rows]

    @cached_property
    def _by_key(self) -> dict[str, Shared]:
        found: dict[str, list[Question]] = defaultdict(list)
        for row in self.comparison.rows:
            for question in row.questions:
                if "=" in question.key and not row.is_left:
                    found[question.key].append(question)
        return {key: Shared(questions[0], len(questions)) for key, questions in found.items()}

    @property
    def shared(self) -> list[Shared]:
        """Asked once for many rows; those that wait first."""
        return sorted(self._by_key.values(), key=lambda one: bool(one.question.chosen))

    @cached_property
    def keys(self) -> set[str]:
        """Everything that may be answered."""
        return {question.key for row in self.comparison.rows for question in row.questions}

    @property
    def left_out(self) -> list[str]:
        """What of the file is not taken, each in one sentence that nobody overlooks."""
        return [one.told(_) for one in self.comparison.general if one.code in LEFT_OUT]

    @property
    def general(self) -> list[Told]:
        return [told(one) for one in self.comparison.general if one.code not in LEFT_OUT]

    @property
    def has_general_errors(self) -> bool:
        return any(one.level == ERROR for one in self.comparison.general)

    @property
    def has_problems(self) -> bool:
        return bool(self.comparison.problems)

    @property
    def summary(self) -> list[tuple[str, str, int]]:
        """(kind, word, rows): what will happen, in the order of weight."""
        counts = self.comparison.counts
        order = (Act.REFUSED, Act.OPEN, Act.NEW, Act.CHANGED, Act.SAME, Act.LEFT)
        return [(TAGS[act], str(act.label), counts[act]) for act in order if counts[act]]


def told(problem: Problem) -> Told:
    cell = f"{problem.column or ''}{problem.row or ''}"
    quoted = ("", "") if problem.field in SENSITIVE else (problem.before, problem.after)
    return Told(LEVELS[problem.level], cell, problem.told(_), *quoted)


def _is_in(row: Row, wanted: str) -> bool:
    match wanted:
        case "todo":
            return row.act in (Act.REFUSED, Act.OPEN)
        case "look":
            return row.act != Act.LEFT and any(one.level == WARNING for one in row.problems)
        case "all":
            return True
    return row.act == wanted


def _label(name: str) -> str:
    label = str(Attendee._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # a column
    return label[:1].upper() + label[1:]


def _shown(name: str, value: Any) -> str:
    """A value as people read it."""
    if value in (None, ""):
        return ""
    if name == "phone":
        return vietnamese.show_phone(str(value))
    choices = dict(getattr(Attendee._meta.get_field(name), "flatchoices", ()))
    return str(choices.get(value, value))
