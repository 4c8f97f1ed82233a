"""QR codes at error level Q: a picture for paper, one grey pixel per module; an outline for screens."""

from io import BytesIO
from itertools import groupby
from typing import Any, NamedTuple

import zxingcpp
from PIL import Image

QUIET = 4  # modules of white that a reader needs on every side


class Outline(NamedTuple):
    """The dark modules as an SVG path, in a square of `size` units with the white border."""

    size: int
    path: str


def png(text: str) -> bytes:
    """The code of the text without a quiet zone: the page leaves four modules of white around it."""
    modules = _modules(text)
    height, width = modules.shape
    file = BytesIO()
    Image.frombytes("L", (width, height), bytes(modules)).save(file, format="PNG")
    return file.getvalue()


def outline(text: str) -> Outline:
    """The code of the text as one path: sharp at every size, and no request of its own."""
    modules = _modules(text)
    height, width = modules.shape
    dark = bytes(modules)
    drawn = []
    for row in range(height):
        column = QUIET
        for is_dark, run in groupby(dark[row * width : (row + 1) * width], key=lambda grey: grey == 0):
            length = len(list(run))
            if is_dark:
                drawn.append(f"M{column} {row + QUIET}h{length}v1h-{length}z")
            column += length
    return Outline(width + 2 * QUIET, "".join(drawn))


def _modules(text: str) -> Any:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    return zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False)
