"""The records of the machine: one event a line, for people or as JSON, and by which request it came.

Nothing in them tells of a person. Whatever a logger says was struck before (`conference.redacting`); what
Django says of a request is told by its route, `<slug:conference>/people/<str:code>/`, not by its path. Knows
no settings: the web server wants it before there are any.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from gunicorn.glogging import Logger

from conference import env, redacting

# The request, or the task, in which this line of execution is.
current: ContextVar[str] = ContextVar("request_id", default="")
_GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}")


def identity(given: str = "") -> str:
    """The number of a request: as the proxy gave it, where it looks like one, or a new one."""
    return given if _GIVEN.fullmatch(given) else secrets.token_hex(8)


class Line(logging.Formatter):
    """One line for people."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(_without_path(record))
        return f"{text} [{number}]" if (number := current.get()) else text


class Json(logging.Formatter):
    """One object a line, in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        record = _without_path(record)
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
        }
        if number := current.get():
            told["request_id"] = number
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            told["trace"] = record.exc_text
        return json.dumps(told, ensure_ascii=False)


FORMATTERS: dict[str, type[logging.Formatter]] = {"line": Line, "json": Json}
LEVELS = ("INFO", "DEBUG", "WARNING", "ERROR", "CRITICAL")  # the first where nothing is said


def logging_of(form: str, level: str) -> dict[str, Any]:
    """The setting `LOGGING`: everything into one stream, in this form, from this level on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"chosen": {"()": FORMATTERS[form]}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "chosen"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            **{name: {"level": "WARNING"} for name in ("weasyprint", "fontTools", "pikepdf")},
            "django": {"handlers": [], "propagate": True, "level": "INFO"},
        },
    }


class ServerLogger(Logger):
    """The lines of gunicorn itself, in the form of the others; it makes them before Django is there."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        redacting.install()
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(FORMATTERS[env.one_of("LOG_FORMAT", *FORMATTERS)]())


def _without_path(record: logging.LogRecord) -> logging.LogRecord:
    """What Django says of a request names its path: codes of people stand in it."""
    request = getattr(record, "request", None)
    if not isinstance(request, HttpRequest):
        return record
    route = _route(request)
    if record.name == "django.request":
        said = f"{getattr(record, 'status_code', '')} {request.method} {route}"
    else:
        escaped = request.path.encode("unicode_escape").decode()  # as Django writes it
        said = record.getMessage().replace(escaped, route)
    record.msg, record.args = said, ()
    return record


def _route(request: HttpRequest) -> str:
    if request.resolver_match:
        return str(request.resolver_match.route)
    try:
        return resolve(request.path_info).route
    except Resolver404:
        return "(no such address)"
