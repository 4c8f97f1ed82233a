"""Logos and backgrounds: what is taken and how, what is refused with a sentence, carried on, swept away."""

from __future__ import annotations

import io
import os
import struct
import time
import zlib

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from attendees.models import Delegation
from conference import storing
from conference.models import Conference, User
from documents import design_pictures
from documents.looks import BADGE
from tests.documents.designs import file, landscape, logo, saved, strong, written

pytestmark = pytest.mark.django_db


def opened(name: str) -> Image.Image:
    return Image.open(io.BytesIO(storing.path(name).read_bytes()))


def claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is so large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_a_logo_keeps_what_is_transparent() -> None:
    name = design_pictures.take(file(logo()), "logo")
    picture = opened(name)
    assert (picture.format, picture.mode) == ("PNG", "RGBA")
    assert picture.getpixel((0, 0))[3] == 0  # type: ignore[index]  # four bands
    assert picture.getpixel((150, 150)) == (20, 89, 74, 255)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_background_becomes_a_jpeg_of_printing_size(form: str) -> None:
    picture = opened(design_pictures.take(file(landscape((4000, 3000), form)), "background"))
    assert (picture.format, picture.size) == ("JPEG", (2400, 1800))


@pytest.mark.parametrize(("mode", "form"), [("I;16", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("CMYK", "JPEG")])
def test_every_way_to_write_colours_is_read(mode: str, form: str) -> None:
    data = written(Image.new(mode, (700, 700)), form)
    for what in ("logo", "background"):
        assert opened(design_pictures.take(file(data), what)).mode in ("L", "RGB", "RGBA")


def test_only_the_picture_remains() -> None:
    image, exif = Image.new("RGB", (700, 700), "#336699"), Image.Exif()
    exif[0x010E] = "CANARY"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"CANARY")
    assert b"CANARY" in out.getvalue()
    for what in ("logo", "background"):
        name = design_pictures.take(file(out.getvalue()), what)
        assert b"CANARY" not in storing.path(name).read_bytes()
        assert "hinh" not in name


@pytest.mark.parametrize(
    ("data", "what", "sentence"),
    [
        (claiming(30_000, 30_000), "background", "có hơn 25 triệu điểm ảnh"),
        (claiming(30_000, 700), "background", "có cạnh dài hơn 10.000 điểm ảnh"),
        (landscape((500, 900)), "background", "mỗi cạnh cần ít nhất 600 điểm ảnh"),
        (landscape((60, 900)), "logo", "mỗi cạnh cần ít nhất 64 điểm ảnh"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo", "không phải ảnh JPEG, PNG, WebP"),
        (b"%PDF-1.7\n%%EOF", "logo", "không phải ảnh JPEG, PNG, WebP"),
        (written(Image.new("RGB", (700, 700)), "GIF"), "background", "không phải ảnh JPEG, PNG, WebP"),
        (landscape()[:2000], "background", "tệp hỏng hoặc thiếu"),
        (b"", "logo", "trống"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence(data: bytes, what: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence) as refusal:
        design_pictures.take(file(data), what)
    assert "hinh.png" in str(refusal.value)
    assert not list(storing.path("").rglob("designs/*/*"))


def test_a_form_carries_pictures_of_its_own_conference_alone(
    conference: Conference, foreign_delegation: Delegation
) -> None:
    name = design_pictures.take(file(logo()), "logo")
    text = design_pictures.carried(conference, name)
    assert design_pictures.brought(conference, text) == name
    assert design_pictures.carried(conference, "") == design_pictures.brought(conference, "") == ""
    foreign = design_pictures.carried(foreign_delegation.conference, name)
    for wrong in (text[:-1] + "x", "portraits/ab/face.jpg", foreign):
        with pytest.raises(ValidationError, match="Chọn lại tệp"):
            design_pictures.brought(conference, wrong)
    storing.forget(name)
    with pytest.raises(ValidationError, match="không còn"):
        design_pictures.brought(conference, text)


def test_what_no_version_shows_is_swept_away_after_a_day(conference: Conference, olga: User) -> None:
    design = saved(conference, strong(BADGE), by=olga)
    old, fresh = (
        design_pictures.take(file(written(Image.new("RGB", (90, 90), colour), "PNG")), "logo")
        for colour in ("red", "blue")
    )
    long_ago = time.time() - design_pictures.KEPT - 60
    for name in (old, design.logo, design.background):
        os.utime(storing.path(name), (long_ago, long_ago))
    design_pictures.sweep()
    assert not storing.path(old).exists()
    assert all(storing.path(name).is_file() for name in (fresh, design.logo, design.background))


def test_the_shades_of_a_background_leave_its_outermost_points_out() -> None:
    picture = Image.new("L", (1000, 1000), 200)
    picture.paste(90, (0, 0, 1000, 300))
    picture.paste(0, (0, 0, 20, 20))
    name = design_pictures.take(file(written(picture, "PNG")), "background")
    dark, light = design_pictures.shades(name)
    assert (abs(dark - 90) < 6, abs(light - 200) < 6) == (True, True)
