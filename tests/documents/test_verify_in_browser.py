"""The check page in a real browser: a PDF is hashed there and compared; it is sent nowhere."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from conference.models import Conference, User
from documents.models import CertificateFile
from tests.conference.test_pages_in_browser import browser_page, look
from tests.documents.conftest import give

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("people"),
]


def test_a_file_is_compared_on_the_device(
    live_server: LiveServer, conference: Conference, olga: User, tmp_path: Path
) -> None:
    certificate = give(conference, by=olga)[0]
    mine, other = tmp_path / "mine.pdf", tmp_path / "other.pdf"
    mine.write_bytes(b"%PDF-1.7 the very bytes")
    other.write_bytes(b"%PDF-1.7 other bytes")
    CertificateFile.objects.create(
        certificate=certificate, kind="copy", file="certificates/a.pdf",
        sha256=hashlib.sha256(mine.read_bytes()).hexdigest(), size=23,
    )  # fmt: skip
    path = f"/v/{certificate.code}"
    with browser_page(live_server, locale="vi-VN") as page:
        assert look(page, live_server, (path,)) == []
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.method))
        for file, words in ((mine, "đúng là bản đã cấp, chưa ký số"), (other, "khác với các bản đã cấp")):
            page.set_input_files("[data-file]", file)
            page.get_by_role("status").filter(has_text=words).wait_for()
        assert sent == []
