"""What papers are measured against: the PDF engine as its documentation shows it, with nothing of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any


def page(document: Any, content: Any, shown: Mapping[str, Any]) -> str:
    """The page of a paper from its own template, with these cards."""
    from django.template.loader import render_to_string
    from django.utils import translation

    from documents.kinds import KINDS

    with translation.override("vi"):
        return render_to_string(KINDS[document.kind].template, {**content.context, **shown})


def laid_out(html: str, images: Mapping[str, str], stylesheets: Sequence[str]) -> Any:
    """The document of a page with our art, style and fonts, everything parsed and loaded anew."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from documents.pdf import PAPER, AssetFetcher

    shelf = {f"asset:{path.name}": path.read_bytes() for path in PAPER.glob("*.svg")}
    fetcher = AssetFetcher(shelf | {f"asset:{name}": picture(text) for name, text in images.items()})
    fonts = FontConfiguration()
    with_assets = {"base_url": "asset:/", "url_fetcher": fetcher, "font_config": fonts}
    sheets = [CSS(string=(PAPER / name).read_text(encoding="utf-8"), **with_assets) for name in stylesheets]
    source = HTML(string=html, base_url="asset:/", url_fetcher=fetcher)
    return source.render(stylesheets=sheets, font_config=fonts)


def picture(text: str) -> bytes:
    """A QR code as people usually put it in a page: a PNG, one pixel per module."""
    from PIL import Image

    from conference import qr

    size, runs = qr.modules(text)
    image = Image.new("L", (size, size), 255)
    for column, row, length in runs:
        image.paste(0, (column, row, column + length, row + 1))
    file = BytesIO()
    image.save(file, format="PNG")
    return file.getvalue()
