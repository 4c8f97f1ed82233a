"""QR codes for paper: error level Q, one grey pixel per module; the page enlarges them to 25 mm or more."""

from io import BytesIO
from typing import Any

import zxingcpp
from PIL import Image


def png(text: str) -> bytes:
    """The code of the text without a quiet zone: the page leaves four modules of white around it."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    modules: Any = zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False)
    height, width = modules.shape
    file = BytesIO()
    Image.frombytes("L", (width, height), bytes(modules)).save(file, format="PNG")
    return file.getvalue()
