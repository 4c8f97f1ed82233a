"""Papers to be looked at: drawn by a child with limits, on the longest, the shortest and a random name."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
from typing import Any

import pytest
from PIL import Image

from attendees.inspecting import ROOT
from attendees.models import Attendee, Delegation
from conference.models import Conference
from documents import looks, previewing
from documents.errors import PaperError
from documents.looks import BADGE, CERTIFICATE
from documents.models import Document
from tests.conftest import MakeAttendee
from tests.documents.designs import strong
from tests.qr_reading import qr_codes

pytestmark = pytest.mark.django_db


def opened(src: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(src.removeprefix("data:image/png;base64,"))))


@pytest.mark.parametrize(("paper", "ratio"), [(BADGE, 105 / 148.5), (CERTIFICATE, 297 / 210)])
def test_the_page_is_shown_for_three_people(
    conference: Conference, people: list[Attendee], paper: str, ratio: float
) -> None:
    shown = previewing.preview(conference, strong(paper), seed=1)
    assert [(one.why, one.who) for one in shown] == [
        ("Tên dài nhất", "Nguyễn Thị Thu Hương"),
        ("Tên ngắn nhất", "Hà Trung Thọ"),
        ("Ngẫu nhiên", "Đặng Văn Sơn"),
    ]
    for one in shown:
        picture = opened(one.src)
        assert picture.width / picture.height == pytest.approx(ratio, abs=0.01)
    assert not Document.objects.exists()


def test_nothing_on_a_preview_opens_a_door_or_proves_anything(
    conference: Conference, people: list[Attendee]
) -> None:
    for paper in (BADGE, CERTIFICATE):
        for one in previewing.preview(conference, looks.standard(paper), seed=0):
            picture = opened(one.src)
            [code] = qr_codes(picture.resize((picture.width * 3, picture.height * 3)))
            assert "XXXXXXXXXXXXXXXX" in code.text
            assert not any(person.badge_token in code.text for person in people)


def test_who_is_named_is_shown_where_nobody_is_confirmed(
    conference: Conference, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    [(why, invented)] = previewing.samples(conference, 5)
    assert (why, invented.full_name) == (
        "Người minh họa, hội nghị chưa có đại biểu",
        "Nguyễn Thị Minh Họa",
    )
    assert len(previewing.preview(conference, looks.standard(BADGE), 5)) == 1
    make_attendee(delegation, "Trần Chưa Chắc")
    assert {one.full_name for _why, one in previewing.samples(conference, 5)} == {"Trần Chưa Chắc"}


def test_what_the_engine_refuses_is_said_in_its_sentence(
    conference: Conference, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation, "Nguyễn Văn 🎉", status="confirmed")
    with pytest.raises(PaperError, match="phông chữ không có ký tự “🎉”"):
        previewing.preview(conference, looks.standard(BADGE), 0)


def test_a_child_that_takes_too_long_is_stopped(
    conference: Conference, people: list[Attendee], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previewing, "PATIENCE", 0.05)
    with pytest.raises(PaperError, match="quá lâu"):
        previewing.preview(conference, looks.standard(BADGE), 0)


def test_the_web_process_never_loads_the_engine() -> None:
    asked = (
        "import django, sys; django.setup(); import documents.admin_designing; "
        "print('weasyprint' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip().splitlines()[-1] == "False"


def test_the_child_reaches_nothing_and_grows_no_further(settings: Any) -> None:
    """A page that names a file or an address is refused; one that is endless ends at a limit."""
    command = [
        sys.executable, "-E", "-s", "-X", "utf8", "-m", "documents.previewing_child", str(settings.DATA_DIR),
        str(settings.FONTS_DIR), str(settings.LOCALE_PATHS[0]), "vi",
    ]  # fmt: skip
    asked = {"html": "", "rules": "", "stylesheets": ["base.css"], "dpi": 90, "codes": {}, "pictures": {}}
    for page in ('<img src="file:///etc/hostname">', '<img src="http://127.0.0.1:9/a.png">'):
        told = subprocess.run(
            command, cwd=ROOT, env={}, input=json.dumps({**asked, "html": page}).encode(),
            capture_output=True, check=True,
        )  # fmt: skip
        assert "thiếu hình" in json.loads(told.stdout)["refused"]
    huge = {**asked, "html": "<p>x</p>", "dpi": 90_000}
    told = subprocess.run(command, cwd=ROOT, env={}, input=json.dumps(huge).encode(), capture_output=True)
    assert told.returncode == 1
    assert b"<p>" not in told.stderr


def test_a_fault_of_the_child_is_a_sentence(
    conference: Conference, people: list[Attendee], caplog: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(previewing.DPI, BADGE, 90_000)  # more memory than it may have
    with pytest.raises(PaperError, match="do lỗi của hệ thống"):
        previewing.preview(conference, looks.standard(BADGE), 0)
    assert "The preview ended with 1" in caplog.text
