"""Designs that differ strongly from the standard, and pictures for them."""

from __future__ import annotations

import io
import uuid
from dataclasses import replace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from conference.models import Conference, User
from documents import design_pictures, designing, looks
from documents.looks import BADGE, Look
from documents.models import Design

GREEN, NAVY, CREAM = "#14594a", "#10243a", "#fbf6e8"


def logo() -> bytes:
    """A green disc on nothing."""
    picture = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse((10, 10, 290, 290), fill=GREEN)
    return written(picture, "PNG")


def landscape(size: tuple[int, int] = (1500, 1000), form: str = "JPEG") -> bytes:
    """From dark at the left to light at the right."""
    ramp = Image.linear_gradient("L").rotate(90).resize(size)
    return written(Image.merge("RGB", (ramp, ramp, Image.new("L", size, 160))), form)


def written(picture: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, form)
    return out.getvalue()


def file(data: bytes, name: str = "hinh.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def strong(paper: str, **fields: Any) -> Look:
    """Another layout, other colours, a logo and a background, which are kept by this."""
    chosen: dict[str, Any] = {
        "layout": "banner" if paper == BADGE else "bands",
        "ink": NAVY, "accent": GREEN, "ground": CREAM,
        "logo": design_pictures.take(file(logo()), "logo"),
        "background": design_pictures.take(file(landscape()), "background"),
    }  # fmt: skip
    return replace(looks.standard(paper), **{**chosen, **fields})


def saved(conference: Conference, look: Look, *, by: User) -> Design:
    """The look as the next version."""
    last = Design.objects.current(conference, look.paper)
    return designing.save(conference, look, seen=last.number if last else 0, key=uuid.uuid4(), by=by)
