"""What pages that are stamped have in common: each template laid out once, with the boxes of its slots."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import asdict, dataclass
from typing import Any
from xml.etree import ElementTree

import weasyprint

from documents import pdf_kept
from documents.pdf import Images, Renderer
from documents.stamping import Stamps

Box = tuple[float, float, float, float]  # left, top, right, bottom in CSS pixels of the page
PLACE = "place-"  # elements with the ids "place-1" and so on are the places of cards on a sheet


class NoSlots(Exception):
    """The template cannot be stamped; `str()` says why, for the log."""


@dataclass(frozen=True)
class Face:
    """A template laid out once: the size of its page, the box of each slot, and the slots' surroundings.

    `down` is what the layout said of the slots of the sample; `static` the page without what stands in slots;
    `around` the tags before and after a slot.
    """

    width: float
    height: float
    boxes: dict[str, Box]
    down: dict[str, float | None]
    static: str
    around: dict[str, tuple[str, str]]


def face(renderer: Renderer, page: str, sample: Stamps, images: Images, rules: str) -> Face:
    """The face of a card, from its full page and what it has in its slots. Raises `NoSlots`.

    A renderer keeps it: all pieces of a run have the same. So does the machine, for other processes.
    """
    root = _tree(page)
    slots = _numbered(root)
    if set(slots) != set(sample):
        raise NoSlots(f"the page has the slots {sorted(slots)}, its parts have {sorted(sample)}")
    bare = _bare(root)
    body = _body(_nameless(_placeless(deepcopy(bare))))
    name = pdf_kept.name_of("face", renderer.look, head(page), rules, body, *pictures(images))
    if name not in renderer.faces:
        kept = pdf_kept.known(name)
        found = _read(**kept) if kept else _face(renderer, root, bare, slots, sample, images, rules)
        if not kept:
            pdf_kept.keep(name, asdict(found))
        renderer.faces[name] = found
    return renderer.faces[name]


def _read(boxes: dict[str, list[float]], around: dict[str, list[str]], **others: Any) -> Face:
    """A face that was kept: JSON knows no tuples."""
    return Face(
        boxes={name: _box(box) for name, box in boxes.items()},
        around={name: (before, after) for name, (before, after) in around.items()},
        **others,
    )


def _box(kept: list[float]) -> Box:
    left, top, right, bottom = kept
    return left, top, right, bottom


def _face(
    renderer: Renderer, root: Any, bare: Any, slots: Mapping[str, Any], sample: Stamps, images: Images,
    rules: str,
) -> Face:  # fmt: skip
    names = {name: f"slot-{name}" for name in slots}
    width, height, boxes = _boxes(renderer, root, names, images, rules)
    around = {name: _around(root, element) for name, element in slots.items()}
    if _boxes(renderer, bare, names, images, rules)[2] != boxes:
        raise NoSlots("a slot has the size of its content")
    down = {name: one.down for name, one in sample.items()}
    return Face(width, height, boxes, down, _body(_nameless(bare)), around)


def places(renderer: Renderer, sheet: str, images: Images, rules: str) -> tuple[float, list[Box]]:
    """The height of a sheet and the places of cards on it, in their order. Kept like a face."""
    name = pdf_kept.name_of("places", renderer.look, sheet, rules, *pictures(images))
    if name not in renderer.places:
        kept = pdf_kept.known(name)
        found = (kept[0], [_box(box) for box in kept[1]]) if kept else _places(renderer, sheet, images, rules)
        if not kept:
            pdf_kept.keep(name, found)
        renderer.places[name] = found
    return renderer.places[name]


def _places(renderer: Renderer, sheet: str, images: Images, rules: str) -> tuple[float, list[Box]]:
    root = _tree(sheet)
    found = [one.get("id", "") for one in root.iter() if one.get("id", "").startswith(PLACE)]
    _width, height, boxes = _boxes(renderer, root, {name: name for name in found}, images, rules)
    return height, [boxes[name] for name in found]


def head(page: str) -> str:
    """What stands before the body of a page."""
    return page[: page.index("<body")]


def pictures(images: Images) -> tuple[str, ...]:
    """Names and hashes of the pictures that everybody has; a code, which is text, is of one person."""
    shown = sorted((name, one) for name, one in images.items() if isinstance(one, bytes))
    return tuple(f"{name} {hashlib.sha256(one).hexdigest()}" for name, one in shown)


def content(page: str) -> str:
    """What stands in the body of a page, so that it may stand beside others like it."""
    return _body(_nameless(_tree(page)))


def _bare(root: Any) -> Any:
    """The page with empty slots."""
    bare = deepcopy(root)
    for element in bare.iter():
        if element.get("data-slot"):
            for child in list(element):
                element.remove(child)
            element.text = ""
    return bare


def _placeless(root: Any) -> Any:
    """Without what the layout of one card says of its slots."""
    for element in root.iter():
        if element.get("data-slot"):
            element.attrib.pop("style", None)
    return root


def _tree(page: str) -> Any:
    return weasyprint.HTML(string=page, base_url="asset:/").etree_element


def _nameless(root: Any) -> Any:
    """Without ids."""
    for element in root.iter():
        element.attrib.pop("id", None)
    return root


def _body(root: Any) -> str:
    parts = root.findall("body/*")
    return "".join(ElementTree.tostring(one, encoding="unicode", method="html") for one in parts)


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
    renderer: Renderer, root: Any, ids: Mapping[str, str], images: Images, rules: str
) -> tuple[float, float, dict[str, Box]]:
    """Width and height of the one page, and the box of each name, known by its id."""
    html = "<!doctype html>" + ElementTree.tostring(root, encoding="unicode", method="html")
    with renderer.laid_out(html, images, rules) as document:
        if len(document.pages) != 1:
            raise NoSlots(f"the page of one card takes {len(document.pages)}")
        [page] = document.pages
        if hidden := sorted(name for name, one in ids.items() if one not in page.anchors):
            raise NoSlots(f"slots without a box on the page: {', '.join(hidden)}")
        return page.width, page.height, {name: page.anchors[one] for name, one in ids.items()}


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
