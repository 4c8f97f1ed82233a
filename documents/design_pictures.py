"""Logos and backgrounds: decoded by a process with limits, written anew, kept by hash; versions share them.

A picture that was sent for a preview is kept before a version is saved; the form carries it on as a signed
name. What no version shows is swept away after a day.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db.models import Q
from django.utils.translation import gettext as _
from PIL import Image

from attendees.inspecting import inspect
from conference import storing
from conference.models import Conference
from documents.models import Design

FOLDER = "designs"
SALT = "documents.design_pictures"
LOGO, BACKGROUND = "logo", "background"
KEPT = 24 * 60 * 60  # seconds for which a picture waits for a version that shows it
_EDGE = 0.02  # of a picture: so much of it may be darker or lighter than what counts


def take(file: File, what: str) -> str:
    """The picture as it may be kept: its stored name. `ValidationError` with a sentence."""
    inert = inspect(file, what)
    name, _sha256, _size = storing.keep_bytes(inert.data, FOLDER, inert.suffix)
    return name


def carried(conference: Conference, name: str) -> str:
    """A kept picture as a form may carry it; empty for none."""
    return signing.dumps([conference.pk, name], salt=SALT, compress=True) if name else ""


def brought(conference: Conference, text: str) -> str:
    """The name that `carried` gave; `ValidationError` where it is none of ours, or is gone."""
    if not text:
        return ""
    with suppress(signing.BadSignature):
        owner, name = signing.loads(text, salt=SALT)
        if owner == conference.pk and storing.exists(name):
            return str(name)
    raise ValidationError(_("Ảnh đã gửi không còn trên máy chủ. Chọn lại tệp."), code="gone")


def hold(*names: str) -> None:
    """Seen now: the sweep leaves them alone until the transaction that shows them is through."""
    for name in filter(None, names):
        storing.touch(name)


def shades(name: str) -> tuple[int, int]:
    """How dark and how light a background becomes, from 0 (black) to 255, its outermost points left out."""
    with storing.opened(name) as file, Image.open(file) as picture:
        picture.draft("L", (128, 128))
        levels = picture.convert("L").resize((64, 64)).histogram()
    return _first(levels), 255 - _first(levels[::-1])


def sweep() -> None:
    """Removes pictures that waited for a day and that no version shows. Named in `SWEEPS`."""
    storing.forget_leftovers(FOLDER)
    if old := set(_waiting()):
        shown = Design.objects.filter(Q(logo__in=old) | Q(background__in=old))
        for name in old.difference(*shown.values_list("logo", "background")):
            storing.forget(name)


def _waiting() -> Iterator[str]:
    for one in storing.walk(FOLDER):
        if time.time() - one.at > KEPT:
            yield one.name


def _first(levels: list[int]) -> int:
    """The first level with more than the edge of the points at or before it."""
    seen, total = 0, sum(levels)
    for level, count in enumerate(levels):
        seen += count
        if seen > _EDGE * total:
            return level
    return 0
