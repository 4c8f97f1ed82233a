"""Broken, hostile and senseless files, drawn from good ones by a seed: bytes, zip, XML and meaning.

The same seed gives the same file, so that whatever is found once can be found again.
"""

from __future__ import annotations

import datetime
import io
import random
import re
import struct
import unicodedata
import warnings
import zipfile
from collections.abc import Callable
from functools import cache
from typing import Any

from tests.attendees.messy import FROM_LAM_DONG, messy_workbook, to_tcvn3, to_vni
from tests.attendees.workbooks.builders import HEAD, csv_text, ods, person, xls, xlsx

TRAVEL = (
    "STT",
    "Họ và chữ đệm",
    "Tên",
    "Nam",
    "Nữ",
    "Chức vụ, đơn vị công tác",
    "SĐT",
    "Ngày đến",
    "Ghi chú",
)


@cache
def bases() -> dict[str, bytes]:
    """Good files of every format."""
    people = [HEAD, *(person(number) for number in range(1, 25))]
    travel = [
        TRAVEL,
        *(
            [n, "Nguyễn Văn", "An", 1970 + n, None, "Phó Giám đốc, Sở TTTT", 912345678 + n, "05/6/2024", "x"]
            for n in range(1, 15)
        ),
    ]
    return {
        "messy.xlsx": messy_workbook(),
        "tcvn3.xlsx": messy_workbook(encoding="tcvn3"),
        "vni.xlsx": messy_workbook(encoding="vni"),
        "sheets.xlsx": xlsx(people, more={"Trang 2": travel}, merges=["E2:E6"]),
        "formulas.xlsx": xlsx([*people, [99, "=B2", "=1/0", "=A1"]]),
        "list.xls": xls(people, merges=[(1, 4, 4, 4)]),
        "travel.xls": xls(travel),
        "list.ods": ods(people, spans={(1, 4): (4, 1)}),
        "list.csv": csv_text(people).encode(),
        "list.tsv": csv_text(travel, "\t").encode("utf-16"),
        "tcvn3.csv": to_tcvn3(csv_text(people)).encode("cp1252", "replace"),
        "vni.csv": to_vni(csv_text(people)).encode("cp1252", "replace"),
    }


def mutated(seed: int) -> tuple[str, bytes]:
    """The file of a seed, and in words what was done to which."""
    draw = random.Random(seed)
    act = draw.choices(ACTS, WEIGHTS)[0]
    name, data = act(draw)
    return f"{act.__name__.strip('_')} {name}", data


# Bytes


def _bytes(draw: random.Random) -> tuple[str, bytes]:
    name = draw.choice(list(bases()))
    data = bytearray(bases()[name])
    for _turn in range(draw.choice((1, 1, 2, 5, 30))):
        at = draw.randrange(len(data) or 1)
        size = draw.choice((1, 2, 4, 16, 200))
        match draw.randrange(7):
            case 0:
                data[at : at + 1] = bytes([data[at] ^ 1 << draw.randrange(8)]) if data else b"x"
            case 1:
                del data[at : at + size]
            case 2:
                data[at:at] = draw.randbytes(size)
            case 3:
                data[at : at + size] = draw.choice((b"\xff", b"\x00", b"\x7f", b"\x80")) * size
            case 4:
                data[at:at] = data[at : at + size * 5]
            case 5:
                data[at : at + 4] = struct.pack("<I", draw.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 65536)))
            case _:
                other = draw.randrange(len(data) or 1)
                data[at : at + size] = data[other : other + size]
        if not data:
            data = bytearray(b"x")
    return name, bytes(data)


def _cut(draw: random.Random) -> tuple[str, bytes]:
    name = draw.choice(list(bases()))
    data = bases()[name]
    at = draw.randrange(len(data))
    return name, draw.choice((data[:at], data[at:], data[:at] + bytes(len(data) - at)))


# Zip


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(parts: list[tuple[str, bytes]], draw: random.Random) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # a part that is there twice warns, and is meant
        for name, part in parts:
            archive.writestr(name, part, draw.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)))
    return out.getvalue()


