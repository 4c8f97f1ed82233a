import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference import vietnamese
from conference.vietnamese import NameParts, fold, same_name, split_name

MARKS = {"a": "\u0306\u0302", "e": "\u0302", "o": "\u0302\u031b", "u": "\u031b", "i": "", "y": ""}
VIETNAMESE = "".join(
    unicodedata.normalize("NFC", base + mark + tone)
    for base, marks in MARKS.items()
    for mark in ("", *marks)
    for tone in ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
)
words = st.text(VIETNAMESE + "bcdđghklmnpqrstvx", min_size=1, max_size=7)
names = st.lists(words, min_size=1, max_size=6).map(" ".join)


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


# Cleaning


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Nguyễn   Văn An ", "Nguyễn Văn An"),
        (nfd("Nguyễn Thị Ước"), "Nguyễn Thị Ước"),
        ("Nguyễn\u00a0Văn\u2003An\u3000", "Nguyễn Văn An"),
        ("Nguyễn\tVăn\r\nAn", "Nguyễn Văn An"),
        ("Ngu\x00yễn\x07 Văn An\x1b", "Nguyễn Văn An"),
        ("\ufeffNgu\u200byễn V\u200dăn \u200cAn", "Nguyễn Văn An"),
        ("\u202eNguyễn Văn An", "Nguyễn Văn An"),
        ("Ho\u200b\u0300a", "Hòa"),
        ("Nguyễn Văn \ud800An", "Nguyễn Văn An"),
        ("Đạ\u00adt", "Đạt"),
        ("Số 5\u200b", "Số 5"),
        ("\x00", ""),
    ],
)
def test_clean_gives_one_line_of_nfc_without_invisible_characters(typed: str, stored: str) -> None:
    assert vietnamese.clean(typed) == stored


@given(st.text())
def test_clean_text_can_be_stored_and_stays_as_it_is(text: str) -> None:
    cleaned = vietnamese.clean(text)
    assert vietnamese.clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == cleaned.strip()
    assert not any(char != " " and char.isspace() for char in cleaned)
    assert "\x00" not in cleaned


# Folding


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Hòa", "hoa"),
        ("Hoà", "hoa"),
        ("Thúy", "thuy"),
        ("Thuý", "thuy"),
        ("NGUYỄN  VĂN AN", "nguyen van an"),
        ("Đặng Đình Đức", "dang dinh duc"),
        ("Ðặng", "dang"),  # eth, a look-alike of Đ
        ("Trường Sơn Ước Lượng", "truong son uoc luong"),
        ("H' Linh Niê Kđăm", "h linh nie kdam"),
        ("K’Brêu", "k breu"),
        ("Bà Rịa - Vũng Tàu", "ba ria vung tau"),
        ("Thừa Thiên–Huế", "thua thien hue"),
        ("TP.HCM", "tp hcm"),
        ("1.234/QĐ-BTTTT", "1 234 qd btttt"),
        ("Đạ\u00adt", "dat"),
        ("Müller", "muller"),
        ("", ""),
    ],
)
def test_fold_is_what_people_type_without_marks(text: str, key: str) -> None:
    assert fold(text) == key
    assert fold(nfd(text)) == key
    assert fold(text.upper()) == key


@given(st.text())
def test_fold_changes_nothing_twice_and_does_not_see_the_form(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(nfd(text)) == fold(unicodedata.normalize("NFC", text))


@given(names)
def test_fold_of_vietnamese_is_plain_latin(name: str) -> None:
    assert set(fold(name)) <= set("abcdefghijklmnopqrstuvwxyz ")
    assert len(fold(name)) == len(name)


def test_every_letter_of_vietnamese_folds_to_its_base() -> None:
    assert {fold(char) for char in VIETNAMESE} == set("aeouiy")
    assert len(VIETNAMESE) == 72


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Hòa", "Hoà"),
        ("Nguyễn Thị Thúy", "NGUYỄN THỊ THUÝ"),
        ("khoẻ", "khỏe"),
        ("Thủy", nfd("Thuỷ")),
        ("Đặng", "đặng"),
        ("H' Linh", "H’Linh"),
        ("  An ", "An"),
    ],
)
def test_one_name_in_two_spellings_is_the_same(a: str, b: str) -> None:
    assert same_name(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Hòa", "Hoa"),
        ("Hòa", "Hóa"),
        ("Đan", "Dan"),
        ("Lan", "Lân"),
        ("Quý", "Quí"),
        ("An", "An An"),
        ("Müller", "Muller"),
    ],
)
def test_other_tones_and_letters_make_another_name(a: str, b: str) -> None:
    assert not same_name(a, b)


