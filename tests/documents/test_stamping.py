"""Stamped pages are the pages that the engine would have laid out; where they are not, nothing is stamped."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.template import Context, Template
from django.template.loader import render_to_string

from documents import layouts, pixel_guard, stamping
from documents.pdf import Renderer, renderer
from documents.pdf_faces import NoSlots
from documents.pdf_stamp import Stamped
from documents.stamping import Deck, Stamp
from tests.documents import reading, samples
from tests.qr_reading import qr_codes

CARD, PAGE = "documents/pdf/_certificate.html", "documents/pdf/certificate.html"
EVERYBODY = samples.PEOPLE + samples.WORST
TITLES = [f"Giấy của người {number}" for number in range(len(EVERYBODY))]


def certificates(people: list[tuple[str, ...]] = EVERYBODY, variant: str | None = None) -> Stamped:
    context, images = samples.certificate_context(people)
    cards = context["sheets"]
    assert isinstance(cards, list)

    def full(indexes: Sequence[int]) -> str:
        return render_to_string(PAGE, {**context, "sheets": [cards[index] for index in indexes]})

    deck = Deck(list(stamping.stamps(lambda _card: CARD, context, cards)), lambda index: full([index]), full)
    return Stamped(renderer("base.css", "certificate.css", variant=variant), deck, images)


def test_every_stamped_certificate_looks_as_in_full() -> None:
    stamped = certificates()
    assert stamped.unfit == frozenset()
    found = stamped.joined(range(len(EVERYBODY))).pdf
    full = renderer("base.css", "certificate.css").render(*samples.certificates(EVERYBODY)).pdf
    assert not [at for at in range(len(EVERYBODY)) if pixel_guard.differ(full, at, found, at)]


@pytest.mark.parametrize(
    ("page", "ground", "lone", "per_sheet", "faces"),
    [
        ("sheet", "sheet", "single", 4, 1),
        ("small", "small", "single", 8, 1),
        ("sheet", "sheet", "single", 4, 2),
        ("label roll", "", "label lone", 1, 1),
    ],
)
def test_every_stamped_sheet_of_badges_looks_as_in_full(
    page: str, ground: str, lone: str, per_sheet: int, faces: int
) -> None:
    """Also the card before those of a delegation, which has a template of its own."""
    context, cards, images = samples.badge_context(EVERYBODY)

    def template_of(card: layouts.Card) -> str:
        return f"documents/pdf/{'_parting' if card.parting else '_badge'}.html"

    def full(indexes: Sequence[int]) -> str:
        shown = [cards[index] for index in indexes for _face in range(faces)]
        return samples.badge_page(context, page, ground, layouts.sheets(shown, per_sheet))

    engine = renderer("base.css", "badges.css")
    deck = Deck(
        list(stamping.stamps(template_of, context, cards)),
        lambda index: samples.badge_page(context, lone, "", [[cards[index]]]),
        full,
        samples.badge_page(context, page, ground, [[None] * per_sheet]),
        faces,
    )
    found = Stamped(engine, deck, images).joined(range(len(cards)))
    expected = engine.render(full(range(len(cards))), images)
    assert found.pages == expected.pages == -(-len(cards) * faces // per_sheet)
    assert not [at for at in range(found.pages) if pixel_guard.differ(expected.pdf, at, found.pdf, at)]


def test_the_guard_sees_a_different_page() -> None:
    full = renderer("base.css", "certificate.css").render(*samples.certificates(samples.PEOPLE)).pdf
    assert pixel_guard.differ(full, 0, full, 1)


def test_each_file_says_what_is_its_own_in_order_and_nothing_else() -> None:
    files = list(certificates().each(range(len(EVERYBODY)), TITLES))
    for at, file in enumerate(files[: len(samples.PEOPLE)]):
        said = reading.text(file.pdf)
        person = samples.PEOPLE[at]
        places = [said.index(part) for part in (person[1].upper(), person[3], f"Số: {at + 1:04}/GCN")]
        assert places == sorted(places)
        others = [one[1].upper() for index, one in enumerate(samples.PEOPLE) if index != at]
        assert not any(other in said for other in others)
        [code] = qr_codes(reading.picture(file.pdf))
        assert code.text == f"https://hoinghi.example/v/7K3M9QFP7K3M9{at:03}"
        with pikepdf.open(BytesIO(file.pdf)) as pdf:
            assert pdf.check_pdf_syntax() == []
            assert str(pdf.docinfo.Title) == TITLES[at]
            assert str(pdf.Root.Lang) == "vi"


def test_stamping_twice_gives_the_same_bytes() -> None:
    first, second = (certificates().joined(range(len(EVERYBODY))).pdf for _ in range(2))
    assert first == second


def test_the_same_stamps_give_file_after_file() -> None:
    stamped = certificates()
    files = [stamped.joined(chosen).pdf for chosen in (range(len(EVERYBODY)), [1, 2], range(len(EVERYBODY)))]
    assert files[0] == files[2] != files[1]
    with pikepdf.open(BytesIO(files[1])) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == 2
    [again, _rest] = stamped.each([0, 1], TITLES[:2])
    assert again.pdf == next(certificates().each([0, 1], TITLES[:2])).pdf


def test_an_archival_file_has_what_it_must_have() -> None:
    for file in certificates(samples.PEOPLE, variant="pdf/a-3u").each(range(7), TITLES[:7]):
        with pikepdf.open(BytesIO(file.pdf)) as pdf:
            assert not pdf.is_encrypted
            [intent] = pdf.Root.OutputIntents
            assert intent.S == "/GTS_PDFA1"
            assert intent.DestOutputProfile.read_bytes()
            assert len(pdf.trailer.ID) == 2
            with pdf.open_metadata() as metadata:
                assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "U")
                assert metadata["dc:title"] == str(pdf.docinfo.Title)
            fonts = [
                one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/FontFile2" in one
            ]
            assert fonts


def simple(body: str, rules: str, *, twice: str = "Dưới") -> tuple[Renderer, Deck]:
    """Two cards, "An" and one with two lines, on a page with one slot and something under it.

    `twice` is said under it where both are laid out together.
    """
    texts = ("An", "An<br>Bình")
    head = f'<html lang="vi"><head><title>t</title><style>{rules} section {{ break-after: page }}'
    head += " section:last-child { break-after: auto }</style></head>"

    def full(indexes: Sequence[int]) -> str:
        said = body if len(indexes) == 1 else body.replace("Dưới", twice)
        cards = "".join(f"<section>{said.replace('*', texts[index])}</section>" for index in indexes)
        return f"{head}<body>{cards}</body></html>"

    return renderer("base.css"), Deck([{"name": Stamp(text)} for text in texts], lambda at: full([at]), full)


def why_not(engine: Renderer, deck: Deck) -> str:
    try:
        return pixel_guard.why_not(engine, Stamped(engine, deck, {}), deck, {})
    except NoSlots as error:
        return str(error)


def test_a_slot_of_fixed_size_is_stamped() -> None:
    body = '<div data-slot="name">*</div><p>Dưới</p>'
    engine, deck = simple(body, "[data-slot] { height: 60pt }")
    assert why_not(engine, deck) == ""


def test_a_slot_with_the_size_of_its_content_is_refused() -> None:
    engine, deck = simple('<div data-slot="name">*</div><p>Dưới</p>', "")
    assert why_not(engine, deck) == "a slot has the size of its content"


def test_a_rule_that_counts_siblings_is_seen() -> None:
    body = '<div><p>Trên</p><div data-slot="name">*</div></div>'
    rules = "[data-slot] { height: 60pt } [data-slot]:nth-child(2) { font-size: 30pt }"
    engine, deck = simple(body, rules)
    assert "looks different" in why_not(engine, deck)


def test_what_differs_outside_of_slots_is_seen() -> None:
    body = '<div data-slot="name">*</div><p>Dưới</p>'
    engine, deck = simple(body, "[data-slot] { height: 60pt }", twice="Khác")
    assert "looks different" in why_not(engine, deck)


def test_a_card_with_a_text_that_leaves_its_box_alone_is_laid_out_in_full() -> None:
    body = '<div data-slot="name">*</div><p>Dưới</p>'
    engine, deck = simple(body, "[data-slot] { height: 20pt }")
    stamped = Stamped(engine, deck, {})
    assert stamped.unfit == frozenset({1})
    full, found = engine.render(deck.full([0, 1])).pdf, stamped.joined([0, 1]).pdf
    assert not [page for page in (0, 1) if pixel_guard.differ(full, page, found, page)]
    said = [reading.text(file.pdf) for file in stamped.each([0, 1], ["một", "hai"])]
    assert ["Bình" in text for text in said] == [False, True]


def test_cards_that_all_leave_their_boxes_decide_nothing(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    body = '<div><p>Trên</p><div data-slot="name">*</div></div>'
    counting = "[data-slot]:nth-child(2) { font-weight: bold } [data-slot] { height: "

    def may_stamp(height: str) -> bool:
        engine, deck = simple(body, f"{counting}{height} }}")
        return pixel_guard.stamped(engine, (PAGE, CARD), ("base.css",), deck, {}) is not None

    assert not may_stamp("2pt")  # nothing was compared, so nothing is kept
    assert not list(tmp_path.rglob("verdict-*"))
    assert not may_stamp("60pt")
    assert list(tmp_path.rglob("verdict-*"))


def test_a_hidden_slot_is_refused() -> None:
    engine, deck = simple('<div data-slot="name">*</div>', "[data-slot] { display: none }")
    assert why_not(engine, deck) == "slots without a box on the page: name"


def test_a_page_without_its_slots_is_refused() -> None:
    engine, deck = simple("<p>*</p>", "")
    with pytest.raises(NoSlots):
        Stamped(engine, deck, {})


def test_a_slot_says_its_place_in_the_page_and_its_content_alone() -> None:
    source = Template(
        '{% load slots %}{% slot "name" down=card.top tall=9 %}<b>{{ card.name }}</b>{% endslot %}'
    )
    card = {"top": 1.5, "name": "<An>"}
    said = source.render(Context({"card": card}))
    assert said == '<div data-slot="name" style="top:1.500pt;height:9.000pt"><b>&lt;An&gt;</b></div>'
