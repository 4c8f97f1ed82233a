"""The process that draws a paper to be looked at: HTML in, a picture of each page out.

It knows no secret and no database: what it is to show comes whole. It limits itself after the engine is
loaded and before it reads a byte of the page. Input: JSON. Output: JSON, pictures as PNG in base64, or the
sentence with which the engine refused.
"""

from __future__ import annotations

import base64
import io
import json
import sys
from typing import Any

from attendees.workbooks.child import limit, where

MOST_MEMORY = 1536 * 1024 * 1024  # bytes of address space
MOST_PAGES = 6


def main() -> None:
    folder, fonts, locale, language = sys.argv[1:]
    _set_up(folder, fonts, locale, language)
    # Only now: the engine asks the settings where its fonts lie. It is loaded before the limits, which
    # forbid to start the programs by which it looks for libraries.
    from documents.pdf import renderer

    limit(may_write=True, memory=MOST_MEMORY)
    try:
        answer = draw(renderer, json.loads(sys.stdin.buffer.read()))
    except BaseException as fault:
        sys.stderr.write(where(fault))
        sys.exit(1)
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()


def draw(renderer: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """The pages of the answer, or its refusal."""
    import pypdfium2  # as the engine: only this process needs it

    from documents.errors import PaperError  # the same

    images = {name: base64.b64decode(data) for name, data in asked["pictures"].items()}
    try:
        made = renderer(*asked["stylesheets"]).render(
            asked["html"], {**asked["codes"], **images}, asked["rules"]
        )
    except PaperError as refusal:
        return {"refused": str(refusal)}
    document, pages = pypdfium2.PdfDocument(made.pdf), []
    for number in range(min(len(document), MOST_PAGES)):
        out = io.BytesIO()
        document[number].render(scale=asked["dpi"] / 72).to_pil().save(out, "PNG")
        pages.append(base64.b64encode(out.getvalue()).decode())
    return {"pages": pages}


def _set_up(folder: str, fonts: str, locale: str, language: str) -> None:
    # A Django without apps, for translations and the places of fonts; it is set up before anything asks it.
    import django
    from django.conf import settings  # the same
    from django.utils import translation  # the same

    settings.configure(
        DATA_DIR=folder, FONTS_DIR=fonts, LOCALE_PATHS=[locale], LANGUAGE_CODE="vi", USE_I18N=True
    )
    django.setup()
    translation.activate(language)


if __name__ == "__main__":
    main()
