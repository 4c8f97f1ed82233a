"""What is known of our workbooks without the library that writes them, which every process would carry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from attendees.workbooks import Preview

XLSX, CSV = "xlsx", "csv"
KINDS = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}
# The sheets of a delegation's workbook (`attendees.workbook_form`).
SHEET, LISTS = "Danh sách", "Danh mục"  # the reader never takes the second one for people
MARK = "hoi-nghi:danh-sach"


@dataclass(frozen=True)
class Mark:
    """What the hidden sheet says: whose list, and how the delegation stood when it was made."""

    conference: str
    delegation: str
    version: int


def mark_of(previews: Iterable[Preview]) -> Mark | None:
    """The mark of a workbook of ours that came back; None for every other file."""
    for preview in previews:
        for row in preview.rows if preview.sheet == LISTS else ():
            if MARK in row and len(said := row[row.index(MARK) + 1 :]) >= len(Mark.__annotations__):
                conference, delegation, version, *_rest = said
                return Mark(conference, delegation, int(version)) if version.isdecimal() else None
    return None
