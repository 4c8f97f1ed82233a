"""Rows that name a stored file: which files are not there, and which no row names."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import NamedTuple

from django.apps import apps
from django.conf import settings

from conference import storing


class Lost(NamedTuple):
    """A row without its file."""

    model: str
    pk: int
    name: str


# Columns whose file may be gone before the row: a list that was dropped, a piece of a paper that is ready.
MAY_BE_GONE = ("attendees.ImportBatch.file", "documents.DocumentPart.file")


def columns_of(label: str) -> list[str]:
    """The columns of a model that name a file."""
    every = (one.rpartition(".") for one in (*settings.STORED_FILES, *MAY_BE_GONE))
    return [column for owner, _dot, column in every if owner == label]


def is_named(name: str) -> bool:
    """Does any row name this file?"""
    for column in (*settings.STORED_FILES, *MAY_BE_GONE):
        label, _dot, field = column.rpartition(".")
        if apps.get_model(label)._default_manager.filter(**{field: name}).exists():
            return True
    return False


def lost() -> Iterator[Lost]:
    """Every such row of the columns in `STORED_FILES`."""
    there = {one.name for one in storing.walk()}  # asked once: a bucket is far away
    for name_of_column in settings.STORED_FILES:
        label, _dot, column = name_of_column.rpartition(".")
        rows = apps.get_model(label)._default_manager.exclude(**{column: ""})
        for pk, name in rows.order_by("pk").values_list("pk", column).iterator():
            if name not in there and not storing.exists(name):  # or was kept meanwhile
                yield Lost(label, pk, name)


# Papers and certificates: what a worker wrote that was overtaken is named by no row.
SWEPT_FOLDERS = ("documents", "certificates")
_DAY = 24 * 60 * 60


def forget_unnamed() -> int:
    """Remove papers that no row has named for a day. Returns how many."""
    gone, before = 0, time.time() - _DAY
    for folder in SWEPT_FOLDERS:
        for one in list(storing.walk(folder)):
            if one.at < before and not is_named(one.name):
                storing.forget(one.name)
                gone += 1
    return gone
