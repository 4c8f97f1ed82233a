"""Papers as a person handles them: ask, wait, download, open, read, scan."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests import browsers
from tests.documents.reading import letters, text
from tests.journeys.stage import Stage
from tests.qr_reading import qr_codes

PAPERS = "/da-lat-2024/documents/"


def print_from_the_desk(page: Page, stage: Stage, kind: str) -> None:
    """An organiser asks for a paper of the whole conference, from the button of the desk."""
    page.goto(f"{stage.address}/admin/")
    page.get_by_role("link", name="In giấy tờ").click()
    page.select_option("select[name=kind]", kind)
    page.get_by_role("button", name="In giấy tờ").click()
    page.wait_for_url("**/admin/documents/document/**")


def issue_the_draft(page: Page, stage: Stage) -> None:
    """An organiser writes down that the signer approved the batch that waits, and issues it."""
    page.goto(f"{stage.address}/admin/issuing/")
    page.locator("tr", has_text="Chờ duyệt").get_by_role("link").click()
    page.fill("[name=paper_reference]", "Phiếu trình số 15/PTr ngày 07/6/2024")
    page.get_by_role("button", name="Ghi người ký đã duyệt trên giấy").click()
    page.get_by_role("button", name=re.compile("^Cấp .* giấy$")).click()
    page.get_by_text(re.compile("^Đã cấp .* giấy")).wait_for()


def ask(page: Page, stage: Stage, title: str) -> None:
    """Somebody asks for a paper on the page of papers."""
    page.goto(stage.address + PAPERS)
    page.get_by_role("button", name=f"Lập PDF {title}", exact=True).click()


def download(page: Page, stage: Stage, title: str) -> bytes:
    """Wait for the worker on the page of papers, then take the file of the newest paper of that title."""
    paper = page.locator(".paper").filter(has_text=title).first
    link = paper.get_by_role("link", name=re.compile("^Tải"))

    def is_there() -> bool:
        page.goto(stage.address + PAPERS)
        return link.count() > 0

    browsers.until(page, is_there, lambda: f"{title}: {paper.inner_text()}")
    with page.expect_download() as taking:
        link.click()
    return Path(taking.value.path()).read_bytes()


def spoken(pdf: bytes) -> str:
    """All the text of a PDF without blanks, capitals and the breaks of lines."""
    return letters(text(pdf)).casefold()


def said(value: str) -> str:
    """A text as `spoken` would hold it."""
    return letters(value).casefold()


def code_on(pdf: bytes, page: int) -> str:
    """What a telephone reads from the QR on a page."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "paper.pdf")
        source.write_bytes(pdf)
        one_page = ["-r", "200", "-f", str(page), "-l", str(page), "-singlefile", "-png"]
        subprocess.run(["pdftoppm", *one_page, source, Path(folder, "page")], check=True)
        with Image.open(Path(folder, "page.png")) as picture:
            return str(qr_codes(picture)[0].text)
