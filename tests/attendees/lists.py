"""Lists as tests send them: small workbooks whose every cell is seen in the test."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl.worksheet.worksheet import Worksheet

from attendees import importing
from attendees.importing import Comparison
from attendees.models import Attendee, Delegation, ImportBatch
from conference.journal import Actor

HEADINGS = ("STT", "Họ và tên", "Năm sinh", "Chức vụ", "Đơn vị công tác", "Thành phần", "Điện thoại")
AN = (1, "Nguyễn Văn An", 1975, "Phó Giám đốc", "Sở TTTT Lâm Đồng", "Sở TTTT", "0905 123 318")
BINH = (2, "Trần Thị Bình", 1981, "Phóng viên", "Báo Lâm Đồng", "Báo, Đài", "0912 345 678")
CUONG = (3, "Lê Văn Cường", 1979, "Trưởng phòng", "Sở TTTT Lâm Đồng", "Sở TTTT", "0983 000 512")


def workbook(*rows: Sequence[Any], headings: Sequence[str] = HEADINGS, sheet: str = "Danh sách") -> bytes:
    """An .xlsx with one sheet: headings in row 1, people from row 2."""
    book = openpyxl.Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = sheet
    for row in (headings, *rows):
        page.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def file(*rows: Sequence[Any], name: str = "danh-sach.xlsx", **more: Any) -> ContentFile:
    return ContentFile(workbook(*rows, **more), name)


def upload(*rows: Sequence[Any], name: str = "danh-sach.xlsx", **more: Any) -> SimpleUploadedFile:
    """The same as a browser sends it."""
    return SimpleUploadedFile(name, workbook(*rows, **more))


def stage(
    delegation: Delegation, *rows: Sequence[Any], by: Actor | None = None, whole: bool = False, **more: Any
) -> ImportBatch:
    """A list of one delegation; `whole`: of its conference."""
    place = None if whole else delegation
    return importing.stage(delegation.conference, file(*rows, **more), by=by, delegation=place)


def shown(batch: ImportBatch, by: Actor | None = None) -> Comparison:
    batch.refresh_from_db()
    return importing.preview(batch, by=by)


def acts(comparison: Comparison) -> list[str]:
    return [row.act.value for row in comparison.rows]


def told(comparison: Comparison) -> list[tuple[str, str, str]]:
    """(cell, level, code) of every problem."""
    return [(one.cell, one.level, one.code) for one in comparison.problems]


def people(delegation: Delegation) -> list[tuple[str, str, str]]:
    rows = Attendee.objects.filter(delegation=delegation).select_related("category").order_by("pk")
    return [(one.full_name, one.category.slug, one.status) for one in rows]


def everything(delegation: Delegation) -> tuple[Any, ...]:
    """All that a list can change of a delegation, its keys and codes left out."""
    delegation.refresh_from_db()
    fields = [
        *Attendee.PERSON_FIELDS,
        *Attendee.DESK_FIELDS,
        "category_id",
        "status",
        "decline_reason",
        "sort_key",
        "replaced_by_name",
    ]
    rows = delegation.attendees.order_by("pk").values_list("pk", *fields)
    answer = (delegation.status, delegation.decline_reason, delegation.head_id, delegation.answered_by_name)
    return (answer, *rows)
