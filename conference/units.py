"""Provinces and cities: both sets of units as data (`data/*.csv`), and names of bodies that contain a unit.

One `UnitRow` is one unit in one legal state. Two years hold four pictures of the country: 63 units, 5 cities
(2024), 63 with 6 (Huế, 01/01/2025), 34 with 6 (01/7/2025), 34 with 7 (Đồng Nai, 30/4/2026). Codes are no key
across the sets: seven of them name another unit since 01/7/2025.
"""

import csv
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

DATA = Path(__file__).parent / "data"

PROVINCE, CITY = "province", "city"
KIND_NAMES = {PROVINCE: "tỉnh", CITY: "thành phố"}
PARTY_COMMITTEES = {PROVINCE: "Tỉnh ủy", CITY: "Thành ủy"}
# Written in full wherever it stands (Decree 30/2020, annex I, II.4 and annex II: units named after a person).
FULL_NAMES = {"Hồ Chí Minh": "Thành phố Hồ Chí Minh"}

OLD_SET, NEW_SET = "63", "34"
OLD_SET_FROM = date(2008, 8, 1)  # Hà Tây joined Hà Nội
HUE_CITY_FROM = date(2025, 1, 1)  # resolution 175/2024/QH15
NEW_SET_FROM = date(2025, 7, 1)  # resolution 202/2025/QH15
DONG_NAI_CITY_FROM = date(2026, 4, 30)  # resolution 30/2026/QH16
HUE, DONG_NAI = "46", "75"
_DAY = timedelta(days=1)


class Key(NamedTuple):
    """What names one unit in one legal state."""

    unit_set: str
    code: str
    valid_from: date


@dataclass(frozen=True)
class UnitRow:
    """A unit in one legal state; the fields are those of the model `Unit`."""

    unit_set: str
    code: str
    name: str
    full_name: str
    kind: str
    valid_from: date
    valid_to: date | None  # the last day, inclusive
    name_en: str
    region_code: str
    region_name: str
    abbr: str
    iso3166_2: str
    slug: str
    tile_row: int
    tile_col: int
    has_land_border: bool
    has_sea: bool
    has_border_guard: bool
    aliases: list[str]

    @property
    def key(self) -> Key:
        return Key(self.unit_set, self.code, self.valid_from)

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Succession(NamedTuple):
    """One unit went into another on a day."""

    old: Key
    new: Key
    on: date


class Inset(NamedTuple):
    """A tile of the map that is no unit: an archipelago, outlined, without figures."""

    name: str
    row: int
    col: int


# Every picture of the country by a state body shows both archipelagos.
INSETS = {
    OLD_SET: (Inset("QĐ. Hoàng Sa (TP. Đà Nẵng)", 11, 8), Inset("QĐ. Trường Sa (tỉnh Khánh Hòa)", 16, 8)),
    NEW_SET: (Inset("QĐ. Hoàng Sa (TP. Đà Nẵng)", 8, 7), Inset("QĐ. Trường Sa (tỉnh Khánh Hòa)", 13, 7)),
}


