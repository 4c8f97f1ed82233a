"""One PDF per subject out of one rendered document.

The engine gives all pages one dictionary of resources, so that a general splitter drags everybody's
pictures along. Here each file receives only what its own pages name: nothing of another person can travel
with it. What several subjects share (fonts, art) is written out once and copied as bytes.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pydyf

_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_USED_NAME = re.compile(rb"/(\S+)\s+(?:Do|gs|sh|scn|SCN)\b")
_NAMED = ("ExtGState", "XObject", "Pattern", "Shading")
_PAGE_KEYS = ("Type", "MediaBox", "TrimBox", "BleedBox")
_PAGES, _CATALOG = 1, 2
_HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"


@dataclass
class _Subject:
    """The pages of one subject and everything they need."""

    pages: list[Any]
    contents: list[Any]
    resources: Any
    needed: set[int]


def split(pdf: Any, groups: Sequence[Sequence[int]], titles: Sequence[str]) -> Iterator[bytes]:
    """Yield one PDF for each group of page indexes (0-based) of a painted, not yet written `pydyf.PDF`."""
    page_numbers = pdf.pages["Kids"][::3]
    pages = [pdf.objects[number] for number in page_numbers]
    subjects = [_subject(pdf, [pages[index] for index in group]) for group in groups]
    uses = Counter(number for subject in subjects for number in subject.needed)
    shared = sorted(number for number, count in uses.items() if count > 1)
    prefix, offsets = _prefix(pdf, shared)
    for subject, title in zip(subjects, titles, strict=True):
        yield _Writer(pdf, prefix, offsets).write(subject, title)


def _subject(pdf: Any, pages: list[Any]) -> _Subject:
    contents = [pdf.objects[_number(page["Contents"])] for page in pages]
    used = {name.decode() for stream in contents for name in _USED_NAME.findall(_operators(stream))}
    everything = pdf.objects[_number(pages[0]["Resources"])]
    resources = pydyf.Dictionary(
        {key: everything[key] for key in ("ColorSpace", "Font") if key in everything}
    )
    for key in _NAMED:
        resources[key] = pydyf.Dictionary(
            {name: value for name, value in everything[key].items() if name in used}
        )
    return _Subject(pages, contents, resources, _reachable(pdf, resources))


def _reachable(pdf: Any, resources: Any) -> set[int]:
    found: set[int] = set()
    waiting = _references(resources)
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            waiting += _references(pdf.objects[number])
    return found


def _references(item: Any) -> list[int]:
    data = pydyf.Dictionary(item.extra).data if isinstance(item, pydyf.Stream) else item.data
    return [int(number) for number in _REFERENCE.findall(data)]


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def _operators(stream: Any) -> bytes:
    return b"\n".join(item if isinstance(item, bytes) else str(item).encode() for item in stream.stream)


def _prefix(pdf: Any, shared: Sequence[int]) -> tuple[bytes, dict[int, int]]:
    """The beginning that all files have in common, and where each shared object stands in it."""
    data = bytearray(_HEADER)
    offsets = {}
    for number in shared:
        offsets[number] = len(data)
        data += pdf.objects[number].indirect + b"\n"
    return bytes(data), offsets


class _Writer:
    """Writes one file: the common beginning, then its own objects, then its cross-reference table."""

    def __init__(self, pdf: Any, prefix: bytes, offsets: dict[int, int]) -> None:
        self._pdf = pdf
        self._shared = offsets
        self._parts = [prefix]
        self._position = len(prefix)
        self._offsets: dict[int, int] = {}

    def write(self, subject: _Subject, title: str) -> bytes:
        for number in sorted(subject.needed):
            if number in self._shared:
                self._offsets[number] = self._shared[number]
            else:
                self._add(number, self._pdf.objects[number].data)
        free = len(self._pdf.objects)
        resources, info = free, free + 1
        self._add(resources, subject.resources.data)
        kids = pydyf.Array()
        for index, (page, stream) in enumerate(zip(subject.pages, subject.contents, strict=True)):
            content_number, page_number = free + 2 + 2 * index, free + 3 + 2 * index
            self._add(content_number, stream.data)
            self._add(page_number, self._page(page, content_number, resources).data)
            kids += [page_number, 0, "R"]
        self._add(
            _PAGES, pydyf.Dictionary({"Type": "/Pages", "Kids": kids, "Count": len(subject.pages)}).data
        )
        self._add(_CATALOG, self._catalog().data)
        self._add(info, pydyf.Dictionary({**self._pdf.info, "Title": pydyf.String(title)}).data)
        return self._finish(info)

    @staticmethod
    def _page(page: Any, content: int, resources: int) -> Any:
        own = {key: page[key] for key in _PAGE_KEYS if key in page}
        links = {"Parent": f"{_PAGES} 0 R", "Contents": f"{content} 0 R", "Resources": f"{resources} 0 R"}
        return pydyf.Dictionary({**own, **links})

    def _catalog(self) -> Any:
        """Fresh, because the common one may point at anchors on other people's pages."""
        keys = {key: self._pdf.catalog[key] for key in ("Lang",) if key in self._pdf.catalog}
        return pydyf.Dictionary({"Type": "/Catalog", "Pages": f"{_PAGES} 0 R", **keys})

    def _add(self, number: int, data: bytes) -> None:
        self._offsets[number] = self._position
        part = b"%d 0 obj\n%b\nendobj\n" % (number, data)
        self._parts.append(part)
        self._position += len(part)

    def _finish(self, info: int) -> bytes:
        table = [b"xref\n0 1\n0000000000 65535 f \n"]
        for run in _runs(sorted(self._offsets)):
            table.append(b"%d %d\n" % (run[0], len(run)))
            table += [b"%010d 00000 n \n" % self._offsets[number] for number in run]
        trailer = b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        end = trailer % (max(self._offsets) + 1, _CATALOG, info, self._position)
        return b"".join([*self._parts, *table, end])


def _runs(numbers: Sequence[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for number in numbers:
        if run and number != run[-1] + 1:
            yield run
            run = []
        run.append(number)
    if run:
        yield run
