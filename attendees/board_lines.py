"""The board as a page shows it: words, numbers and addresses, no rows of the database.

Plain data only, so that two boards which look alike are equal, and their `fingerprint` tells a browser that
nothing has to be sent again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from attendees.board import (
    Board,
    Figure,
    Figures,
    Map,
    Place,
    Reading,
    ReviewState,
    owes,
    review_state,
    sums,
    total,
)
from attendees.desk import TAGS, TILES, reviews, share
from attendees.models import Category, Delegation
from conference import units, vietnamese_dates
from conference.models import Unit

FIGURE_KINDS = {"confirmed": "ok", "nominated": "info", "declined": "off", "present": "ok"}
STATES = ("full", "part", "none", "off")


def state_word(state: str) -> str:
    """What a pattern means in a cell."""
    match state:
        case "full":
            return _("đủ")
        case "part":
            return _("chưa đủ")
        case "none":
            return _("trống")
        case "off":
            return pgettext("seats", "không cử")
    return ""


@dataclass(frozen=True)
class Cell:
    """A figure over the seats, with its state, and where its people are listed."""

    n: int
    of: int
    large: str  # both as people write them
    small: str
    state: str
    word: str
    url: str
    label: str = ""
    is_whole: bool = False  # nothing to look after: a phone leaves it to the sum of its row


@dataclass(frozen=True)
class Line:
    """A unit of the map, or a central body."""

    key: str
    code: str
    name: str
    url: str
    is_host: bool
    kind: str
    word: str
    review: str
    note: str
    before: list[dict[str, str]]  # the delegations that are added up here: {name, url}
    cells: list[Cell]
    total: Cell

    @property
    def is_even(self) -> bool:
        """Is every seat open, or every seat declined? Then the state of the row says so of each cell."""
        return {cell.state for cell in self.cells if cell.state} in ({"none"}, {"off"})


@dataclass(frozen=True)
class Group:
    """A region, with its sums."""

    key: str
    name: str
    count: str
    cells: list[Cell]
    total: Cell
    lines: list[Line]


@dataclass(frozen=True)
class Pool:
    """The spare seats of one component."""

    label: str
    seats: int
    url: str


@dataclass(frozen=True)
class Page:
    """Everything that changes on the board."""

    figure: str
    columns: list[str]
    groups: list[Group]
    totals: list[Cell]
    total: Cell
    central: list[Line]
    tiles: list[dict[str, Any]]
    isles: tuple[units.Inset, ...]
    legend: list[dict[str, Any]]
    summary: list[dict[str, Any]]
    reviews: list[dict[str, Any]]
    pools: list[Pool]
    overdue: int  # seats that nobody takes, in delegations past their deadline
    owing: int
    units: int  # delegations of units on the board
    shown: int
    known: int
    is_now: bool
    announcement: str = field(compare=False)

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(repr(self).encode()).hexdigest()[:32]


class Writer:
    """Turns one board into lines."""

    def __init__(self, reading: Reading, board: Board) -> None:
        self.reading, self.board, self.wanted = reading, board, board.wanted
        self.people = reverse("admin:attendees_attendee_changelist")
        self.delegations = reverse("admin:attendees_delegation_changelist")
        self.words = {state: state_word(state) for state in ("", *STATES)}
        self.seats_urls = {one.pk: seats_url(one) for one in reading.delegations}

    def page(self) -> Page:
        board, places = self.board, self.board.places
        all_figures = total([*sums(places, board.columns), *sums(board.central, board.central_columns)])
        owing = sum(owes(one) for one in board.delegations)
        late = [one for one in self.reading.delegations if not one.is_open()]
        return Page(
            figure=str(Figure(self.wanted.figure).label),
            columns=[short(one) for one in board.columns],
            groups=[self.group(region.code, region.name, region.places) for region in board.regions],
            totals=self.cells(places, board.columns),
            total=self.cell(places, None, total(sums(places, board.columns))),
            central=[self.line(place, board.central_columns) for place in board.central],
            tiles=self.tiles(),
            isles=units.INSETS[self.unit_set],
            legend=self.legend(),
            summary=self.summary(),
            reviews=reviews(board.delegations),
            pools=self.pools(),
            overdue=sum(figures.loose for one in late for _key, figures in self.reading.of(one)),
            owing=owing,
            units=sum(len(place.delegations) for place in places),
            shown=len(board.delegations),
            known=len(self.reading.delegations),
            is_now=self.reading.map == Map.NOW,
            announcement=_("%(n)s trên %(of)s suất đã xác nhận. %(owing)s đoàn còn nợ trả lời.")
            % {
                "n": vietnamese_dates.number(all_figures.confirmed),
                "of": vietnamese_dates.number(all_figures.seats),
                "owing": owing,
            },
        )

    @property
    def unit_set(self) -> str:
        return units.NEW_SET if self.reading.map == Map.NOW else self.reading.conference.unit_set

    # ── Cells ──

    def cells(self, places: Sequence[Place], columns: Sequence[Category]) -> list[Cell]:
        figures = sums(places, columns)
        return [self.cell(places, one, found) for one, found in zip(columns, figures, strict=True)]

    def cell(self, places: Sequence[Place], category: Category | None, figures: Figures) -> Cell:
        state, number = figures.state, getattr(figures, self.wanted.figure)
        return Cell(
            n=number,
            of=figures.seats,
            large=thousands(number),
            small=thousands(figures.seats),
            state=state,
            word=self.words[state],
            url=self.url(places, category, figures) if state else "",
            label=short(category) if category else "",
            is_whole=self.is_whole(figures, number),
        )

    def is_whole(self, figures: Figures, number: int) -> bool:
        if self.wanted.figure == Figure.DECLINED:
            return number == 0
        return figures.state == "full" and number == figures.seats

    def url(self, places: Sequence[Place], category: Category | None, figures: Figures) -> str:
        """The people behind a figure; where there are none, the seats of the delegation."""
        within = [one for place in places for one in place.delegations]
        narrow = category or self.chosen
        if self.wanted.figure == Figure.DECLINED or not (figures.nominated or figures.present):
            return self.where(within)
        words = [these(within), f"category__id__exact={narrow.pk}" if narrow else "", self.status(figures)]
        return f"{self.people}?{'&'.join(filter(None, words))}"

    def where(self, within: Sequence[Delegation]) -> str:
        """The seats of one delegation, the list of several."""
        return self.seats_urls[within[0].pk] if len(within) == 1 else f"{self.delegations}?{these(within)}"

    def status(self, figures: Figures) -> str:
        if not getattr(figures, self.wanted.figure):
            return ""
        return {
            Figure.CONFIRMED: "status__exact=confirmed",
            Figure.NOMINATED: "seat=taken",
            Figure.PRESENT: "present=yes",
        }[Figure(self.wanted.figure)]

    @property
    def chosen(self) -> Category | None:
        """The one component that is looked at, if there is one."""
        slug = self.wanted.category
        return next((one for one in self.reading.categories if slug and one.slug == slug), None)

    # ── Rows ──

    def group(self, code: str, name: str, places: Sequence[Place]) -> Group:
        count = ngettext("%(n)s đơn vị", "%(n)s đơn vị", len(places)) % {"n": len(places)}
        return Group(
            key=f"vung-{code}",
            name=name,
            count=count,
            cells=self.cells(places, self.board.columns),
            total=self.cell(places, None, total(sums(places, self.board.columns))),
            lines=[self.line(place, self.board.columns) for place in places],
        )

    def line(self, place: Place, columns: Sequence[Category]) -> Line:
        return Line(
            key=f"doan-{place.delegations[0].pk}",
            code=place.unit.code if place.unit else _("TW"),
            name=place.unit.name if place.unit else place.delegations[0].name,
            url=self.where(place.delegations),
            is_host=any(self.is_host(one) for one in place.delegations),
            kind=TAGS[place.status],
            word=str(place.status.label),
            review=reviewed(place.delegations),
            note=deadline_note(place.delegations),
            before=self.before(place),
            cells=self.cells([place], columns),
            total=self.cell([place], None, total(sums([place], columns))),
        )

    def before(self, place: Place) -> list[dict[str, str]]:
        """Which delegations stand behind a unit of today's map: several, or one of another name."""
        found = [(one.unit.name, self.seats_urls[one.pk]) for one in place.delegations if one.unit]
        if place.unit is None or [name for name, _url in found] == [place.unit.name]:
            return []
        return [{"name": name, "url": url} for name, url in found]

    def is_host(self, delegation: Delegation) -> bool:
        host = self.reading.conference.host_unit_id
        return host is not None and delegation.unit_id == host

    # ── Map ──

    def tiles(self) -> list[dict[str, Any]]:
        """Every unit of the map; those that the board leaves out are there without figures."""
        shown = {place.unit.pk: place for place in self.board.places if place.unit}
        return [
            self.tile(one, shown.get(one.pk)) for one in self.reading.ground if one.unit_set == self.unit_set
        ]

    def tile(self, unit: Unit, place: Place | None) -> dict[str, Any]:
        where = {"row": unit.tile_row, "col": unit.tile_col, "abbr": unit.abbr, "name": unit.full_name}
        if place is None:
            return {**where, "state": "out"}
        cell = self.cell([place], None, total(sums([place], self.board.columns)))
        by_component = self.chosen is not None
        return {
            **where,
            "done": cell.n,
            "total": cell.of,
            "share": share(cell.n, cell.of),
            "state": (cell.state or "out") if by_component else TILES[place.status],
            "word": cell.word if by_component else place.status.label,
            "url": cell.url or self.delegations,
            "host": any(self.is_host(one) for one in place.delegations),
        }

    def legend(self) -> list[dict[str, Any]]:
        if self.chosen is not None:
            found = [total(sums([place], self.board.columns)).state for place in self.board.places]
            return [{"state": one, "word": state_word(one), "count": found.count(one)} for one in STATES]
        statuses = [place.status for place in self.board.places]
        return [
            {"state": TILES[one], "word": str(one.label), "count": statuses.count(one)}
            for one in sorted(Delegation.Status, key=lambda one: STATES.index(TILES[one]))
        ]

    # ── Figures above ──

    def summary(self) -> list[dict[str, Any]]:
        """Delegates in all, figure by figure: who only works there is counted in no sum."""
        counted = [one for one in self.board.columns if one.counts_as_delegates]
        apart = [one for one in self.board.central_columns if one.counts_as_delegates]
        figures = total([*sums(self.board.places, counted), *sums(self.board.central, apart)])
        return [
            {
                "value": one.value,
                "label": str(one.label),
                "n": getattr(figures, one.value),
                "of": figures.seats,
                "kind": FIGURE_KINDS[one],
                "is_chosen": one == self.wanted.figure,
            }
            for one in Figure
        ]

    def pools(self) -> list[Pool]:
        url = reverse("admin:board_hand_out")
        return [
            Pool(short(one), one.pool, f"{url}?category={one.slug}")
            for one in self.reading.categories
            if one.pool
        ]


def thousands(number: int) -> str:
    """1.234"""
    return f"{number:,}".replace(",", ".")


def short(category: Category) -> str:
    return category.short_name or category.name


def seats_url(delegation: Delegation) -> str:
    return reverse("admin:board_seats", args=(delegation.code,))


def these(delegations: Sequence[Delegation]) -> str:
    """Narrows a list of the desk to some delegations."""
    if len(delegations) == 1:
        return f"delegations={delegations[0].pk}"
    return f"delegations={','.join(str(one.pk) for one in delegations)}"


def reviewed(delegations: Sequence[Delegation]) -> str:
    """How far the organisers are with an answer that came; of several, how many are accepted."""
    states = [review_state(one) for one in delegations]
    if len(set(states)) == 1:
        return "" if states[0] == ReviewState.NONE else str(states[0].label)
    accepted = states.count(ReviewState.ACCEPTED)
    return _("Đã tiếp nhận %(n)s/%(of)s") % {"n": accepted, "of": len(states)}


def deadline_note(delegations: Iterable[Delegation]) -> str:
    """Whether an answer that is owed is late."""
    late = [one for one in delegations if owes(one) and not one.is_open()]
    return _("quá hạn") if late else ""
