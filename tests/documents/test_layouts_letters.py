"""Letters on paper: nothing leaves its place, no signature stands alone, each letter counts its own pages."""

import pytest

from documents import layouts
from documents.pdf import Rendered, renderer
from documents.wording import Said
from tests.documents import reading, samples, samples_letters
from tests.documents.reading import Word
from tests.documents.test_layouts import EVERYBODY, bare, outside
from tests.qr_reading import qr_codes

STYLES = ("base.css", "official.css", "letter.css")
KINDS = ("giay-moi", "cong-van")


def made(kind: str, letters: list[Said]) -> Rendered:
    engine = renderer(*STYLES)
    if kind == "giay-moi":
        return engine.render(samples_letters.invitations(letters))
    return engine.render(*samples_letters.requests(letters))


def pages(pdf: bytes) -> list[list[Word]]:
    words = reading.words(pdf)
    return [[w for w in words if w.page == page] for page in range(1, words[-1].page + 1)]


def body(page: list[Word]) -> list[Word]:
    """Without the page number and the marks at the foot."""
    return [w for w in page if w.top > 19 and w.bottom < 277.5]


def tops(pdf: bytes) -> list[list[str]]:
    """What stands over each page."""
    return [[w.text for w in page if w.bottom < 18 and w.text.isdigit()] for page in pages(pdf)]


def is_annex(page: list[Word]) -> bool:
    return max(w.right for w in page) > 215


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("build", [samples_letters.said, samples_letters.longest])
def test_no_word_of_a_letter_leaves_its_place(kind: str, build: object) -> None:
    paper = made(kind, [build(kind)])  # type: ignore[operator]  # one of two builders
    assert reading.overlaps(paper.pdf) == []
    for page in pages(paper.pdf):
        edges = (19.9, 10, 282.3, 205) if is_annex(page) else (29.9, 10, 195.5, 290)
        assert outside(page, *edges) == []


def test_an_ordinary_invitation_is_one_page_and_a_request_two_with_its_form() -> None:
    for place in ("tỉnh Quảng Nam", "tỉnh Thừa Thiên Huế", samples_letters.LONG_PLACE):
        assert made("giay-moi", [samples_letters.said("giay-moi", place)]).pages == 1
        letter = made("cong-van", [samples_letters.said("cong-van", place)])
        assert [is_annex(page) for page in pages(letter.pdf)] == [False, False, True]


@pytest.mark.parametrize("kind", KINDS)
def test_the_longest_letter_takes_two_pages(kind: str) -> None:
    letter = [page for page in pages(made(kind, [samples_letters.longest(kind)]).pdf) if not is_annex(page)]
    assert len(letter) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_everything_that_is_said_stands_on_the_paper(kind: str) -> None:
    for one in (samples_letters.said(kind), samples_letters.longest(kind)):
        text = bare(reading.text(made(kind, [one]).pdf))
        parts = [one.number, one.about, one.closing, one.signer, *one.role, *one.recipients, *one.addressees]
        parts += [one.agency.upper(), one.parent.upper(), one.place_and_date, "Bản chưa ký số"]
        for block in one.blocks:
            parts += [block.text, block.label, *block.items]
        for part in parts:
            assert bare(part) in text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lines", range(0, 30, 3))
