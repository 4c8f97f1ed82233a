"""A file from its bytes to people and problems; runs in the child."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from attendees.workbooks import grids
from attendees.workbooks.duplicates import twice
from attendees.workbooks.grids import Book, Sheet, shown
from attendees.workbooks.parsing import parse
from attendees.workbooks.people import Table
from attendees.workbooks.planning import propose
from attendees.workbooks.shapes import ERROR, NOTICE, Person, Plan, Preview, Problem, Reading, in_order
from attendees.workbooks.sheet_names import is_ours
from attendees.workbooks.telling import Teller
from conference.vietnamese import gettext_noop

PREVIEWED_ROWS = 30
PREVIEWED_TEXT = 120  # characters of a cell

NO_TABLE = gettext_noop("Không thấy dòng tiêu đề có cột họ và tên. Chọn cột họ và tên ở bước ghép cột.")
SHEET_LEFT_OUT = gettext_noop("Trang này không có bảng đại biểu nên không được đọc.")
HIDDEN_LEFT_OUT = gettext_noop("Trang này bị ẩn nên không được đọc.")
NOBODY = gettext_noop("Không có đại biểu nào dưới dòng tiêu đề. Ghi mỗi người một dòng.")


def read_file(
    data: bytes,
    plans: Sequence[Plan] | None,
    remembered: Mapping[str, Mapping[str, str | None]],
    today: datetime.date,
) -> Reading:
    """Read a file; raises Unreadable."""
    book = parse(data)
    proposed = propose(book, remembered)
    chosen = list(plans) if plans is not None else proposed
    people: list[Person] = []
    problems: list[Problem] = []
    for plan in chosen:
        sheet = _sheet_of(book, plan)
        if sheet and plan.used:
            table = Table(sheet, plan, today)
            table.read()
            if not table.people and not table.teller.problems:
                table.teller.tell(ERROR, None, None, "", "nobody", NOBODY)
            people += table.people
            problems += table.teller.problems
    if len(people) > grids.MOST_PEOPLE:
        raise grids.too_many()
    if plans is None:
        problems += _left_out(book, chosen)
    problems += twice(people, chosen)
    names = [sheet.name for sheet in book.sheets]
    previews = [_preview(sheet) for sheet in book.sheets]
    return Reading(book.kind, chosen, previews, people, in_order(problems, names))


def _sheet_of(book: Book, plan: Plan) -> Sheet | None:
    """The sheet that a plan is about: by place and name; a plan for another file finds none."""
    if 0 <= plan.index < len(book.sheets) and book.sheets[plan.index].name == plan.sheet:
        return book.sheets[plan.index]
    return None


def _left_out(book: Book, plans: Sequence[Plan]) -> list[Problem]:
    """Sheets that are not read: a notice each; when there is no table at all, an error on the first."""
    found: list[Problem] = []
    filled = [plan for plan in plans if book.sheets[plan.index].rows and not is_ours(plan.sheet)]
    nothing = not any(plan.used for plan in plans)
    for plan in filled:
        if plan.used:
            continue
        teller = Teller(plan.sheet)
        hidden = book.sheets[plan.index].hidden
        if nothing and not hidden and not found:
            teller.tell(ERROR, None, None, "name", "no_table", NO_TABLE)
        else:
            teller.tell(
                NOTICE, None, None, "", "sheet_left_out", HIDDEN_LEFT_OUT if hidden else SHEET_LEFT_OUT
            )
        found += teller.problems
    if nothing and not any(problem.level == ERROR for problem in found):
        teller = Teller(book.sheets[0].name if book.sheets else "")
        teller.tell(ERROR, None, None, "name", "no_table", NO_TABLE)
        found += teller.problems
    return found


def _preview(sheet: Sheet) -> Preview:
    rows = [[shown(value)[:PREVIEWED_TEXT] for value in row] for row in sheet.rows[:PREVIEWED_ROWS]]
    return Preview(sheet.name, rows, hidden=sheet.hidden)
