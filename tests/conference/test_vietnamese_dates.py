from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from conference import vietnamese_dates as dates

OPENING = date(2024, 6, 6)


@pytest.mark.parametrize(
    ("day", "words", "short"),
    [
        (date(2024, 6, 6), "ngày 06 tháng 6 năm 2024", "06/6/2024"),
        (date(2024, 1, 1), "ngày 01 tháng 01 năm 2024", "01/01/2024"),
        (date(2024, 2, 29), "ngày 29 tháng 02 năm 2024", "29/02/2024"),
        (date(2024, 3, 10), "ngày 10 tháng 3 năm 2024", "10/3/2024"),
        (date(2024, 12, 9), "ngày 09 tháng 12 năm 2024", "09/12/2024"),
        (datetime(2024, 6, 5, 18, tzinfo=UTC), "ngày 06 tháng 6 năm 2024", "06/6/2024"),
    ],
)
def test_days_below_ten_and_the_first_two_months_have_two_digits(day: date, words: str, short: str) -> None:
    assert dates.date_in_words(day) == words
    assert dates.short_date(day) == short


@pytest.mark.parametrize(
    ("start", "end", "words", "short"),
    [
        (OPENING, OPENING, "ngày 06 tháng 6 năm 2024", "06/6/2024"),
        (OPENING, date(2024, 6, 7), "từ ngày 06 đến ngày 07 tháng 6 năm 2024", "06–07/6/2024"),
        (date(2024, 1, 9), date(2024, 1, 10), "từ ngày 09 đến ngày 10 tháng 01 năm 2024", "09–10/01/2024"),
        (
            date(2024, 6, 30),
            date(2024, 7, 2),
            "từ ngày 30 tháng 6 đến ngày 02 tháng 7 năm 2024",
            "30/6–02/7/2024",
        ),
        (
            date(2024, 12, 31),
            date(2025, 1, 1),
            "từ ngày 31 tháng 12 năm 2024 đến ngày 01 tháng 01 năm 2025",
            "31/12/2024–01/01/2025",
        ),
        (
            date(2024, 6, 6),
            date(2025, 6, 6),
            "từ ngày 06 tháng 6 năm 2024 đến ngày 06 tháng 6 năm 2025",
            "06/6/2024–06/6/2025",
        ),
    ],
)
def test_a_range_says_only_what_differs(start: date, end: date, words: str, short: str) -> None:
    assert dates.date_range_in_words(start, end) == words
    assert dates.short_range(start, end) == short


def test_a_range_that_ends_before_it_starts_is_an_error() -> None:
    for function in (dates.date_range_in_words, dates.short_range):
        with pytest.raises(ValueError, match="before it starts"):
            function(date(2024, 6, 7), OPENING)


def test_a_week_runs_from_monday_to_sunday() -> None:
    monday = date(2024, 6, 3)
    assert [dates.weekday(monday + timedelta(days)) for days in range(7)] == [
        "thứ Hai",
        "thứ Ba",
        "thứ Tư",
        "thứ Năm",
        "thứ Sáu",
        "thứ Bảy",
        "Chủ nhật",
    ]
    assert dates.weekday_date(date(2024, 5, 31)) == "thứ Sáu, 31/5/2024"
    assert dates.weekday(datetime(2024, 6, 5, 17, tzinfo=UTC)) == "thứ Năm"


def test_a_moment_is_told_in_the_zone_that_it_has_and_that_of_the_database_in_ours() -> None:
    typed = datetime(2024, 5, 31, 0, 30, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert (dates.clock(typed), dates.short_date(typed)) == ("00:30", "31/5/2024")
    stored = typed.astimezone(UTC)
    assert (dates.clock(stored), dates.short_date(stored)) == ("22:30", "30/5/2024")
    assert dates.clock(stored.astimezone(ZoneInfo("UTC"))) == "22:30"
    assert dates.clock(datetime(2024, 1, 1, 9, tzinfo=ZoneInfo("Europe/London"))) == "09:00"


def test_times_are_local_and_have_two_digits() -> None:
    assert dates.clock(time(7, 5)) == "07:05"
    assert dates.clock(datetime(2024, 6, 6, 0, 30, tzinfo=UTC)) == "07:30"
    assert dates.time_range(time(8), time(8, 15)) == "08:00–08:15"
    assert dates.time_in_words(time(7, 30)) == "07 giờ 30 phút"
    assert dates.time_in_words(datetime(2024, 6, 6, 7, tzinfo=UTC)) == "14 giờ 00 phút"


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=1, hours=1), "Còn 1 ngày 1 giờ"),
        (timedelta(days=1, hours=1, minutes=59), "Còn 1 ngày 1 giờ"),
        (timedelta(days=3, minutes=5), "Còn 3 ngày"),
        (timedelta(hours=2, minutes=5, seconds=59), "Còn 2 giờ 5 phút"),
        (timedelta(hours=5), "Còn 5 giờ"),
        (timedelta(minutes=1), "Còn 1 phút"),
        (timedelta(seconds=59), "Còn dưới 1 phút"),
        (timedelta(0), "Đã quá hạn dưới 1 phút"),
        (timedelta(hours=-2), "Đã quá hạn 2 giờ"),
        (timedelta(days=-2, minutes=-1), "Đã quá hạn 2 ngày"),
    ],
)
def test_what_is_left_is_told_in_two_units(left: timedelta, words: str) -> None:
    assert dates.remaining(left) == words


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (999, "999"),
        (1234, "1.234"),
        (1_234_567, "1.234.567"),
        (-1234, "-1.234"),
        (3.5, "3,5"),
        (1234.5, "1.234,5"),
        (0.1 + 0.2, "0,3"),
        (2.675, "2,68"),
        (Decimal("12.50"), "12,5"),
        (-0.001, "0"),
        (1e20, "100.000.000.000.000.000.000"),
    ],
)
def test_numbers_have_dots_for_thousands_and_a_comma(value: int | float | Decimal, shown: str) -> None:
    assert dates.number(value) == shown


def test_a_number_is_rounded_to_the_places_asked_for() -> None:
    assert [dates.number(2.5, 0), dates.number(66.666, 1), dates.number(66.666, 3)] == ["3", "66,7", "66,666"]


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 B"),
        (812, "812 B"),
        (1023, "1.023 B"),
        (1024, "1 KB"),
        (98_304, "96 KB"),
        (1024**2 - 1, "1 MB"),
        (1_992_294, "1,9 MB"),
        (15 * 1024**2, "15 MB"),
        (1024**3 - 1, "1 GB"),
        (5 * 1024**4, "5 TB"),
        (5000 * 1024**4, "5.000 TB"),
    ],
)
def test_file_sizes_are_short(size: int, shown: str) -> None:
    assert dates.file_size(size) == shown
