"""Vector art drawn once per document and referred to from every page.

The engine draws an SVG anew on each page: a guilloche frame costs 65 ms and 83 KB every time. Here the
first page that shows it draws it into a form object, and the other pages point at that object. Packed it is
kept for all later documents of the machine, as far as it is lines and colours only.
"""

import zlib
from base64 import b64decode, b64encode
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pydyf
from weasyprint.svg import SVG

from conference import qr
from documents import pdf_kept
from documents.pdf_split import operators


class Drawn(NamedTuple):
    """The packed operators of a form object, and the opacities that they name."""

    packed: bytes
    opacities: dict[str, dict[str, float]]


class Art:
    """A parsed SVG file, kept from document to document."""

    def __init__(self, url: str, data: bytes, fetcher: Any) -> None:
        self.url, self._data = url, data
        # Our own files from the repository; expat loads no external entity.
        self._drawing = SVG(ElementTree.fromstring(data), url, None, fetcher)  # noqa: S314 - our own files
        self._known: dict[tuple[float, float], Drawn] = {}

    def for_document(self) -> "DocumentArt":
        """The same art, to be drawn once in one document."""
        return DocumentArt(self)

    def draw(self, stream: Any, width: float, height: float) -> None:
        """Draw every line of it at the stream's origin, in CSS pixels."""
        self._drawing.draw(stream, width, height, self.url, None)

    def fill(self, form: Any, width: float, height: float) -> None:
        """Put it into an empty form object of this size."""
        size = width, height
        if size not in self._known:
            name = pdf_kept.name_of("art", self._data, f"{width} {height}")
            drawn = _drawn(pdf_kept.known(name))
            if drawn is None:
                self.draw(form, width, height)
                drawn = _packed(form)
                if drawn is None:
                    return
                pdf_kept.keep(name, [b64encode(drawn.packed).decode(), drawn.opacities])
            self._known[size] = drawn
        packed, opacities = self._known[size]
        form.stream[:] = [packed]
        form.compress, form.extra["Filter"] = False, "/FlateDecode"
        form.extra["Resources"]["ExtGState"].update(
            {name: pydyf.Dictionary(values) for name, values in opacities.items()}
        )

    def size(self, font_size: float) -> tuple[float | None, float | None, float | None]:
        """Intrinsic width and height in CSS pixels (None if not said) and their ratio."""
        width, height = self._drawing.get_intrinsic_size(font_size)
        box = self._drawing.get_viewbox()
        if width and height:
            return width, height, width / height
        return width, height, box[2] / box[3] if box else 1


def _drawn(kept: Any) -> Drawn | None:
    """What another process has drawn."""
    return Drawn(b64decode(kept[0]), kept[1]) if kept else None


def _packed(form: Any) -> Drawn | None:
    """What was drawn, to be kept; None where it names more than opacities, which belongs to its document."""
    resources = form.extra["Resources"]
    states = resources["ExtGState"]
    if any(resources[name] for name in ("XObject", "Pattern", "Shading")):
        return None
    if any(set(state) - {"CA", "ca"} for state in states.values()) or b"BT" in form.stream:
        return None
    return Drawn(zlib.compress(operators(form), 9), {name: dict(state) for name, state in states.items()})


class DocumentArt:
    """Art within one document; answers to the engine's two questions about an image."""

    def __init__(self, art: Art) -> None:
        self._art = art
        self._forms: dict[tuple[float, float], str] = {}

    def get_intrinsic_size(
        self, _resolution: float, font_size: float
    ) -> tuple[float | None, float | None, float | None]:
        return self._art.size(font_size)

    def draw(self, stream: Any, width: float, height: float, _style: Any) -> None:
        if stream.extra:
            # Inside another form (opacity, pattern), which has a list of resources of its own.
            self._art.draw(stream, width, height)
            return
        size = (round(width, 3), round(height, 3))
        if size not in self._forms:
            form = stream.add_group(0, 0, width, height)
            del form.extra["Group"]  # opaque line work: printers need no transparency for it
            self._art.fill(form, width, height)
            self._forms[size] = form.id
        stream.draw_x_object(self._forms[size])


class Code:
    """A QR code drawn as one path of black squares: sharp at every size, and no picture in the file."""

    def __init__(self, text: str) -> None:
        self._text = text

    def get_intrinsic_size(self, _resolution: float, _font_size: float) -> tuple[float, float, float]:
        return 1, 1, 1  # square, and every page says how large

    def draw(self, stream: Any, width: float, height: float, _style: Any) -> None:
        stream.stream.append(self.operators(width, height))

    def operators(self, width: float, height: float) -> bytes:
        """What draws it at the origin, y downwards, in the units of the page."""
        size, runs = qr.modules(self._text)
        squares = "\n".join(f"{column} {row} {length} 1 re" for column, row, length in runs)
        scale = f"{width / size:.6f} 0 0 {height / size:.6f} 0 0 cm"
        return f"q 0 g {scale}\n{squares}\nf Q".encode()
