"""QR codes at error level Q: dark squares for paper, an outline for screens."""

import re
from typing import Any, NamedTuple

import zxingcpp

QUIET = 4  # modules of white that a reader needs on every side
_DARK = re.compile(rb"\x00+")


class Modules(NamedTuple):
    """The dark modules of a square of `size`, as runs (column, row, length), without a white border."""

    size: int
    runs: tuple[tuple[int, int, int], ...]


class Outline(NamedTuple):
    """The dark modules as an SVG path, in a square of `size` units with the white border."""

    size: int
    path: str


def modules(text: str) -> Modules:
    """The code of the text, row by row."""
    matrix = _matrix(text)
    height, width = matrix.shape
    grey = bytes(matrix)
    rows = (grey[row * width : (row + 1) * width] for row in range(height))
    runs = (
        (run.start(), row, run.end() - run.start())
        for row, pixels in enumerate(rows)
        for run in _DARK.finditer(pixels)
    )
    return Modules(width, tuple(runs))


def outline(text: str) -> Outline:
    """The code of the text as one path: sharp at every size, and no request of its own."""
    size, runs = modules(text)
    drawn = (f"M{column + QUIET} {row + QUIET}h{length}v1h-{length}z" for column, row, length in runs)
    return Outline(size + 2 * QUIET, "".join(drawn))


def _matrix(text: str) -> Any:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    return zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False)
