"""Dates and years of birth: cells with a date, texts in many spellings, serial numbers, years alone."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

from attendees.workbooks.grids import Value, shown
from attendees.workbooks.shapes import ERROR, NOTICE, WARNING
from conference import vietnamese
from conference.vietnamese import gettext_noop
from conference.vietnamese_dates import short_date

EARLIEST_YEAR = 1900
YOUNGEST = 15  # years, as the table of people has it

NOT_A_DATE = gettext_noop(
    "Ngày sinh này không đọc được. Ghi dạng ngày/tháng/năm, ví dụ 05/6/1975, hoặc năm sinh."
)
NO_SUCH_DAY = gettext_noop("Ngày này không có trong lịch. Ghi lại dạng ngày/tháng/năm.")
OUT_OF_RANGE = gettext_noop("Năm sinh từ %(first)s đến %(last)s. Sửa lại năm sinh.")
SERIAL = gettext_noop("Số của Excel đã đọc thành ngày.")
SHORT_YEAR = gettext_noop("Năm hai chữ số đã đọc thành bốn chữ số.")
MONTH_FIRST = gettext_noop("Ngày ghi theo kiểu tháng/ngày/năm, đã đọc lại theo ngày/tháng/năm.")
MAYBE_SWAPPED = gettext_noop(
    "Ngày và tháng ở ô này có thể bị đổi chỗ: cột có cả hai kiểu ghi. Xem lại ngày sinh."
)
YEAR_AS_DATE = gettext_noop("Ô định dạng ngày nhưng ghi năm sinh, đã đọc thành năm.")
REWRITTEN = gettext_noop("Ngày sinh đã viết lại theo ngày/tháng/năm.")
MONTH_DROPPED = gettext_noop("Chỉ có tháng và năm sinh, đã giữ lại năm.")

_DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{1,2})(?:[ T]00:00(?::00)?)?")
_WORDS = re.compile(r"(?:ngày\s*)?(\d{1,2})\s*tháng\s*(\d{1,2})\s*năm\s*(\d{4})", re.I)
_MONTH = re.compile(r"(?:tháng\s*)?(\d{1,2})\s*[/.\-]\s*(\d{4})")
_YEAR = re.compile(r"(?:năm\s*(?:sinh\s*)?:?\s*|sn\s*:?\s*|ns\s*:?\s*)?((?:19|20)\d\d)\.?", re.I)
_SERIAL = range(7_000, 60_000)  # 1919 … 2064 as Excel counts days
EPOCH = datetime.date(1899, 12, 30)
_PREFIX = re.compile(r"(?:sinh ngày|ngày sinh|sinh năm|sinh|ns|ngày)\s*:?\s*(?=\d)", re.I)


@dataclass(slots=True)
class Birth:
    """What was read; `level` … `after` tell the one thing there is to tell about it."""

    date: datetime.date | None = None
    year: int | None = None
    level: str = ""
    code: str = ""
    message: str = ""
    after: str = ""


@dataclass(slots=True)
class Order:
    """What a column of dates says about the order of day and month."""

    day_first: bool = False  # a text such as 25/12/1975
    month_first: bool = False  # a text such as 12/25/1975
    early_cells_only: bool = True  # no cell with a date has a day after the 12th

    @classmethod
    def of(cls, values: Iterable[Value]) -> Order:
        order = cls()
        for value in values:
            if isinstance(value, datetime.date):
                order.early_cells_only &= value.day <= 12
            elif isinstance(value, str) and (found := _DAY_FIRST.fullmatch(vietnamese.clean(value))):
                order.day_first |= int(found[1]) > 12
                order.month_first |= int(found[2]) > 12 >= int(found[1])
        return order


def read_birth(value: Value, order: Order, today: datetime.date) -> Birth:
    """Read a cell of a date or year of birth."""
    birth = _read(value, order, today)
    year = birth.date.year if birth.date else birth.year
    latest = today.year - YOUNGEST
    if year is not None and not EARLIEST_YEAR <= year <= latest:
        return Birth(level=ERROR, code="birth_range", message=OUT_OF_RANGE)
    return birth


def _read(value: Value, order: Order, today: datetime.date) -> Birth:
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return _of_date(value, order)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return Birth(level=ERROR, code="birth", message=NOT_A_DATE)
    text = shown(value)
    if not isinstance(value, str) and text.isdigit() and (birth := _of_number(int(text))):
        return birth
    return _of_text(text if isinstance(value, str) else text.zfill(8), order, today)


def _of_date(day: datetime.date, order: Order) -> Birth:
    serial = (day - EPOCH).days
    if EARLIEST_YEAR <= serial <= 2100:
        return Birth(year=serial, level=NOTICE, code="year_as_date", message=YEAR_AS_DATE, after=str(serial))
    if order.day_first and order.early_cells_only and day.day <= 12 and day.day != day.month:
        # Excel in American English took 05/06/1975 for May 6th, and left 25/12/1975 as a text.
        swapped = short_date(day.replace(day=day.month, month=day.day))
        return Birth(day, day.year, WARNING, "maybe_swapped", MAYBE_SWAPPED, swapped)
    return Birth(day, day.year)


def _of_number(number: int) -> Birth | None:
    if EARLIEST_YEAR <= number <= 2100:
        return Birth(year=number)
    if number in _SERIAL:
        day = EPOCH + datetime.timedelta(number)
        return Birth(day, day.year, NOTICE, "serial", SERIAL, short_date(day))
    return None


def _of_text(text: str, order: Order, today: datetime.date) -> Birth:
    bare = _PREFIX.sub("", text).strip(" .,;'’")
    if found := _YEAR.fullmatch(text.strip(" '’")) or _YEAR.fullmatch(bare):
        return Birth(year=int(found[1]))
    if found := _DAY_FIRST.fullmatch(bare):
        return _of_parts(int(found[1]), int(found[2]), found[3], order, today)
    if found := _WORDS.fullmatch(bare):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _YEAR_FIRST.fullmatch(bare):
        return _told(_day(int(found[3]), int(found[2]), int(found[1])), "rewritten", REWRITTEN)
    if found := _MONTH.fullmatch(bare):
        year = int(found[2])
        return Birth(year=year, level=NOTICE, code="month", message=MONTH_DROPPED, after=str(year))
    if re.fullmatch(r"\d{8}", bare):
        return _told(_day(int(bare[:2]), int(bare[2:4]), int(bare[4:])), "rewritten", REWRITTEN)
    if re.fullmatch(r"\d{4,5}(?:\.0+)?", bare) and (birth := _of_number(int(float(bare)))):
        return birth
    return Birth(level=ERROR, code="birth", message=NOT_A_DATE)


def _of_parts(first: int, second: int, year: str, order: Order, today: datetime.date) -> Birth:
    """First and second figure are day and month, unless that cannot be."""
    whole = int(year)
    if len(year) == 2:
        whole += 2000 if 2000 + whole <= today.year - YOUNGEST else 1900
    if second > 12 >= first:
        return _told(_day(second, first, whole), "month_first", MONTH_FIRST)
    birth = _day(first, second, whole)
    if birth.date and order.month_first and first <= 12 and first != second:
        birth.level, birth.code, birth.message = WARNING, "maybe_swapped", MAYBE_SWAPPED
        birth.after = short_date(birth.date.replace(day=second, month=first))
        return birth
    return _told(birth, "short_year", SHORT_YEAR) if len(year) == 2 else birth


def _day(day: int, month: int, year: int) -> Birth:
    try:
        date = datetime.date(year, month, day)
    except ValueError:
        return Birth(level=ERROR, code="birth", message=NO_SUCH_DAY)
    return Birth(date, date.year)


def _told(birth: Birth, code: str, message: str) -> Birth:
    """The birth with a notice, unless it is wrong already."""
    if birth.date and not birth.level:
        birth.level, birth.code, birth.message, birth.after = NOTICE, code, message, short_date(birth.date)
    return birth
