"""Rows that name a stored file, and which of those files are not there."""

from __future__ import annotations

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


def lost() -> Iterator[Lost]:
    """Every such row of the columns in `STORED_FILES`."""
    there = {one.name for one in storing.walk()}  # asked once: a bucket is far away
    for name_of_column in settings.STORED_FILES:
        label, _dot, column = name_of_column.rpartition(".")
        rows = apps.get_model(label)._default_manager.exclude(**{column: ""})
        for pk, name in rows.order_by("pk").values_list("pk", column).iterator():
            if name not in there and not storing.exists(name):  # or was kept meanwhile
                yield Lost(label, pk, name)
