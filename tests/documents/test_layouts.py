"""Nothing leaves its place on any paper, with ordinary people and with the worst that can be typed."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from documents import layouts
from documents.errors import DoesNotFit
from documents.pdf import renderer
from tests.documents import reading, samples
from tests.documents.reading import Word
from tests.qr_reading import qr_codes

EVERYBODY = samples.PEOPLE + samples.WORST


def outside(words: list[Word], left: float, top: float, right: float, bottom: float) -> list[Word]:
    """Words beyond the edges; a loose mark, which has no width, is told by its letter."""
    words = [w for w in words if w.right > w.left]
    return [w for w in words if w.left < left or w.right > right or w.top < top or w.bottom > bottom]


def bare(text: str) -> str:
    """Without blanks and loose marks, which readers of PDF put apart from their letter."""
    return reading.letters(text).replace("\u0301", "")


@pytest.fixture(scope="module")
def badges() -> list[bytes]:
    html, images = samples.badges(EVERYBODY, single=True)
    titles = [person[1] for person in EVERYBODY]
    files = list(renderer("base.css", "badges.css").render_each(html, titles, images))
    return [file.pdf for file in files]


def test_no_word_of_a_badge_leaves_its_place(badges: list[bytes]) -> None:
    for pdf in badges:
        words = reading.words(pdf)
        head = [w for w in words if w.bottom < 33]
        middle = [w for w in words if w.bottom >= 33 and w.top < 86]
        low = [w for w in words if w.top >= 86]
        assert outside(head, 8, 3, 98, 33) == []
        assert outside(middle, 7.9, 31, 99, 86) == []
        assert [w for w in low if w.right > 63 and w.top < 122 and w.left < 102] == []  # the QR and its white
        assert outside(low, 7.9, 86, 102, 148.5) == []
        assert reading.overlaps(pdf) == []


def test_no_word_of_a_label_leaves_its_place() -> None:
    context, cards, images = samples.badge_context(EVERYBODY)
    html = samples.badge_page(context, "label roll", "", [[card] for card in cards])
    made = renderer("base.css", "badges.css").render(html, images)
    assert made.pages == len(cards)
    words = reading.words(made.pdf)
    assert outside(words, 4.6, 3.5, 83.5, 123) == []
    assert [w for w in words if w.page > 1 and w.right > 50.4 and w.bottom > 73.7 and w.top < 107.8] == []
    assert reading.overlaps(made.pdf) == []


def test_a_badge_says_what_was_given(badges: list[bytes]) -> None:
    for pdf, (_, name, position, organisation, team, band) in zip(badges, EVERYBODY, strict=True):
        said = bare(reading.text(pdf))
        for text in (layouts.plain(name).upper(), position, organisation, team, samples.BANDS[band].upper()):
            assert bare(layouts.plain(text)) in said


def test_the_code_of_a_badge_can_be_read_by_a_machine(badges: list[bytes]) -> None:
    for index, pdf in enumerate(badges):
        assert [code.text for code in qr_codes(reading.picture(pdf))] == [f"7K3M9QFP7K3M9{index:03}"]


def test_four_badges_stand_on_a_sheet_with_the_parting_card_first() -> None:
    html, images = samples.badges(samples.PEOPLE)
    made = renderer("base.css", "badges.css").render(html, images)
    page = PdfReader(BytesIO(made.pdf)).pages[0].mediabox
    assert made.pages == 2
    assert (round(float(page.width) * reading.MM), round(float(page.height) * reading.MM)) == (210, 297)
    first = [w for w in reading.words(made.pdf) if w.page == 1 and w.right < 105 and w.bottom < 148.5]
    assert [w.text for w in first if w.top > 30][:7] == ["ĐOÀN", "TỈNH", "LÂM", "ĐỒNG", "7", "thẻ", "Người"]
    assert reading.overlaps(made.pdf) == []


@pytest.mark.parametrize("title", [samples.TITLE, samples.LONG_TITLE])
def test_no_word_of_a_certificate_leaves_its_place(title: str) -> None:
    html, images = samples.certificates(EVERYBODY, title)
    made = renderer("base.css", "certificate.css").render(html, images)
    assert made.pages == len(EVERYBODY)
    words = reading.words(made.pdf)
    assert outside(words, 25.9, 22, 271.1, 188) == []
    assert reading.overlaps(made.pdf) == []
    said = [bare(" ".join(w.text for w in words if w.page == n + 1)) for n in range(made.pages)]
    for (_, name, position, organisation, _, _), text in zip(EVERYBODY, said, strict=True):
        for part in (
            layouts.plain(name).upper(),
            position,
            organisation,
            title,
            "Bản chưa ký số",
            "Dữ liệu minh họa",
        ):
            assert bare(layouts.plain(part)) in text
        assert reading.letters("7K3M-9QFP-7K3M-9") in text


def test_the_text_of_a_certificate_keeps_off_the_signature() -> None:
    html, images = samples.certificates(EVERYBODY, samples.LONG_TITLE)
    made = renderer("base.css", "certificate.css").render(html, images)
    for page in range(1, made.pages + 1):
        words = [w for w in reading.words(made.pdf) if w.page == page]
        place = min(w.top for w in words if w.text == "Nội," and w.left > 148)
        assert [w for w in words if w.bottom > place + 1 and w.top < place and w.left > 148] == []


def test_the_code_of_a_certificate_can_be_read_by_a_machine() -> None:
    made = renderer("base.css", "certificate.css").render(*samples.certificates(samples.PEOPLE[:1]))
    read = qr_codes(reading.picture(made.pdf))
    assert [code.text for code in read] == ["https://hoinghi.example/v/7K3M9QFP7K3M9000"]


@pytest.mark.parametrize(
    ("title", "sessions"), [(samples.TITLE, 1), (samples.TITLE, 18), (samples.LONG_TITLE, 60)]
)
def test_no_word_of_an_agenda_leaves_its_place(title: str, sessions: int) -> None:
    made = renderer("base.css", "official.css", tagged=True).render(
        samples.agenda(title, sessions, samples.TOPIC + samples.GIANT_WORD[:60])
    )
    words = reading.words(made.pdf)
    assert outside([w for w in words if w.text not in map(str, range(99))], 29.9, 19, 195.1, 290) == []
    assert reading.overlaps(made.pdf) == []
    assert reading.letters(title) in reading.letters(reading.text(made.pdf))
    assert reading.text(made.pdf).count("Dữ liệu minh họa") == made.pages


@pytest.mark.parametrize("people", [EVERYBODY, samples.PEOPLE * 12, samples.PEOPLE[:1]])
def test_no_word_of_a_list_leaves_its_place(people: list[tuple[str, ...]]) -> None:
    made = renderer("base.css", "official.css", tagged=True).render(samples.attendee_list(people))
    words = reading.words(made.pdf)
    assert outside(words, 19.9, 10, 282.1, 203) == []
    assert reading.overlaps(made.pdf) == []
    said = reading.letters(" ".join(w.text for w in words))
    for person in people:
        assert all(word in said for word in layouts.plain(person[1]).split() if len(word) < 30)


@pytest.mark.parametrize("count", [*range(8, 24)])
def test_signatures_are_never_alone_on_a_page(count: int) -> None:
    people = (samples.PEOPLE * 4)[:count]
    made = renderer("base.css", "official.css", tagged=True).render(samples.attendee_list(people))
    last = [w for w in reading.words(made.pdf) if w.page == made.pages]
    numbers = [w.text for w in last if w.right < 33 and w.text.isdigit() and w.top > 20]
    assert len(numbers) >= 3
    assert "BIỂU" in [w.text for w in last]


def test_a_group_row_is_never_the_last_of_a_page() -> None:
    made = renderer("base.css", "official.css", tagged=True).render(
        samples.attendee_list(samples.PEOPLE * 14, group_size=5)
    )
    for page in range(1, made.pages + 1):
        rows = [w for w in reading.words(made.pdf) if w.page == page and w.top > 20 and w.bottom < 195]
        lowest = max(rows, key=lambda w: w.bottom)
        assert "Đoàn" not in [w.text for w in rows if abs(w.bottom - lowest.bottom) < 2]


def test_the_head_of_a_table_comes_back_and_pages_are_numbered_from_the_second() -> None:
    made = renderer("base.css", "official.css", tagged=True).render(samples.attendee_list(samples.PEOPLE * 8))
    words = reading.words(made.pdf)
    for page in range(1, made.pages + 1):
        own = [w for w in words if w.page == page]
        assert "STT" in [w.text for w in own]
        top = [w for w in own if w.bottom < 20]
        assert [w.text for w in top] == ([] if page == 1 else [str(page)])
        assert all(abs((w.left + w.right) / 2 - 151) < 1 for w in top)


def test_a_person_for_whom_there_is_no_room_is_named() -> None:
    with pytest.raises(DoesNotFit, match="Nguyễn Nguyễn"):
        layouts.badge("Nguyễn " * 200, "x" * 900, "", ("Đoàn", "Hà Nội"), ("delegate", "Đại biểu"), "q", "c")


def test_towers_of_marks_are_taken_down_and_letters_composed() -> None:
    assert layouts.plain("Lê" + "\u0301" * 40) == "L\u1ebf\u0301"
    assert layouts.plain(samples.DECOMPOSED) == "Nguyễn Thị Hương"
    assert layouts.plain(" a\u00ad\u200b  b\n") == "a b"


@pytest.mark.parametrize(
    ("delegation", "lines"),
    [
        ("Đoàn tỉnh Hà Giang", ["ĐOÀN TỈNH", "HÀ GIANG"]),
        ("Đoàn thành phố Cần Thơ", ["ĐOÀN", "THÀNH PHỐ", "CẦN THƠ"]),
        ("Đoàn Trung ương", ["ĐOÀN", "TRUNG ƯƠNG"]),
    ],
)
def test_the_name_of_a_delegation_is_not_torn_on_its_parting_card(delegation: str, lines: list[str]) -> None:
    assert list(layouts.parting(delegation, "7 thẻ").team.lines) == lines
