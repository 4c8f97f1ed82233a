"""HTML in, PDF out: the only door to the PDF engine. The web process never imports it (1–2 s).

A `Renderer` is kept per kind of paper and process: its parsed style, art and fonts are shared by all its
documents, which is five times less work than one engine call per person, and no memory grows. The engine
can reach nothing: whatever a page names must lie on the renderer's shelf or among the images given with it,
or the paper stops.
"""

import hashlib
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from documents import typefaces
from documents.errors import PaperError

typefaces.use_only_ours()

import weasyprint  # noqa: E402 - after fontconfig was told which fonts exist
from weasyprint.text.fonts import FontConfiguration  # noqa: E402 - the same
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: E402 - the same

from documents.pdf_art import Art, Code  # noqa: E402 - the same
from documents.pdf_split import split, take  # noqa: E402 - the same

PAPER = Path(__file__).parent / "paper"
SUBJECT = "subject-"  # an element with the id "subject-<n>" begins the pages of the n-th subject
_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}

_engine_log = logging.getLogger("weasyprint")
_engine_log.setLevel(logging.WARNING)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rendered:
    """A finished file."""

    pdf: bytes
    pages: int


# By file name, as `asset:<file name>` in the page: a PNG or JPEG, line art of ours, or the text of a QR code.
Images = Mapping[str, bytes | str]
_NONE: Images = {}


class AssetFetcher(URLFetcher):
    """Gives out `asset:` names from a shelf of bytes in memory; anything else stops the paper."""

    def __init__(self, shelf: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=("asset",), allow_redirects=False, fail_on_errors=True)
        self._shelf = shelf
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        data = self._shelf.get(url)
        if data is None:
            self.refused.append(url)
            raise FatalURLFetchingError(url)
        return URLFetcherResponse(url, data, {"Content-Type": _TYPES[Path(url).suffix]})


class Renderer:
    """Makes the documents of one kind of paper."""

    def __init__(self, *stylesheets: str, tagged: bool = False, variant: str | None = None) -> None:
        """Stylesheets are files of the paper folder; `tagged` adds the structure that screen readers use.

        `variant` names an archival form as the engine does: "pdf/a-3u".
        """
        art = {f"asset:{path.name}": path.read_bytes() for path in sorted(PAPER.glob("*.svg"))}
        fetcher = AssetFetcher(art)
        self._art = {url: Art(url, data, fetcher) for url, data in art.items()}
        self._written = {"pdf_tags": tagged, "pdf_variant": variant}
        self.form = f"{variant or 'pdf'}{' tagged' if tagged else ''}"
        # Templates and sheets that were laid out once, to be stamped (see `pdf_faces`).
        self.faces: dict[str, Any] = {}
        self.places: dict[str, Any] = {}
        self._fonts = _fonts()
        styles = [(PAPER / name).read_text(encoding="utf-8") for name in stylesheets]
        self._styles = [
            weasyprint.CSS(string=style, base_url="asset:/", url_fetcher=fetcher, font_config=self._fonts)
            for style in styles
        ]
        # All that makes its pages look as they do.
        told = [self.form.encode(), *(style.encode() for style in styles), *art.values()]
        self.look = hashlib.sha256(b"\0".join(told)).hexdigest()

    def render(self, html: str, images: Images = _NONE, rules: str = "") -> Rendered:
        """One file with all pages. `rules`: CSS of this document alone, after the stylesheets."""
        with self.laid_out(html, images, rules) as document:
            return Rendered(document.write_pdf(**self._written), len(document.pages))

    def render_each(
        self, html: str, titles: Sequence[str], images: Images = _NONE, rules: str = ""
    ) -> Iterator[Rendered]:
        """One file for each subject; its first page holds an element with the id `subject-<n>`, n from 0.

        All is laid out and painted before the first file is given; the files are then written one by one.
        """
        with self.laid_out(html, images, rules) as document:
            groups = _page_groups(document.pages)
            if len(groups) != len(titles):
                raise ValueError(f"{len(groups)} subjects begin in the pages, {len(titles)} were announced")
            painted = self.painted(document)
        parts = split(painted, groups, titles)
        return (Rendered(part, len(group)) for part, group in zip(parts, groups, strict=True))

    def painted(self, document: Any) -> Any:
        """The `pydyf.PDF` of a document after layout, not yet written."""
        taken: list[Any] = []
        document.write_pdf(finisher=lambda _document, pdf: taken.append(take(pdf)), **self._written)
        return taken[0]

    @contextmanager
    def laid_out(self, html: str, images: Images = _NONE, rules: str = "") -> Iterator[Any]:
        """The document after layout; whatever the engine could not have becomes a `PaperError`."""
        _refuse_unknown_letters(html)
        named = {f"asset:{name}": image for name, image in images.items()}
        fetcher = AssetFetcher({url: image for url, image in named.items() if isinstance(image, bytes)})
        drawn: dict[str, Any] = {url: art.for_document() for url, art in self._art.items()}
        for url, image in named.items():
            if isinstance(image, str):
                drawn[url] = Code(image)
            elif url.endswith(".svg"):
                drawn[url] = Art(url, image, fetcher).for_document()
        with _complaints() as complaints:
            try:
                source = weasyprint.HTML(string=html, base_url="asset:/", url_fetcher=fetcher)
                yield source.render(
                    font_config=self._fonts,
                    stylesheets=[*self._styles, *_own_style(rules, fetcher)],
                    cache=drawn,
                    presentational_hints=False,
                    **self._written,
                )
            except FatalURLFetchingError as error:  # a BaseException: `except Exception` would miss it
                raise _unreachable(fetcher.refused or [str(error)]) from None
        if fetcher.refused:  # some corners of the engine swallow even fatal errors
            raise _unreachable(fetcher.refused)
        if complaints:
            _log.error("The PDF engine complained: %s", "; ".join(complaints))
            raise PaperError(
                _("Chưa lập được giấy: một hình hoặc kiểu chữ không dùng được. Báo người quản trị.")
            )


