"""The same pages by other engines, for `python -m bench papers`: run by the Python that has them.

`papers_others.py typst|reportlab|chromium each|one FOLDER`: reads `pages.json` (see `papers_drawn`)
and prints what was spent. Each engine gets its best case: loaded before the clock runs, one compiler or one
parsed picture for all files, no structure for screen readers, no archival form.
"""

from __future__ import annotations

import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

BROWSERS = ("chromium", "chromium-headless-shell")
CHROMIUM = next(filter(None, (os.environ.get("CHROMIUM"), *map(shutil.which, BROWSERS))), "")
TYPST = """
#set page(margin: 0pt)
#let line(l) = {
  set text(font: families.at(l.face.split("_").first()), weight: weights.at(l.face.split("_").at(1)),
    style: if l.face.ends-with("Italic") { "italic" } else { "normal" }, size: l.size * 1pt,
    fill: rgb(l.colour), tracking: l.tracking * 1pt, top-edge: "baseline", bottom-edge: "baseline",
    lang: "vi", hyphenate: false)
  let wide = 900pt
  let before = if l.align == "left" { 0pt } else if l.align == "center" { wide / 2 } else { wide }
  place(top + left, dx: l.x * 1pt - before, dy: l.y * 1pt,
    box(width: wide, align(if l.align == "left" { start } else if l.align == "center" { center } else { end },
      l.text)))
}
#let show-page(p) = page(width: p.width * 1pt, height: p.height * 1pt, {
  for (name, x, y, w, h) in p.art {
    if not name.starts-with("shape") {
      place(top + left, dx: x * 1pt, dy: y * 1pt, image(name, width: w * 1pt, height: h * 1pt))
    }
  }
  for (x, y, w, h, colour) in p.boxes {
    place(top + left, dx: x * 1pt, dy: y * 1pt, rect(width: w * 1pt, height: h * 1pt, fill: rgb(colour)))
  }
  for (name, x, y, w, h) in p.art {
    if name.starts-with("shape") {
      place(top + left, dx: x * 1pt, dy: y * 1pt, image(name, width: w * 1pt, height: h * 1pt))
    }
  }
  for (x, y, w, code) in p.codes {
    place(top + left, dx: x * 1pt, dy: y * 1pt, image(bytes(code), format: "svg", width: w * 1pt))
  }
  for l in p.lines { line(l) }
})
#for p in json(bytes(sys.inputs.pages)) { show-page(p) }
"""


def cpu() -> float:
    """Of this process and of those it has waited for."""
    both = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def matrix(text: str) -> tuple[int, list[tuple[int, int, int]]]:
    """The dark modules of a QR code at level Q, as runs: column, row, length; and how many a side has."""
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    grey = memoryview(zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False))
    height, width = grey.shape
    data, runs = bytes(grey), []
    for row in range(height):
        start = None
        for column in range(width + 1):
            dark = column < width and data[row * width + column] == 0
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                runs.append((start, row, column - start))
                start = None
    return width, runs


def svg(text: str) -> str:
    """A QR code as a drawing."""
    size, runs = matrix(text)
    path = "".join(f"M{column} {row}h{length}v1h-{length}z" for column, row, length in runs)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" '
        f'height="{size}"><path d="{path}"/></svg>'
    )


# ── Typst ─────────────────────────────────────────────────────────────────────────────────────────


def typst(pages: list[Any], groups: list[list[int]], folder: Path, target: Path) -> float:
    """One compiler for all files, which keeps what it has parsed."""
    import typst as engine

    weights = {"400Regular": 400, "600SemiBold": 600, "700Bold": 700, "800ExtraBold": 800}
    families = {"Tinos": "Tinos", "BeVietnamPro": "Be Vietnam Pro"}
    told = "".join(
        f"#let {name} = json(bytes({json.dumps(json.dumps(these))}))\n"
        for name, these in (("weights", weights), ("families", families))
    )
    (folder / "page.typ").write_text(told + TYPST)
    compiler = engine.Compiler(
        str(folder / "page.typ"),
        root=str(folder),
        font_paths=engine.Fonts(include_system_fonts=False, font_paths=[str(folder)]),
    )
    begun = cpu()
    for number, group in enumerate(groups):
        shown = [
            page | {"codes": [[x, y, w, svg(text)] for x, y, w, text in page["codes"]]}
            for page in pages[group[0] : group[-1] + 1]
        ]
        inputs = {"pages": json.dumps(shown, ensure_ascii=False)}
        compiler.compile(output=str(target / f"{number}.pdf"), sys_inputs=inputs, pdf_tags=False)
    return cpu() - begun


