"""What the desk shows of opinions and tests, as a workbook: nothing that it does not show."""

from __future__ import annotations

import io
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook

from attendees.workbook_cells import Value, write_table
from conference import moments
from conference.models import Conference
from sessions import results, voting
from sessions.results import Result, Row
from sessions.tallying import Score

Table = list[list[Value]]


def name(conference: Conference) -> str:
    """What to call the file."""
    return f"{_('Đánh giá')} - {conference.slug} - {conference.today():%Y-%m-%d}.xlsx"


def content(conference: Conference) -> bytes:
    """The file."""
    found = results.overall(conference)
    book = Workbook()
    sheet: Any = book.active
    sheet.title = _("So sánh")
    scales = [label for label, _scale in found[0].rows()]
    counts = [_("Người nhận phiếu"), _("Phiếu gửi về"), _("Trong số liệu")]
    write_table(sheet, [_("Phiên"), *counts, *scales], [_compared(one) for one in found])
    levels = [f"{_('Mức')} {level}" for level in range(1, 6)]
    head = [_("Phiên"), _("Tiêu chí"), _("Số ý kiến"), _("Trung bình"), _("Trung vị"), *levels]
    write_table(book.create_sheet(_("Phân bố")), head, [row for one in found for row in _spread(one)])
    said = [row for one in found for row in _said(one, conference)]
    write_table(book.create_sheet(_("Ý kiến")), [_("Phiên"), _("Câu hỏi"), _("Trả lời"), _("Số lần")], said)
    tested = [row for one in found if one.has_test for row in _tested(one, conference)]
    write_table(book.create_sheet(_("Bài kiểm tra")), _test_head(), tested)
    write_table(book.create_sheet(_("Thông tin")), [_("Mục"), _("Nội dung")], _about(conference))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _compared(one: Result) -> list[Value]:
    return [
        one.title,
        one.given,
        one.answered,
        one.n,
        *(_rounded(scale.mean) for _label, scale in one.rows()),
    ]


def _spread(one: Result) -> Table:
    return [
        [one.title, label, scale.n, _rounded(scale.mean), scale.median, *scale.counts]
        for label, scale in one.rows()
        if scale.is_shown
    ]


def _said(one: Result, conference: Conference) -> Table:
    return [
        [one.title, part.question, text, times]
        for part in results.opinions(one, conference)
        for text, times in part.texts
    ]


def _test_head() -> list[str]:
    sides = [_("Trước: số bài"), _("Trước: tỷ lệ đúng"), _("Sau: số bài"), _("Sau: tỷ lệ đúng")]
    return [_("Phiên"), _("Nhóm hoặc câu hỏi"), *sides, _("Mức tăng"), _("Mức tăng chuẩn hóa")]


def _tested(one: Result, conference: Conference) -> Table:
    if one.session is None:
        return []
    one.session.conference = conference
    test = results.test_of(one.session, conference.categories.all())
    if test is None:
        return []
    lines = [Row(_("Tất cả"), test.everybody), *test.components, *test.questions]
    return [
        [
            one.title,
            line.label,
            *_side(line.gain.before),
            *_side(line.gain.after),
            *_gained(line),
        ]
        for line in lines
    ]


def _gained(line: Row) -> list[Value]:
    if line.is_mixed:
        return [None, None]
    return [_rounded(line.gain.difference), _rounded(line.gain.normalised)]


def _side(score: Score) -> list[Value]:
    return [score.n, _rounded(score.share)] if score.is_shown else [None, None]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _about(conference: Conference) -> Table:
    return [
        [_("Hội nghị"), conference.title],
        [_("Số liệu lúc"), moments.moment(conference.now())],
        [_("Nhận phiếu đến hết ngày"), moments.weekday_date(voting.last_day(conference))],
        [_("Cách công bố"), _("Không có số liệu nào từ dưới 5 phiếu. Thang điểm 1 đến 5.")],
    ]
