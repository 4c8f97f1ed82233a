"""Desk: the questions of a conference, and the answers beside whoever gave them."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from attendees import questioning, travel
from attendees.forms_questions import AnswerForm
from attendees.models import Attendee, Delegation, Question
from attendees.question_values import Answer, answers, of_subject
from conference import access, desk_forms, vietnamese, vietnamese_dates
from conference.desk_cells import Noted, tag
from conference.models import Conference
from conference.scoping import DeskAdmin

MOST_CHOICES, LONGEST_CHOICE = 60, 100
WITH_CHOICES = (Question.Kind.CHOICE, Question.Kind.CHOICES)
SETTLED = ("subject", "kind")  # while nobody has answered yet, these may change; days are counted as days


class QuestionForm(desk_forms.DeskForm):
    """A question; its choices are typed one a line."""

    choices = forms.CharField(
        label=gettext_lazy("Các lựa chọn"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Mỗi dòng một lựa chọn. Chỉ dùng cho dạng Chọn một và Chọn nhiều."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.initial.get("choices"), list):
            self.initial["choices"] = "\n".join(self.initial["choices"])

    def clean_choices(self) -> list[str]:
        lines = [vietnamese.clean(line) for line in self.cleaned_data["choices"].splitlines()]
        choices = list({vietnamese.fold(line) or line: line for line in lines if line}.values())
        if len(choices) > MOST_CHOICES or any(len(one) > LONGEST_CHOICE for one in choices):
            sentence = _("Nhiều nhất %(most)d lựa chọn, mỗi lựa chọn dài tối đa %(longest)d ký tự.")
            raise ValidationError(sentence % {"most": MOST_CHOICES, "longest": LONGEST_CHOICE})
        return choices

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = cleaned.get("kind", self.instance.kind)
        if kind == Question.Kind.FILE and cleaned.get("is_sensitive"):
            self.add_error("is_sensitive", _("Không thu tệp chứa dữ liệu nhạy cảm. Đổi dạng trả lời."))
        if kind not in WITH_CHOICES:
            cleaned["choices"] = []
        elif len(cleaned.get("choices", ())) < 2 and "choices" not in self.errors:
            self.add_error("choices", _("Ghi ít nhất hai lựa chọn, mỗi dòng một lựa chọn."))
        return cleaned


@admin.register(Question)
class QuestionAdmin(DeskAdmin):
    preset_conference = True
    form = QuestionForm
    folded_fields = ("label", "help_text")
    list_filter = ("subject", "topic", "is_active")
    list_select_related = ("conference",)
    ordering = ("subject", "position", "pk")
    fields = (
        "subject", "label", "help_text", "kind", "choices", "topic", "is_required", "is_sensitive",
        "answer_by", "position", "is_active",
    )  # fmt: skip
    add_label = gettext_lazy("Thêm câu hỏi")
    empty_text = gettext_lazy("Chưa có câu hỏi nào. Thêm một câu, hoặc thêm bộ câu hỏi về đi lại, ăn, nghỉ.")
    intro = gettext_lazy("Hỏi cả đoàn hoặc từng đại biểu, ngoài những mục đã có trong danh sách.")
    change_form_template = "admin/attendees/question/change_form.html"
    change_list_template = "admin/attendees/question/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path("ask-travel/", require_POST(guarded(self.ask_about_travel)), name="attendees_question_ask"),
            *super().get_urls(),
        ]

    def travel(self, request: HttpRequest) -> HttpResponse:
        """Who arrives when; rooms and meals in numbers."""
        conference = access.of(request).conference
        if conference is None or not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Đi lại, ăn, nghỉ"),
            "is_asked": travel.is_asked(conference),
            "overview": travel.overview(conference),
            "may_ask": self.has_add_permission(request),
        }
        return TemplateResponse(request, "admin/attendees/travel.html", context)

    def ask_about_travel(self, request: HttpRequest) -> HttpResponse:
        """The ready set: arrival, vehicle, room, meals."""
        conference = access.of(request).conference
        if conference is None or not self.has_add_permission(request):
            raise PermissionDenied
        made = travel.ask(conference, by=request.user)  # type: ignore[arg-type]  # signed in
        if made:
            messages.success(request, _("Đã thêm %(n)s câu hỏi về đi lại, ăn, nghỉ.") % {"n": len(made)})
        else:
            messages.info(request, _("Bộ câu hỏi về đi lại, ăn, nghỉ đã có đủ."))
        return HttpResponseRedirect(reverse("admin:attendees_question_changelist"))

    # ── The list ──

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        @admin.display(description=_("đã trả lời"))
        def answered(question: Question) -> str:
            counts = access.once(request, "answers", lambda: _counts(access.of(request).conference))
            return "{}/{}".format(*counts[question.pk])

        return ("title", "state", "until", answered, "position")

    @admin.display(description=gettext_lazy("câu hỏi"), ordering="label")
    def title(self, obj: Question) -> Noted:
        return Noted(obj.label, f"{obj.get_subject_display()} · {obj.get_kind_display()}")

    @admin.display(description=gettext_lazy("cách hỏi"))
    def state(self, obj: Question) -> SafeString:
        marks = [] if obj.is_active else [("off", _("Không hỏi nữa"), "")]
        marks += [("info", _("Bắt buộc"), "")] if obj.is_required else []
        marks += [("wait", _("Nhạy cảm"), "shield")] if obj.is_sensitive else []
        marks += [] if marks else [("off", _("Không bắt buộc"), "half")]
        return format_html_join(" ", "{}", ((tag(*mark),) for mark in marks))

    @admin.display(description=gettext_lazy("hạn trả lời"), ordering="answer_by")
    def until(self, obj: Question) -> Noted:
        moment = obj.deadline()
        note = _("đã qua") if obj.conference.now() > moment else ("" if obj.answer_by else _("hạn chung"))
        return Noted(f"{vietnamese_dates.clock(moment)}, {vietnamese_dates.short_date(moment)}", note)

    # ── The form ──

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        conference = access.of(request).conference
        last = conference.questions.aggregate(last=Max("position"))["last"] if conference else 0
        return {"position": (last or 0) + 1, **super().get_changeform_initial_data(request)}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        is_settled = obj is not None and (obj.slug in travel.MOMENTS or questioning.is_answered(obj))
        return SETTLED if is_settled else ()

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        question = self.get_object(request, object_id)
        preview = AnswerForm(_nobody(question), [question])
        return super().change_view(
            request, object_id, form_url, {"preview": preview, **(extra_context or {})}
        )

    def delete_model(self, request: HttpRequest, obj: Question) -> None:
        questioning.remove(obj)


def pages(desk: admin.AdminSite) -> list[URLPattern]:
    """The page of arrivals, rooms and meals; it stands in the menu by itself. Named in `DESK_PAGES`."""
    questions: Any = desk.get_model_admin(Question)
    return [path("travel/", desk.admin_view(questions.travel), name="travel")]


def _nobody(question: Question) -> Delegation | Attendee:
    """Whom a question is shown to in its preview."""
    row: type[Delegation | Attendee]
    row = Attendee if question.subject == Question.Subject.PERSON else Delegation
    return row(conference=question.conference)


def _counts(conference: Conference | None) -> dict[int, tuple[int, int]]:
    """Primary key of a question → (answers, of how many). Three queries for any number of questions."""
    if conference is None:
        return {}
    questions = list(conference.questions.all())
    asked = {
        Question.Subject.PERSON: conference.attendees.active(),
        Question.Subject.DELEGATION: conference.delegations.exclude(status=Delegation.Status.DECLINED),
    }
    found: dict[int, tuple[int, int]] = {}
    for subject, rows in asked.items():
        own = [one for one in questions if one.subject == subject]
        each = {f"q{one.pk}": Count("pk", filter=Q(extra__has_key=one.slug)) for one in own}
        counts = rows.order_by().aggregate(total=Count("pk"), **each)
        found |= {one.pk: (counts[f"q{one.pk}"], counts["total"]) for one in own}
    return found


class Said(NamedTuple):
    """One answer beside whoever gave it; `url`: of the file, where it is one."""

    label: str
    words: str
    url: str


def said(subject: Delegation | Attendee, *, is_open: bool) -> list[Said]:
    """What was answered. Closed: sensitive answers and telephone numbers masked."""
    found = answers(subject, of_subject(subject))
    numbers = [one.value for one in found if one.question.kind == Question.Kind.FILE and one.value]
    files = subject.uploads.filter(pk__in=numbers) if numbers else ()
    delegation = subject if isinstance(subject, Delegation) else subject.delegation
    place = (subject.conference.slug, delegation.code)
    urls = {file.pk: reverse("attendees:upload", args=(*place, file.sha256)) for file in files}

    def url_of(one: Answer) -> str:
        return urls.get(one.value, "") if one.question.kind == Question.Kind.FILE else ""

    return [Said(one.question.label, one.words if is_open else one.closed, url_of(one)) for one in found]
