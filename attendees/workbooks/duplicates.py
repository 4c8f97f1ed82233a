"""People who stand twice in one file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from attendees.workbooks.shapes import ERROR, WARNING, Person, Plan, Problem
from conference.vietnamese import fold, gettext_noop

SAME_PERSON = gettext_noop("Trùng với dòng %(other)s: cùng họ tên, năm sinh và đơn vị. Xóa một dòng.")
SAME_CODE = gettext_noop("Mã đại biểu này đã có ở dòng %(other)s. Mỗi người một mã.")
SAME_PHONE = gettext_noop("Số điện thoại này cũng là của người ở dòng %(other)s. Xem lại số.")
TWO_HEADS = gettext_noop("Đã có trưởng đoàn ở dòng %(other)s. Chỉ một người là trưởng đoàn.")


def key_of(person: Person) -> tuple[str, int | None, str, str]:
    """What makes two rows one person, where there is no code."""
    body, place = _folded(person.organisation), _folded(person.province)
    return fold(person.full_name), person.birth_year, body, place


@lru_cache(maxsize=1024)
def _folded(text: str) -> str:
    """The same few bodies and places stand in thousands of rows."""
    return fold(text)


def twice(people: Sequence[Person], plans: Sequence[Plan]) -> list[Problem]:
    """Problems of people who are there twice, each told at its later row."""
    checks: tuple[tuple[Callable[[Person], Any], str, str, str, str, tuple[str, ...]], ...] = (
        (lambda p: p.full_name and key_of(p), ERROR, "same_person", SAME_PERSON, "name", ("name", "family")),
        (lambda p: p.code.upper(), ERROR, "same_code", SAME_CODE, "code", ("code",)),
        (lambda p: p.phone, WARNING, "same_phone", SAME_PHONE, "phone", ("phone",)),
        (
            lambda p: p.is_head and (fold(p.province) or "here"),
            WARNING,
            "two_heads",
            TWO_HEADS,
            "head",
            ("head", "name", "family"),
        ),
    )
    letters = {
        (plan.sheet, column.field): column.letter for plan in plans if plan.used for column in plan.columns
    }
    found = []
    for key, level, code, message, field, places in checks:
        seen: dict[Any, Person] = {}
        for person in people:
            value = key(person)
            if not value:
                continue
            first = seen.setdefault(value, person)
            if first is person:
                continue
            column = next((at for place in places if (at := letters.get((person.sheet, place)))), None)
            other = str(first.row) if first.sheet == person.sheet else f"{first.row} ({first.sheet})"
            found.append(
                Problem(person.sheet, person.row, column, level, field, code, message, {"other": other})
            )
    return found
