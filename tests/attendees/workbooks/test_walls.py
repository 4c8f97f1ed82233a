"""What is no list, or more than one, gets one sentence, quickly."""

import io
import os
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from attendees.workbooks import Unreadable, read
from attendees.workbooks.grids import MOST_PEOPLE
from tests.attendees.messy import messy_workbook
from tests.attendees.workbooks.builders import (
    HEAD,
    ODS_TYPE,
    TODAY,
    changed,
    csv_text,
    ods,
    person,
    told,
    xls,
    xlsx,
    zipped,
)

GOOD = messy_workbook()
SHEET = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refusal(data: bytes, name: str = "danh-sach.xlsx") -> str:
    with pytest.raises(Unreadable) as caught:
        read(data, name, today=TODAY)
    return caught.value.sentence


# What is something else, or locked, or broken

BROKEN = "Tệp bị hỏng hoặc tải lên chưa hết. Mở tệp gốc bằng Excel, lưu lại rồi gửi lại."
LOCKED = "Tệp này đặt mật khẩu mở. Bỏ mật khẩu trong Excel (Tệp, Thông tin, Bảo vệ), rồi gửi lại."
BOMB = "Tệp này bung ra quá lớn nên không được mở. Chép riêng bảng đại biểu sang tệp mới."


def not_a_table(kind: str) -> str:
    return f"Tệp này là {kind}, không phải bảng tính. Gửi tệp .xlsx, .xls, .ods hoặc .csv."


def save_anew(kind: str) -> str:
    return f"Tệp này ở dạng {kind}. Mở bằng Excel, lưu lại dạng .xlsx rồi gửi lại."


def ole_with(stream: str) -> bytes:
    return OLE + bytes(600) + stream.encode("utf-16-le") + bytes(4000)


def with_password(data: bytes) -> bytes:
    """The flag of an encrypted part, set in the directory and before the part."""
    return data.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")


RENAMED = {
    "nothing": (b"", "Tệp trống. Chọn lại tệp danh sách đại biểu."),
    "blanks": (b" \r\n\t\x00", "Tệp trống. Chọn lại tệp danh sách đại biểu."),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", not_a_table("tệp PDF")),
    "a PNG": (b"\x89PNG\r\n\x1a\n" + bytes(99), not_a_table("tệp ảnh")),
    "a JPEG": (b"\xff\xd8\xff\xe0" + bytes(99), not_a_table("tệp ảnh")),
    "RTF": (b"{\\rtf1\\ansi Danh sach}", not_a_table("văn bản RTF")),
    "RAR": (b"Rar!\x1a\x07\x00" + bytes(99), not_a_table("tệp nén")),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(99), not_a_table("tệp nén")),
    "gzip": (b"\x1f\x8b\x08" + bytes(99), not_a_table("tệp nén")),
    "a program": (b"MZ" + bytes(99), not_a_table("chương trình")),
    "docx": (zipped({"[Content_Types].xml": "", "word/document.xml": "<a/>"}), not_a_table("văn bản Word")),
    "pptx": (zipped({"ppt/presentation.xml": "<a/>"}), not_a_table("bài trình chiếu")),
    "a zip of a workbook": (zipped({"danh-sach.xlsx": GOOD}), not_a_table("tệp nén")),
    "doc": (ole_with("WordDocument"), not_a_table("văn bản Word")),
    "ppt": (ole_with("PowerPoint Document"), not_a_table("bài trình chiếu")),
    "xlsb": (zipped({"xl/workbook.bin": b"\x83\x01"}), save_anew(".xlsb")),
    "HTML called .xls": (b"<html><table><tr><td>STT</td></tr></table></html>", save_anew("trang web")),
    "XML of 2003": (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", save_anew("XML")),
    "Excel 4": (b"\x09\x04\x06\x00\x00\x00\x10\x00" + bytes(99), save_anew("Excel quá cũ")),
    "bytes": (
        bytes(range(256)) * 9,
        "Tệp này không phải bảng tính. Gửi tệp .xlsx, .xls, .ods hoặc .csv.",
    ),
    "a locked .xlsx": (ole_with("EncryptedPackage"), LOCKED),
    "a locked zip": (with_password(GOOD), LOCKED),
    "half an .xlsx": (GOOD[: len(GOOD) // 2], BROKEN),
    "an .xlsx without its end": (GOOD[:-30], BROKEN),
    "half an .ods": (ods([HEAD, person(1)])[:700], BROKEN),
    "half an .xls": (xls([HEAD, person(1)])[:2500], BROKEN),
    "the head of an .xls": (OLE + bytes(100), BROKEN),
    "half a letter": (csv_text([HEAD, person(1, "Nguyễn Văn Đ")]).encode()[:-80] + "Đ".encode()[:1], BROKEN),
    "half of UTF-16": (csv_text([HEAD]).encode("utf-16")[:-1], BROKEN),
}


@pytest.mark.parametrize("name", RENAMED)
def test_what_is_no_list_gets_its_sentence(name: str) -> None:
    data, sentence = RENAMED[name]
    assert refusal(data) == sentence


def test_an_old_workbook_with_a_password_is_told_from_a_broken_one() -> None:
    """FILEPASS, the record of BIFF that says that all the rest is encrypted, right after the first BOF."""
    data = bytearray(xls([HEAD, person(1)]))
    at = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    after = at + 4 + 16
    data[after : after + 58] = struct.pack("<HHHHH", 0x2F, 54, 1, 1, 1) + bytes(48)
    assert refusal(bytes(data)) == LOCKED


def test_an_ods_with_a_password_is_told() -> None:
    manifest = (
        b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        b'<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/>'
        b"</manifest:file-entry></manifest:manifest>"
    )
    data = zipped({"mimetype": ODS_TYPE, "content.xml": bytes(range(200)), "META-INF/manifest.xml": manifest})
    assert refusal(data) == LOCKED


def test_a_file_of_more_than_5_megabytes_is_not_even_opened() -> None:
    assert refusal(GOOD + bytes(5 * 1024 * 1024)) == (
        "Tệp lớn hơn 5 MB. Bỏ ảnh và trang tính thừa, rồi gửi lại."
    )


# Bombs


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "XFD1", "BZ7000"])
def test_a_filled_cell_far_away_is_named(cell: str) -> None:
    far = f'<row r="9"><c r="{cell}"><v>1</v></c></row></sheetData>'.encode()
    data = changed(GOOD, {SHEET: lambda part: part.replace(b"</sheetData>", far)})
    assert len(data) < 12_000
    assert refusal(data) == (
        f"Trang «Danh sach» có ô {cell} nằm quá xa bảng. "
        "Xóa các ô thừa bên dưới và bên phải bảng, rồi gửi lại."
    )


