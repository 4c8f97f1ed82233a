"""Vietnamese dates, numbers and phones in templates: thin filters over `conference.vietnamese`.

Each filter has the name of the function it calls; an empty value stays empty. Days of the week and lengths of
time follow the language of the interface, everything else stays as Vietnamese offices write it.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.utils.timezone import localtime

from conference import moments, vietnamese, vietnamese_dates

register = template.Library()


def _here(value: Any) -> Any:
    """A moment as the database gives it, in the zone of the page: at the desk that of the conference."""
    return localtime(value) if isinstance(value, datetime) and value.tzname() == "UTC" else value


def _careful(show: Callable[[Any], str]) -> Callable[[Any], str]:
    def shown(value: Any) -> str:
        return "" if value is None or value == "" else show(_here(value))

    return shown


for _show in (
    vietnamese_dates.date_in_words,  # ngày 06 tháng 6 năm 2024
    vietnamese_dates.short_date,  # 06/6/2024
    vietnamese_dates.clock,  # 07:30
    vietnamese_dates.time_in_words,  # 07 giờ 30 phút
    moments.remaining,  # Còn 1 ngày 1 giờ
    moments.weekday,  # thứ Năm
    moments.weekday_date,  # thứ Năm, 06/6/2024
    moments.moment,  # 15:42, thứ Năm, 30/5/2024
    vietnamese_dates.number,  # 1.234
    vietnamese_dates.file_size,  # 1,9 MB
    vietnamese.show_phone,  # 0912 345 678
    vietnamese.mask_phone,  # 0912 ••• 678
    vietnamese.mask_email,  # a•••@lamdong.gov.vn
):
    register.filter(_show.__name__, _careful(_show))


@register.filter
def short_range(start: date, end: date) -> str:
    """06–07/6/2024: `{{ conference.starts_on|short_range:conference.ends_on }}`."""
    return vietnamese_dates.short_range(start, end)


@register.filter
def spoken(length: timedelta) -> str:
    """A length of time: 1 giờ 5 phút."""
    return moments.duration(length)


@register.filter
def day_month(day: date) -> str:
    """06/6: a day whose year is clear."""
    return vietnamese_dates.short_date(_here(day)).rpartition("/")[0]


@register.filter
def month_word(day: date) -> str:
    """The month as offices write it: 6, but 01 and 02."""
    return vietnamese_dates.short_date(_here(day)).split("/")[1]
