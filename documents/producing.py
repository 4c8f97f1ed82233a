"""Making one piece of a paper, and joining the pieces: no queue, no state, only files."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils import translation

from documents import joining, storing
from documents.kinds import KINDS
from documents.kinds.base import Content, Kept, Subject
from documents.models import Document

if TYPE_CHECKING:
    from documents.pdf import Rendered, Renderer
    from documents.pdf_stamp import Stamped

# Papers are Vietnamese whatever the language of the person who asks for them.
LANGUAGE = "vi"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Piece:
    """A part of a paper on disk: its name below MEDIA_ROOT, its pages, SHA-256 and bytes."""

    name: str
    pages: int
    sha256: str
    size: int
    files: tuple[Kept, ...] = ()  # of each subject, where the kind keeps them


def make(document: Document, subjects: Sequence[Subject], folder: str) -> Piece:
    """Render these subjects into one stored file: a PDF, or a ZIP with one PDF for each.

    Raises `PaperError` with a sentence for people when the paper cannot be made as asked.
    """
    if not document.each:
        made = together(document, subjects)
        return Piece(*_stored(storing.keep_bytes(made.pdf, folder, "pdf"), made.pages))
    kind = KINDS[document.kind]
    groups = [[subject] for subject in subjects] if kind.alone else [subjects]
    own: list[Kept] = []
    pages = 0

    def written() -> Iterator[tuple[str, bytes]]:
        nonlocal pages
        for group in groups:
            for subject, (name, file) in zip(group, each(document, group), strict=True):
                pages += file.pages
                if kind.keeps_in:
                    kept = storing.keep_bytes(file.pdf, kind.keeps_in, "pdf")
                    own.append(Kept(subject, *kept, kind.told_of(file.pdf)))
                yield name, file.pdf

    with storing.fresh(folder, "zip") as temporary:
        joining.write_zip(written(), temporary)  # one file in memory at a time
        kept = storing.keep(temporary, folder, "zip")
    return replace(Piece(*_stored(kept, pages)), files=tuple(own))


def one_file(document: Document, subject: Subject) -> tuple[str, bytes]:
    """One subject as a PDF of its own, here and now: its name without folders, and its bytes."""
    [(name, file)] = each(document, [subject])
    return name.rpartition("/")[2], file.pdf


def together(document: Document, subjects: Sequence[Subject]) -> Rendered:
    """These subjects in one file."""
    content = _content(document, subjects)
    if stamped := _stamped(document, content):
        return stamped.joined(range(len(content.context["sheets"])))
    return _engine(document).render(_page(document, content), content.images, content.rules)


def each(document: Document, subjects: Sequence[Subject]) -> Iterator[tuple[str, Rendered]]:
    """Name and file of each subject, signed where the kind signs; written one by one as asked for."""
    kind = KINDS[document.kind]
    content = _content(document, subjects)
    titles = [title for _name, title in content.files]
    if stamped := _stamped(document, content):
        files = stamped.each(range(len(titles)), titles)
    else:
        page = _page(document, content)
        files = _engine(document).render_each(page, titles, content.images, content.rules)
    for (name, _title), file in zip(content.files, files, strict=True):
        yield name, replace(file, pdf=kind.complete(document, file.pdf))


def _content(document: Document, subjects: Sequence[Subject]) -> Content:
    with translation.override(LANGUAGE):
        return KINDS[document.kind].content(document, subjects)


def _page(document: Document, content: Content, **instead: Any) -> str:
    """The page of these subjects, before the engine has seen it."""
    with translation.override(LANGUAGE):
        return render_to_string(KINDS[document.kind].template, {**content.context, **instead})


def _stamped(document: Document, content: Content) -> Stamped | None:
    """The subjects laid out as stamps; None where they must be laid out in full."""
    kind = KINDS[document.kind]
    cards = content.context.get("sheets", ()) if kind.card else ()
    if not cards:
        return None
    # The same reason as in `_engine`.
    from documents import pdf_stamp, pixel_guard, stamping

    with translation.override(LANGUAGE):
        people = list(stamping.stamps(kind.card, content.context, cards))
    engine, templates = _engine(document), (kind.template, kind.card)

    def page_of(index: int) -> str:
        return _page(document, content, sheets=[cards[index]])

    if not pixel_guard.may_stamp(
        engine, templates, kind.stylesheets, people, page_of, content.images, content.rules
    ):
        return None
    try:
        stamped = pdf_stamp.Stamped(engine, page_of(0), people, content.images, content.rules)
    except pdf_stamp.NoSlots as error:
        _log.warning("%s is laid out in full, not stamped: %s", kind.template, error)
        return None
    if stamped.unfit:
        _log.warning("%s is laid out in full: %d texts leave their boxes", kind.template, len(stamped.unfit))
        return None
    return stamped


def _engine(document: Document) -> Renderer:
    # The engine takes 1–2 s to import, and the web process imports this module to ring the worker.
    from documents.pdf import renderer

    kind = KINDS[document.kind]
    return renderer(*kind.stylesheets, tagged=kind.tagged, variant=kind.variant)


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
