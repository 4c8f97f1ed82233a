"""May a template be stamped? Decided by looking: the extreme among real people, laid out in full and stamped.

The verdict is kept in the process and on the machine, under a name of everything that makes the look, so
that not every worker looks again. What may not be stamped is laid out in full, with a line in the log.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
from django.template.loader import get_template
from PIL import Image, ImageChops

from documents import pdf_faces, pdf_kept, stamping
from documents.pdf import PAPER, Images, Renderer
from documents.pdf_faces import NoSlots
from documents.pdf_stamp import Stamped
from documents.stamping import Deck

DPIS = (113, 97)  # a letter that lies on the edge of a pixel may jump in one of them, not in both
_FAINT = 24  # of 255: what rounding may do to the edge of a letter
_log = logging.getLogger(__name__)
_known: dict[str, bool] = {}


class NobodyFits(Exception):
    """No card by which the template is tried stands in its boxes, so nothing was compared."""


def stamped(
    renderer: Renderer, templates: Sequence[str], stylesheets: Sequence[str], deck: Deck, images: Images,
    rules: str = "",
) -> Stamped | None:  # fmt: skip
    """The cards of the deck as stamps; None where they must be laid out in full.

    `rules` and the pictures among `images` are what a design changes: each look has a verdict of its own.
    """
    key = _look(tuple(templates), tuple(stylesheets), renderer.form, rules, pdf_faces.pictures(images))
    if key not in _known and (verdict := pdf_kept.known(key)):
        _known[key] = verdict["stamped"]
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
        pdf_kept.keep(key, {"stamped": not reason, "reason": reason})
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
def _look(
    templates: tuple[str, ...], stylesheets: tuple[str, ...], form: str, rules: str, pictures: tuple[str, ...]
) -> str:
    """The name of a look, of whatever could make a page another: also what templates extend, and the art."""
    sources: list[Any] = [get_template(template) for template in templates]
    folders = {Path(source.origin.name).parent for source in sources}
    paths = [path for folder in sorted(folders) for path in sorted(folder.glob("*.html"))]
    paths += [*(PAPER / name for name in stylesheets), *sorted(PAPER.glob("*.svg"))]
    told = [form, *templates, *stylesheets, rules, *pictures]
    return pdf_kept.name_of("verdict", *told, *(path.read_bytes() for path in paths))
