"""What stands in a finished PDF, read by other programs than the one that made it."""

import re
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unicodedata import combining

from PIL import Image
from pypdf import PdfReader

MM = 25.4 / 72
_HTML = "{http://www.w3.org/1999/xhtml}"


@dataclass(frozen=True)
class Word:
    """A word and the box of its letters, in mm from the upper left corner of the page."""

    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float


def words(pdf: bytes) -> list[Word]:
    """Every word with its place; the box is trimmed to about what has ink."""
    found = []
    tree = ET.fromstring(_tool(pdf, "pdftotext", "-bbox", "{}", "-"))  # noqa: S314 - poppler wrote it
    for number, page in enumerate(tree.iter(f"{_HTML}page"), start=1):
        for word in page.iter(f"{_HTML}word"):
            left, top, right, bottom = (
                float(word.attrib[key]) * MM for key in ("xMin", "yMin", "xMax", "yMax")
            )
            trim = (bottom - top) * 0.16
            found.append(Word(number, word.text or "", left, top + trim, right, bottom - trim))
    return found


def text(pdf: bytes) -> str:
    """The text in the order in which it was painted, with single blanks."""
    return " ".join(_tool(pdf, "pdftotext", "-raw", "{}", "-").decode().split())


def letters(content: str) -> str:
    """Without blanks, for texts that were broken into lines."""
    return re.sub(r"\s+", "", content)


def overlaps(pdf: bytes) -> list[tuple[Word, Word]]:
    """Pairs of words that run into each other."""
    found = []
    by_page: dict[int, list[Word]] = {}
    for word in words(pdf):
        if all(map(combining, word.text)):  # a loose mark has the box of a whole line
            continue
        for other in by_page.setdefault(word.page, []):
            across = min(word.right, other.right) - max(word.left, other.left)
            down = min(word.bottom, other.bottom) - max(word.top, other.top)
            if across > 0.3 and down > 0.3:
                found.append((other, word))
        by_page[word.page].append(word)
    return found


def fonts(pdf: bytes) -> set[str]:
    """Names of the embedded fonts, without the tag of the subset."""
    return {
        str(font["/BaseFont"]).lstrip("/").split("+")[-1]
        for page in PdfReader(BytesIO(pdf)).pages
        for font in (reference.get_object() for reference in (page["/Resources"].get("/Font") or {}).values())
    }


def picture(pdf: bytes, page: int = 1, dpi: int = 200) -> Image.Image:
    """The page as an image in grey."""
    with TemporaryDirectory() as folder:
        source = Path(folder, "paper.pdf")
        source.write_bytes(pdf)
        target = Path(folder, "page")
        subprocess.run(
            [
                "pdftoppm",
                "-r",
                str(dpi),
                "-gray",
                "-f",
                str(page),
                "-l",
                str(page),
                "-singlefile",
                source,
                target,
            ],
            check=True,
        )
        return Image.open(BytesIO(target.with_suffix(".pgm").read_bytes()))


def _tool(pdf: bytes, program: str, *arguments: str) -> bytes:
    with TemporaryDirectory() as folder:
        source = Path(folder, "paper.pdf")
        source.write_bytes(pdf)
        command = [program, *(argument.format(source) for argument in arguments)]
        return subprocess.run(command, check=True, capture_output=True).stdout
