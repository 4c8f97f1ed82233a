"""Times in the language of the interface."""

import datetime

import pytest
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation

from attendees import admin_mail as attendees_mail
from attendees.admin_review import ReturnForm
from conference import moments, vietnamese_dates
from conference.desk_forms import (
    CLOCK_HINT,
    DAY_HINT,
    MOMENT_HINT,
    OVERRIDES,
    ClockInput,
    DayInput,
    MomentField,
    MomentInput,
    UntilForm,
)
from conference.vietnamese_dates import VIETNAM
from mailing import admin_acts as mailing_acts

DAY = datetime.datetime(2024, 5, 31, 17, 0, tzinfo=VIETNAM)
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


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_days_are_read_as_the_fields_and_their_hints_write_them(language: str) -> None:
    """In English too: there Django by itself takes the month for the first."""
    day, moment, clock = forms.DateField(), MomentField(), forms.TimeField()
    with translation.override(language):
        examples = [str(hint).rstrip(".").rsplit(" ", 1)[1] for hint in (DAY_HINT, MOMENT_HINT, CLOCK_HINT)]
        assert day.clean(examples[0]) == datetime.date(2024, 6, 6)
        assert day.clean("05/6/2024") == datetime.date(2024, 6, 5)
        assert moment.clean(f"31/5/2024 {examples[1]}").date() == datetime.date(2024, 5, 31)
        assert clock.clean(examples[2]) == datetime.time(7, 30)
        written = (
            (day, DayInput(), datetime.date(2024, 6, 5)),
            (moment, MomentInput(), datetime.datetime(2024, 6, 5, 17, tzinfo=VIETNAM)),
            (clock, ClockInput(), datetime.time(14, 5)),
        )
        for field, widget, value in written:
            assert field.clean(widget.format_value(field.prepare_value(value))) == value


@pytest.mark.parametrize("typed", ["31/5/2024", " 31-5-2024 ", "2024-05-31"])
def test_a_day_without_its_hour_is_asked_about(typed: str) -> None:
    """Taken as 00:00, “extended until 31/5” ended the evening before."""
    with pytest.raises(ValidationError, match="31/5/2024 17:00"):
        MomentField().clean(typed)
    assert MomentField(required=False).clean("") is None


def test_every_moment_of_the_desk_is_asked_so() -> None:
    forms_with_moments = (UntilForm, ReturnForm, attendees_mail.HourForm, mailing_acts.HourForm)
    for form in forms_with_moments:
        found = [one for one in form.base_fields.values() if isinstance(one, forms.DateTimeField)]
        assert [type(one) for one in found] == [MomentField], form
    assert OVERRIDES[models.DateTimeField]["form_class"] is MomentField
