"""The cell of a name: Ông Nguyễn Văn A (Trưởng đoàn) is a word of honour, a name and a remark."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from attendees.workbooks.rows import any_of
from attendees.workbooks.shapes import ERROR, LENGTHS, NOTICE, WARNING
from conference import vietnamese
from conference.vietnamese import gettext_noop

TWO_PEOPLE = gettext_noop("Ô này có hơn một họ tên. Ghi mỗi người một dòng.")
DIGITS = gettext_noop("Họ tên có chữ số hoặc ký hiệu lạ. Sửa lại họ tên.")
TOO_LONG = gettext_noop("Nội dung dài quá %(limit)s ký tự. Rút ngắn lại.")
ONE_WORD = gettext_noop("Họ tên chỉ có một chữ. Xem có thiếu họ hoặc tên không.")
NO_NAME = gettext_noop("Dòng này chưa có họ tên. Ghi họ tên, hoặc xóa dòng.")
CAPITALS = gettext_noop("Họ tên viết lại theo chữ hoa đầu tiếng.")
NUMBERED = gettext_noop("Đã bỏ số thứ tự đứng trước họ tên.")
HONORIFIC = gettext_noop("Danh xưng đã tách khỏi họ tên.")
MAYBE_HONORIFIC = gettext_noop("«Ông» hoặc «Bà» ở đây có thể là họ hoặc danh xưng. Xem lại họ tên.")
DEGREE = gettext_noop("Đã bỏ học hàm, học vị đứng trước họ tên.")
RANKED = gettext_noop("Cấp bậc đã tách khỏi họ tên.")
ASIDE = gettext_noop("Phần trong ngoặc đã chuyển sang ghi chú.")
POSITION = gettext_noop("Chức vụ đã tách khỏi họ tên.")
HEAD = gettext_noop("Ghi là trưởng đoàn theo lời ghi trong ô này.")

_HONORIFICS = {"ông": "ong", "bà": "ba", "đồng chí": "dong-chi", "đ/c": "dong-chi", "đc": "dong-chi"}
_HONORIFIC = re.compile(r"(ông|bà|đồng chí|đ/c|đc)\s*[.:,]?\s+|(đ/c|đc)[.:]\s*", re.I)
_DEGREE = re.compile(
    "(?:(?:"
    + any_of(r"""
        gs; pgs; tskh; ts\.kh; ts; ths; th\.s; thạc s[ĩỹ]; tiến s[ĩỹ]; bsck\s?i{1,2}; bs; ck\s?i{1,2}; ks; cn;
        ls; luật sư; ngưt; nsưt; nsnd
    """)
    + r")(?:\.\s*|\s+|/))+",
    re.I,
)
RANK = re.compile(
    r"(?:(?:đại|thượng|trung|thiếu) (?:tướng|tá|[uú][ýy]|úy|uý)|chuẩn (?:đô đốc|úy|uý)|(?:phó )?đô đốc)"
    r"(?:\s+(?:qncn|cn))?(?!\w)",
    re.I,
)
_NUMBERING = re.compile(r"\d{1,4}\s*[./)-]\s*")
_ASIDE = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*")
_SEPARATORS = re.compile(r"\s*(?:[;/&+\n\r]|,|\bvà\b|\s[-–—]\s)\s*", re.I)
_STRANGE = re.compile(r"[0-9@#$%^*=<>{}|~_\\!?¡-¿×÷]")
HEAD_WORDS = re.compile(r"(?<!phó )\btrưởng đoàn\b", re.I)
# Ông is a family too: what follows here begins no name of its own (Ông Ích Khiêm, Ông Văn Tùng).
_MIDDLES = re.compile(
    r"(?:ích|văn|thị|hữu|đình|ngọc|quốc|xuân|minh|thanh|đức|hoài|kim|công|thế|bá|viết|duy)\s", re.I
)
# What a position begins with, when it stands behind the name in the same cell.
_POSITION = re.compile(
    "(?:"
    + any_of("""
        phó(?! đức); trưởng; giám đốc; chủ tịch; bí thư; chuyên viên; phóng viên; biên tập viên; cán bộ;
        chánh; tổng; [uủ][ỷy] viên; thư ký; chính [uủ][ỷy]; chỉ huy; tham mưu; thứ trưởng; bộ trưởng;
        cục trưởng; vụ trưởng; viện trưởng; thanh tra
    """)
    + r")(?!\w)",
    re.I,
)


@dataclass(slots=True)
class Name:
    """What a cell of a name says; `told` lists level, code, message, before, after."""

    full_name: str
    honorific: str = ""
    rank: str = ""
    position: str = ""
    note: str = ""
    is_head: bool = False
    told: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    def tell(self, level: str, code: str, message: str, before: str = "", after: str = "") -> None:
        self.told.append((level, code, message, before, after))


def read_name(raw: str) -> Name:
    """Read the cell of a name as it stands in the file, with its line breaks."""
    name = Name("")
    text = vietnamese.clean(_without_asides(raw, name))
    text = _taken_off(text, _NUMBERING, name, "numbered", NUMBERED)
    parts = _SEPARATORS.split(_without_asides(raw, Name("")))
    if len(parts) > 1 and sum(map(_is_name, parts)) > 1:
        name.full_name = text
        name.tell(ERROR, "two_people", TWO_PEOPLE, text)
        return name
    text = _without_titles(text, name)
    text = _without_position(text, name).strip(" ,.;:-–")
    name.full_name = _with_capitals(text)
    if name.full_name != text:
        name.tell(NOTICE, "capitals", CAPITALS, text, name.full_name)
    _judge(name)
    return name


def _without_asides(raw: str, name: Name) -> str:
    """Take (…) out of the cell: a head of the delegation is marked, anything else becomes a remark."""
    asides = [aside for aside in map(vietnamese.clean, _ASIDE.findall(raw)) if aside]
    rest = _ASIDE.sub(" ", raw) if asides else raw
    for aside in asides:
        if HEAD_WORDS.search(aside):
            name.is_head = True
            name.tell(NOTICE, "head", HEAD, vietnamese.clean(raw), vietnamese.clean(rest))
        else:
            name.note = "; ".join(filter(None, (name.note, aside)))
            name.tell(NOTICE, "aside", ASIDE, vietnamese.clean(raw), vietnamese.clean(rest))
    return rest


def _taken_off(text: str, pattern: re.Pattern[str], name: Name, code: str, message: str) -> str:
    found = pattern.match(text)
    if not found or found.end() >= len(text):
        return text
    name.tell(NOTICE, code, message, text, text[found.end() :])
    return text[found.end() :]


def _without_titles(text: str, name: Name) -> str:
    """Take words of honour, degrees and ranks off the front, in whatever order they stand."""
    for _turn in range(3):
        before = text
        found = _HONORIFIC.match(text)
        if found and found.end() < len(text):
            text = _without_honorific(text, found, name)
        text = _taken_off(text, _DEGREE, name, "degree", DEGREE)
        ranked = RANK.match(text)
        if ranked and ranked.end() < len(text):
            name.rank = vietnamese.clean(ranked[0])
            rest = text[ranked.end() :].lstrip(" .,:-")
            name.tell(NOTICE, "rank", RANKED, text, rest)
            text = rest
        if text == before:
            break
    return text


def _without_honorific(text: str, found: re.Match[str], name: Name) -> str:
    rest = text[found.end() :]
    word = (found[1] or found[2]).lower()
    if word in ("ông", "bà") and (_MIDDLES.match(rest) or len(rest.split()) < 2):
        name.tell(WARNING, "maybe_honorific", MAYBE_HONORIFIC, text)
        return text
    name.honorific = _HONORIFICS[word]
    name.tell(NOTICE, "honorific", HONORIFIC, text, rest)
    return rest


def _without_position(text: str, name: Name) -> str:
    """Nguyễn Văn A, Phó Giám đốc: the position goes where positions stand."""
    for found in _SEPARATORS.finditer(text):
        rest = text[found.end() :]
        if _POSITION.match(rest) and found.start():
            name.position = rest
            name.tell(NOTICE, "position", POSITION, text, text[: found.start()])
            return text[: found.start()]
    return text


def _with_capitals(text: str) -> str:
    """One capital for every syllable: Trần thị bình, NGUYỄN Văn An, and Chu Gia ái or Lê AN from TCVN3.

    What is written so already, or in mixed case, is left as typed: H' Linh, H'Bia, Kđăm.
    """
    return vietnamese.clean(" ".join(map(_with_capital, text.split())))


def _with_capital(word: str) -> str:
    return vietnamese.title_case_name(word) if word.isupper() else word[0].upper() + word[1:]


def _is_name(part: str) -> bool:
    """Two words or more, in letters: one of several people in a cell."""
    words = vietnamese.clean(part).split()
    if _POSITION.match(part) or RANK.match(part):
        return False
    return 2 <= len(words) <= 7 and all(any(map(str.isalpha, word)) for word in words)


def _judge(name: Name) -> None:
    text = name.full_name
    if not text:
        name.tell(ERROR, "missing_name", NO_NAME)
    elif len(text) > LENGTHS["full_name"]:
        name.tell(ERROR, "too_long", TOO_LONG, text)
    elif _STRANGE.search(text) or not any(map(str.isalpha, text)):
        name.tell(ERROR, "strange_name", DIGITS, text)
    elif " " not in text and "'" not in text and "’" not in text:
        name.tell(WARNING, "one_word", ONE_WORD, text)
