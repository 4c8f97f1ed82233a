"""What one process worked out of a look, the next uses; what cannot be read or written is worked out anew."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from documents import pdf, pdf_kept
from tests.documents.test_stamping import certificates


@pytest.fixture
def kept(settings: Any, tmp_path: Path) -> Path:
    """The folder of a machine on which nothing was worked out yet."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "stamping"


def made() -> bytes:
    """Certificates, by a process that has worked nothing out itself."""
    pdf.renderer.cache_clear()
    return certificates(variant="pdf/a-3u").joined(range(3)).pdf


def test_the_next_process_takes_what_the_first_pdf_kept(kept: Path) -> None:
    first = made()
    files = {path: path.read_bytes() for path in kept.iterdir()}
    assert {path.name.partition("-")[0] for path in files} == {"face", "art"}
    assert made() == first
    assert {path: path.read_bytes() for path in kept.iterdir()} == files


@pytest.mark.parametrize("what", ["face", "art"])
def test_the_control_another_thing_kept_makes_another_page(kept: Path, what: str) -> None:
    first = made()
    for path in kept.glob(f"{what}-*"):
        found = json.loads(path.read_text())
        if what == "face":
            found["boxes"] = {name: [box[0] + 9, *box[1:]] for name, box in found["boxes"].items()}
        else:
            found[0] = ""
        path.write_text(json.dumps(found))
    assert made() != first


@pytest.mark.parametrize("left", [b"", b'{"boxes": {"na', b"\xff\xfe"])
def test_a_broken_file_is_pdf_kept_anew(kept: Path, left: bytes, caplog: Any) -> None:
    first = made()
    files = {path: path.read_bytes() for path in kept.iterdir()}
    for path in files:
        path.write_bytes(left)
    assert made() == first
    assert "it is worked out anew" in caplog.text
    assert {path: path.read_bytes() for path in kept.iterdir()} == files


def test_what_cannot_be_kept_costs_no_paper(kept: Path, caplog: Any) -> None:
    first = made()
    for path in kept.iterdir():
        path.unlink()
    kept.rmdir()
    kept.write_text("a file where the folder should be")
    assert made() == first
    assert "the next process works it out anew" in caplog.text


def test_a_name_tells_its_parts_apart(kept: Path) -> None:
    parts = (("ab", "c"), ("a", "bc"), ("abc",), (b"abc", ""))
    names = {pdf_kept.name_of("face", *one) for one in parts}
    assert len(names) == 4


def test_what_is_long_past_is_forgotten(kept: Path) -> None:
    pdf_kept.keep("face-1", 1)
    (kept / "face-2.4711").write_text("half")
    for path in kept.iterdir():
        os.utime(path, (0, 0))
    pdf_kept.keep("face-3", 3)
    assert os.listdir(kept) == ["face-3.json"]


def test_only_whole_files_get_the_name(kept: Path) -> None:
    pdf_kept.keep("face-1", {"boxes": {}})
    assert os.listdir(kept) == ["face-1.json"]
    assert pdf_kept.known("face-1") == {"boxes": {}}
    assert pdf_kept.known("face-2") is None
