"""The process that writes a person's name across a PDF. It limits itself before it reads a byte of it.

Input: a line of JSON (`lines`, `font`), then the PDF. Output: the PDF with the lines on every page, drawn as
a picture: its letters need no font in the file, and Vietnamese ones come out right.
"""

from __future__ import annotations

import io
import json
import sys
from typing import Any

from attendees.workbooks.child import limit, where

INK, STRENGTH = 110, 70  # of 255: grey, and how much of it covers what is below
LETTER, ANGLE = 64, 35  # points of the picture, degrees
SHARE = 0.8  # of the width, or height, of a page


def main() -> None:
    limit(may_write=False)
    question = json.loads(sys.stdin.buffer.readline())
    try:
        stamped = write(sys.stdin.buffer.read(), question["lines"], question["font"])
    except BaseException as fault:
        sys.stderr.write(where(fault))
        sys.exit(1)
    sys.stdout.buffer.write(stamped)
    sys.stdout.buffer.flush()


def write(data: bytes, lines: list[str], font: str) -> bytes:
    import pikepdf  # loaded under the limits

    cover = drawn("\n".join(lines), font)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        picture = _as_object(pdf, cover)
        for page in pdf.pages:
            name = page.add_resource(picture, pikepdf.Name.XObject, prefix="Stamp")
            left, low, right, high = (float(side) for side in page.mediabox)
            scale = SHARE * min((right - left) / cover.width, (high - low) / cover.height)
            width, height = cover.width * scale, cover.height * scale
            x, y = (left + right - width) / 2, (low + high - height) / 2
            page.contents_add(b"q", prepend=True)
            page.contents_add(f"Q q {width:.2f} 0 0 {height:.2f} {x:.2f} {y:.2f} cm {name} Do Q".encode())
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def drawn(text: str, font: str) -> Any:
    """The lines as a slanting shape: how strongly each point of it covers the page."""
    from PIL import Image, ImageDraw, ImageFont  # loaded under the limits

    letters = ImageFont.truetype(font, LETTER)
    measure = ImageDraw.Draw(Image.new("L", (1, 1)))
    left, top, right, bottom = measure.multiline_textbbox((0, 0), text, font=letters, align="center")
    shape = Image.new("L", (int(right - left) + 8, int(bottom - top) + 8), 0)
    ImageDraw.Draw(shape).multiline_text((4 - left, 4 - top), text, STRENGTH, letters, align="center")
    turned = shape.rotate(ANGLE, expand=True, resample=Image.Resampling.BICUBIC)
    return turned.crop(turned.getbbox())


def _as_object(pdf: Any, cover: Any) -> Any:
    """A grey picture that shows where its cover says."""
    import pikepdf  # loaded under the limits

    size = {"Width": cover.width, "Height": cover.height, "BitsPerComponent": 8}
    common = {
        "Type": pikepdf.Name.XObject,
        "Subtype": pikepdf.Name.Image,
        "ColorSpace": pikepdf.Name.DeviceGray,
    }
    mask = pikepdf.Stream(pdf, cover.tobytes(), **common, **size)
    grey = bytes([INK]) * (cover.width * cover.height)
    return pdf.make_indirect(pikepdf.Stream(pdf, grey, SMask=pdf.make_indirect(mask), **common, **size))


if __name__ == "__main__":
    main()
