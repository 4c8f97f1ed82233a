"""Making one piece of a paper, and joining the pieces: no queue, no state, only files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from documents import joining, storing
from documents.kinds import KINDS
from documents.kinds.base import Subject
from documents.models import Document

# Papers are Vietnamese whatever the language of the person who asks for them.
LANGUAGE = "vi"


@dataclass(frozen=True)
class Piece:
    """A part of a paper on disk: its name below MEDIA_ROOT, its pages, SHA-256 and bytes."""

    name: str
    pages: int
    sha256: str
    size: int


def make(document: Document, subjects: Sequence[Subject], folder: str) -> Piece:
    """Render these subjects into one stored file: a PDF, or a ZIP with one PDF for each.

    Raises `PaperError` with a sentence for people when the paper cannot be made as asked.
    """
    # The engine takes 1–2 s to import, and the web process imports this module to ring the worker.
    from documents.pdf import renderer

    kind = KINDS[document.kind]
    with translation.override(LANGUAGE):
        content = kind.content(document, subjects)
        html = render_to_string(kind.template, content.context)
    engine = renderer(*kind.stylesheets, tagged=kind.tagged)
    if not document.each:
        made = engine.render(html, content.images)
        return Piece(*_stored(storing.keep_bytes(made.pdf, folder, "pdf"), made.pages))
    files = engine.render_each(html, [title for _name, title in content.files], content.images)
    names = [name for name, _title in content.files]
    with storing.fresh(folder, "zip") as temporary:
        joining.write_zip(zip(names, (file.pdf for file in files), strict=True), temporary)
        kept = storing.keep(temporary, folder, "zip")
    return Piece(*_stored(kept, sum(file.pages for file in files)))


def join(document: Document, pieces: Iterable[tuple[str, int]]) -> Piece:
    """The pieces (name, pages) in their order as one stored file."""
    pieces = list(pieces)
    paths: list[Path] = [storing.path(name) for name, _pages in pieces]
    with storing.fresh(storing.FINISHED, document.suffix) as temporary:
        if document.each:
            joining.join_zips(paths, temporary)
        elif len(paths) == 1:
            temporary.write_bytes(paths[0].read_bytes())
        else:
            joining.join_pdfs(paths, temporary)
        kept = storing.keep(temporary, storing.FINISHED, document.suffix)
    return Piece(*_stored(kept, sum(pages for _name, pages in pieces)))


def _stored(kept: tuple[str, str, int], pages: int) -> tuple[Any, ...]:
    name, sha256, size = kept
    return name, pages, sha256, size
