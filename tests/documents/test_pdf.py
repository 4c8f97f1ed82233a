"""The engine behind its wall: it reaches nothing, forgets nothing, and makes the same bytes every time."""

import hashlib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
import weasyprint
from pypdf import PdfReader

from documents.errors import PaperError
from documents.pdf import Renderer, renderer
from documents.pdf_art import Art
from tests.documents import reading, samples
from tests.patience import until

ALPHABET = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
PAGE = (
    '<html lang="vi"><head><title>t</title><meta name="author" content="a">'
    '<meta name="dcterms.created" content="2024-05-30T09:00:00+07:00"></head><body>{}</body></html>'
)


@pytest.fixture(scope="module")
def plain() -> Renderer:
    return renderer("base.css")


class Listener:
    """A server on this machine that notes every knock."""

    def __init__(self) -> None:
        self.knocks = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.knocks += 1
            connection.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.socket.close()


def test_the_listener_would_hear_a_knock(listener: Listener) -> None:
    socket.create_connection(("127.0.0.1", listener.port)).close()
    until(lambda: listener.knocks, "the knock")
    assert listener.knocks == 1


VECTORS = [
    '<img src="{url}">',
    '<img src="x" srcset="{url} 2x">',
    '<link rel="stylesheet" href="{url}">',
    '<link rel="attachment" href="{url}">',
    '<a rel="attachment" href="{url}">x</a>',
    '<object data="{url}" type="image/png"></object>',
    '<embed src="{url}" type="image/png">',
    '<base href="{url}"><img src="a.png">',
    "<style>@import url({url});</style>",
    "<style>@font-face {{ font-family: X; src: url({url}) }} p {{ font-family: X }}</style><p>x</p>",
    "<style>p {{ background: url({url}) }}</style><p>x</p>",
    "<style>p {{ list-style: url({url}); display: list-item }}</style><p>x</p>",
    "<style>p::before {{ content: url({url}) }}</style><p>x</p>",
    "<style>p {{ border-image: url({url}) 1 }}</style><p>x</p>",
    "<style>@page {{ background: url({url}) }}</style><p>x</p>",
    "<style>@page {{ @top-left {{ content: url({url}) }} }}</style><p>x</p>",
    "<style>@color-profile --x {{ src: url({url}) }}</style><p>x</p>",
    '<p style="background-image: url({url})">x</p>',
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{url}" width="9"/></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><use href="{url}#x"/></svg>',
    '<svg width="9" height="9"><style>@import url({url});</style><rect width="9" height="9"/></svg>',
    '<svg width="9" height="9"><rect width="9" height="9" fill="url({url}#x)"/></svg>',
]


@pytest.mark.parametrize("vector", VECTORS)
@pytest.mark.parametrize("scheme", ["http", "file", "data", "relative"])
def test_nothing_outside_the_shelf_is_reached(
    plain: Renderer, listener: Listener, tmp_path: Path, vector: str, scheme: str
) -> None:
    canary = tmp_path / "canary.png"
    canary.write_bytes(b"CANARY-7713")
    url = {
        "http": f"http://127.0.0.1:{listener.port}/a.png",
        "file": canary.as_uri(),
        "data": "data:text/css,p{color:red}",
        "relative": "missing.png",
    }[scheme]
    with suppress(PaperError):
        made = plain.render(PAGE.format(vector.format(url=url))).pdf
        # Nothing was fetched: at most an address was left unread.
        assert b"CANARY" not in made
        assert reading.text(made) in ("x", "")
        assert not PdfReader(BytesIO(made)).attachments
    assert listener.knocks == 0


PICTURES = [
    vector
    for vector in VECTORS
    if vector.startswith(('<img src="{', "<object", "<embed", "<link", "<a", "<base"))
]


@pytest.mark.parametrize("vector", [*PICTURES, *VECTORS[10:16], VECTORS[17]])
@pytest.mark.parametrize("url", ["http://127.0.0.1:9/a.png", "asset:seal.png", "seal.png"])
def test_a_missing_picture_stops_the_paper(plain: Renderer, vector: str, url: str) -> None:
    with pytest.raises(PaperError, match=r"thiếu hình"):
        plain.render(PAGE.format(vector.format(url=url)))


def test_a_broken_picture_stops_the_paper(plain: Renderer) -> None:
    with pytest.raises(PaperError, match="không dùng được"):
        plain.render(PAGE.format('<img src="asset:qr.png">'), {"qr.png": b"no picture"})


def test_a_letter_without_a_font_stops_the_paper_and_is_named(plain: Renderer) -> None:
    with pytest.raises(PaperError, match=r"“ก” \(U\+0E01\) trong “Ông กอ”"):
        plain.render(PAGE.format("<p>Ông กอ</p>"))