def test_an_empty_cell_far_away_does_no_harm() -> None:
    far = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    data = changed(GOOD, {SHEET: lambda part: part.replace(b"</sheetData>", far)})
    assert len(read(data, today=TODAY).people) == 5


def test_a_far_cell_is_found_under_any_spelling_of_the_xml() -> None:
    """A prefix, single quotes, and letters as references: all the same to a parser of XML."""

    def spelled(part: bytes) -> bytes:
        far = b"<row r='9'><c r='&#88;FD1048576' t='inlineStr'><is><t>x</t></is></c></row></sheetData>"
        return part.replace(b"</sheetData>", far)

    assert "XFD1048576" in refusal(changed(GOOD, {SHEET: spelled}))


def test_a_zip_that_grows_two_hundred_times_is_refused() -> None:
    data = changed(GOOD, {"xl/sharedStrings.xml": b"<sst>" + b" " * 20_000_000 + b"</sst>"})
    assert len(data) < 60_000
    assert refusal(data) == BOMB


def test_more_than_60_megabytes_inside_are_refused() -> None:
    runs = b"".join(bytes([byte]) * 40 for byte in os.urandom(256_000))
    data = changed(GOOD, {f"xl/media/{n}.xml": runs for n in range(7)})
    assert len(data) < 5 * 1024 * 1024
    assert refusal(data) == BOMB


def test_more_than_200_parts_are_refused() -> None:
    assert refusal(changed(GOOD, {f"xl/media/{n}.txt": b"x" for n in range(200)})) == BOMB


