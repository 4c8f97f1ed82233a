"""Making one piece of a paper, and joining the pieces: no queue, no state, only files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils import translation

from documents import joining, storing
from documents.kinds import KINDS
from documents.kinds.base import Content, Subject
from documents.models import Document

if TYPE_CHECKING:
    from documents.pdf import Rendered, Renderer

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
    if not document.each:
        made = together(document, subjects)
        return Piece(*_stored(storing.keep_bytes(made.pdf, folder, "pdf"), made.pages))
    alone = KINDS[document.kind].alone
    groups = [[subject] for subject in subjects] if alone else [subjects]
    pages = 0

    def written() -> Iterator[tuple[str, bytes]]:
        nonlocal pages
        for name, file in (one for group in groups for one in each(document, group)):
            pages += file.pages
            yield name, file.pdf

    with storing.fresh(folder, "zip") as temporary:
        joining.write_zip(written(), temporary)  # one file in memory at a time
        kept = storing.keep(temporary, folder, "zip")
    return Piece(*_stored(kept, pages))


def one_file(document: Document, subject: Subject) -> tuple[str, bytes]:
    """One subject as a PDF of its own, here and now: its name without folders, and its bytes."""
    [(name, file)] = each(document, [subject])
    return name.rpartition("/")[2], file.pdf


def together(document: Document, subjects: Sequence[Subject]) -> Rendered:
    """These subjects in one file."""
    content, html = _drawn(document, subjects)
    return _engine(document).render(html, content.images, content.rules)


def each(document: Document, subjects: Sequence[Subject]) -> Iterator[tuple[str, Rendered]]:
    """Name and file of each subject, the files written one by one as they are asked for."""
    content, html = _drawn(document, subjects)
    titles = [title for _name, title in content.files]
    files = _engine(document).render_each(html, titles, content.images, content.rules)
    return ((name, file) for (name, _title), file in zip(content.files, files, strict=True))


def _drawn(document: Document, subjects: Sequence[Subject]) -> tuple[Content, str]:
    """The page of these subjects, before the engine has seen it."""
    kind = KINDS[document.kind]
    with translation.override(LANGUAGE):
        content = kind.content(document, subjects)
        return content, render_to_string(kind.template, content.context)


def _engine(document: Document) -> Renderer:
    # The engine takes 1–2 s to import, and the web process imports this module to ring the worker.
    from documents.pdf import renderer

    kind = KINDS[document.kind]
    return renderer(*kind.stylesheets, tagged=kind.tagged)


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
