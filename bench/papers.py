"""Badges and certificates for many people: processor time per person and peak memory, against the naive way.

Naive means: one call of the engine per person, with the same template, style and pictures, one file each.
Every figure is of a process of its own; starting Python and loading the engine is left out of the time.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from bench import measure

CHUNK = 50
SIZES, QUICK_SIZES = (10, 100, 323, 2000), (10, 50)
NAIVE_UP_TO = 323  # beyond that one person takes as long as here, and the bench would take ten minutes more
WAYS = {"naive": "naive, one file each", "each": "ours, one file each", "joined": "ours, one file"}
Person = tuple[str, ...]


def report(*, quick: bool) -> None:
    """Time both papers, every way, at every size."""
    for paper in ("certificates", "badges"):
        rows = [row for size in (QUICK_SIZES if quick else SIZES) for row in _rows(paper, size)]
        head = [
            "people",
            "way",
            "CPU ms per person",
            "naive : this",
            "CPU s in all",
            "peak MiB",
            "pages",
            "KiB",
        ]
        measure.table(f"{paper.capitalize()}: processor time and peak memory", head, rows)


def _rows(paper: str, size: int) -> Iterator[list[object]]:
    naive = 0.0
    for way, words in WAYS.items():
        measured = min(size, NAIVE_UP_TO) if way == "naive" else size
        figures = _measured(paper, way, measured)
        each = figures["cpu"] / measured * 1000
        naive = naive or each
        words += "" if measured == size else f" (as with {measured})"
        yield [
            size, words, f"{each:.1f}", f"{naive / each:.1f}", f"{each * size / 1000:.1f}",
            f"{figures['peak']:.0f}", figures["pages"], figures["size"] // 1024,
        ]  # fmt: skip


@cache
def _measured(paper: str, way: str, count: int) -> dict[str, float]:
    figures: dict[str, float] = measure.run(["-m", "bench.papers", paper, way, str(count)], os.environ).result
    return figures


# ── In the process that is measured ───────────────────────────────────────────────────────────────


def main(paper: str, way: str, count: int) -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "conference.settings"
    django.setup()
    from tests.documents import samples

    build: Callable[..., Any] = getattr(samples, paper)
    people = list(_people(count))
    styles = ("base.css", "badges.css" if paper == "badges" else "certificate.css")
    make = {"naive": _naive, "each": _each, "joined": _joined}[way]
    from documents import pdf  # loads the engine

    assert pdf
    begun = _cpu()
    with tempfile.TemporaryDirectory() as folder:
        pages = make(build, people, styles, Path(folder))
        taken = _cpu() - begun
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": taken, "peak": peak, "pages": pages, "size": size}))


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _people(count: int) -> Iterator[Person]:
    """Invented people with usual positions."""
    from documents.demo import components, names

    rng = names.seeded("bench")
    posts = [(part, post) for part in components.PROVINCIAL for post in part.posts]
    for _ in range(count):
        part, post = rng.choice(posts)
        name = names.draw(rng, region="", female_share=part.female)
        title = ", ".join([*post.ranks[:1], post.position])
        yield ("ông", name.full_name, title, f"{part.name} tỉnh Lâm Đồng", "Tỉnh Lâm Đồng", str(part.band))


def _chunks(people: list[Person]) -> Iterator[list[Person]]:
    for start in range(0, len(people), CHUNK):
        yield people[start : start + CHUNK]


def _options(build: Callable[..., Any]) -> dict[str, bool]:
    """One badge on a page, where each has a file of its own."""
    return {"single": True} if build.__name__ == "badges" else {}


def _naive(build: Callable[..., Any], people: list[Person], styles: tuple[str, ...], folder: Path) -> int:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from documents.pdf import PAPER, AssetFetcher

    art = {f"asset:{path.name}": path.read_bytes() for path in PAPER.glob("*.svg")}
    for index, person in enumerate(people):
        html, images = build([person], **_options(build))
        fetcher = AssetFetcher(art | {f"asset:{name}": picture(text) for name, text in images.items()})
        fonts = FontConfiguration()
        with_assets = {"base_url": "asset:/", "url_fetcher": fetcher, "font_config": fonts}
        sheets = [CSS(string=(PAPER / name).read_text(encoding="utf-8"), **with_assets) for name in styles]
        page = HTML(string=html, base_url="asset:/", url_fetcher=fetcher)
        page.write_pdf(folder / f"{index}.pdf", stylesheets=sheets, font_config=fonts)
    return len(people)


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


def _each(build: Callable[..., Any], people: list[Person], styles: tuple[str, ...], folder: Path) -> int:
    from documents.pdf import renderer

    pages = 0
    for number, chunk in enumerate(_chunks(people)):
        html, images = build(chunk, **_options(build))
        titles = [person[1] for person in chunk]
        for index, file in enumerate(renderer(*styles).render_each(html, titles, images)):
            (folder / f"{number}-{index}.pdf").write_bytes(file.pdf)
            pages += file.pages
    return pages


def _joined(build: Callable[..., Any], people: list[Person], styles: tuple[str, ...], folder: Path) -> int:
    from documents.joining import join_pdfs
    from documents.pdf import renderer

    pieces = []
    for number, chunk in enumerate(_chunks(people)):
        piece = folder / f"{number:04}.pdf"
        piece.write_bytes(renderer(*styles).render(*build(chunk)).pdf)
        pieces.append(piece)
    pages = join_pdfs(pieces, folder / "all.pdf")
    for piece in pieces:
        piece.unlink()
    return pages


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
