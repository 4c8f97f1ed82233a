"""What the board counts, how it groups, what it leaves out."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attendees import answers, board, reminders
from attendees.board import CENTRAL, NOTHING, Figures, Map, ReviewState, Wanted, arrange, read, total
from attendees.board_lines import Page, Writer
from attendees.desk import figures
from attendees.models import Attendee, Category, Delegation, Quota
from conference.models import Conference, Unit, User
from sessions.models import Attendance
from tests.conference.test_views import make_session
from tests.conftest import VN, MakeAttendee, make_categories, make_conference, make_delegation

pytestmark = pytest.mark.django_db
TODAY = datetime.datetime(2026, 9, 1, 8, tzinfo=VN)


@pytest.fixture(autouse=True)
def asked_today() -> Iterator[None]:
    """The board is looked at long after the conference, on the map of 34 units."""
    with time_machine.travel(TODAY, tick=False):
        yield


def shown(conference: Conference, on: str = Map.THEN, **wanted: Any) -> board.Board:
    return arrange(read(conference, on), Wanted(**wanted))


def page(conference: Conference, on: str = Map.THEN, **wanted: Any) -> Page:
    reading = read(conference, on)
    return Writer(reading, arrange(reading, Wanted(**wanted))).page()


def names(found: board.Board) -> list[str]:
    return [place.unit.name if place.unit else place.delegations[0].name for place in found.places]


def cell(found: board.Board, slug: str, category: str = "department") -> Figures:
    place = next(one for one in found.places if one.delegations[0].code == slug)
    column = next(one for one in found.columns if one.slug == category)
    return place.figures[column.pk]


# ── Figures ───────────────────────────────────────────────────────────────────────────────────────


def test_a_cell_counts_seats_people_refusals_and_presence(
    delegation: Delegation, department: Category, olga: User, make_attendee: MakeAttendee
) -> None:
    seen = make_attendee(delegation, status="confirmed")
    make_attendee(delegation, "Trần Thị Bình")
    make_attendee(delegation, "Lê Văn Cường", status="declined")
    make_attendee(delegation, "Hồ Thị Diễm", status="replaced")
    answers.decline_seats(delegation, department, 1, "Trùng lịch", by=olga)
    for code in ("sang", "chieu"):  # seen twice, counted once
        session = make_session(delegation.conference, code, 8, 9)
        Attendance.objects.create(session=session, attendee=seen)
    found = shown(delegation.conference)
    assert cell(found, "lam-dong") == Figures(seats=3, nominated=2, confirmed=1, declined=1, present=1)
    assert cell(found, "lam-dong", "press") == Figures(seats=1)


def test_a_delegation_that_refuses_as_a_whole_fills_no_seat(delegation: Delegation, olga: User) -> None:
    answers.decline(delegation, "Bão lũ", by=olga)
    refused = cell(shown(delegation.conference), "lam-dong")
    assert (refused.declined, refused.state) == (3, "off")


@pytest.mark.parametrize(
    ("counted", "state"),
    [
        (Figures(), ""),
        (Figures(seats=2), "none"),
        (Figures(seats=2, nominated=1), "part"),
        (Figures(seats=2, nominated=2, confirmed=1), "part"),
        (Figures(seats=2, declined=1), "part"),
        (Figures(seats=2, declined=2), "off"),
        (Figures(seats=2, nominated=1, confirmed=1, declined=1), "full"),
        (Figures(seats=2, nominated=2, confirmed=2), "full"),
        (Figures(seats=1, nominated=2, confirmed=2), "full"),
        (Figures(nominated=1, confirmed=1), "full"),  # came without a seat
    ],
)
def test_the_state_of_a_cell_is_told_by_its_figures(counted: Figures, state: str) -> None:
    assert counted.state == state


def test_people_without_a_seat_are_on_the_board_too(
    delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    delegation.quotas.all().delete()
    make_attendee(delegation, status="confirmed", is_walk_in=True)
    found = shown(delegation.conference)
    assert [column.slug for column in found.columns] == ["department"]
    assert cell(found, "lam-dong") == Figures(nominated=1, confirmed=1)


def test_the_board_and_the_desk_say_the_same_sum(
    delegation: Delegation, other_delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    conference = delegation.conference
    make_attendee(delegation, status="confirmed")
    make_attendee(other_delegation, "Trần Thị Bình")
    central = Delegation.objects.create(conference=conference, code="bo", name="Các bộ, ngành")
    staff = Category.objects.create(conference=conference, slug="staff", name="BTC", band="staff", position=3)
    Quota.objects.create(delegation=central, category=staff, seats=5)
    Quota.objects.create(delegation=central, category=conference.categories.get(slug="press"), seats=2)
    summary = {one["value"]: (one["n"], one["of"]) for one in page(conference).summary}
    first = figures(conference)[0]
    assert summary["confirmed"] == (first["confirmed"], first["seats"]) == (1, 10)
    assert summary["nominated"] == (first["nominated"], 10)


# ── Where an answer stands ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "review", "state", "owes"),
    [
        ("waiting", "", ReviewState.NONE, True),
        ("answering", "", ReviewState.NONE, True),
        ("confirmed", "", ReviewState.SENT, False),
        ("declined", "", ReviewState.SENT, False),
        ("confirmed", "accepted", ReviewState.ACCEPTED, False),
        ("answering", "returned", ReviewState.RETURNED, True),
    ],
)
def test_an_answer_is_sent_accepted_returned_or_still_owed(
    status: str, review: str, state: ReviewState, owes: bool
) -> None:
    delegation = Delegation(status=status, review=review)
    assert (board.review_state(delegation), board.owes(delegation)) == (state, owes)


def test_those_who_owe_an_answer_are_those_who_are_reminded(four: Conference) -> None:
    found = shown(four, owing=True).delegations
    assert {one.pk for one in found} == set(reminders.owing(four).values_list("pk", flat=True))


def test_of_several_delegations_the_common_state_is_told() -> None:
    def status(*found: str) -> str:
        return board.Place(None, [Delegation(status=one) for one in found]).status

    assert status("waiting", "waiting") == "waiting"
    assert status("declined", "declined") == "declined"
    assert status("confirmed", "declined") == "confirmed"
    assert status("confirmed", "waiting") == "answering"
    assert status("waiting", "declined") == "answering"


# ── What is left out ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def four(conference: Conference) -> Conference:
    """Hà Nội waits, Lào Cai answers, Lâm Đồng is accepted, Cà Mau refuses; and a ministry."""
    for slug, status, review in (
        ("ha-noi", "waiting", ""),
        ("lao-cai", "answering", "returned"),
        ("lam-dong", "confirmed", "accepted"),
        ("ca-mau", "declined", ""),
    ):
        made = make_delegation(conference, slug)
        Delegation.objects.filter(pk=made.pk).update(status=status, review=review)
    Delegation.objects.create(conference=conference, code="bo", name="Các bộ, ngành", position=101)
    return conference


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        ({}, ["Lào Cai", "Hà Nội", "Lâm Đồng", "Cà Mau", "Các bộ, ngành"]),
        ({"state": "waiting"}, ["Hà Nội", "Các bộ, ngành"]),
        ({"state": "declined"}, ["Cà Mau"]),
        ({"review": "accepted"}, ["Lâm Đồng"]),
        ({"review": "returned"}, ["Lào Cai"]),
        ({"review": "sent"}, ["Cà Mau"]),
        ({"review": "none"}, ["Hà Nội", "Các bộ, ngành"]),
        ({"owing": True}, ["Lào Cai", "Hà Nội", "Các bộ, ngành"]),
        ({"region": "TN"}, ["Lâm Đồng"]),
        ({"region": CENTRAL}, ["Các bộ, ngành"]),
        ({"region": "TN", "state": "waiting"}, []),
    ],
)
def test_the_board_is_narrowed(four: Conference, wanted: dict[str, Any], left: list[str]) -> None:
    found = shown(four, **wanted)
    assert names(found) + [place.delegations[0].name for place in found.central] == left
    assert len(found.delegations) == len(left)


def test_units_are_grouped_from_north_to_south_and_in_the_order_of_their_codes(
    conference: Conference,
) -> None:
    answers.invite_units(conference, by=None)
    found = shown(conference)
    assert [(region.code, len(region.places)) for region in found.regions] == [
        ("TDMNPB", 14), ("DBSH", 11), ("BTB_DHTB", 14), ("TN", 5), ("DNB", 6), ("DBSCL", 13),
    ]  # fmt: skip
    for region in found.regions:
        codes = [place.unit.code for place in region.places if place.unit]
        assert codes == sorted(codes)


def test_one_component_leaves_one_column_and_its_states_on_the_map(
    delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation, status="confirmed")
    found = page(delegation.conference, category="department")
    assert found.columns == ["Sở TTTT"]
    tile = next(one for one in found.tiles if one["abbr"] == "LĐ")
    assert (tile["done"], tile["total"], tile["state"], tile["word"]) == (1, 3, "part", "chưa đủ")
    assert [(one["word"], one["count"]) for one in found.legend] == [
        ("đủ", 0), ("chưa đủ", 1), ("trống", 0), ("không cử", 0),
    ]  # fmt: skip


def test_units_that_are_left_out_stay_on_the_map_without_figures(four: Conference) -> None:
    found = page(four, state="waiting")
    assert len(found.tiles) == 63
    assert [one["abbr"] for one in found.tiles if one["state"] != "out"] == ["HN"]
    assert found.isles == (
        ("QĐ. Hoàng Sa (TP. Đà Nẵng)", 11, 8),
        ("QĐ. Trường Sa (tỉnh Khánh Hòa)", 16, 8),
    )


def test_long_numbers_are_shortened_on_a_tile_and_written_out_in_a_cell(delegation: Delegation) -> None:
    delegation.quotas.filter(category__slug="department").update(seats=12_345)
    found = page(delegation.conference)
    tile = next(one for one in found.tiles if one["abbr"] == "LĐ")
    assert (tile["share"], tile["total"]) == ("0%", 12_346)
    assert found.groups[0].lines[0].cells[0].small == "12.345"
    delegation.quotas.update(seats=12)
    assert next(one for one in page(delegation.conference).tiles if one["abbr"] == "LĐ")["share"] == ""


def test_each_figure_can_be_written_large(delegation: Delegation, make_attendee: MakeAttendee) -> None:
    make_attendee(delegation, status="confirmed")
    make_attendee(delegation, "Trần Thị Bình")
    sums = {one: page(delegation.conference, figure=one).total.n for one in board.Figure.values}
    assert sums == {"confirmed": 1, "nominated": 2, "declined": 0, "present": 0}


# ── The map of today ──────────────────────────────────────────────────────────────────────────────


def test_today_a_unit_adds_up_what_went_into_it(conference: Conference, make_attendee: MakeAttendee) -> None:
    for slug in ("lam-dong", "dak-nong", "binh-thuan", "ha-noi"):
        make_attendee(make_delegation(conference, slug), status="confirmed")
    found = shown(conference, Map.NOW)
    assert names(found) == ["Hà Nội", "Lâm Đồng"]
    merged = found.places[1]
    assert [one.code for one in merged.delegations] == ["binh-thuan", "dak-nong", "lam-dong"]
    assert total(merged.figures.values()) == Figures(seats=12, nominated=3, confirmed=3)
    lines = {
        line.name: [one["name"] for one in line.before]
        for g in page(conference, Map.NOW).groups
        for line in g.lines
    }
    assert lines == {"Hà Nội": [], "Lâm Đồng": ["Bình Thuận", "Đắk Nông", "Lâm Đồng"]}


def test_a_unit_of_another_name_tells_its_former_one(conference: Conference) -> None:
    make_delegation(conference, "thua-thien-hue")
    line = page(conference, Map.NOW).groups[0].lines[0]
    assert (line.name, [one["name"] for one in line.before]) == ("Huế", ["Thừa Thiên Huế"])


def test_today_has_its_own_tiles_regions_and_isles(conference: Conference) -> None:
    answers.invite_units(conference, by=None)
    found = page(conference, Map.NOW)
    assert len(found.tiles) == 34
    assert {(one.row, one.col) for one in found.isles} == {(8, 7), (13, 7)}
    assert [(group.key, len(group.lines)) for group in found.groups] == [
        ("vung-TDMNPB", 9), ("vung-DBSH", 6), ("vung-BTB", 5), ("vung-NTB_TN", 6), ("vung-DNB", 3),
        ("vung-DBSCL", 5),
    ]  # fmt: skip
    assert "Thành phố Đồng Nai" in [one["name"] for one in found.tiles]


def test_the_day_of_asking_decides_what_today_is(conference: Conference) -> None:
    answers.invite_units(conference, by=None)
    with time_machine.travel(datetime.datetime(2025, 6, 30, 23, 59, tzinfo=VN), tick=False):
        assert (read(conference, Map.NOW).map, read(conference).is_redrawn) == (Map.THEN, False)
    with time_machine.travel(datetime.datetime(2025, 7, 1, 0, 0, tzinfo=VN), tick=False):
        reading = read(conference, Map.NOW)
        assert (reading.map, len(reading.ground)) == (Map.NOW, 34)
        assert "Tỉnh Đồng Nai" in {unit.full_name for unit in reading.ground}


def test_a_conference_of_today_has_one_map(db: None) -> None:
    conference = make_conference(
        "nay", unit_set="34", starts_on=datetime.date(2026, 3, 1), ends_on=datetime.date(2026, 3, 2)
    )
    make_categories(conference)
    answers.invite_units(conference, by=None)
    found = page(conference, Map.NOW)
    assert (found.is_now, len(found.tiles)) == (False, 34)
    assert "Tỉnh Đồng Nai" in [one["name"] for one in found.tiles]  # as it was on its first day


def test_the_host_is_marked_on_both_maps(conference: Conference) -> None:
    for slug in ("lam-dong", "dak-nong"):
        make_delegation(conference, slug)
    conference.host_unit = Unit.objects.valid_on(conference.starts_on).get(slug="lam-dong")
    conference.save()
    for on in Map:
        found = page(conference, on)
        assert [one["abbr"] for one in found.tiles if one.get("host")] == ["LĐ"]


def fill(conference: Conference, seed: int) -> None:
    """All 63 delegations with random seats, states and people."""
    rng = Random(seed)
    answers.invite_units(conference, by=None)
    people, quotas = [], list(Quota.objects.filter(delegation__conference=conference))
    for quota in quotas:
        quota.seats = rng.randrange(0, 6)
        quota.declined = rng.randint(0, quota.seats)
        people += [
            Attendee(
                conference=conference, delegation_id=quota.delegation_id, category_id=quota.category_id,
                full_name="Nguyễn Văn An", status=rng.choice(Attendee.Status.values),
                code=f"{seed}{len(people) + n:05}", badge_token=f"{seed}{quota.pk}-{n}",
            )
            for n in range(rng.randrange(0, 5))
        ]  # fmt: skip
    Quota.objects.bulk_update(quotas, ["seats", "declined"])
    Attendee.objects.bulk_create(people)
    for one in conference.delegations.all():
        one.status, one.review = (
            rng.choice(Delegation.Status.values),
            rng.choice(["", "accepted", "returned"]),
        )
        one.save()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_sum_is_the_same_on_both_maps_however_it_is_narrowed(conference: Conference, seed: int) -> None:
    fill(conference, seed)
    narrowed: list[dict[str, Any]] = [
        {}, {"owing": True}, *({"state": one} for one in Delegation.Status.values),
        *({"review": one} for one in ReviewState.values), {"category": "press"},
    ]  # fmt: skip
    for wanted in narrowed:
        then, now = (shown(conference, on, **wanted) for on in (Map.THEN, Map.NOW))
        columns = then.columns
        assert columns == now.columns
        assert board.sums(then.places, columns) == board.sums(now.places, columns), wanted
        by_region = [board.sums(region.places, columns) for region in now.regions]
        assert [total(column) for column in zip(*by_region, strict=True)] == board.sums(now.places, columns)
        assert sorted(one.pk for one in then.delegations) == sorted(one.pk for one in now.delegations)
    assert total(board.sums(shown(conference).places, columns)) != NOTHING


def test_regions_of_today_part_the_same_sum_otherwise(conference: Conference) -> None:
    fill(conference, 7)
    found = shown(conference, Map.NOW, region="NTB_TN")
    assert [(region.code, len(region.places)) for region in found.regions] == [("NTB_TN", 6)]
    parts = [shown(conference, Map.NOW, region=code) for code in read(conference, Map.NOW).regions]
    sums = [total(board.sums(one.places, one.columns)) for one in parts]
    whole = shown(conference)
    assert total(sums) == total(board.sums(whole.places, whole.columns))


# ── Addresses, pools, what is new ─────────────────────────────────────────────────────────────────


def test_a_figure_leads_to_its_people_and_an_empty_cell_to_its_seats(
    delegation: Delegation, other_delegation: Delegation, department: Category, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation, status="confirmed")
    one, two = delegation.pk, other_delegation.pk
    group = page(delegation.conference).groups
    lines = {line.name: line for part in group for line in part.lines}
    people = "/admin/attendees/attendee/?"
    assert lines["Lâm Đồng"].cells[0].url == (
        f"{people}delegations={one}&category__id__exact={department.pk}&status__exact=confirmed"
    )
    assert lines["Lâm Đồng"].cells[1].url == "/admin/board/lam-dong/"
    assert lines["Lâm Đồng"].total.url == f"{people}delegations={one}&status__exact=confirmed"
    assert lines["Quảng Nam"].cells[0].url == "/admin/board/quang-nam/"
    found = page(delegation.conference, figure="nominated")
    assert found.total.url == f"{people}delegations={two},{one}&seat=taken"
    declined = page(delegation.conference, figure="declined")
    assert declined.total.url == f"/admin/attendees/delegation/?delegations={two},{one}"


def test_what_is_overdue_and_what_is_spare_is_told(
    delegation: Delegation, conference: Conference, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation)
    Category.objects.filter(slug="press").update(pool=4)
    assert page(conference).overdue == 0
    conference.demo_now = datetime.datetime(2024, 6, 1, 8, tzinfo=VN)
    conference.save()
    found = page(conference)
    assert (found.overdue, [(one.label, one.seats) for one in found.pools]) == (3, [("Báo, Đài", 4)])
    assert found.groups[0].lines[0].note == "quá hạn"


Change = Callable[[Delegation], object]


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.quotas.update(seats=5),
        lambda one: Delegation.objects.filter(pk=one.pk).update(status="confirmed"),
        lambda one: Delegation.objects.filter(pk=one.pk).update(review="accepted"),
        lambda one: Category.objects.update(pool=1),
        lambda one: Category.objects.filter(slug="press").update(short_name="Báo chí"),
        lambda one: Conference.objects.update(demo_now=datetime.datetime(2024, 6, 1, 8, tzinfo=VN)),
    ],
    ids=["seats", "status", "review", "pool", "component", "deadline"],
)
def test_whatever_changes_the_board_changes_its_mark(delegation: Delegation, change: Change) -> None:
    def mark() -> str:
        return page(Conference.objects.get(pk=delegation.conference_id)).fingerprint

    before = mark()
    assert mark() == before
    change(delegation)
    assert mark() != before


@pytest.mark.parametrize(("on", "queries"), [(Map.THEN, 5), (Map.NOW, 6)])
def test_the_board_is_read_in_as_many_queries_whatever_its_size(
    conference: Conference, make_attendee: MakeAttendee, on: Map, queries: int
) -> None:
    slugs = iter(conference.units().values_list("slug", flat=True))

    def grow(times: int) -> int:
        for _ in range(times):
            one = make_delegation(conference, next(slugs))
            make_attendee(one, status="confirmed")
            make_attendee(one, "Trần Thị Bình", category=conference.categories.get(slug="press"))
        with CaptureQueriesContext(connection) as caught:
            page(conference, on)
        return len(caught)

    assert [grow(1), grow(2), grow(27)] == [queries] * 3
