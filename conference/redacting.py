"""Secrets stay out of every log: personal links and secret papers are struck from what any logger writes.

Done where records are made, not at one handler: the web server and libraries bring handlers of their own.
"""

from __future__ import annotations

import logging
import re
from traceback import format_exception
from typing import Any

STRUCK = "•••"
# The path of a link, of one person's calendar or of a secret paper, however it was mangled (also encoded, as
# in a `next=`), and a token standing alone.
_IN_PATH = re.compile(
    r"((?:/|%2f)(?:l|ballots|programme(?:/|%2f)own)(?:/|%2f))[^\s/?#&%\"'<>]+", re.IGNORECASE
)
_ALONE = re.compile(r"(?<![0-9A-Za-z])[0-9A-HJKMNP-TV-Z]{32}(?![0-9A-Za-z])")


def redact(text: str) -> str:
    """The text without tokens of links."""
    return _ALONE.sub(STRUCK, _IN_PATH.sub(rf"\1{STRUCK}", text))


def install() -> None:
    """From now on every record of this process is written without tokens."""
    make = logging.getLogRecordFactory()
    if getattr(make, "redacts", False):
        return

    def record(*args: Any, **kwargs: Any) -> logging.LogRecord:
        made = make(*args, **kwargs)
        said = _message(made)
        if (clean := redact(said)) != said:
            made.msg, made.args = clean, ()
        if made.exc_info and made.exc_info[0] is not None:
            trace = "".join(format_exception(*made.exc_info)).rstrip("\n")
            if (clean := redact(trace)) != trace:
                made.exc_text = clean  # a formatter takes this instead of writing the trace again
        return made

    record.redacts = True  # type: ignore[attr-defined]  # a mark on the function
    logging.setLogRecordFactory(record)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # wrong arguments: the handler will say so itself
        return f"{record.msg} {record.args}"