def test_a_signature_is_never_alone(kind: str, lines: int) -> None:
    """Whatever the length of the text, its last sentence stays with the signer."""
    base = samples_letters.said(kind)
    filler = samples_letters.Block("Nội dung thêm. " * 7)
    letter = Said(**{**vars(base), "blocks": (*base.blocks, *[filler] * (lines // 3))})
    last = [page for page in pages(made(kind, [letter]).pdf) if not is_annex(page)][-1]
    words = [w.text for w in last]
    assert "THỨ" in words
    assert "biểu./." in words


@pytest.mark.parametrize("kind", KINDS)
def test_each_letter_counts_its_own_pages_and_shows_no_number_on_the_first(kind: str) -> None:
    letters = [samples_letters.longest(kind), samples_letters.said(kind), samples_letters.longest(kind)]
    alone = [tops(made(kind, [letter]).pdf) for letter in letters]
    assert tops(made(kind, letters).pdf) == [page for letter in alone for page in letter]
    assert alone[0][:2] == [[], ["2"]]
    annex = [
        top for top, page in zip(alone[0], pages(made(kind, letters[:1]).pdf), strict=True) if is_annex(page)
    ]
    assert annex == ([] if kind == "giay-moi" else [[], ["2"]])


def test_the_parts_of_the_heading_stand_where_the_decree_has_them() -> None:
    first = pages(made("giay-moi", [samples_letters.longest("giay-moi")]).pdf)[0]
    left = [w for w in first if w.right < 100 and w.top < 75]
    parent, agency, number = (
        min(w.top for w in left if w.text == text) for text in ("BỘ", "CỤC", "87/GM-BTTTT")
    )
    nation = next(w for w in first if w.text == "CỘNG")
    kind = next(w for w in first if w.text == "GIẤY")
    assert parent < agency < number < kind.top
    assert nation.left > 95
    assert abs(parent - nation.top) < 1
    middle = (kind.left + next(w for w in first if w.text == "MỜI").right) / 2
    assert abs(middle - (30 + 195) / 2) < 0.5


def test_the_subject_of_a_request_stands_under_its_number() -> None:
    first = pages(made("cong-van", [samples_letters.said("cong-van")]).pdf)[0]
    number = next(w for w in first if w.text == "12/BTTTT-TTĐN")
    subject = next(w for w in first if w.text == "V/v")
    to_whom = next(w for w in first if w.text == "Kính")
    assert number.bottom < subject.top < to_whom.top
    assert subject.right < 98
    assert not any(w.text == "GIẤY" for w in first)


def test_the_code_of_a_request_has_white_around_it_and_opens_the_answer() -> None:
    paper = made("cong-van", [samples_letters.said("cong-van")])
    page = next(
        n for n, words in enumerate(pages(paper.pdf), start=1) if any(w.text == "quét" for w in words)
    )
    read = qr_codes(reading.picture(paper.pdf, page))
    assert [code.text for code in read] == [f"{samples_letters.LINK}0"]
    near = [w for w in pages(paper.pdf)[page - 1] if any(w.text == x for x in ("quét", "trực"))]
    assert min(w.left for w in near) >= 30 + 29 + 2.8


def test_the_form_has_a_line_for_each_seat() -> None:
    letter = samples_letters.longest("cong-van")
    form = [w for page in pages(made("cong-van", [letter]).pdf) if is_annex(page) for w in page]
    numbers = [w.text for w in form if w.right < 32 and w.text.isdigit()]
    assert numbers == [f"{n:02}" for n in range(1, 13)]
    assert [w.text for w in form if w.text == "lục"] == ["lục"]


@pytest.mark.parametrize("sessions", [0, 8, 40])
def test_a_personal_sheet_is_one_page_whoever_is_invited(sessions: int) -> None:
    html, images = samples_letters.personal(EVERYBODY, sessions)
    paper = renderer(*STYLES, "personal.css").render(html, images)
    assert paper.pages == len(EVERYBODY)
    assert reading.overlaps(paper.pdf) == []
    for page, person in zip(pages(paper.pdf), EVERYBODY, strict=True):
        assert outside(page, 24.9, 17, 190.1, 293) == []
        said = bare(" ".join(w.text for w in page))
        assert bare(layouts.plain(person[1])).upper() in said
        assert "Mãđạibiểu" in said


def test_a_programme_that_is_too_long_is_told_by_half_days() -> None:
    def told(sessions: int) -> int:
        html, images = samples_letters.personal(samples.PEOPLE[:1], sessions)
        return reading.text(renderer(*STYLES, "personal.css").render(html, images).pdf).count(
            "Trao đổi, hỏi đáp"
        )

    assert (told(8), told(40)) == (7, 0)


def test_the_code_of_a_personal_sheet_is_29_mm_and_opens_the_own_page() -> None:
    html, images = samples_letters.personal(samples.PEOPLE[:1])
    picture = reading.picture(renderer(*STYLES, "personal.css").render(html, images).pdf)
    [code] = qr_codes(picture)
    assert code.text == f"{samples_letters.LINK}0"
    side = (code.position.top_right.x - code.position.top_left.x) / 200 * 25.4
    assert 28 <= side <= 30
    assert code.ec_level == "Q"