def lying(data: bytes, name: str, size: int) -> bytes:
    """The zip with a directory that says another size of a part."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = archive.getinfo(name)
        start = archive.start_dir
    old, new = (
        struct.pack("<II", entry.compress_size, entry.file_size),
        struct.pack("<II", entry.compress_size, size),
    )
    head, directory = data[:start], data[start:]
    return head.replace(old, new, 1) + directory.replace(old, new, 1)


def test_a_part_that_is_longer_than_it_says_is_not_inflated_to_its_end() -> None:
    whole = changed(GOOD, {"xl/sharedStrings.xml": b"<sst>" + b" " * 50_000_000 + b"</sst>"})
    assert refusal(lying(whole, "xl/sharedStrings.xml", 4_000)) == BROKEN


def test_parts_in_other_packings_are_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert refusal(zipped(parts, compression=zipfile.ZIP_LZMA)) == BROKEN


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", SHEET, "xl/styles.xml", "xl/workbook.xml"])
def test_declared_entities_are_refused(part: str, encoding: str) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol" * 10}">' for n in range(10))
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE sst [{laughs}]><sst>&l9;</sst>'
    assert refusal(changed(GOOD, {part: text.encode(encoding)})) == (
        "Tệp này có khai báo lạ nên không được mở. Mở bằng Excel, lưu lại rồi gửi lại."
    )


def test_a_merge_over_a_whole_sheet_is_refused() -> None:
    merge = b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    rows = xlsx([HEAD, person(1)])
    assert refusal(changed(rows, {SHEET: lambda part: part.replace(b"</sheetData>", merge)})) == BOMB


def test_hundreds_of_thousands_of_empty_cells_are_refused() -> None:
    cells = b"".join(b'<c r="A%d" s="1"/>' % n for n in range(1, 50_001))
    row = b'<row r="9">' + cells + b"</row>"
    data = changed(
        xlsx([HEAD, person(1)]),
        {SHEET: lambda part: part.replace(b"</sheetData>", row * 9 + b"</sheetData>")},
    )
    assert len(data) < 5 * 1024 * 1024
    assert refusal(data) == BOMB


def test_a_value_repeated_over_a_whole_ods_is_refused() -> None:
    tail = (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
        'table:number-columns-repeated="1000" office:value-type="float" office:value="1"/></table:table-row>'
    )
    assert "nằm quá xa bảng" in refusal(ods([HEAD, person(1)], tail=tail))


def test_an_old_workbook_that_needs_more_memory_than_there_is_ends_in_a_sentence() -> None:
    rows = [HEAD, person(1), *([None] * 65_530), [None] * 255 + ["xa"]]
    assert "quá nặng so với một danh sách" in refusal(xls([row or [] for row in rows]))


def test_a_text_of_a_million_lines_is_refused() -> None:
    assert refusal(b"a,b\n" * 1_000_000) == "Tệp có hơn 5.000 dòng. Chia thành nhiều tệp rồi gửi từng tệp."


def test_far_more_text_than_a_list_has_is_refused() -> None:
    noise = [os.urandom(15_000).hex() for _ in range(100)]
    rows = [HEAD, *([n, "An", 1, noise[n % 100], noise[(n + 7) % 100]] for n in range(150))]
    data = csv_text(rows).encode()
    assert refusal(data + b",x" * 10) in (
        "Tệp lớn hơn 5 MB. Bỏ ảnh và trang tính thừa, rồi gửi lại.",
        "Tệp có quá nhiều chữ so với một danh sách. Chép riêng bảng đại biểu sang tệp mới.",
    )


# Exactly as many as are allowed


def test_5000_people_with_titles_and_signatures_are_read_and_one_more_is_not() -> None:
    people = [person(n, email=None, phone=None, organisation=f"Sở {n}") for n in range(1, MOST_PEOPLE + 1)]
    titles = [["DANH SÁCH ĐẠI BIỂU"], ["(Kèm theo Công văn số 1)"], [], HEAD]
    footer = [["Tổng số: 5000 đồng chí"], [], [None, "Người lập biểu"], [None, "Nguyễn Thị Lập"]]
    reading = read(xlsx([*titles, *people, *footer]), today=TODAY)
    assert len(reading.people) == MOST_PEOPLE
    assert told(reading) == []
    assert refusal(xlsx([*titles, *people, person(9_999)])) == (
        "Tệp có hơn 5.000 dòng. Chia thành nhiều tệp rồi gửi từng tệp."
    )


def test_the_limit_counts_all_sheets_of_a_file() -> None:
    half = [person(n) for n in range(3_100)]
    assert "hơn 5.000 dòng" in refusal(xlsx([HEAD, *half], more={"Trang 2": [HEAD, *half]}))


# The child


def test_nothing_of_a_stranger_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    read(GOOD, today=TODAY)
    refusal(GOOD[:900])
    assert list(tmp_path.iterdir()) == []


def test_the_checksum_of_every_part_is_held() -> None:
    at = GOOD.index(b"PK\x01\x02")
    crc = zlib.crc32(b"something else")
    assert refusal(GOOD[: at + 16] + struct.pack("<I", crc) + GOOD[at + 20 :]) == BROKEN
