import dataclasses
from collections import Counter
from datetime import date

import pytest

from conference import units
from conference.models import Unit, UnitSuccession
from conference.units import CITY, NEW_SET, OLD_SET, UnitRow, organisation_name

CONFERENCE = date(2024, 6, 6)


def on(day: date) -> list[UnitRow]:
    return [row for row in units.units() if row.is_valid_on(day)]


def unit(name: str, day: date = CONFERENCE) -> UnitRow:
    (found,) = [row for row in on(day) if row.name == name]
    return found


# The country on a day


@pytest.mark.parametrize(
    ("day", "unit_set", "total", "cities"),
    [
        (date(2008, 8, 1), OLD_SET, 63, 5),
        (CONFERENCE, OLD_SET, 63, 5),
        (date(2024, 12, 31), OLD_SET, 63, 5),
        (date(2025, 1, 1), OLD_SET, 63, 6),
        (date(2025, 6, 30), OLD_SET, 63, 6),
        (date(2025, 7, 1), NEW_SET, 34, 6),
        (date(2026, 4, 29), NEW_SET, 34, 6),
        (date(2026, 4, 30), NEW_SET, 34, 7),
        (date(2040, 1, 1), NEW_SET, 34, 7),
    ],
)
def test_units_and_cities_on_a_day(day: date, unit_set: str, total: int, cities: int) -> None:
    valid = on(day)
    assert {row.unit_set for row in valid} == {unit_set}
    assert (len(valid), sum(row.kind == CITY for row in valid)) == (total, cities)
    assert len({row.code for row in valid}) == len({row.name for row in valid}) == total


def test_nothing_is_claimed_before_the_sets_that_we_know() -> None:
    assert on(date(2008, 7, 31)) == []


def test_thua_thien_hue_becomes_the_city_of_hue() -> None:
    before, after = (
        next(row for row in on(day) if row.code == "46") for day in (CONFERENCE, date(2025, 1, 1))
    )
    assert (before.full_name, before.abbr, before.valid_to) == (
        "Tỉnh Thừa Thiên Huế",
        "TTH",
        date(2024, 12, 31),
    )
    assert (after.full_name, after.abbr, after.valid_to) == ("Thành phố Huế", "HUE", date(2025, 6, 30))
    assert (before.tile_row, before.tile_col, before.region_code) == (
        after.tile_row,
        after.tile_col,
        "BTB_DHTB",
    )
    assert "Thừa Thiên Huế" in after.aliases


def test_dong_nai_becomes_a_city() -> None:
    before, after = unit("Đồng Nai", date(2026, 4, 29)), unit("Đồng Nai", date(2026, 4, 30))
    assert (before.full_name, before.kind, before.valid_to) == (
        "Tỉnh Đồng Nai",
        "province",
        date(2026, 4, 29),
    )
    assert (after.full_name, after.kind, after.valid_to) == ("Thành phố Đồng Nai", "city", None)


def test_class_and_full_name_agree_in_every_state() -> None:
    prefixes = {"province": "Tỉnh", "city": "Thành phố"}
    assert [row.full_name for row in units.units()] == [
        f"{prefixes[row.kind]} {row.name}" for row in units.units()
    ]


# Border, regions, map


def test_border_guards_in_44_of_63_and_30_of_34_units() -> None:
    assert sum(row.has_border_guard for row in on(CONFERENCE)) == 44
    assert sum(row.has_border_guard for row in on(date(2025, 7, 1))) == 30
    assert {row.name for row in on(date(2025, 7, 1)) if not row.has_border_guard} == {
        "Hà Nội",
        "Thái Nguyên",
        "Phú Thọ",
        "Bắc Ninh",
    }
    assert not unit("Lâm Đồng").has_border_guard
    assert unit("Lâm Đồng", date(2025, 7, 1)).has_border_guard


def test_border_guards_are_where_there_is_a_land_border_or_the_sea() -> None:
    assert all(row.has_border_guard == (row.has_land_border or row.has_sea) for row in units.units())
    assert sum(row.has_land_border for row in on(CONFERENCE)) == 25
    assert sum(row.has_sea for row in on(CONFERENCE)) == 28


