"""Lists that come as a file: staged, looked at, taken as a whole or not at all, and taken back.

    batch = stage(conference, file, by=olga)       # read in a child with limits; nothing of it is on the list
    remap(batch, plans, by=olga)                   # read again, with the columns as a person assigned them
    shown = preview(batch, by=olga)                # row by row what would happen; writes nothing
    choose(batch, {"part.0.14": "press"}, by=olga)  # the answer to a question that only a person can decide
    take(batch, by=olga, version=shown.version)    # one transaction; `Stale` when what was shown has changed
    undo(batch, by=olga)                           # what the batch did; or `Changed`, and why

The same file again changes nothing, nothing is deleted because it is absent, and an empty cell takes nothing
away. Rules about people and seats are those of every other act (`attendees.holding`).
"""

from attendees.importing.comparing import compare
from attendees.importing.rows import Act, Comparison, Option, Question, Row
from attendees.importing.staging import (
    are_settled,
    choose,
    drop,
    marked,
    plans_of,
    preview,
    read,
    reading_of,
    remap,
    stage,
    taken_before,
)
from attendees.importing.taking import take
from attendees.importing.undoing import Changed, undo

__all__ = [
    "Act",
    "Changed",
    "Comparison",
    "Option",
    "Question",
    "Row",
    "are_settled",
    "choose",
    "compare",
    "drop",
    "marked",
    "plans_of",
    "preview",
    "read",
    "reading_of",
    "remap",
    "stage",
    "take",
    "taken_before",
    "undo",
]
