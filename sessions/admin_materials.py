"""Desk: what is handed out for sessions, in which version, for whom, and who took it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from attendees.admin_acts import each
from attendees.forms_questions import Paper
from conference import moments, vietnamese_dates
from conference.desk_cells import Noted, tag
from conference.desk_forms import DeskForm, asked
from conference.desk_lists import OwnRelated
from conference.scoping import DeskAdmin
from conference.serving import as_download, stored
from sessions import handing_out
from sessions.admin_speakers import RemarkForm, SeenForm
from sessions.materials import require_unmarked
from sessions.models import Material, MaterialDownload, MaterialVersion

LONGEST_LOG = 200


class MaterialForm(DeskForm):
    """A material and its file; on a known one the file is the next version."""

    file = Paper(
        label=gettext_lazy("Tệp"),
        required=False,
        help_text=gettext_lazy("PDF hoặc ảnh, tối đa 10 MB. Bản trình chiếu: xuất ra PDF."),
        error_messages={"required": gettext_lazy("Chọn tệp.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not self.instance.pk

    @property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name != "file"]

    def clean_file(self) -> Any:
        given = self.cleaned_data["file"]
        if given is not None:
            require_unmarked(given.name)
        return given


@admin.action(description=gettext_lazy("Duyệt bài trình bày"), permissions=["change"])
def approve_slides(desk: Any, request: HttpRequest, queryset: QuerySet[Material]) -> HttpResponse | None:
    form, rows = asked(request, SeenForm), _waiting(queryset)
    by: Any = request.user
    if form.is_valid():
        seen, done = form.versions(), _("Đã duyệt %(n)s bài trình bày.")
        each(
            request,
            rows,
            lambda one: handing_out.approve(one, by=by, number=seen.get(str(one.pk), 0)),
            done,
        )
        return None
    return _ask(
        desk, request, form, rows, _("Duyệt bài trình bày"),
        _("Đại biểu tải được bài này từ giờ mở của tài liệu. Xem tệp trước khi duyệt."), _("Duyệt"),
    )  # fmt: skip


@admin.action(description=gettext_lazy("Trả lại kèm nhận xét"), permissions=["change"])
def return_slides(desk: Any, request: HttpRequest, queryset: QuerySet[Material]) -> HttpResponse | None:
    form, rows = asked(request, RemarkForm), _waiting(queryset)
    by: Any = request.user
    if form.is_valid():
        seen, remark = form.versions(), form.cleaned_data["remark"]
        each(
            request,
            rows,
            lambda one: handing_out.give_back(one, remark, by=by, number=seen.get(str(one.pk), 0)),
            _("Đã trả lại %(n)s bài trình bày."),
        )
        return None
    return _ask(
        desk, request, form, rows, _("Trả lại bài trình bày kèm nhận xét"),
        _("Báo cáo viên đọc nhận xét trên trang của mình rồi gửi tệp khác. Ai có thư điện tử thì có thư báo "
          "soạn sẵn, chờ duyệt gửi."), _("Trả lại"),
    )  # fmt: skip


def _ask(
    desk: Any, request: HttpRequest, form: Any, rows: list[Material], title: str, text: str, verb: str
) -> HttpResponse:
    found = [(one, newest) for one in rows if (newest := one.newest)]
    form.initial["seen"] = ",".join(f"{one.pk}:{newest.number}" for one, newest in found)
    lines = [f"{one.title}: {newest.name}" for one, newest in found]
    page: HttpResponse = desk.ask(request, form, lines, title=title, text=text, verb=verb)
    return page


def _waiting(queryset: QuerySet[Material]) -> list[Material]:
    """With the newest version still to be approved: at most one waits, and it is the newest."""
    rows = queryset.filter(versions__state=MaterialVersion.State.WAITING)
    return list(rows.distinct().prefetch_related("versions"))


@admin.action(description=gettext_lazy("Thu hồi tài liệu"), permissions=["change"])
def withdraw(desk: Any, request: HttpRequest, queryset: QuerySet[Material]) -> None:
    by: Any = request.user
    each(request, queryset, lambda one: handing_out.withdraw(one, by=by), _("Đã thu hồi %(n)s tài liệu."))


@admin.register(Material)
class MaterialAdmin(DeskAdmin):
    conference_path = "session__conference"
    form = MaterialForm
    folded_fields = ("title", "session__title")
    list_display = ("what", "classification", "state", "taken")
    list_display_links = ("what",)
    list_filter = ("classification", "versions__state", ("session", OwnRelated))
    list_select_related = ("session__conference",)
    ordering = ("session__day", "session__starts", "pk")
    actions = (approve_slides, return_slides, withdraw)
    fields = (
        "session", "title", "file", "classification", "categories", "opens_with_session", "versions", "log",
    )  # fmt: skip
    readonly_fields = ("versions", "log")
    intro = gettext_lazy("Đại biểu tải từ trang riêng. Bản PDF mang họ tên, mã của người tải trên mọi trang.")
    empty_text = gettext_lazy("Chưa có tài liệu nào.")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else [name for name in self.fields if name not in self.readonly_fields]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # withdrawn, and the log stays

    def for_list(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.prefetch_related("versions").annotate(
            downloads=Count("versions__downloads", distinct=True)
        )

    def save_model(self, request: HttpRequest, obj: Material, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        by: Any = request.user
        if (inert := form.cleaned_data["file"]) is not None:
            handing_out.keep(obj, inert, by=by)

    def row_acts(self, request: HttpRequest, obj: Material) -> list[str]:
        newest = obj.newest
        waits = newest is not None and newest.state == MaterialVersion.State.WAITING
        slides = ["approve_slides", "return_slides"] if waits else []
        return slides if obj.withdrawn_at else [*slides, "withdraw"]

    def get_urls(self) -> list[URLPattern]:
        view = require_safe(self.admin_site.admin_view(self.file_view))
        return [path("<path:object_id>/file/", view, name="thematic_material_file"), *super().get_urls()]

    def file_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A version as it came in, for the desk; without ?version the newest."""
        found: Material = self.get_object(request, object_id)
        if not self.has_view_permission(request, found):
            raise PermissionDenied
        wanted = request.GET.get("version", "")
        rows = (
            found.versions.filter(number=wanted) if wanted.isdecimal() and len(wanted) < 5 else found.versions
        )
        version = rows.order_by("-number").first()
        if version is None:
            raise Http404
        return as_download(version.name, stored(version.file), version.content_type)

    @admin.display(description=gettext_lazy("tên tài liệu"), ordering="title")
    def what(self, obj: Material) -> Noted:
        return Noted(obj.title, obj.session.title)

    @admin.display(description=gettext_lazy("tình trạng"))
    def state(self, obj: Material) -> SafeString:
        if obj.withdrawn_at:
            return tag("off", _("Đã thu hồi"))
        newest = obj.newest
        if newest is not None and newest.state == MaterialVersion.State.WAITING:
            return tag("info", _("Bài trình bày chờ duyệt"))
        if obj.latest is None:
            return tag("off", _("Chưa có bản được duyệt"))
        if obj.is_open or obj.opens_at is None:
            return tag("ok", _("Đang mở"))
        return tag("wait", _("Mở lúc %s") % moments.moment(obj.opens_at))

    @admin.display(description=gettext_lazy("lượt tải"), ordering="downloads")
    def taken(self, obj: Any) -> int:
        return int(obj.downloads)

    @admin.display(description=gettext_lazy("các phiên bản"))
    def versions(self, obj: Material) -> SafeString | str:
        if not obj.pk:
            return "–"
        address = reverse("admin:thematic_material_file", args=(obj.pk,))
        rows = (
            (
                f"{address}?version={one.number}",
                one.number,
                one.name,
                one.given_by,
                _at(one.given_at, obj.session.conference.zone),
                one.get_state_display(),
            )
            for one in obj.versions.all()
        )
        return format_html_join("", '<p><a href="{}">{}. {}</a><small>{}, {}. {}</small></p>', rows) or "–"

    @admin.display(description=gettext_lazy("ai đã tải"))
    def log(self, obj: Material) -> SafeString | str:
        if not obj.pk:
            return "–"
        found = MaterialDownload.objects.filter(version__material=obj).select_related("version")
        zone = obj.session.conference.zone
        rows = ((one.name, one.version.number, _at(one.at, zone)) for one in found[:LONGEST_LOG])
        word = _("phiên bản")
        line = "<p>{}<small>" + word + " {}, {}</small></p>"
        return format_html_join("", line, rows) or _("Chưa ai tải")


def _at(at: Any, zone: ZoneInfo) -> str:
    at = at.astimezone(zone)
    return f"{vietnamese_dates.clock(at)}, {vietnamese_dates.short_date(at)}"