# Parts


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Nguyễn Văn An", ("Nguyễn", "Văn", "An")),
        ("Lê Nam", ("Lê", "", "Nam")),
        ("An", ("", "", "An")),
        ("", ("", "", "")),
        ("Nguyễn Trần Thị Minh Anh", ("Nguyễn", "Trần Thị Minh", "Anh")),
        ("  nguyễn   văn an", ("nguyễn", "văn", "an")),
        ("Tôn Thất Tùng", ("Tôn Thất", "", "Tùng")),
        ("TÔN NỮ THỊ NINH", ("TÔN NỮ", "THỊ", "NINH")),
        ("Công Tằng Tôn Nữ Hồng Hạnh", ("Công Tằng Tôn Nữ", "Hồng", "Hạnh")),
        ("Hoàng Phủ Ngọc Lan", ("Hoàng Phủ", "Ngọc", "Lan")),
        ("Hoàng Phủ", ("Hoàng", "", "Phủ")),
        ("Âu Dương Quân", ("Âu Dương", "", "Quân")),
        ("Rơ Châm H'Hồng", ("Rơ Châm", "H'", "Hồng")),
        ("H' Linh Niê Kđăm", ("Niê Kđăm", "H'", "Linh")),
        ("H'Linh Niê Kđăm", ("Niê Kđăm", "H'", "Linh")),
        ("H’ Linh Niê", ("Niê", "H’", "Linh")),
        ("Y Bhiêng Byă", ("Byă", "Y", "Bhiêng")),
        ("Y Thanh Hà Niê Kđăm", ("Niê Kđăm", "Y Thanh", "Hà")),
        ("Y Hằng", ("", "Y", "Hằng")),
        ("Y", ("", "", "Y")),
        ("Y Niê", ("", "Y", "Niê")),
        ("K'Brêu", ("", "K'", "Brêu")),
        ("Ksor H'Bơ", ("Ksor", "H'", "Bơ")),
        ("Lò Thị Ân", ("Lò", "Thị", "Ân")),
        ("John Smith", ("John", "", "Smith")),
        ("O'Brien", ("", "", "O'Brien")),
    ],
)
def test_a_name_splits_into_family_middle_and_given(name: str, parts: tuple[str, str, str]) -> None:
    assert split_name(name) == NameParts(*parts)
    assert split_name(nfd(name)) == NameParts(*parts)


@given(st.text())
def test_splitting_loses_no_letter(name: str) -> None:
    together = "".join(split_name(name)).replace(" ", "")
    assert sorted(together) == sorted(vietnamese.clean(name).replace(" ", ""))


def test_every_name_but_an_empty_one_has_a_given_name() -> None:
    assert [split_name(name).given for name in ("Nguyễn Văn An", "An", "Niê", "Y Y", " ")] == [
        "An",
        "An",
        "Niê",
        "Y",
        "",
    ]


# Capitals and initials


def test_badges_show_the_name_in_capitals() -> None:
    assert vietnamese.display_caps("Nguyễn Thị Ước") == "NGUYỄN THỊ ƯỚC"
    assert vietnamese.display_caps(nfd("H' Linh Niê Kđăm")) == "H' LINH NIÊ KĐĂM"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("NGUYỄN VĂN AN", "Nguyễn Văn An"),
        ("nguyễn văn an", "Nguyễn Văn An"),
        (nfd("TRẦN THỊ ƯỚC"), "Trần Thị Ước"),
        ("ĐẶNG ĐỨC Ý", "Đặng Đức Ý"),
        ("H' LINH NIÊ KĐĂM", "H' Linh Niê Kđăm"),
        ("K'BRÊU", "K'Brêu"),
        ("k’brêu", "K’Brêu"),
        ("LÊ-NGUYỄN AN", "Lê-Nguyễn An"),
        ("H' Linh", "H' Linh"),
        ("McDonald", "McDonald"),
        ("H' BƠ\u0306N Ê\u0306BAN", "H' Bơ\u0306n Ê\u0306ban"),
        ("NGUYỄN VĂN AN (TTXVN)", "Nguyễn Văn An (TTXVN)"),
        ("NGUYỄN VĂN An", "NGUYỄN VĂN An"),
        ("", ""),
    ],
)
def test_only_names_in_one_case_get_capitals(typed: str, name: str) -> None:
    assert vietnamese.title_case_name(typed) == name


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Nguyễn Thanh Lâm", "NTL"), ("Đặng Ân", "ĐÂ"), ("Ái Ửng", "AƯ"), ("H' Linh Niê", "HLN"), ("", "")],
)
def test_initials_have_no_tones(name: str, letters: str) -> None:
    assert vietnamese.initials(name) == letters
