"""Moments of arrival and departure: cells with a date or a time, numbers of Excel, and any text."""

from __future__ import annotations

import datetime
import re

from attendees.workbooks.births import EPOCH, SERIAL
from attendees.workbooks.grids import Value, shown
from conference.vietnamese import gettext_noop

SERIAL_TIME = gettext_noop("Số của Excel đã đọc thành giờ.")

_SERIALS = range(40_000, 60_000)  # 2009 … 2064 as Excel counts days
_NUMBER = re.compile(r"\d{5}(?:\.\d{1,15})?|0\.\d{1,15}")
_MINUTES = 24 * 60


def read_moment(value: Value) -> tuple[str, str]:
    """The text of a cell of travel, and the sentence to tell when it was a number of Excel, or ""."""
    text = shown(value)
    if isinstance(value, bool) or not _NUMBER.fullmatch(text):
        return text, ""
    minutes = round(float(text) * _MINUTES)
    moment = datetime.datetime.combine(EPOCH, datetime.time()) + datetime.timedelta(minutes=minutes)
    if 0 < minutes < _MINUTES:
        return shown(moment.time()), SERIAL_TIME
    return (shown(moment), SERIAL) if minutes // _MINUTES in _SERIALS else (text, "")
