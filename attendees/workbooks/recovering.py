"""Texts in TCVN3, VNI and other old encodings, read anew cell by cell; every one of them is remembered."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator

from attendees.workbooks.grids import Book, Place, Sheet
from conference import vietnamese_legacy

# So many texts of a sheet in one encoding speak for their neighbours that could be read both ways.
ENOUGH = 5


def recover_book(book: Book) -> None:
    """Read anew what the detector is certain of, then what only the neighbours tell (`doubtful`)."""
    for sheet in book.sheets:
        certain: Counter[str] = Counter()
        columns: defaultdict[int, Counter[str]] = defaultdict(Counter)
        unsure: list[tuple[Place, str, str]] = []
        for (row, column), text in _foreign_texts(sheet):
            composed = unicodedata.normalize("NFC", text)
            if vietnamese_legacy.is_certainly_unicode(composed):
                certain["unicode"] += 1
                columns[column]["unicode"] += 1
                continue
            found = vietnamese_legacy.recover(composed, sheet.extras.fonts.get((row, column), ""))
            if not found:
                unsure.append(((row, column), text, composed))
                continue
            certain[found.encoding] += 1
            columns[column][found.encoding] += 1
            _replace(sheet, (row, column), text, found.text, found.encoding)
            if not found.is_certain:
                sheet.doubtful.add((row, column))
        for place, before, composed in unsure:
            encoding = _of_neighbours(columns[place[1]], certain)
            read = vietnamese_legacy.otherwise(composed, encoding) if encoding else None
            if read:
                _replace(sheet, place, before, read, encoding)
                sheet.doubtful.add(place)


def _foreign_texts(sheet: Sheet) -> Iterator[tuple[Place, str]]:
    for row, cells in enumerate(sheet.rows):
        for column, value in enumerate(cells):
            if isinstance(value, str) and not value.isascii():
                yield (row, column), value


def _replace(sheet: Sheet, place: Place, before: str, after: str, encoding: str) -> None:
    sheet.rows[place[0]][place[1]] = after
    sheet.recovered[place] = (before, encoding)


def _of_neighbours(column: Counter[str], sheet: Counter[str]) -> str:
    """The encoding that all texts of the column, or enough of the sheet, are in; "" when they disagree."""
    for counts, enough in ((column, 1), (sheet, ENOUGH)):
        if len(counts) == 1 and counts.total() >= enough:
            (encoding,) = counts
            return "" if encoding == "unicode" else encoding
        if counts:
            return ""
    return ""
