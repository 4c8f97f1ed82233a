"""Forms of the desk: plain inputs, nothing overwritten that somebody else changed, refusals at the field."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference import keys, refusals, vietnamese_dates

SALT = "conference.desk.seen"
ONE_DAY = 24 * 60 * 60


class DayInput(forms.DateInput):
    """A day as people write it; the browser's calendars differ too much to rely on."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        format: str | None = None,  # noqa: A002  (the name that Django gave it)
    ) -> None:
        super().__init__(
            {"class": "input--day", "inputmode": "numeric", "autocomplete": "off", **(attrs or {})}, format
        )

    def format_value(self, value: Any) -> str | None:
        return vietnamese_dates.short_date(value) if isinstance(value, datetime.date) else value


class ClockInput(forms.TimeInput):
    """An hour of the day, without seconds."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        format: str | None = "%H:%M",  # noqa: A002  (the name that Django gave it)
    ) -> None:
        super().__init__({"class": "input--clock", "autocomplete": "off", **(attrs or {})}, format)


class ShortSelect(forms.Select):
    """A list without groups, written in one go: a plan shows some hundred of them, each with every hall."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        widget = self.get_context(name, value, attrs)["widget"]
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (one["value"], flatatt({"selected": one["selected"]}), one["label"])
                for _group, choices, _index in widget["optgroups"]
                for one in choices
            ),
        )
        return format_html(
            '<select name="{}"{}>{}</select>', widget["name"], flatatt(widget["attrs"]), options
        )


class MomentInput(forms.DateTimeInput):
    """Day and hour in one line."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        format: str | None = "%d/%m/%Y %H:%M",  # noqa: A002  (the name that Django gave it)
    ) -> None:
        super().__init__({"class": "input--moment", "autocomplete": "off", **(attrs or {})}, format)

    def format_value(self, value: Any) -> str | None:
        if not isinstance(value, datetime.datetime):
            return super().format_value(value)
        return f"{vietnamese_dates.short_date(value)} {value:%H:%M}"


DAY_HINT = gettext_lazy("Ngày/tháng/năm, ví dụ 06/6/2024.")
CLOCK_HINT = gettext_lazy("Giờ:phút, ví dụ 07:30.")
MOMENT_HINT = gettext_lazy("Ngày/tháng/năm giờ:phút, ví dụ 31/5/2024 17:00.")
SLUG_HINT = gettext_lazy("Chữ không dấu, số, gạch nối, ví dụ bao-chi.")
DAY_WRONG = gettext_lazy("Chưa đọc được ngày này. Nhập ngày/tháng/năm, ví dụ 06/6/2024.")
CLOCK_WRONG = gettext_lazy("Chưa đọc được giờ này. Nhập giờ:phút, ví dụ 07:30.")
MOMENT_WRONG = gettext_lazy(
    "Chưa đọc được thời điểm này. Nhập ngày/tháng/năm giờ:phút, ví dụ 31/5/2024 17:00."
)


class MomentField(forms.DateTimeField):
    """Day and hour. A day alone is asked about: Django takes its first minute, a day less than was meant."""

    widget = MomentInput
    default_error_messages = {"invalid": MOMENT_WRONG}

    def to_python(self, value: Any) -> datetime.datetime | None:
        if isinstance(value, str) and value.strip() and ":" not in value:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


OVERRIDES: dict[type[models.Field], dict[str, Any]] = {
    models.DateField: {"widget": DayInput, "help_text": DAY_HINT, "error_messages": {"invalid": DAY_WRONG}},
    models.TimeField: {
        "widget": ClockInput,
        "help_text": CLOCK_HINT,
        "error_messages": {"invalid": CLOCK_WRONG},
    },
    models.DateTimeField: {
        "form_class": MomentField,
        "widget": MomentInput,
        "help_text": MOMENT_HINT,
    },
    models.SlugField: {"widget": forms.TextInput, "help_text": SLUG_HINT},
    models.CharField: {"widget": forms.TextInput},
    models.EmailField: {"widget": forms.EmailInput},
    models.IntegerField: {"widget": forms.NumberInput},
    models.ForeignKey: {"widget": forms.Select},
    models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple},
}


class DeskForm(forms.ModelForm):
    """A form of the desk.

    `seen` holds what the fields said when the form was shown. Whoever saves after somebody else is told,
    field by field, what is there now; what was typed stays in the form, and saving again decides.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    once = forms.CharField(widget=forms.HiddenInput, required=False)
    refused: ValidationError | None = None  # what a verb answered, see `DeskAdmin.changeform_view`
    preset: dict[str, Any] = {}  # fields of a new row that are not asked for, e.g. its conference

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in self.preset.items():
            setattr(self.instance, name, value)
        now = self._values()
        self.initial["seen"] = sealed(now, self.instance) if self.instance.pk else ""
        self.initial["once"] = "" if self.instance.pk else uuid.uuid4().hex

    @property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name not in ("seen", "once")]

    def _values(self) -> dict[str, str]:
        """What every field says now, to be compared."""
        names = [name for name in self.fields if name not in ("seen", "once") and name in self.initial]
        return {name: plain(self.initial[name]) for name in names}

    def shown(self, name: str, value: Any) -> str:
        """A value of a field in words."""
        if isinstance(value, datetime.datetime):
            value = localtime(value)
        if isinstance(value, models.Model):
            return str(value)
        if isinstance(value, list | tuple | models.QuerySet):
            return ", ".join(sorted(str(one) for one in value))
        choices = getattr(self.fields.get(name), "choices", None)
        if isinstance(self.fields.get(name), forms.ModelChoiceField):
            field: Any = self.fields[name]  # what it said before may be offered no more
            found = field.queryset.model._default_manager.filter(pk=value).first() if value else None
            return str(found or "")
        if choices:
            return str(dict(choices).get(value, value or ""))
        return strip_tags(str(localize(value))) if value is not None else ""

    def _get_validation_exclusions(self) -> set[str]:
        # "Once per conference" is checked here too, not only by the database.
        return super()._get_validation_exclusions() - {"conference"}  # type: ignore[misc]  # Django's hook

    def _update_errors(self, errors: ValidationError) -> None:
        """What may stand once and stands already is told at its field; Django names columns no form has."""
        found: dict[str, list[ValidationError]] = errors.update_error_dict({})
        for one in found.pop(NON_FIELD_ERRORS, []):
            names = [name for name in (one.params or {}).get("unique_check", ()) if name in self.fields]
            if one.code == "unique_together" and names:
                sentence = _("Mục này đã có trong danh sách. Chọn hoặc nhập mục khác.")
                found.setdefault(names[-1], []).append(ValidationError(sentence, code="unique"))
            else:
                found.setdefault(NON_FIELD_ERRORS, []).append(one)
        super()._update_errors(ValidationError(found))  # type: ignore[misc]  # Django's hook

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's hook
        if self.refused is not None:
            refusals.tell(self, self.refused)
        elif self.is_bound and self.instance.pk:
            self._tell_of_others()
        for name in set(self.errors) - {NON_FIELD_ERRORS}:
            del self.errors[name].data[1:]  # one thing at a time: what is missing is not also too short

    def _tell_of_others(self) -> None:
        seen = seen_in(self.data, self.instance, self.add_prefix("seen"))
        if not seen:
            return  # nothing to compare with
        now, told = self._values(), False
        for name, value in now.items():
            if value not in (seen.get(name, value), plain(self.cleaned_data.get(name, ""))):
                told = True
                self.add_error(name, refusals.overtaken(self.shown(name, self.initial[name])))
        if told:
            data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
            data[self.add_prefix("seen")] = sealed(now, self.instance)
            self.data = data

    def changes(self) -> dict[str, list[Any]]:
        """Field → [before, after], for the journal."""
        return {
            name: [self.shown(name, self.initial.get(name)), self.shown(name, self.cleaned_data.get(name))]
            for name in self.changed_data
        }


