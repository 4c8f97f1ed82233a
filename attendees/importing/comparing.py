"""Sets a list against the database: who is new, who is changed and how, what is refused, what is asked."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from attendees import holding
from attendees.importing.ground import Ground
from attendees.importing.matching import Matcher
from attendees.importing.rows import BLOCKS, COLUMNS, Act, Comparison, Option, Question, Row
from attendees.importing.travels import Travels
from attendees.models import Attendee, Category, Delegation
from attendees.workbook_marks import mark_of
from attendees.workbooks import Person, Problem, Reading
from attendees.workbooks.shapes import ERROR, NOTICE, WARNING
from conference import vietnamese


def compare(ground: Ground, reading: Reading, choices: dict[str, str], version: int) -> Comparison:
    """What the list would do now. Writes nothing; the same ground and answers give the same result."""
    rows = list(_rows(reading))
    comparing = Comparing(ground, choices)
    travels = Travels(ground, reading, choices)
    told = [*_mark(ground, reading), *_chairs(ground, rows)]
    comparing.run(rows, travels)
    known = {(row.person.sheet, row.person.row) for row in rows}
    general = [one for one in reading.problems if (one.sheet, one.row) not in known]
    return Comparison(rows, [*told, *travels.notices(), *general], version)


def _mark(ground: Ground, reading: Reading) -> Iterator[Problem]:
    """What the hidden sheet of our own workbook tells: another's list, or the list as it was before."""
    mark, held = mark_of(reading.previews), ground.delegation
    if mark is None or held is None:
        return
    if (mark.conference, mark.delegation) != (ground.conference.slug, held.code):
        message = gettext_noop("Tệp mẫu này là của đoàn %(code)s. Tải lên ở trang của đoàn đó.")
        yield Problem("", None, None, ERROR, "", "other-form", message, {"code": mark.delegation})
    elif mark.version < held.version:
        message = gettext_noop("Danh sách đoàn đã đổi sau khi lập tệp mẫu này. Xem kỹ các dòng ghi Sửa.")
        yield Problem("", None, None, WARNING, "", "older", message)


def _chairs(ground: Ground, rows: list[Row]) -> Iterator[Problem]:
    """Where people sit in the hall is taken from the organisers only; of a delegation it is said."""
    if ground.sees_all:
        return
    left = [row for row in rows if row.fields.pop("seat_note", "")]
    if left:
        message = gettext_noop("Không nhập cột Chỗ ngồi: Ban Tổ chức xếp chỗ trong hội trường.")
        yield Problem("", None, None, WARNING, "", "seat-not-yours", message)


def delegations_of(ground: Ground, reading: Reading, choices: dict[str, str]) -> set[int]:
    """Which delegations the list is about: to hold them before it is set against what they hold."""
    comparing, rows = Comparing(ground, choices), list(_rows(reading))
    for row in rows:
        comparing.place(row)
    return {row.delegation.pk for row in rows if row.delegation}


def _rows(reading: Reading) -> Iterator[Row]:
    sheets = {plan.sheet: plan.index for plan in reading.plans}
    letters: dict[str, dict[str, str]] = {plan.sheet: {} for plan in reading.plans}
    for plan in reading.plans:
        for column in plan.columns:
            if column.field:
                letters[plan.sheet].setdefault(column.field, column.letter)
    told = defaultdict(list)
    for problem in reading.problems:
        told[problem.sheet, problem.row].append(problem)
    people = {(person.sheet, person.row): person for person in reading.people}
    for (sheet, number), problems in told.items():
        if number and any(
            one.level == ERROR for one in problems
        ):  # a row that names nobody stands in the way too
            people.setdefault((sheet, number), Person(sheet, number, ""))
    for (sheet, number), person in sorted(people.items(), key=lambda one: (sheets[one[0][0]], one[0][1])):
        row = Row(f"{sheets[sheet]}.{number}", person, _fields(person), letters[sheet])
        row.problems += told[sheet, number]
        yield row


