"""Pieces joined in their order, without repeating what they have in common."""

import zipfile
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from documents import joining
from documents.pdf import renderer
from tests.documents import reading, samples
from tests.documents.test_sealing import archival


def pieces(folder: Path, *variants: str | None) -> list[Path]:
    paths = []
    for index, variant in enumerate(variants or (None, None, None)):
        made = renderer("base.css", "certificate.css", variant=variant).render(
            *samples.certificates(samples.PEOPLE[index * 2 :][:2])
        )
        paths.append(folder / f"{index}.pdf")
        paths[-1].write_bytes(made.pdf)
    return paths


def test_pages_stand_in_the_order_of_the_pieces(tmp_path: Path) -> None:
    assert joining.join_pdfs(pieces(tmp_path), tmp_path / "all.pdf") == 6
    said = [page.extract_text() for page in PdfReader(tmp_path / "all.pdf").pages]
    for text, person in zip(said, samples.PEOPLE, strict=False):
        assert person[1].upper() in text


def test_joined_pages_look_as_before(tmp_path: Path) -> None:
    paths = pieces(tmp_path)
    joining.join_pdfs(paths, tmp_path / "all.pdf")
    joined = (tmp_path / "all.pdf").read_bytes()
    for index, path in enumerate(paths):
        before = reading.picture(path.read_bytes(), 2, dpi=60)
        assert reading.picture(joined, index * 2 + 2, dpi=60).tobytes() == before.tobytes()


def test_the_art_is_kept_once(tmp_path: Path) -> None:
    paths = pieces(tmp_path)
    joining.join_pdfs(paths, tmp_path / "all.pdf")
    with pikepdf.open(paths[0]) as piece:
        art = max(len(one.read_raw_bytes()) for one in piece.objects if isinstance(one, pikepdf.Stream))
    saved = sum(path.stat().st_size for path in paths) - (tmp_path / "all.pdf").stat().st_size
    assert art > 15_000
    assert saved > (len(paths) - 1) * art


def test_a_full_disk_is_told_and_the_process_lives(tmp_path: Path) -> None:
    paths = pieces(tmp_path)
    with pytest.raises(OSError, match="No space left"):
        joining.join_pdfs(paths, Path("/dev/full"))
    assert joining.join_pdfs(paths, tmp_path / "all.pdf") == 6


def test_joining_keeps_title_and_language_and_gives_equal_bytes(tmp_path: Path) -> None:
    paths = pieces(tmp_path)
    for name in ("one.pdf", "two.pdf"):
        joining.join_pdfs(paths, tmp_path / name)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()
    reader = PdfReader(tmp_path / "one.pdf")
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.trailer["/Root"]["/Lang"]) == ("Giấy chứng nhận", "vi")


def test_archival_pieces_make_an_archival_file(tmp_path: Path) -> None:
    joining.join_pdfs(pieces(tmp_path, "pdf/a-3u", "pdf/a-3u"), tmp_path / "all.pdf")
    joined = (tmp_path / "all.pdf").read_bytes()
    assert archival(joined) == []
    with pikepdf.open(BytesIO(joined)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == 4
        assert not {"/StructTreeRoot", "/MarkInfo"} & set(pdf.Root.keys())
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == str(pdf.docinfo.Title)


@pytest.mark.parametrize("variants", [("pdf/a-3u", None, "pdf/a-3u"), (None, "pdf/a-3u"), (None, None)])
def test_a_file_of_which_a_piece_is_not_archival_does_not_say_so(
    tmp_path: Path, variants: tuple[str | None, ...]
) -> None:
    joining.join_pdfs(pieces(tmp_path, *variants), tmp_path / "all.pdf")
    with pikepdf.open(tmp_path / "all.pdf") as pdf:
        assert not {"/OutputIntents", "/Metadata"} & set(pdf.Root.keys())


def test_archives_are_joined_in_order_with_equal_bytes(tmp_path: Path) -> None:
    joining.write_zip([("Đoàn A/1.pdf", b"one"), ("Đoàn A/2.pdf", b"two")], tmp_path / "a.zip")
    joining.write_zip([("Đoàn B/3.pdf", b"three")], tmp_path / "b.zip")
    for name in ("all.zip", "again.zip"):
        assert joining.join_zips([tmp_path / "a.zip", tmp_path / "b.zip"], tmp_path / name) == 3
    with zipfile.ZipFile(BytesIO((tmp_path / "all.zip").read_bytes())) as archive:
        assert [(n, archive.read(n)) for n in archive.namelist()] == [
            ("Đoàn A/1.pdf", b"one"),
            ("Đoàn A/2.pdf", b"two"),
            ("Đoàn B/3.pdf", b"three"),
        ]
    assert (tmp_path / "all.zip").read_bytes() == (tmp_path / "again.zip").read_bytes()
