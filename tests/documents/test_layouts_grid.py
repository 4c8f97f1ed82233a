"""A day on one page: which column, how high, how much of each text."""

import itertools
from typing import Any

import pytest

from documents.errors import DoesNotFit
from documents.fitting import MM, Style, fill_lines, shortened, width
from documents.grid_columns import Place, Slot, arrange
from documents.layouts_grid import NARROWEST, Cell, Grid, Item, day_pages
from documents.typefaces import SERIF
from tests.documents import samples

WIDTH, HEIGHT = 260 * MM, 145 * MM
HALLS = [f"Phòng {n}" for n in range(8)]
WHO = ("Phó Vụ trưởng Trần Minh Quân, Viện nghiên cứu chiến lược và hợp tác quốc tế, Bộ Ngoại giao",)


def item(starts: int, ends: int, hall: str = "Phòng 0", title: str = "Trao đổi", **more: Any) -> Item:
    hours = f"{starts // 60:02}:{starts % 60:02}–{ends // 60:02}:{ends % 60:02}"
    given: dict[str, Any] = {"kind": "topic", "who": WHO, "names": ("Trần Minh Quân",)}
    return Item(starts, ends, hours, title=title, hall=hall, **{**given, **more})


def day(halls: int, rows: int, title: str = samples.TOPIC) -> list[Item]:
    """An opening and a break for all; between them so many rows of sessions in each hall."""
    plan = [item(450, 455, title="Chào cờ", kind="ceremony"), item(720, 840, "", "Nghỉ trưa", kind="break")]
    length = 240 // rows
    for row, hall in itertools.product(range(rows), HALLS[:halls]):
        plan.append(item(480 + row * length, 480 + (row + 1) * length, hall, title))
    return sorted(plan, key=lambda one: one.starts)


def overlap(one: Cell, other: Cell) -> bool:
    across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    return (
        across > 0.01 and min(one.top + one.height, other.top + other.height) - max(one.top, other.top) > 0.01
    )


def text_of(page: Grid) -> str:
    return " ".join(" ".join((*cell.title, *cell.who)) for cell in page.cells)


# ── Columns ───────────────────────────────────────────────────────────────────────────────────────


def test_halls_stand_in_their_order_and_what_is_alone_takes_the_whole_width() -> None:
    found = arrange([Slot(0, 10, "B"), Slot(20, 30, "B"), Slot(20, 30, "A"), Slot(40, 50, "")], ["A", "B"])
    assert found.halls == ("A", "B")
    assert found.places == (Place(0, 1), Place(0.5, 0.5, 1), Place(0, 0.5, 0), Place(0, 1))


def test_groups_without_halls_share_the_whole_width() -> None:
    groups = [Slot(20, 30, "")] * 4
    found = arrange([Slot(0, 10, "A"), Slot(0, 10, "B"), *groups], ["A", "B"])
    assert found.halls == ("A", "B")
    assert found.places[2:] == tuple(Place(n / 4, 0.25) for n in range(4))


def test_a_break_takes_the_halls_that_are_free_and_other_things_stand_elsewhere() -> None:
    halls = [Slot(0, 20, "A"), Slot(0, 10, "B"), Slot(0, 10, "C")]
    found = arrange([*halls, Slot(10, 20, "", True)], ["A", "B", "C"])
    assert found.places[3] == Place(pytest.approx(1 / 3), pytest.approx(2 / 3))
    found = arrange([*halls, Slot(10, 20, "")], ["A", "B", "C"])
    assert (found.halls, found.places[3]) == (("A", "B", "C", ""), Place(0.75, 0.25, 3))


def test_two_sessions_in_one_hall_at_one_time_share_a_wider_column() -> None:
    found = arrange([Slot(0, 20, "A"), Slot(0, 20, "A"), Slot(0, 20, "B")], ["A", "B"])
    assert [place.width for place in found.places] == pytest.approx([1 / 3] * 3)
    assert len({place.left for place in found.places}) == 3


