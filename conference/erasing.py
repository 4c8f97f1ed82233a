"""Taking one person out of every table, by the table of purposes and the erasers of the rooms (`ERASERS`).

What is held in a column of the person's own rows goes as the table says. What rooms hold in another way, a
spreadsheet of a hundred people say, they take out themselves. Files go once the transaction is through, and
only where no row names them any more. The verb is `attendees.erasing.erase`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from conference import purpose_table, stored_files
from conference.mentions import Mentions
from conference.purposes import ERASED_NAME, Erasure, Held, Rows, blank

# A row tells when it was begun, by the clock of the machine and before its transaction was through.
EARLIER = timedelta(minutes=10)


@dataclass(frozen=True)
class Line:
    """What becomes of some columns: how many rows of the person, and why those that stay do."""

    rows: Rows
    held: Held
    count: int

    @property
    def stays(self) -> bool:
        return self.held.erasure == Erasure.KEPT


class Taking:
    """Something is taken out of the tables of a conference, inside a transaction; how much is counted."""

    def __init__(self, conference: Any) -> None:
        self.conference = conference
        self.counts: Counter[Held] = Counter()
        self.files: set[str] = set()

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

    def forget_files(self) -> None:
        """Once the transaction is through: one that cannot be removed keeps no other; the sweep takes it."""
        for name in self.files:
            _forget_later(name)

    # ── By the table ──────────────────────────────────────────────────────────────────────────────

    def empty(self, found: models.QuerySet[Any], rows: Rows, held: Held, instead: str) -> None:
        """Takes columns out of these rows, with the files that they name; `instead`: in place of a name."""
        for column in stored_files.columns_of(rows.label):
            if column in held.names:
                self.forget(found.values_list(column, flat=True))
        if held.erasure == Erasure.ROW:
            found.delete()
        elif held.erasure == Erasure.NAME:
            found.update(**dict.fromkeys(held.names, instead))
        else:
            found.update(**{name: blank(rows.model, name) for name in held.names})


class Erasing(Taking):
    """One person being erased. Rooms use `rows`, `count`, `strike` and `forget`.

    `again`: a restored backup brought the person back, and with them work that was going on when it was made.
    Nobody waits for that work to end: it may never. It is fenced off, and done anew where it is still wanted.
    """

    def __init__(
        self, person: Any, mentions: Mentions, *, again: bool = False, since: datetime | None = None
    ) -> None:
        super().__init__(person.conference)
        self.person, self.mentions, self.again = person, mentions, again
        self.since = since  # only what was begun since then is of interest, where a room can tell

    def renamed(self, text: str) -> str:
        """What a letter that is emptied is called: not even whom it was for."""
        return ERASED_NAME

    def run(self) -> None:
        """Everything that the table and the rooms know how to take out."""
        begun = timezone.now()
        self._by_rooms()
        for rows in purpose_table.TABLE:
            self._by_table(rows)
        self.forget_files()
        transaction.on_commit(lambda: self._begun_meanwhile(begun), robust=True)

    def _begun_meanwhile(self, begun: datetime) -> None:
        """What others wrote between our look and the commit, with the person as they still saw them."""
        with transaction.atomic():
            once_more = Erasing(self.person, self.mentions, again=True, since=begun - EARLIER)
            once_more._by_rooms()
            once_more.forget_files()

    def _by_rooms(self) -> None:
        for name in settings.ERASERS:
            eraser: Callable[[Erasing], None] = import_string(f"{name}.erase")
            eraser(self)

    def strike(self, rows: Rows, held: Held) -> None:
        """Strike the person out of texts of the conference that name them."""
        for one in rows.of_conference(self.conference).only("pk", *held.names).iterator(500):
            before = {name: getattr(one, name) for name in held.names}
            after = {name: self.mentions.struck(value) for name, value in before.items()}
            if after != before:
                rows.all().filter(pk=one.pk).update(**_cut_to_fit(rows.model, after))
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
        self.counts[held] += filled(own, held.names).count()
        if held.erasure != Erasure.KEPT:
            self.empty(own, rows, held, ERASED_NAME)


def _forget_later(name: str) -> None:
    transaction.on_commit(lambda: stored_files.forget_unless_named(name), robust=True)


def filled(rows: models.QuerySet[Any], names: Iterable[str]) -> models.QuerySet[Any]:
    """Those of the rows that hold anything in one of these columns."""
    anything = Q()
    for name in names:
        empty = blank(rows.model, name)
        if empty is not None and isinstance(rows.model._meta.get_field(name), models.DateField):
            return rows  # a day that must be there always tells something
        is_empty = Q(**{f"{name}__isnull": True}) if empty is None else Q(**{name: empty})
        anything |= ~is_empty
    return rows.filter(anything)


def _cut_to_fit(model: type[models.Model], values: dict[str, Any]) -> dict[str, Any]:
    """The phrase may be longer than the name in whose place it stands."""
    return {
        name: value[: getattr(model._meta.get_field(name), "max_length", None)]
        if isinstance(value, str)
        else value
        for name, value in values.items()
    }
