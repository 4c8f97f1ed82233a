"""Taking one person out of every table, by the table of purposes and the erasers of the rooms (`ERASERS`).

What is held in a column of the person's own rows goes as the table says. What rooms hold in another way, a
spreadsheet of a hundred people say, they take out themselves. Files go once the transaction is through, and
only where no row names them any more. The verb is `attendees.erasing.erase`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils.module_loading import import_string

from conference import purpose_table, stored_files, storing
from conference.mentions import Mentions
from conference.purposes import ERASED_NAME, Erasure, Held, Rows, blank


@dataclass(frozen=True)
class Line:
    """What becomes of some columns: how many rows of the person, and why those that stay do."""

    rows: Rows
    held: Held
    count: int

    @property
    def stays(self) -> bool:
        return self.held.erasure == Erasure.KEPT


class Erasing:
    """One person being erased, inside a transaction. Rooms use `rows`, `clear`, `strike` and `forget`."""

    def __init__(self, person: Any, mentions: Mentions) -> None:
        self.person, self.mentions, self.conference = person, mentions, person.conference
        self.counts: Counter[Held] = Counter()
        self.files: set[str] = set()

    def run(self) -> list[Line]:
        """Everything. Returns a line for each entry of the table that the person, or a mention, stands in."""
        for name in settings.ERASERS:
            eraser: Callable[[Erasing], None] = import_string(name)
            eraser(self)
        for rows in purpose_table.TABLE:
            self._by_table(rows)
        transaction.on_commit(self._forget_files)
        return self.lines()

    def lines(self) -> list[Line]:
        return [
            Line(rows, held, self.counts[held])
            for rows in purpose_table.TABLE
            for held in rows.held
            if self.counts[held]
        ]

    # ── For the rooms ─────────────────────────────────────────────────────────────────────────────

    @staticmethod
    def rows(label: str) -> Rows:
        """The entry of the table for a model."""
        return next(one for one in purpose_table.TABLE if one.label == label)

    def count(self, label: str, column: str, number: int) -> None:
        """So many rows of this model lost what this column held."""
        held = next(one for one in self.rows(label).held if column in one.names)
        self.counts[held] += number

    def forget(self, names: Iterable[str]) -> None:
        """These files go at the end."""
        self.files |= set(filter(None, names))

    def strike(self, rows: Rows, held: Held) -> None:
        """Strike the person out of texts of the conference that name them."""
        for one in rows.of_conference(self.conference).only("pk", *held.names).iterator(500):
            before = {name: getattr(one, name) for name in held.names}
            after = {name: self.mentions.struck(value) for name, value in before.items()}
            if after != before:
                longest = {name: getattr(one._meta.get_field(name), "max_length", None) for name in after}
                short = {
                    name: value[: longest[name]] if isinstance(value, str) else value
                    for name, value in after.items()
                }
                rows.all().filter(pk=one.pk).update(**short)
                self.counts[held] += 1

    # ── By the table ──────────────────────────────────────────────────────────────────────────────

    def _by_table(self, rows: Rows) -> None:
        own = rows.of_person(self.person)
        number = own.count() if rows.person else 0
        for held in rows.held:
            if held.erasure == Erasure.STRUCK:
                self.strike(rows, held)
            elif number and held.erasure not in (Erasure.OWN, Erasure.SEALED):
                self._take(own, rows, held)

    def _take(self, own: models.QuerySet[Any], rows: Rows, held: Held) -> None:
        """The columns of the person's own rows."""
        self.counts[held] += _filled(own, held)
        if held.erasure == Erasure.KEPT:
            return
        self._collect_files(own, rows, held)
        if held.erasure == Erasure.ROW:
            own.delete()
        elif held.erasure == Erasure.NAME:
            own.update(**dict.fromkeys(held.names, ERASED_NAME))
        else:
            own.update(**{name: blank(rows.model, name) for name in held.names})

    def _collect_files(self, own: models.QuerySet[Any], rows: Rows, held: Held) -> None:
        for column in stored_files.columns_of(rows.label):
            if column in held.names:
                self.forget(own.values_list(column, flat=True))

    def _forget_files(self) -> None:
        for name in self.files:
            if not stored_files.is_named(name):
                storing.forget(name)


def _filled(own: models.QuerySet[Any], held: Held) -> int:
    """How many of the rows hold anything in these columns."""
    count = 0
    for values in own.values_list(*held.names):
        count += any(value not in (None, "", [], {}) for value in values)
    return count


def label_of(row: models.Model) -> str:
    """As the journal and letters name a row."""
    return f"{row._meta.label_lower}:{row.pk}"