# ── Pages ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("halls", "rows"), [(1, 1), (1, 24), (3, 4), (6, 4), (8, 2), (8, 8)])
def test_a_day_is_one_page_and_its_cells_keep_off_each_other(halls: int, rows: int) -> None:
    plan = day(halls, rows)
    [page] = day_pages(plan, HALLS, WIDTH, HEIGHT)
    assert len(page.cells) == len(plan)
    assert not any(overlap(one, other) for one, other in itertools.combinations(page.cells, 2))
    for cell in page.cells:
        lines = max(len(cell.title), len(cell.who)) if cell.is_wide else len(cell.title) + len(cell.who)
        assert lines * page.size * 1.2 <= cell.height + 0.01
        assert cell.title[0] or len(cell.title) > 1
    assert page.head_height + page.height <= HEIGHT + 0.01
    assert len(page.heads) == halls


def test_what_has_room_is_said_in_full() -> None:
    [page] = day_pages(day(3, 2, "Thông tin đối ngoại"), HALLS, WIDTH, HEIGHT)
    assert not page.is_cut
    assert text_of(page).count("Bộ Ngoại giao") == 8


def test_what_has_no_room_is_cut_with_a_sign_and_the_page_knows_it() -> None:
    plan = day(8, 8)
    [page] = day_pages(plan, HALLS, WIDTH, HEIGHT)
    assert page.is_cut
    for cell in page.cells:
        whole = next(one.title for one in plan if one.hours == cell.hours)
        assert cell.title[-1].endswith("…") != (" ".join(cell.title).strip() == whole)


def test_longer_is_higher_though_five_minutes_stay_readable() -> None:
    plan = [item(480, 485), item(485, 725), item(725, 730)]
    [page] = day_pages(plan, HALLS, WIDTH, HEIGHT)
    heights = [cell.height for cell in page.cells]
    assert heights[1] > 3 * heights[0]
    assert min(heights) >= 1.2 * page.size


def test_sixty_short_sessions_one_after_another_go_on_with_their_times_on_a_second_page() -> None:
    plan = [item(420 + 5 * n, 425 + 5 * n, "Phòng 0", f"Tham luận {n}") for n in range(60)]
    pages = day_pages(plan, HALLS, WIDTH, HEIGHT)
    assert len(pages) == 2
    said = " ".join(map(text_of, pages))
    assert all(f"Tham luận {n} " in f"{said} " for n in range(60))


def test_what_goes_on_over_the_turn_of_the_page_stands_on_both() -> None:
    plan = [item(420 + 5 * n, 425 + 5 * n, "Phòng 0", f"Tham luận {n}") for n in range(60)]
    pages = day_pages([item(420, 720, "Phòng 1", "Triển lãm"), *plan], HALLS, WIDTH, HEIGHT)
    first, second = (next(cell for cell in page.cells if "Triển" in " ".join(cell.title)) for page in pages)
    assert (first.hours, second.hours) == ("07:00–12:00", "07:00–12:00")
    assert (" ".join(first.title), " ".join(second.title)) == ("Triển lãm", "(tiếp) Triển lãm")


def test_more_at_once_than_columns_can_be_read_is_refused() -> None:
    most = int(WIDTH / NARROWEST)
    assert day_pages([item(480, 540, "", f"Nhóm {n}") for n in range(most)], [], WIDTH, HEIGHT)
    with pytest.raises(DoesNotFit):
        day_pages([item(480, 540, "", f"Nhóm {n}") for n in range(most + 1)], [], WIDTH, HEIGHT)


def test_a_day_in_one_hall_names_it_once_and_a_day_in_several_names_each() -> None:
    [page] = day_pages([item(480, 540), item(540, 600)], HALLS, WIDTH, HEIGHT)
    assert [head.lines for head in page.heads] == [("Phòng 0",)]
    assert {cell.where for cell in page.cells} == {()}
    [page] = day_pages([item(480, 540), item(540, 600, "Phòng 1")], HALLS, WIDTH, HEIGHT)
    assert (page.heads, [cell.where for cell in page.cells]) == ((), [("Phòng 0",), ("Phòng 1",)])


# ── Lines ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("room", [1, 3, 12, 100])
def test_lines_are_filled_within_the_room_and_nothing_is_lost(room: float) -> None:
    style = Style(SERIF, 1.2)
    text = f"{samples.TOPIC} {samples.GIANT_WORD}"
    lines = fill_lines(text, style, room)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line, style) <= room or len(line) == 1 for line in lines)
    for most in range(4):
        short = shortened(lines, most, style, room)
        assert len(short) == min(most, len(lines))
        assert all(width(line, style) <= room or len(line) <= 2 for line in short)
    assert shortened(("một dòng",), 1, style, room) == ("một dòng",)
