"""Does a signed file still show what was given out to be signed? Only signatures may have come behind it.

A signature says that nothing was changed after it. A page may have been painted over before, and the file
still begins with the bytes that were given out. So every object of which those bytes make their pages is
looked up in the signed file, and has to be there as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from decimal import Decimal
from typing import Any

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, Reference, StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader

NOTES, ACTS = "/Annots", frozenset({"/A", "/AA"})
# What signing adds to the catalog: fields, who certifies, proofs, versions, what the file tells of itself.
SIGNING_ADDS = frozenset({"/AcroForm", "/Perms", "/DSS", "/Extensions", "/Version", "/Metadata"})


def only_signed(base: PdfFileReader, signed: PdfFileReader) -> bool:
    """Do the pages of `base` stand in `signed` as they were, with nothing more than places of signatures?"""
    start = _key(base.root_ref)
    if _key(signed.root_ref) != start or "/XFA" in _get(signed.root, "/AcroForm", {}):
        return False
    seen, ahead = {start}, [start]
    while ahead:
        key = ahead.pop()
        was, now = (one.get_object(Reference(*key, pdf=one)) for one in (base, signed))
        is_page = isinstance(was, DictionaryObject) and _get(was, "/Type", "") == "/Page"
        free = SIGNING_ADDS if key == start else frozenset({NOTES} if is_page else ())
        if not _same(was, now, free) or (is_page and not _only_signatures_added(was, now)):
            return False
        found = set(_named(was, free)) - seen
        seen |= found
        ahead += found
    return True


def is_seen(signed: PdfFileReader) -> bool:
    """Has a signature a place on a page? Whatever is painted there is nobody's but the signer's."""
    notes = (one.get_object() for page in _pages(signed.root["/Pages"]) for one in _get(page, NOTES, ()))
    return any(_is_signature(one) and _has_extent(one) for one in notes)


def _pages(node: DictionaryObject) -> Iterator[DictionaryObject]:
    """The pages below a node of their tree."""
    if "/Kids" not in node:
        yield node
    for kid in _get(node, "/Kids", ()):
        yield from _pages(kid.get_object())


def _has_extent(note: DictionaryObject) -> bool:
    left, bottom, right, top = (one.get_object() for one in note["/Rect"])
    return bool(left != right or bottom != top)


def _only_signatures_added(was: DictionaryObject, now: DictionaryObject) -> bool:
    """Are the notes on a page those that it had, and behind them places of signatures?"""
    old, new = list(_get(was, NOTES, ())), list(_get(now, NOTES, ()))
    kept = all(_same(one.get_object(), two.get_object()) for one, two in zip(old, new, strict=False))
    return kept and len(old) <= len(new) and all(_is_signature(one.get_object()) for one in new[len(old) :])


def _is_signature(note: DictionaryObject) -> bool:
    """A place of a signature, that does nothing when it is looked at or pressed."""
    kind = _get(note, "/FT", "") or _get(_get(note, "/Parent", {}), "/FT", "")
    return (_get(note, "/Subtype", ""), kind) == ("/Widget", "/Sig") and not ACTS & set(note)


def _named(was: Any, free: Set[str] = frozenset()) -> list[tuple[int, int]]:
    """The objects that an object names."""
    if isinstance(was, IndirectObject):
        return [_key(was)]
    if isinstance(was, DictionaryObject):
        return [one for name, value in was.items() if name not in free for one in _named(value)]
    return [one for value in was for one in _named(value)] if isinstance(was, ArrayObject) else []


def _same(was: Any, now: Any, free: Set[str] = frozenset()) -> bool:
    """Are two objects alike, in whatever order they are written? Besides the entries in `free`."""
    if isinstance(was, int | Decimal) and isinstance(now, int | Decimal):
        return was == now
    if type(was) is not type(now):
        return False
    if isinstance(was, IndirectObject):
        return _key(was) == _key(now)
    if isinstance(was, ArrayObject):
        return len(was) == len(now) and all(map(_same, was, now))
    if not isinstance(was, DictionaryObject):
        return bool(was == now)
    if isinstance(was, StreamObject) and was.encoded_data != now.encoded_data:
        return False
    names = set(was) - free
    return names == set(now) - free and all(_same(was.raw_get(one), now.raw_get(one)) for one in names)


def _key(named: Any) -> tuple[int, int]:
    return named.idnum, named.generation


def _get(holder: Any, name: str, default: Any) -> Any:
    """An entry, followed to where it stands; `dict.get` of the library does not follow."""
    return holder[name] if name in holder else default  # noqa: SIM401 - as said
