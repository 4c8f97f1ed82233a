"""What every list and form of the desk has in common: whose rows, who may change them, how it is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from conference import access, desk_forms, desk_history, journal, keys, vietnamese
from conference.kept_words import in_vietnamese
from conference.models import Conference, JournalEntry, JournalQuerySet, Unit

MANY = 150  # people named in one sentence of a notice at most; far below what a page can hold


class DeskList(ChangeList):
    """A list whose figures are counted for the list alone, not wherever its rows can be chosen."""

    _filters: Any = None

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> models.QuerySet[Any]:
        desk: Any = self.model_admin
        self.root_queryset = desk.for_list(desk.get_queryset(request))
        return super().get_queryset(request, exclude_parameters)

    def get_filters(self, request: HttpRequest) -> Any:
        """Set up once: for its counts each filter asks for the rows, and Django for all filters, again."""
        if self._filters is None:
            self._filters = super().get_filters(request)
        return self._filters


class Scoped(admin.options.BaseModelAdmin):
    """Rights by role, choices from the current conference. Shared by lists, forms and inlines."""

    formfield_overrides = desk_forms.OVERRIDES
    view_on_site = False

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return access.of(request).may_see

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return access.of(request).may_change

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return access.of(request).may_change

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return access.of(request).may_change

    def get_field_queryset(
        self, db: str | None, db_field: Any, request: HttpRequest
    ) -> models.QuerySet[Any] | None:
        """Foreign keys offer, and take, only what the list of those rows shows this person."""
        target = db_field.remote_field.model if db_field.remote_field else None
        if target is None or not self.admin_site.is_registered(target):
            return super().get_field_queryset(db, db_field, request)
        related = self.admin_site.get_model_admin(target)
        order: Any = related.get_ordering(request) or target._meta.ordering
        return related.get_queryset(request).order_by(*order)

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and hasattr(field.widget, "can_add_related"):
            field.widget = field.widget.widget  # no pop-up windows
        if type(field) is forms.ModelChoiceField:
            desk_forms.read_once(field)
            if db_field.related_model is Unit:
                vars(field)["label_from_instance"] = Unit.dated_name  # many stand twice in one list
        return field


class DeskAdmin(Scoped, admin.ModelAdmin):
    """A model at the desk."""

    form = desk_forms.DeskForm
    conference_path = "conference"  # how a row leads to its conference; "" for what belongs to none
    folded_fields: tuple[str, ...] = ()  # searched without regard to marks
    preset_conference = False  # the model has a field `conference` that is never asked for
    holds_row = True  # while it is saved; False where verbs hold another row first, and look again
    list_per_page = 50
    list_max_show_all = 200
    show_facets = admin.ShowFacets.ALWAYS
    empty_text: str | Promise = ""  # what an empty list says
    intro: str | Promise = ""  # one sentence under the heading of the list
    add_label: str | Promise = ""  # on the button that adds, where it is not "Thêm" and the name

    @property
    def media(self) -> forms.Media:
        return forms.Media()  # our own script serves every page

    # ── Whose rows ──

    def get_urls(self) -> list[URLPattern]:
        """Those with a name: the others lead on from addresses of an old Django."""
        return [one for one in super().get_urls() if one.name]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Rows of the current conference."""
        return self._rows(request, [access.of(request).conference])

    def for_list(self, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Adds what only the list shows."""
        return queryset

    def _rows(self, request: HttpRequest, conferences: Iterable[Conference | None]) -> models.QuerySet[Any]:
        queryset = super().get_queryset(request)
        if not self.conference_path:
            return queryset
        return queryset.filter(**{f"{self.conference_path}__in": [one.pk for one in conferences if one]})

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, within this person's conferences; else it is simply not there."""
        if (key := keys.read(object_id)) is None:
            raise Http404
        found = self.get_queryset(request).filter(pk=key).first()
        if found is None and self.conference_path:
            path = f"{self.conference_path}__pk" if self.conference_path != "pk" else "pk"
            rows = self._rows(request, access.of(request).choices).filter(pk=key)
            owner = rows.values_list(path, flat=True).first()
            elsewhere = next((one for one in access.of(request).choices if one.pk == owner), None)
            if elsewhere:
                raise access.Elsewhere(elsewhere)
        if found is None:
            raise Http404
        return found

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the filters offer: otherwise a list would answer questions about hidden columns."""
        offered = {"pk__in", "id__in"}
        for one in self.get_list_filter(request) if request else self.list_filter:
            path = one[0] if isinstance(one, tuple | list) else one
            if isinstance(path, str):
                offered |= {path, f"{path}__exact", f"{path}__id__exact", f"{path}__isnull", f"{path}__in"}
            else:
                offered.add(path.parameter_name)  # type: ignore[union-attr]  # a filter class has one
        return lookup in offered

    # ── Lists ──

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return DeskList

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """Every word typed, in any order, without regard to marks and capitals."""
        words, fields = vietnamese.fold(search_term).split(), self.get_search_fields(request)
        if not words or not fields:
            return queryset, False

        def find() -> list[Any]:  # once for the list and the counts of its filters
            rows = self.get_queryset(request).order_by().values_list("pk", *fields)
            told = ((pk, vietnamese.fold(" ".join(map(str, texts)))) for pk, *texts in rows)
            return [pk for pk, text in told if text and _has(text, words)]

        return queryset.filter(pk__in=access.once(request, f"{self.opts.label}: {search_term}", find)), False

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return self.folded_fields  # so that the field for searching is shown

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Its own, and those that rooms above have named for it in the settings."""
        actions = super().get_actions(request)
        if self.has_change_permission(request):
            for dotted in settings.DESK_ACTIONS.get(self.opts.label_lower, ()):
                act = import_string(dotted)
                actions[act.__name__] = (act, act.__name__, act.short_description)
        return actions

    def response_action(  # type: ignore[override]  # the stubs are those of a later Django
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> HttpResponse | None:
        """After an act chosen on the page of one row, back to that page."""
        response = super().response_action(request, queryset)
        back = request.POST.get("back", "")
        if (
            isinstance(response, HttpResponseRedirect)
            and response.url == request.get_full_path()
            and _is_ours(request, back)
        ):
            return HttpResponseRedirect(back)
        return response

    def heading(self, obj: Any) -> str:
        """What the page of one row is called."""
        return str(obj)

    def row_acts(self, request: HttpRequest, obj: Any) -> list[str]:
        """The names of the actions that make sense for one row, for the buttons of its page."""
        return []

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        chosen = request.POST.getlist("_selected_action")
        if None in map(keys.read, chosen):
            messages.error(request, _("Chưa đọc được các mục đã chọn. Chọn lại trong danh sách."))
            return HttpResponseRedirect(request.get_full_path())
        context = {"empty_text": self.empty_text, "intro": self.intro, **(extra_context or {})}
        return super().changelist_view(request, context)

    # ── Forms ──

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[Any]:
        form = super().get_form(request, obj, change=change, **kwargs)
        extra: dict[str, Any] = {"refused": vars(request).get("desk_refused")}
        if self.preset_conference and obj is None:
            extra["preset"] = {"conference": access.of(request).conference}
        return type(form.__name__, (form,), extra)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Shows and saves. What a verb or the database refuses comes back as a sentence in the same form."""
        once = request.POST.get("once", "") if object_id is None else ""
        try:
            with transaction.atomic():
                if desk_forms.is_repeated(once):
                    messages.info(request, _("Biểu mẫu này đã được gửi và đã lưu."))
                    return HttpResponseRedirect("../")
                if request.method == "POST" and self.holds_row:
                    self.hold(request, object_id)
                return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as refused:
            vars(request)["desk_refused"] = refused
        except IntegrityError:
            sentence = _("Vừa có người lưu một mục trùng với mục này. Xem lại danh sách rồi lưu lại.")
            vars(request)["desk_refused"] = ValidationError(sentence)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def hold(self, request: HttpRequest, object_id: str | None) -> None:
        """The row, while it is saved."""
        desk_forms.hold(self.model, object_id)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if context["errors"]:
            desk_forms.allow_again(request.POST.get("once", ""))
        if obj := context.get("original"):
            context["heading"] = self.heading(obj)
            actions = self.get_actions(request)
            context["row_acts"] = [
                (name, actions[name][2] % {"verbose_name": "", "verbose_name_plural": ""})
                for name in self.row_acts(request, obj)
                if name in actions
            ]
            context["back"] = request.path
            below = settings.DESK_BELOW.get(self.opts.label_lower, ())
            context["below"] = [import_string(path)(request, obj) for path in below]
        return super().render_change_form(request, context, *args, **kwargs)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Removes a row, unless the verb refuses."""
        try:
            with transaction.atomic():
                return super().delete_view(request, object_id, extra_context)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
            return HttpResponseRedirect("../change/")

    # ── The record ──

    def construct_change_message(  # type: ignore[override]  # the journal holds values, not sentences
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> dict[str, list[Any]]:
        with in_vietnamese():
            changes: dict[str, list[Any]] = {} if add else form.changes()
            for formset in formsets or ():
                changes |= formset.inline.changes(formset)
        return changes

    def journal_of(self, request: HttpRequest, obj: Any) -> Conference | None:
        return access.of(request).conference if self.conference_path else None

    def journals(self) -> bool:
        """False where the verbs journal what they do."""
        return True

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self._record(request, "add", obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        if message:
            self._record(request, "edit", obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            self._record(request, "remove", obj, {})

    def _record(self, request: HttpRequest, act: str, obj: Any, changes: Mapping[str, list[Any]]) -> None:
        if self.journals():
            by: Any = request.user
            journal.record(act, obj, by=by, conference=self.journal_of(request, obj), changes=dict(changes))

    def journal_entries(self, obj: Any) -> JournalQuerySet:
        """What the page "Nhật ký" of a row shows, newest first."""
        return JournalEntry.objects.filter(subject=f"{self.opts.label_lower}:{obj.pk}")

    def beside_journal(self, obj: Any) -> dict[str, Any]:
        """What else stands on that page."""
        return {}

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        context = {
            **self.admin_site.each_context(request),
            **desk_history.shown(request, self.journal_entries(obj)),
            **self.beside_journal(obj),
            "title": _("Nhật ký"),
            "object": obj,
            "original": obj,
            "opts": self.opts,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/object_history.html", context)

    # ── Pages of an action ──

    def ask(
        self,
        request: HttpRequest,
        form: forms.Form,
        rows: models.QuerySet[Any] | list[Any],
        *,
        title: str,
        text: str,
        verb: str,
        danger: bool = False,
    ) -> HttpResponse:
        """A page between the choice of rows and the act: what it is, for whom, and what else must be said."""
        back = request.POST.get("back", "")
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "text": text,
            "verb": verb,
            "danger": danger,
            "form": form,
            "opts": self.opts,
            "rows": list(rows[: MANY + 1]),
            "many": MANY,
            "action": request.POST.get("action", ""),
            "chosen": request.POST.getlist("_selected_action"),
            "select_across": request.POST.get("select_across", "0"),
            "back": back,
            "keep": "",
            "keep_url": back if _is_ours(request, back) else request.get_full_path(),
        }
        return TemplateResponse(request, "admin/ask.html", context)


def _is_ours(request: HttpRequest, url: str) -> bool:
    return url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure())


def _has(text: str, words: list[str]) -> bool:
    return all(word in text for word in words)
