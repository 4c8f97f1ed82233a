"""Desk: the text of each kind of letter, with the places it may have, and how it looks with real data."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from conference import access, desk_forms
from conference.models import Conference
from conference.scoping import DeskAdmin
from mailing import kinds, wording
from mailing.errors import MailError
from mailing.kinds import Kind
from mailing.models import Message, MessageTemplate
from mailing.wording import Text

MOST_TO_CHOOSE = 100  # letters with whose data a template can be looked at


class KindFilter(admin.SimpleListFilter):
    """By kind of letter."""

    title = gettext_lazy("loại thư")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(kind.slug, str(kind.title)) for kind in kinds.all_kinds().values()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class TemplateForm(desk_forms.DeskForm):
    """The text of one kind, checked against its places."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            return
        choices = [(one.slug, one.title) for one in kinds.editable().values()]
        self.fields["kind"] = forms.ChoiceField(choices=choices, widget=forms.HiddenInput)
        if kind := kinds.all_kinds().get(str(self.initial.get("kind"))):
            text = wording.of(self.instance.conference, kind)
            self.initial.update(kind=kind.slug, subject=text.subject, body=text.body)

    def _kind(self) -> Kind:
        return kinds.get(self.cleaned_data.get("kind") or self.instance.kind)

    def _checked(self, name: str, check: Any) -> str:
        try:
            found: str = check(self._kind(), self.cleaned_data[name])
        except MailError as refused:
            raise ValidationError(str(refused)) from refused
        return found

    def clean_subject(self) -> str:
        return self._checked("subject", wording.check_subject)

    def clean_body(self) -> str:
        return self._checked("body", wording.check_body)


class PreviewForm(forms.Form):
    """A template as it stands in the editor, and the letter whose data fill it."""

    kind = forms.CharField(max_length=30)
    subject = forms.CharField(max_length=1_000, required=False)
    body = forms.CharField(max_length=100_000, required=False, strip=False)
    message = forms.ModelChoiceField(
        label=gettext_lazy("Với dữ liệu của"),
        queryset=Message.objects.none(),
        required=False,
        empty_label=gettext_lazy("(dữ liệu mẫu)"),
    )

    def __init__(self, conference: Conference, data: Any) -> None:
        super().__init__(data)
        rows: Any = self.fields["message"]
        rows.queryset = _latest(conference, data.get("kind", "")[:30])
        offered = [(one.pk, one.subject_name) for one in rows.queryset[:MOST_TO_CHOOSE]]
        rows.widget.choices = [("", rows.empty_label), *offered]

    def shown(self) -> tuple[Text | None, str]:
        """The letter as it would read, or the sentence that says what is wrong with the template."""
        data = self.cleaned_data
        kind = kinds.get(data["kind"])
        try:
            text = wording.check(kind, Text(data["subject"], data["body"]))
        except MailError as refused:
            return None, str(refused)
        message = data["message"]
        return (wording.preview(message, text) if message else wording.example(kind, text)), ""


def _latest(conference: Conference | None, kind: str) -> QuerySet[Message]:
    """Letters of a kind with whose data its text can be looked at, the newest first."""
    return Message.objects.filter(conference=conference, kind=kind).order_by("-created_at", "-pk")


@admin.register(MessageTemplate)
class TemplateAdmin(DeskAdmin):
    form = TemplateForm
    preset_conference = True
    list_display = ("kind", "subject")
    ordering = ("kind",)
    fields = ("kind", "subject", "body")
    change_list_template = "admin/mailing/messagetemplate/change_list.html"
    change_form_template = "admin/mailing/messagetemplate/change_form.html"
    intro = gettext_lazy("Mỗi loại thư có sẵn một mẫu. Sửa mẫu chỉ đổi những thư soạn từ nay.")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("kind", "subject", "body") if obj is None else ("subject", "body")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "body":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 18})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def heading(self, obj: MessageTemplate) -> str:
        return _("Mẫu thư: %(kind)s") % {"kind": obj}

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every kind, whether its text was changed or not."""
        own = {one.kind: one for one in self.get_queryset(request)}
        add = reverse("admin:mailing_messagetemplate_add")
        rows = [
            {
                "title": kind.title,
                "own": own.get(kind.slug),
                "text": own.get(kind.slug) or kind,
                "url": reverse("admin:mailing_messagetemplate_change", args=(own[kind.slug].pk,))
                if kind.slug in own
                else f"{add}?kind={kind.slug}",
            }
            for kind in kinds.editable().values()
        ]
        return super().changelist_view(request, {"kinds": rows, **(extra_context or {})})

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form = context["adminform"].form
        slug = form.instance.kind or form.data.get("kind") or form.initial.get("kind")
        kind = kinds.all_kinds().get(str(slug))
        if kind is not None:
            latest = _latest(access.of(request).conference, kind.slug)
            context |= {"kind": kind, "letters": latest[:MOST_TO_CHOOSE]}
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        preview = require_POST(self.admin_site.admin_view(self.preview_view))
        return [path("preview/", preview, name="mailing_messagetemplate_preview"), *super().get_urls()]

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """How a template reads with the data of a letter. Changes nothing."""
        conference = access.of(request).conference
        if conference is None or not self.has_view_permission(request):
            raise PermissionDenied
        form = PreviewForm(conference, request.POST)
        if not form.is_valid() or form.cleaned_data["kind"] not in kinds.all_kinds():
            raise Http404
        text, wrong = form.shown()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Xem trước: %(kind)s") % {"kind": kinds.title_of(form.cleaned_data["kind"])},
            "text": text,
            "wrong": wrong,
            "form": form,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/mailing/messagetemplate/preview.html", context)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The text of a kind that has none of its own yet; without a kind there is nothing to write."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        given = request.POST if request.method == "POST" else request.GET
        if given.get("kind") not in kinds.editable():
            return HttpResponseRedirect(reverse("admin:mailing_messagetemplate_changelist"))
        return super().add_view(request, form_url, extra_context)
