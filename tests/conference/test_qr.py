"""Both drawings of a QR code are read back as what was written."""

import re
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from conference import qr

TEXTS = ("7K3M9QFP7K3M9001", "https://hoinghi.example/v/7K3M9QFP7K3M9001", "Đà Lạt")


@pytest.mark.parametrize("text", TEXTS)
def test_the_picture_is_read_back(text: str) -> None:
    picture = Image.open(BytesIO(qr.png(text)))
    framed = Image.new("L", (picture.width + 8, picture.height + 8), 255)
    framed.paste(picture, (4, 4))
    assert read(framed) == text


@pytest.mark.parametrize("text", TEXTS)
def test_the_outline_is_read_back_with_its_white_border(text: str) -> None:
    size, path = qr.outline(text)
    drawn = Image.new("L", (size, size), 255)
    pen = ImageDraw.Draw(drawn)
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path)
    for left, top, length in (map(int, run) for run in runs):
        pen.rectangle((left, top, left + length - 1, top), fill=0)
    assert read(drawn) == text
    assert min(min(int(left), int(top)) for left, top, _ in runs) == qr.QUIET


def read(picture: Image.Image) -> str:
    found = zxingcpp.read_barcodes(picture.resize((picture.width * 6, picture.height * 6), Image.NEAREST))
    return found[0].text if found else ""
