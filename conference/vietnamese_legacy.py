"""Old encodings of Vietnamese that show as Latin-1 looking text in files: TCVN3, VNI and others. No Django.

Files of the nineties and their heirs hold text for fonts such as .VnTime (TCVN3, also called ABC) and
VNI-Times, which drew Vietnamese letters in the places of others: "NguyÔn V¨n An", "Nguyeãn Vaên An". Nothing
in the file says so but the font. `recover` reads such a text only if it is no Vietnamese as it stands and all
of it is Vietnamese when read anew, judged by the structure of syllables, not by a list of words.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple

# TCVN 5712:1993, the letters that fonts show; there are no codes for capitals with a tone.
_TCVN3_CODES = "µ¸©·ÌÐª×Ýßã«âïóý¨®Üò¬\u00ad¹¶ÊÇÈÉË¾»¼½ÆÑÎÏÕÒÓÔÖØÞäáèåæçéíêëìîôñøõö÷ùúþûü¡¢£¤¥¦§"
_TCVN3_LETTERS = (
    "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹĂÂÊÔƠƯĐ"  # in the order of the codes
)
_TCVN3 = str.maketrans(_TCVN3_CODES, _TCVN3_LETTERS)
_TCVN3_CAPITALS = "¡¢£¤¥¦§"

# VNI: a letter and, after it, a letter that stands for its mark.
_VNI_TONES = {"ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ù": "\u0301", "ï": "\u0323"}
_VNI_CIRCUMFLEX = dict(zip("âàåãáä", ("", *"\u0300\u0309\u0303\u0301\u0323"), strict=True))
_VNI_BREVE = dict(zip("êèúüéë", ("", *"\u0300\u0309\u0303\u0301\u0323"), strict=True))
_VNI_ALONE = dict(zip("ôöñæóòîÔÖÑÆÓÒÎ", "ơưđỉĩịỵƠƯĐỈĨỊỴ", strict=True))

ENCODINGS = ("utf-8", "tcvn3", "vni", "windows-1258")
# What old texts can hold apart from ASCII: a word of theirs is made of letters and of these.
_SYMBOLS = "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾"
_WORD = re.compile(rf"(?:[^\W\d_]|[{_SYMBOLS}])+")
# Letters that only Unicode text has.
_LETTERS = frozenset(_TCVN3_LETTERS.lower()) | frozenset("êôâ")
_CERTAIN = re.compile("[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]")


class Recovered(NamedTuple):
    """A text read anew, and the encoding (one of ENCODINGS) under which it was read."""

    text: str
    encoding: str
    is_certain: bool = True


# Syllables


def _words_in(table: str) -> frozenset[str]:
    return frozenset(table.split())


_ONSETS = {"", *_words_in("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x")}
_RHYMES = _words_in(
    """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
    o oc oi om on ong op ot ooc oong oa oac oach oai oam oan oang oanh oao oap oat oay
    oăc oăm oăn oăng oăt oe oem oen oeo oet ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uc ui um un ung up ut uân uâng uât uây uê uêch uên uênh uôc uôi uôm uôn uông uôt
    uơ uy uya uych uyn uynh uyp uyt uyu uyên uyêt
    ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
    y ych yn ynh yt yêm yên yêng yêt yêu
    """
)
# Places and families whose spelling no rule of syllables foresees.
_EXCEPTIONS = _words_in("kạn đắk lắk đăk lăk niê byă mlô")
_STOPS = ("c", "ch", "p", "t")
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_BEFORE_STOPS = "\u0301\u0323"
_WITH_MARK = "ăâêôơư"


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Tell whether a word has the structure of one Vietnamese syllable, with its tone in the right place."""
    word = unicodedata.normalize("NFC", word)
    if not (word.islower() or word.isupper() or (word[:1].isupper() and word[1:].islower())):
        return False
    if word.lower() in _EXCEPTIONS:
        return True
    letters, tone, at = _without_tone(word.lower())
    if at is None:
        return False
    return any(_fits(letters[:size], letters[size:], tone, at - size) for size in range(4))


def _without_tone(word: str) -> tuple[str, str, int | None]:
    """The letters of a word without its tone, the tone, and where it stands; None when there are two."""
    letters, tone, at = [], "", -1
    for place, char in enumerate(word):
        parts = unicodedata.normalize("NFD", char)
        marks = [mark for mark in parts if mark in _TONES]
        if len(marks) > 1 or (marks and tone):
            return word, "", None
        if marks:
            tone, at = marks[0], place
        letters.append(unicodedata.normalize("NFC", "".join(p for p in parts if p not in _TONES)))
    return "".join(letters), tone, at


