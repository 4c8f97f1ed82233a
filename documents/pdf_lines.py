"""Lines of text set by ourselves, the way the engine set two others of the same shape.

A shape is what stands in a slot with its texts left out: the tags. The engine lays out two contents of each
shape; from what it painted one reads where each line begins and in which font. The glyphs of all others come
from the shaper that the engine uses too (HarfBuzz). What was read is believed only if the texts of both
samples, set in this way, give the very operators of the engine; otherwise the engine lays out all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape, unescape
from typing import Any

import uharfbuzz

from documents import typefaces
from documents.typefaces import Face

_TAG = re.compile(r"(<[^>]*>)")
_PICTURE = re.compile(r"<(img|svg|hr)\b")
_SPACES = re.compile(r"\s+")
# Letters that the shaper sets one by one, from left to right, in a font of ours.
_PLAIN = re.compile(r"[ -~\u00a1-\u024f\u1ea0-\u1ef9\u2013\u2026]+")
_TEXT, _MATRIX, _FONT = b"TJ", b"Tm", b"Tf"
# What else may be painted: both samples must have it alike, so a rule or a ground may not follow the text.
_OTHER = frozenset(b"q Q gs rg RG g G BT ET cm m l re W W* n f f*".split())
_TRACKED = re.compile(r"<>(-?[\d.]+)<")
_SAME = 0.01  # CSS pixels
_UNITS = 1024  # of the shaper's lengths, to one CSS pixel
_NAMES = {
    b"Tinos": typefaces.SERIF,
    b"Tinos-Italic": typefaces.SERIF_ITALIC,
    b"Tinos-Bold": typefaces.SERIF_BOLD,
    b"Tinos-Bold-Italic": typefaces.SERIF_BOLD_ITALIC,
    b"Be-Vietnam-Pro": typefaces.SANS,
    b"Be-Vietnam-Pro-Semi-Bold": typefaces.SANS_SEMIBOLD,
    b"Be-Vietnam-Pro-Bold": typefaces.SANS_BOLD,
    b"Be-Vietnam-Pro-Ultra-Bold": typefaces.SANS_HEAVY,
}

Tags = tuple[str, ...]
Texts = tuple[str, ...]


def face_of(name: bytes) -> Face | None:
    """The face that the engine names "/ABCDEF+Tinos-Bold"."""
    return _NAMES.get(name.partition(b"+")[2])


def taken_apart(html: str) -> tuple[Tags, Texts]:
    """The tags of a content, "" where a text stands between them, and those texts."""
    tags: list[str] = []
    texts: list[str] = []
    for at, part in enumerate(_TAG.split(html)):
        if at % 2:
            tags.append(part)
        elif part.strip():
            tags.append("")
            texts.append(_SPACES.sub(" ", unescape(part)).lstrip())
    return tuple(tags), tuple(texts)


def put_together(tags: Tags, texts: Sequence[str]) -> str:
    """The content with these tags and texts."""
    left = iter(texts)
    return "".join(tag or escape(next(left)) for tag in tags)


def is_plain(tags: Tags, texts: Texts) -> bool:
    """Are these texts that we can set, and nothing but texts?"""
    return bool(texts) and not any(map(_PICTURE.match, tags)) and all(map(_PLAIN.fullmatch, texts))


@dataclass(frozen=True)
class Sample:
    """What the engine painted for the texts of a content, operator by operator."""

    texts: Texts
    painted: tuple[bytes, ...]


@dataclass(frozen=True)
class _Line:
    """Of a line: its operators, its font, and where it begins: `x`, less this part of its width.

    `only`: the width for which this is known, where both samples have the same; 0 for any.
    """

    matrix: int
    text: int
    face: Face
    scale: int
    spacing: int
    x: float
    y: bytes
    part: float
    only: float = 0


@dataclass(frozen=True)
class Pattern:
    """How contents of a shape are painted."""

    painted: tuple[bytes, ...]
    lines: tuple[_Line, ...]

    def paint(self, texts: Texts) -> bytes | None:
        """The operators for these texts; None if a letter is not set as it stands or its place unknown."""
        found = list(self.painted)
        for line, text in zip(self.lines, texts, strict=True):
            shown = _shown(line.face, text, line.scale, line.spacing)
            if shown is None:
                return None
            string, width = shown
            if line.only and abs(width - line.only) >= _SAME:
                return None
            if line.part:
                x = f"{line.x - width * line.part:.6f}".encode()
                found[line.matrix] = b"1 0 0 -1 %b %b Tm" % (x, line.y)
            found[line.text] = b"[%b] TJ" % string
        return b"\n".join(found)

    def gives(self, sample: Sample) -> bool:
        """Is this sample painted as the engine painted it, but for the rounding of where lines begin?"""
        ours = self.paint(sample.texts)
        if ours is None or len(self.painted) != len(sample.painted):
            return False
        return all(
            one == other
            or (one.endswith(_MATRIX) and abs(float(one.split()[4]) - float(other.split()[4])) < _SAME)
            for one, other in zip(ours.split(b"\n"), sample.painted, strict=True)
        )


def learnt(
    first: Sample, second: Sample, fonts: Mapping[bytes, Face | None], fixed: frozenset[int]
) -> Pattern | None:
    """The pattern of two samples of a shape; None where the rest cannot be set like them.

    `fonts` by the name that operators give them; `fixed` are the lines of which all contents have the same
    text.
    """
    if len(first.painted) != len(second.painted):
        return None
    places = _places(first.painted, fonts)
    if places is None or len(places) != len(first.texts):
        return None
    lines: list[_Line] = []
    for index, (matrix, text, face, scale) in enumerate(places):
        line = _line(first, second, index, (matrix, text), face, scale, is_fixed=index in fixed)
        follows = line is not None and lines and lines[-1].y == line.y  # its place depends on that text
        if line is None or (follows and index - 1 not in fixed):
            return None
        lines.append(line)
    pattern = Pattern(first.painted, tuple(lines))
    return pattern if pattern.gives(second) else None


def _places(
    painted: Sequence[bytes], fonts: Mapping[bytes, Face | None]
) -> list[tuple[int, int, Face, int]] | None:
    """Of each line its matrix, its text, its face and size; None where pictures are painted."""
    found: list[tuple[int, int, Face, int]] = []
    matrix, face, scale = -1, None, 0
    for at, one in enumerate(painted):
        operator = one.rpartition(b" ")[2]
        if operator == _FONT:
            name, size, _operator = one.split()
            face, scale = fonts.get(name[1:]), round(float(size) * _UNITS)
        elif operator == _MATRIX:
            matrix = at
        elif operator == _TEXT:
            if face is None or matrix < 0:
                return None
            found.append((matrix, at, face, scale))
            matrix = -1
        elif operator not in _OTHER:
            return None
    return found


def _line(
    first: Sample, second: Sample, index: int, at: tuple[int, int], face: Face, scale: int, *, is_fixed: bool
) -> _Line | None:
    matrix, text = at
    texts = first.texts[index], second.texts[index]
    strings = [one.painted[text].removeprefix(b"[").removesuffix(b"] TJ") for one in (first, second)]
    for spacing in _spacings(strings, scale):
        shown = [_shown(face, one, scale, spacing) for one in texts]
        if all(one and one[0] == string for one, string in zip(shown, strings, strict=True)):
            break
    else:
        return None
    starts = [one.painted[matrix].split() for one in (first, second)]
    if any(start[:4] != [b"1", b"0", b"0", b"-1"] for start in starts) or starts[0][5] != starts[1][5]:
        return None
    one, other = (float(start[4]) for start in starts)
    width, other_width = (found[1] for found in shown if found)
    if not is_fixed and abs(width - other_width) < _SAME:  # left or centred: these two do not tell
        if abs(one - other) >= _SAME:
            return None
        return _Line(matrix, text, face, scale, spacing, one, starts[0][5], 0, only=width)
    for part in (0, 0.5, 1):
        if abs(one + width * part - other - other_width * part) < _SAME:
            return _Line(matrix, text, face, scale, spacing, one + width * part, starts[0][5], part)
    return None


def _spacings(strings: Sequence[bytes], scale: int) -> list[int]:
    """The letter spacings, in units, that these strings may have been set with."""
    tracked = [found for string in strings if (found := _TRACKED.search(string.decode()))]
    if not tracked:
        return [0] if any(string.count(b"<") > 1 for string in strings) else []
    half = -round(float(tracked[0][1]) * scale / _UNITS)
    return [2 * half, 2 * half + 1, 2 * half - 1]


# ── Shaping ───────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=4096)
def _shown(face: Face, text: str, scale: int, spacing: int) -> tuple[bytes, float] | None:
    """What the engine shows for a text: glyphs, with what moves them; and the length in CSS pixels."""
    glyphs = _shaped(face, text, scale)
    if glyphs is None:
        return None
    widths, size = _widths(face), scale / _UNITS
    left = int(spacing / 2)
    last, visible, length = len(glyphs) - 1, len(text.rstrip()), 0
    shown = "<"
    for at, (glyph, advance) in enumerate(glyphs):
        moved = left if at else 0
        advance += moved + (spacing - left if at < last else 0)
        length += advance if at < visible else 0
        offset = moved / size
        if offset:
            shown += f">{-offset}<"
        shown += f"{glyph:04x}"
        kerning = widths[glyph] + offset - advance * 1000 * (1 / _UNITS) / size
        if kerning:
            shown += f">{int(kerning)}<"
    if 0 < visible < len(text):  # the blank at the end is painted, but the line is as long as without it
        bare = _shaped(face, text.rstrip(), scale)
        length += bare[-1][1] - glyphs[visible - 1][1] if bare else 0
    shown = shown[:-1] if shown.endswith("<") else f"{shown}>"
    return shown.encode(), length / _UNITS


def _shaped(face: Face, text: str, scale: int) -> list[tuple[int, int]] | None:
    """Glyph and advance of each letter; None where letters are joined, moved or exchanged."""
    font = _font(face, scale)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.direction, buffer.script, buffer.language = "ltr", "Latn", "vi"
    uharfbuzz.shape(font, buffer, {"lnum": True})
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    if len(infos) != len(text):
        return None
    found = []
    for letter, info, position in zip(text, infos, positions, strict=True):
        if info.codepoint != font.get_nominal_glyph(ord(letter)) or position.x_offset or position.y_offset:
            return None
        found.append((info.codepoint, position.x_advance))
    return found


@cache
def _file(face: Face) -> Any:
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(face.path)))


@lru_cache(maxsize=256)
def _font(face: Face, scale: int) -> Any:
    font = uharfbuzz.Font(_file(face))
    font.scale = (scale, scale)
    return font


@cache
def _widths(face: Face) -> Mapping[int, int]:
    """The width of each glyph in thousandths of the type size, as the file of the paper says it."""
    font, upem = uharfbuzz.Font(_file(face)), _file(face).upem
    return _Widths(font, upem)


class _Widths(dict[int, int]):
    def __init__(self, font: Any, upem: int) -> None:
        super().__init__()
        self._font, self._upem = font, upem

    def __missing__(self, glyph: int) -> int:
        width = self[glyph] = round(self._font.get_glyph_h_advance(glyph) * 1000 / self._upem)
        return width
