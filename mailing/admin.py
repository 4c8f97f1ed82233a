"""Desk: batches of letters, and the outbox."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference import access, vietnamese_dates
from conference.desk_cells import Noted, tag
from conference.desk_lists import ManagedByVerbs, OwnRelated
from conference.models import Conference
from mailing import admin_acts, composing, kinds, log, outbox, wording
from mailing.admin_switch import SwitchDesk
from mailing.admin_templates import KindFilter
from mailing.admin_templates import TemplateAdmin as TemplateAdmin  # registers itself
from mailing.errors import MailError
from mailing.models import Attempt, Mailing, Message, State
from mailing.outbox import Letter
from mailing.wording import Text

ATTEMPT_TAGS = {
    Attempt.Outcome.BEGUN: "wait",
    Attempt.Outcome.SENT: "ok",
    Attempt.Outcome.LATER: "part",
    Attempt.Outcome.WAITING: "info",
    Attempt.Outcome.FAILED: "err",
    Attempt.Outcome.CANCELLED: "off",
}


def when(moment: Any, conference: Conference) -> str:
    local = moment.astimezone(conference.zone)
    return f"{vietnamese_dates.clock(local)}, {vietnamese_dates.short_date(local)}"


@admin.register(Message)
class MessageAdmin(SwitchDesk):
    folded_fields = ("subject_name", "recipient_name", "to", "mailing__title")
    search_help_text = gettext_lazy("Đoàn, người nhận, địa chỉ; không cần gõ dấu")
    list_display = ("whom", "what", "state_tag", "at")
    list_display_links = ("whom",)
    list_filter = ("state", KindFilter, ("mailing", OwnRelated))
    list_select_related = ("mailing", "conference")
    ordering = ("-created_at", "-pk")
    actions = (admin_acts.approve, admin_acts.cancel, admin_acts.resend)
    fields = ("state_tag", "addressed", "batch", "hour", "approved_at", "approved_by", "sent_at", "files")
    change_form_template = "admin/mailing/message/change_form.html"
    change_list_template = "admin/mailing/message/change_list.html"
    empty_text = gettext_lazy("Chưa có thư nào.")
    intro = gettext_lazy("Thư chỉ được gửi khi đã duyệt. Thư đã gửi không lấy lại được.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).select_related("conference", "mailing")
        return rows

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Who sees addresses masked must not ask for them letter by letter."""
        may = access.of(request).may_change
        return tuple(name for name in self.folded_fields if may or name != "to")

    def heading(self, obj: Message) -> str:
        return str(obj)

    def row_acts(self, request: HttpRequest, obj: Message) -> list[str]:
        if obj.state == State.DRAFT:
            return ["approve", "cancel"]
        if obj.is_moving:
            return ["cancel"]
        return ["resend"] if obj.body_template and not composing.pointless(obj) else []

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        message = self.get_object(request, object_id)
        tries = [
            {"at": one.begun_at, "kind": ATTEMPT_TAGS[Attempt.Outcome(one.outcome)], "row": one}
            for one in message.tries.all()
        ]
        why = composing.pointless(message)
        context = {"text": wording.preview(message), "tries": tries, **(extra_context or {})}
        context["over"] = why if why != message.error else ""  # which the page says already
        return super().change_view(request, object_id, form_url, context)

    @admin.display(description=gettext_lazy("gửi cho"), ordering="subject_name")
    def whom(self, obj: Message) -> Noted:
        return Noted(obj.subject_name, obj.masked_addresses)

    @admin.display(description=gettext_lazy("thư"), ordering="kind")
    def what(self, obj: Message) -> Noted:
        return Noted(kinds.title_of(obj.kind), obj.mailing.title if obj.mailing else "")

    @admin.display(description=gettext_lazy("tình trạng"), ordering="state")
    def state_tag(self, obj: Message) -> SafeString:
        shown = tag(log.TAGS[State(obj.state)], obj.get_state_display())
        return format_html("{}<small>{}</small>", shown, obj.error) if obj.error else shown

    @admin.display(description=gettext_lazy("lúc"), ordering="created_at")
    def at(self, obj: Message) -> Noted:
        if obj.send_after and obj.state in (State.DRAFT, State.APPROVED):
            return Noted(when(obj.send_after, obj.conference), _("giờ hẹn gửi"))
        return Noted(when(log.moment(obj), obj.conference), "")

    @admin.display(description=gettext_lazy("địa chỉ"))
    def addressed(self, obj: Message) -> Noted:
        return Noted(obj.masked_addresses, obj.recipient_name)

    @admin.display(description=gettext_lazy("đợt thư"))
    def batch(self, obj: Message) -> SafeString | str:
        if obj.mailing is None:
            return "–"
        page = reverse("admin:mailing_mailing_change", args=(obj.mailing.pk,))
        return format_html('<a href="{}">{}</a>', page, obj.mailing.title)

    @admin.display(description=gettext_lazy("giờ hẹn gửi"))
    def hour(self, obj: Message) -> str:
        return when(obj.send_after, obj.conference) if obj.send_after else _("gửi ngay khi duyệt")

    @admin.display(description=gettext_lazy("tệp gửi kèm"))
    def files(self, obj: Message) -> str:
        return _("%(n)s tệp, lấy khi gửi") % {"n": len(obj.attachments)} if obj.attachments else "–"


