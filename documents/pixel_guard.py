"""May a template be stamped? Decided by looking: the extreme among real people, laid out in full and stamped.

The verdict is kept in the process and in DATA_DIR, under a hash of everything that makes the look, so that
not every worker looks again. What may not be stamped is laid out in full, with a line in the log.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
from django.conf import settings
from django.template.loader import get_template
from PIL import Image, ImageChops

from documents import fitting, layouts, layouts_certificate, pdf, pdf_art, pdf_split, pdf_stamp, stamping
from documents.pdf import ENGINE, PAPER, Images, Renderer
from documents.pdf_stamp import NoSlots, Stamped
from documents.stamping import Stamps

DPI = 110
_FAINT = 24  # of 255: what rounding may do to the edge of a letter
_log = logging.getLogger(__name__)
_known: dict[str, bool] = {}
_MAKERS = (layouts, layouts_certificate, fitting, pdf, pdf_art, pdf_split, pdf_stamp, stamping)


class NobodyFits(Exception):
    """Nobody by whom the template is tried stands in the boxes, so nothing was compared."""


def may_stamp(
    renderer: Renderer, templates: Sequence[str], stylesheets: Sequence[str], people: Sequence[Stamps],
    page_of: Callable[[int], str], images: Images, rules: str = "",
) -> bool:  # fmt: skip
    """`page_of` gives the full page of one of the people; asked only where nothing is known yet.

    `rules` and the pictures among `images` are what a design changes: each look has a verdict of its own.
    """
    key = _hash(tuple(templates), tuple(stylesheets), renderer.form, rules, _pictures(images))
    if key not in _known:
        kept = Path(settings.DATA_DIR) / "stamping" / f"{key}.json"
        if kept.is_file():
            _known[key] = json.loads(kept.read_text())["stamped"]
        else:
            tried = stamping.picked(people)
            pages, chosen = [page_of(index) for index in tried], [people[index] for index in tried]
            try:
                reason = why_not(renderer, pages, chosen, images, rules)
            except NobodyFits as error:  # says nothing of the template: the next people decide
                _log.warning("%s is laid out in full this time: %s", templates[0], error)
                return False
            if reason:
                _log.warning("%s is laid out in full, not stamped: %s", templates[0], reason)
            _known[key] = not reason
            _keep(kept, reason)
    return _known[key]


def why_not(
    renderer: Renderer, pages: Sequence[str], people: Sequence[Stamps], images: Images, rules: str = ""
) -> str:
    """What is against stamping, for the log; empty if each page comes out as in full.

    Raises `NobodyFits` where there is nothing to compare.
    """
    try:
        stamped = Stamped(renderer, pages[0], people, images, rules)
        chosen = [index for index in range(len(people)) if index not in stamped.unfit]
        if not chosen:
            raise NobodyFits(f"none of {len(people)} people stand in their boxes")
        found = stamped.joined(chosen).pdf
    except NoSlots as error:
        return str(error)
    for at, index in enumerate(chosen):
        full = renderer.render(pages[index], images, rules).pdf
        if differ(full, 0, found, at):
            return f"person {index + 1} of {len(people)} looks different"
    return ""


def differ(first: bytes, page: int, second: bytes, other: int) -> bool:
    """Do two pages (0-based) differ by more than the rounding of an edge?"""
    one, two = _picture(first, page), _picture(second, other)
    if one.size != two.size:
        return True
    seen = ImageChops.difference(one, two).histogram()
    return any(seen[_FAINT:])


def _picture(pdf: bytes, page: int) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture: Image.Image = document[page].render(scale=DPI / 72).to_pil().convert("L")
        return picture
    finally:
        document.close()


def _pictures(images: Images) -> tuple[str, ...]:
    """Names and hashes of the pictures that everybody has; a code, which is text, is of one person."""
    shown = sorted((name, one) for name, one in images.items() if isinstance(one, bytes))
    return tuple(f"{name} {hashlib.sha256(one).hexdigest()}" for name, one in shown)


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
