"""Making one piece of a paper, and joining the pieces: no queue, no state, only files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO

from django.template.loader import render_to_string

from conference.kept_words import in_vietnamese
from documents import joining, stamping, storing
from documents.errors import PaperError
from documents.kinds import KINDS
from documents.kinds.base import Content, Kept, Subject
from documents.models import Document

if TYPE_CHECKING:
    from documents.pdf import Rendered, Renderer
    from documents.pdf_stamp import Stamped


@dataclass(frozen=True)
class Piece:
    """A stored part of a paper: its name, its pages, SHA-256 and bytes.

    `files` are those of each subject, where the kind keeps them; `left_out` says in a sentence each which
    subjects could not be made.
    """

    name: str
    pages: int
    sha256: str
    size: int
    files: tuple[Kept, ...] = ()
    left_out: tuple[str, ...] = ()


def make(document: Document, subjects: Sequence[Subject], folder: str) -> Piece:
    """Render these subjects into one stored file: a PDF, or a ZIP with one PDF for each.

    A subject of a large run that cannot be made leaves the others whole. Raises `PaperError` with a sentence
    for people when the paper cannot be made as asked.
    """
    with in_vietnamese():
        refused = KINDS[document.kind].refused(subjects)
    # Subjects of kinds that refuse none may be no keys: those of badges are lists.
    rest = [one for one in subjects if one not in refused] if refused else subjects
    if refused and not rest:
        return Piece("", 0, "", 0, left_out=tuple(refused.values()))
    piece = _without_culprits(document, rest, folder)
    return replace(piece, left_out=(*refused.values(), *piece.left_out))


def _without_culprits(document: Document, subjects: Sequence[Subject], folder: str) -> Piece:
    """The piece without those of the subjects that turn out not to fit."""
    kind = KINDS[document.kind]
    try:
        return _made(document, subjects, folder)
    except PaperError as error:
        if kind.chunk is None or len(subjects) == 1:
            raise
        found = culprits(document, subjects, str(error))
    bad = [subject for subject, _sentence in found]
    sentences = tuple(sentence for _subject, sentence in found)
    good = [one for one in subjects if one not in bad]
    if not kind.weigh(good):
        raise PaperError(sentences[0])
    return replace(_made(document, good, folder), left_out=sentences)


def culprits(document: Document, subjects: Sequence[Subject], sentence: str) -> list[tuple[Subject, str]]:
    """Those of the subjects that cannot be made, each with why; together they fail for `sentence`.

    Found by halving; where the first and the last fail for one reason, it is the reason of all.
    """
    if len(subjects) == 1:
        return [(subjects[0], sentence)]
    if len(subjects) > 2 and {_failing(document, [subjects[at]]) for at in (0, -1)} == {sentence}:
        return [(one, sentence) for one in subjects]
    middle, found = len(subjects) // 2, []
    for half in (subjects[:middle], subjects[middle:]):
        if why := _failing(document, half):
            found += culprits(document, half, why)
    return found


def _failing(document: Document, subjects: Sequence[Subject]) -> str:
    """Why these cannot be made; empty if they can."""
    try:
        if document.each:
            for _name, _file in each(document, subjects):
                pass
        else:
            together(document, subjects)
    except PaperError as error:
        return str(error)
    return ""


def _made(document: Document, subjects: Sequence[Subject], folder: str) -> Piece:
    if not document.each:
        made = together(document, subjects)
        return Piece(*_stored(storing.keep_bytes(made.pdf, folder, "pdf"), made.pages))
    kind = KINDS[document.kind]
    stands = kind.standing(subjects) if kind.keeps_in else {}
    new = [one for one in subjects if one not in stands] if stands else subjects
    groups = [[subject] for subject in new] if kind.alone else [new] if new else []
    own: list[Kept] = []
    pages = 0

    def written() -> Iterator[tuple[str, bytes]]:
        nonlocal pages
        names = _names(document, list(stands))
        made = chain.from_iterable(each(document, group) for group in groups)
        for subject in subjects:
            if stands and subject in stands:  # only its name is asked for: nothing is laid out or signed
                pdf = storing.read(stands[subject])
                pages += joining.page_count(pdf)
                yield names[subject], pdf
                continue
            name, file = next(made)
            pages += file.pages
            if kind.keeps_in:
                kept = keep_one(file.pdf)
                own.append(Kept(subject, *kept, kind.told_of(file.pdf)))
            yield name, file.pdf

    with storing.together(kind.keeps_in, "pdf") as keep_one, storing.fresh(folder, "zip") as temporary:
        joining.write_zip(written(), temporary)  # one file in memory at a time
        kept = storing.keep(temporary, folder, "zip")
    return replace(Piece(*_stored(kept, pages)), files=tuple(own))


def _names(document: Document, subjects: Sequence[Subject]) -> dict[Subject, str]:
    """What the file of each is called in an archive; nothing is laid out for it."""
    files = _content(document, subjects).files if subjects else ()
    return {subject: name for subject, (name, _title) in zip(subjects, files, strict=True)}


def one_file(document: Document, subject: Subject) -> tuple[str, bytes]:
    """One subject as a PDF of its own, here and now: its name without folders, and its bytes."""
    [(name, file)] = each(document, [subject])
    return name.rpartition("/")[2], file.pdf


def together(document: Document, subjects: Sequence[Subject]) -> Rendered:
    """These subjects in one file."""
    content = _content(document, subjects)
    if stamped := _stamped(document, content):
        return stamped.joined(range(len(content.cards)))
    return _engine(document).render(_full(document, content), content.images, content.rules)


def each(document: Document, subjects: Sequence[Subject]) -> Iterator[tuple[str, Rendered]]:
    """Name and file of each subject, signed where the kind signs; written one by one as asked for."""
    kind = KINDS[document.kind]
    content = _content(document, subjects)
    titles = [title for _name, title in content.files]
    if stamped := _stamped(document, content):
        files = stamped.each(range(len(titles)), titles)
    else:
        page = _full(document, content)
        files = _engine(document).render_each(page, titles, content.images, content.rules)
    for (name, _title), file in zip(content.files, files, strict=True):
        yield name, replace(file, pdf=kind.complete(content, file.pdf))


def _content(document: Document, subjects: Sequence[Subject]) -> Content:
    with in_vietnamese():
        return KINDS[document.kind].content(document, subjects)


def _full(document: Document, content: Content) -> str:
    """The pages of these subjects, before the engine has seen them."""
    kind = KINDS[document.kind]
    return _page(document, content, kind.laid(document, content.cards) if content.cards else {})


def _page(document: Document, content: Content, shown: dict[str, Any]) -> str:
    with in_vietnamese():
        return render_to_string(KINDS[document.kind].template, {**content.context, **shown})


def _stamped(document: Document, content: Content) -> Stamped | None:
    """The cards as stamps; None where they must be laid out in full."""
    kind, cards = KINDS[document.kind], content.cards
    if not cards:
        return None
    # The same reason as in `_engine`.
    from documents import pixel_guard

    templates = (kind.template, *dict.fromkeys(map(kind.slots_of, cards)))
    return pixel_guard.stamped(
        _engine(document),
        templates,
        kind.stylesheets,
        _deck(document, content),
        content.images,
        content.rules,
    )


def _deck(document: Document, content: Content) -> stamping.Deck:
    kind, cards = KINDS[document.kind], content.cards
    with in_vietnamese():
        stamps = list(stamping.stamps(kind.slots_of, content.context, cards))
    empty = kind.empty_sheet(document)
    return stamping.Deck(
        stamps,
        lambda index: _page(document, content, kind.laid_alone(document, cards[index])),
        lambda indexes: _page(document, content, kind.laid(document, [cards[index] for index in indexes])),
        _page(document, content, empty) if empty else "",
        kind.faces,
    )


def _engine(document: Document) -> Renderer:
    # The engine takes 1–2 s to import, and the web process imports this module to ring the worker.
    from documents.pdf import renderer

    kind = KINDS[document.kind]
    return renderer(*kind.stylesheets, tagged=kind.tagged, variant=kind.variant)


def join(document: Document, pieces: Iterable[tuple[str, int]]) -> Piece:
    """The pieces (name, pages) in their order as one stored file."""
    pieces = list(pieces)
    names = [name for name, _pages in pieces]
    with storing.fresh(storing.FINISHED, document.suffix) as temporary:
        if document.each:
            joining.join_zips(_opened(names), temporary)
        elif len(names) == 1:
            storing.copy(names[0], temporary)
        else:
            joining.join_pdfs(_opened(names), temporary)
        kept = storing.keep(temporary, storing.FINISHED, document.suffix)
    return Piece(*_stored(kept, sum(pages for _name, pages in pieces)))


def _opened(names: Iterable[str]) -> Iterator[BinaryIO]:
    """One stored file after the other; each is closed when the next is asked for."""
    for name in names:
        with storing.opened(name) as file:
            yield file


def _stored(kept: tuple[str, str, int], pages: int) -> tuple[Any, ...]:
    name, sha256, size = kept
    return name, pages, sha256, size
