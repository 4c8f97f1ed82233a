"""Vietnamese text: cleaning, folding for search, order of names, capitals, phones. Plain Python, no Django.

Dates, times and numbers are in `vietnamese_dates.py`; TCVN3, VNI and their like in `vietnamese_legacy.py`.
What may be legacy text is recovered before it is cleaned: `clean` drops U+00AD, an invisible soft hyphen in
Unicode, but the letter "ư" in TCVN3.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

SORT_KEY_LENGTH = 400

# Combining marks of the tones, in their order.
TONES = "\u0300\u0309\u0303\u0301\u0323"

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
DIGITS = "0123456789"

# Eth and African D look like Đ and come from bad keyboards and converters.
_D_LOOKALIKES = str.maketrans({"ð": "đ", "ɖ": "đ"})


# A word of a name with marks that no letter of Unicode has with it (Ê Đê: BƠ̆N); or what stands in brackets.
_WORD = re.compile(r"\([^)]*\)|[^\W\d_][^\W\d_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W\d_]*)*")


# Cleaning and folding


def clean(text: str) -> str:
    """Return the text as it is stored: NFC, one line, no control or invisible characters, single spaces."""
    if text.isprintable():  # nothing to take out: most texts, at a tenth of the price
        text = unicodedata.normalize("NFC", text)
        is_single = "  " not in text and text[:1] != " " != text[-1:]
        return text if is_single else " ".join(text.split())
    kept = (
        " " if char.isspace() else char
        for char in text
        if char.isspace() or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    )
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


# Vietnamese texts are made of some thousands of syllables: what was worked out for one is kept.
_KEPT = 1 << 14


@lru_cache(_KEPT)
def _words_in(piece: str) -> tuple[str, ...]:
    """The words of a piece of text without blanks: lower-case letters with their marks apart (NFKD)."""
    text = unicodedata.normalize("NFKD", piece)
    text = unicodedata.normalize("NFKD", text.casefold()).translate(_D_LOOKALIKES)
    kept = (char if char.isalnum() or unicodedata.category(char)[0] == "M" else " " for char in text)
    return tuple("".join(kept).split())


def _words(text: str) -> list[str]:
    """Split into words; all that is neither letter nor mark only separates."""
    return [word for piece in clean(text).split() for word in _words_in(piece)]


@lru_cache(_KEPT)
def _folded(piece: str) -> str:
    bare = ("".join(char for char in word if char.isalnum()) for word in _words_in(piece))
    return " ".join(filter(None, bare)).replace("đ", "d")


def fold(text: str) -> str:
    """Return the search key: lower case, đ as d, no marks, punctuation as space (Hòa = Hoà = hoa)."""
    return " ".join(filter(None, map(_folded, clean(text).split())))


def _syllable(word: str) -> tuple[str, str]:
    """Return the letters of a word (with breve, circumflex, horn) and, apart from them, its tones."""
    tones = "".join(char for char in word if char in TONES)
    letters = "".join(char for char in word if char not in TONES)
    return unicodedata.normalize("NFC", letters), tones


def same_name(a: str, b: str) -> bool:
    """Tell whether two spellings are one name: case, NFC or NFD and the place of the tone do not count."""
    return [_syllable(word) for word in _words(a)] == [_syllable(word) for word in _words(b)]


# Parts of a name


class NameParts(NamedTuple):
    """Họ, đệm, tên. The full name stays the truth: the parts serve order and may be corrected by hand."""

    family: str
    middle: str
    given: str


COMPOUND_FAMILIES = (
    "Công Tằng Tôn Nữ", "Công Huyền Tôn Nữ", "Huyền Tằng Tôn Nữ", "Huyền Tôn Nữ", "Công Tôn Nữ", "Tôn Nữ",
    "Tôn Thất", "Hoàng Phủ", "Âu Dương", "Thượng Quan", "Gia Cát", "Tư Mã", "Rơ Châm", "Rơ Mah", "Rah Lan",
)  # fmt: skip
# Families of the Central Highlands that stand at the end of the name: H' Linh Niê Kđăm, Y Bhiêng Byă.
LAST_FAMILIES = (
    "Niê", "Kđăm", "Byă", "Mlô", "Êban", "Kbuôr", "Ayŭn", "Ênuôl", "Knul", "Ktla", "Hđơk", "Hwing", "Hđruê",
    "Adrơng", "Bkrông", "Mdrang", "Arul", "Kpơr", "Kriêng", "Bdap", "Rcăm", "Hmŏk", "Ksơr", "Buôn", "Yă",
)  # fmt: skip
# Sex markers of the Central Highlands; H' and K' are often written together with the name (H'Linh, K'Brêu).
_MARKER = re.compile(r"^([HKhk]['’ʼ‘`])(\w.*)$")
_MARKERS = ("h", "k", "y")

_compounds = frozenset(fold(family) for family in COMPOUND_FAMILIES)
_last_families = frozenset(fold(family) for family in LAST_FAMILIES)


def split_name(full_name: str) -> NameParts:
    """Split a full name: first word họ, last word tên, the rest đệm; knows compound and highland families."""
    words = [part for word in clean(full_name).split() for part in _split_marker(word)]
    if not words:
        return NameParts("", "", "")
    if fold(words[0]) in _MARKERS and len(words) > 1:
        return _split_highland_name(words)
    size = _family_size(words)
    return NameParts(" ".join(words[:size]), " ".join(words[size:-1]), words[-1])


def _family_size(words: list[str]) -> int:
    """Count the words of the family name; one is left for the given name."""
    compound = (
        size for size in (4, 3, 2) if size < len(words) and fold(" ".join(words[:size])) in _compounds
    )
    return next(compound, min(1, len(words) - 1))


def _split_marker(word: str) -> list[str]:
    found = _MARKER.match(word)
    return list(found.groups()) if found else [word]


def _split_highland_name(words: list[str]) -> NameParts:
    """Split a name that opens with a marker (H', K', Y): known families are taken off its end."""
    end = len(words)
    while end > 2 and fold(words[end - 1]) in _last_families:
        end -= 1
    return NameParts(" ".join(words[end:]), " ".join(words[: end - 1]), words[end - 1])


# Order

_END, _SPACE = "00", "01"
_CODES = {char: f"{10 + rank}" for rank, char in enumerate(DIGITS + LETTERS)}
_OTHER = "99"


def _letter_codes(letters: str) -> str:
    """Encode letters, two digits each; foreign marks are dropped, foreign scripts follow z by code point."""
    codes = []
    for char in letters:
        for part in [char] if char in _CODES else unicodedata.normalize("NFD", char):
            if part in _CODES:
                codes.append(_CODES[part])
            elif part.isalnum():
                codes.append(f"{_OTHER}{ord(part):07d}")
    return "".join(codes)


def _part_key(text: str) -> str:
    """Encode a part: all letters, an end mark, then one digit of tone per word: tones only break ties."""
    coded = [code for code in map(_word_code, _words(text)) if code[0]]
    return _SPACE.join(codes for codes, _tone in coded) + _END + "".join(tone for _codes, tone in coded)


@lru_cache(_KEPT)
def _word_code(word: str) -> tuple[str, str]:
    """The codes of the letters, and the digit of the tone."""
    letters, marks = _syllable(word)
    return _letter_codes(letters), str(TONES.index(marks[0]) + 1) if marks else "0"


def sort_key(family: str, middle: str, given: str) -> str:
    """Return digits that sort people by tên, đệm, họ in Vietnamese order, under every collation alike.

    Within each part letters decide first (a ă â b … y, with f j w z at their Latin places), then tones
    (ngang, huyền, hỏi, ngã, sắc, nặng); the place of the tone mark does not count. At most 400 digits, the
    rest is cut: only names of more than about 160 characters that begin alike can tie by it.
    """
    return "".join(map(_part_key, (given, middle, family)))[:SORT_KEY_LENGTH]


# Capitals and initials


def display_caps(name: str) -> str:
    """Return the name in capitals, as on badges and name plates."""
    return clean(name).upper()


def title_case_name(name: str) -> str:
    """Return "Nguyễn Văn An" for NGUYỄN VĂN AN or nguyễn văn an; a name in mixed case is left as typed."""
    name = clean(name)
    if not (name.isupper() or name.islower()):
        return name
    return _WORD.sub(_with_a_capital, name)


def _with_a_capital(found: re.Match[str]) -> str:
    word = found[0]
    return word if word[0] == "(" else word[0].upper() + word[1:].lower()


def initials(name: str) -> str:
    """Return the first letters without tones: "Nguyễn Thanh Lâm" → "NTL"; for search fold them again."""
    letters = (_syllable(word)[0] for word in _words(name))
    return "".join(word[0] for word in letters if word).upper()


# Phones

_NOISE = re.compile(r"[\s.\-‐‑–—()]+")
_MOBILE = re.compile(r"0[35789]\d{8}")
_LANDLINE = re.compile(r"02\d{9}")
_OLD_MOBILE = re.compile(r"01[2689]\d{8}")
_MOBILE_SIZE = 10
# Old four-digit prefix → prefix since the renumbering of 2018.
OLD_PREFIXES = {
    **{f"016{n}": f"03{n}" for n in range(2, 10)},
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogue; whoever shows the error translates it."""
    return message


