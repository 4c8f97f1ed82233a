"""Every text finds the largest type at which it fits, whole, with even lines."""

import pytest

from documents.errors import DoesNotFit
from documents.fitting import MM, Fitted, Step, Style, fit, fit_together, sizes, width
from documents.typefaces import SANS_HEAVY, SERIF_BOLD, advances, unknown_letters
from tests.documents.samples import LONG_NAME, TITLE

NAME = Style(SANS_HEAVY, 1.28, -0.01)
LADDER = (Step(2, 34, 28), Step(3, 30, 20), Step(4, 20, 20))
WITH_LAST = (*LADDER, Step(8, 19, 9, last_resort=True))
CARD = 89 * MM


def test_a_short_name_stands_on_one_line_at_the_largest_type() -> None:
    assert fit("VÕ MINH KHÔI", NAME, LADDER, CARD) == Fitted(("VÕ MINH KHÔI",), 34)


def test_lines_are_as_even_as_can_be() -> None:
    assert fit("PHẠM THỊ THANH HÀ", NAME, LADDER, CARD).lines == ("PHẠM THỊ", "THANH HÀ")


def test_a_name_of_seven_syllables_takes_three_lines() -> None:
    fitted = fit("TÔN NỮ NGUYỄN HOÀNG PHƯƠNG UYÊN", NAME, (LADDER[1],), CARD)
    assert fitted.lines == ("TÔN NỮ", "NGUYỄN HOÀNG", "PHƯƠNG UYÊN")


def test_no_line_is_wider_than_the_room() -> None:
    for fitted in sizes(LONG_NAME.upper(), NAME, WITH_LAST, CARD):
        assert max(width(line, NAME, fitted.size) for line in fitted.lines) <= CARD


def test_a_name_of_200_letters_is_set_whole() -> None:
    fitted = fit(LONG_NAME.upper(), NAME, WITH_LAST, CARD)
    assert " ".join(fitted.lines) == LONG_NAME.upper()


def test_a_word_wider_than_the_line_is_broken_only_as_the_last_resort() -> None:
    fitted = fit("A" * 200, NAME, WITH_LAST, CARD)
    assert "".join(fitted.lines) == "A" * 200
    assert fitted.size < 20


def test_a_broken_word_keeps_letters_and_their_marks_together() -> None:
    fitted = fit("Lê\u0323\u0301" * 60, NAME, WITH_LAST, CARD)
    assert not any(line[0] in "\u0323\u0301" for line in fitted.lines)


def test_a_title_breaks_after_its_comma() -> None:
    fitted = fit(TITLE, Style(SERIF_BOLD, 1.32), (Step(2, 18, 14),), 245 * MM)
    assert fitted.lines[0].endswith("Việt Nam,")
    assert fitted.size == 18


def test_a_compound_stays_on_one_line() -> None:
    fitted = fit(TITLE, Style(SERIF_BOLD, 1.35), (Step(3, 13.5, 13.5),), 155 * MM)
    assert fitted.lines[1:] == (
        "góp phần nâng cao chất lượng hiệu quả",
        "công tác thông tin đối ngoại trong tình hình mới",
    )


def test_a_line_break_in_the_text_stays() -> None:
    fitted = fit("Phó Trưởng ban\nBan Tuyên giáo", NAME, (Step(2, 9, 9),), CARD)
    assert fitted.lines == ("Phó Trưởng ban", "Ban Tuyên giáo")


def test_what_does_not_fit_is_named_not_cut() -> None:
    with pytest.raises(DoesNotFit) as stopped:
        fit(LONG_NAME, NAME, (Step(2, 34, 34),), CARD)
    assert LONG_NAME[:80] in str(stopped.value)
    assert stopped.value.text == LONG_NAME


def test_two_texts_share_a_height_and_the_one_that_loses_least_gives_way() -> None:
    name, job = fit_together(
        [sizes("PHẠM THỊ THANH HÀ", NAME, LADDER, CARD), sizes("Phó ban", NAME, (Step(1, 12, 8),), CARD)], 95
    )
    assert (name.size, job.size) == (31, 11)
    assert name.height + job.height <= 95


def test_texts_that_cannot_share_a_height_stop_the_paper() -> None:
    with pytest.raises(DoesNotFit):
        fit_together([sizes(LONG_NAME, NAME, WITH_LAST, CARD)], 10)


def test_an_empty_text_takes_no_room() -> None:
    assert fit("", NAME, LADDER, CARD).lines == ()


def test_widths_are_those_of_the_font() -> None:
    assert advances(SERIF_BOLD)[ord("Ộ")] == advances(SERIF_BOLD)[ord("O")]
    assert width("Ộ", Style(SERIF_BOLD, 1)) == pytest.approx(0.78, abs=0.01)


def test_a_letter_no_font_of_ours_has_is_found() -> None:
    assert unknown_letters("Nguyễn 😀 Иван 😀 ศรี") == ["😀", "ศ", "ร", "ี"]


def test_the_class_names_the_size() -> None:
    assert [Fitted((), size).css for size in (34, 10.5)] == ["pt34", "pt10-5"]