def _fields(person: Person) -> dict[str, Any]:
    """What the file says, for `Attendee`. An empty cell says nothing: it takes nothing away."""
    said = {
        "honorific": person.honorific,
        "full_name": person.full_name,
        "birth_year": person.birth_year,
        "position": person.position,
        "rank": person.rank,
        "organisation_name": person.organisation,
        "phone": person.phone,
        "email": person.email,
        "note": person.note,
        "seat_note": person.seat,
    }
    return {name: value for name, value in said.items() if value}


class Comparing:
    """One run through a list."""

    def __init__(self, ground: Ground, choices: dict[str, str]) -> None:
        self.ground, self.choices = ground, choices

    def run(self, rows: list[Row], travels: Travels) -> None:
        matcher = Matcher(self.ground, self.choices)
        for row in rows:
            self.place(row)
        awaited = [row for row in rows if row.delegation and row.person.full_name and not row.is_left]
        matcher.run(awaited)
        for row in awaited:
            if row.current or row.replaces or not row.questions or row.questions[-1].chosen:
                self._component(row)  # who it is comes first
                self._write(row)
                travels.answer(row)
        self._once(awaited)
        self._seats(awaited)
        self._heads(awaited)
        self._look_around(awaited)

    # ── Where the person belongs ──────────────────────────────────────────────────────────────────

    def place(self, row: Row) -> None:
        """The delegation: the one that the list is about, else by the words for the province."""
        row.is_left = f"skip.{row.key}" in self.choices
        if self.ground.delegation is not None:
            row.delegation = self.ground.delegation
            self._belongs(row)
            return
        places, person = self.ground.places, row.person
        if not person.province:
            row.delegation = places.find(person.group) or places.find(person.sheet)
            if row.delegation is None and (found := places.named_in(person.organisation)):
                row.delegation = found
                message = gettext_noop("Xếp vào đoàn %(name)s theo tên đơn vị công tác.")
                row.tell(NOTICE, "organisation", "place-from-body", message, name=found.name)
        row.delegation = row.delegation or places.find(person.province)
        if row.delegation is None and person.full_name and not row.is_left:
            self._ask_place(row)

    def _belongs(self, row: Row) -> None:
        """Words for another province than that of the list."""
        found = self.ground.places.find(row.person.province) if row.person.province else None
        if found is not None and found != row.delegation:
            message = gettext_noop("Dòng này ghi %(name)s, không phải đoàn đang nhập.")
            row.tell(ERROR, "province", "other-place", message, name=row.person.province)

    def _ask_place(self, row: Row) -> None:
        said = row.person.province
        if said:
            text = _("Không có đoàn nào tên “%(name)s”. Chọn đoàn của dòng này.") % {"name": said}
        else:
            text = _("Dòng này không ghi tỉnh, thành phố. Chọn đoàn.")
        likely = self.ground.places.proposals(said)
        rest = [one for one in self.ground.delegations.values() if one not in likely]
        options = [Option(one.code, one.name) for one in (*likely, *sorted(rest, key=_official))]
        key = f"place={vietnamese.fold(said)}" if said else f"place.{row.key}"
        if code := row.ask(Question(key, text, options), self.choices):
            row.delegation = next(one for one in self.ground.delegations.values() if one.code == code)

    # ── On which seat ─────────────────────────────────────────────────────────────────────────────

    def _component(self, row: Row) -> None:
        person, found = row.person, self.ground.components(row.place)
        if row.replaces is not None:
            row.category = row.replaces.category
        elif person.category:
            named = found.named(person.category)
            row.category = named[0] if len(named) == 1 else self._ask_component(row, named, person.category)
        elif row.current is not None:
            row.category = row.current.category
        else:
            row.category = self._likely_component(row)
        moved = self.choices.get(f"seat.{row.key}")
        if other := next((one for one in found.categories if one.slug == moved), None):
            row.category = other
            self._ask_seat(row, found.categories)

    def _likely_component(self, row: Row) -> Category | None:
        """Of a new person, by the group, by the body, or by the only free seats; else it is asked."""
        found, person = self.ground.components(row.place), row.person
        by_group = found.of_group(person.group)
        if len(by_group) == 1:
            return by_group[0]
        by_body = found.of_body(person.organisation)
        if len(by_body) == 1:
            return by_body[0]
        free = [one for one in found.categories if self.ground.free(row.place, one)]
        if len(free) == 1 and not by_group and not by_body and f"part.{row.key}" not in self.choices:
            message = gettext_noop("Xếp vào %(category)s: thành phần duy nhất còn suất trống.")
            row.tell(NOTICE, "category", "only-seats", message, category=free[0].name)
            return free[0]
        return self._ask_component(row, by_group or by_body, "")

    def _ask_component(self, row: Row, likely: list[Category], said: str) -> Category | None:
        found = self.ground.components(row.place)
        if not found.categories:
            message = gettext_noop("Đoàn chưa được phân bổ suất nào.")
            row.tell(ERROR, "category", "no-quota", message)
            return None
        if said:
            text = _("Chưa rõ “%(words)s” là thành phần nào.") % {"words": said}
        else:
            text = _("Chưa rõ người này thuộc thành phần nào.")
        ordered = [*likely, *(one for one in found.categories if one not in likely)]
        key = f"part={vietnamese.fold(said)}" if said else f"part.{row.key}"
        slug = row.ask(Question(key, text, self._offered(row.place, ordered)), self.choices)
        return next((one for one in found.categories if one.slug == slug), None)

    def _offered(self, delegation: Delegation, categories: list[Category]) -> list[Option]:
        sentence = _("%(category)s (còn %(n)s suất)")
        return [
            Option(one.slug, sentence % {"category": one.name, "n": self.ground.free(delegation, one)})
            for one in categories
        ]

    # ── What is written ───────────────────────────────────────────────────────────────────────────

    def _write(self, row: Row) -> None:
        """The row as it will stand, by the rules that every other way of writing it obeys."""
        try:
            if row.current is None:
                category: Any = row.category  # not known yet where it is asked for
                row.attendee = holding.new_person(row.place, category, None, dict(row.fields))
            else:
                row.attendee = copy.copy(row.current)
                row.changes = holding.rewrite(row.attendee, self._rewritten(row, row.current))
        except ValidationError as refused:
            self._refuse(row, refused)
            return
        if row.current is not None and row.is_back:
            row.changes["status"] = [row.current.status, Attendee.Status.NOMINATED.value]

    @staticmethod
    def _rewritten(row: Row, current: Attendee) -> dict[str, Any]:
        """The fields to write; a name that differs only in capitals or the place of a tone stays."""
        fields = dict(row.fields)
        if vietnamese.same_name(row.person.full_name, current.full_name):
            fields.pop("full_name", None)
        return fields | ({"category": row.category} if row.category else {})

    def _refuse(self, row: Row, refused: ValidationError) -> None:
        errors = refused.error_dict if hasattr(refused, "error_dict") else {NON_FIELD_ERRORS: [refused]}
        told = {problem.field for problem in row.problems if problem.level == ERROR}
        for field, found in errors.items():
            if COLUMNS.get(field, (field,))[0] not in told:
                message = " ".join(one for error in found for one in error.messages)
                row.tell(ERROR, field, "rule", message.replace("%", "%%"))

    # ── All rows together ─────────────────────────────────────────────────────────────────────────

    def _once(self, rows: list[Row]) -> None:
        """Nobody stands twice in one list."""
        seen: dict[int, Row] = {}
        for row in rows:
            for key in (one.pk for one in (row.current, row.replaces) if one):
                first = seen.setdefault(key, row)
                if first is not row and row.act != Act.REFUSED:  # the reader may have told it
                    message = gettext_noop("Trùng với dòng %(row)s: cùng một người. Xóa bớt một dòng.")
                    row.tell(ERROR, "full_name", "twice", message, row=str(first.person.row))

    def _seats(self, rows: list[Row]) -> None:
        """Quotas, counted over the whole list: who leaves a component makes room in it."""
        free: dict[tuple[int, int], int] = {}
        awaited = [row for row in rows if row.takes_a_seat and row.act not in BLOCKS]
        for row, change in [*((row, 1) for row in awaited), *((row, -1) for row in awaited)]:
            leaves = row.current.category if row.current and row.current.is_active else None
            category = leaves if change > 0 else row.category
            if category is None:
                continue
            key = (row.place.pk, category.pk)
            free[key] = free.get(key, self.ground.free(row.place, category)) + change
            if free[key] < 0:
                self._no_seat(row, category)
        for row in awaited:
            if row.act == Act.REFUSED:
                place, categories = row.place, self.ground.components(row.place).categories
                self._ask_seat(row, [
                    one for one in categories
                    if free.get((place.pk, one.pk), self.ground.free(place, one)) > 0
                ])  # fmt: skip

    def _no_seat(self, row: Row, category: Category) -> None:
        if (row.place.pk, category.pk) in self.ground.quotas:
            message = gettext_noop("Vượt số suất: %(category)s chỉ còn %(n)s suất trống.")
            free = str(self.ground.free(row.place, category))
            row.tell(ERROR, "category", "quota", message, category=category.name, n=free)
        else:
            message = gettext_noop("Đoàn không có suất của thành phần %(category)s.")
            row.tell(ERROR, "category", "no-quota", message, category=category.name)

    def _ask_seat(self, row: Row, categories: list[Category]) -> None:
        """Another component than the one that is full; or the row stays out."""
        text = _("Chuyển người này sang thành phần còn suất, hoặc bỏ dòng này.")
        question = Question(f"seat.{row.key}", text, self._offered(row.place, categories))
        if categories and all(one.key != question.key for one in row.questions):
            row.ask(question, self.choices)

    def _heads(self, rows: list[Row]) -> None:
        """Who is said to lead the delegation."""
        said: dict[int, list[Row]] = defaultdict(list)
        for row in rows:
            if row.person.is_head and row.act not in (Act.LEFT, Act.REFUSED):
                said[row.place.pk].append(row)
        for key, (first, *others) in said.items():  # of two the reader has told
            head = self.ground.delegations[key].head
            first.is_head = not others and (first.current is None or first.current != head)

    # ── Who else is known ─────────────────────────────────────────────────────────────────────────

    def _look_around(self, rows: list[Row]) -> None:
        """Warnings: the same person or number elsewhere, and papers that do not change with the person."""
        changed = {row.current.pk for row in rows if row.current and PRINTED & set(row.changes)}
        certified = self.ground.certified(changed) if changed else set()
        for row in rows:
            self._same_elsewhere(row)
            self._same_phone(row)
            if row.current and row.current.pk in certified:
                message = gettext_noop("Đã có giấy chứng nhận: giấy đã cấp không đổi theo.")
                row.tell(WARNING, "full_name", "certified", message)

    def _same_elsewhere(self, row: Row) -> None:
        if row.current is not None or row.delegation is None:
            return
        for known in self.ground.by_name.get(vietnamese.fold(row.fields.get("full_name", "")), ()):
            same = (known.birth_year and known.birth_year == row.fields.get("birth_year")) or (
                known.phone and known.phone == row.fields.get("phone")
            )
            if same and known.delegation_id != row.delegation.pk and known.status in Attendee.ACTIVE:
                message = gettext_noop("Người cùng tên, cùng năm sinh hoặc số điện thoại đã có ở %(place)s.")
                place = self.ground.delegations[known.delegation_id].name
                row.tell(WARNING, "full_name", "elsewhere", message, place=place)

    def _same_phone(self, row: Row) -> None:
        phone = row.fields.get("phone")
        own = {one.pk for one in (row.current, row.replaces) if one}
        others = [one for one in self.ground.by_phone.get(phone or "", ()) if one.pk not in own]
        if phone and others and (row.current is None or "phone" in row.changes):
            message = gettext_noop("Số điện thoại này đã ghi cho %(name)s.")
            row.tell(WARNING, "phone", "phone-shared", message, name=others[0].full_name)


PRINTED = {"full_name", "honorific", "position", "rank", "organisation_name"}


def _official(delegation: Delegation) -> tuple[bool, int, str]:
    return (delegation.is_central, delegation.position, delegation.code)
