"""Which unit stands where another one stood, on any day."""

import datetime

import pytest

from conference import succession, units
from conference.models import Conference, Unit, UnitSuccession
from tests.conftest import make_conference

pytestmark = pytest.mark.django_db
CONFERENCE_DAY = datetime.date(2024, 6, 6)


def heirs_on(day: datetime.date, since: datetime.date = CONFERENCE_DAY) -> dict[str, Unit]:
    """Name of a unit of the first day → the unit that stands there on the other."""
    before = {unit.pk: unit.name for unit in Unit.objects.valid_on(since)}
    found = succession.heirs(before, Unit.objects.valid_on(day), day)
    return {before[key]: unit for key, unit in found.items()}


def test_nothing_moves_before_the_borders_do() -> None:
    found = heirs_on(datetime.date(2024, 12, 31))
    assert len(found) == 63
    assert all(name == unit.name for name, unit in found.items())


def test_hue_is_a_city_half_a_year_before_the_merger() -> None:
    found = heirs_on(datetime.date(2025, 1, 1))
    assert (found["Thừa Thiên Huế"].name, found["Thừa Thiên Huế"].unit_set) == ("Huế", "63")
    assert len({unit.pk for unit in found.values()}) == 63


@pytest.mark.parametrize("day", [datetime.date(2025, 7, 1), datetime.date(2026, 4, 29)])
def test_sixty_three_go_into_thirty_four(day: datetime.date) -> None:
    found = heirs_on(day)
    assert len(found) == 63
    assert len({unit.pk for unit in found.values()}) == 34
    assert {found[name].name for name in ("Lâm Đồng", "Đắk Nông", "Bình Thuận")} == {"Lâm Đồng"}
    assert found["Thừa Thiên Huế"].name == "Huế"
    assert found["Bình Phước"].full_name == "Tỉnh Đồng Nai"


def test_a_state_that_began_later_is_followed_too() -> None:
    assert heirs_on(datetime.date(2026, 4, 30))["Bình Phước"].full_name == "Thành phố Đồng Nai"


def test_codes_that_mean_another_unit_now_lead_nobody_astray() -> None:
    found = heirs_on(datetime.date(2025, 7, 1))
    assert found["Yên Bái"].name == "Lào Cai"
    assert found["Lào Cai"].name == "Lào Cai"
    changed = {unit.code for unit in found.values()} & {"15", "24", "44", "52", "80", "82", "91"}
    assert len(changed) == 7
    for code in changed:
        before = Unit.objects.valid_on(CONFERENCE_DAY).get(unit_set="63", code=code)
        assert found[before.name].code == code  # its seat is the new centre …
        assert found[before.name].name != before.name  # … under the name of a neighbour


def test_a_divided_unit_goes_as_a_whole_to_one_heir(conference: Conference) -> None:
    day = datetime.date(2025, 7, 1)
    old = Unit.objects.valid_on(CONFERENCE_DAY).get(slug="lam-dong")
    other = Unit.objects.valid_on(day).exclude(predecessors=old).order_by("code").first()
    assert other is not None
    UnitSuccession.objects.create(old=old, new=other, on=day)
    heir = heirs_on(day)["Lâm Đồng"]
    assert heir == min(old.successors.all(), key=lambda unit: unit.code)


def test_a_circle_in_the_data_ends() -> None:
    day = datetime.date(2025, 7, 1)
    one, two = Unit.objects.valid_on(CONFERENCE_DAY)[:2]
    UnitSuccession.objects.filter(old__in=(one, two)).delete()
    UnitSuccession.objects.create(old=one, new=two, on=day)
    UnitSuccession.objects.create(old=two, new=one, on=day)
    assert succession.heirs([one.pk], Unit.objects.valid_on(day), day) == {}


@pytest.mark.parametrize(
    ("unit_set", "day", "is_redrawn"),
    [
        ("63", datetime.date(2025, 6, 30), False),
        ("63", datetime.date(2025, 7, 1), True),
        ("34", datetime.date(2026, 8, 1), False),
        ("34", datetime.date(2025, 6, 1), False),
    ],
)
@pytest.mark.usefixtures("db")
def test_there_is_another_map_only_after_the_merger(
    unit_set: str, day: datetime.date, is_redrawn: bool
) -> None:
    conference = make_conference("hoi-nghi", unit_set=unit_set)
    assert succession.is_redrawn(conference, day) is is_redrawn


def test_the_set_of_a_day_begins_on_its_day() -> None:
    assert units.set_on(datetime.date(2025, 6, 30)) == "63"
    assert units.set_on(datetime.date(2025, 7, 1)) == "34"
