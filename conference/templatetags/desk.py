"""Pieces of the desk's lists and forms. Their templates stand in templates/admin."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms, template
from django.contrib.admin.templatetags.admin_list import result_headers
from django.contrib.admin.utils import display_for_field, display_for_value, lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import ForeignKey, Model
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conference import vietnamese_dates
from conference.desk_cells import tag
from conference.desk_journal import act_word, change_lines
from conference.models import Conference, JournalEntry
from conference.templatetags.ui import field as ui_field

register = template.Library()
FACET = re.compile(r"^(?P<word>.*) \((?P<count>\d+|-)\)$", re.S)


@register.simple_tag
def desk_today(conference: Conference) -> str:
    """Thứ Năm, 30/5/2024, 16:00 · còn 7 ngày đến khai mạc."""
    now = conference.now()
    shown = f"{capfirst(vietnamese_dates.weekday_date(now.date()))}, {vietnamese_dates.clock(now)}"
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
    if isinstance(bound.field, forms.ModelChoiceField) and not bound.field.required:
        bound.field.empty_label = _("(không chọn)")
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
    chosen = bool(cl.show_admin_actions)
    names = [name for name in cl.list_display if name != "action_checkbox"]
    columns = list(zip(names, headers[len(headers) - len(names) :], strict=True))
    return {
        "cl": cl,
        "chosen": chosen,
        "headers": [header for _name, header in columns],
        "rows": [
            {"pk": one.pk, "name": str(one), "cells": _cells(cl, one, columns)} for one in cl.result_list
        ],
    }


def _cells(cl: Any, row: Model, columns: list[tuple[Any, dict[str, Any]]]) -> list[dict[str, Any]]:
    links = cl.list_display_links
    return [
        {
            "value": _shown(cl, name, row),
            "label": capfirst(str(header["text"])),
            "css": name if isinstance(name, str) else "",
            "url": cl.url_for_result(row) if links and name in links else "",
        }
        for name, header in columns
    ]


def _shown(cl: Any, name: Any, row: Model) -> Any:
    """A value as Django's own lists show it; yes and no as words."""
    empty = cl.model_admin.get_empty_value_display()
    try:
        field, attribute, value = lookup_field(name, row, cl.model_admin)
    except ObjectDoesNotExist:
        return empty
    if isinstance(value, bool):
        return tag("ok", _("Có")) if value else _("Không")
    if field is None:
        return display_for_value(value, getattr(attribute, "empty_value_display", empty))
    if isinstance(field, ForeignKey):
        return getattr(row, field.name) or empty
    return display_for_field(value, field, empty) or empty


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
