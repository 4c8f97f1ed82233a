"""Pieces of the desk's lists and forms. Their templates stand in templates/admin."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Any

from django import forms, template
from django.contrib.admin.helpers import AdminReadonlyField
from django.contrib.admin.templatetags.admin_list import result_headers
from django.contrib.admin.utils import display_for_field, display_for_value, lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import ForeignKey, Model
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from conference import moments, vietnamese_dates
from conference.desk_cells import Noted, tag
from conference.desk_journal import act_word, change_lines, masked, subject_words
from conference.models import Conference, JournalEntry
from conference.templatetags.ui import field as ui_field

register = template.Library()
FACET = re.compile(r"^(?P<word>.*) \((?P<count>\d+|-)\)$", re.S)


@register.simple_tag
def desk_today(conference: Conference) -> str:
    """Thứ Năm, 30/5/2024, 16:00 · còn 7 ngày đến khai mạc."""
    now = conference.now()
    shown = f"{capfirst(moments.weekday_date(now.date()))}, {vietnamese_dates.clock(now)}"
    left = (conference.starts_on - now.date()).days
    if left > 0:
        rest = _("còn %(n)s ngày đến khai mạc") % {"n": left}
    elif now.date() <= conference.ends_on:
        rest = _("ngày thứ %(n)s của hội nghị") % {"n": 1 - left}
    else:
        rest = _("hội nghị đã kết thúc")
    return f"{shown} · {rest}"


@register.inclusion_tag("_ui/field.html")
def desk_field(bound: BoundField) -> dict[str, Any]:
    """A field with its label in a capital."""
    bound.label = capfirst(str(bound.label))
    nothing = _("(chọn)") if bound.field.required else _("(không chọn)")
    if isinstance(bound.field, forms.ModelChoiceField):
        bound.field.empty_label = nothing if bound.field.empty_label is not None else None
    elif isinstance(bound.field, forms.ChoiceField) and isinstance(bound.field.widget, forms.Select):
        choices: Any = bound.field.choices
        # Django's dashes say nothing; words that a form chose for its empty choice do.
        bound.field.choices = [
            (key, word if key or str(word).strip("-") else nothing) for key, word in choices
        ]
    return ui_field(bound)


@register.filter
def facet(text: str) -> tuple[str, str]:
    """A choice of a filter and the number Django wrote behind it."""
    found = FACET.match(str(text))
    return (found["word"], found["count"]) if found else (str(text), "")


@register.filter
def is_used(choices: Iterable[dict[str, Any]]) -> bool:
    """Is anything but "all" chosen in a filter?"""
    return any(choice["selected"] for choice in list(choices)[1:])


@register.inclusion_tag("admin/change_list_results.html")
def desk_results(cl: Any) -> dict[str, Any]:
    """The rows of a list: each cell knows its column, so that the phone can show the row as a list."""
    headers = list(result_headers(cl))
    chosen = "action_checkbox" in cl.list_display
    names = [name for name in cl.list_display if name != "action_checkbox"]
    columns = list(zip(names, headers[len(headers) - len(names) :], strict=True))
    return {
        "cl": cl,
        "chosen": chosen,
        "headers": [{**header, "css": name if isinstance(name, str) else ""} for name, header in columns],
        "rows": [
            {"pk": one.pk, "name": str(one), "cells": _cells(cl, one, columns)} for one in cl.result_list
        ],
    }


def _cells(cl: Any, row: Model, columns: list[tuple[Any, dict[str, Any]]]) -> list[dict[str, Any]]:
    links = cl.list_display_links
    values = [(_shown(cl, name, row), name, header) for name, header in columns]
    return [
        {
            "value": value,
            "note": value.note if isinstance(value, Noted) else "",
            "label": capfirst(str(header["text"])),
            "css": name if isinstance(name, str) else "",
            "url": cl.url_for_result(row) if links and name in links else "",
        }
        for value, name, header in values
    ]


def _shown(cl: Any, name: Any, row: Model) -> Any:
    """A value as Django's own lists show it; yes and no as words."""
    empty = cl.model_admin.get_empty_value_display()
    try:
        field, attribute, value = lookup_field(name, row, cl.model_admin)
    except ObjectDoesNotExist:
        return empty
    if isinstance(value, Noted):
        return value
    if isinstance(field, ForeignKey):
        return getattr(row, field.name) or empty
    if field is not None and not isinstance(value, bool | datetime.date):
        return display_for_field(value, field, empty) or empty
    return _in_words(value, getattr(attribute, "empty_value_display", empty))


def _in_words(value: Any, empty: str) -> Any:
    """Yes and no, days and moments as people here write them."""
    if isinstance(value, bool):
        return tag("ok", _("Có")) if value else _("Không")
    if isinstance(value, datetime.datetime):
        moment = localtime(value)
        return f"{vietnamese_dates.clock(moment)}, {vietnamese_dates.short_date(moment)}"
    if isinstance(value, datetime.date):
        return vietnamese_dates.short_date(value)
    return display_for_value(value, empty)


@register.simple_tag
def desk_said(read_only: AdminReadonlyField) -> Any:
    """The value of a field that cannot be changed here."""
    desk: Any = read_only.model_admin
    row = read_only.form.instance
    empty = desk.get_empty_value_display()
    try:
        field, _attribute, value = lookup_field(read_only.field["field"], row, desk)
    except (ObjectDoesNotExist, AttributeError, ValueError):
        return empty
    if isinstance(value, bool | datetime.date):
        return _in_words(value, empty)
    if isinstance(value, Noted):
        return format_html("{}<small>{}</small>", *value)
    if field is None:
        return value if hasattr(value, "__html__") else display_for_value(value, empty)
    return read_only.contents()


@register.inclusion_tag("admin/_chips.html")
def chips(cl: Any) -> dict[str, Any]:
    """What narrows the list, each with a way to take it off."""
    found = []
    if cl.query:
        found.append(
            {"label": _("Tìm: %(text)s") % {"text": cl.query}, "url": cl.get_query_string(remove=["q"])}
        )
    for spec in cl.filter_specs:
        chosen = list(spec.choices(cl))
        for choice in chosen[1:]:
            if choice["selected"]:
                label = f"{capfirst(str(spec.title))}: {facet(choice['display'])[0]}"
                found.append({"label": label, "url": chosen[0]["query_string"]})
    return {"chips": found}


@register.simple_tag
def page_url(cl: Any, number: int) -> str:
    """The address of another page of a list."""
    return str(cl.get_query_string({"p": number}))


@register.simple_tag
def page_sum(cl: Any) -> str:
    """51–100 trong 323 đại biểu."""
    first = (cl.page_num - 1) * cl.list_per_page + 1
    last = min(cl.page_num * cl.list_per_page, cl.result_count)
    return f"{first}–{last} {_('trong')} {cl.result_count} {cl.opts.verbose_name}"


@register.simple_tag
def entry_act(entry: JournalEntry) -> str:
    """What was done, in a word."""
    return act_word(entry)


@register.simple_tag
def entry_changes(entry: JournalEntry) -> SafeString:
    """What it changed."""
    return change_lines(entry)


@register.simple_tag
def entry_subject(entry: JournalEntry) -> str:
    """To what it was done."""
    return subject_words(entry)


@register.simple_tag
def entry_actor(entry: JournalEntry) -> str:
    """Who did it."""
    return masked(entry.actor_name)