def phone(text: str) -> str:
    """Return a phone number as E.164 (+84912345678), adding the zero that Excel drops.

    Raises ValueError with a sentence for people, in Vietnamese and in the catalogue, when it is no number.
    """
    digits = _national(text)
    if digits.startswith("+"):
        return digits
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return "+84" + digits[1:]
    raise ValueError(_phone_fault(digits))


def renumbered(text: str) -> str | None:
    """Return, as E.164, what an old 11-digit mobile number became in 2018; None for any other text."""
    try:
        digits = _national(text)
    except ValueError:
        return None
    prefix = OLD_PREFIXES.get(digits[:4])
    return f"+84{prefix[1:]}{digits[4:]}" if prefix and _OLD_MOBILE.fullmatch(digits) else None


def _national(text: str) -> str:
    """Return Vietnamese digits with their leading zero, or a foreign number as +…; raises ValueError."""
    text = unicodedata.normalize("NFKC", clean(text))
    if not text:
        raise ValueError(gettext_noop("Chưa có số điện thoại. Nhập 10 chữ số, ví dụ 0912 345 678."))
    if re.fullmatch(r"[2-9]\d+\.0", text):  # a number cell read as a decimal
        text = text[:-2]
    if re.search(r"\d[^\d]*[/;,&|][^\d]*\d", text):
        raise ValueError(gettext_noop("Ô này có hơn một số điện thoại. Nhập một số, ví dụ 0912 345 678."))
    digits = _NOISE.sub("", text)
    if not re.fullmatch(r"\+?[0-9]+", digits):
        raise ValueError(gettext_noop("Số điện thoại chỉ gồm chữ số. Nhập 10 chữ số, ví dụ 0912 345 678."))
    digits = re.sub(r"^00", "+", digits)
    if re.fullmatch(r"84(2\d{9}|[35789]\d{8})", digits):
        digits = "+" + digits
    if digits.startswith("+84"):
        return "0" + digits[3:].removeprefix("0")
    if digits.startswith("+") and not re.fullmatch(r"\+[1-9]\d{7,14}", digits):
        raise ValueError(
            gettext_noop("Số nước ngoài này sai. Nhập dấu +, mã nước và số, ví dụ +66 2 123 4567.")
        )
    if re.fullmatch(r"[35789]\d{8}|2\d{9}", digits):
        return "0" + digits
    return digits


