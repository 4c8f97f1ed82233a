"""A condition of a certificate that somebody does not meet, in sentences made from data. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy


class Condition(models.TextChoices):
    """What can be missing."""

    STATUS = "status", _("Chưa xác nhận tham dự")
    CATEGORY = "category", _("Thành phần không được cấp giấy")
    ONCE = "once", _("Chưa có mặt lần nào")
    SHARE = "share", _("Chưa đủ tỷ lệ có mặt")
    MANDATORY = "mandatory", _("Thiếu phiên bắt buộc")
    WHOLE_FEEDBACK = "whole-feedback", _("Chưa nhận phiếu toàn hội nghị")
    FEEDBACK = "feedback", _("Chưa đủ phiếu đánh giá phiên")
    WITHHELD = "withheld", _("Ban Tổ chức giữ lại giấy")


Sentences = Mapping[Condition, Any]
NO_SLOTS = _("Chương trình chưa có phiên nào được tính.")
SHARE_ALONE = _("Cần ít nhất %(share)s%%.")
PLAN_FIRST = _("Lập chương trình, hoặc bỏ điều kiện tỷ lệ.")
NO_PAPERS = _("Chưa nhận phiếu đánh giá phiên nào.")
THERE: Sentences = {
    Condition.STATUS: _("Tình trạng hiện nay: %(word)s."),
    Condition.CATEGORY: _("Thuộc thành phần %(word)s."),
    Condition.ONCE: _("Chưa có lượt có mặt nào."),
    Condition.SHARE: _("Có mặt %(n)s trên %(total)s khung giờ (%(percent)s%%)."),
    Condition.MANDATORY: _("Chưa có mặt ở: %(word)s."),
    Condition.WHOLE_FEEDBACK: _("Chưa nhận phiếu đánh giá toàn hội nghị."),
    Condition.FEEDBACK: ngettext_lazy(
        "Đã nhận phiếu đánh giá của %(n)s phiên.", "Đã nhận phiếu đánh giá của %(n)s phiên.", "n"
    ),
    Condition.WITHHELD: _("Ban Tổ chức giữ lại giấy. Lý do: %(word)s."),
}
WANTED: Sentences = {
    Condition.STATUS: _("Cần: đã xác nhận tham dự."),
    Condition.CATEGORY: _("Thành phần này không thuộc diện cấp giấy."),
    Condition.ONCE: _("Cần có mặt ít nhất một lần."),
    Condition.SHARE: ngettext_lazy(
        "Cần ít nhất %(share)s%%, tức %(n)s khung giờ.", "Cần ít nhất %(share)s%%, tức %(n)s khung giờ.", "n"
    ),
    Condition.MANDATORY: ngettext_lazy(
        "Cần có mặt ở %(n)s phiên bắt buộc.", "Cần có mặt ở cả %(n)s phiên bắt buộc.", "n"
    ),
    Condition.WHOLE_FEEDBACK: _("Cần phiếu của toàn hội nghị."),
    Condition.FEEDBACK: ngettext_lazy(
        "Cần phiếu của ít nhất %(n)s phiên.", "Cần phiếu của ít nhất %(n)s phiên.", "n"
    ),
    Condition.WITHHELD: _("Cần Ban Tổ chức cho cấp trở lại."),
}
IF_NOT_NOTED = _("Nếu có dự mà chưa ghi, bổ sung theo danh sách ký.")
MENDS: Sentences = {
    Condition.STATUS: _("Xác nhận người này, hoặc cấp cho người thay."),
    Condition.CATEGORY: _("Sửa thành phần nếu ghi sai; nếu đúng, cần ngoại lệ của Ban Tổ chức."),
    Condition.ONCE: IF_NOT_NOTED,
    Condition.SHARE: ngettext_lazy(
        "Còn thiếu %(n)s khung giờ. Nếu có dự mà chưa ghi, bổ sung theo danh sách ký.",
        "Còn thiếu %(n)s khung giờ. Nếu có dự mà chưa ghi, bổ sung theo danh sách ký.",
        "n",
    ),
    Condition.MANDATORY: IF_NOT_NOTED,
    Condition.WHOLE_FEEDBACK: _("Đại biểu nhận và gửi phiếu trên trang riêng, khi còn thời hạn."),
    Condition.FEEDBACK: ngettext_lazy(
        "Đại biểu nhận và gửi thêm %(n)s phiếu trên trang riêng, khi còn thời hạn.",
        "Đại biểu nhận và gửi thêm %(n)s phiếu trên trang riêng, khi còn thời hạn.",
        "n",
    ),
    Condition.WITHHELD: _("Ghi quyết định mới cho người này."),
}


@dataclass(frozen=True)
class Slot:
    """A moment of the programme, and the codes of the sessions that run at it."""

    day: datetime.date
    starts: datetime.time
    codes: frozenset[str]


@dataclass(frozen=True)
class Unmet:
    """One condition that fails: what is there, what is wanted, what would mend it."""

    condition: Condition
    word: str = ""  # a status, a component, names of sessions, a reason
    there: int = 0
    wanted: int = 0
    total: int = 0
    share: int = 0
    missed: tuple[Slot, ...] = ()  # slots without a presence

    @property
    def label(self) -> str:
        """The condition in a few words."""
        return str(self.condition.label)

    @property
    def is_there(self) -> str:
        """Có mặt 5 trên 9 khung giờ (55%)."""
        if self._is_without_slots:
            return str(NO_SLOTS)
        if self.condition == Condition.FEEDBACK and not self.there:
            return str(NO_PAPERS)
        known = {"word": self.word, "total": self.total, "percent": percent(self.there, self.total)}
        return str(THERE[self.condition] % {**known, "n": self.there})

    @property
    def is_wanted(self) -> str:
        """Cần ít nhất 80%, tức 8 khung giờ."""
        sentence = SHARE_ALONE if self._is_without_slots else WANTED[self.condition]
        return str(sentence % {"n": self.wanted, "share": self.share})

    @property
    def mend(self) -> str:
        """Còn thiếu 3 khung giờ. Nếu có dự mà chưa ghi, bổ sung theo danh sách ký."""
        if self._is_without_slots:
            return str(PLAN_FIRST)
        return str(MENDS[self.condition] % {"n": max(0, self.wanted - self.there)})

    @property
    def sentence(self) -> str:
        """What is there and what is wanted."""
        return f"{self.is_there} {self.is_wanted}"

    @property
    def _is_without_slots(self) -> bool:
        return self.condition == Condition.SHARE and not self.total


def percent(there: int, total: int) -> int:
    """As shown: never more than it is."""
    return 100 * there // total if total else 0
