"""Sizes and line breaks by measure: every text gets the largest type at which it fits, and is never cut.

Widths come from the fonts themselves. Lines break between syllable words, after a comma first, then as
evenly as can be, and not inside a compound where that can be helped. All lengths are in points; line height
is a multiple of the type size.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import cast
from unicodedata import combining

from documents.errors import DoesNotFit
from documents.typefaces import Face, advances

MM = 72 / 25.4
# Kerning moves a line by less than this against the sum of its letters.
_SLACK = 1.01
_SPLIT_COMPOUND = 0.35
_AFTER_COMMA = 0.15

# Two syllables that a reader takes as one word; a line should not end between them.
_WORDS = """
báo cáo, báo chí, ban hành, biên phòng, bộ đội, bồi dưỡng, cán bộ, cao cấp, chất lượng, chỉ huy, chiến
lược, chính phủ, chính sách, chính trị, chủ nhiệm, chủ tịch, chuyên đề, chuyên viên, công an, công nghệ,
công tác, cơ quan, cơ sở, đại biểu, đảm bảo, địa phương, điều hành, đoàn thể, đối ngoại, đối tác, giám
đốc, giao lưu, giáo dục, góp phần, hải quan, hành chính, hành động, hiện nay, hiệu quả, hình ảnh, hoạt
động, hỗ trợ, hội nghị, hội nhập, hợp tác, hướng dẫn, kế hoạch, khu vực, kinh tế, kỹ năng, lãnh đạo, nâng
cao, nghị quyết, nghiên cứu, nghiệp vụ, nhà nước, nhân dân, phát biểu, phát triển, phóng viên, phối hợp,
quản lý, quảng bá, quốc gia, quốc phòng, quốc tế, sáng tạo, tập huấn, thành phố, thế giới, thông điệp,
thông tin, thực hiện, tình hình, tổ chức, trong nước, trung ương, trung tâm, truyền hình, truyền thông,
trưởng ban, trưởng phòng, tuyên giáo, tuyên truyền, tham dự, tư liệu, ủy ban, văn hóa, văn phòng, việt nam, xã
hội, xây dựng, xuất bản
"""
_COMPOUNDS = frozenset(tuple(word.split()) for word in _WORDS.split(","))


@dataclass(frozen=True)
class Step:
    """A rung of a ladder: up to so many lines, from the largest type down to the smallest, by `by` points."""

    lines: int
    largest: float
    smallest: float
    by: float = 1
    last_resort: bool = False

    def sizes(self) -> Iterator[float]:
        size = self.largest
        while size >= self.smallest:
            yield size
            size -= self.by


@dataclass(frozen=True)
class Style:
    """How a text is set: face, line height as a multiple of the size, tracking in parts of the size."""

    face: Face
    leading: float
    tracking: float = 0


@dataclass(frozen=True)
class Fitted:
    """A text broken into lines at a type size."""

    lines: tuple[str, ...]
    size: float
    height: float = field(compare=False, default=0)
    loss: float = field(compare=False, default=0)  # 0 at the largest type; above 1 only as a last resort

    @property
    def css(self) -> str:
        """The class that sets this size: pt34, pt10-5."""
        return f"pt{self.size:g}".replace(".", "-")


def width(text: str, style: Style, size: float = 1) -> float:
    """Length of a line set in that style, a little on the safe side."""
    return _ems(text, style) * size


@lru_cache(maxsize=20_000)  # the same syllables come again and again, at every size of a ladder
def _ems(text: str, style: Style) -> float:
    widths = advances(style.face)
    letters = sum(widths.get(ord(letter), 1.0) for letter in text)
    return letters * _SLACK + style.tracking * len(text)


def fit(text: str, style: Style, ladder: Sequence[Step], room: float) -> Fitted:
    """The first size of the ladder at which the text stands in the room; else `DoesNotFit`."""
    fitted = next(sizes(text, style, ladder, room), None)
    if fitted is None:
        raise DoesNotFit(text)
    return fitted


def fit_together(texts: Sequence[Iterator[Fitted]], height: float) -> tuple[Fitted, ...]:
    """One setting of each text (see `sizes`), so that all of them, one under another, stand in the height.

    While they do not, the text that loses least by its next setting gives way.
    """
    chosen: list[Fitted] = []
    for options in texts:
        first = next(options, None)
        if first is None:
            raise DoesNotFit("")
        chosen.append(first)
    following: dict[int, Fitted | None] = {}  # of each text, asked for only where something must give way
    while sum(one.height for one in chosen) > height:
        for index, options in enumerate(texts):
            if index not in following:
                following[index] = next(options, None)
        giving = [(ahead.loss, index) for index, ahead in following.items() if ahead]
        if not giving:
            longest = max(chosen, key=lambda one: one.height)
            raise DoesNotFit(" ".join(longest.lines))
        _loss, index = min(giving)
        chosen[index] = cast(Fitted, following.pop(index))
    return tuple(chosen)


def sizes(text: str, style: Style, ladder: Sequence[Step], room: float) -> Iterator[Fitted]:
    """All ways of the ladder to set the text within the room, the best first; line breaks in the text stay.

    A word wider than the room at every size is broken between letters in the last step.
    """
    if not text.strip():
        yield Fitted((), ladder[-1].smallest)
        return
    found = False
    for step, size in _rungs(ladder):
        lines = break_lines(text, style, room / size, step.lines)
        if lines:
            found = True
            yield _set(lines, style, size, step, ladder)
    for step, size in [] if found else _rungs(ladder[-1:]):
        lines = break_lines(_split_giants(text, style, room / size), style, room / size, step.lines)
        if lines:
            yield _set(lines, style, size, step, ladder)


def _rungs(ladder: Sequence[Step]) -> Iterator[tuple[Step, float]]:
    return ((step, size) for step in ladder for size in step.sizes())


def _set(lines: tuple[str, ...], style: Style, size: float, step: Step, ladder: Sequence[Step]) -> Fitted:
    loss = 1 - size / ladder[0].largest + step.last_resort
    return Fitted(lines, size, len(lines) * size * style.leading, loss)


def break_lines(text: str, style: Style, room: float, most: int) -> tuple[str, ...] | None:
    """As few lines as hold the text in `room` (in parts of the size), evenly broken; None if over `most`."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        broken = _break_paragraph(paragraph.split(), style, room, most - len(lines))
        if broken is None:
            return None
        lines += broken
    return tuple(lines)