def read(name: str) -> list[dict[str, str]]:
    """Return the rows of a file in `data/`, by heading."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _row(unit_set: str, cells: dict[str, str]) -> UnitRow:
    """Turn a line of a file into the unit as its set began (63) or begins (34)."""
    is_old = unit_set == OLD_SET
    return UnitRow(
        unit_set=unit_set,
        code=cells["code"],
        name=cells["name"],
        full_name=cells["full_name"],
        kind=PROVINCE if cells["type"] == "tỉnh" else CITY,
        valid_from=OLD_SET_FROM if is_old else NEW_SET_FROM,
        valid_to=NEW_SET_FROM - _DAY if is_old else None,
        name_en=cells["name_en"],
        region_code=cells["region_code"],
        region_name=cells["region_name"],
        abbr=cells["abbr"],
        iso3166_2=cells.get("iso3166_2", ""),
        slug=cells["slug"],
        tile_row=int(cells["tile_row"]),
        tile_col=int(cells["tile_col"]),
        has_land_border=cells["has_land_border"] == "1",
        has_sea=cells["has_sea"] == "1",
        has_border_guard=cells["has_border_guard"] == "1",
        aliases=[alias for alias in cells["aliases"].split(";") if alias],
    )


def _becomes_city(before: UnitRow, since: date, like: UnitRow | None = None) -> tuple[UnitRow, UnitRow]:
    """Return a province up to the day before it became a city, and the city, with the names of `like`."""
    names = like or replace(
        before,
        full_name=f"Thành phố {before.name}",
        aliases=[*before.aliases, f"TP {before.name}", f"TP. {before.name}"],
    )
    city = replace(
        before,
        kind=CITY,
        valid_from=since,
        name=names.name,
        full_name=names.full_name,
        name_en=names.name_en,
        abbr=names.abbr,
        slug=names.slug,
        aliases=names.aliases,
    )
    return replace(before, valid_to=since - _DAY), city


@cache
def units() -> tuple[UnitRow, ...]:
    """Return every unit in every legal state since 2008, in the order of set, code and day."""
    old = {cells["code"]: _row(OLD_SET, cells) for cells in read("provinces_2024.csv")}
    new = {cells["code"]: _row(NEW_SET, cells) for cells in read("provinces_2025.csv")}
    rows = (
        *(row for code, row in old.items() if code != HUE),
        *_becomes_city(old[HUE], HUE_CITY_FROM, like=new[HUE]),
        *(row for code, row in new.items() if code != DONG_NAI),
        *_becomes_city(new[DONG_NAI], DONG_NAI_CITY_FROM),
    )
    return tuple(sorted(rows, key=lambda row: (row.unit_set == NEW_SET, row.code, row.valid_from)))


@cache
def successions() -> tuple[Succession, ...]:
    """Return which unit went into which: the two that became cities, and the merger of 01/7/2025."""
    last_state = {row.code: row.key for row in units() if row.is_valid_on(NEW_SET_FROM - _DAY)}
    merger = (
        Succession(last_state[code], Key(NEW_SET, cells["code"], NEW_SET_FROM), NEW_SET_FROM)
        for cells in read("provinces_2025.csv")
        for code in cells["merged_from_codes"].split(";")
    )
    hue = Succession(Key(OLD_SET, HUE, OLD_SET_FROM), Key(OLD_SET, HUE, HUE_CITY_FROM), HUE_CITY_FROM)
    dong_nai = Succession(
        Key(NEW_SET, DONG_NAI, NEW_SET_FROM), Key(NEW_SET, DONG_NAI, DONG_NAI_CITY_FROM), DONG_NAI_CITY_FROM
    )
    return (hue, *merger, dong_nai)


def load(unit_model: Any, succession_model: Any) -> None:
    """Write all units and successions: once or again, the tables end alike; rows of others stay as they are.

    Takes the model classes, so that a data migration can pass those of its own time.
    """
    fields = list(asdict(units()[0]))
    unit_model.objects.bulk_create(
        [unit_model(**asdict(row)) for row in units()],
        update_conflicts=True,
        unique_fields=list(Key._fields),
        update_fields=[field for field in fields if field not in Key._fields],
    )
    saved = {Key(*values): pk for pk, *values in unit_model.objects.values_list("pk", *Key._fields)}
    succession_model.objects.bulk_create(
        [succession_model(old_id=saved[old], new_id=saved[new], on=on) for old, new, on in successions()],
        update_conflicts=True,
        unique_fields=["old", "new"],
        update_fields=["on"],
    )


def set_on(day: date) -> str:
    """The set of units that is in force on a day."""
    return NEW_SET if day >= NEW_SET_FROM else OLD_SET


class UnitLike(Protocol):
    """A `Unit` or a `UnitRow`."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...


def organisation_name(template: str, unit: UnitLike) -> str:
    """Fill {unit_kind}, {party_committee} and {name}: "UBND {unit_kind} {name}" → "UBND tỉnh Lâm Đồng".

    Hồ Chí Minh is always "Thành phố Hồ Chí Minh": UBND Thành phố Hồ Chí Minh, Thành ủy Thành phố Hồ Chí Minh.
    """
    kind, name = KIND_NAMES[unit.kind], FULL_NAMES.get(unit.name, unit.name)
    if unit.name in FULL_NAMES:
        template = template.replace("{unit_kind} {name}", "{name}")
    parts = {"{unit_kind}": kind, "{party_committee}": PARTY_COMMITTEES[unit.kind], "{name}": name}
    for placeholder, text in parts.items():
        template = template.replace(placeholder, text)
    return template
