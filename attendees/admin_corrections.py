"""Desk: what attendees ask to have put right, and the two answers an organiser can give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendees import corrections
from attendees.admin_acts import each
from attendees.models import Correction
from conference import moments
from conference.desk_cells import Noted, tag
from conference.desk_forms import asked
from conference.desk_lists import ManagedByVerbs

TAGS = {Correction.State.WAITING: "wait", Correction.State.DONE: "ok", Correction.State.REFUSED: "off"}


class RemarkForm(forms.Form):
    """What is answered to the person. Needed where nothing is changed."""

    remark = forms.CharField(
        label=gettext_lazy("Trả lời đại biểu"),
        help_text=gettext_lazy("Hiện trên trang của đại biểu."),
        max_length=corrections.LONGEST_REMARK,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AcceptForm(RemarkForm):
    """A few words, if there is something to say."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remark"].required = False


@admin.action(description=gettext_lazy("Sửa theo đề nghị"), permissions=["manage"])
def accept(desk: Any, request: HttpRequest, queryset: QuerySet[Correction]) -> HttpResponse | None:
    form, rows = asked(request, AcceptForm), _waiting(queryset)
    by: Any = request.user
    if form.is_valid():
        remark = form.cleaned_data["remark"]
        each(
            request,
            rows,
            lambda one: corrections.accept(one, by=by, remark=remark),
            _("Đã sửa theo %(n)s đề nghị."),
        )
        return None
    page: HttpResponse = desk.ask(
        request,
        form,
        [_in_a_line(one) for one in rows],
        title=_("Sửa theo đề nghị"),
        text=_("Thông tin được sửa ngay. Đề nghị chỉ có lời thì sửa tay trước, rồi trả lời ở đây."),
        verb=_("Sửa theo đề nghị"),
    )
    return page


@admin.action(description=gettext_lazy("Không thực hiện"), permissions=["manage"])
def refuse(desk: Any, request: HttpRequest, queryset: QuerySet[Correction]) -> HttpResponse | None:
    form, rows = asked(request, RemarkForm), _waiting(queryset)
    by: Any = request.user
    if form.is_valid():
        remark = form.cleaned_data["remark"]
        each(
            request,
            rows,
            lambda one: corrections.refuse(one, remark, by=by),
            _("Đã trả lời không thực hiện %(n)s đề nghị."),
        )
        return None
    page: HttpResponse = desk.ask(
        request,
        form,
        [_in_a_line(one) for one in rows],
        title=_("Không thực hiện đề nghị"),
        text=_("Thông tin giữ nguyên; đại biểu đọc câu trả lời trên trang của mình."),
        verb=_("Trả lời không thực hiện"),
    )
    return page


@admin.register(Correction)
class CorrectionAdmin(ManagedByVerbs):
    conference_path = "attendee__conference"
    folded_fields = ("attendee__full_name", "attendee__delegation__name", "text")
    search_help_text = gettext_lazy("Tên đại biểu, đoàn; không cần gõ dấu")
    list_display = ("person", "kind", "what", "state_tag", "asked_at", "answer_by")
    list_display_links = ("person",)
    list_filter = ("state", "kind")
    list_select_related = ("attendee__delegation__unit", "attendee__conference")
    ordering = ("-asked_at", "-pk")
    actions = (accept, refuse)
    fields = (
        "whom",
        "kind",
        "lines",
        "text",
        "state_tag",
        "asked_at",
        "answer_by",
        "settled_at",
        "settled_by",
        "remark",
    )
    intro = gettext_lazy("Đại biểu gửi từ trang cá nhân. Trả lời trong hai ngày làm việc.")
    empty_text = gettext_lazy("Chưa có đại biểu nào đề nghị sửa hoặc xóa thông tin.")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        later = ("settled_at", "settled_by", "remark")
        is_waiting = obj is not None and obj.state == Correction.State.WAITING
        return [name for name in self.fields if not (is_waiting and name in later)]

    def row_acts(self, request: HttpRequest, obj: Correction) -> list[str]:
        if obj.state != Correction.State.WAITING:
            return []
        return ["refuse"] if obj.kind == Correction.Kind.ERASE else ["accept", "refuse"]

    @admin.display(description=gettext_lazy("đại biểu"), ordering="attendee__sort_key")
    def person(self, obj: Correction) -> Noted:
        return Noted(obj.attendee.full_name, obj.attendee.delegation.name)

    @admin.display(description=gettext_lazy("đại biểu"))
    def whom(self, obj: Correction) -> SafeString:
        address = reverse("admin:attendees_attendee_change", args=(obj.attendee_id,))
        return format_html('<a href="{}">{}</a>', address, obj.attendee.full_name)

    @admin.display(description=gettext_lazy("trả lời trước"))
    def answer_by(self, obj: Correction) -> str:
        return moments.moment(corrections.due(obj)) if obj.state == Correction.State.WAITING else ""

    @admin.display(description=gettext_lazy("tình trạng"), ordering="state")
    def state_tag(self, obj: Correction) -> SafeString:
        return tag(TAGS[Correction.State(obj.state)], obj.get_state_display())

    @admin.display(description=gettext_lazy("đề nghị"))
    def what(self, obj: Correction) -> str:
        return "; ".join(f"{label}: {wanted}" for label, _now, wanted in _pairs(obj)) or obj.text

    @admin.display(description=gettext_lazy("đề nghị"))
    def lines(self, obj: Correction) -> SafeString | str:
        if obj.kind == Correction.Kind.ERASE:
            address = reverse("admin:privacy_erase", args=(obj.attendee.code,))
            return format_html('<a href="{}">{}</a>', address, _("Xem những gì xóa và giữ"))
        line = '<span class="change"><b>{}</b> {} → {}</span>'
        return format_html_join("", line, _pairs(obj)) if obj.wanted else _("Chỉ có lời")


def _waiting(queryset: QuerySet[Correction]) -> list[Correction]:
    return list(queryset.filter(state=Correction.State.WAITING))


def _pairs(correction: Correction) -> Iterator[tuple[str, str, str]]:
    """Label, as it is written, as it should be. Contacts are masked: nobody needs them to answer."""
    for row in corrections.lines(correction, masked=True):
        yield capfirst(row.label), row.theirs or _("(trống)"), row.mine or _("(trống)")


def _in_a_line(correction: Correction) -> str:
    changes = "; ".join(f"{label}: {now} → {wanted}" for label, now, wanted in _pairs(correction))
    return f"{correction.attendee.full_name}: {changes or correction.text}"
