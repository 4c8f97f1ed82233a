"""The board: seats and people of every delegation by component, on the map of then or on the map of today.

The database counts, in a fixed number of queries for any number of delegations, components and people; what
is left to do here is to add up. The sum is the same on both maps.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from attendees.models import Attendee, Category, Delegation, Quota
from conference import succession
from conference.models import Conference, Unit

CENTRAL = "central"  # the region of those who have none


class Map(models.TextChoices):
    """Whose borders group the delegations."""

    THEN = "then", _("Như khi đó")
    NOW = "now", _("Như hiện nay")


class Figure(models.TextChoices):
    """Which of the figures of a cell is written large."""

    CONFIRMED = "confirmed", pgettext_lazy("figure", "Xác nhận")
    NOMINATED = "nominated", _("Đã cử")
    DECLINED = "declined", pgettext_lazy("state", "Không cử")
    PRESENT = "present", _("Có mặt")


class ReviewState(models.TextChoices):
    """Where an answer stands between its delegation and the organisers."""

    ACCEPTED = "accepted", _("Đã tiếp nhận")
    SENT = "sent", _("Chờ tiếp nhận")
    RETURNED = "returned", _("Trả lại")
    NONE = "none", _("Chưa gửi")


@dataclass(frozen=True)
class Figures:
    """What is counted in a cell, a row, a column."""

    seats: int = 0
    nominated: int = 0  # who takes a seat, confirmed or not
    confirmed: int = 0
    declined: int = 0  # seats
    present: int = 0

    def __add__(self, other: Self) -> Self:
        return type(self)(
            self.seats + other.seats,
            self.nominated + other.nominated,
            self.confirmed + other.confirmed,
            self.declined + other.declined,
            self.present + other.present,
        )

    @property
    def loose(self) -> int:
        """Seats that nobody takes, declined or not."""
        return max(self.seats - self.nominated, 0)

    @property
    def state(self) -> str:
        """As a tile of the map: full, part, none, off; "" where there is neither seat nor person."""
        if not (self.seats or self.nominated):
            return ""
        if self.confirmed and self.confirmed + self.declined >= self.seats:
            return "full"
        if self.declined and self.declined >= self.seats:
            return "off"
        return "part" if self.nominated or self.declined else "none"


NOTHING = Figures()


def total(figures: Iterable[Figures]) -> Figures:
    return sum(figures, NOTHING)


def review_state(delegation: Delegation) -> ReviewState:
    if delegation.review:
        return ReviewState(delegation.review)
    return ReviewState.SENT if delegation.status in Delegation.SENT else ReviewState.NONE


def owes(delegation: Delegation) -> bool:
    """Is an answer still to come: none yet, a part of it, or one that was returned? As for reminders."""
    return delegation.status not in Delegation.SENT


@dataclass(frozen=True)
class Wanted:
    """What of the board is asked for. Empty words narrow nothing."""

    figure: str = Figure.CONFIRMED
    region: str = ""
    state: str = ""
    review: str = ""
    category: str = ""  # its slug
    owing: bool = False

    def takes(self, delegation: Delegation, home: Unit | None) -> bool:
        """Is this delegation on the board that is asked for?"""
        return (
            self.region in ("", home.region_code if home else CENTRAL)
            and self.state in ("", delegation.status)
            and self.review in ("", review_state(delegation))
            and (owes(delegation) or not self.owing)
        )


@dataclass
class Reading:
    """What the database says of a conference: one map, all delegations, every figure."""

    conference: Conference
    map: Map
    is_redrawn: bool  # is there another map today?
    ground: list[Unit]  # every unit of the map, with a delegation or without
    delegations: list[Delegation]
    homes: dict[int, Unit]  # unit of a delegation (its id) → unit of the map
    categories: list[Category]
    figures: dict[tuple[int, int], Figures]  # by delegation and component

    def home(self, delegation: Delegation) -> Unit | None:
        return self.homes.get(delegation.unit_id) if delegation.unit_id else None

    def of(self, delegation: Delegation) -> Iterable[tuple[int, Figures]]:
        """The figures of one delegation, by component."""
        own = delegation.pk
        for key in [category.pk for category in self.categories]:
            yield key, self.figures.get((own, key), NOTHING)

    @property
    def regions(self) -> dict[str, str]:
        """Code → name, from north to south."""
        rows: dict[tuple[str, str], list[int]] = defaultdict(list)
        for unit in self.ground:
            rows[unit.region_code, unit.region_name].append(unit.tile_row)
        return dict(sorted(rows, key=lambda region: min(rows[region])))


def today(conference: Conference) -> datetime.date:
    """The day of asking. Not the standing clock of a demonstration: its readers live today."""
    return timezone.now().astimezone(conference.zone).date()


def read(conference: Conference, on: str = Map.THEN) -> Reading:
    """Reads everything, on one of the maps. Five queries, and one more for the map of today."""
    day = today(conference)
    is_redrawn = succession.is_redrawn(conference, day)
    is_now = is_redrawn and on == Map.NOW
    ground = list(Unit.objects.valid_on(day) if is_now else conference.units())
    delegations = list(conference.delegations.select_related("unit").defer("extra"))
    own = {one.unit_id: one.unit for one in delegations if one.unit_id and one.unit}
    for one in delegations:
        one.conference = conference
    return Reading(
        conference=conference,
        map=Map.NOW if is_now else Map.THEN,
        is_redrawn=is_redrawn,
        ground=ground,
        delegations=delegations,
        homes=own | (succession.heirs(own, ground, day) if is_now else {}),
        categories=list(conference.categories.all()),
        figures=_counted(conference, {one.pk for one in delegations if _is_declined(one)}),
    )


def _is_declined(delegation: Delegation) -> bool:
    return delegation.status == Delegation.Status.DECLINED


def _counted(conference: Conference, refusing: Collection[int]) -> dict[tuple[int, int], Figures]:
    """Every figure. A delegation that refuses as a whole sends nobody, whatever its seats say one by one."""
    seen = Attendee.objects.present().filter(conference=conference)
    people = {
        (delegation, category): counts
        for delegation, category, *counts in Attendee.objects.filter(conference=conference)
        .order_by()
        .values_list("delegation", "category")
        .annotate(
            nominated=Count("pk", filter=Q(status__in=Attendee.ACTIVE)),
            confirmed=Count("pk", filter=Q(status=Attendee.Status.CONFIRMED)),
            present=Count("pk", filter=Q(pk__in=seen.values("pk"))),
        )
    }
    quotas = Quota.objects.filter(delegation__conference=conference).order_by()
    seats = {
        (delegation, category): (number, number if delegation in refusing else declined)
        for delegation, category, number, declined in quotas.values_list(
            "delegation", "category", "seats", "declined"
        )
    }
    found = {}
    for key in seats.keys() | people.keys():
        number, declined = seats.get(key, (0, 0))
        nominated, confirmed, present = people.get(key, (0, 0, 0))
        found[key] = Figures(number, nominated, confirmed, declined, present)
    return found


# ── Arranged for a reader ─────────────────────────────────────────────────────────────────────────


@dataclass
class Place:
    """A unit of the map, or one central body, with the delegations that belong there."""

    unit: Unit | None
    delegations: list[Delegation] = field(default_factory=list)
    figures: dict[int, Figures] = field(default_factory=dict)  # by component

    @property
    def status(self) -> Delegation.Status:
        """Of several delegations: what they have in common, "closed" when each is closed or refused."""
        found = {Delegation.Status(one.status) for one in self.delegations}
        if len(found) == 1:
            return found.pop()
        return Delegation.Status.CONFIRMED if found <= set(Delegation.SENT) else Delegation.Status.ANSWERING


@dataclass
class Region:
    code: str
    name: str
    places: list[Place] = field(default_factory=list)


@dataclass
class Board:
    """The board that was asked for: regions with their units, and the central bodies apart."""

    wanted: Wanted
    columns: list[Category]  # components with seats or people in a delegation of a unit
    central_columns: list[Category]
    regions: list[Region]
    central: list[Place]

    @property
    def places(self) -> list[Place]:
        return [place for region in self.regions for place in region.places]

    @property
    def delegations(self) -> list[Delegation]:
        return [one for place in (*self.places, *self.central) for one in place.delegations]


def sums(places: Iterable[Place], columns: Iterable[Category]) -> list[Figures]:
    """The figures of several places by component."""
    found = [place.figures for place in places]
    return [total(one.get(key, NOTHING) for one in found) for key in [column.pk for column in columns]]


def arrange(reading: Reading, wanted: Wanted) -> Board:
    """Groups what is wanted of a reading; units in the order of their codes, as offices list them."""
    places: dict[int, Place] = {}
    central = []
    for one in sorted(reading.delegations, key=lambda one: (one.position, one.code)):
        home = reading.home(one)
        if not wanted.takes(one, home):
            continue
        place = Place(home) if home is None else places.setdefault(home.pk, Place(home))
        place.delegations.append(one)
        for category, figures in reading.of(one):
            place.figures[category] = place.figures.get(category, NOTHING) + figures
        if home is None:
            central.append(place)
    regions = {code: Region(code, name) for code, name in reading.regions.items()}
    for place in sorted(places.values(), key=lambda place: place.unit.code if place.unit else ""):
        if place.unit is not None:
            unit = place.unit
            regions.setdefault(unit.region_code, Region(unit.region_code, unit.region_name))
            regions[unit.region_code].places.append(place)
    return Board(
        wanted=wanted,
        columns=_columns(reading, wanted, of_units=True),
        central_columns=_columns(reading, wanted, of_units=False),
        regions=[region for region in regions.values() if region.places],
        central=central,
    )


def _columns(reading: Reading, wanted: Wanted, *, of_units: bool) -> list[Category]:
    """Components that have something to show, however the board is narrowed: columns do not jump about."""
    apart = {one.pk for one in reading.delegations if one.is_central}
    filled: set[Any] = {
        category
        for (delegation, category), figures in reading.figures.items()
        if (delegation in apart) != of_units and figures != NOTHING
    }
    return [one for one in reading.categories if one.pk in filled and wanted.category in ("", one.slug)]