def test_both_lists_of_border_provinces_agree() -> None:
    listed = {
        (row["code_2024"], row["name"], row["has_land_border"] == "1", row["has_sea"] == "1")
        for row in units.read("border_provinces.csv")
    }
    assert listed == {
        (row.code, row.name, row.has_land_border, row.has_sea)
        for row in on(CONFERENCE)
        if row.has_border_guard
    }


def test_six_regions_in_either_set() -> None:
    old = {"TDMNPB": 14, "DBSH": 11, "BTB_DHTB": 14, "TN": 5, "DNB": 6, "DBSCL": 13}
    new = {"TDMNPB": 9, "DBSH": 6, "BTB": 5, "NTB_TN": 6, "DNB": 3, "DBSCL": 5}
    assert Counter(row.region_code for row in on(CONFERENCE)) == old
    assert Counter(row.region_code for row in on(date(2025, 7, 1))) == new


@pytest.mark.parametrize(
    ("day", "unit_set", "rows", "columns"),
    [(CONFERENCE, OLD_SET, 21, 7), (date(2025, 1, 1), OLD_SET, 21, 7), (date(2026, 4, 30), NEW_SET, 16, 6)],
)
def test_no_two_units_share_a_tile(day: date, unit_set: str, rows: int, columns: int) -> None:
    tiles = [(row.tile_row, row.tile_col) for row in on(day)]
    assert len(set(tiles)) == len(tiles)
    assert ({row for row, _ in tiles}, {col for _, col in tiles}) == (set(range(rows)), set(range(columns)))
    assert not {(inset.row, inset.col) for inset in units.INSETS[unit_set]} & set(tiles)


def test_every_map_shows_both_archipelagos() -> None:
    labels = ["QĐ. Hoàng Sa (TP. Đà Nẵng)", "QĐ. Trường Sa (tỉnh Khánh Hòa)"]
    assert {unit_set: [inset.name for inset in insets] for unit_set, insets in units.INSETS.items()} == {
        OLD_SET: labels,
        NEW_SET: labels,
    }
    assert [(inset.row, inset.col) for inset in units.INSETS[OLD_SET]] == [(11, 8), (16, 8)]
    assert [(inset.row, inset.col) for inset in units.INSETS[NEW_SET]] == [(8, 7), (13, 7)]


# Successions


def test_every_old_unit_goes_into_one_new_unit() -> None:
    merger = [step for step in units.successions() if step.on == date(2025, 7, 1)]
    rows = {row.key: row for row in units.units()}
    assert sorted(step.old for step in merger) == sorted(row.key for row in on(date(2025, 6, 30)))
    assert {step.new for step in merger} == {row.key for row in on(date(2025, 7, 1))}
    assert Counter(Counter(step.new for step in merger).values()) == {1: 11, 2: 17, 3: 6}
    assert sorted(rows[step.old].name for step in merger if rows[step.new].name == "Lâm Đồng") == [
        "Bình Thuận",
        "Lâm Đồng",
        "Đắk Nông",
    ]


def test_successions_follow_on_without_a_gap() -> None:
    rows = {row.key: row for row in units.units()}
    for step in units.successions():
        assert rows[step.new].valid_from == step.on
        assert (step.on - (rows[step.old].valid_to or step.on)).days == 1
    assert len(units.successions()) == 63 + 2


def test_both_files_tell_the_same_merger() -> None:
    """One file names the old units of a new one, the other the new unit of an old one."""
    forward = {(row["code"], row["new_code_2025"]) for row in units.read("provinces_2024.csv")}
    backward = {(step.old.code, step.new.code) for step in units.successions() if step.on == date(2025, 7, 1)}
    assert forward == backward


def test_seven_codes_name_another_unit_since_the_merger() -> None:
    """A join by code would send these people to the wrong place."""
    before = {row.code: row.name for row in on(date(2025, 6, 30))}
    after = {row.code: row.name for row in on(date(2025, 7, 1))}
    assert {code: (before[code], name) for code, name in after.items() if before[code] != name} == {
        "15": ("Yên Bái", "Lào Cai"),
        "24": ("Bắc Giang", "Bắc Ninh"),
        "44": ("Quảng Bình", "Quảng Trị"),
        "52": ("Bình Định", "Gia Lai"),
        "80": ("Long An", "Tây Ninh"),
        "82": ("Tiền Giang", "Đồng Tháp"),
        "91": ("Kiên Giang", "An Giang"),
    }