def fill_lines(text: str, style: Style, room: float) -> tuple[str, ...]:
    """Lines filled one after another, for small print in narrow places; `room` in parts of the size.

    Any number of them; a word wider than the room is broken between letters. A fraction of the work of
    `break_lines`, which weighs every way to break a text against the others.
    """
    space = width(" ", style)
    lines: list[str] = []
    left = 0.0
    for word in _split_giants(text, style, room).split():
        length = width(word, style)
        if lines and space + length <= left:
            lines[-1] += f" {word}"
            left -= space + length
        else:
            lines.append(word)
            left = room - length
    return tuple(lines)


def shortened(lines: Sequence[str], most: int, style: Style, room: float) -> tuple[str, ...]:
    """The first `most` of the lines; where that leaves some out, the last of them ends with "…"."""
    if len(lines) <= most:
        return tuple(lines)
    words = lines[most - 1].split() if most > 0 else []
    while len(words) > 1 and width(f"{' '.join(words)}…", style) > room:
        words.pop()
    last = " ".join(words).rstrip(" ,;:.-–")
    while last and width(f"{last}…", style) > room:
        last = last[:-1]
    return (*lines[: max(most - 1, 0)], *([f"{last}…"] if most > 0 else []))


def _break_paragraph(words: Sequence[str], style: Style, room: float, most: int) -> list[str] | None:
    widths = [width(word, style) for word in words]
    space = width(" ", style)
    if not words:
        return []
    if max(widths) > room or sum(widths) + space * (len(words) - most) > room * most:
        return None
    for count in range(1, most + 1):
        ends = _even_breaks(words, widths, space, room, count)
        if ends:
            starts = (0, *ends[:-1])
            return [" ".join(words[start:end]) for start, end in zip(starts, ends, strict=True)]
    return None


def _even_breaks(
    words: Sequence[str], widths: Sequence[float], space: float, room: float, count: int
) -> tuple[int, ...] | None:
    """Where each of `count` lines ends so that they are as even as can be; None if the words do not go in."""
    ideal = (sum(widths) + space * (len(words) - count)) / count
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0, ())}
    for line in range(count):
        reached: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (cost, ends) in best.items():
            length = -space
            for end in range(start + 1, len(words) - (count - line - 1) + 1):
                length += widths[end - 1] + space
                if length > room:
                    break
                total = cost + ((length - ideal) / room) ** 2 + _penalty(words, end)
                if end not in reached or total < reached[end][0]:
                    reached[end] = (total, (*ends, end))
        best = reached
    return best[len(words)][1] if len(words) in best else None


def _penalty(words: Sequence[str], end: int) -> float:
    """What it costs a reader when a line ends before word number `end`."""
    if end == len(words):
        return 0
    before, after = words[end - 1], words[end]
    if before.endswith((",", ";", ":")):
        return -_AFTER_COMMA
    if (
        before in {"-", "–"}
        or after in {"-", "–"}
        or (before.lower(), after.lower().rstrip(",.;:")) in _COMPOUNDS
    ):
        return _SPLIT_COMPOUND
    # "Lâm Đồng", "Đà Lạt": proper names stay together; capitals throughout say nothing.
    proper = before[0].isupper() and after[0].isupper() and not (before.isupper() and after.isupper())
    return _SPLIT_COMPOUND if proper and not before.isupper() else 0


def _split_giants(text: str, style: Style, room: float) -> str:
    """The text with words wider than the room broken between letters, never off their marks."""
    return "\n".join(
        " ".join(" ".join(_pieces(word, style, room)) for word in paragraph.split())
        for paragraph in text.splitlines()
    )


def _pieces(word: str, style: Style, room: float) -> Iterator[str]:
    piece = ""
    for letter in _clusters(word):
        if piece and width(piece + letter, style) > room:
            yield piece
            piece = ""
        piece += letter
    yield piece


def _clusters(word: str) -> Iterator[str]:
    """Letters with the combining marks that stand on them."""
    starts = [index for index, letter in enumerate(word) if index == 0 or not combining(letter)]
    for start, end in pairwise([*starts, len(word)]):
        yield word[start:end]
