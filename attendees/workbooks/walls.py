"""Walls before any parser: what the bytes are, whatever the file is called, and how large they become.

A zip is unpacked here, part by part, with the limits counted while inflating; parsers only get what passed.
Everything that is refused is refused with a sentence that says what to do.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

from attendees.workbooks.shapes import Unreadable
from conference.vietnamese import gettext_noop

MOST_ENTRIES = 200
LARGEST_INSIDE = 60 * 1024 * 1024  # bytes of all parts of a zip together
STEEPEST = 100  # times that a zip may grow
SMALL = 1024 * 1024  # a part this small may be packed as tightly as it likes

XLSX, XLS, ODS, CSV = "xlsx", "xls", "ods", "csv"

BROKEN = gettext_noop("Tệp bị hỏng hoặc tải lên chưa hết. Mở tệp gốc bằng Excel, lưu lại rồi gửi lại.")
BOMB = gettext_noop("Tệp này bung ra quá lớn nên không được mở. Chép riêng bảng đại biểu sang tệp mới.")
LOCKED = gettext_noop(
    "Tệp này đặt mật khẩu mở. Bỏ mật khẩu trong Excel (Tệp, Thông tin, Bảo vệ), rồi gửi lại."
)
NOT_A_TABLE = gettext_noop("Tệp này là %(kind)s, không phải bảng tính. Gửi tệp .xlsx, .xls, .ods hoặc .csv.")
EMPTY = gettext_noop("Tệp trống. Chọn lại tệp danh sách đại biểu.")
UNKNOWN = gettext_noop("Tệp này không phải bảng tính. Gửi tệp .xlsx, .xls, .ods hoặc .csv.")
SAVE_ANEW = gettext_noop("Tệp này ở dạng %(kind)s. Mở bằng Excel, lưu lại dạng .xlsx rồi gửi lại.")
DECLARATIONS = gettext_noop("Tệp này có khai báo lạ nên không được mở. Mở bằng Excel, lưu lại rồi gửi lại.")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The first bytes of files that are no tables, and what a person calls them.
_SIGNATURES = (
    (b"%PDF", gettext_noop("tệp PDF")),
    (b"{\\rtf", gettext_noop("văn bản RTF")),
    (b"\x89PNG", gettext_noop("tệp ảnh")),
    (b"\xff\xd8\xff", gettext_noop("tệp ảnh")),
    (b"GIF8", gettext_noop("tệp ảnh")),
    (b"II*\x00", gettext_noop("tệp ảnh")),
    (b"MM\x00*", gettext_noop("tệp ảnh")),
    (b"RIFF", gettext_noop("tệp ảnh")),
    (b"Rar!", gettext_noop("tệp nén")),
    (b"7z\xbc\xaf", gettext_noop("tệp nén")),
    (b"\x1f\x8b", gettext_noop("tệp nén")),
    (b"MZ", gettext_noop("chương trình")),
    (b"\x7fELF", gettext_noop("chương trình")),
)
_SECTOR = 512
_BOF = re.compile(rb"\x09\x08[\x08\x10]\x00\x00[\x05\x06]\x05\x00")  # the workbook's globals begin
_FILEPASS = 0x2F
# Streams of an old Office file, in UTF-16, and what they say.
_STREAMS = (
    ("WordDocument", gettext_noop("văn bản Word")),
    ("PowerPoint Document", gettext_noop("bài trình chiếu")),
)
_FOLDERS = (("word/", gettext_noop("văn bản Word")), ("ppt/", gettext_noop("bài trình chiếu")))


def kind_of(data: bytes) -> str:
    """XLSX, XLS, ODS or CSV (any text), by content alone; raises Unreadable for all else."""
    if not data.strip(b"\x00\t\r\n "):
        raise Unreadable(EMPTY)
    if data.startswith(b"PK"):
        return _kind_of_zip(data)
    if data.startswith(_OLE):
        return _kind_of_ole(data)
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise Unreadable(NOT_A_TABLE, kind=kind)
    if data[:1] == b"\x09" and data[1:2] in b"\x00\x02\x04\x08" and data[3:4] == b"\x00":
        raise Unreadable(SAVE_ANEW, kind=gettext_noop("Excel quá cũ"))
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<style", b"<div")):
        raise Unreadable(SAVE_ANEW, kind=gettext_noop("trang web"))
    if head.startswith(b"<?xml"):
        raise Unreadable(SAVE_ANEW, kind="XML")
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\x00" in data:
        raise Unreadable(UNKNOWN)
    return CSV


def _kind_of_ole(data: bytes) -> str:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        raise Unreadable(LOCKED)
    for stream, kind in _STREAMS:
        if holds(stream):
            raise Unreadable(NOT_A_TABLE, kind=kind)
    if _has_filepass(data):
        raise Unreadable(LOCKED)
    if holds("Workbook") or holds("Book"):
        return XLS
    directory = int.from_bytes(data[48:52], "little")  # its place, in sectors after the header
    raise Unreadable(BROKEN if len(data) < (directory + 2) * _SECTOR else UNKNOWN)


def _has_filepass(data: bytes) -> bool:
    """Whether an old workbook begins with the record that says that all the rest is encrypted."""
    for found in _BOF.finditer(data):
        at, end = found.start(), found.start() + _SECTOR
        while found.start() % _SECTOR == 0 and at + 4 <= min(end, len(data)):
            kind, size = struct.unpack_from("<HH", data, at)
            if kind == _FILEPASS:
                return True
            at += 4 + size
    return False


def _kind_of_zip(data: bytes) -> str:
    names = _opened(data).namelist()
    for folder, kind in _FOLDERS:
        if any(name.startswith(folder) for name in names):
            raise Unreadable(NOT_A_TABLE, kind=kind)
    if "xl/workbook.bin" in names:
        raise Unreadable(SAVE_ANEW, kind=".xlsb")
    if any(name.lower().replace("\\", "/").startswith("xl/") for name in names):
        return XLSX
    if "content.xml" in names:
        return ODS
    raise Unreadable(NOT_A_TABLE, kind=gettext_noop("tệp nén"))


def _opened(data: bytes) -> zipfile.ZipFile:
    """The directory of a zip, judged by what it declares."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as fault:
        raise Unreadable(BROKEN) from fault
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise Unreadable(BOMB)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Unreadable(LOCKED)
    inside = sum(entry.file_size for entry in entries)
    steep = any(
        entry.file_size > SMALL and entry.file_size > STEEPEST * max(entry.compress_size, 1)
        for entry in entries
    )
    if inside > LARGEST_INSIDE or inside > max(SMALL, STEEPEST * len(data)) or steep:
        raise Unreadable(BOMB)
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise Unreadable(BROKEN)
    return archive


def parts_of(data: bytes) -> dict[str, bytes]:
    """The XML parts of a zip, inflated, none of them longer than it said and none with a DOCTYPE."""
    archive = _opened(data)
    parts: dict[str, bytes] = {}
    for entry in archive.infolist():
        name = entry.filename.replace("\\", "/")
        if name.lower().endswith((".xml", ".rels")) or name == "mimetype":
            parts[name] = _inflated(archive, entry)
            require_plain(parts[name])
    return parts


def _inflated(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """One part; `zipfile` stops at the declared size, and then the checksum tells a lie."""
    try:
        with archive.open(entry) as part:
            return part.read()
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError) as fault:
        raise Unreadable(BROKEN) from fault
    except RuntimeError as locked:  # what zipfile raises for a part with a password
        raise Unreadable(LOCKED) from locked


def require_plain(part: bytes) -> None:
    """Raises Unreadable for XML that declares entities or a document type, in any spelling."""
    if b"\x00" in part:
        part = part.replace(b"\x00", b"")  # UTF-16: its ASCII shows between the zeros
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise Unreadable(DECLARATIONS)


def packed(parts: dict[str, bytes]) -> bytes:
    """Parts that have passed, as a zip of their own: the parser sees nothing else."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()
