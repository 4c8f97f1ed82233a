"""Pages stamped instead of laid out: a page per person, the template laid out once, each content once.

What everybody has becomes one form object. The contents of the slots are laid out on sheets of their own, in
the same document and so with the same fonts, each at the place it has on the page; their painting operators
are cut out of the sheets and put together again, person by person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from operator import itemgetter
from typing import Any
from xml.etree import ElementTree

import pydyf
import weasyprint

from documents.pdf import Images, Rendered, Renderer
from documents.pdf_art import Code
from documents.pdf_split import number, only_used, operators, split, used_names
from documents.stamping import Stamps, code_in

PER_SHEET = 150
_PX = 96 / 72
_SLACK = 0.05  # CSS pixels by which a laid out height may differ from the one that was announced
_MARK = b"1 0 0 1 0 0 cm"  # the transformation that begins each slot on a sheet
_RESET = (
    "display:block;position:static;float:none;width:auto;height:auto;min-width:0;min-height:0;max-width:none;"
    "max-height:none;margin:0;padding:0;border:0;background:none;overflow:visible;transform:none;opacity:1;"
    "break-before:auto;break-after:auto"
).replace(";", "!important;")
Box = tuple[float, float, float, float]


class NoSlots(Exception):
    """The template cannot be stamped; `str()` says why, for the log."""


@dataclass
class _Plan:
    """A template laid out once: the size of its page, the box of each slot, and the slots' surroundings."""

    width: float
    height: float
    boxes: dict[str, Box]
    down: dict[str, float | None]
    static: str
    around: dict[str, tuple[str, str]]


