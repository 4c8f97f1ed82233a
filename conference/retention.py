"""What was held of people long enough goes, by the terms of the table of purposes; at night, and by command.

A conference under legal hold keeps everything. What rooms hold in another way than in a column of a row they
forget themselves (`forget` of the modules in `ERASERS`). The journal says how much of what went, and no name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.module_loading import import_string

from conference import journal, purpose_table
from conference.erasing import Line, Taking, filled
from conference.models import Conference
from conference.purposes import Erasure, Held, Kept, Rows

GONE = "•••"  # in columns that must say something


class Forgetting(Taking):
    """What is over its time in one conference, being taken out."""

    def run(self) -> None:
        for name in settings.ERASERS:
            forgetter: Callable[[Forgetting], None] = import_string(f"{name}.forget")
            forgetter(self)
        for rows in purpose_table.TABLE:
            for held in rows.held:
                if self.is_over(held.kept) and held.erasure not in (Erasure.OWN, Erasure.KEPT):
                    self._forget(rows, held)
        self.forget_files()

    def is_over(self, kept: Kept) -> bool:
        """Is the term past, by the clock of the conference?"""
        last: Any = self.conference.ends_on
        return kept.after is not None and self.conference.today() > last + kept.after

    def _forget(self, rows: Rows, held: Held) -> None:
        found = rows.of_conference(self.conference)
        if held.erasure == Erasure.ROW and rows.person:
            found = found.exclude(**{rows.person: None})
        found = filled(found, held.names)
        if held.erasure == Erasure.NAME:
            found = found.exclude(**dict.fromkeys(held.names, GONE))
        self.counts[held] += found.count()
        self.empty(found, rows, held, GONE)


@transaction.atomic
def forget(conference: Conference) -> list[Line]:
    """Takes out what is over its time; what it was, and how many rows. Twice finds nothing."""
    forgetting = Forgetting(conference)
    if conference.legal_hold:
        return []
    forgetting.run()
    lines = forgetting.lines()
    if lines:
        with translation.override(settings.LANGUAGE_CODE):
            told: dict[str, list[Any]] = {str(one.held.what): [one.count, 0] for one in lines}
        journal.record("forget", conference, by=None, conference=conference, changes=told)
    return lines


def preview(conference: Conference) -> list[Line]:
    """What `forget` would do now: done, counted and taken back."""
    with transaction.atomic():
        lines = forget(conference)
        transaction.set_rollback(True)
    return lines
