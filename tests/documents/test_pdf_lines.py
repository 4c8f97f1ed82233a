"""Lines that are set without the engine are the lines that it would have set; where in doubt it sets them."""

import re
from collections.abc import Sequence
from html import escape
from io import BytesIO
from unittest import mock

import pikepdf
import pytest

from conference import units
from documents import pdf_faces, pdf_lines, pdf_slots, pixel_guard, typefaces
from documents.demo import names
from documents.pdf import Renderer
from documents.pdf_lines import Sample
from documents.pdf_slots import Slots
from documents.pdf_stamp import Stamped
from documents.stamping import Deck, Stamp
from tests.documents import samples

ALONE = ("<p>", "", "</p>")
TWO = ("<p>", "", "<br>", "", "</p>")


def people(count: int) -> list[str]:
    rng = names.seeded("lines")
    return [names.draw(rng, region="", female_share=0.5).full_name for _ in range(count)]


TEXTS = [
    *people(60),
    *(name.upper() for name in people(60)),
    "NGUYỄN THỊ THU THOA", "TRẦN VĂN TÝ", "ĐỖ THỊ AV",  # letters that stand nearer to a blank
    *sorted({unit.name for unit in units.units()}),
    "Y Bhô", "H' Linh Niê Kđăm", "Ỹ", "Số: 0123/GCN-BTTTT", "7K3M-9QFP-7K3M-9QFP",
    "UBND tỉnh Bà Rịa – Vũng Tàu", "AVATAR, Tô Vĩnh Lộc; “LÝ”", "Sở Văn hóa, Thể thao & Du lịch",
    samples.TITLE, samples.LONG_POSITION,
]  # fmt: skip


def deck(contents: Sequence[str], rules: str) -> Deck:
    """Contents of one slot, a page each."""
    sheet = "section { break-after: page } section:last-child { break-after: auto } p { white-space: nowrap }"
    sheet += " [data-slot] { width: 4000pt; height: 60pt; margin-left: 20pt }"

    def full(indexes: Sequence[int]) -> str:
        cards = "".join(f'<section><div data-slot="name">{contents[at]}</div></section>' for at in indexes)
        head = f'<html lang="vi"><head><title>t</title><style>{sheet}{rules}</style></head>'
        return f"{head}<body>{cards}</body></html>"

    return Deck([{"name": Stamp(one)} for one in contents], lambda at: full([at]), full)


def lines(pdf: bytes) -> list[tuple[float, float, str]]:
    """Where each line of each page begins, and its glyphs."""
    found = []
    with pikepdf.open(BytesIO(pdf)) as opened:
        for page in opened.pages:
            operators = page.Contents.read_bytes().decode("latin-1")
            for x, y, shown in re.findall(r"1 0 0 -1 (\S+) (\S+) Tm\n(?:.* Tf\n)?\[(.*)\] TJ", operators):
                found.append((round(float(x), 2), float(y), shown))
    return found


def both(contents: Sequence[str], rules: str) -> tuple[Stamped, Stamped]:
    """The contents set by ourselves, and all laid out by the engine."""
    engine, cards = Renderer("base.css"), deck(contents, rules)
    with mock.patch.object(pdf_slots, "LEAST", len(contents) + 1):
        engines = Stamped(engine, cards, {})
    return Stamped(engine, cards, {}), engines


STYLES = {
    "left": "",
    "centred": "p { text-align: center }",
    "right": "p { text-align: right }",
    "bold": "p { text-align: center; font-weight: 700; font-size: 32pt }",
    "tracked": "p { text-align: center; letter-spacing: 0.06em }",
    "narrowed": "p { letter-spacing: -0.01em; font-weight: 800 }",
    "sans": 'p { font-family: "Be Vietnam Pro"; font-weight: 600; letter-spacing: 0.04em }',
    "heavy": 'p { font-family: "Be Vietnam Pro"; font-weight: 800; font-size: 34pt; text-align: center }',
    "italic": "p { font-style: italic; font-size: 13.5pt }",
    "bold italic": "p { font-style: italic; font-weight: bold; font-size: 9.5pt; text-align: right }",
}


@pytest.mark.parametrize("end", ["", "\n"], ids=["", "a blank at the end"])
@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_every_line_is_set_as_by_the_engine(style: str, end: str) -> None:
    texts = dict.fromkeys([*TEXTS, "Ban"] if end else TEXTS)
    contents = [f"<p>{escape(text)}{end}</p>" for text in texts if len(text) > 2 * len(end)]
    ours, engines = both(contents, style)
    assert len(ours._slots.order) < 10 < len(engines._slots.order)  # not all by the engine
    everybody = range(len(contents))
    assert lines(ours.joined(everybody).pdf) == lines(engines.joined(everybody).pdf)


def test_few_are_laid_out_where_many_are_alike() -> None:
    contents = [f"<p>{escape(text)}<br>{escape(text.upper())}</p>" for text in dict.fromkeys(people(60))]
    engine = Renderer("base.css")
    face = pdf_faces.face(engine, *sample_card(contents[0]), {}, "")
    assert len(Slots([face], deck(contents, ""), ()).order) == 3
    few = contents[: pdf_slots.LEAST - 1]
    assert len(Slots([face], deck(few, ""), ()).order) == len(few)


def sample_card(content: str) -> tuple[str, dict[str, Stamp]]:
    cards = deck([content], "")
    return cards.alone(0), dict(cards.stamps[0])


