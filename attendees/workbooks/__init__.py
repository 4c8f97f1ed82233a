"""The reader of spreadsheets: lists as provinces send them, in; people and problems, out. No Django.

    reading = read(data, "danh-sach.xls")       # in a child process with limits; raises Unreadable
    reading.plans                               # which column is what: a proposal that a person may change
    reading = read(data, "danh-sach.xls", plans=changed)
    reading.people, reading.problems            # nothing is changed without a notice, nothing left out unsaid
    annotate(data, "danh-sach.xls", reading.problems)   # the same workbook with red cells and comments

An `error` stands in the way of the import: the value in question was left empty in the person. A `warning`
asks a person to look. A `notice` says what we changed, with before and after. Sentences are Vietnamese and in
the catalogue: `problem.told(gettext)` gives one in the language of the page.

`read` keeps nothing: the same file with the same plans reads alike, so that the caller stores file and plans.
"""

from attendees.workbooks.running import annotate, read
from attendees.workbooks.shapes import (
    FIELDS,
    LENGTHS,
    Column,
    Person,
    Plan,
    Preview,
    Problem,
    Reading,
    Unreadable,
)

__all__ = [
    "FIELDS",
    "LENGTHS",
    "Column",
    "Person",
    "Plan",
    "Preview",
    "Problem",
    "Reading",
    "Unreadable",
    "annotate",
    "read",
]
