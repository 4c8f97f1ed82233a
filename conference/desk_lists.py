"""Kinds of lists at the desk: only looked at, for administrators, within another row; and their filter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from conference import access, desk_forms
from conference.scoping import DeskAdmin, Scoped


class ReadOnlyAdmin(DeskAdmin):
    """Rows that are only looked at."""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(flatten_fieldsets(self.get_fieldsets(request, obj)))


class ManagedByVerbs(ReadOnlyAdmin):
    """Rows that are never edited, only moved on by acts of the organisers."""

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return access.of(request).may_change


class AdministratorsOnly(DeskAdmin):
    """Rows that serve every conference: kept by the administrators."""

    conference_path = ""

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return access.of(request).is_administrator

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return access.of(request).is_administrator

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return access.of(request).is_administrator

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return access.of(request).is_administrator


class DeskRows(forms.BaseInlineFormSet):
    """Rows of an inline. Two that say the same are told in words; Django names the column."""

    def get_unique_error_message(self, unique_check: Sequence[str]) -> str:
        return _("Hai dòng ghi cùng một mục. Giữ một dòng.")

    def get_form_error(self) -> str:
        return _("Trùng với một dòng ở trên. Chọn mục khác, hoặc để trống dòng này.")


class DeskInline(Scoped, admin.TabularInline):  # type: ignore[misc]  # both say where a row is seen
    """Rows edited together with the row they belong to."""

    form = desk_forms.DeskForm
    formset = DeskRows
    extra = 1
    kept: tuple[str, ...] = ()  # fields of which the journal keeps what they said before

    @property
    def media(self) -> forms.Media:
        return forms.Media()

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.inline = self  # which says in the journal what its rows are
        return formset

    def told(self, row: Any) -> str:
        """What the journal calls a row."""
        return f"{self.verbose_name} “{row}”"

    def changes(self, formset: Any) -> dict[str, list[Any]]:
        """What was saved, for the journal; of rows that are called alike everything, in its order."""
        labels = formset.form.base_fields
        said = [(row, _("xóa")) for row in formset.deleted_objects]
        said += [(row, labels[name].label) for row, names in formset.changed_objects for name in names]
        said += [(row, _("thêm")) for row in formset.new_objects]
        found: dict[str, list[str]] = {}
        for row, what in said:
            found.setdefault(self.told(row), []).append(str(what))
        told = {name: ["", ", ".join(words)] for name, words in found.items()}
        rows = [row for row, _names in formset.changed_objects]
        for form in (one for one in formset.initial_forms if one.instance in rows):
            pairs = [change for name, change in form.changes().items() if name in self.kept]
            if pairs:
                told[self.told(form.instance)] = [", ".join(words) for words in zip(*pairs, strict=True)]
        return told


class OwnRelated(admin.RelatedFieldListFilter):
    """A filter by a related row that offers only rows of the current conference."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[Any]:
        def make() -> list[Any]:
            rows = model_admin.get_field_queryset(None, field, request)
            return [(row.pk, self.word(row)) for row in rows] if rows is not None else []

        return list(access.once(request, f"choices of {field}", make))

    def word(self, row: Any) -> str:
        return str(row)
