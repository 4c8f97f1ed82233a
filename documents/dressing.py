"""What a look puts on a paper: pictures by name, and CSS of this paper alone (`Content.rules`).

The CSS is made of numbers and of colours that were checked (`contrast.HEX`); nothing that people typed gets
into it. A look that is the standard adds nothing, so that papers without one stay as they always were.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from PIL import Image

from conference import storing
from documents import contrast
from documents.looks import BADGE, Look, standard

PAPER = Path(__file__).parent / "paper"
# The colours of our own art (documents/paper/*.svg).
RED, GILT, PALE = "#9e1b1e", "#a8802f", "#f4eee1"


@dataclass(frozen=True)
class Dress:
    """Names of pictures as the page asks for them ("" for none), the pictures themselves, and CSS."""

    mark: str = "mark.svg"
    back: str = ""
    logo: str = ""
    frame: str = "frame.svg"
    drum: str = "drum.svg"
    is_own: bool = False  # anything else than the standard
    images: Mapping[str, bytes] = field(default_factory=dict)
    rules: str = ""


def dress(look: Look) -> Dress:
    """Reads the pictures; `FileNotFoundError` where one is gone."""
    if look.is_standard:
        return Dress()
    images = {"logo.png": storing.read(look.logo)} if look.logo else {}
    if look.background:
        images["back.jpg"] = _faded(look.background, look.ground, look.veil)
    shown = look.arrangement
    own: dict[str, str] = {"logo": "", "back": "back.jpg" if look.background else ""}
    if look.paper == BADGE:
        own["mark"] = "logo.png" if look.logo else "mark-own.svg"
        images |= {} if look.logo else {"mark-own.svg": _art("mark.svg", _mark_colour(look), look.ground)}
    else:
        own["logo"] = "logo.png" if look.logo else ""
        own["frame"], own["drum"] = ("frame-own.svg", "drum-own.svg") if shown.has_frame else ("", "")
        for name in ("frame.svg", "drum.svg") if shown.has_frame else ():
            images[name.replace(".", "-own.")] = _art(name, look.accent, look.ground)
    sheet = (PAPER / shown.stylesheet).read_text(encoding="utf-8") if shown.stylesheet else ""
    return Dress(**own, is_own=True, images=images, rules=sheet + _colours(look))


def _mark_colour(look: Look) -> str:
    return contrast.readable_on(look.accent) if look.layout == "banner" else look.accent


@lru_cache(maxsize=4)
def _faded(stored: str, ground: str, veil: int) -> bytes:
    """The background with so much of the ground over it. Nothing on the paper is transparent for it.

    The engine would cut a translucent picture off on a sheet of small cards, and printers dislike one.
    """
    if not veil:
        return storing.read(stored)
    out = io.BytesIO()
    with storing.opened(stored) as file, Image.open(file) as picture:
        page = Image.new("RGB", picture.size, ground)
        Image.blend(picture.convert("RGB"), page, veil / 100).save(out, "JPEG", quality=88)
    return out.getvalue()


@lru_cache(maxsize=64)
def _art(name: str, accent: str, ground: str) -> bytes:
    """Our own line art in other colours; as it is drawn where the colours are its own."""
    drawing = (PAPER / name).read_text(encoding="utf-8")
    second, pale = contrast.mixed(accent, ground, 0.45), contrast.mixed(accent, ground, 0.9)
    own = standard(BADGE)
    if (accent, ground) == (own.accent, own.ground):
        second, pale = GILT, PALE
    for before, after in ((RED, accent), (GILT, second), (PALE, pale), ("#fff", ground)):
        drawing = drawing.replace(f'"{before}"', f'"{after}"')
    return drawing.encode()


def _colours(look: Look) -> str:
    ink, accent, ground = look.ink, look.accent, look.ground
    if look.paper == BADGE:
        rules = [
            f"@page single{{background:{ground}}}.card{{background:{ground};color:{ink}}}",
            f".team span,.blank span{{color:{ink}}}.parting{{border-top-color:{ink}}}",
            f".blank p,.received span{{border-color:{ink}}}",
            f".demo-word{{z-index:1;background:{ground};color:{ink};padding:0 1mm}}",
            f".head{{background:{accent}}}",
        ]
        if look.layout == "banner":
            rules.append(f".top{{color:{contrast.readable_on(accent)}}}")
            rules.append(".mark{background:#fff;padding:.6mm;width:9.8mm;height:9.8mm}" if look.logo else "")
        return "".join(rules)
    return (
        f"@page certificate{{background:{ground}}}.cert{{color:{ink}}}.cert h1{{color:{accent}}}"
        f".cert .motto span,.cert .stamp{{border-color:{ink}}}"
        f".cert .edge{{border-color:{accent}}}"
    )