def hold(model: type[models.Model], object_id: str | None) -> None:
    """Whoever saves the same form at the same moment waits: each compares with what is really there.

    Not against rows that only point to it. Nothing happens where there is no such row.
    """
    if (key := keys.read(object_id or "")) is not None:
        rows = model._default_manager.select_for_update(of=("self",), no_key=True).order_by()
        rows.filter(pk=key).values_list("pk").first()


def sealed(values: dict[str, str], row: models.Model) -> str:
    """What a form showed of one row, so that nobody can claim to have been shown something else."""
    return signing.dumps(values, salt=f"{SALT}.{row._meta.label_lower}.{row.pk}", compress=True)


def seen_in(data: Mapping[str, Any], row: models.Model, name: str = "seen") -> dict[str, str]:
    """What the form that was sent had shown of this row, by field; nothing where that cannot be told."""
    try:
        seen: dict[str, str] = signing.loads(
            data.get(name, ""), salt=f"{SALT}.{row._meta.label_lower}.{row.pk}"
        )
    except signing.BadSignature:
        return {}
    return seen


def plain(value: Any) -> str:
    """A value of a field in a form that can be kept and compared."""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, list | tuple | models.QuerySet):
        return ",".join(sorted(map(plain, value)))
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    return "" if value is None else str(value)


class CachedChoices(forms.models.ModelChoiceIterator):
    """The choices of one field, read once for all rows of a form."""

    def __iter__(self) -> Any:
        memory: dict[str, Any] = self.field.memory  # type: ignore[attr-defined]  # set by `read_once`
        if "choices" not in memory:
            found: list[Any] = list(super().__iter__())
            if not any(key for key, _label in found):  # what to do first, where nothing can be chosen yet
                where = capfirst(str(self.queryset.model._meta.verbose_name_plural))
                found = [("", _("(chưa có mục nào trong “%(list)s”)") % {"list": where})]
            memory["choices"] = found
        return iter(memory["choices"])


def read_once(field: forms.ModelChoiceField) -> forms.ModelChoiceField:
    """Makes the copies of a field share what they read."""
    field.memory = {}  # type: ignore[attr-defined]  # shared by the copies
    field.iterator = CachedChoices
    field.queryset = field.queryset  # so that the widget takes the iterator
    return field


def is_repeated(key: str) -> bool:
    """True when a form with this key was already taken: one press of a button adds one row.

    Asked in the transaction of the act: what is not saved was not taken, and may be sent again.
    """
    return bool(key) and not cache.add(_taken(key), 1, ONE_DAY)


def allow_again(key: str) -> None:
    """The form with this key was refused: it may be sent again."""
    if key:
        cache.delete(_taken(key))


def _taken(key: str) -> str:
    """Where it stands that a form was taken. Anybody may send anything as its key."""
    return f"desk-once:{hashlib.sha256(key.encode()).hexdigest()}"


def asked(request: HttpRequest, form: Any, *args: Any) -> Any:
    """The form of an act: filled when the page between has been sent."""
    return form(*args, request.POST) if "apply" in request.POST else form(*args)


class ReasonForm(forms.Form):
    """Why something is refused, ended, left out or taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        max_length=500,
        error_messages={"required": gettext_lazy("Ghi lý do.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason_hint: str | Promise = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.reason_hint:
            self.fields["reason"].help_text = str(self.reason_hint)


class UntilForm(forms.Form):
    """A new last moment."""

    until = MomentField(label=gettext_lazy("Gia hạn đến"), help_text=MOMENT_HINT)
