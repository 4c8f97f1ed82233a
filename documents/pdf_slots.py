"""The contents of slots: which of them the engine lays out, on what sheets, and what all of them paint.

Each distinct content is wanted once. Of contents of the same shape the engine lays out two, and the letters
of the rest; the rest is set by `pdf_lines`. Contents of a shape that cannot be set in that way, and those
that have few like them, are all laid out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from documents import pdf_lines
from documents.pdf_faces import Box, Face, NoSlots
from documents.pdf_lines import Pattern, Sample, Tags, Texts
from documents.stamping import Deck, Stamp

PER_SHEET = 150
END = "stamp"  # the bookmark that says where a content ends
LEAST = 4  # contents of a shape: of fewer, the engine lays out as many as for learning
_PX = 96 / 72
_SLACK = 0.05  # CSS pixels by which a laid out height may differ from the one that was announced
_MARK = b"1 0 0 1 0 0 cm"  # the transformation that begins each slot on a sheet
_RESET = (
    "display:block;position:static;float:none;width:auto;height:auto;min-width:0;min-height:0;max-width:none;"
    "max-height:none;margin:0;padding:0;border:0;background:none;overflow:visible;transform:none;opacity:1;"
    "break-before:auto;break-after:auto"
).replace(";", "!important;")

Key = tuple[str, str]  # name of the slot, content
Shape = tuple[str, Tags]


class Slots:
    """The contents of the slots of a deck."""

    def __init__(self, faces: Sequence[Face], deck: Deck, pictures: Collection[str]) -> None:
        """`pictures` are contents that are drawn otherwise."""
        names = [name for face in faces for name in face.boxes]
        if len(names) != len(set(names)):
            raise NoSlots("two templates have slots of the same name")
        self._deck = deck
        self.boxes: dict[str, Box] = {name: box for face in faces for name, box in face.boxes.items()}
        self._down = {name: down for face in faces for name, down in face.down.items()}
        self._around = {name: tags for face in faces for name, tags in face.around.items()}
        self._unlearnt: set[Shape] = set()
        self._snippets: dict[Key, bytes] = {}
        self._contents: dict[Key, float | None] = {}
        for card in deck.stamps:
            for name, one in card.items():
                if one.html and one.html not in pictures:
                    self._contents.setdefault((name, one.html), one.down)
        self._texts: dict[Key, tuple[Tags, Texts]] = {
            key: pdf_lines.taken_apart(key[1]) for key in self._contents
        }
        self.choose()

    def choose(self) -> None:
        """Decide what the engine lays out; to be asked again when `take` has refused shapes."""
        alike: dict[Shape, list[Key]] = defaultdict(list)
        for key in self._contents:
            tags, texts = self._texts[key]
            if pdf_lines.is_plain(tags, texts) and (key[0], tags) not in self._unlearnt:
                alike[key[0], tags].append(key)
        self._shapes = {shape: keys for shape, keys in alike.items() if len(keys) >= LEAST}
        self._samples: dict[Shape, tuple[Key, Key, Key]] = {}
        self._laid: dict[Key, float] = {}
        left = set(self._contents)
        for shape, keys in self._shapes.items():
            left -= set(keys)
            top = self.top(shape[0], self._contents[keys[0]])
            # The letters are laid out too, so that the font of the file has them.
            texts = self._letters(keys)
            letters = shape[0], pdf_lines.put_together(shape[1], texts)
            self._texts[letters] = shape[1], texts
            self._samples[shape] = *self._unlike(keys), letters
            self._laid |= dict.fromkeys((*keys, letters), top)
            left |= set(self._samples[shape])
        self._laid |= {key: self.top(key[0], self._contents[key]) for key in left if key not in self._laid}
        self.order = sorted(left)
        self._tops = {top: at for at, top in enumerate(sorted({self._laid[key] for key in self.order}))}

    def _unlike(self, keys: Sequence[Key]) -> tuple[Key, Key]:
        """The longest, and one of which every line differs from its lines: two as long do not tell enough."""
        first = max(keys, key=lambda key: (sum(map(len, self._texts[key][1])), key))
        longest = [Counter(line) for line in self._texts[first][1]]

        def unlike(key: Key) -> tuple[int, int, Key]:
            lines = [Counter(line) for line in self._texts[key][1]]
            pairs = [
                (one - other).total() + (other - one).total()
                for one, other in zip(lines, longest, strict=True)
            ]
            return sum(map(bool, pairs)), sum(pairs), key

        return first, max(keys, key=unlike)

    def _letters(self, keys: Sequence[Key]) -> Texts:
        """Of each line, the letters that it has in any of the contents."""
        lines = zip(*(self._texts[key][1] for key in keys), strict=True)
        return tuple(" ".join(sorted(set("".join(line)) - {" "})) or "." for line in lines)

    def top(self, name: str, down: float | None) -> float:
        """Where a slot begins on the page, in CSS pixels."""
        sample, top = self._down[name], self.boxes[name][1]
        found = top if down is None or sample is None else top + (down - sample) * _PX
        return round(found, 4)  # the same whoever was the sample: a piece made again has the same bytes

    # ── Laying out ────────────────────────────────────────────────────────────────────────────────

    @property
    def sheets(self) -> list[str]:
        """The sheets with the contents that the engine lays out, in their order."""
        found = []
        for start in range(0, len(self.order), PER_SHEET):
            slots = []
            for key in self.order[start : start + PER_SHEET]:
                box = f'<div data-slot="{key[0]}" class="stamp-{self._tops[self._laid[key]]}">'
                slots.append((key[0], f"{box}{key[1]}<i></i></div>"))
            groups = []
            for name, alike in groupby(slots, key=itemgetter(0)):
                before, after = self._around[name]
                groups.append(f"{before}{''.join(slot for _name, slot in alike)}{after}")
            found.append(f'<div class="stamp-sheet">{"".join(groups)}</div>')
        return found

    def rules(self, width: float, height: float) -> str:
        """The style of the sheets, which are as large as a page."""
        rules = [
            f"@page stamp-sheet{{size:{width}px {height}px;margin:0}}",
            f".stamp-sheet{{page:stamp-sheet;position:relative;width:{width}px;height:{height}px;"
            "break-after:page;overflow:hidden}",
            ".stamp-sheet:last-child{break-after:auto}",
            f".stamp-around{{{_RESET}!important}}",
        ]
        for name, (left, _top, right, _bottom) in self.boxes.items():
            place = f"left:{left}px;width:{right - left}px;right:auto;bottom:auto;height:auto;margin:0;"
            place += "position:absolute;z-index:0;box-sizing:border-box;transform:translate(0,0);"
            place += "border-color:transparent;background:none;outline:none;"  # the page has these
            rules.append(f'.stamp-sheet [data-slot="{name}"]{{{place.replace(";", "!important;")}}}')
        rules += [f".stamp-sheet .stamp-{at}{{top:{top:.6f}px!important}}" for top, at in self._tops.items()]
        # Ends each slot, so that its bookmark says where; neither may cost a style of its own.
        rules.append(f'.stamp-sheet i{{display:block;bookmark-level:1;bookmark-label:"{END}"}}')
        return "".join(rules)

    def unfit(self, ends: Sequence[float]) -> frozenset[int]:
        """The cards of which a text is higher than its box, from where each content ends on its sheet."""
        heights = {key: end - self._laid[key] for key, end in zip(self.order, ends, strict=True)}
        for shape, keys in self._shapes.items():
            first, second, _letters = self._samples[shape]
            heights |= dict.fromkeys(keys, max(heights[first], heights[second]))
        return frozenset(
            index
            for index, card in enumerate(self._deck.stamps)
            if any(heights.get((name, one.html), 0) > self._room(name, one) for name, one in card.items())
        )

    def _room(self, name: str, one: Stamp) -> float:
        _left, top, _right, bottom = self.boxes[name]
        return (bottom - top if one.tall is None else one.tall * _PX) + _SLACK

    # ── Cutting ───────────────────────────────────────────────────────────────────────────────────

    def take(self, painted: Sequence[Sequence[Any]], fonts: Mapping[bytes, Any]) -> bool:
        """Take the contents from what the sheets paint, and set the rest; False where shapes were refused."""
        found: dict[Key, tuple[bytes, ...]] = {}
        for sheet, operators in enumerate(painted):
            keys = self.order[sheet * PER_SHEET : (sheet + 1) * PER_SHEET]
            groups = list(_groups(operators))
            if len(groups) != len(keys):
                raise NoSlots(f"{len(groups)} of {len(keys)} slots were painted")
            found.update(zip(keys, groups, strict=True))
        self._snippets = {key: b"\n".join(one) for key, one in found.items()}
        refused = {shape for shape in self._shapes if not self._set(shape, found, fonts)}
        self._unlearnt |= refused
        return not refused

    def _set(self, shape: Shape, found: Mapping[Key, tuple[bytes, ...]], fonts: Mapping[bytes, Any]) -> bool:
        """Set the contents of a shape that the engine did not lay out."""
        keys = self._shapes[shape]
        lines = zip(*(self._texts[key][1] for key in keys), strict=True)
        fixed = frozenset(at for at, line in enumerate(lines) if len(set(line)) == 1)
        first, second, letters = (Sample(self._texts[key][1], found[key]) for key in self._samples[shape])
        for other, third in ((letters, second), (second, None)):
            pattern = pdf_lines.learnt(first, other, fonts, fixed)
            if pattern and (third is None or pattern.gives(third)) and self._painted_by(pattern, keys, found):
                return True
        return False

    def _painted_by(self, pattern: Pattern, keys: Sequence[Key], found: Mapping[Key, Any]) -> bool:
        """Set the contents by a pattern; False where one cannot be set."""
        for key in keys:
            if key not in found:
                painted = pattern.paint(self._texts[key][1])
                if painted is None:
                    return False
                self._snippets[key] = painted
        return True

    def painted(self, name: str, one: Stamp) -> bytes:
        """What paints a content at its place on the page."""
        moved = round(self.top(name, one.down) - self._laid[name, one.html], 4) or 0.0  # not -0
        return b"q 1 0 0 1 0 %.6f cm\n%b\nQ" % (moved, self._snippets[name, one.html])


def _groups(ops: Sequence[Any]) -> Iterable[tuple[bytes, ...]]:
    """The painting operators of each slot of a sheet."""
    depth, start, begun = 0, 0, 0
    for index, op in enumerate(ops):
        if op == b"q":
            depth += 1
            if not begun and ops[index + 1] == _MARK:
                start, begun = index, depth
        elif op == b"Q":
            if depth == begun:
                own = ops[start + 2 : index]
                yield tuple(one if isinstance(one, bytes) else str(one).encode() for one in own)
                begun = 0
            depth -= 1