def _zip(draw: random.Random) -> tuple[str, bytes]:
    name = draw.choice([name for name in bases() if name.endswith((".xlsx", ".ods"))])
    parts = list(_parts(bases()[name]).items())
    place = draw.randrange(len(parts))
    part, content = parts[place]
    match draw.randrange(8):
        case 0:
            del parts[place]
        case 1:
            parts[place] = (
                draw.choice(("../" + part, part.upper(), "xl\\" + part, part + "\x00", "a")),
                content,
            )
        case 2:
            parts.append((part, draw.choice((b"", b"<a/>", content[::-1]))))
        case 3:
            other = draw.randrange(len(parts))
            parts[place], parts[other] = (part, parts[other][1]), (parts[other][0], content)
        case 4:
            parts[place] = (part, b" " * draw.choice((10, 10_000, 3_000_000)) + content)
        case 5:
            parts += [(f"xl/more{n}.xml", content) for n in range(draw.choice((3, 60, 250)))]
        case 6:
            foreign = _parts(bases()[draw.choice(["list.ods", "messy.xlsx", "sheets.xlsx"])])
            parts += list(foreign.items())
        case _:
            parts[place] = (part, b"")
    data = bytearray(_packed(parts, draw))
    if draw.random() < 0.3:
        at = data.rfind(b"PK\x01\x02")
        field = draw.choice((8, 10, 16, 20, 24, 28, 42))
        data[at + field : at + field + 2] = draw.randbytes(2)
    return name, bytes(data)


# XML

_NUMBERS = (
    "0",
    "-1",
    "1",
    "999999999",
    "1048576",
    "1e308",
    "NaN",
    "9" * 40,
    "",
    "x",
    "A1:XFD1048576",
    "2147483648",
)
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_ELEMENT = re.compile(rb"<([\w:]+)[^<>]*?(?:/>|>[^<]*</\1>)")
_REPLACEMENTS = (
    (b"<sheetData>", b"<sheetData><row/><row r='0'/><row r='x'><c/></row>"),
    (b"</sheetData>", b"</sheetData><mergeCells><mergeCell ref='B3:B9999'/><mergeCell/></mergeCells>"),
    (b't="s"', b't="d"'),
    (b't="s"', b't="inlineStr"'),
    (b't="n"', b't="s"'),
    (b't="n"', b't="b"'),
    (b"<v>", b"<v>-"),
    (b"<v>", b"<f>1+</f><v>"),
    (b"xmlns=", b"xmlns:q="),
    (b"encoding='UTF-8'", b"encoding='UTF-7'"),
    (b'encoding="UTF-8"', b'encoding="nonsense"'),
    (b"?>", b"?><!DOCTYPE a [<!ENTITY b 'c'>]>"),
    (b"<si><t>", b"<si><r><t>a</t></r><rPh sb='0' eb='1'><t>"),
    (b"date1904", b"date1905"),
    (b"<numFmts", b"<numFmts x='1'"),
)  # fmt: skip


def _xml(draw: random.Random) -> tuple[str, bytes]:
    name = draw.choice([name for name in bases() if name.endswith((".xlsx", ".ods"))])
    parts = _parts(bases()[name])
    for _turn in range(draw.choice((1, 1, 2, 4))):
        part = draw.choice([part for part in parts if part.endswith((".xml", ".rels"))])
        parts[part] = _bad_xml(parts[part], draw)
    return name, _packed(list(parts.items()), draw)


def _bad_xml(xml: bytes, draw: random.Random) -> bytes:
    match draw.randrange(8):
        case 0 | 1:
            found = list(_ATTRIBUTE.finditer(xml))
            if found:
                at = draw.choice(found)
                return xml[: at.start(2)] + draw.choice(_NUMBERS).encode() + xml[at.end(2) :]
        case 2:
            found = list(_ELEMENT.finditer(xml))
            if found:
                at = draw.choice(found)
                return xml[: at.start()] + at[0] * draw.choice((0, 2, 500)) + xml[at.end() :]
        case 3 | 4:
            old, new = draw.choice(_REPLACEMENTS)
            return xml.replace(old, new, draw.choice((1, 1000)))
        case 5:
            depth = draw.choice((10, 5_000))
            return xml.replace(b">", b">" + b"<a>" * depth, 1)
        case 6:
            texts = list(re.finditer(rb">([^<>]+)<", xml))
            if texts:
                at = draw.choice(texts)
                text = draw.choice(
                    (b"&#0;", b"&#xD800;", b"&unknown;", b"\xff\xfe", b"9" * 400, b"<![CDATA[", b"-0")
                )
                return xml[: at.start(1)] + text + xml[at.end(1) :]
        case _:
            at_byte = draw.randrange(len(xml) or 1)
            return xml[:at_byte] + draw.randbytes(3) + xml[at_byte + 3 :]
    return xml


# Meaning