@admin.register(Mailing)
class MailingAdmin(ManagedByVerbs):
    folded_fields = ("title", "created_by__full_name")
    search_help_text = gettext_lazy("Tên đợt, người soạn; không cần gõ dấu")
    list_display = ("name", "progress", "waiting", "failures", "at")
    list_display_links = ("name",)
    list_filter = (KindFilter,)
    list_select_related = ("created_by", "conference")
    ordering = ("-created_at", "-pk")
    actions = (admin_acts.approve_batch, admin_acts.reschedule_batch, admin_acts.cancel_batch)
    fields = ("progress", "kind_title", "hour", "at", "created_by")
    change_form_template = "admin/mailing/mailing/change_form.html"
    add_label = gettext_lazy("Soạn thư")
    empty_text = gettext_lazy("Chưa có đợt thư nào. Mời hoặc nhắc từ danh sách đoàn, hoặc soạn thư.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request).select_related("conference", "created_by")
        return rows.with_counts()

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_manage_permission(request)

    def row_acts(self, request: HttpRequest, obj: Any) -> list[str]:
        acts = ["approve_batch"] if obj.draft else []
        return [*acts, "reschedule_batch", "cancel_batch"] if obj.draft or obj.approved else acts

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        mailing = self.get_object(request, object_id)
        shown = mailing.messages.select_related("conference").order_by("pk").first()
        problems = mailing.messages.filter(~Q(error="")).order_by("subject_name")[:20]
        context = {
            "counts": _counts(mailing),
            "sample": shown,
            "text": wording.preview(shown) if shown else None,
            "problems": [{"row": one, "kind": log.TAGS[State(one.state)]} for one in problems],
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, context)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Writes a free letter to typed addresses."""
        conference = access.of(request).conference
        if conference is None or not self.has_add_permission(request):
            raise PermissionDenied
        draft = wording.of(conference, kinds.NOTICE)
        initial = {"subject": draft.subject, "body": draft.body, "key": uuid.uuid4()}
        form = admin_acts.ComposeForm(request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                mailing = compose(conference, by=request.user, **form.cleaned_data)
            except MailError as refused:
                form.add_error(None, str(refused))
            else:
                done = _("Đã soạn %(n)s thư. Xem lại rồi duyệt gửi.")
                messages.success(request, done % {"n": mailing.messages.count()})
                return HttpResponseRedirect(reverse("admin:mailing_mailing_change", args=(mailing.pk,)))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Soạn thư"),
            "text": _("Mỗi người nhận một thư riêng. Chưa gửi cho đến khi duyệt."),
            "verb": _("Soạn thư"),
            "keep": _("Không soạn"),
            "form": form,
            "opts": self.opts,
            "keep_url": reverse("admin:mailing_mailing_changelist"),
            "places": kinds.NOTICE.placeholders,
        }
        return TemplateResponse(request, "admin/mailing/compose.html", context)

    @admin.display(description=gettext_lazy("đợt thư"), ordering="title")
    def name(self, obj: Mailing) -> Noted:
        return Noted(obj.title, kinds.title_of(obj.kind))

    @admin.display(description=gettext_lazy("đã gửi"))
    def progress(self, obj: Any) -> SafeString:
        words = _("%(sent)s/%(total)s thư") % {"sent": obj.sent, "total": obj.total}
        bar = '<progress value="{}" max="{}" aria-label="{}"></progress><small>{}</small>'
        return format_html(bar, obj.sent, obj.total or 1, words, words)

    @admin.display(description=gettext_lazy("chờ duyệt"), ordering="draft")
    def waiting(self, obj: Any) -> int:
        return int(obj.draft)

    @admin.display(description=gettext_lazy("không gửi được"), ordering="failed")
    def failures(self, obj: Any) -> int:
        return int(obj.failed)

    @admin.display(description=gettext_lazy("soạn"), ordering="created_at")
    def at(self, obj: Mailing) -> Noted:
        return Noted(when(obj.created_at, obj.conference), str(obj.created_by or _("Hệ thống")))

    @admin.display(description=gettext_lazy("loại thư"))
    def kind_title(self, obj: Mailing) -> str:
        return kinds.title_of(obj.kind)

    @admin.display(description=gettext_lazy("giờ hẹn gửi"))
    def hour(self, obj: Mailing) -> str:
        return when(obj.send_after, obj.conference) if obj.send_after else _("gửi ngay khi duyệt")


def _counts(mailing: Any) -> list[dict[str, Any]]:
    """How many letters of a batch are in each state, with the list of them."""
    page = reverse("admin:mailing_message_changelist")
    return [
        {
            "kind": log.TAGS[state],
            "label": state.label,
            "count": getattr(mailing, state.value),
            "url": f"{page}?mailing__id__exact={mailing.pk}&state__exact={state.value}",
        }
        for state in State
        if getattr(mailing, state.value)
    ]


def compose(
    conference: Conference,
    *,
    by: Any,
    title: str,
    to: list[tuple[str, str]],
    subject: str,
    body: str,
    send_after: Any,
    key: uuid.UUID | None,
) -> Mailing:
    """A free letter to each of these people, given by name (or "") and address."""
    values, letters = kinds.values_of(conference), []
    for name, address in to:
        whom = name or address
        letters.append(Letter("", whom, [address], name, {**values, "nguoi_nhan": whom}))
    text = Text(subject, body)
    return outbox.draft(
        conference, kinds.NOTICE.slug, letters, by=by, title=title, send_after=send_after, key=key, text=text
    )
