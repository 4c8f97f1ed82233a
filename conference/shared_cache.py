"""What all web processes remember together: limits, and the keys of forms that were sent.

Django's own cache passes over a write that fails, as a cache may forget. These must not be forgotten: a limit
that is not counted is none, and a key that was not written looks like that of a form which came before.
"""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError, connections, router

from conference import room


class SharedCache(DatabaseCache):
    """A table of the database; where that takes nothing, the database's own error comes out."""

    def _base_set(self, mode: str, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        told: list[DatabaseError] = []

        def listening(execute: Any, *asked: Any) -> Any:
            try:
                return execute(*asked)
            except DatabaseError as error:
                told.extend([error] * room.is_away(error))
                raise

        with connections[router.db_for_write(self.cache_model_class)].execute_wrapper(listening):
            done: bool = super()._base_set(mode, key, value, timeout)  # type: ignore[misc]  # not in the stubs
        if told:
            raise told[0]
        return done