def _phone_fault(digits: str) -> str:
    """Say what is wrong with Vietnamese digits that are neither a mobile number nor a landline."""
    if digits.startswith("02"):
        return gettext_noop("Số cố định phải có 11 chữ số, kể cả mã vùng. Nhập lại, ví dụ 0263 3822 345.")
    if _OLD_MOBILE.fullmatch(digits):
        return gettext_noop("Số 11 chữ số này đã đổi từ năm 2018. Nhập số mới, ví dụ 0912 345 678.")
    if len(digits) == _MOBILE_SIZE - 1:
        return gettext_noop("Số này thiếu một chữ số. Nhập đủ 10 chữ số, ví dụ 0912 345 678.")
    if len(digits) < _MOBILE_SIZE:
        return gettext_noop("Số này thiếu nhiều chữ số. Nhập đủ 10 chữ số, ví dụ 0912 345 678.")
    if len(digits) > _MOBILE_SIZE:
        return gettext_noop("Số này thừa chữ số. Nhập đúng 10 chữ số, ví dụ 0912 345 678.")
    return gettext_noop(
        "Đầu số này không có. Nhập số bắt đầu bằng 03, 05, 07, 08, 09 hoặc 02, ví dụ 0912 345 678."
    )


def _phone_groups(number: str) -> list[str]:
    """Cut an E.164 number into the groups people read; one group when it is not Vietnamese."""
    local = "0" + number[3:] if number.startswith("+84") else ""
    if _MOBILE.fullmatch(local):
        return [local[:4], local[4:7], local[7:]]
    if _LANDLINE.fullmatch(local):
        area = 3 if local[:3] in ("024", "028") else 4
        return [local[:area], local[area : area + 4], local[area + 4 :]]
    return [number]


def show_phone(number: str) -> str:
    """Return a stored number as people read it: +84912345678 → 0912 345 678; anything else unchanged."""
    return " ".join(_phone_groups(number))


def mask_phone(number: str) -> str:
    """Return a stored number with its middle hidden: 0912 ••• 678."""
    groups = _phone_groups(number)
    if len(groups) == 1:
        groups = [number[:3], number[3:-3], number[-3:]] if len(number) > 8 else ["", number, ""]
    return " ".join(filter(None, [groups[0], "•" * min(len(groups[1]), 4), groups[2]]))


# Addresses


def mask_email(address: str) -> str:
    """Return an address with the name before the @ hidden but for its first letter: a•••@lamdong.gov.vn."""
    name, at, host = address.rpartition("@")
    return f"{name[:1] if len(name) > 1 else ''}•••{at}{host}" if at else "•••" * bool(address)
