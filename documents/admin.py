"""Desk: papers asked for, and certificates given. Both change only by verbs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendees import codes
from attendees.admin_acts import each
from attendees.models import Attendee, Delegation
from conference import access, vietnamese_dates
from conference.desk_cells import Noted, tag
from conference.desk_forms import DAY_HINT, DAY_WRONG, DayInput, ReasonForm, asked
from conference.desk_lists import ManagedByVerbs
from conference.models import Conference
from documents import batches, certificates, handing_out, requests
from documents.admin_letters import LetterAdmin as LetterAdmin
from documents.desk_acts import ask_for
from documents.kinds import KINDS
from documents.models import Certificate, Document
from documents.rows import Row
from mailing.errors import MailError

CERTIFICATE_TAGS = {"valid": "ok", "replaced": "off", "revoked": "err"}


class PaperForm(forms.Form):
    """What to print, and for whom."""

    kind = forms.ChoiceField(label=gettext_lazy("Loại giấy tờ"))
    delegations = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Đoàn"),
        queryset=Delegation.objects.none(),
        required=False,
        help_text=gettext_lazy("Để trống thì làm cho cả hội nghị."),
        widget=forms.CheckboxSelectMultiple,
    )
    day = forms.DateField(
        label=gettext_lazy("Ngày"),
        required=False,
        help_text=format_lazy(
            "{} {}", gettext_lazy("Ngày ký nhận của danh sách; ngày của lịch chương trình."), DAY_HINT
        ),
        widget=DayInput(),
        error_messages={"invalid": DAY_WRONG},
    )
    each = forms.BooleanField(
        label=gettext_lazy("Mỗi người hoặc mỗi đoàn một tệp, gói trong ZIP"), required=False
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, conference: Conference, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conference = conference
        kinds: Any = self.fields["kind"]
        kinds.choices = [(kind.slug, kind.title) for kind in KINDS.values() if kind.is_offered]
        rows: Any = self.fields["delegations"]
        rows.queryset = conference.delegations.order_by("position", "code")
        self.initial.setdefault("key", uuid.uuid4())

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day and not self.conference.starts_on <= day <= self.conference.ends_on:
            days = vietnamese_dates.short_range(self.conference.starts_on, self.conference.ends_on)
            raise ValidationError(_("Chọn một ngày trong hội nghị: %(days)s."), params={"days": days})
        return day


class KindFilter(admin.SimpleListFilter):
    """By kind of paper."""

    title = gettext_lazy("loại giấy tờ")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(kind.slug, str(kind.title)) for kind in KINDS.values()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


def _count_done(request: HttpRequest, rows: Any, act: Callable[[Any], bool], done: str, refused: str) -> None:
    """Does an act for every row and says for how many it was done."""
    results = [act(row) for row in rows]
    if any(results):
        messages.success(request, done % {"n": sum(results)})
    if not all(results):
        messages.warning(request, refused % {"n": len(results) - sum(results)})


@admin.action(description=gettext_lazy("Dừng"), permissions=["manage"])
def cancel(model_admin: Any, request: HttpRequest, queryset: QuerySet[Document]) -> None:
    by: Any = request.user
    refused = _("%(n)s giấy tờ đã xong hoặc đã dừng từ trước.")
    _count_done(request, queryset, lambda one: one.cancel(by=by), _("Đã dừng %(n)s giấy tờ."), refused)


@admin.action(description=gettext_lazy("Làm lại"), permissions=["manage"])
def retry(model_admin: Any, request: HttpRequest, queryset: QuerySet[Document]) -> None:
    by: Any = request.user
    refused = _("%(n)s giấy tờ đang làm hoặc đã xong, không cần làm lại.")
    _count_done(
        request, queryset, lambda one: requests.retry(one, by=by), _("Đang làm lại %(n)s giấy tờ."), refused
    )


@admin.register(Document)
class DocumentAdmin(ManagedByVerbs):
    folded_fields = ("kind", "delegation__name", "requested_by__full_name")
    search_help_text = gettext_lazy("Tên đoàn, người yêu cầu; không cần gõ dấu")
    list_display = ("what", "state_tag", "progress", "asked", "fetch")
    list_display_links = ("what",)
    list_filter = ("state", KindFilter)
    list_select_related = ("delegation__unit", "requested_by", "conference")
    ordering = ("-requested_at", "-pk")
    actions = (cancel, retry)
    fields = ("state_tag", "progress", "asked", "requested_by", "design", "pages", "fetch", "sha256")
    add_label = gettext_lazy("In giấy tờ")
    empty_text = gettext_lazy("Chưa in giấy tờ nào.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).with_progress()  # type: ignore[attr-defined]  # a DocumentQuerySet

    def heading(self, obj: Document) -> str:
        return Row(obj, False).title

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_manage_permission(request)

    def row_acts(self, request: HttpRequest, obj: Document) -> list[str]:
        return ["cancel"] if obj.is_moving else [] if obj.state == Document.State.READY else ["retry"]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Asks for a paper."""
        conference = access.of(request).conference
        if conference is None or not self.has_add_permission(request):
            raise PermissionDenied
        form = PaperForm(conference, request.POST or None, initial={"kind": request.GET.get("kind", "")})
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            scope = requests.Scope(delegations=list(data["delegations"]), day=data["day"])
            answer = ask_for(request, data["kind"], scope, each=data["each"], key=data["key"])
            return answer or HttpResponseRedirect(request.get_full_path())
        context = {
            **self.admin_site.each_context(request),
            "title": _("In giấy tờ"),
            "text": _("Giấy tờ được làm ở phía sau; tiến độ hiện trong danh sách."),
            "verb": _("In giấy tờ"),
            "keep": _("Không in"),
            "form": form,
            "opts": self.opts,
            "keep_url": reverse("admin:documents_document_changelist"),
        }
        return TemplateResponse(request, "admin/ask.html", context)

    @admin.display(description=gettext_lazy("giấy tờ"), ordering="kind")
    def what(self, obj: Document) -> str:
        return Row(obj, False).title

    @admin.display(description=gettext_lazy("tình trạng"), ordering="state")
    def state_tag(self, obj: Document) -> SafeString:
        row = Row(obj, False)
        return tag(row.kind, row.state_label)

    @admin.display(description=gettext_lazy("tiến độ"))
    def progress(self, obj: Document) -> SafeString | str:
        row = Row(obj, False)
        if not obj.is_moving:
            return row.sentence
        bar = (
            '<div data-progress-url="{}" data-progress-reload><progress value="{}" max="{}" aria-label="{}">'
            "</progress><small data-progress-sentence>{}</small></div>"
        )
        return format_html(bar, row.progress_url, row.done, row.total or 1, row.sentence, row.sentence)

    @admin.display(description=gettext_lazy("yêu cầu"), ordering="requested_at")
    def asked(self, obj: Document) -> Noted:
        moment = obj.requested_at.astimezone(obj.conference.zone)
        when = f"{vietnamese_dates.clock(moment)}, {vietnamese_dates.short_date(moment)}"
        return Noted(when, str(obj.requested_by or ""))

    @admin.display(description=gettext_lazy("tệp"))
    def fetch(self, obj: Document) -> SafeString | str:
        if obj.state != Document.State.READY:
            return "–"
        act = Row(obj, False).acts[0]
        return format_html('<a href="{}" download>{}</a>', act["url"], act["label"])


