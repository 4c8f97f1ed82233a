"""The journal in words: what was done, and what it changed."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.models import JournalEntry

ACTS = {
    "accept": gettext_lazy("tiếp nhận"),
    "add": gettext_lazy("thêm"),
    "answer": gettext_lazy("trả lời"),
    "approve_mail": gettext_lazy("duyệt gửi thư"),
    "cancel": gettext_lazy("dừng"),
    "cancel_mail": gettext_lazy("hủy thư"),
    "decline_seats": gettext_lazy("để trống suất"),
    "demo": gettext_lazy("nạp dữ liệu minh họa"),
    "draft_mail": gettext_lazy("soạn thư"),
    "edit": gettext_lazy("sửa"),
    "export": gettext_lazy("xuất danh sách"),
    "extend": gettext_lazy("gia hạn"),
    "hand_out": gettext_lazy("cấp suất từ dự phòng"),
    "hold_mail": gettext_lazy("dừng gửi thư"),
    "import": gettext_lazy("nhập danh sách"),
    "invite": gettext_lazy("mời"),
    "issue": gettext_lazy("cấp"),
    "make_link": gettext_lazy("lập liên kết"),
    "nominate": gettext_lazy("cử"),
    "open_link": gettext_lazy("mở liên kết"),
    "release": gettext_lazy("thu suất về dự phòng"),
    "release_mail": gettext_lazy("gửi thư trở lại"),
    "remove": gettext_lazy("xóa"),
    "replace": gettext_lazy("thay người"),
    "request": gettext_lazy("yêu cầu"),
    "reschedule_mail": gettext_lazy("đổi giờ gửi thư"),
    "resend_mail": gettext_lazy("gửi lại thư"),
    "retry": gettext_lazy("làm lại"),
    "return": gettext_lazy("trả lại"),
    "revoke": gettext_lazy("thu hồi"),
    "status": gettext_lazy("đổi tình trạng"),
    "undo_import": gettext_lazy("hoàn lại danh sách đã nhập"),
}


def act_word(entry: JournalEntry) -> str:
    """What was done."""
    return str(ACTS.get(entry.act, entry.act))


def change_lines(entry: JournalEntry) -> SafeString:
    """Each changed field: its name, before → after."""
    lines = [
        (field_word(entry, name), *(_plain(entry, name, one) for one in pair))
        for name, pair in entry.changes.items()
    ]
    return format_html_join("", '<span class="change"><b>{}</b> {} → {}</span>', lines)


def _model(entry: JournalEntry) -> type[Model] | None:
    try:
        return apps.get_model(entry.subject.partition(":")[0])
    except (LookupError, ValueError):
        return None


def field_word(entry: JournalEntry, name: str) -> str:
    """The name of a field as people read it."""
    model = _model(entry)
    try:
        return str(model._meta.get_field(name).verbose_name) if model else name  # type: ignore[union-attr]  # a column
    except (FieldDoesNotExist, AttributeError):
        return name


def _plain(entry: JournalEntry, name: str, value: Any) -> str:
    if value in (None, ""):
        return _("(trống)")
    try:
        choices = dict(_model(entry)._meta.get_field(name).flatchoices)  # type: ignore[union-attr]  # or caught below
    except (FieldDoesNotExist, AttributeError):
        choices = {}
    return str(choices.get(value, value))
