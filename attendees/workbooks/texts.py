"""Text as a table: .csv and .tsv files, and what is pasted from a spreadsheet."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import Counter

from attendees.workbooks.grids import LONGEST_TEXT, MOST_ROWS, Value, too_many
from attendees.workbooks.shapes import Unreadable
from attendees.workbooks.walls import BROKEN, UNKNOWN
from conference import vietnamese_legacy

DELIMITERS = "\t;,|"
_SAMPLE = 60  # lines from which the delimiter is known
_SAMPLE_BYTES = 200_000
# What Windows-1252 has where Latin-1 has control characters: quotes and dashes.
_QUOTES = {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def rows_of_text(data: bytes) -> list[list[Value]]:
    """The cells of a text; every record of it is a row, as Excel shows it. Raises Unreadable."""
    text = decoded(data)
    if sum(unicodedata.category(char) == "Cc" and char not in "\t\r\n\x0b\x0c" for char in text[:4000]) > 8:
        raise Unreadable(UNKNOWN)
    named = text[:6].lower()
    delimiter = text[4] if named.startswith("sep=") and len(text) > 4 else _delimiter(text)
    csv.field_size_limit(10 * LONGEST_TEXT)
    rows: list[list[Value]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append([*record])
            if len(rows) > 4 * MOST_ROWS:
                raise too_many()
    except csv.Error as fault:
        raise Unreadable(BROKEN) from fault
    if named.startswith("sep=") and rows:
        rows[0] = []
    return rows


def decoded(data: bytes) -> str:
    """The text of bytes in UTF-8, UTF-16 with a mark, or an old eight-bit encoding of Vietnamese.

    Bytes in TCVN3 or VNI come back as the Latin text that they show; each cell is read anew later, openly.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as fault:
                raise Unreadable(BROKEN) from fault
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as fault:
        # A file cut in the middle of a letter is UTF-8 all the same.
        if fault.start >= len(data) - 3:
            raise Unreadable(BROKEN) from fault
    latin = data.decode("latin-1").translate(_QUOTES)
    try:
        vietnamese = unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError:
        return latin
    readings = {
        vietnamese: vietnamese,
        vietnamese_legacy.from_tcvn3(latin[:_SAMPLE_BYTES]): latin,
        vietnamese_legacy.from_vni(latin[:_SAMPLE_BYTES]): latin,
    }
    return readings[min(readings, key=lambda read: _strangeness(read[:_SAMPLE_BYTES]))]


def _strangeness(text: str) -> float:
    """The share of words outside ASCII that are no Vietnamese."""
    words = Counter(vietnamese_legacy.foreign_looking(text))
    wrong = sum(count for word, count in words.items() if not vietnamese_legacy.is_vietnamese(word))
    return wrong / max(words.total(), 1)


def _delimiter(text: str) -> str:
    """The delimiter under which most of the first records have the same number of cells, and many."""
    sample = "\n".join(text[:_SAMPLE_BYTES].splitlines()[:_SAMPLE])

    def fit(delimiter: str) -> tuple[float, int]:
        try:
            widths = Counter(
                len(record)
                for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
                if record
            )
        except csv.Error:
            return (0, 0)
        wide = {width: count for width, count in widths.items() if width > 1}
        if not wide:
            return (0, 0)
        width = max(wide, key=lambda size: (wide[size] * size, size))
        return (wide[width] * (width - 1), -DELIMITERS.index(delimiter))

    return max(DELIMITERS, key=fit)