@admin.action(description=gettext_lazy("Cấp lại theo thông tin mới"), permissions=["manage"])
@access.freshly_signed_in
def replace_certificates(
    model_admin: Any, request: HttpRequest, queryset: QuerySet[Certificate]
) -> HttpResponse | None:
    form = asked(request, ReasonForm)
    by: Any = request.user
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        done = _("Đã cấp lại %(n)s giấy.")
        fresh: list[Certificate] = []
        each(request, queryset, lambda one: fresh.append(certificates.replace(one, reason, by=by)), done)
        _announce(request, fresh)
        return None
    text = _(
        "Giấy mới có số mới và mã mới, theo thông tin hiện nay của đại biểu; phần về hội nghị và người ký "
        "giữ như đã duyệt. Trang kiểm tra báo giấy cũ đã được thay ngay lập tức. Lý do chỉ lưu trong nội bộ."
    )
    if what := _edited(queryset):
        otherwise = _(
            "Giấy mới KHÔNG theo phần nay đã sửa của hội nghị: %(what)s. Cần ghi theo phần đã sửa thì "
            "thu hồi giấy, rồi trình đợt mới để người ký duyệt."
        )
        text = f"{text} {otherwise % {'what': what}}"
    page: HttpResponse = model_admin.ask(
        request, form, queryset, title=_("Cấp lại giấy chứng nhận"), text=text, verb=_("Cấp lại")
    )
    return page


def _announce(request: HttpRequest, fresh: list[Certificate]) -> None:
    """The letters about certificates given anew; an address that is wrong takes nothing back."""
    by: Any = request.user
    try:
        mailing = handing_out.announce_again(fresh, by=by)
    except MailError as refused:
        messages.warning(request, str(refused))
    else:
        if mailing:
            told = _("Đã soạn %(n)s thư báo giấy mới. Xem lại ở Hộp thư đi rồi duyệt gửi.")
            messages.info(request, told % {"n": mailing.messages.count()})


