"""Numbers of a series: taken inside the transaction that uses them, and known outside the database."""

import pytest
from django.db import transaction

from conference.models import Conference
from documents import marks
from documents.models import NumberSeries


@pytest.mark.django_db(transaction=True)
def test_a_number_is_taken_only_inside_the_transaction_that_uses_it(conference: Conference) -> None:
    series = NumberSeries.objects.create(conference=conference, kind="giay-moi", year=2024)
    with pytest.raises(RuntimeError, match="inside the transaction"):
        series.take()
    assert NumberSeries.objects.get(pk=series.pk).last == 0
    with transaction.atomic():
        assert list(series.take(2)) == [1, 2]


@pytest.mark.django_db
def test_the_mark_is_written_before_the_number_is_used(conference: Conference) -> None:
    series = NumberSeries.held(conference, "giay-moi", 2031, "{number:02}/GM")
    series.take(3)
    [line] = [one for one in marks.read() if one.get("year") == 2031]
    assert (line["conference"], line["kind"], line["number"]) == ("da-lat-2024", "giay-moi", 3)