def _fits(onset: str, rhyme: str, tone: str, at: int) -> bool:
    """Whether onset, rhyme and tone make a syllable; `at` is the place of the tone within the rhyme."""
    if onset not in _ONSETS or rhyme not in _RHYMES:
        return False
    front = rhyme[0] in "eêiy"
    if (onset in ("gh", "ngh", "k") and not front) or (onset in ("c", "g", "ng") and rhyme[0] in "eê"):
        return False
    if rhyme.endswith(_STOPS) and tone and tone not in _BEFORE_STOPS:
        return False
    return not tone or at in _places(rhyme)


def _places(rhyme: str) -> tuple[int, ...]:
    """Where the tone of a rhyme may stand: hòa and hoà are both right, baù is not."""
    marked = [place for place, char in enumerate(rhyme) if char in _WITH_MARK]
    if marked:
        return (marked[-1],)
    vowels = [place for place, char in enumerate(rhyme) if char in "aeiouy"]
    if len(vowels) == 2 and rhyme[:2] in ("oa", "oe", "uy", "oo"):
        return (0, 1) if len(rhyme) == 2 else (1,)
    if len(vowels) == 3:
        return (1,)
    return (0,)


# Reading anew


def from_tcvn3(text: str) -> str:
    """Read text for fonts such as .VnTime; a cell typed in capitals becomes capitals all through."""
    read = text.translate(_TCVN3)
    lower = any(char.isascii() and char.islower() for char in text)
    return read.upper() if not lower and any(map(_is_in_capitals, _WORD.findall(text))) else read


def _is_in_capitals(word: str) -> bool:
    """Whether a word shows that its cell is in capitals: PH¸P does; abbreviations (TT, CA, L§TB) do not."""
    capitals = sum(char in _TCVN3_CAPITALS or (char.isascii() and char.isupper()) for char in word)
    is_long = capitals > (2 if word.isascii() else 1)
    return is_long and is_syllable(word.translate(_TCVN3).upper())


@cache
def _vni_pairs() -> dict[str, str]:
    """Every pair of VNI and its letter, in both cases of either half."""
    pairs: dict[str, str] = {}
    for base in "aeouy":
        pairs |= {base + mark: base + tone for mark, tone in _VNI_TONES.items()}
    for base in "aeo":
        pairs |= {base + mark: f"{base}\u0302{tone}" for mark, tone in _VNI_CIRCUMFLEX.items()}
    pairs |= {"a" + mark: f"a\u0306{tone}" for mark, tone in _VNI_BREVE.items()}
    for base, horned in (("ô", "o\u031b"), ("ö", "u\u031b")):
        pairs |= {base + mark: horned + tone for mark, tone in _VNI_TONES.items()}
    composed = {pair: unicodedata.normalize("NFC", letter) for pair, letter in pairs.items()}
    return {
        (pair[0].upper() if upper else pair[0]) + mark: letter.upper() if upper else letter
        for pair, letter in composed.items()
        for upper in (False, True)
        for mark in (pair[1], pair[1].upper())
    }


_VNI = re.compile("[aeouyôöAEOUYÔÖ][øûõùïâàåãáäêèúüéëØÛÕÙÏÂÀÅÃÁÄÊÈÚÜÉË]|[ôöñæóòîÔÖÑÆÓÒÎ]")


def from_vni(text: str) -> str:
    """Read text for fonts such as VNI-Times."""
    pairs = _vni_pairs()

    def letter(found: re.Match[str]) -> str:
        pair = found[0]
        if pair in pairs:
            return pairs[pair]
        return "".join(_VNI_ALONE.get(char, char) for char in pair)

    return _VNI.sub(letter, text)


def _bytes_of(text: str) -> bytes:
    """The bytes that were shown as Windows-1252 or Latin-1; raises UnicodeEncodeError."""
    return b"".join(
        bytes([ord(char)]) if "\x80" <= char <= "\x9f" else char.encode("cp1252") for char in text
    )


def from_windows_1258(text: str) -> str:
    """Read text in Windows-1258 that was taken for Windows-1252."""
    return unicodedata.normalize("NFC", _bytes_of(text).decode("cp1258"))


