"""The mark that outlives a restored database: how far numbers were given, and which papers were ended.

A backup is older than the papers in people's hands. So a file outside the database, only ever added to, says
of every series the highest number that was taken, and of every certificate that it was replaced or revoked.
It is written and flushed before the transaction commits: no number is known to the world that it lacks. Once
the transaction is through, that is written too: a number counts either way, at worst nobody has it; an ending
counts only then, or when a person says so. Who was meant and why stands in the database alone. See
`documents.restoring`.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from conference import appending

_log = logging.getLogger(__name__)


def path() -> Path:
    """Where the file lies."""
    return Path(settings.NUMBERS_FILE)


def number_taken(conference: str, kind: str, year: int, last: int) -> None:
    """Numbers of this series are taken up to `last`. Raises `ValidationError` when it cannot be written."""
    _begin({"number": last, "conference": conference, "kind": kind, "year": year})


def ended(code: str, state: str) -> None:
    """The certificate with this code is being replaced or revoked, in the transaction that is open."""
    _begin({"ended": code, "state": state})


def read() -> Iterator[dict[str, Any]]:
    """What the file says, oldest first."""
    return appending.entries(path())


def _begin(entry: dict[str, Any]) -> None:
    token = secrets.token_hex(8)
    _write({**entry, "token": token})
    transaction.on_commit(lambda: _write({"done": token}), robust=True)


def _write(entry: dict[str, Any]) -> None:
    try:
        appending.append(path(), entry)
    except OSError as error:
        _log.exception("The mark of numbers was not written")
        sentence = _("Máy chủ không ghi được sổ theo dõi số đã cấp, nên chưa cấp. Báo người quản trị.")
        raise ValidationError(sentence, code="marks") from error
