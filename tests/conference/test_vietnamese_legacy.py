"""Text in TCVN3, VNI and confused code pages is read anew, and nothing else is."""

import csv
import random
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference import units, vietnamese_legacy
from conference.vietnamese_legacy import Recovered, is_syllable, otherwise, recover
from tests.attendees.messy import to_tcvn3, to_vni

TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
VOWELS = "aăâeêioôơuưy"
ROOT = Path(__file__).resolve().parent.parent.parent


def names(count: int, seed: int = 1) -> list[str]:
    """Full names of the demo data."""
    draw = random.Random(seed)
    by_part = {
        part: [row["name"] for row in units.read("names_vi.csv") if row["part"] == part]
        for part in ("family", "middle", "given")
    }
    return [
        " ".join(filter(None, (draw.choice(by_part[part]) for part in ("family", "middle", "given"))))
        for _number in range(count)
    ]


# Syllables


@pytest.mark.parametrize(
    "word",
    [
        "Nguyễn", "Trường", "nghiêng", "quý", "quốc", "giếng", "gì", "gìn", "giỏi", "hòa", "hoà", "thuỷ",
        "thủy", "khuỷu", "yêu", "Ước", "ĐƯỜNG", "xoong", "Kạn", "Đắk", "khoẻ", "uý", "oằn", "ích", "Ý",
        "ổ", "ưỡn",
    ],
)  # fmt: skip
def test_a_syllable_of_vietnamese_is_known(word: str) -> None:
    assert is_syllable(word)
    assert is_syllable(unicodedata.normalize("NFD", word))


@pytest.mark.parametrize(
    "word",
    [
        "NguyÔn", "Nguyeãn", "vaên", "baù", "hoaù", "kà", "cẽ", "ngé", "tằch", "ngữp", "mùt", "â", "TrÇn",
        "Müller", "José", "ViÖt", "nguyễN", "ờê", "zà", "wé", "ñ", "ææ", "", "TTTT", "áà",
    ],
)  # fmt: skip
def test_what_is_no_syllable_is_known(word: str) -> None:
    assert not is_syllable(word)


def test_every_name_and_place_of_the_country_is_vietnamese() -> None:
    texts = names(2_000)
    for file in ("provinces_2024.csv", "provinces_2025.csv"):
        texts += [row["full_name"] for row in units.read(file)]
    assert [text for text in texts if not vietnamese_legacy.is_vietnamese(text)] == []


# Old encodings


@pytest.mark.parametrize(
    ("text", "read", "encoding"),
    [
        ("NguyÔn V¨n An", "Nguyễn Văn An", "tcvn3"),
        ("TiÕng ViÖt", "Tiếng Việt", "tcvn3"),
        ("Hä vµ tªn", "Họ và tên", "tcvn3"),
        ("§ç V¨n §¹t", "Đỗ Văn Đạt", "tcvn3"),
        ("D\u00ad¬ng", "Dương", "tcvn3"),
        ("L\u00adu", "Lưu", "tcvn3"),
        ("NGUYÔN V¡N AN", "NGUYỄN VĂN AN", "tcvn3"),
        ("Së TT&TT", "Sở TT&TT", "tcvn3"),
        ("Së TTTT", "Sở TTTT", "tcvn3"),
        ("Së VH,TT&DL", "Sở VH,TT&DL", "tcvn3"),
        ("Së L§TB&XH", "Sở LĐTB&XH", "tcvn3"),
        ("UBND tØnh", "UBND tỉnh", "tcvn3"),
        ("Së T¦ PH¸P", "SỞ TƯ PHÁP", "tcvn3"),
        ("Së TT&TT TØNH L¢M §åNG", "SỞ TT&TT TỈNH LÂM ĐỒNG", "tcvn3"),
        ("§ç HOA", "ĐỖ HOA", "tcvn3"),
        ("Bé ChØ huy B§BP", "Bộ Chỉ huy BĐBP", "tcvn3"),
        ("Phã Chñ tÞch H§ND tØnh", "Phó Chủ tịch HĐND tỉnh", "tcvn3"),
        ("Tr­ëng phßng PA03, C«ng an tØnh", "Trưởng phòng PA03, Công an tỉnh", "tcvn3"),
        ("Nguyeãn Vaên An", "Nguyễn Văn An", "vni"),
        ("Xin chaøo caùc baïn", "Xin chào các bạn", "vni"),
        ("NGUYEÃN VAÊN AN", "NGUYỄN VĂN AN", "vni"),
        ("Ñaëng Ñình Ñöùc", "Đặng Đình Đức", "vni"),
        ("Höông", "Hương", "vni"),
        ("Baù", "Bá", "vni"),
        ("Nguyá»…n VÄƒn An", "Nguyễn Văn An", "utf-8"),
        ("HoÃ\u00a0ng", "Hoàng", "utf-8"),
        ("NguyêÞn Vãn An", "Nguyễn Văn An", "windows-1258"),
    ],
)
def test_old_text_is_read_anew(text: str, read: str, encoding: str) -> None:
    assert recover(text) == Recovered(read, encoding)


