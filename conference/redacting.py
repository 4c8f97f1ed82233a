"""Secrets and people stay out of every log: struck from what any logger writes.

Personal links, codes and secret papers by their place in an address; mail addresses, phone and identity
numbers by their form; names by their letters, because our own words in a log are English. Of a fault its
kind, its first line and the way to it stay; what a database adds of a row ("DETAIL: Key (email)=…") does not.
Done where records are made, not at one handler: the web server and libraries bring handlers of their own.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from traceback import format_exception
from typing import Any

STRUCK = "•••"
# What follows one of these in a path is a secret or a person's code, however it was mangled (also encoded, as
# in a `next=`).
_SLASH = "(?:/|%2f)"
_PLACES = (
    "l",
    "v",
    "ballots",
    "people",
    "photo",
    "receipts",
    f"programme{_SLASH}own",
    rf"here{_SLASH}[\w-]+",
)
_IN_PATH = re.compile(rf"({_SLASH}(?:{'|'.join(_PLACES)}){_SLASH})[^\s/?#&%\"'<>]+", re.IGNORECASE)
# A token or a certificate's code standing alone, also in groups.
_SIGN = "[0-9A-HJKMNP-TV-Z]"
_ALONE = re.compile(
    rf"(?<![0-9A-Za-z])(?:{_SIGN}{{32}}|{_SIGN}{{16}}|(?:{_SIGN}{{4}}-){{3}}{_SIGN}{{4}})(?![0-9A-Za-z])"
)
_MAIL = re.compile(r"[^\s<>\"'(),;:@=]+@[^\s<>\"'(),;:@]+\.[a-z]{2,}", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.+-])(?:\+84|0)(?:[ .-]?\d){8,11}(?![\w-])")
# From the first to the last word with a letter beyond ASCII, and the capitalised words beside them.
_WORD = r"[^\s\"'(),;:]*[^\x00-\x7f\W][^\s\"'(),;:]*"
_NAME = re.compile(rf"(?:\b[A-Z][a-z]*\s+)*{_WORD}(?:.*{_WORD})?(?:\s+[A-Z][a-z]*\b)*")
_FRAME = ("Traceback (most recent call last)", "The above exception", "During handling of the above")


def redact(text: str) -> str:
    """The text without secrets and people."""
    text = _IN_PATH.sub(rf"\1{STRUCK}", text)
    for pattern in (_ALONE, _MAIL, _NUMBER, _NAME):
        text = pattern.sub(STRUCK, text)
    return text


def plain_trace(trace: str) -> str:
    """The frames as they are, and of every fault its kind and first line."""
    return "\n".join(_lines_of_trace(trace))


def _lines_of_trace(trace: str) -> Iterator[str]:
    has_told = False
    for line in trace.splitlines():
        if line.startswith(_FRAME):
            has_told = False
            yield line
        elif not has_told and line.startswith(" "):
            yield line  # a frame: code, no values
        elif not has_told and line:
            has_told = True
            yield redact(line)


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
            made.exc_text = plain_trace(trace)  # a formatter takes this instead of writing the trace again
        return made

    record.redacts = True  # type: ignore[attr-defined]  # a mark on the function
    logging.setLogRecordFactory(record)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # wrong arguments: the handler will say so itself
        return f"{record.msg} {record.args}"
