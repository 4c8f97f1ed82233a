"""Vietnamese dates, times, numbers and sizes, on screen and on papers. Plain Python, no Django.

Rule for days and months: two digits for days below 10 and for months 1 and 2 (Decree 30/2020, annex I, II.4).
A moment is shown in the time zone that it has: who shows it in that of a conference turns it there. One in
UTC, as the database gives them, is shown in Vietnamese time.
"""

from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
LAST_PADDED_MONTH = 2


def _local(moment: datetime) -> datetime:
    return moment.astimezone(VIETNAM) if moment.tzname() == "UTC" else moment


def _local_date(day: date) -> date:
    return _local(day).date() if isinstance(day, datetime) else day


def _local_time(moment: time | datetime) -> time:
    return _local(moment).time() if isinstance(moment, datetime) else moment


def _ordered(start: date, end: date) -> tuple[date, date]:
    start, end = _local_date(start), _local_date(end)
    if end < start:
        raise ValueError(f"the range ends ({end}) before it starts ({start})")
    return start, end


def _month(day: date) -> str:
    return f"{day.month:02d}" if day.month <= LAST_PADDED_MONTH else str(day.month)


# Dates in words, for papers


def _day_and_month(day: date) -> str:
    return f"ngày {day.day:02d} tháng {_month(day)}"


def date_in_words(day: date) -> str:
    """Return "ngày 06 tháng 6 năm 2024"."""
    day = _local_date(day)
    return f"{_day_and_month(day)} năm {day.year}"


def date_range_in_words(start: date, end: date) -> str:
    """Return "từ ngày 06 đến ngày 07 tháng 6 năm 2024"; one day alone is "ngày 06 tháng 6 năm 2024"."""
    start, end = _ordered(start, end)
    if start == end:
        return date_in_words(start)
    if start.year != end.year:
        first = date_in_words(start)
    elif start.month != end.month:
        first = _day_and_month(start)
    else:
        first = f"ngày {start.day:02d}"
    return f"từ {first} đến {date_in_words(end)}"


def time_in_words(moment: time | datetime) -> str:
    """Return "07 giờ 30 phút"."""
    moment = _local_time(moment)
    return f"{moment.hour:02d} giờ {moment.minute:02d} phút"


# Dates and times on screen


def weekday(day: date) -> str:
    """Return "thứ Hai" … "thứ Bảy", "Chủ nhật"."""
    return WEEKDAYS[_local_date(day).weekday()]


def short_date(day: date) -> str:
    """Return "06/6/2024"; January and February are padded: "06/01/2024"."""
    day = _local_date(day)
    return f"{day.day:02d}/{_month(day)}/{day.year}"


def short_range(start: date, end: date) -> str:
    """Return "06–07/6/2024", "30/6–02/7/2024" or "31/12/2024–01/01/2025"; one day alone is "06/6/2024"."""
    start, end = _ordered(start, end)
    if start == end:
        return short_date(start)
    if start.year != end.year:
        first = short_date(start)
    elif start.month != end.month:
        first = f"{start.day:02d}/{_month(start)}"
    else:
        first = f"{start.day:02d}"
    return f"{first}–{short_date(end)}"


def weekday_date(day: date) -> str:
    """Return "thứ Sáu, 31/5/2024"."""
    return f"{weekday(day)}, {short_date(day)}"


def clock(moment: time | datetime) -> str:
    """Return "07:30"."""
    return _local_time(moment).strftime("%H:%M")


def time_range(start: time | datetime, end: time | datetime) -> str:
    """Return "08:00–08:15"."""
    return f"{clock(start)}–{clock(end)}"


def greatest_units(delta: timedelta) -> list[tuple[int, str]]:
    """Return the two greatest units of a length of time: [(1, "ngày"), (1, "giờ")]; empty under a minute."""
    minutes = int(abs(delta).total_seconds()) // 60
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    pairs = ((days, "ngày"), (hours, "giờ")) if days else ((hours, "giờ"), (minutes, "phút"))
    return [pair for pair in pairs if pair[0]]


def duration(delta: timedelta) -> str:
    """Return "1 ngày 1 giờ", "2 giờ 5 phút", "dưới 1 phút"."""
    return " ".join(f"{count} {unit}" for count, unit in greatest_units(delta)) or "dưới 1 phút"


def remaining(delta: timedelta) -> str:
    """Return "Còn 1 ngày 1 giờ" before a deadline, "Đã quá hạn 2 giờ" from it on."""
    if delta <= timedelta(0):
        return f"Đã quá hạn {duration(delta)}"
    return f"Còn {duration(delta)}"


# Numbers


def number(value: int | float | Decimal, places: int = 2) -> str:
    """Return "1.234" or "3,5": rounded half up to `places` decimals, trailing zeros left out."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    whole, _, decimals = f"{rounded:,f}".partition(".")
    decimals = decimals.rstrip("0")
    text = whole.replace(",", ".") + (f",{decimals}" if decimals else "")
    return "0" if text == "-0" else text


def file_size(size: int) -> str:
    """Return a size in bytes for people, in steps of 1 024: "812 B", "96 KB", "1,9 MB"."""
    if size < 1024:
        return f"{number(size)} B"
    value, unit = size / 1024, "KB"
    for greater in ("MB", "GB", "TB"):
        if round(value, 0 if unit == "KB" else 1) < 1024:
            break
        value, unit = value / 1024, greater
    return f"{number(value, 0 if unit == 'KB' else 1)} {unit}"