# ── ReportLab ─────────────────────────────────────────────────────────────────────────────────────


def reportlab(pages: list[Any], groups: list[list[int]], folder: Path, target: Path) -> float:
    """Pictures are turned into operators once; each file has them as a form, which its pages refer to."""
    from reportlab.graphics import renderPDF
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas
    from svglib.svglib import svg2rlg

    for file in folder.glob("*.ttf"):
        pdfmetrics.registerFont(TTFont(file.stem, str(file)))
    drawings = {name: svg2rlg(str(folder / name)) for page in pages for name, *_box in page["art"]}
    begun = cpu()
    operators = {}
    for name, drawing in drawings.items():
        canvas = Canvas(io.BytesIO())
        renderPDF.draw(drawing, canvas, 0, 0)
        operators[name] = "\n".join(canvas._code)  # noqa: SLF001 - nothing public gives them
    for number, group in enumerate(groups):
        canvas = Canvas(str(target / f"{number}.pdf"), pageCompression=1, lang="vi")
        known = set()
        for page in pages[group[0] : group[-1] + 1]:
            canvas.setPageSize((page["width"], page["height"]))
            for name in {name for name, *_box in page["art"]} - known:
                canvas.beginForm(name.replace(".", "-"), 0, 0, drawings[name].width, drawings[name].height)
                canvas.addLiteral(operators[name])
                canvas.endForm()
                known.add(name)
            reportlab_page(canvas, page, drawings)
        canvas.save()
    return cpu() - begun


def reportlab_page(canvas: Any, page: dict[str, Any], drawings: dict[str, Any]) -> None:
    height = page["height"]

    def placed(name: str, x: float, y: float, w: float, h: float) -> None:
        drawing = drawings[name]
        canvas.saveState()
        canvas.translate(x, height - y - h)
        canvas.scale(w / drawing.width, h / drawing.height)
        canvas.doForm(name.replace(".", "-"))
        canvas.restoreState()

    under = [one for one in page["art"] if not one[0].startswith("shape")]
    for one in under:
        placed(*one)
    for x, y, w, h, colour in page["boxes"]:
        canvas.setFillColor(colour)
        canvas.rect(x, height - y - h, w, h, stroke=0, fill=1)
    for one in page["art"]:
        if one not in under:
            placed(*one)
    canvas.setFillColor("#000000")
    for x, y, w, text in page["codes"]:
        size, runs = matrix(text)
        canvas.saveState()
        canvas.translate(x, height - y)
        canvas.scale(w / size, -w / size)
        path = canvas.beginPath()
        for column, row, length in runs:
            path.rect(column, row, length, 1)
        canvas.drawPath(path, stroke=0, fill=1)
        canvas.restoreState()
    draw = {"left": canvas.drawString, "center": canvas.drawCentredString, "right": canvas.drawRightString}
    for line in page["lines"]:
        canvas.setFillColor(line["colour"])
        canvas.setFont(line["face"], line["size"])
        draw[line["align"]](line["x"], height - line["y"], line["text"], charSpace=line["tracking"])
    canvas.showPage()


# ── Chromium ──────────────────────────────────────────────────────────────────────────────────────


def chromium(pages: list[Any], groups: list[list[int]], folder: Path, target: Path) -> float:
    """One page of HTML for all, printed by one browser; its start is in the time."""
    assert len(groups) == 1, "a browser prints one document"
    begun = cpu()
    with tempfile.TemporaryDirectory() as home:
        words = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                 f"--user-data-dir={home}", "--timeout=600000", f"--print-to-pdf={target / '0.pdf'}",
                 (folder / "page.html").as_uri()]  # fmt: skip
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return cpu() - begun


def main(engine: str, way: str, place: str) -> None:
    folder = Path(place)
    pages = json.loads((folder / "pages.json").read_text())
    everybody = list(range(len(pages)))
    groups = [[one] for one in everybody] if way == "each" else [everybody]
    target = Path(os.environ.get("KEEP_IN") or tempfile.mkdtemp())
    try:
        spent = {"typst": typst, "reportlab": reportlab, "chromium": chromium}[engine](
            pages, groups, folder, target
        )
        size = sum(file.stat().st_size for file in target.iterdir())
    finally:
        if "KEEP_IN" not in os.environ:
            shutil.rmtree(target)
    cards = sum(page["cards"] for page in pages)
    usages = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    peak = max(one.ru_maxrss for one in usages) / 1024
    print(json.dumps({"cpu": spent, "peak": peak, "pages": len(pages), "size": size, "cards": cards}))


if __name__ == "__main__":
    main(*sys.argv[1:])
