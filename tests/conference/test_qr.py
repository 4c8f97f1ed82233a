"""Both drawings of a QR code are read back as what was written."""

import re

import pytest
from PIL import Image, ImageDraw

from conference import qr
from tests.qr_reading import qr_codes

TEXTS = ("7K3M9QFP7K3M9001", "https://hoinghi.example/v/7K3M9QFP7K3M9001", "Đà Lạt")


@pytest.mark.parametrize("text", TEXTS)
def test_the_modules_are_read_back(text: str) -> None:
    size, runs = qr.modules(text)
    drawn = Image.new("L", (size + 8, size + 8), 255)
    pen = ImageDraw.Draw(drawn)
    for column, row, length in runs:
        pen.rectangle((column + 4, row + 4, column + length + 3, row + 4), fill=0)
    assert read(drawn) == text


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
    found = qr_codes(picture.resize((picture.width * 6, picture.height * 6), Image.NEAREST))
    return found[0].text if found else ""