def from_utf8(text: str) -> str:
    """Read UTF-8 that was taken for Windows-1252: "Nguyá»…n" → "Nguyễn"."""
    return unicodedata.normalize("NFC", _bytes_of(text).decode("utf-8"))


_READERS: dict[str, Callable[[str], str]] = dict(
    zip(ENCODINGS, (from_utf8, from_tcvn3, from_vni, from_windows_1258), strict=True)
)


def encoding_of_font(font: str) -> tuple[str, bool] | None:
    """What the name of a font says: its encoding, and whether it shows all letters as capitals (.VnTimeH)."""
    name = font.strip().lower()
    if name.startswith(".vn"):
        return "tcvn3", name.endswith("h")
    return ("vni", False) if name.startswith("vni") else None


# Judging


def foreign_looking(text: str) -> list[str]:
    """The words that an old encoding may be about: those with a letter, or a code of one, outside ASCII."""
    return [word for word in _WORD.findall(text) if not word.isascii()]


def _is_neutral(word: str) -> bool:
    """Abbreviations say nothing (HĐND, TTĐN), and neither does a symbol that stands alone."""
    plain = unicodedata.normalize("NFD", word.lower())
    return (word.isupper() and not any(char in "aeiouy" for char in plain)) or not any(
        char.isalpha() and char not in "ªµ" for char in word
    )


def is_vietnamese(text: str) -> bool:
    """Tell whether nothing in the text speaks against Vietnamese; words of plain ASCII never do."""
    return all(_is_neutral(word) or is_syllable(word) for word in foreign_looking(text))


def _read_as(encoding: str, text: str) -> str | None:
    """The text read under an encoding, when that changes it and makes all of it Vietnamese."""
    try:
        read = _READERS[encoding](text)
    except UnicodeError:
        return None
    if read == text or not is_vietnamese(read):
        return None
    strange = (char for char in read if char not in text and not char.isalpha())
    return None if any(unicodedata.category(char) in ("Mn", "Cc", "So", "Sk") for char in strange) else read


def _read_for_the_most_part(encoding: str, text: str) -> str | None:
    """The text read under an encoding, when names that no rule foresees stand beside Vietnamese."""
    try:
        read = _READERS[encoding](text)
    except UnicodeError:
        return None
    words = foreign_looking(read)
    ours = all(char.isascii() or char in _LETTERS for word in words for char in word.lower())
    return read if read != text and ours and any(map(is_syllable, words)) else None


def recover(text: str, font: str = "") -> Recovered | None:
    """Read a text in an old encoding; None when it is in none, or when that is not certain.

    The text must hold a word that cannot be Vietnamese, and all of it must be Vietnamese when read anew; two
    ways of reading count as none. What is right as UTF-8 is nothing else; the encodings of fonts go before a
    confusion of code pages. With a `font` that tells the encoding, words that are Vietnamese both ways are
    read anew too.
    """
    if text.isascii() or _CERTAIN.search(text):
        return None
    if read := _read_as("utf-8", text):
        return Recovered(read, "utf-8")
    hint = encoding_of_font(font) if font else None
    if hint and (read := _read_as(hint[0], text)):
        return Recovered(read.upper() if hint[1] else read, hint[0])
    if hint and (read := _read_for_the_most_part(hint[0], text)):
        return Recovered(read.upper() if hint[1] else read, hint[0], is_certain=False)
    if is_vietnamese(text):
        return None
    for encodings in (ENCODINGS[1:3], ENCODINGS[3:]):
        found = [Recovered(read, encoding) for encoding in encodings if (read := _read_as(encoding, text))]
        certain = [way for way in found if any(map(is_syllable, foreign_looking(way.text)))]
        if certain:
            return certain[0] if len({way.text for way in certain}) == 1 else None
    return None


def otherwise(text: str, encoding: str) -> str | None:
    """What a text may be under an encoding, for the neighbours of recovered texts.

    It is Vietnamese both ways ("Vò" may be "Vũ" in TCVN3), or holds a name that no rule foresees.
    """
    if text.isascii() or _CERTAIN.search(text):
        return None
    lenient = None if is_vietnamese(text) else _read_for_the_most_part(encoding, text)
    return _read_as(encoding, text) or lenient


def is_certainly_unicode(text: str) -> bool:
    """Tell whether the text has letters that no old encoding shows."""
    return bool(_CERTAIN.search(text))
