"""Which unit stands today where another one stood: by the days of the successions, never by code."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from conference import units
from conference.models import Conference, Unit, UnitSuccession


def is_redrawn(conference: Conference, day: datetime.date) -> bool:
    """Has the map of the country become another one between the conference and this day?"""
    return (conference.unit_set, units.set_on(day)) == (units.OLD_SET, units.NEW_SET)


def heirs(before: Iterable[int], standing: Iterable[Unit], day: datetime.date) -> dict[int, Unit]:
    """For each unit of `before` (its id) the one of `standing` on its ground; none where nothing follows.

    `standing` are the units of that day. Every succession up to it is followed: Huế became a city first, and
    kept its borders later. Should a unit ever be divided, all of it goes to the first heir, so that no figure
    is counted twice. One query.
    """
    there = {unit.pk: unit for unit in standing}
    steps = UnitSuccession.objects.filter(on__lte=day).order_by("-on", "-new__code")
    following = dict(steps.values_list("old", "new"))  # of several the first: it is written last
    reached = ((unit, _reached(unit, following, there)) for unit in set(before))
    return {unit: heir for unit, heir in reached if heir is not None}


def _reached(unit: int, following: Mapping[int, int], there: Mapping[int, Unit]) -> Unit | None:
    met = set()
    while unit not in there and unit in following and unit not in met:
        met.add(unit)
        unit = following[unit]
    return there.get(unit)
