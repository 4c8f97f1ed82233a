"""Which files the app of the door needs without a network, and the version that they make together."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation

from checkin.app_words import words

MODULES = (
    "answer", "api", "app", "badge", "camera", "carry", "clock", "codes", "day", "device", "export", "frames",
    "hours", "keys", "match", "queue", "scanning", "screen", "sound", "store", "sync", "worker",
)  # fmt: skip
FONT = "fonts/be-vietnam-pro/be-vietnam-pro-{}-{}-normal.woff2"
FILES = (
    *(f"css/{name}.css" for name in ("tokens", "fonts", "base", "components", "door")),
    *(f"js/door/{name}.js" for name in MODULES),
    "js/theme.js",
    "img/icons.svg",
    "img/mark.svg",
    "noble/index.js",
    "uqr/index.mjs",
    *(FONT.format(script, weight) for script in ("latin", "vietnamese") for weight in (300, 400, 600, 700)),
)
# The reader of QR codes, for phones whose browser has none: kept from when the app asks for it.
LATE = (
    "js/door/reader.js",
    "zxing/reader/index.js",
    "zxing/share.js",
    "zxing-wasm/zxing_reader.wasm",
)
PAGE = "checkin/door_app.html"


def addresses(files: tuple[str, ...]) -> list[str]:
    """Where browsers fetch the files: by the hash of their content, where they were collected."""
    return [static(name) for name in files]


@lru_cache(1)
def version() -> str:
    """Changes with any file, and with any word of the page in any language."""
    known = hashlib.sha256()
    for name in (*FILES, *LATE):
        known.update(static(name).encode() + _content(name))
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            page = {"slug": "-", "words": words(), "site_name": settings.SITE_NAME}
            known.update(render_to_string(PAGE, page).encode())
    return known.hexdigest()[:16]


def _content(name: str) -> bytes:
    found = finders.find(name)
    if isinstance(found, str):
        with open(found, "rb") as file:
            return file.read()
    with staticfiles_storage.open(name) as kept:
        return kept.read()