# Loading


def loaded() -> list[tuple[object, ...]]:
    return [row for model in (Unit, UnitSuccession) for row in model.objects.order_by("pk").values_list()]


@pytest.mark.django_db
def test_loading_fills_empty_tables_and_a_second_time_changes_nothing() -> None:
    Unit.objects.all().delete()
    units.load(Unit, UnitSuccession)
    first = loaded()
    assert (Unit.objects.count(), UnitSuccession.objects.count()) == (63 + 34 + 2, 63 + 2)
    units.load(Unit, UnitSuccession)
    assert loaded() == first


@pytest.mark.django_db
def test_what_is_loaded_equals_the_files_and_keeps_its_ids() -> None:
    units.load(Unit, UnitSuccession)
    lam_dong = Unit.objects.get(unit_set="63", code="68")
    Unit.objects.filter(pk=lam_dong.pk).update(name="Đà Lạt", has_sea=True, aliases=["x"])
    units.load(Unit, UnitSuccession)
    lam_dong.refresh_from_db()
    assert (lam_dong.name, lam_dong.has_sea, lam_dong.aliases) == ("Lâm Đồng", False, [])
    fields = [field.name for field in dataclasses.fields(UnitRow)]
    saved = Unit.objects.order_by("-unit_set", "code", "valid_from").values_list(*fields)
    assert [UnitRow(*values) for values in saved] == list(units.units())


@pytest.mark.django_db
def test_a_unit_knows_what_became_of_it() -> None:
    units.load(Unit, UnitSuccession)
    province = Unit.objects.get(full_name="Tỉnh Thừa Thiên Huế")
    city = province.successors.get()
    assert (city.full_name, city.unit_set) == ("Thành phố Huế", "63")
    assert [(unit.full_name, unit.unit_set) for unit in city.successors.all()] == [("Thành phố Huế", "34")]


# Names of bodies


@pytest.mark.parametrize(
    ("template", "name", "day", "text"),
    [
        ("UBND {unit_kind} {name}", "Lâm Đồng", CONFERENCE, "UBND tỉnh Lâm Đồng"),
        ("UBND {unit_kind} {name}", "Đà Nẵng", CONFERENCE, "UBND thành phố Đà Nẵng"),
        ("UBND {unit_kind} {name}", "Hồ Chí Minh", CONFERENCE, "UBND Thành phố Hồ Chí Minh"),
        ("UBND {unit_kind} {name}", "Huế", date(2025, 1, 1), "UBND thành phố Huế"),
        (
            "Ban Tuyên giáo {party_committee} {name}",
            "Lâm Đồng",
            CONFERENCE,
            "Ban Tuyên giáo Tỉnh ủy Lâm Đồng",
        ),
        ("Ban Tuyên giáo {party_committee} {name}", "Hà Nội", CONFERENCE, "Ban Tuyên giáo Thành ủy Hà Nội"),
        (
            "Ban Tuyên giáo {party_committee} {name}",
            "Hồ Chí Minh",
            CONFERENCE,
            "Ban Tuyên giáo Thành ủy Thành phố Hồ Chí Minh",
        ),
        (
            "Sở Thông tin và Truyền thông {unit_kind} {name}",
            "Bà Rịa - Vũng Tàu",
            CONFERENCE,
            "Sở Thông tin và Truyền thông tỉnh Bà Rịa - Vũng Tàu",
        ),
        ("Báo {name}", "Quảng Nam", CONFERENCE, "Báo Quảng Nam"),
        ("Bộ Ngoại giao", "Quảng Nam", CONFERENCE, "Bộ Ngoại giao"),
        ("{name.kind} {0}", "Quảng Nam", CONFERENCE, "{name.kind} {0}"),
    ],
)
def test_a_template_gives_the_name_of_a_body(template: str, name: str, day: date, text: str) -> None:
    assert organisation_name(template, unit(name, day)) == text


def test_the_44_border_guard_commands_have_their_listed_names() -> None:
    listed = {row["code_2024"]: row["border_guard_unit_2024"] for row in units.read("border_provinces.csv")}
    template = "Bộ Chỉ huy Bộ đội Biên phòng {unit_kind} {name}"
    assert listed == {
        row.code: organisation_name(template, row) for row in on(CONFERENCE) if row.has_border_guard
    }
