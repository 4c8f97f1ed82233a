"""Desk: lists from files, for one delegation or the whole conference; and lists that go out as files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from attendees import importing, list_pages
from attendees.list_forms import PlacedForm
from attendees.models import Attendee, Delegation, ImportBatch
from attendees.workbook_marks import CSV, XLSX
from conference import access, moments
from conference.desk_cells import Noted, tag
from conference.desk_forms import asked
from conference.kept_words import in_vietnamese
from conference.models import Conference
from conference.scoping import DeskAdmin
from conference.templatetags.desk import chips

if TYPE_CHECKING:
    from attendees.workbook_out import Export

Act = Callable[[list_pages.Frame, ImportBatch], HttpResponse]
ZIP = "application/zip"


class DeskFrame(list_pages.Frame):
    """The pages of a list at the desk."""

    def __init__(
        self, desk: ImportBatchAdmin, request: HttpRequest, batch: ImportBatch | None = None
    ) -> None:
        conference = batch.conference if batch else access.of(request).conference
        if conference is None:
            raise PermissionDenied
        super().__init__(request, conference, request.user)  # type: ignore[arg-type]  # signed in
        self.desk, self.batch = desk, batch

    def url(self, step: str, batch: ImportBatch | None = None) -> str:
        if step in ("upload", "template"):
            return reverse("admin:attendees_importbatch_add") if step == "upload" else ""
        name = "change" if step == "preview" else step
        return reverse(f"admin:attendees_importbatch_{name}", args=(batch.pk if batch else 0,))

    @property
    def back(self) -> str:
        people = reverse("admin:attendees_attendee_changelist")
        place = self.batch.delegation_id if self.batch else None
        return f"{people}?delegation__id__exact={place}" if place else people

    def shell(self, context: dict[str, Any], status: int) -> HttpResponse:
        own = {
            **self.desk.admin_site.each_context(self.request),
            "opts": self.desk.opts,
            "title": self.batch.name if self.batch else _("Nhập danh sách từ tệp"),
            "place": self.batch.delegation or _("Cả hội nghị") if self.batch else "",
        }
        template = "admin/attendees/importbatch/page.html"
        return TemplateResponse(self.request, template, {**own, **context}, status=status)


def _marked(frame: list_pages.Frame, batch: ImportBatch) -> HttpResponse:
    return access.proof_first(frame.request) or list_pages.marked(frame, batch)


@admin.register(ImportBatch)
class ImportBatchAdmin(DeskAdmin):
    """For organisers alone: a list shows what its file says of people, contacts and all."""

    folded_fields = ("name", "delegation__name", "given_by_name")
    search_help_text = gettext_lazy("Tên tệp, đoàn, người gửi; không cần gõ dấu")
    list_display = ("file_name", "place", "given", "said", "state_tag")
    list_display_links = ("file_name",)
    list_filter = ("state",)
    list_select_related = ("delegation", "conference")
    ordering = ("-given_at", "-pk")
    add_label = gettext_lazy("Nhập danh sách")
    empty_text = gettext_lazy("Chưa có tệp nào. Chọn Nhập danh sách để tải tệp lên.")

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return access.of(request).may_change

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def for_list(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.exclude(state=ImportBatch.State.DROPPED).defer("reading", "plans", "choices")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        if not self.has_view_permission(request):
            raise Http404  # to those who look on no list is there
        return super().get_object(request, object_id, from_field)

    # ── Steps ──

    def get_urls(self) -> list[URLPattern]:
        steps = [
            self._step("columns", list_pages.columns),
            self._step("take", list_pages.take, require_POST),
            self._step("undo", list_pages.undo),
            self._step("drop", list_pages.drop, require_POST),
            self._step("marked", _marked, require_safe),
        ]
        return [*steps, *super().get_urls()]

    def _step(self, name: str, act: Act, only: Callable[[Any], Any] = lambda view: view) -> URLPattern:
        def view(request: HttpRequest, object_id: str) -> HttpResponse:
            return self._found(request, object_id, act)

        address = f"<path:object_id>/{name}/"
        return path(address, only(self.admin_site.admin_view(view)), name=f"attendees_importbatch_{name}")

    def _found(self, request: HttpRequest, object_id: str, act: Act) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        batch = self.get_object(request, object_id)
        return act(DeskFrame(self, request, batch), batch)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The first step: a file, and whose list it is."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        frame = DeskFrame(self, request)
        given = (request.POST, request.FILES) if request.method == "POST" else ()
        chosen = {"delegation": request.GET.get("delegation", "")}
        form = PlacedForm(*given, delegations=frame.conference.delegations.all(), initial=chosen)
        delegation = form.cleaned_data.get("delegation") if form.is_bound and form.is_valid() else None
        return list_pages.upload(frame, form, delegation, ())

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Row by row what will happen, or what has."""
        return self._found(request, object_id, list_pages.preview)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    # ── The list of lists ──

    @admin.display(description=gettext_lazy("tệp"), ordering="name")
    def file_name(self, obj: ImportBatch) -> str:
        return obj.name

    @admin.display(description=gettext_lazy("đoàn"), ordering="delegation__position")
    def place(self, obj: ImportBatch) -> str:
        return str(obj.delegation or _("Cả hội nghị"))

    @admin.display(description=gettext_lazy("gửi"), ordering="given_at")
    def given(self, obj: ImportBatch) -> Noted:
        return Noted(_moment(obj), obj.given_by_name)

    @admin.display(description=gettext_lazy("kết quả"))
    def said(self, obj: ImportBatch) -> str:
        counts = obj.outcome.get("counts", {})
        return ", ".join(f"{_act_word(act)} {count}" for act, count in counts.items()) or "–"

    @admin.display(description=gettext_lazy("tình trạng"), ordering="state")
    def state_tag(self, obj: ImportBatch) -> SafeString:
        return tag(list_pages.STATES[ImportBatch.State(obj.state)], obj.get_state_display())


