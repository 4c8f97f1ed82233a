"""The journal in words: what was done, and what it changed."""

from __future__ import annotations

import datetime
import re
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference import vietnamese, vietnamese_dates
from conference.models import JournalEntry, Membership

ACTS = {
    "accept": gettext_lazy("tiếp nhận"),
    "add": gettext_lazy("thêm"),
    "add_seat": gettext_lazy("thêm suất"),
    "answer": gettext_lazy("trả lời"),
    "answer_questions": gettext_lazy("trả lời câu hỏi"),
    "approve_mail": gettext_lazy("duyệt gửi thư"),
    "approve-certificates": gettext_lazy("duyệt cấp giấy chứng nhận"),
    "approve-certificates-on-paper": gettext_lazy("ghi phiếu trình đã duyệt cấp giấy"),
    "ask_correction": gettext_lazy("đề nghị sửa"),
    "ask_erasure": gettext_lazy("đề nghị xóa dữ liệu"),
    "ask_morning": gettext_lazy("đặt thư buổi sáng"),
    "cancel": gettext_lazy("dừng"),
    "cancel_mail": gettext_lazy("hủy thư"),
    "carry_scans": gettext_lazy("nhận tệp lượt quét"),
    "continue_series": gettext_lazy("đặt số tiếp theo"),
    "decide": gettext_lazy("quyết định tại cửa"),
    "decline_seats": gettext_lazy("để trống suất"),
    "demo": gettext_lazy("nạp dữ liệu minh họa"),
    "design": gettext_lazy("lưu mẫu thiết kế"),
    "draft-certificates": gettext_lazy("trình cấp giấy chứng nhận"),
    "draft_mail": gettext_lazy("soạn thư"),
    "edit": gettext_lazy("sửa"),
    "enter_sheet": gettext_lazy("nhập danh sách ký"),
    "erase": gettext_lazy("xóa thông tin cá nhân"),
    "erase_account": gettext_lazy("xóa tài khoản"),
    "except_certificate": gettext_lazy("quyết định ngoại lệ về giấy chứng nhận"),
    "export": gettext_lazy("xuất danh sách"),
    "extend": gettext_lazy("gia hạn"),
    "forget": gettext_lazy("xóa dữ liệu hết thời hạn giữ"),
    "freeze": gettext_lazy("chốt số liệu có mặt"),
    "give_up": gettext_lazy("thôi đăng ký phiên"),
    "hand_over_badges": gettext_lazy("giao thẻ cho đoàn"),
    "hand_out": gettext_lazy("cấp suất từ dự phòng"),
    "hold_mail": gettext_lazy("dừng gửi thư"),
    "import": gettext_lazy("nhập danh sách"),
    "invite": gettext_lazy("mời"),
    "issue": gettext_lazy("cấp"),
    "issue-certificates": gettext_lazy("cấp giấy chứng nhận"),
    "issue_letter": gettext_lazy("cấp số văn bản"),
    "lose_place": gettext_lazy("hết chỗ ở phiên vì không còn giữ suất"),
    "make_link": gettext_lazy("lập liên kết"),
    "move": gettext_lazy("xếp lại"),
    "move_up": gettext_lazy("có chỗ từ danh sách chờ"),
    "nominate": gettext_lazy("cử"),
    "offer_pairing": gettext_lazy("mở mã ghép thiết bị"),
    "open_link": gettext_lazy("mở liên kết"),
    "pair": gettext_lazy("ghép thiết bị"),
    "print": gettext_lazy("in thẻ"),
    "propose": gettext_lazy("gửi phần giới thiệu"),
    "read_notice": gettext_lazy("đọc thông báo về dữ liệu cá nhân"),
    "receive": gettext_lazy("đón đoàn"),
    "register": gettext_lazy("đăng ký tại chỗ"),
    "release": gettext_lazy("chuyển suất về dự phòng"),
    "release_mail": gettext_lazy("gửi thư trở lại"),
    "release_programme": gettext_lazy("phát hành chương trình"),
    "remove": gettext_lazy("xóa"),
    "renew_badge": gettext_lazy("hủy thẻ cũ, làm thẻ mới"),
    "replace": gettext_lazy("thay người"),
    "request": gettext_lazy("yêu cầu"),
    "request-document": gettext_lazy("yêu cầu giấy tờ"),
    "reschedule_mail": gettext_lazy("đổi giờ gửi thư"),
    "resend_mail": gettext_lazy("gửi lại thư"),
    "retract": gettext_lazy("gỡ ghi nhận nhầm"),
    "retry": gettext_lazy("làm lại"),
    "return": gettext_lazy("trả lại"),
    "reveal": gettext_lazy("mở số điện thoại và thư"),
    "revoke": gettext_lazy("thu hồi"),
    "send_mail": gettext_lazy("gửi thư"),
    "settle_correction": gettext_lazy("trả lời đề nghị sửa"),
    "show_link": gettext_lazy("xem liên kết"),
    "sign_up": gettext_lazy("đăng ký phiên"),
    "status": gettext_lazy("đổi tình trạng"),
    "take_back_badges": gettext_lazy("bỏ ghi giao thẻ"),
    "take_off_factor": gettext_lazy("gỡ xác thực hai bước"),
    "take_list": gettext_lazy("tải danh sách trong ngày về điện thoại"),
    "take_signed": gettext_lazy("nhận bản đã ký số"),
    "tell_needs": gettext_lazy("ghi yêu cầu phục vụ, thời gian bận"),
    "undo_import": gettext_lazy("hoàn lại danh sách đã nhập"),
    "withdraw_letter": gettext_lazy("thu hồi văn bản"),
    "upload": gettext_lazy("gửi tệp"),
    "withdraw-certificates": gettext_lazy("rút đợt cấp giấy"),
    "withdraw": gettext_lazy("gỡ tệp"),
    "withdraw_consent": gettext_lazy("rút đồng ý"),
}


