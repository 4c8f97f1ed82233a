"""Who was erased, in a file that outlives a restored database: codes, and no name.

A backup is older than the erasing: what it brings back of a person or an account is taken out again by
`documents.restoring`. Written before the transaction commits, and once more when it is through, as the marks
of numbers are (`documents.marks`): an erasing that failed is not done again.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy

from conference import appending


class Unwritten(OSError):
    """The file cannot be written: nobody can be erased."""

    told = gettext_lazy("Máy chủ không ghi được sổ xóa dữ liệu, nên chưa xóa. Báo người quản trị.")


class Erased(NamedTuple):
    """One line: the code of the person or the account, and the state in which the list keeps the seat."""

    code: str
    status: str


class Known(NamedTuple):
    """What the file says: erasings that came through, and those of which nobody wrote that they did."""

    through: list[Erased]
    uncertain: list[Erased]


def path() -> Path:
    """Where the file lies."""
    return Path(settings.ERASED_FILE)


def note(code: str, status: str = "") -> None:
    """They are being erased in the transaction that is open. Raises `Unwritten`: then nobody is."""
    token = secrets.token_hex(8)
    try:
        appending.append(path(), {"erased": code, "status": status, "token": token})
    except OSError as error:
        raise Unwritten(str(error)) from error
    transaction.on_commit(lambda: _through(token), robust=True)


def known(also: Collection[str] = ()) -> Known:
    """What the file says, by code; `also`: codes of uncertain ones that a person has confirmed."""
    begun: dict[str, Erased] = {}
    through: dict[str, Erased] = {}
    for line in appending.entries(path()):
        if "erased" in line:
            begun[line["token"]] = Erased(line["erased"], line["status"])
        elif one := begun.pop(line.get("done", ""), None):
            through[one.code] = one
    unsure = {one.code: one for one in begun.values() if one.code not in through}
    through |= {code: one for code, one in unsure.items() if code in also}
    return Known(list(through.values()), [one for code, one in unsure.items() if code not in through])


def _through(token: str) -> None:
    line: dict[str, Any] = {"done": token}
    appending.append(path(), line)
