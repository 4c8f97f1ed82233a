"""Times in the language of the interface."""

import datetime

import pytest
from django.utils import translation

from conference import moments, vietnamese_dates

DAY = datetime.datetime(2024, 5, 31, 17, 0, tzinfo=vietnamese_dates.VIETNAM)
LENGTHS = [
    datetime.timedelta(days=1, hours=1),
    datetime.timedelta(hours=2, minutes=5),
    datetime.timedelta(seconds=9),
]


@pytest.mark.parametrize("delta", [*LENGTHS, *(-delta for delta in LENGTHS), datetime.timedelta(0)])
def test_the_vietnamese_interface_speaks_as_the_papers_do(delta: datetime.timedelta) -> None:
    with translation.override("vi"):
        assert moments.remaining(delta) == vietnamese_dates.remaining(delta)
        assert moments.duration(delta) == vietnamese_dates.duration(delta)


def test_the_english_interface_counts_days_and_hours() -> None:
    with translation.override("en"):
        assert [moments.duration(delta) for delta in LENGTHS] == [
            "1 day 1 hour",
            "2 hours 5 minutes",
            "under 1 minute",
        ]
        assert moments.remaining(LENGTHS[0]) == "1 day 1 hour left"
        assert moments.remaining(-LENGTHS[1]) == "Overdue by 2 hours 5 minutes"


def test_the_day_of_the_week_follows_the_language() -> None:
    with translation.override("vi"):
        assert moments.moment(DAY) == "17:00, thứ Sáu, 31/5/2024"
    with translation.override("en"):
        assert moments.moment(DAY) == "17:00, Friday, 31/5/2024"
