"""QR codes in a picture, as the phones at the door look for them: print may pass for a bar code by chance."""

from typing import Any

import zxingcpp


def qr_codes(picture: Any) -> list[Any]:
    """Those that are found, each with `text` and `position`."""
    return list(zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode))
