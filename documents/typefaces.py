"""The two families our papers are set in, where their files lie, and how wide their letters are.

Tinos has the metrics of Times New Roman (Decree 30/2020, annex I); Be Vietnam Pro is for badges. Both come
from their packages at set-up. No other font of the machine is ever seen: a letter that these lack stops the
paper.
"""

import hashlib
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils.translation import gettext as _

from documents.errors import PaperError

PACKAGES = ("tinos", "be-vietnam-pro")


@dataclass(frozen=True)
class Face:
    """One font file, named by its package folder and its own name."""

    package: str
    name: str

    @property
    def path(self) -> Path:
        """Where its file lies; `PaperError` if it was not installed."""
        family = "Tinos" if self.package == "tinos" else "BeVietnamPro"
        path = _home() / self.package / self.name / f"{family}_{self.name}.ttf"
        if not path.is_file():
            raise PaperError(
                _("Chưa lập được giấy: thiếu phông chữ %(name)s.") % {"name": f"{family} {self.name}"}
            )
        return path


SERIF = Face("tinos", "400Regular")
SERIF_ITALIC = Face("tinos", "400Regular_Italic")
SERIF_BOLD = Face("tinos", "700Bold")
SERIF_BOLD_ITALIC = Face("tinos", "700Bold_Italic")
SANS = Face("be-vietnam-pro", "400Regular")
SANS_SEMIBOLD = Face("be-vietnam-pro", "600SemiBold")
SANS_BOLD = Face("be-vietnam-pro", "700Bold")
SANS_HEAVY = Face("be-vietnam-pro", "800ExtraBold")
ALL = (
    SERIF,
    SERIF_ITALIC,
    SERIF_BOLD,
    SERIF_BOLD_ITALIC,
    SANS,
    SANS_SEMIBOLD,
    SANS_BOLD,
    SANS_HEAVY,
)
# Badges fall back to Tinos for alphabets that Be Vietnam Pro lacks (Greek, Cyrillic, Hebrew).
_FALLBACK = {SANS: SERIF, SANS_SEMIBOLD: SERIF_BOLD, SANS_BOLD: SERIF_BOLD, SANS_HEAVY: SERIF_BOLD}


def _home() -> Path:
    return Path(settings.FONTS_DIR) / "@expo-google-fonts"


@cache
def advances(face: Face) -> dict[int, float]:
    """Width of each letter of the face by code point, in parts of the type size."""
    from fontTools.ttLib import TTFont  # 0.1 s to import; only the makers of papers need it

    with TTFont(face.path, lazy=True) as font:
        unit = font["head"].unitsPerEm
        widths = font["hmtx"].metrics
        own = {code: widths[glyph][0] / unit for code, glyph in font.getBestCmap().items()}
    fallback = _FALLBACK.get(face)
    return advances(fallback) | own if fallback else own


def unknown_letters(text: str) -> list[str]:
    """Letters of the text that no face of ours can draw, each once, in order."""
    known = advances(SANS)
    return [letter for letter in dict.fromkeys(text) if ord(letter) not in known and letter not in "\n\r\t"]


def use_only_ours() -> None:
    """Show fontconfig our two families and nothing else. Must run before the PDF engine is imported."""
    for face in ALL:
        face.path  # noqa: B018 - a missing file stops here, not as a wrong letter on paper
    folder = Path(settings.DATA_DIR) / "fontconfig"
    folder.mkdir(parents=True, exist_ok=True)
    places = "".join(f"<dir>{escape(str(_home() / package))}</dir>" for package in PACKAGES)
    rules = (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n'
        f"<fontconfig>{places}<cachedir>{escape(str(folder / 'cache'))}</cachedir></fontconfig>\n"
    )
    path = folder / f"{hashlib.sha256(rules.encode()).hexdigest()[:16]}.conf"
    if not path.is_file():
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_text(rules, encoding="utf-8")
        partial.replace(path)
    os.environ["FONTCONFIG_FILE"] = str(path)
