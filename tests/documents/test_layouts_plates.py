"""Nothing leaves its place on what stands on tables, with ordinary people and the worst that can be typed."""

import pytest
from django.template.loader import render_to_string

from documents import layouts, layouts_plates
from documents.layouts_plates import SEATS_PER_SHEET, TICKETS_PER_SHEET
from documents.pdf import renderer
from tests.documents import reading, samples
from tests.documents.test_layouts import EVERYBODY, bare, outside

PAPER = {"title": "Giấy", "author": "Bộ", "created": "2024-06-06T08:00:00+07:00", "demo": True}
STYLES = ("base.css", "plates.css")


def tents() -> list[layouts_plates.Tent]:
    people = [
        layouts_plates.tent(name, layouts.joined((job, body)), f"Đoàn {team}")
        for _, name, job, body, team, _ in EVERYBODY
    ]
    return people + [layouts_plates.sign(f"Đoàn {team}", "") for *_, team, _ in EVERYBODY]


def test_no_word_of_a_tent_leaves_its_face() -> None:
    context = {"paper": PAPER, "tents": tents(), "agency": samples.AGENCY}
    made = renderer(*STYLES).render(render_to_string("documents/pdf/tents.html", context))
    assert made.pages == 2 * len(EVERYBODY)
    words = reading.words(made.pdf)
    front = [w for w in words if 99 < w.top < 198]
    assert outside(front, 11.9, 103, 198.1, 194) == []
    assert outside([w for w in words if w.top > 198], 11.9, 230, 198.1, 270) == []
    for page, (_, name, job, body, _, _) in enumerate(EVERYBODY, start=1):
        said = bare(" ".join(w.text for w in front if w.page == page))
        for part in (layouts.plain(name).upper(), job, body):
            assert bare(layouts.plain(part)) in said


@pytest.mark.parametrize("title", [samples.TITLE, samples.LONG_TITLE])
def test_no_word_of_a_meal_ticket_leaves_its_coupon(title: str) -> None:
    tickets = [
        layouts_plates.meal_ticket(name, f"Đoàn {team}", "7K3M-9QFP") for _, name, _, _, team, _ in EVERYBODY
    ]
    context = {
        "paper": PAPER,
        "event": layouts_plates.ticket_event(samples.AGENCY, title),
        "day": "thứ Năm, 06/6/2024",
        "meals": ("Bữa sáng", "Bữa trưa", "Bữa tối"),
        "sheets": layouts.sheets(tickets, TICKETS_PER_SHEET),
    }
    made = renderer(*STYLES).render(render_to_string("documents/pdf/meal_tickets.html", context))
    assert made.pages == -(-len(EVERYBODY) // TICKETS_PER_SHEET)
    words = reading.words(made.pdf)
    for left in (0, 70, 140):
        coupon = [w for w in words if left <= w.left < left + 70]
        assert outside(coupon, left + 3.5, 1, left + 67, 297) == []
        for strip in range(TICKETS_PER_SHEET):
            top = 74.2 * strip
            own = [w for w in coupon if top <= w.top < top + 74.2]
            assert outside(own, left + 3.5, top + 1, left + 67, top + 74.2) == []
    assert reading.overlaps(made.pdf) == []


@pytest.mark.parametrize(
    "seat", ["", "Dãy B, ghế 12", "Hội trường tầng hai, dãy ghế danh dự thứ nhất, ghế số 123"]
)
def test_no_word_of_a_seat_card_leaves_its_card(seat: str) -> None:
    cards = [layouts_plates.seat_card(name, f"Đoàn {team}", seat) for _, name, _, _, team, _ in EVERYBODY]
    context = {
        "paper": PAPER,
        "agency": samples.AGENCY,
        "sheets": layouts.sheets(cards, SEATS_PER_SHEET),
    }
    made = renderer(*STYLES).render(render_to_string("documents/pdf/seat_cards.html", context))
    assert made.pages == -(-len(EVERYBODY) // SEATS_PER_SHEET)
    words = reading.words(made.pdf)
    for left in (0, 105):
        for row in range(4):
            top = 74.2 * row
            card = [w for w in words if left <= w.left < left + 105 and top <= w.top < top + 74.2]
            assert outside(card, left + 6, top + 5, left + 99, top + 72) == []
    assert reading.overlaps(made.pdf) == []
    assert bare(seat) in bare(reading.text(made.pdf))
