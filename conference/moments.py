"""Days and lengths of time in the language of the interface. Papers are Vietnamese: `vietnamese_dates`."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference import vietnamese_dates


def weekday(day: date) -> str:
    """Return "thứ Năm"; in the English interface "Thursday"."""
    return _(vietnamese_dates.weekday(day))


def weekday_date(day: date) -> str:
    """Return "thứ Năm, 06/6/2024"."""
    return f"{weekday(day)}, {vietnamese_dates.short_date(day)}"


def moment(at: datetime) -> str:
    """Return "15:42, thứ Năm, 30/5/2024"."""
    return f"{vietnamese_dates.clock(at)}, {weekday_date(at)}"


def duration(delta: timedelta) -> str:
    """Return "1 ngày 1 giờ", "dưới 1 phút"."""
    return " ".join(_spoken(*pair) for pair in vietnamese_dates.greatest_units(delta)) or _("dưới 1 phút")


def remaining(delta: timedelta) -> str:
    """Return "Còn 1 ngày 1 giờ" before a deadline, "Đã quá hạn 2 giờ" from it on."""
    sentence = _("Đã quá hạn %s") if delta <= timedelta(0) else _("Còn %s")
    return sentence % duration(delta)


def _spoken(count: int, unit: str) -> str:
    if unit == "ngày":
        return ngettext("%d ngày", "%d ngày", count) % count
    if unit == "giờ":
        return ngettext("%d giờ", "%d giờ", count) % count
    return ngettext("%d phút", "%d phút", count) % count
