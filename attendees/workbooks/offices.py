"""Positions and bodies in one text: "Phó Giám đốc Sở Thông tin và Truyền thông"."""

from __future__ import annotations

import re

from attendees.workbooks.names import RANK
from attendees.workbooks.rows import OFFICES, any_of
from conference import vietnamese

# Positions after which the name of the body follows without a comma.
_POSITIONS = any_of("""
    giám đốc; chủ tịch; bí thư; tổng biên tập; chính [uủ][ỷy]; chỉ huy trưởng; tham mưu trưởng; viện trưởng;
    hiệu trưởng; phóng viên; biên tập viên; chuyên viên; cán bộ; thứ trưởng; bộ trưởng; [uủ][ỷy] viên; thư ký;
    đội trưởng; chánh văn phòng; chánh thanh tra; phụ trách; lãnh đạo; chuyên viên chính; chuyên viên cao cấp;
    thường trực; trưởng đài; thủ trưởng
""")
_RUNNING_ON = re.compile(
    rf"((?:q\.\s*|quyền\s+)?(?:phó\s+)?(?:tổng\s+)?(?:{_POSITIONS}))\s+((?:{OFFICES})(?!\w).*)", re.I
)
# A comma divides more surely than a dash: phòng Thông tin - Báo chí - Xuất bản, Sở TTTT.
_SEPARATORS = (re.compile(r"\s*[,;\n\r]\s*"), re.compile(r"\s+[-–—]\s+"))
_OFFICE = re.compile(rf"(?:{OFFICES})(?!\w)", re.I)
_PEOPLE_OF = re.compile(r"(?:lãnh đạo|đại diện|đại biểu|cán bộ|khối|các)\s+(?:các\s+)?", re.I)


def split_position(raw: str) -> tuple[str, str] | None:
    """Position and body of a text that holds both; None when it does not say where one ends.

    The body may stand first: "Sở Thông tin và Truyền thông - Phó Giám đốc".
    """
    for found in (mark for separator in _SEPARATORS for mark in separator.finditer(raw)):
        left, right = vietnamese.clean(raw[: found.start()]), vietnamese.clean(raw[found.end() :])
        if not left or not right:
            continue
        if _OFFICE.match(right) and not _OFFICE.match(left):
            return left, right
        if _OFFICE.match(left) and not _OFFICE.match(right) and "," not in right:
            return right, left
    text = vietnamese.clean(raw)
    rank = RANK.match(text)
    opening = re.match(r"[ ,]*", text[rank.end() :]) if rank else None
    start = rank.end() + opening.end() if rank and opening else 0
    running = _RUNNING_ON.fullmatch(text, start)
    return (text[: running.end(1)], running[2]) if running else None


def body_of_group(group: str) -> str:
    """The body that a group row names ("Lãnh đạo UBND tỉnh" → "UBND tỉnh"); "" when it names none."""
    bare = _PEOPLE_OF.sub("", group, count=1) if _PEOPLE_OF.match(group) else group
    bare = bare[:1].upper() + bare[1:]
    return bare if _OFFICE.match(bare) else ""
