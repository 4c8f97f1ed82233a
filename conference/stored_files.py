"""Rows that name a stored file: which files are not there, and which no row names."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet

from conference import storing


class Lost(NamedTuple):
    """A row without its file."""

    model: str
    pk: int
    name: str


# Columns whose file may be gone before the row: a list that was dropped, a piece of a paper that is ready.
MAY_BE_GONE = ("attendees.ImportBatch.file", "documents.DocumentPart.file")
# What is named inside a column, under a key.
INSIDE = ("thematic.SpeakerProfile.proposed__photo",)
# Here lies what people and workers give: a picture that was replaced, an answer whose person left the list, a
# piece that was overtaken, slides whose row was never written. How long a picture of a design waits, its room
# itself says.
SWEPT_FOLDERS = (
    "certificates", "documents", "lists", "materials", "pieces", "portraits", "speakers", "uploads",
)  # fmt: skip
_DAY = 24 * 60 * 60
_log = logging.getLogger(__name__)


def columns_of(label: str) -> list[str]:
    """The columns of a model that name a file."""
    every = (one.rpartition(".") for one in (*settings.STORED_FILES, *MAY_BE_GONE))
    return [column for owner, _dot, column in every if owner == label]


def is_named(name: str) -> bool:
    """Does any row name this file?"""
    return any(rows.filter(**{field: name}).exists() for rows, field in _naming())


def forget_unless_named(name: str) -> None:
    """Once the transaction that took the name away is through. Raises `OSError`: the sweep comes after it."""
    if not is_named(name):
        storing.forget(name)


def lost() -> Iterator[Lost]:
    """Every such row of the columns in `STORED_FILES`."""
    there = {one.name for one in storing.walk()}  # asked once: a bucket is far away
    for name_of_column in settings.STORED_FILES:
        label, _dot, column = name_of_column.rpartition(".")
        rows = apps.get_model(label)._default_manager.exclude(**{column: ""})
        for pk, name in rows.order_by("pk").values_list("pk", column).iterator():
            if name not in there and not storing.exists(name):  # or was kept meanwhile
                yield Lost(label, pk, name)


def forget_unnamed() -> int:
    """Remove files older than a day that no row names. Returns how many; one that stays is tried again.

    The same file may be given once more while names are read: it is named then, and its time is a new one.
    """
    gone, before = 0, time.time() - _DAY
    old = {one.name for folder in SWEPT_FOLDERS for one in storing.walk(folder) if one.at < before}
    for name in sorted(old - (_names() if old else set())):
        try:
            if storing.kept_at(name) < before:
                storing.forget(name)
                gone += 1
        except OSError:
            _log.exception("A file that no row names could not be removed")
    return gone


def _naming() -> Iterator[tuple[QuerySet[Any], str]]:
    """Everything that names files: rows, and where in them."""
    for column in (*settings.STORED_FILES, *MAY_BE_GONE, *INSIDE):
        label, _dot, field = column.rpartition(".")
        yield apps.get_model(label)._default_manager.all(), field


def _names() -> set[str]:
    """Every name that any row says: asked once for each column, however many files there are."""
    return {name for rows, field in _naming() for name in rows.values_list(field, flat=True).iterator()}
