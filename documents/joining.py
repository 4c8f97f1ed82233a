"""Joining finished pieces: one PDF out of many in their order, one ZIP out of many.

Each piece brings its own copy of the art (and of equal fonts): equal streams are kept once, so that a run
of 2 000 is not a hundred times the frame.
"""

import hashlib
import zipfile
from collections.abc import Iterable
from io import BytesIO, RawIOBase
from pathlib import Path
from typing import Any, BinaryIO, cast

import pikepdf
from pikepdf import Name, Pdf

# The first moment a ZIP can tell; a fixed one, so that equal papers make equal files.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


_APART = ("/Resources", "/Length")  # differ by reference only
# What an archival file says of itself. Pieces of one paper say the same; tags are left behind, and level U of
# PDF/A-3 asks for none.
_FORM = ("/OutputIntents", "/Metadata")


def join_pdfs(pieces: Iterable[BinaryIO], target: Path) -> int:
    """Write all pages of the pieces to `target`, in order, with metadata of the first; return the count.

    The file is archival where each of them is.
    """
    with Pdf.new() as joined:
        for index, piece in enumerate(pieces):
            with Pdf.open(piece) as pdf:
                if index == 0:
                    joined.trailer.Info = joined.copy_foreign(pdf.docinfo)
                    joined.Root.Lang = pikepdf.String(str(pdf.Root.get("/Lang", "vi")))
                    for key in _said(pdf):
                        own = pdf.Root[key]
                        own = own if own.is_indirect else pdf.make_indirect(own)
                        joined.Root[key] = joined.copy_foreign(own)
                elif len(_said(pdf)) < len(_FORM):
                    for key in _said(joined):
                        del joined.Root[key]
                joined.pages.extend(pdf.pages)
        _keep_equal_streams_once(joined)
        with target.open("wb") as file:
            written = _Written(file)
            joined.save(
                cast(BinaryIO, written),
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                deterministic_id=True,
                fix_metadata_version=False,
            )
            written.require_whole()
        return len(joined.pages)


class _Written(RawIOBase):
    """A file for a library that ends the whole process where the disk is full, instead of raising.

    It hears of no fault; who asked for the file does, when the library is through.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._fault: OSError | None = None

    def write(self, data: Any) -> int:
        """Take bytes; after the first fault nothing comes into the file any more."""
        if self._fault is None:
            try:
                self._file.write(data)
            except OSError as fault:
                self._fault = fault
        return len(data)

    def require_whole(self) -> None:
        """Raise the first fault."""
        if self._fault is not None:
            raise self._fault


def _said(pdf: Pdf) -> list[str]:
    return [key for key in _FORM if key in pdf.Root]


def _keep_equal_streams_once(pdf: Pdf) -> None:
    """Let every resource dictionary point at the first of equal pictures and forms."""
    seen: dict[bytes, pikepdf.Object] = {}
    visited: set[tuple[int, int]] = set()
    for page in pdf.pages:
        resources = page.obj.get("/Resources")
        if resources is not None and resources.objgen not in visited:
            visited.add(resources.objgen)
            _share(resources.get("/XObject", pikepdf.Dictionary()), seen)


def _share(streams: pikepdf.Object, seen: dict[bytes, pikepdf.Object]) -> None:
    for name in list(streams.keys()):
        stream = streams[name]
        facts = sorted((key, str(value)) for key, value in stream.items() if key not in _APART)
        digest = hashlib.sha256(repr(facts).encode() + stream.read_raw_bytes()).digest()
        streams[Name(name)] = seen.setdefault(digest, stream)


def page_count(pdf: bytes) -> int:
    """How many pages a file has."""
    with Pdf.open(BytesIO(pdf)) as opened:
        return len(opened.pages)


def write_zip(files: Iterable[tuple[str, bytes]], target: Path) -> None:
    """Write a ZIP of (name, bytes), names with folders; PDFs are compressed already."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name, _ZIP_EPOCH), data)


def join_zips(pieces: Iterable[BinaryIO], target: Path) -> int:
    """Write all files of the pieces into one ZIP, in order. Returns how many."""
    count = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for piece in pieces:
            with zipfile.ZipFile(piece) as part:
                for entry in part.infolist():
                    archive.writestr(zipfile.ZipInfo(entry.filename, _ZIP_EPOCH), part.read(entry))
                    count += 1
    return count