def _own_style(rules: str, fetcher: AssetFetcher) -> list[Any]:
    return [weasyprint.CSS(string=rules, base_url="asset:/", url_fetcher=fetcher)] if rules else []


@cache
def renderer(*stylesheets: str, tagged: bool = False, variant: str | None = None) -> Renderer:
    """The renderer of this process for these stylesheets."""
    return Renderer(*stylesheets, tagged=tagged, variant=variant)


@cache
def _fonts() -> FontConfiguration:
    """One for the life of the process: each one made and dropped loses 240 KB."""
    return FontConfiguration()


def _page_groups(pages: Sequence[Any]) -> list[list[int]]:
    """Indexes of pages by subject."""
    groups: list[list[int]] = []
    seen: set[str] = set()
    for index, page in enumerate(pages):
        new = {name for name in page.anchors if name.startswith(SUBJECT)} - seen
        if new or not groups:
            groups.append([])
        groups[-1].append(index)
        seen |= new
    return groups


def _unreachable(urls: Sequence[str]) -> PaperError:
    _log.error("A paper asked for what it may not have: %s", ", ".join(urls))
    name = urls[0].removeprefix("asset:")
    return PaperError(
        _("Chưa lập được giấy: thiếu hình “%(name)s”. Báo người quản trị bổ sung rồi lập lại.")
        % {"name": name[:100]}
    )


def _refuse_unknown_letters(html: str) -> None:
    unknown = typefaces.unknown_letters(html)
    if not unknown:
        return
    letter = unknown[0]
    place = html.index(letter)
    start = html.rfind(">", 0, place) + 1
    end = html.find("<", place)
    raise PaperError(
        _(
            "Chưa lập được giấy: phông chữ không có ký tự “%(letter)s” (U+%(code)04X) trong “%(text)s”. "
            "Sửa rồi lập lại."
        )
        % {"letter": letter, "code": ord(letter), "text": html[start:end].strip()[:100]}
    )


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """What the engine reports as errors meanwhile, from this thread."""
    heard: list[str] = []
    thread = threading.get_ident()

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == thread:
                heard.append(record.getMessage())

    listener = Listener(logging.ERROR)
    _engine_log.addHandler(listener)
    try:
        yield heard
    finally:
        _engine_log.removeHandler(listener)