def _edited(given: QuerySet[Certificate]) -> str:
    """What the conference says otherwise now than any of these certificates."""
    told = (batches.edited(one.series.conference, one.said) for one in given)
    return ", ".join(dict.fromkeys(word for words in told for word in words))


@admin.action(description=gettext_lazy("Thu hồi"), permissions=["manage"])
@access.freshly_signed_in
def revoke_certificates(
    model_admin: Any, request: HttpRequest, queryset: QuerySet[Certificate]
) -> HttpResponse | None:
    form = asked(request, ReasonForm)
    by: Any = request.user
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        each(
            request,
            queryset,
            lambda one: certificates.revoke(one, reason, by=by),
            _("Đã thu hồi %(n)s giấy."),
        )
        return None
    page: HttpResponse = model_admin.ask(
        request,
        form,
        queryset,
        title=_("Thu hồi giấy chứng nhận"),
        text=_(
            "Trang kiểm tra báo giấy đã thu hồi ngay lập tức. Lý do chỉ lưu trong nội bộ. Ai còn đủ điều "
            "kiện thì vào đợt trình sau; không cấp nữa thì ghi ngoại lệ “Giữ lại, không cấp”."
        ),
        verb=_("Thu hồi"),
        danger=True,
    )
    return page


@admin.register(Certificate)
class CertificateAdmin(ManagedByVerbs):
    conference_path = "series__conference"
    folded_fields = ("full_name", "organisation_name")
    search_help_text = gettext_lazy("Tên, cơ quan, số giấy; không cần gõ dấu")
    list_display = ("shown_number", "person", "organisation_name", "wording", "state_tag", "issued_on")
    list_display_links = ("shown_number",)
    list_filter = ("state", "wording")
    list_select_related = ("series__conference", "attendee")
    ordering = ("series", "number")
    actions = (replace_certificates, revoke_certificates)
    fields = (
        "shown_number", "state_tag", "addressed", "title", "organisation_name", "attendee",
        "wording", "grounds", "batch", "design", "issued_on", "issued_by", "shown_code", "shown_file",
        "replaces", "replacement", "ended_at", "reason",
    )  # fmt: skip
    empty_text = gettext_lazy("Chưa cấp giấy chứng nhận nào.")
    intro = gettext_lazy("Giấy đã cấp không sửa: cấp lại theo thông tin mới, hoặc thu hồi.")

    def row_acts(self, request: HttpRequest, obj: Certificate) -> list[str]:
        valid = obj.state == Certificate.State.VALID
        return ["replace_certificates", "revoke_certificates"] if valid else []

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The number as it is printed, "0164/GCN-BTTTT", or any words."""
        number = search_term.partition("/")[0].strip()
        if number.isascii() and number.isdigit():
            return queryset.filter(number=int(number[:9])), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=gettext_lazy("số"), ordering="number")
    def shown_number(self, obj: Certificate) -> str:
        return obj.full_number

    @admin.display(description=gettext_lazy("họ và tên"), ordering="attendee__sort_key")
    def person(self, obj: Certificate) -> Noted:
        return Noted(obj.full_name, obj.title)

    @admin.display(description=gettext_lazy("tình trạng"), ordering="state")
    def state_tag(self, obj: Certificate) -> SafeString:
        return tag(CERTIFICATE_TAGS[obj.state], obj.get_state_display())

    @admin.display(description=gettext_lazy("họ và tên"))
    def addressed(self, obj: Certificate) -> str:
        known = dict(Attendee.Honorific.choices)
        return f"{known.get(obj.honorific, obj.honorific)} {obj.full_name}".strip()

    @admin.display(description=gettext_lazy("mã kiểm tra"))
    def shown_code(self, obj: Certificate) -> SafeString:
        place = reverse("documents:verify", args=(obj.code,))
        return format_html(
            '<code>{}</code> · <a href="{}">{}</a>', codes.group(obj.code), place, _("Kiểm tra")
        )

    @admin.display(description=gettext_lazy("thay bằng"))
    def replacement(self, obj: Certificate) -> SafeString | str:
        fresh = Certificate.objects.filter(replaces=obj).select_related("series__conference").first()
        if fresh is None:
            return "–"
        place = reverse("admin:documents_certificate_change", args=(fresh.pk,))
        return format_html('<a href="{}">{}</a>', place, fresh.full_number)

    @admin.display(description=gettext_lazy("tệp"))
    def shown_file(self, obj: Certificate) -> SafeString | str:
        """What its holder takes home, while it is valid; none until it is made."""
        if obj.state != Certificate.State.VALID or not handing_out.files([obj]):
            return "–"
        place = (obj.series.conference.slug, obj.attendee.code)
        return format_html('<a href="{}">{}</a>', reverse("documents:certificate", args=place), _("Tải PDF"))