def test_fonts_are_only_ours() -> None:
    official = renderer("base.css", "official.css", tagged=True).render(samples.agenda())
    assert reading.fonts(official.pdf) == {"Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-Bold-Italic"}
    badges = renderer("base.css", "badges.css").render(*samples.badges(samples.PEOPLE))
    assert all(name.startswith("Be-Vietnam-Pro") for name in reading.fonts(badges.pdf))


def test_every_vietnamese_letter_comes_back_as_it_went_in(plain: Renderer) -> None:
    for family in ("Tinos", "Be Vietnam Pro"):
        for weight in (400, 700):
            body = f"<div class='pt12'>{' '.join(ALPHABET + ALPHABET.upper())}</div>"
            style = f"<style>div {{ font-family: '{family}'; font-weight: {weight} }}</style>"
            made = plain.render(PAGE.format(style + body)).pdf
            assert reading.letters(reading.text(made)) == ALPHABET + ALPHABET.upper()


def test_the_same_paper_is_the_same_bytes_in_one_process_and_in_another() -> None:
    code = (
        "import django; django.setup()\n"
        "import hashlib\nfrom documents.pdf import renderer\nfrom tests.documents import samples\n"
        "r = renderer('base.css', 'certificate.css')\n"
        "html, images = samples.certificates(samples.PEOPLE)\n"
        "for _ in range(2): print(hashlib.sha256(r.render(html, images).pdf).hexdigest())\n"
        "files = list(r.render_each(html, list('abcdefg'), images))\n"
        "print(hashlib.sha256(b''.join(file.pdf for file in files)).hexdigest())\n"
    )
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", code]
    first, second = (
        subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout.split()
        for _ in range(2)
    )
    here = renderer("base.css", "certificate.css").render(*samples.certificates(samples.PEOPLE))
    assert first == second
    assert set(first[:2]) == {hashlib.sha256(here.pdf).hexdigest()}


def test_metadata_comes_from_the_data() -> None:
    made = renderer("base.css", "certificate.css").render(*samples.certificates(samples.PEOPLE[:1]))
    reader = PdfReader(BytesIO(made.pdf))
    assert reader.metadata is not None
    assert reader.metadata.title == "Giấy chứng nhận"
    assert reader.metadata.author == samples.AGENCY
    assert reader.metadata["/CreationDate"].startswith("D:20240530090000")
    assert reader.trailer["/Root"]["/Lang"] == "vi"


def test_art_is_drawn_once_however_many_pages_show_it() -> None:
    r = renderer("base.css", "certificate.css")
    one = len(r.render(*samples.certificates(samples.PEOPLE[:1])).pdf)
    seven = len(r.render(*samples.certificates(samples.PEOPLE)).pdf)
    assert seven < one * 1.5


@pytest.mark.parametrize(
    ("fill", "definition", "is_kept"),
    [
        ('fill="#174b86" fill-opacity=".5"', "", True),
        ('fill="url(#g)"', '<stop stop-color="#000"/><stop offset="1" stop-color="#fff"/>', False),
    ],
    ids=["lines and opacities", "a gradient, which belongs to its document"],
)
def test_art_of_an_earlier_document_comes_out_as_if_drawn_anew(
    fill: str, definition: str, is_kept: bool
) -> None:
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" width="100" height="100">'
        f'<linearGradient id="g">{definition}</linearGradient><path d="M0 0H10V10z" {fill}/></svg>'
    )
    art = Art("asset:a.svg", drawing.encode(), None)
    files = []
    for _ in range(2):
        page = weasyprint.HTML(string=PAGE.format('<img src="asset:a.svg">'), base_url="asset:/")
        files.append(page.render(cache={"asset:a.svg": art.for_document()}).write_pdf())
    assert bool(art._known) is is_kept
    assert files[0] == files[1]
    colours = reading.picture(files[1]).getcolors(2**20) or []
    assert len({colour for _count, colour in colours}) > (1 if is_kept else 20)


def test_the_style_of_our_papers_is_understood_whole(caplog: pytest.LogCaptureFixture) -> None:
    for name in ("official.css", "certificate.css", "badges.css"):
        Renderer("base.css", name)
    assert [record.getMessage() for record in caplog.records] == []


def test_what_makes_and_signs_papers_stays_out_of_the_web_process() -> None:
    root = Path(__file__).resolve().parents[2]
    heavy = {"weasyprint", "pyhanko", "fontTools", "openpyxl"}
    code = f"import django; django.setup(); import conference.urls, sys; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=root, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"
