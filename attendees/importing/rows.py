"""What a list would do: every row with its person, its questions, its problems and what becomes of it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendees import questions
from attendees.models import Attendee, Category, Delegation
from attendees.question_values import Answer, for_journal, shown
from attendees.workbooks import Person, Problem
from attendees.workbooks.shapes import ERROR, WARNING

# Where a value of a person stands in a list, the likeliest column first.
COLUMNS = {
    "full_name": ("name", "given", "family"),
    "honorific": ("honorific", "gender", "male", "female"),
    "birth_year": ("birth", "male", "female"),
    "position": ("position", "position_organisation"),
    "organisation_name": ("organisation", "position_organisation"),
    "seat_note": ("seat",),
}


class Act(models.TextChoices):
    """What becomes of a row."""

    NEW = "new", gettext_lazy("Thêm mới")
    CHANGED = "changed", gettext_lazy("Sửa")
    SAME = "same", gettext_lazy("Không đổi")
    LEFT = "left", gettext_lazy("Bỏ qua")
    OPEN = "open", gettext_lazy("Cần chọn")
    REFUSED = "refused", gettext_lazy("Chưa nhập được")


WRITES = (Act.NEW, Act.CHANGED)
BLOCKS = (Act.OPEN, Act.REFUSED)


@dataclass(frozen=True)
class Option:
    value: str
    label: str


@dataclass
class Question:
    """What only a person can decide. `key` is the same for all rows that the one answer settles."""

    key: str
    text: str
    options: list[Option]
    chosen: str = ""


@dataclass(frozen=True)
class Said:
    """An answer to a question of the conference, as it stands and as it will."""

    asked: questions.Question
    before: Any
    after: Any
    is_masked: bool  # for others than the own delegation

    @property
    def words(self) -> tuple[str, str]:
        """Before and after as they are shown to who looks at the list."""
        both = [Answer(self.asked, one, shown(self.asked, one)) for one in (self.before, self.after)]
        before, after = (one.closed if self.is_masked else one.words for one in both)
        return before, after

    @property
    def recorded(self) -> list[Any]:
        """Before and after as the journal keeps them."""
        return [for_journal(self.asked, one) for one in (self.before, self.after)]


@dataclass
class Row:
    """One row of the file, set against the database."""

    key: str  # "0.14": sheet and row
    person: Person
    fields: dict[str, Any]  # what the file says, by field of Attendee; where it is silent nothing
    letters: dict[str, str]  # field of the reader → letter of its column
    delegation: Delegation | None = None
    category: Category | None = None
    current: Attendee | None = None  # who is already on the list
    replaces: Attendee | None = None  # who leaves the seat to this person
    attendee: Attendee | None = None  # the row as it will be written
    changes: dict[str, list[Any]] = field(default_factory=dict)
    answers: list[Said] = field(default_factory=list)  # those that change
    is_back: bool = False  # had declined, and is nominated again
    is_head: bool = False  # becomes the head of the delegation
    is_left: bool = False
    problems: list[Problem] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    @property
    def place(self) -> Delegation:
        """The delegation of a row that has one: the others are not looked at further."""
        if self.delegation is None:
            raise LookupError(self.key)
        return self.delegation

    @property
    def act(self) -> Act:
        if self.is_left:
            return Act.LEFT
        if any(problem.level == ERROR for problem in self.problems):
            return Act.REFUSED
        if any(not question.chosen for question in self.questions):
            return Act.OPEN
        if self.current is None:
            return Act.NEW
        return Act.CHANGED if self.changes or self.answers or self.is_head else Act.SAME

    @property
    def takes_a_seat(self) -> bool:
        """Needs a seat of its component that it does not have yet."""
        if self.replaces is not None or self.category is None or self.act == Act.LEFT:
            return False
        if self.current is None or self.is_back:
            return True
        return self.current.is_active and self.current.category_id != self.category.pk

    @property
    def seen(self) -> list[Any]:
        """What would be done, to whom, and in which version that person was shown."""
        people = [(one.pk, one.version) for one in (self.current, self.replaces) if one]
        places = [one.pk for one in (self.delegation, self.category) if one]
        answers = [(one.asked.slug, one.before, one.after) for one in self.answers]
        return [self.key, self.act.value, people, places, self.is_head, self.is_back, self.changes, answers]

    def tell(self, level: str, about: str, code: str, message: str, **values: str) -> None:
        """A problem at the cell of a field (of the reader's FIELDS or of Attendee), or of the whole row."""
        self.problems.append(self.problem(level, about, code, message, values))

    def problem(self, level: str, about: str, code: str, message: str, values: dict[str, str]) -> Problem:
        fields = COLUMNS.get(about, (about,))
        column = next(filter(None, map(self.letters.get, fields)), None)
        return Problem(self.person.sheet, self.person.row, column, level, fields[0], code, message, values)

    def ask(self, question: Question, choices: dict[str, str]) -> str:
        """Puts a question to the row; the answer, if one was given that is still to be had."""
        wanted = choices.get(question.key, "")
        question.chosen = wanted if any(one.value == wanted for one in question.options) else ""
        self.questions.append(question)
        return question.chosen


@dataclass
class Comparison:
    """A whole list set against the database. `general`: what is told of sheets, headings and groups."""

    rows: list[Row]
    general: list[Problem]
    batch_version: int

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(row.act.value for row in self.rows)

    @property
    def writes(self) -> list[Row]:
        return [row for row in self.rows if row.act in WRITES]

    @property
    def problems(self) -> list[Problem]:
        """All of them but those of rows that were left out, questions among them."""
        told = [*self.general]
        for row in self.rows:
            if not row.is_left:
                told += [*row.problems, *(_as_problem(row, one) for one in row.questions if not one.chosen)]
        return told

    @property
    def is_ready(self) -> bool:
        """Nothing stands in the way."""
        return not self.refusal

    @property
    def refusal(self) -> str:
        """Why the list cannot be taken as it is."""
        if errors := [one for one in self.general if one.level == ERROR]:
            return errors[0].told(_)
        if not self.rows:
            return _("Không có người nào trong tệp. Chọn lại cột, hoặc chọn tệp khác.")
        refused = [row.person.row for row in self.rows if row.act == Act.REFUSED]
        if refused:
            sentence = _("Chưa nhập được %(n)s dòng: %(rows)s. Sửa trong tệp rồi tải lên lại, hoặc bỏ qua.")
            return sentence % {"n": len(refused), "rows": _enumerated(refused)}
        if waiting := [row.person.row for row in self.rows if row.act == Act.OPEN]:
            sentence = _("Còn %(n)s dòng chưa chọn: %(rows)s.")
            return sentence % {"n": len(waiting), "rows": _enumerated(waiting)}
        return ""

    @cached_property
    def version(self) -> str:
        """Changes with everything that is seen here: rows, answers, and the people as they stand."""
        seen = [row.seen for row in self.rows]
        said = json.dumps([self.batch_version, seen], default=str)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


SHOWN = 8  # rows named in one sentence


def _enumerated(rows: Iterable[int]) -> str:
    numbers = [str(row) for row in rows]
    return ", ".join(numbers[:SHOWN]) + (", …" if len(numbers) > SHOWN else "")


def _as_problem(row: Row, question: Question) -> Problem:
    """A question as it is told where nobody can be asked: in the marked file, at the command."""
    kind = question.key.partition(".")[0].partition("=")[0]
    about = {"part": "category", "seat": "category", "place": "province", "agree": "diet"}.get(kind, "name")
    message = f"{question.text} {_('Có thể chọn:')} {'; '.join(one.label for one in question.options)}."
    return row.problem(WARNING, about, f"choose-{kind}", message.replace("%", "%%"), {})