def test_the_letters_of_a_line_that_is_set_are_in_the_font_of_the_file() -> None:
    contents = [f"<p>{escape(text)}</p>" for text in dict.fromkeys(people(60))]
    ours, engines = both(contents, "p { text-align: center }")
    for at in (0, 17, len(contents) - 1):
        first, second = (next(stamped.each([at], ["một"])) for stamped in (ours, engines))
        assert not pixel_guard.differ(first.pdf, 0, second.pdf, 0)


@pytest.mark.parametrize(
    ("content", "rules"),
    [
        ("<p><u>{}</u></p>", "u { text-decoration: underline }"),
        ("<p><b>{}</b> tên</p>", ""),
        ("<p>{} <b>tên</b></p>", ""),
        ("<p>{}</p>", "p { background: #eee; display: inline-block }"),
    ],
    ids=["underlined", "one line, two fonts", "a text before another", "a ground as wide as the text"],
)
def test_what_depends_on_the_length_of_a_text_is_left_to_the_engine(content: str, rules: str) -> None:
    contents = [content.format(escape(text)) for text in dict.fromkeys(people(8))]
    ours, engines = both(contents, rules)
    everybody = range(len(contents))
    assert lines(ours.joined(everybody).pdf) == lines(engines.joined(everybody).pdf)
    for at in everybody:
        assert not pixel_guard.differ(ours.joined([at]).pdf, 0, engines.joined([at]).pdf, 0)


def test_letters_that_are_not_set_one_by_one_are_left_to_the_engine() -> None:
    texts = ["Nguyễn An", "Trần Bình", "Lê Thị Chi", "Đỗ Dũng", "Sofia Steffi", "Иван", "Lê\u0301 Văn"]
    contents = [f"<p>{text}</p>" for text in texts]
    ours, engines = both(contents, "")
    everybody = range(len(contents))
    assert lines(ours.joined(everybody).pdf) == lines(engines.joined(everybody).pdf)


# ── What is learnt ────────────────────────────────────────────────────────────────────────────────


def sample(text: str, x: float, **other: bytes) -> Sample:
    """A line in Tinos at 16 px, as the engine paints it."""
    shown = pdf_lines._shown(typefaces.SERIF, text, 16 * 1024, 0)
    assert shown
    string = other.get("string", shown[0])
    begins = b"1 0 0 -1 %.6f 20 Tm" % (x - shown[1] / 2)
    return Sample(
        (text,),
        (
            b"q",
            b"BT",
            begins,
            b"/F 16 Tf",
            b"[" + string + b"] TJ",
            b"ET",
            *filter(None, other.get("more", b"").split(b"\n")),
            b"Q",
        ),
    )


FONTS = {b"F": typefaces.SERIF}


def test_a_pattern_is_learnt_from_two_samples() -> None:
    pattern = pdf_lines.learnt(sample("An", 100), sample("Nguyễn Bình", 100), FONTS, frozenset())
    assert pattern
    expected = b"\n".join(sample("Lê Chi", 100).painted)
    assert pattern.paint(("Lê Chi",)) == expected


@pytest.mark.parametrize(
    "other",
    [
        sample("Nguyễn Bình", 103),
        sample("Nguyễn Bình", 100, string=b"<0001>"),
        sample("Nguyễn Bình", 100, more=b"S"),
        sample("Nguyễn Bình", 100, more=b"0 0 80 20 re\nf"),
    ],
    ids=["another place", "other glyphs", "a line drawn", "a ground as long as the text"],
)
def test_nothing_is_learnt_from_samples_that_do_not_agree(other: Sample) -> None:
    first = sample("An", 100, more=b"" if b"S" in other.painted else b"0 0 20 20 re\nf")
    assert pdf_lines.learnt(first, other, FONTS, frozenset()) is None


def test_a_ground_that_both_samples_have_is_painted_for_all() -> None:
    ground = b"0 0 80 20 re\nf"
    first, second, third = (sample(text, 100, more=ground) for text in ("An", "Nguyễn Bình", "Lê Chi"))
    pattern = pdf_lines.learnt(first, second, FONTS, frozenset())
    assert pattern
    assert pattern.paint(third.texts) == b"\n".join(third.painted)


def test_samples_as_long_as_each_other_teach_texts_of_their_length_only() -> None:
    pattern = pdf_lines.learnt(sample("Số 01", 100), sample("Số 10", 100), FONTS, frozenset())
    assert pattern
    assert pattern.paint(("Số 23",)) == b"\n".join(sample("Số 23", 100).painted)
    assert pattern.paint(("Số 1",)) is None
    assert pattern.paint(("Số 11",)) is None  # the two stand closer together
    moved = sample("Số 10", 103)
    assert pdf_lines.learnt(sample("Số 01", 100), moved, FONTS, frozenset()) is None


def test_nothing_is_learnt_in_a_font_that_is_not_ours() -> None:
    assert pdf_lines.learnt(sample("An", 100), sample("Nguyễn Bình", 100), {}, frozenset()) is None


def test_every_face_of_ours_is_known_by_the_name_that_the_engine_gives_it() -> None:
    assert set(pdf_lines._NAMES.values()) == set(typefaces.ALL)


def test_a_content_is_taken_apart_and_put_together() -> None:
    html = '<p class="a">Lê &amp; Bình<br>\n  Hai   dòng\n</p>'
    tags, texts = pdf_lines.taken_apart(html)
    assert tags == ('<p class="a">', "", "<br>", "", "</p>")
    assert texts == ("Lê & Bình", "Hai dòng ")
    assert pdf_lines.put_together(tags, texts) == '<p class="a">Lê &amp; Bình<br>Hai dòng </p>'