def _moment(obj: ImportBatch) -> str:
    return moments.moment(obj.given_at.astimezone(obj.conference.zone))


def _act_word(act: str) -> str:
    return str(importing.Act(act).label).lower()


# ── Lists that go out ─────────────────────────────────────────────────────────────────────────────


class ExportForm(forms.Form):
    """What goes out, and as what."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Dạng tệp"),
        choices=(
            (XLSX, gettext_lazy("Excel (.xlsx)")),
            (CSV, gettext_lazy("Văn bản (.csv)")),
        ),
        initial=XLSX,
        widget=forms.RadioSelect,
    )
    private = forms.BooleanField(
        label=gettext_lazy("Kèm điện thoại, thư điện tử và ghi chú"),
        required=False,
        help_text=gettext_lazy("Là dữ liệu cá nhân: chỉ chọn khi cần. Việc này được ghi vào nhật ký."),
    )


def _export(
    desk: Any, request: HttpRequest, rows: QuerySet[Any], make: Callable[..., Export], title: str
) -> HttpResponse:
    """Asks what goes out; then the file."""
    form = asked(request, ExportForm)
    if not form.is_valid():
        text = _(
            "Mỗi mục đã chọn là một dòng trong tệp. Việc xuất được ghi vào nhật ký cùng số dòng và bộ lọc."
        )
        page: HttpResponse = desk.ask(request, form, rows, title=title, text=text, verb=_("Xuất tệp"))
        return page
    with in_vietnamese():
        said = [chip["label"] for chip in chips(desk.get_changelist_instance(request))["chips"]]
        if request.POST.get("select_across", "0") != "1":
            said.append(_("các dòng đã chọn"))
        narrowed = ", ".join(said)
    by: Any = request.user
    export = make(_conference(request), rows, by=by, narrowed=narrowed, **form.cleaned_data)
    return list_pages.attachment(export.data, export.name, export.kind)


def _conference(request: HttpRequest) -> Conference:
    conference = access.of(request).conference
    if conference is None:
        raise PermissionDenied
    return conference


@admin.action(description=gettext_lazy("Xuất Excel"), permissions=["change"])
@access.freshly_signed_in
def export_people(desk: Any, request: HttpRequest, queryset: QuerySet[Attendee]) -> HttpResponse:
    from attendees import workbook_out  # with it comes openpyxl, 10 MiB of every process

    return _export(desk, request, queryset, workbook_out.people, _("Xuất danh sách đại biểu"))


@admin.action(description=gettext_lazy("Xuất Excel"), permissions=["change"])
@access.freshly_signed_in
def export_delegations(desk: Any, request: HttpRequest, queryset: QuerySet[Delegation]) -> HttpResponse:
    from attendees import workbook_out  # as above

    return _export(desk, request, queryset, workbook_out.delegations, _("Xuất danh sách đoàn"))


@admin.action(description=gettext_lazy("Tải tệp mẫu của đoàn"), permissions=["change"])
@access.freshly_signed_in
def hand_out_forms(desk: Any, request: HttpRequest, queryset: QuerySet[Delegation]) -> HttpResponse | None:
    """The workbook of one delegation, or those of several in one file."""
    from attendees.workbook_form import delegation_workbook  # as above

    by: Any = request.user
    chosen = list(queryset.select_related("conference"))
    if not chosen:
        messages.error(request, _("Chọn ít nhất một đoàn."))
        return None
    files = {f"{one.code}.xlsx": delegation_workbook(one, by=by) for one in chosen}
    if len(files) == 1:
        ((name, data),) = files.items()
        return list_pages.attachment(data, name)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as folder:  # workbooks are packed already
        for name, data in files.items():
            folder.writestr(name, data)
    return list_pages.attachment(out.getvalue(), f"{_('Tệp mẫu của các đoàn')}.zip", ZIP)