@pytest.mark.parametrize(
    "text",
    [
        "", "An", "Nguyễn Văn An", "Hà", "Sôn", "Vò", "Tó", "Müller", "José", "São Paulo", "Café", "Noël",
        "Genève", "Niê", "± 5 %", "© 2024", "§ 5", "10 °C", "½", "«Hà Nội»", "…", "Bà Rịa - Vũng Tàu", "李",
        "Иван", "¿Qué?",
    ],
)  # fmt: skip
def test_other_text_is_left_alone(text: str) -> None:
    assert recover(text) is None


@pytest.mark.parametrize("encode", [to_tcvn3, to_vni], ids=["tcvn3", "vni"])
def test_names_in_an_old_encoding_are_never_read_wrongly(encode: object) -> None:
    assert callable(encode)
    listed = [name for name in names(3_000) if encode(name) != name]
    found = [(recover(encode(name)), name) for name in listed]
    # TCVN3 has no Á: typists wrote á, and whoever shows a name puts the capitals right.
    assert [pair for pair in found if pair[0] and pair[0].text.lower() != pair[1].lower()] == []
    assert sum(pair[0] is not None for pair in found) > 0.97 * len(found)


def test_names_in_unicode_are_left_alone() -> None:
    assert [name for name in names(3_000, seed=2) if recover(name)] == []


def test_no_text_of_our_own_pages_is_taken_for_old_text() -> None:
    texts = [
        line
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for line in path.read_text().splitlines()
    ]
    with (ROOT / "conference/data/provinces_2024.csv").open(encoding="utf-8") as file:
        texts += [cell for row in csv.reader(file) for cell in row]
    assert [text for text in texts if recover(text)] == []


# With a font


@pytest.mark.parametrize(
    ("text", "font", "read"),
    [
        ("Vò", ".VnTime", "Vũ"),
        ("Sôn", "VNI-Times", "Sơn"),
        ("nguyÔn v¨n an", ".VnTimeH", "NGUYỄN VĂN AN"),
        ("PG§", ".VnArial", "PGĐ"),
        ("Së TT&TT", ".VnTime", "Sở TT&TT"),
        ("Së TT&TT", ".VnTimeH", "SỞ TT&TT"),
        ("Bé CA", ".VnTime", "Bộ CA"),
        ("UBND TØNH", ".VnTime", "UBND TỈNH"),
        ("Nguyễn Văn Vò", ".VnTime", None),
        ("Hà Nội", ".VnTime", None),
        ("An", ".VnTime", None),
        ("Vò", "Times New Roman", None),
    ],
)
def test_a_font_tells_the_encoding(text: str, font: str, read: str | None) -> None:
    found = recover(text, font)
    assert (found.text if found else None) == read


def test_a_name_that_no_rule_foresees_is_read_with_a_font_and_marked() -> None:
    assert recover("Bµ H' Linh Niª K®¨m", ".VnTime") == Recovered("Bà H' Linh Niê Kđăm", "tcvn3", False)
    assert recover("Bµ H' Linh Niª K®¨m") is None


def test_what_can_be_read_both_ways_is_offered() -> None:
    assert otherwise("Vò", "tcvn3") == "Vũ"
    assert otherwise("Sôn", "vni") == "Sơn"
    assert otherwise("Sơn", "vni") is None
    assert otherwise("An", "tcvn3") is None


# Any text


@given(st.text(), st.sampled_from(["", ".VnTime", ".VnTimeH", "VNI-Times"]))
def test_any_text_is_read_anew_or_not_and_never_fails(text: str, font: str) -> None:
    found = recover(text, font)
    if found:
        assert found.text != text
        assert found.encoding in vietnamese_legacy.ENCODINGS
    is_syllable(text)


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF), max_size=40))
def test_what_was_read_anew_is_not_read_again(text: str) -> None:
    found = recover(text)
    if found:
        assert recover(found.text) is None
