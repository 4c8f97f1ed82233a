"""Kinds of lists at the desk: only looked at, for administrators, within another row; and their filter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
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
    """Rows of an inline. Two that say the same are told in words; Django names the column.

    Rows that somebody else has deleted since the page was shown are left out, and the person is told: Django
    refuses them at a hidden field, and draws the others beside the wrong rows.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gone = self._leave_out_gone() if self.is_bound and self.management_form.is_valid() else 0

    def _leave_out_gone(self) -> int:
        """The others move up in what was sent. How many are gone that were not to be deleted anyway?"""
        sent, model = cast(MultiValueDict[str, Any], self.data), cast(type[models.Model], self.model)
        prefix, key = self.prefix, model._meta.pk.name
        total, initial = self.total_form_count(), self.initial_form_count()
        known = {"", *(str(row.pk) for row in self.get_queryset())}
        gone = [n for n in range(initial) if sent.get(f"{prefix}-{n}-{key}", "") not in known]
        if not gone:
            return 0
        wanted = sum(not sent.get(f"{prefix}-{n}-DELETE") for n in gone)
        places = {str(old): new for new, old in enumerate(n for n in range(total) if n not in gone)}
        moved = MultiValueDict[str, Any]()
        for name, values in sent.lists():
            at, _dash, field = name.removeprefix(f"{prefix}-").partition("-")
            is_of_a_row = name.startswith(f"{prefix}-") and at.isdecimal()
            if not is_of_a_row:
                moved.setlist(name, values)
            elif at in places:
                moved.setlist(f"{prefix}-{places[at]}-{field}", values)
        moved[f"{prefix}-TOTAL_FORMS"], moved[f"{prefix}-INITIAL_FORMS"] = (
            total - len(gone),
            initial - len(gone),
        )
        self.data = moved
        del self.management_form  # counted anew
        return wanted

    def clean(self) -> None:
        super().clean()
        if self.gone:
            sentence = _(
                "%(rows)s: người khác vừa xóa %(n)s dòng. Các dòng khác giữ như vừa nhập. Xem rồi lưu lại."
            )
            rows = str(cast(type[models.Model], self.model)._meta.verbose_name_plural)
            raise ValidationError(
                sentence % {"rows": rows[:1].upper() + rows[1:], "n": self.gone}, code="gone"
            )

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
