"""Rows that name a file below MEDIA_ROOT, and which of those files are not there."""

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
    for name_of_column in settings.STORED_FILES:
        label, _dot, column = name_of_column.rpartition(".")
        rows = apps.get_model(label)._default_manager.exclude(**{column: ""})
        for pk, name in rows.order_by("pk").values_list("pk", column).iterator():
            if not storing.path(name).is_file():
                yield Lost(label, pk, name)