class Stamped:
    """People laid out as stamps. `unfit` are those whose texts do not stand in their boxes."""

    def __init__(
        self, renderer: Renderer, page: str, people: Sequence[Stamps], images: Images, rules: str = ""
    ) -> None:
        """`page` is the full page of the first of the people; `rules` as `Renderer.render` takes them."""
        self._plan = _planned(renderer, page, people[0], images, rules)
        self._people, self._images = people, images
        contents = {(name, one.html): one.down for person in people for name, one in person.items()}
        self._order = [key for key in sorted(contents) if key[1] and not code_in(key[1])]
        self._laid = {key: self._top(key[0], contents[key]) for key in self._order}
        self._snippets: dict[tuple[str, str], bytes] = {}
        with renderer.laid_out(self._document(page), images, rules + self._rules()) as document:
            sheets = -(-len(self._order) // PER_SHEET)
            if len(document.pages) != sheets + 1:
                raise NoSlots(f"{len(document.pages)} pages for one page and {sheets} sheets of slots")
            self.unfit = self._measure(document)
            for laid in document.pages:
                laid.anchors.clear()
            self._pdf = renderer.painted(document)
        self._cut()

    def joined(self, chosen: Sequence[int]) -> Rendered:
        """These people in one file, a page each."""
        self._compose(chosen)
        target = BytesIO()
        self._pdf.write(target, compress=True, identifier="Metadata" in self._pdf.catalog)
        return Rendered(target.getvalue(), len(chosen))

    def each(self, chosen: Sequence[int], titles: Sequence[str]) -> Iterator[Rendered]:
        """A file for each of these people."""
        self._compose(chosen)
        for part in split(self._pdf, [[index] for index in range(len(chosen))], titles):
            yield Rendered(part, 1)

    # ── Laying out ────────────────────────────────────────────────────────────────────────────────

    def _top(self, name: str, down: float | None) -> float:
        """Where a slot begins on the page, in CSS pixels."""
        sample, top = self._plan.down[name], self._plan.boxes[name][1]
        return top if down is None or sample is None else top + (down - sample) * _PX

    def _document(self, page: str) -> str:
        sheets = []
        for start in range(0, len(self._order), PER_SHEET):
            slots = []
            for index, key in enumerate(self._order[start : start + PER_SHEET], start=start):
                style = f"top:{self._laid[key]:.4f}px!important"
                box = f'<div data-slot="{key[0]}" id="stamp-{index}" style="{style}">'
                slots.append((key[0], f"{box}{key[1]}</div>"))
            groups = []
            for name, alike in groupby(slots, key=itemgetter(0)):
                before, after = self._plan.around[name]
                groups.append(f"{before}{''.join(slot for _name, slot in alike)}{after}")
            sheets.append(f'<div class="stamp-sheet">{"".join(groups)}</div>')
        head = page[: page.index("<body")]
        return f'{head}<body><div class="stamp-page">{self._plan.static}</div>{"".join(sheets)}</body></html>'

    def _rules(self) -> str:
        plan = self._plan
        size = f"width:{plan.width}px;height:{plan.height}px"
        rules = [
            f"@page stamp-sheet{{size:{plan.width}px {plan.height}px;margin:0}}",
            ".stamp-page{break-after:page}.stamp-page>*{break-after:auto!important}",
            f".stamp-sheet{{page:stamp-sheet;position:relative;{size};break-after:page;overflow:hidden}}",
            ".stamp-sheet:last-child{break-after:auto}",
            f".stamp-around{{{_RESET}!important}}",
        ]
        for name, (left, _top, right, _bottom) in plan.boxes.items():
            place = f"left:{left}px;width:{right - left}px;right:auto;bottom:auto;height:auto;margin:0;"
            place += "position:absolute;z-index:0;box-sizing:border-box;transform:translate(0,0);"
            rules.append(f'.stamp-sheet [data-slot="{name}"]{{{place.replace(";", "!important;")}}}')
        return "".join(rules)

    def _measure(self, document: Any) -> frozenset[int]:
        """The people of whom a text is higher than its box."""
        heights = {}
        for index, key in enumerate(self._order):
            _left, top, _right, bottom = document.pages[1 + index // PER_SHEET].anchors[f"stamp-{index}"]
            heights[key] = bottom - top
        return frozenset(
            index
            for index, person in enumerate(self._people)
            if any(
                heights.get((name, one.html), 0) > self._room(name, one.tall) + _SLACK
                for name, one in person.items()
            )
        )

    def _room(self, name: str, tall: float | None) -> float:
        _left, top, _right, bottom = self._plan.boxes[name]
        return bottom - top if tall is None else tall * _PX

    # ── Cutting and putting together ──────────────────────────────────────────────────────────────

    def _cut(self) -> None:
        pdf = self._pdf
        pages = [pdf.objects[at] for at in pdf.pages["Kids"][::3]]
        self._free = [at for page in pages for at in (page.number, number(page["Contents"]))][2:]
        self._page = pydyf.Dictionary(pages[0])
        self._resources = pdf.objects[number(pages[0]["Resources"])]
        for sheet, page in enumerate(pages[1:]):
            keys = self._order[sheet * PER_SHEET : (sheet + 1) * PER_SHEET]
            found = list(_groups(pdf.objects[number(page["Contents"])].stream))
            if len(found) != len(keys):
                raise NoSlots(f"{len(found)} of {len(keys)} slots were painted")
            self._snippets.update(zip(keys, found, strict=True))
        art = {
            name
            for name in self._resources["XObject"]
            if name in used_names(b"\n".join(self._snippets.values()))
        }
        if art:
            raise NoSlots(f"slots paint objects of their own: {', '.join(sorted(art))}")
        self._static = pdf.objects[number(pages[0]["Contents"])]
        form = {"Type": "/XObject", "Subtype": "/Form", "BBox": self._page["MediaBox"]}
        form["Resources"] = only_used(self._resources, used_names(operators(self._static)))
        self._static.extra.update(form)
        self._resources["XObject"]["everybody"] = self._static.reference
        self._free.append(pages[0].number)

    def _compose(self, chosen: Sequence[int]) -> None:
        pdf = self._pdf
        for at in self._free:
            pdf.objects[at] = pydyf.Dictionary()
            pdf.objects[at].number = at
        pdf.pages["Kids"], pdf.pages["Count"] = pydyf.Array(), len(chosen)
        codes = {name: Code(text) for name, text in self._images.items() if isinstance(text, str)}
        for index in chosen:
            content = self._put(pydyf.Stream([self._painted(self._people[index], codes)], compress=True))
            page = self._put(pydyf.Dictionary({**self._page, "Contents": content.reference}))
            pdf.pages["Kids"] += [page.number, 0, "R"]

    def _put(self, item: Any) -> Any:
        """Give the object the number of one that is not wanted any more, or a new one."""
        if self._free:
            item.number = self._free.pop()
            self._pdf.objects[item.number] = item
        else:
            self._pdf.add_object(item)
        return item

    def _painted(self, person: Stamps, codes: Mapping[str, Code]) -> bytes:
        parts = [b"/everybody Do", f"1 0 0 -1 0 {self._plan.height * 0.75:f} cm\n.75 0 0 .75 0 0 cm".encode()]
        for name, one in person.items():
            left, top, right, bottom = self._plan.boxes[name]
            if code := code_in(one.html):
                drawn = codes[code].operators(right - left, bottom - top)
                parts.append(b"q 1 0 0 1 %f %f cm\n%b\nQ" % (left, top, drawn))
            elif one.html:
                moved = self._top(name, one.down) - self._laid[name, one.html]
                parts.append(b"q 1 0 0 1 0 %.4f cm\n%b\nQ" % (moved, self._snippets[name, one.html]))
        return b"\n".join(parts)


def _groups(ops: Sequence[Any]) -> Iterator[bytes]:
    """The painting operators of each slot of a sheet."""
    depth, start, begun = 0, 0, 0
    for index, op in enumerate(ops):
        if op == b"q":
            depth += 1
            if not begun and ops[index + 1] == _MARK:
                start, begun = index, depth
        elif op == b"Q":
            if depth == begun:
                yield b"\n".join(
                    one if isinstance(one, bytes) else str(one).encode() for one in ops[start + 2 : index]
                )
                begun = 0
            depth -= 1


def _planned(renderer: Renderer, page: str, sample: Stamps, images: Images, rules: str) -> _Plan:
    root = weasyprint.HTML(string=page, base_url="asset:/").etree_element
    slots = _numbered(root)
    if set(slots) != set(sample):
        raise NoSlots(f"the page has the slots {sorted(slots)}, its parts have {sorted(sample)}")
    width, height, boxes = _boxes(renderer, root, slots, images, rules)
    around = {name: _around(root, element) for name, element in slots.items()}
    bare = deepcopy(root)
    for element in bare.iter():
        if element.get("data-slot"):
            for child in list(element):
                element.remove(child)
            element.text = ""
    if _boxes(renderer, bare, slots, images, rules)[2] != boxes:
        raise NoSlots("a slot has the size of its content")
    body = bare.findall("body/*")
    static = "".join(ElementTree.tostring(child, encoding="unicode", method="html") for child in body)
    return _Plan(width, height, boxes, {name: one.down for name, one in sample.items()}, static, around)


def _numbered(root: Any) -> dict[str, Any]:
    slots = {}
    for element in root.iter():
        if name := element.get("data-slot"):
            if name in slots:
                raise NoSlots(f"the slot {name} stands twice on the page")
            element.set("id", f"slot-{name}")
            slots[name] = element
    return slots


def _boxes(
    renderer: Renderer, root: Any, slots: Mapping[str, Any], images: Images, rules: str
) -> tuple[float, float, dict[str, Box]]:
    html = "<!doctype html>" + ElementTree.tostring(root, encoding="unicode", method="html")
    with renderer.laid_out(html, images, rules) as document:
        if len(document.pages) != 1:
            raise NoSlots(f"the page of one person takes {len(document.pages)}")
        [page] = document.pages
        if hidden := sorted(name for name in slots if f"slot-{name}" not in page.anchors):
            raise NoSlots(f"slots without a box on the page: {', '.join(hidden)}")
        return page.width, page.height, {name: page.anchors[f"slot-{name}"] for name in slots}


def _around(root: Any, slot: Any) -> tuple[str, str]:
    """The tags in which a slot stands, so that it inherits what it should and selectors find it."""
    parents = {child: parent for parent in root.iter() for child in parent}
    before, after, element = "", "", parents[slot]
    while element.tag != "body":
        kept = {key: value for key, value in element.attrib.items() if key not in ("id", "style")}
        kept["class"] = f"{kept.get('class', '')} stamp-around".strip()
        tag = ElementTree.tostring(ElementTree.Element(element.tag, kept), encoding="unicode", method="html")
        cut = tag.index(">") + 1
        before, after = tag[:cut] + before, after + tag[cut:]
        element = parents[element]
    return before, after