_WORDS: tuple[Any, ...] = (
    "", " ", "x", "=1+1", "=cmd|' /C calc'!A0", "Tổng số: 07", "I", "II. Lãnh đạo UBND tỉnh", "nt", '"',
    "Ông", "Bà", "(Trưởng đoàn)", "Nguyễn Văn An, Trần Thị Hòa", "NGUYỄN", "Họ và tên", "Năm sinh", "STT",
    "0912345678/0987654321", "9.12E+08", "0169 123 4567", 912345678, 2633822345, 9.12e30, -5, 0.1, 1e-300,
    27570, "31/02/1975", "00/00/0000", "5.6.75", "25/13/1975", "ngày 30 tháng 2 năm 1975", "1899", 1975, True,
    datetime.date(1905, 5, 29), datetime.date(2999, 12, 31), datetime.date(1900, 1, 1),
    "a@b", "a@b.vn;c@d.vn", "@", "<script>alert(1)</script>", "{{7*7}}", "%(name)s", "%s%n", "\u202eNguyễn",
    "\U0001f469\u200d\U0001f469", "Ngu\u0323\u0303yê\u0303n", "Z" + "\u0301" * 300, "ư" * 3_000, "\u00ad",
    "\ufdfa" * 40, "NguyÔn V¨n An", "Nguyeãn Vaên An", "Nguyá»…n VÄƒn An", "Nguy?n V?n An", "..\\..\\etc",
    "NULL", "#REF!", "\u0661\u0662\u0663", "Người lập biểu", "KT. GIÁM ĐỐC", "H' Linh Niê Kđăm", "Y", "…",
    "Lâm Đồng, ngày 20 tháng 5 năm 2024", "- - -", "1" * 400, "/" * 200, "( " * 90, "\u0300", "a\u0300\u0301",
)  # fmt: skip


def _meaning(draw: random.Random) -> tuple[str, bytes]:
    rows: list[list[Any]] = [list(draw.choice((HEAD, TRAVEL)))]
    if draw.random() < 0.4:
        rows.insert(0, [draw.choice(_WORDS) for _column in range(draw.randrange(9))])
    rows += [_odd_row(number, draw) for number in range(draw.choice((0, 1, 5, 40)))]
    if draw.random() < 0.3:
        draw.shuffle(rows)
    if draw.random() < 0.2:
        rows = [[cell for cell in row for _time in range(draw.choice((1, 1, 1, 2)))] for row in rows]
    return _written(rows, draw)


def _odd_row(number: int, draw: random.Random) -> list[Any]:
    row = person(number, draw.choice(FROM_LAM_DONG).name)
    for _turn in range(draw.choice((0, 1, 2, 7))):
        row[draw.randrange(len(row))] = draw.choice(_WORDS)
    if draw.random() < 0.1:
        row = [draw.choice(_WORDS)]
    if draw.random() < 0.05:
        row += [draw.choice(_WORDS)] * draw.choice((20, 70))
    return row


def _merge(rows: list[list[Any]], draw: random.Random) -> str:
    row, column = draw.randrange(1, len(rows) + 1), draw.randrange(1, 8)
    down, across = draw.choice((0, 1, 3, 30)), draw.choice((0, 1, 4))
    return f"{'ABCDEFGH'[column - 1]}{row}:{'ABCDEFGHIJKLM'[column - 1 + across]}{row + down}"


def _written(rows: list[list[Any]], draw: random.Random) -> tuple[str, bytes]:
    """The rows in a format that can hold them; what it cannot hold is left out."""
    kind = draw.choice(("xlsx", "xlsx", "xls", "ods", "csv", "tsv"))
    if kind in ("csv", "tsv"):
        text = csv_text(rows, draw.choice(",;") if kind == "csv" else "\t")
        text = unicodedata.normalize(draw.choice(("NFC", "NFD")), text)
        encoding = draw.choice(("utf-8", "utf-8-sig", "utf-16", "cp1258", "cp1252", "utf-7"))
        return f"{kind} {encoding}", text.encode(encoding, "replace")
    clean = [[_held(value) for value in row] for row in rows]
    if kind == "ods":
        return kind, ods(clean, spans={(draw.randrange(3), draw.randrange(3)): (draw.randrange(1, 9), 1)})
    if kind == "xls":
        return kind, xls([row[:200] for row in clean])
    return kind, xlsx(clean, merges=[_merge(rows, draw) for _turn in range(draw.choice((0, 0, 1, 5)))])


def _held(value: Any) -> Any:
    if isinstance(value, str):
        kept = "".join(char for char in value if unicodedata.category(char) not in ("Cc", "Cs"))
        return kept[:30_000]
    return value


ACTS: list[Callable[[random.Random], tuple[str, bytes]]] = [_bytes, _cut, _zip, _xml, _meaning]
WEIGHTS = [25, 5, 15, 30, 25]