# What is recorded beside the fields of a row.
FIELDS = {
    "board": gettext_lazy("bảng đoàn"),
    "busy": gettext_lazy("thời gian bận"),
    "by": gettext_lazy("người làm"),
    "contacts": gettext_lazy("có điện thoại, thư"),
    "entries": gettext_lazy("số dòng nhật ký"),
    "file": gettext_lazy("tệp"),
    "for": gettext_lazy("người giữ suất"),
    "hash": gettext_lazy("mã băm nội dung"),
    "left_out": gettext_lazy("số người chưa cấp"),
    "signed": gettext_lazy("số bản đã ký"),
    "list": gettext_lazy("danh sách"),
    "notice_version": gettext_lazy("bản thông báo"),
    "number": gettext_lazy("số"),
    "overlap": gettext_lazy("xếp chồng"),
    "officers": gettext_lazy("cán bộ đầu mối"),
    "people": gettext_lazy("số người"),
    "reason": gettext_lazy("lý do"),
    "role": gettext_lazy("vai trò"),
    "scans": gettext_lazy("số lượt quét"),
    "source": gettext_lazy("nguồn"),
    "version": gettext_lazy("phiên bản"),
    "withheld": gettext_lazy("số dòng nhật ký đã gạch bớt"),
}
RECORDED = {"đã trả lời"}  # said instead of a value, and translated where it is read
VALUES = {"role": dict(Membership.Role.choices)}
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
NUMBER = re.compile(r"\+[1-9]\d{7,14}\b")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?P<clock>[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")


class Change(NamedTuple):
    """One changed field in words."""

    label: str
    before: str
    after: str


def act_word(entry: JournalEntry) -> str:
    """What was done."""
    return str(ACTS.get(entry.act, entry.act))


def subject_words(entry: JournalEntry) -> str:
    """To what: "đại biểu Nguyễn Văn An"."""
    model = _model(entry)
    kind = str(model._meta.verbose_name) if model else ""
    name = masked(entry.subject_name)
    return name if name.lower().startswith(kind) else f"{kind} {name}".strip()


def changes(entry: JournalEntry) -> list[Change]:
    """Each changed field: its name, before and after."""
    return [
        Change(field_word(entry, name), *(value_word(entry, name, one) for one in pair))
        for name, pair in entry.changes.items()
    ]


def change_lines(entry: JournalEntry) -> SafeString:
    """The changes, a line each; what was nothing before is only named."""
    told = (
        (one.label, one.after if one.before == nothing() else f"{one.before} → {one.after}")
        for one in changes(entry)
    )
    return format_html_join("", '<span class="change"><b>{}</b> {}</span>', told)


def nothing() -> str:
    return _("(trống)")


def _model(entry: JournalEntry) -> type[Model] | None:
    try:
        return apps.get_model(entry.subject.partition(":")[0])
    except (LookupError, ValueError):
        return None


def _field(entry: JournalEntry, name: str) -> Any:
    """The column of that name: the subject's own, or that of a row it belongs to; None where it is none."""
    model = _model(entry)
    if model is None:
        return None
    parents = [field.related_model for field in model._meta.fields if field.is_relation]
    for one in (model, *parents):
        try:
            return one._meta.get_field(name)  # type: ignore[union-attr]  # a model, not its name: apps are ready
        except FieldDoesNotExist:
            continue
    return None


def field_word(entry: JournalEntry, name: str) -> str:
    """The name of a field as people read it; what is no field stands as it was recorded, in words."""
    if name in FIELDS:
        return str(FIELDS[name])
    own = _field(entry, name)
    return word_of(own) or _word_elsewhere(name) or name


def word_of(field: Any) -> str:
    """The name that somebody gave to a column; "" where it has only that of its attribute."""
    words = str(getattr(field, "verbose_name", ""))
    return "" if words == str(getattr(field, "name", "")).replace("_", " ") else words


def _word_elsewhere(name: str) -> str:
    """An act may tell of a field of another row than its subject: a seat's, told of the delegation."""
    fields = (
        field for model in apps.get_models() for field in model._meta.get_fields() if field.name == name
    )
    return next(filter(None, map(word_of, fields)), "")


def value_word(entry: JournalEntry, name: str, value: Any) -> str:
    """A value as people read it: choices, yes and no, days and hours in words; contacts masked."""
    if value in (None, ""):
        return nothing()
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    choices = VALUES.get(name) or dict(getattr(_field(entry, name), "flatchoices", None) or ())
    if value in choices:
        return str(choices[value])
    return masked(_moment(str(value)))


def masked(text: str) -> str:
    """A text without whole addresses and telephone numbers: the journal is read by more than one house."""
    text = ADDRESS.sub(lambda found: vietnamese.mask_email(found[0]), text)
    return NUMBER.sub(lambda found: vietnamese.mask_phone(found[0]), text)


def _moment(text: str) -> str:
    """A moment as people write it; every other text as it is."""
    found = MOMENT.fullmatch(text)
    if not found:
        return _(text) if text in RECORDED else text
    if not found["clock"]:
        return vietnamese_dates.short_date(datetime.date.fromisoformat(text))
    at = datetime.datetime.fromisoformat(text)
    at = localtime(at) if at.tzinfo else at
    return f"{vietnamese_dates.clock(at)}, {vietnamese_dates.short_date(at)}"
