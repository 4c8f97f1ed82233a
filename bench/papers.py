"""Badges and certificates for many people: processor time, memory and bytes for each, against other ways.

Ours is the whole pipeline on PostgreSQL, every piece in one process (see `papers_ours`). Naive means one call
of the same PDF engine per person, with the same template, style and pictures. BENCH_PYTHON names the Python
of an environment with typst, reportlab, svglib and zxing-cpp; CHROMIUM a browser where it is not on the PATH;
rows of what is absent are left out. Last come two real workers against one. Every figure is of a process of
its own, and each conference has people, posts and bodies of 63 provinces.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import measure, papers_others

SIZES, QUICK_SIZES = (100, 500, 2000), (20,)
FIRST = 40  # people of the papers that look whether the templates may be stamped, and warm the workers up
MOST_WORKED = 2000  # people for whom the workers work
LEAST_WORKED = 400  # two pieces
OTHERS = "bench/papers_others.py"


@dataclass(frozen=True)
class Way:
    """A way to make a paper: its program with its own word, for how many people at most it is measured."""

    words: str
    make: str
    most: int = sys.maxsize
    paper: str = ""  # where it is not the row of this way's table

    @property
    def is_ours(self) -> bool:
        return self.make in ("made", "full", "naive", "one")


CERTIFICATES = (
    Way("naive: WeasyPrint, one call and one file each", "naive", 100),
    Way("WeasyPrint, one document for all", "one", 100),
    Way("Chromium, one document for all", "chromium one", 500),
    Way("ReportLab, one file each", "reportlab each", 500),
    Way("Typst, one file each", "typst each"),
    Way("ours, laid out in full, one file each", "full", 500, "certificates-full"),
    Way("**ours, one file each**", "made"),
    Way("**ours, signed (RSA-2048), one file each**", "made", paper="signed"),
)
BADGES = (
    Way("naive: WeasyPrint, one call and one file each", "naive", 100),
    Way("WeasyPrint, one document for all", "one", 500),
    Way("Chromium, one document for all", "chromium one", 2000),
    Way("ReportLab, one document for all", "reportlab one", 2000),
    Way("Typst, one document for all", "typst one"),
    Way("ours, laid out in full, joined", "full", 500, "badges-full"),
    Way("**ours, joined**", "made"),
)
TABLES = {"certificates": CERTIFICATES, "badges": BADGES}
HEAD = (
    "people", "way", "CPU ms each", "naive : this", "one document : this", "peak MiB", "KB each",
    "database ms each", "wall ms each",
)  # fmt: skip


def report(*, quick: bool, people: int | None = None) -> None:
    """Time both papers, every way, at every size; then the workers."""
    sizes = [*(QUICK_SIZES if quick else SIZES), *([people] if people else [])]
    with tempfile.TemporaryDirectory(prefix="hn-papers-") as folder:
        bench = Bench(Path(folder), sorted(set(sizes) - {FIRST}))
        bench.look_first()
        for paper, ways in TABLES.items():
            rows = (row for size in bench.sizes for row in bench.rows(paper, ways, size))
            measure.table(f"{paper.capitalize()}: each = one {bench.unit(paper)}", HEAD, rows)
        bench.workers()


class Bench:
    """The conferences, and what was measured of them."""

    def __init__(self, folder: Path, sizes: list[int]) -> None:
        from tests.documents.keys import Authority

        self.folder, self.sizes = folder, sizes
        key, passphrase = Authority().key_file(folder)
        signing = {"SIGNING_KEY_FILE": str(key), "SIGNING_KEY_PASSPHRASE_FILE": str(passphrase)}
        self.environment = os.environ | {"DEBUG": "0", "DEMO": "0"} | signing
        made = ["-m", "bench.papers_people", str(folder), *map(str, [FIRST, *sizes])]
        told = measure.run(made, self.environment).result
        self.environment["DATABASE_URL"] = told["database"]
        self._told: dict[str, Any] = told["sizes"]  # by size: what issuing took, and which papers wait
        self._known: dict[tuple[str, ...], dict[str, Any]] = {}

    def look_first(self) -> None:
        """Each template is looked at once per version, before it is stamped: not with the rest."""
        seconds = {paper: self._ours("made", paper, FIRST, FIRST)["cpu"] for paper in TABLES}
        spent = ", ".join(f"{paper} {taken:.1f} s" for paper, taken in seconds.items())
        print(
            f"\nThe first papers of an installation, {FIRST} people, with the look at each template: {spent}."
        )
        for verdict in sorted(Path(self.environment["DATA_DIR"], "stamping").glob("verdict-*")):
            if reason := json.loads(verdict.read_text())["reason"]:
                print(f"A template is not stamped, so that all of it is laid out in full: {reason}.")
        for size in self.sizes:
            issuing = self._told[str(size)]["issuing"] / size * 1000
            print(f"Certificates of {size} people drafted, approved, issued: {issuing:.1f} CPU ms each.")

    def unit(self, paper: str) -> str:
        return "file" if paper == "certificates" else "card, people's and those that part the delegations"

    def rows(self, paper: str, ways: tuple[Way, ...], size: int) -> Iterator[list[object]]:
        """One row for each way that is here."""
        base: dict[str, float] = {}
        for way in ways:
            measured = max(one for one in self.sizes if one <= way.most or one == self.sizes[0])
            measured = min(measured, size)
            figures = self._measured(way, paper, measured)
            if figures is None:
                continue
            each = figures["cpu"] / figures["cards"] * 1000
            base[way.make] = each
            yield [
                size, way.words + ("" if measured == size else f" (as with {measured})"), f"{each:.1f}",
                f"{base['naive'] / each:.1f}", f"{base['one'] / each:.1f}" if "one" in base else "",
                f"{figures['peak']:.0f}", f"{figures['size'] / figures['cards'] / 1000:.1f}",
                *(f"{figures[key] / figures['cards'] * 1000:.1f}" if key in figures else ""
                  for key in ("database", "wall")),
            ]  # fmt: skip

    def _measured(self, way: Way, paper: str, size: int) -> dict[str, Any] | None:
        key = (way.make, way.paper or paper, str(size))
        if key not in self._known:
            if way.is_ours:
                self._known[key] = self._ours(way.make, way.paper or paper, size, way.most)
            elif python := _python(way.make):
                words = [OTHERS, *way.make.split(), str(self.folder / f"{paper}-{size}")]
                self._known[key] = measure.run(words, self.environment, python).result
        return self._known.get(key)

    def _ours(self, make: str, paper: str, size: int, most: int) -> dict[str, Any]:
        row = self._told[str(size)]["papers"][paper]
        figures: dict[str, Any] = measure.run(
            ["-m", "bench.papers_ours", make, str(row), str(most)], self.environment
        ).result
        return figures

    def workers(self) -> None:
        """Seconds from the press to the finished paper, with one and with two workers."""
        size = max((one for one in self.sizes if one <= MOST_WORKED), default=0)
        if size < LEAST_WORKED:
            print(f"\nFewer than {LEAST_WORKED} people are too few pieces for two workers.")
            return
        arguments = ["-m", "bench.papers_workers", f"hoi-nghi-{FIRST}", f"hoi-nghi-{size}"]
        found = measure.run(arguments, self.environment).result
        rows = []
        for paper, (alone, both) in found.items():
            for count, one in ((1, alone), (2, both)):
                rows.append(
                    [f"{size} {paper}", count, f"{one['wall']:.1f}", f"{alone['wall'] / one['wall']:.2f}",
                     f"{one['cpu']:.1f}", f"{one['wall'] / size * 1000:.1f}", f"{one['peak']:.0f}"]
                )  # fmt: skip
        head = ["paper", "workers", "wall s", "times faster than one", "CPU s of the workers",
                "wall ms each", "peak MiB of a worker"]  # fmt: skip
        measure.table("Real workers (Celery on Redis and PostgreSQL), warm", head, rows)


def _python(make: str) -> str | None:
    """The Python that runs another engine, if that is here."""
    if make.startswith("chromium"):
        return sys.executable if papers_others.CHROMIUM else None
    return os.environ.get("BENCH_PYTHON")
