"""Is an error only the want of room on a disk, or of a database? Then waiting mends it; nobody did wrong."""

from __future__ import annotations

import errno
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, OperationalError

FULL = {errno.ENOSPC, errno.EDQUOT}
DISK_FULL = "53100"  # as PostgreSQL says it
PAUSE = timedelta(seconds=15)  # until it is tried again
_log = logging.getLogger(__name__)


def is_lacking(error: BaseException) -> bool:
    """Whether the disk of the files, or that of the database, is full."""
    if isinstance(error, OSError):
        return error.errno in FULL
    cause = error.__cause__
    told = (getattr(cause, "pgcode", None), getattr(cause, "sqlite_errorcode", None))
    return told[0] == DISK_FULL or told[1] == sqlite3.SQLITE_FULL


def is_away(error: BaseException | None) -> bool:
    """Whether the database is gone, busy or full; all else is a mistake of ours.

    Of a server that died, psycopg2 also tells by the most general of its errors, without any code.
    """
    if type(error) is DatabaseError:
        return isinstance(error.__cause__, Exception) and getattr(error.__cause__, "pgcode", "") is None
    return isinstance(error, (OperationalError, InterfaceError))


@contextmanager
def beside_the_answer() -> Iterator[None]:
    """For what a page writes down although it only shows something: the page comes without it too.

    Outside of a transaction, which an error would end.
    """
    try:
        yield
    except (DatabaseError, InterfaceError) as error:
        if not is_away(error):
            raise
        _log.warning("A count was not written; the page is shown without it", exc_info=True)
