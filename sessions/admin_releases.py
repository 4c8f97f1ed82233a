"""Desk: the versions of the programme, and the page that releases the next one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference import access, moments
from conference.desk_cells import Noted
from conference.desk_lists import ManagedByVerbs
from conference.models import Conference
from sessions import announcing, planning, release
from sessions.forms import ReleaseForm
from sessions.models import Release


@admin.register(Release)
class ReleaseAdmin(ManagedByVerbs):
    list_display = ("version", "moment", "note", "released_by")
    list_display_links = ("version",)
    list_select_related = ("released_by", "conference")
    ordering = ("-number",)
    fields = ("number", "moment", "released_by", "note")
    add_label = gettext_lazy("Phát hành chương trình")
    empty_text = gettext_lazy("Chương trình chưa được phát hành. Chưa ai ngoài Ban Tổ chức xem được.")
    intro = gettext_lazy(
        "Mọi người chỉ đọc phiên bản đã phát hành. Phiên bản không sửa, không xóa: sai thì phát hành bản mới."
    )
    change_form_template = "admin/thematic/release/page.html"

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_manage_permission(request)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Shows what would be released, and releases exactly that."""
        conference = self._conference(request)
        form = ReleaseForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            by: Any = request.user
            try:
                made = release.release(conference, by=by, **form.cleaned_data)
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                messages.success(request, _said(made))
                return HttpResponseRedirect(reverse("admin:thematic_release_change", args=(made.pk,)))
        draft = release.draft_diff(conference)
        context = {
            **self.admin_site.each_context(request),
            "draft": draft,
            "whom": draft.whom(),
            "findings": planning.findings(conference),
            "form": form,
            "conference": conference,
            "opts": self.opts,
            "title": _("Phát hành chương trình"),
        }
        return TemplateResponse(request, "admin/thematic/release/release.html", context)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if made := context.get("original"):
            latest = made.conference.releases.newest_first().first()
            context["may_print"] = made == latest and self.has_manage_permission(request)
            context |= {"version": release.version(made), "mailing": announcing.mailing_of(made)}
        return super().render_change_form(request, context, *args, **kwargs)

    def _conference(self, request: HttpRequest) -> Conference:
        conference = access.of(request).conference
        if conference is None or not self.has_add_permission(request):
            raise PermissionDenied
        return conference

    @admin.display(description=gettext_lazy("phiên bản"), ordering="number")
    def version(self, obj: Release) -> Noted:
        return Noted(str(obj), "")

    @admin.display(description=gettext_lazy("phát hành lúc"), ordering="released_at")
    def moment(self, obj: Release) -> str:
        return moments.moment(obj.released_at.astimezone(obj.conference.zone))


def _said(made: Release) -> str:
    """That it is released, and what is still to be done."""
    done, mailing = _("Đã phát hành phiên bản %s.") % made.number, announcing.mailing_of(made)
    if mailing is None:
        return done
    waiting = _("%(n)s thư cho những người liên quan chờ duyệt gửi.") % {"n": mailing.messages.count()}
    return f"{done} {waiting}"
