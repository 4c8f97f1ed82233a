"""What other engines are to print: every line, picture and code of each page, and where it stands.

Texts are broken and sized for them already, so that none of them has to fit anything: that is to their
advantage. Lengths in points from the upper left corner; `y` of a line is its base line. Positions follow
`documents/paper/*.css` closely enough for the eye.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import naive
from documents import typefaces
from documents.fitting import MM, Fitted
from documents.kinds import KINDS
from documents.layouts import Badge, Parting
from documents.layouts_certificate import Certificate
from documents.models import Document
from documents.typefaces import (
    SANS,
    SANS_BOLD,
    SANS_HEAVY,
    SANS_SEMIBOLD,
    SERIF,
    SERIF_BOLD,
    SERIF_ITALIC,
    Face,
)

PAPER = Path(typefaces.__file__).parent / "paper"
A4_WIDE, A4_HIGH = (297 * MM, 210 * MM), (210 * MM, 297 * MM)
RED, BLACK = "#9e1b1e", "#000000"
BANDS = {
    "leader": RED, "delegate": "#174b86", "speaker": "#5a2b82", "guest": "#b04a05", "press": "#1e6b3c",
    "staff": "#f4c430", "service": "#5c5f63",
}  # fmt: skip
_MIDDLE = 0.34  # of the type size: how far below the middle of its line a base line lies


@dataclass
class Page:
    """One page: `art` and `codes` with their place and a name or text, `lines` of text, filled `boxes`."""

    width: float
    height: float
    cards: int = 1
    art: list[list[Any]] = field(default_factory=list)
    boxes: list[list[Any]] = field(default_factory=list)
    codes: list[list[Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)

    def write(
        self, text: Fitted, x: float, top: float, face: Face, leading: float,
        *, align: str = "left", colour: str = BLACK, tracking: float = 0,
    ) -> float:  # fmt: skip
        """Its lines one under another; `tracking` in parts of the size. Returns where they end."""
        for line in text.lines:
            base = top + text.size * (leading / 2 + _MIDDLE)
            self.lines.append(
                {"text": line, "x": x, "y": base, "face": face.path.stem, "size": text.size, "align": align,
                 "colour": colour, "tracking": tracking * text.size}
            )  # fmt: skip
            top += text.size * leading
        return top

    def centred(
        self, text: Fitted, top: float, face: Face, leading: float, x: float = 148.5 * MM, **more: Any
    ) -> float:
        return self.write(text, x, top, face, leading, align="center", **more)


def said(text: str, size: float) -> Fitted:
    """A line that fits anyway."""
    return Fitted((text,), size)


def write(document: Document, folder: Path) -> None:
    """Into the folder: `pages.json`, the fonts, the art, and the page that a browser prints."""
    folder.mkdir()
    kind = KINDS[document.kind]
    subjects = kind.subjects(document)
    content = kind.content(document, subjects)
    pages = list(_pages(content))
    (folder / "pages.json").write_text(json.dumps([vars(page) for page in pages], ensure_ascii=False))
    for face in typefaces.ALL:
        (folder / face.path.name).symlink_to(face.path)
    for art in PAPER.glob("*.svg"):
        (folder / art.name).symlink_to(art)
    styles = "".join((PAPER / name).read_text(encoding="utf-8") for name in kind.stylesheets)
    html = naive.page(document, content, kind.laid(document, content.cards))
    (folder / "page.html").write_text(_for_a_browser(html, styles, content.images), encoding="utf-8")


def _for_a_browser(html: str, styles: str, images: dict[str, str]) -> str:
    """The very page that our engine gets, with its style and codes inside, fonts and art beside it."""
    fonts = "".join(
        f'@font-face{{font-family:"{family}";font-weight:{face.name[:3]};'
        f"font-style:{'italic' if 'Italic' in face.name else 'normal'};src:url({face.path.name})}}"
        for face in typefaces.ALL
        for family in ["Tinos" if face.package == "tinos" else "Be Vietnam Pro"]
    )

    def shown(found: re.Match[str]) -> str:
        if found[1] not in images:
            return found[1]
        return f"data:image/png;base64,{base64.b64encode(naive.picture(images[found[1]])).decode()}"

    html = re.sub(r"asset:([^\s\"')]*)", shown, html)
    colours = "*{print-color-adjust:exact}img{image-rendering:pixelated}"
    return html.replace("</head>", f"<style>{fonts}{styles}{colours}</style></head>", 1)


def _pages(content: Any) -> Iterator[Page]:
    cards = content.cards
    if isinstance(cards[0], Certificate):
        for card in cards:
            yield _certificate(card, content.context, content.images)
        return
    for start in range(0, len(cards), 4):
        chosen = cards[start : start + 4]
        page = Page(*A4_HIGH, len(chosen), art=[["sheet.svg", 0, 0, *A4_HIGH]])
        for at, card in enumerate(chosen):
            x, y = at % 2 * 105 * MM, at // 2 * 148.5 * MM
            if isinstance(card, Parting):
                _parting(page, card, x, y)
            else:
                _badge(page, card, content.context["top"], content.images, x, y)
        yield page


def _certificate(card: Certificate, context: dict[str, Any], images: dict[str, str]) -> Page:
    page = Page(*A4_WIDE)
    page.art = [["frame.svg", 0, 0, *A4_WIDE], ["drum.svg", 78.5 * MM, 35 * MM, 140 * MM, 140 * MM]]
    top = 23 * MM
    end = page.centred(said("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13), top, SERIF_BOLD, 1.3)
    end = page.centred(said("Độc lập - Tự do - Hạnh phúc", 14), end, SERIF_BOLD, 1.3)
    page.boxes.append([121 * MM, end, 55 * MM, 0.75, BLACK])
    page.centred(card.agency, top + card.agency_at.top, SERIF_BOLD, 1.3)
    end = page.centred(card.heading, top + card.heading_at.top, SERIF_BOLD, 1.25, colour=RED, tracking=0.06)
    page.centred(card.intro, end + 1 * MM, SERIF_ITALIC, 1.3)
    page.centred(card.name, top + card.name_at.top, SERIF_BOLD, 1.3)
    page.centred(card.job, top + card.job_at.top, SERIF, 1.35)
    end = page.centred(card.did, top + card.event_at.top, SERIF_ITALIC, 1.3)
    end = page.centred(card.event, end + 0.8 * MM, SERIF_BOLD, 1.32)
    page.centred(card.when, end + 1.2 * MM, SERIF, 1.3)
    _proof(page, card, context, images)
    _signer(page, card, context)
    return page


def _proof(page: Page, card: Certificate, context: dict[str, Any], images: dict[str, str]) -> None:
    """At the left the code, and where it is checked."""
    page.codes.append([32 * MM, 160 * MM, 26 * MM, images[card.qr]])
    left = 63 * MM
    end = page.write(said(card.number, 13), left, 186 * MM - 68, SERIF_BOLD, 1.4)
    page.write(said("Mã kiểm tra:", 11), left, end, SERIF, 1.4)
    end = page.write(said(card.code, 11), left + 21.5 * MM, end, SERIF_BOLD, 1.4, tracking=0.04)
    end = page.write(said(f"Kiểm tra tại: {context['verify_at']}", 11), left, end, SERIF, 1.4)
    marks = [*context["signature_mark"].lines, *["Dữ liệu minh họa"] * context["paper"]["demo"]]
    for at, mark in enumerate(marks):
        page.write(said(mark, 9.5), left + (1.4 + 26 * at) * MM, end + 3, SERIF, 1.4)


def _signer(page: Page, card: Certificate, context: dict[str, Any]) -> None:
    """At the right the place to sign."""
    middle, gap = 213 * MM, 19 * MM
    roles = context["roles"]
    top = 186.5 * MM - 17.6 - gap - sum(role.height for role in roles) - 17.55
    end = page.centred(said(card.place_and_date, 13.5), top, SERIF_ITALIC, 1.3, middle)
    for role in roles:
        end = page.centred(role, end, SERIF_BOLD, 1.3, middle)
    page.centred(said(context["signer"].name, 13), end + gap, SERIF_BOLD, 1.3, middle)


def _badge(page: Page, card: Badge, top: Any, images: dict[str, str], x: float, y: float) -> None:
    demo = said("Dữ liệu minh họa", 7.5)
    page.write(demo, x + 97 * MM, y + 4.6 * MM, SANS, 1.35, align="right", colour="#444444")
    page.art.append(["mark.svg", x + 8 * MM, y + 12.6 * MM, 11 * MM, 11 * MM])
    end = page.write(top.agency, x + 22 * MM, y + 12 * MM, SANS_BOLD, 1.38)
    page.write(top.rest, x + 22 * MM, end, SANS, 1.38)
    left = x + 8 * MM
    page.write(card.name, left, y + 32 * MM, SANS_HEAVY, 1.28, tracking=-0.01)
    page.write(card.job, left, y + 32 * MM + card.job_at.top, SANS, 1.38)
    line = card.team.size * 1.28
    page.write(said(card.team_label, 9), left, y + card.team_at.top, SANS, line / 9, colour="#333333")
    page.write(card.team, left, y + card.team_at.top + line, SANS_BOLD, 1.28)
    page.codes.append([x + 68 * MM, y + 88.6 * MM, 29 * MM, images[card.qr]])
    code = said(card.code, 10.5)
    page.centred(code, y + 122.6 * MM, SANS_SEMIBOLD, 1.2, x + 82.5 * MM, tracking=0.06)
    page.boxes.append([x, y + 128.5 * MM, 105 * MM, 20 * MM, BANDS[card.band]])
    page.art.append([f"shape-{card.band}.svg", left, y + 134.5 * MM, 8 * MM, 8 * MM])
    word, colour = said(card.band_word, 20), "#1d1815" if card.band == "staff" else "#ffffff"
    page.write(word, x + 20 * MM, y + 128.5 * MM, SANS_HEAVY, MM, colour=colour, tracking=0.03)


def _parting(page: Page, card: Parting, x: float, y: float) -> None:
    left = x + 8 * MM
    page.boxes.append([x, y + 30 * MM, 105 * MM, 2, BLACK])
    end = page.write(card.team, left, y + 42 * MM + 2, SANS_HEAVY, 1.28)
    page.write(said(card.count, 16), left, end + 4 * MM, SANS_SEMIBOLD, 1.35)
    page.boxes.append([left, y + 130 * MM, 89 * MM, 0.5, BLACK])
    received = said("Người nhận thẻ (ký, ghi rõ họ tên)", 10.5)
    page.centred(received, y + 131 * MM, SANS, 1.35, x + 52.5 * MM)
