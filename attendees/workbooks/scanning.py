"""A scan of the XML of .xlsx and .ods: far cells, merges, formulas without a result, fonts of old encodings.

The parser (calamine) gives values and is fast, but it makes room for every cell between the first and the
last one before it asks, and it does not tell what a formula lacks. Here expat walks over the parts once.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from functools import lru_cache
from xml.parsers import expat

from attendees.workbooks.grids import Extras, Place, require_extent
from attendees.workbooks.shapes import Unreadable
from attendees.workbooks.walls import BOMB, BROKEN, DECLARATIONS, LOCKED
from conference.vietnamese_legacy import encoding_of_font

MOST_CELLS = 400_000  # with and without a value: borders are drawn far below a list
MOST_MERGED = 200_000  # cells inside merges

Attributes = dict[str, str]
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,4})\$?([0-9]{1,9})")


def place_of(reference: str) -> Place | None:
    """Row and column, from 0, of "B12"."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return None
    column = 0
    for char in found[1].upper():
        column = column * 26 + ord(char) - 64
    return int(found[2]) - 1, column - 1


def walk(
    part: bytes,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Walk over an XML part; names come bare. Raises Unreadable where it is not well formed."""
    parser = expat.ParserCreate(namespace_separator="|")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise Unreadable(DECLARATIONS)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: start(_local(name), attributes)
    if end:
        parser.EndElementHandler = lambda name: end(_local(name))
    if text:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError, LookupError) as fault:
        raise Unreadable(BROKEN) from fault


@lru_cache(maxsize=256)
def _local(name: str) -> str:
    return name.rpartition("|")[2]


def attribute(attributes: Attributes, name: str) -> str:
    """An attribute by its local name, whatever its namespace."""
    for key, value in attributes.items():
        if key.rpartition("|")[2] == name:
            return value
    return ""


def scan_xlsx(parts: dict[str, bytes]) -> dict[str, Extras]:
    """Per name of a sheet, what its part tells beside its values; every sheet part is walked over."""
    fonts = _legacy_styles(parts.get("xl/styles.xml", b""))
    names = _sheet_names(parts)
    found: dict[str, Extras] = {}
    cells = 0
    for path, part in parts.items():
        if path.startswith("xl/worksheets/") and path.endswith(".xml"):
            scan = _SheetScan(names.get(path, posixpath.basename(path)), fonts)
            if b"f>" in part or b"<f" in part or b't="e"' in part:
                walk(part, scan.start, scan.end, scan.text)
            else:
                walk(part, scan.start_plain)
            cells += scan.cells
            if cells > MOST_CELLS or scan.merged > MOST_MERGED:
                raise Unreadable(BOMB)
            if path in names:
                found[names[path]] = scan.extras
    return found


def _sheet_names(parts: dict[str, bytes]) -> dict[str, str]:
    """Path of a part → name of its sheet."""
    targets: dict[str, str] = {}
    names: dict[str, str] = {}

    def relation(name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            targets[attribute(attributes, "Id")] = attribute(attributes, "Target")

    def sheet(name: str, attributes: Attributes) -> None:
        if name == "sheet":
            relations = [value for key, value in attributes.items() if key.endswith("relationships|id")]
            target = targets.get(relations[0] if relations else "", "")
            path = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
            names[path] = attribute(attributes, "name")

    walk(parts.get("xl/_rels/workbook.xml.rels") or b"<none/>", relation)
    walk(parts.get("xl/workbook.xml") or b"<none/>", sheet)
    return names


def _legacy_styles(part: bytes) -> dict[str, str]:
    """Number of a cell format → its font, only for fonts of old encodings."""
    if not part:
        return {}
    fonts: list[str] = []
    styles: dict[str, str] = {}
    inside: list[str] = []

    def start(name: str, attributes: Attributes) -> None:
        inside.append(name)
        if name == "font" and inside[-2:-1] == ["fonts"]:
            fonts.append("")
        elif name == "name" and inside[-3:-1] == ["fonts", "font"]:
            fonts[-1] = attribute(attributes, "val")
        elif name == "xf" and inside[-2:-1] == ["cellXfs"]:
            place = attribute(attributes, "fontId")
            font = fonts[int(place)] if place.isdigit() and int(place) < len(fonts) else ""
            counter[0] += 1
            if encoding_of_font(font):
                styles[str(counter[0])] = font

    counter = [-1]

    def end(_name: str) -> None:
        inside.pop()

    walk(part, start, end)
    return styles


class _SheetScan:
    """Walks over the part of one sheet of an .xlsx."""

    def __init__(self, sheet: str, fonts: dict[str, str]) -> None:
        self.sheet, self.fonts = sheet, fonts
        self.extras = Extras()
        self.cells = self.merged = 0
        self.row, self.column = -1, -1
        self.at: Place = (0, 0)
        self.kind = self.font = self.value = ""
        self.has_formula = self.in_value = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._cell(attributes)
        elif name == "row":
            number = attributes.get("r", "")
            self.row = int(number) - 1 if number.isdigit() else self.row + 1
            self.column = -1
        elif name == "f":
            self.has_formula = True
        elif name in ("v", "t"):
            self.in_value = True
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def start_plain(self, name: str, attributes: Attributes) -> None:
        """The same for a sheet without formulas, where `v` is never empty: no other event is needed."""
        self.start(name, attributes)
        if self.in_value:
            self.in_value = False
            self._filled()

    def _filled(self) -> None:
        require_extent(self.sheet, *self.at)
        if self.font:
            self.extras.fonts[self.at] = self.font

    def _cell(self, attributes: Attributes) -> None:
        self.cells += 1
        at = place_of(attributes.get("r", ""))
        self.at = at or (self.row, self.column + 1)
        self.row, self.column = self.at
        self.kind, self.font = attributes.get("t", ""), self.fonts.get(attributes.get("s", "0"), "")
        self.has_formula, self.value = False, ""

    def text(self, text: str) -> None:
        if self.in_value:
            self.value = text

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self.in_value = False
        elif name == "c":
            if self.value:
                self._filled()
                if self.kind == "e":
                    self.extras.faulty[self.at] = self.value[:20]
            elif self.has_formula and self.kind != "str":
                require_extent(self.sheet, *self.at)
                self.extras.uncalculated.add(self.at)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        start, end = place_of(first), place_of(last or first)
        if not start or not end or end < start:
            return
        self.merged += (end[0] - start[0] + 1) * (end[1] - start[1] + 1)
        self.extras.merges.append((*start, *end))


def scan_ods(parts: dict[str, bytes]) -> dict[str, Extras]:
    """The same for an .ods, whose cells are counted, not named."""
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise Unreadable(LOCKED)
    scan = _ContentScan()
    walk(parts.get("content.xml") or b"<none/>", scan.start, scan.end)
    return scan.found


def _count(attributes: Attributes, name: str) -> int:
    value = attribute(attributes, name)
    return max(1, int(value)) if value.isdigit() and len(value) < 10 else 1


class _ContentScan:
    """Walks over the content of an .ods."""

    def __init__(self) -> None:
        self.found: dict[str, Extras] = {}
        self.sheet = ""
        self.row = self.column = self.cells = self.merged = 0
        self.rows = 1

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "table":
            self.sheet = attribute(attributes, "name")
            self.found[self.sheet] = Extras()
            self.row, self.rows = 0, 1
        elif name == "table-row":
            self.column, self.rows = 0, _count(attributes, "number-rows-repeated")
        elif name in ("table-cell", "covered-table-cell") and self.found:
            self._cell(attributes)

    def _cell(self, attributes: Attributes) -> None:
        columns = _count(attributes, "number-columns-repeated")
        if attribute(attributes, "value-type"):
            self.cells += columns * self.rows
            require_extent(self.sheet, self.row + self.rows - 1, self.column + columns - 1)
        down, across = _count(attributes, "number-rows-spanned"), _count(attributes, "number-columns-spanned")
        if down > 1 or across > 1:
            self.merged += down * across
            merge = (self.row, self.column, self.row + down - 1, self.column + across - 1)
            self.found[self.sheet].merges.append(merge)
        if self.cells > MOST_CELLS or self.merged > MOST_MERGED:
            raise Unreadable(BOMB)
        self.column += columns

    def end(self, name: str) -> None:
        if name == "table-row":
            self.row += self.rows
