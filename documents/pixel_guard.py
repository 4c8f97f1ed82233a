"""May a template be stamped? Decided by looking: the extreme among real people, laid out in full and stamped.

The verdict is kept in the process and in DATA_DIR, under a hash of everything that makes the look, so that
not every worker looks again. What may not be stamped is laid out in full, with a line in the log.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
from django.conf import settings
from django.template.loader import get_template
from PIL import Image, ImageChops

from documents import (
    fitting,
    layouts,
    layouts_certificate,
    pdf,
    pdf_art,
    pdf_faces,
    pdf_lines,
    pdf_slots,
    pdf_split,
    pdf_stamp,
    stamping,
    typefaces,
)
from documents.pdf import ENGINE, PAPER, Images, Renderer
from documents.pdf_faces import NoSlots
from documents.pdf_stamp import Stamped
from documents.stamping import Deck

DPIS = (113, 97)  # a letter that lies on the edge of a pixel may jump in one of them, not in both
_FAINT = 24  # of 255: what rounding may do to the edge of a letter
_log = logging.getLogger(__name__)
_known: dict[str, bool] = {}
_MAKERS = (
    layouts, layouts_certificate, fitting, pdf, pdf_art, pdf_faces, pdf_lines, pdf_slots, pdf_split,
    pdf_stamp, stamping, typefaces,
)  # fmt: skip


class NobodyFits(Exception):
    """No card by which the template is tried stands in its boxes, so nothing was compared."""


def stamped(
    renderer: Renderer, templates: Sequence[str], stylesheets: Sequence[str], deck: Deck, images: Images,
    rules: str = "",
) -> Stamped | None:  # fmt: skip
    """The cards of the deck as stamps; None where they must be laid out in full.

    `rules` and the pictures among `images` are what a design changes: each look has a verdict of its own.
    """
    key = _hash(tuple(templates), tuple(stylesheets), renderer.form, rules, pdf_faces.pictures(images))
    kept = Path(settings.DATA_DIR) / "stamping" / f"{key}.json"
    if key not in _known and kept.is_file():
        _known[key] = json.loads(kept.read_text())["stamped"]
    if not _known.get(key, True):
        return None
    found = None
    try:
        found = Stamped(renderer, deck, images, rules)
        reason = "" if key in _known else why_not(renderer, found, deck, images, rules)
    except NoSlots as error:
        reason = str(error)
    except NobodyFits as error:  # says nothing of the template: the next cards decide
        _log.warning("%s is laid out in full this time: %s", templates[0], error)
        return None
    if reason:
        _log.warning("%s is laid out in full, not stamped: %s", templates[0], reason)
    if key not in _known:
        _known[key] = not reason
        _keep(kept, reason)
    return None if reason else found


def why_not(renderer: Renderer, found: Stamped, deck: Deck, images: Images, rules: str = "") -> str:
    """What is against stamping, for the log; empty if each page of the extreme cards comes out as in full.

    Raises `NobodyFits` where there is nothing to compare.
    """
    tried = stamping.picked(deck)
    if found.unfit.issuperset(tried):
        raise NobodyFits(f"none of {len(tried)} cards stand in their boxes")
    stamps = found.joined(tried)
    full = renderer.render(deck.full(tried), images, rules)
    if full.pages != stamps.pages:
        return f"{stamps.pages} pages instead of {full.pages}"
    for page in range(full.pages):
        if differ(full.pdf, page, stamps.pdf, page):
            return f"page {page + 1} of {full.pages} looks different"
    return ""


def differ(first: bytes, page: int, second: bytes, other: int) -> bool:
    """Do two pages (0-based) differ by more than the rounding of an edge?"""
    return all(_differ(_picture(first, page, dpi), _picture(second, other, dpi)) for dpi in DPIS)


def _differ(one: Image.Image, two: Image.Image) -> bool:
    if one.size != two.size:
        return True
    seen = ImageChops.difference(one, two).histogram()
    return any(seen[_FAINT:])


def _picture(pdf: bytes, page: int, dpi: int) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture: Image.Image = document[page].render(scale=dpi / 72).to_pil().convert("L")
        return picture
    finally:
        document.close()


@cache
def _hash(
    templates: tuple[str, ...], stylesheets: tuple[str, ...], form: str, rules: str, pictures: tuple[str, ...]
) -> str:
    """Of whatever could make a page look otherwise: also what templates extend and include, and the art."""
    sources: list[Any] = [get_template(template) for template in templates]
    folders = {Path(source.origin.name).parent for source in sources}
    paths = [path for folder in sorted(folders) for path in sorted(folder.glob("*.html"))]
    paths += [*(PAPER / name for name in stylesheets), *sorted(PAPER.glob("*.svg"))]
    paths += [Path(module.__file__ or "") for module in _MAKERS]
    told = [ENGINE, form, *templates, *stylesheets, rules, *pictures]
    parts = [*(one.encode() for one in told), *(path.read_bytes() for path in paths)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:24]


def _keep(path: Path, reason: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_text(json.dumps({"stamped": not reason, "reason": reason}))
    partial.replace(path)
