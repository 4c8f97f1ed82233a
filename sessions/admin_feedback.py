"""Desk: what people think and learnt, and the questions of tests. Pages are named in `DESK_PAGES`."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from attendees import list_pages
from conference import access, journal, refusals
from conference.desk import desk_page
from conference.desk_cells import Noted
from conference.desk_lists import OwnRelated
from conference.kept_words import in_vietnamese
from conference.scoping import DeskAdmin
from sessions import collecting, results, voting
from sessions.forms_feedback import DaysForm, TestQuestionForm
from sessions.models import Session, TestQuestion

OK, CONFLICT = 200, 409


def pages(desk: admin.AdminSite) -> list[URLPattern]:
    """The addresses of the results."""
    return [
        path("feedback/", desk.admin_view(overview), name="feedback"),
        path("feedback/days/", desk.admin_view(days), name="feedback_days"),
        path("feedback/export/", desk.admin_view(export), name="feedback_export"),
        path("feedback/whole/", desk.admin_view(whole), name="feedback_whole"),
        path("feedback/sessions/<slug:item>/", desk.admin_view(session), name="feedback_session"),
    ]


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every session in one table, with the whole conference above them."""
    return _overview(request)


def _overview(request: HttpRequest, form: DaysForm | None = None, status: int = OK) -> HttpResponse:
    conference = access.current(request)
    found = results.overall(conference)
    context = {
        "title": _("Đánh giá, kiểm tra"),
        "conference": conference,
        "results": found,
        "scales": [name for name, _scale in found[0].rows()],
        "last_day": voting.last_day(conference),
        "is_over": voting.is_over(conference),
        "form": form or DaysForm(instance=collecting.setting_of(conference)),
        "may_change": access.of(request).may_change,
    }
    return desk_page(request, "admin/feedback/overview.html", context, status=status)


@require_POST
def days(request: HttpRequest) -> HttpResponse:
    """For how long papers are taken; not after the end, for then everything is counted."""
    conference = access.current(request, to_change=True)
    by: Any = request.user
    form, status = DaysForm(request.POST, instance=collecting.setting_of(conference)), OK
    if form.is_valid():
        given = form.cleaned_data
        try:
            collecting.take_for(conference, given["days_after"], by=by, shown=given["shown"])
        except ValidationError as refusal:
            refusals.tell(form, refusal)
            if form.has_error("days_after", "stale"):
                data: Any = request.POST.copy()
                data["shown"] = collecting.setting_of(conference).days_after  # saving again decides
                form.data, status = data, CONFLICT
        else:
            messages.success(request, _("Đã lưu thời hạn nhận phiếu."))
            return HttpResponseRedirect(reverse("admin:feedback"))
    return _overview(request, form, status)


@require_safe
def whole(request: HttpRequest) -> HttpResponse:
    """What people think of the whole conference."""
    return _one(request, results.WHOLE)


@require_safe
def session(request: HttpRequest, item: str) -> HttpResponse:
    """What people think of one session, and what its test shows."""
    return _one(request, item)


def _one(request: HttpRequest, code: str) -> HttpResponse:
    conference = access.current(request)
    found = next((one for one in results.overall(conference) if one.code == code), None)
    if found is None:
        raise Http404
    test = None
    if found.session is not None:
        found.session.conference = conference
        test = results.test_of(found.session, conference.categories.all())
    context = {
        "title": found.title,
        "conference": conference,
        "result": found,
        "opinions": results.opinions(found, conference),
        "test": test,
        "may_change": access.of(request).may_change,
    }
    return desk_page(request, "admin/feedback/session.html", context)


@require_POST
@access.freshly_signed_in
def export(request: HttpRequest) -> HttpResponse:
    """Everything that is shown, as a workbook. That it was taken is in the journal."""
    from sessions import feedback_sheet  # with it comes openpyxl, 10 MiB of every process

    conference = access.current(request)
    by: Any = request.user
    with in_vietnamese():
        changes = {_("bảng"): ["", _("Đánh giá, kiểm tra")]}
    journal.record("export", conference, by=by, conference=conference, changes=changes)
    return list_pages.attachment(feedback_sheet.content(conference), feedback_sheet.name(conference))


# ── Questions ─────────────────────────────────────────────────────────────────────────────────────


@admin.register(TestQuestion)
class TestQuestionAdmin(DeskAdmin):
    """Before anybody holds a paper; from then on everybody answers the same."""

    __test__ = False  # no test of pytest's

    conference_path = "session__conference"
    form = TestQuestionForm
    folded_fields = ("text", "session__title")
    list_display = ("what", "position", "right")
    list_display_links = ("what",)
    list_filter = (("session", OwnRelated),)
    list_select_related = ("session",)
    ordering = ("session__day", "session__starts", "position", "pk")
    fields = ("session", "position", "text", "options", "right")
    intro = gettext_lazy(
        "Bài kiểm tra trước và sau chuyên đề, không ghi tên. Đã có người nhận bài thì không sửa được."
    )
    empty_text = gettext_lazy("Chưa có câu hỏi nào.")
    add_label = gettext_lazy("Thêm câu hỏi")

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        found = super().get_field_queryset(db, db_field, request)
        return found.filter(kind=Session.Kind.TOPIC) if found is not None else None

    def save_model(self, request: HttpRequest, obj: TestQuestion, form: Any, change: bool) -> None:
        collecting.hold_test(form.initial.get("session") if change else obj.session_id, obj.session_id)
        super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: TestQuestion) -> None:
        collecting.hold_test(obj.session_id)
        super().delete_model(request, obj)

    @admin.display(description=gettext_lazy("câu hỏi"), ordering="text")
    def what(self, obj: TestQuestion) -> Noted:
        return Noted(obj.text, obj.session.title)
