"""What can be done with letters and batches chosen in a list: each calls a verb of the outbox."""

from __future__ import annotations

import datetime
from email.utils import parseaddr
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference import access
from conference.desk_forms import MomentField, ReasonForm, asked
from mailing import outbox
from mailing.errors import MailError
from mailing.models import Mailing, Message

MOST_RECIPIENTS = 200


def _tell(request: HttpRequest, done: int, sentence: str, nothing: str) -> None:
    if done:
        messages.success(request, sentence % {"n": done})
    else:
        messages.warning(request, nothing)


class HourForm(forms.Form):
    """When letters are to leave."""

    send_after = MomentField(
        label=gettext_lazy("Gửi từ lúc"),
        required=False,
        help_text=gettext_lazy("Ngày/tháng/năm giờ:phút. Để trống: gửi ngay khi duyệt."),
    )


class AddressForm(forms.Form):
    """Where a letter goes now."""

    to = forms.CharField(
        label=gettext_lazy("Địa chỉ mới"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, message: Message, data: Any = None) -> None:
        super().__init__(data)
        sentence = _("Để trống thì gửi lại tới %(to)s. Mỗi dòng một địa chỉ; chỉ đổi thư này.")
        self.fields["to"].help_text = sentence % {"to": message.masked_addresses}

    def clean_to(self) -> list[str] | None:
        """None: to the addresses of before, which the desk shows in part only."""
        lines = str(self.cleaned_data["to"]).replace(",", "\n").replace(";", "\n").split("\n")
        return lines if any(map(str.strip, lines)) else None


# ── Letters ───────────────────────────────────────────────────────────────────────────────────────


@admin.action(description=gettext_lazy("Duyệt gửi"), permissions=["manage"])
def approve(desk: Any, request: HttpRequest, queryset: QuerySet[Message]) -> None:
    by: Any = request.user
    done = outbox.approve(queryset, by=by)
    _tell(request, done, _("Đã duyệt %(n)s thư."), _("Các thư này đã được duyệt hoặc đã hủy từ trước."))
    _warn_of_hold(request, done)


@admin.action(description=gettext_lazy("Hủy"), permissions=["manage"])
def cancel(desk: Any, request: HttpRequest, queryset: QuerySet[Message]) -> HttpResponse | None:
    form = asked(request, ReasonForm)
    if form.is_valid():
        by: Any = request.user
        done = outbox.cancel(queryset, form.cleaned_data["reason"], by=by)
        _tell(request, done, _("Đã hủy %(n)s thư."), _("Các thư này đã gửi hoặc đã hủy từ trước."))
        return None
    page: HttpResponse = desk.ask(
        request,
        form,
        queryset,
        title=_("Hủy thư"),
        text=_("Thư đã hủy không được gửi. Thư đang gửi hoặc đã gửi thì không lấy lại được."),
        verb=_("Hủy thư"),
        danger=True,
    )
    return page


@admin.action(description=gettext_lazy("Gửi lại"), permissions=["manage"])
def resend(desk: Any, request: HttpRequest, queryset: QuerySet[Message]) -> HttpResponse | None:
    chosen = list(queryset)
    form: Any = asked(request, AddressForm, chosen[0]) if len(chosen) == 1 else asked(request, forms.Form)
    if form.is_valid():
        to = form.cleaned_data.get("to")
        by: Any = request.user
        try:
            with transaction.atomic():
                done = sum(outbox.resend(one, by=by, to=to) for one in chosen)
        except MailError as refused:
            form.add_error("to" if "to" in form.fields else None, str(refused))
        else:
            nothing = _("Chỉ gửi lại được thư đã gửi, không gửi được hoặc đã hủy.")
            _tell(request, done, _("Đang gửi lại %(n)s thư."), nothing)
            _warn_of_hold(request, done)
            return None
    page: HttpResponse = desk.ask(
        request,
        form,
        chosen,
        title=_("Gửi lại thư"),
        text=_("Nội dung giữ nguyên. Hộp thư đã nhận lần trước chỉ hiện một thư."),
        verb=_("Gửi lại"),
    )
    return page


# ── Batches ───────────────────────────────────────────────────────────────────────────────────────


@admin.action(description=gettext_lazy("Duyệt gửi cả đợt"), permissions=["manage"])
def approve_batch(desk: Any, request: HttpRequest, queryset: QuerySet[Mailing]) -> None:
    by: Any = request.user
    done = sum(outbox.approve(mailing, by=by) for mailing in queryset)
    _tell(request, done, _("Đã duyệt %(n)s thư."), _("Không còn thư nào chờ duyệt."))
    _warn_of_hold(request, done)


@admin.action(description=gettext_lazy("Hủy các thư chưa gửi"), permissions=["manage"])
def cancel_batch(desk: Any, request: HttpRequest, queryset: QuerySet[Mailing]) -> HttpResponse | None:
    form = asked(request, ReasonForm)
    if form.is_valid():
        by: Any = request.user
        done = sum(outbox.cancel(one, form.cleaned_data["reason"], by=by) for one in queryset)
        _tell(request, done, _("Đã hủy %(n)s thư."), _("Không còn thư nào chưa gửi."))
        return None
    page: HttpResponse = desk.ask(
        request,
        form,
        queryset,
        title=_("Hủy các thư chưa gửi"),
        text=_("Thư đã hủy không được gửi. Thư đang gửi hoặc đã gửi thì không lấy lại được."),
        verb=_("Hủy các thư chưa gửi"),
        danger=True,
    )
    return page


@admin.action(description=gettext_lazy("Hẹn giờ gửi"), permissions=["manage"])
def reschedule_batch(desk: Any, request: HttpRequest, queryset: QuerySet[Mailing]) -> HttpResponse | None:
    form = asked(request, HourForm)
    if form.is_valid():
        by: Any = request.user
        hour: datetime.datetime | None = form.cleaned_data["send_after"]
        done = sum(outbox.reschedule(one, hour, by=by) for one in queryset)
        _tell(request, done, _("Đã đổi giờ gửi của %(n)s thư."), _("Không còn thư nào chưa gửi."))
        return None
    page: HttpResponse = desk.ask(
        request,
        form,
        queryset,
        title=_("Hẹn giờ gửi"),
        text=_("Thư chỉ được gửi khi đã duyệt, và không sớm hơn giờ hẹn."),
        verb=_("Hẹn giờ"),
    )
    return page


def _warn_of_hold(request: HttpRequest, done: int) -> None:
    conference = access.of(request).conference
    if done and conference and outbox.held(conference):
        messages.warning(request, _("Đang dừng gửi thư: thư đã duyệt chờ đến khi gửi trở lại."))


class ComposeForm(HourForm):
    """A free letter to addresses that are typed."""

    title = forms.CharField(
        label=gettext_lazy("Tên đợt"),
        max_length=200,
        help_text=gettext_lazy("Chỉ hiện trong bàn điều hành, ví dụ: Đổi giờ khai mạc."),
    )
    to = forms.CharField(
        label=gettext_lazy("Người nhận"),
        max_length=20_000,
        help_text=gettext_lazy("Mỗi dòng một người: Ông Nguyễn Văn An <an@hoinghi.example>"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    subject = forms.CharField(label=gettext_lazy("Tiêu đề"), max_length=200)
    body = forms.CharField(
        label=gettext_lazy("Nội dung"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 16})
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    field_order = ("title", "to", "subject", "body", "send_after", "key")

    def clean_to(self) -> list[tuple[str, str]]:
        """Name and address of each line; a line that was pasted twice is one letter."""
        lines = [line.strip() for line in str(self.cleaned_data["to"]).splitlines() if line.strip()]
        if len(lines) > MOST_RECIPIENTS:
            raise ValidationError(_("Nhiều nhất %(n)s người một đợt."), params={"n": MOST_RECIPIENTS})
        for line in lines:
            if line.count("@") != 1 or not parseaddr(line)[1]:
                raise ValidationError(
                    _("Chưa đọc được dòng “%(line)s”. Mỗi dòng một người, một địa chỉ."),
                    params={"line": line[:80]},
                )
        return list(dict.fromkeys(parseaddr(line) for line in lines))
