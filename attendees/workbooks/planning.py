"""Finding the table in a sheet: which rows are its heading, and which column holds what. Only a proposal."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from attendees.workbooks.grids import Book, Sheet, shown
from attendees.workbooks.headings import field_of, field_under
from attendees.workbooks.shapes import Column, Plan, letter
from attendees.workbooks.sheet_names import is_ours
from conference.vietnamese import fold

SEARCHED = 40  # rows in which a heading is looked for
SAMPLED = 200  # rows that show what a column without a heading holds

# Several columns may hold these; of all other fields the surest column is taken.
SHARED = ("arrival", "departure", "vehicle", "flight", "room", "diet", "note")
NAMES = ("name", "given")
_WORTH = {"name": 3.0, "family": 1.5, "given": 1.5, "number": 0.5}


@dataclass(slots=True)
class _Candidate:
    """Rows that may be a heading, and what their columns would be."""

    first: int
    last: int
    headers: list[str]
    fields: list[str | None]
    worth: float

    @property
    def share(self) -> float:
        """How many of the headings are known."""
        named = sum(1 for header in self.headers if header)
        return sum(1 for field in self.fields if field) / max(named, 1)


def propose(book: Book, remembered: Mapping[str, Mapping[str, str | None]]) -> list[Plan]:
    """A plan for every sheet; what a person confirmed for the same headings goes before what we think."""
    plans = [_plan(sheet, index) for index, sheet in enumerate(book.sheets)]
    if not any(plan.header_rows for plan in plans):
        plans = [_plan_by_content(book.sheets[plan.index], plan) for plan in plans]
    for plan in plans:
        known = remembered.get(plan.signature) if plan.signature else None
        for column in plan.columns if known else []:
            column.field = (known or {}).get(column.letter, column.field)
    return plans


def _plan(sheet: Sheet, index: int) -> Plan:
    labels = [_labels(sheet, row) for row in range(min(len(sheet.rows), SEARCHED + 1))]
    candidates = [
        candidate
        for row in range(min(len(labels), SEARCHED))
        for candidate in _candidates(sheet, labels, row)
        if any(field in NAMES for field in candidate.fields)
    ]
    used = not sheet.hidden and not is_ours(sheet.name)
    if not candidates:
        columns = [Column(letter(place), place, "") for place in range(sheet.width)]
        return Plan(sheet.name, index, None, columns, used=False)
    best = max(candidates, key=lambda one: (one.worth, one.first - one.last, -one.first))
    width = max(sheet.width, len(best.headers))
    headers = best.headers + [""] * (width - len(best.headers))
    fields = best.fields + [None] * (width - len(best.fields))
    columns = [
        Column(letter(place), place, header, field)
        for place, (header, field) in enumerate(zip(headers, fields, strict=True))
    ]
    plan = Plan(sheet.name, index, (best.first + 1, best.last + 1), columns, round(best.share, 2), used=used)
    _split_names(sheet, plan)
    plan.signature = signature(plan)
    return plan


def signature(plan: Plan) -> str:
    """The same for all files whose headings say the same in the same order."""
    said = "\x1f".join(fold(column.header) for column in plan.columns).rstrip("\x1f")
    return hashlib.sha256(said.encode()).hexdigest()[:16] if said else ""


def _labels(sheet: Sheet, row: int) -> list[str]:
    """The texts of a row, each over all the columns that its cell covers."""
    texts = [shown(value) for value in sheet.rows[row]]
    for first, left, last, right in sheet.extras.merges:
        if first <= row <= last:
            text = shown(sheet.value(first, left)) if first < len(sheet.rows) else ""
            texts += [""] * (min(right, 200) + 1 - len(texts))
            texts[left : right + 1] = [text] * (min(right, 200) + 1 - left)
    return texts


def _candidates(sheet: Sheet, labels: list[list[str]], row: int) -> list[_Candidate]:
    """The heading of one row that may begin here, and the one of two rows."""
    top = labels[row]
    if len({text for text in top if text}) < 2:
        return []
    found = [_candidate(row, row, [[text] for text in top])]
    if row + 1 < len(labels) and _continues(sheet, labels[row + 1], row + 1, found[0]):
        width = max(len(top), len(labels[row + 1]))
        below = labels[row + 1] + [""] * (width - len(labels[row + 1]))
        stacks = []
        group = ""
        for place, text in enumerate(below):
            own = top[place] if place < len(top) else ""
            group = own or (group if text else "")
            stacks.append([group, text] if text and text != group else [own])
        both = _candidate(row, row + 1, stacks)
        if any(field in NAMES for field in found[0].fields):  # else the upper row may be a title only
            both.worth += 0.5
        found.append(both)
    return found


def _continues(sheet: Sheet, below: list[str], row: int, above: _Candidate) -> bool:
    """Whether a row is the lower half of a heading: texts only, and nothing of its own under the name."""
    own = {place: text for place, value in enumerate(sheet.rows[row]) if (text := shown(value))}
    covered = any(
        first == row - 1 == last and right > left and any(left <= place <= right for place in own)
        for first, left, last, right in sheet.extras.merges
    )
    if not own or (len(own) < 2 and not covered):
        return False
    if any(
        not isinstance(sheet.value(row, place), str) or any(map(str.isdigit, own[place])) for place in own
    ):
        return False
    names = [place for place, field in enumerate(above.fields) if field == "name"]
    split = [place for place in own if (field_of(own[place]) or ("",))[0] in ("family", "given")]
    return all(place not in own or place in split for place in names)


def _candidate(first: int, last: int, stacks: list[list[str]]) -> _Candidate:
    headers: list[str] = []
    found: list[tuple[str, float] | None] = []
    for stack in stacks:
        headers.append(" / ".join(filter(None, stack)))
        found.append(field_under(*stack) if len(stack) == 2 and stack[0] else field_of(stack[-1]))
    fields = _surest(headers, found)
    _settle_names(fields)
    worth = sum(_WORTH.get(field, 1.0) for field in fields if field)
    unknown = sum(1 for header, field in zip(headers, fields, strict=True) if header and not field)
    return _Candidate(first, last, headers, fields, worth - 0.2 * unknown)


def _surest(headers: list[str], found: list[tuple[str, float] | None]) -> list[str | None]:
    """Every field once, in its surest column; those that may be shared as often as they are named."""
    fields: list[str | None] = [None] * len(found)
    surest: dict[str, tuple[int, float]] = {}
    for place, match in enumerate(found):
        if not match:
            continue
        field, sure = match
        before = surest.get(field)
        if field in SHARED:
            fields[place] = field
        elif not before or sure > before[1]:
            if before:
                fields[before[0]] = None
            surest[field] = (place, sure)
            fields[place] = field
        elif field == "name" and before[0] == place - 1 and headers[place] == headers[place - 1]:
            fields[place - 1], fields[place] = "family", "given"  # one heading over two columns
    return fields


def _settle_names(fields: list[str | None]) -> None:
    """A name in two parts, or in one: never both, and no part alone."""
    if "family" in fields and "given" in fields:
        if "name" in fields:
            fields[fields.index("name")] = None
        return
    for part in ("family", "given"):
        if part in fields:
            fields[fields.index(part)] = None if "name" in fields else "name"


def _split_names(sheet: Sheet, plan: Plan) -> None:
    """The heading Họ và tên often stands over two columns without a merge: Nguyễn Văn | An."""
    name = next((column for column in plan.columns if column.field == "name"), None)
    if not name or not plan.header_rows or name.index + 1 >= len(plan.columns):
        return
    after = plan.columns[name.index + 1]
    if after.field or after.header:
        return
    pairs = [
        (shown(sheet.value(row, name.index)), shown(sheet.value(row, after.index)))
        for row in range(plan.header_rows[1], min(len(sheet.rows), plan.header_rows[1] + SAMPLED))
    ]
    both = [second for first, second in pairs if first and second]
    if len(both) >= 2 and sum(" " not in text for text in both) > 0.8 * len(both):
        name.field, after.field = "family", "given"


# A table without a heading

_LOOKS_LIKE = {
    "email": re.compile(r"[^@\s]+@[^@\s]+\.\w+"),
    "phone": re.compile(r"\+?[\d .()-]{9,16}"),
    "birth": re.compile(r"(\d{1,2}[/.-]){0,2}(19|20)\d\d"),
    "number": re.compile(r"\d{1,4}"),
    "name": re.compile(r"(?:[^\W\d_]+['’]?\s?){2,6}"),
}
_OFFICES = re.compile(
    r"\b(so|ban|ubnd|uy|cong an|bao|dai|phong|van phong|truong|giam doc|chuyen vien|chu tich)\b"
)


def _is_capital(field: str, text: str) -> bool:
    """Names begin every word with a capital letter."""
    return field != "name" or all(word[0].isupper() for word in text.split())


def _plan_by_content(sheet: Sheet, plan: Plan) -> Plan:
    """What was pasted has often no heading: columns whose texts look like names, phones, addresses."""
    if sheet.hidden or is_ours(sheet.name):
        return plan
    taken: set[str] = set()
    for column in plan.columns:
        texts = [shown(sheet.value(row, column.index)) for row in range(min(len(sheet.rows), SAMPLED))]
        texts = [text for text in texts if text]
        for field, pattern in _LOOKS_LIKE.items():
            fits = sum(bool(pattern.fullmatch(text)) and _is_capital(field, text) for text in texts)
            offices = sum(bool(_OFFICES.search(fold(text))) for text in texts)
            if (
                field not in taken
                and fits > 0.7 * len(texts)
                and not (field == "name" and offices * 3 > fits)
            ):
                column.field = field
                taken.add(field)
                break
    if "name" not in taken:
        for column in plan.columns:
            column.field = None
    plan.used = "name" in taken
    return plan
