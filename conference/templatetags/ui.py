"""Pieces of our own pages: icons, fields, acts, the long title. Their templates stand in templates/_ui."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from conference import access, records
from conference import qr as codes

register = template.Library()

# The sign that goes with a state; colour and word alone are not enough (design, 6).
STATE_ICONS = {"ok": "check", "part": "half", "wait": "clock", "off": "cross", "err": "bang", "info": "info"}
BROWSERS = (
    ("coc_coc", "Cốc Cốc"), ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip
ACT = {
    "label": "", "url": "", "post": False, "kind": "", "icon": "", "name": "", "value": "", "note": "",
    "about": "", "disabled": False, "large": False, "wide": False, "download": False, "fields": {},
}  # fmt: skip


@register.simple_tag
def request_id() -> str:
    """The number of this request, as the log names it; without a context, for error pages."""
    return records.current.get()


@register.simple_tag(takes_context=True)
def page_of(context: template.Context) -> str:
    """The page that is shown, to come back to: an address that takes presses alone cannot be opened."""
    return access.page_of(context["request"])


@register.simple_tag
def icon(name: str) -> SafeString:
    """One symbol of the sprite, silent: a word always stands beside it. `c-…` are the category shapes."""
    symbol = name if name.startswith(("c-", "i-")) or name == "mark" else f"i-{name}"
    kind = "mark" if name == "mark" else "icon"
    return _use(kind, "img/icons.svg", symbol, 100 if name == "mark" else 24)


@register.simple_tag
def shape(band: str) -> SafeString:
    """The shape of a category band (leader ■, delegate ● …)."""
    return _use("shape", "img/icons.svg", f"c-{band}", 24)


@register.simple_tag
def drum() -> SafeString:
    """The faint line drawing of the drum behind the public page and the sign-in."""
    return _use("drum", "img/drum.svg", "drum", 100)


@register.simple_tag
def qr(text: str, label: str) -> SafeString:
    """A QR code, black on white by day and by night; `label` says what it is."""
    size, path = codes.outline(text)
    return format_html(
        '<svg class="qr" viewBox="0 0 {} {}" role="img" aria-label="{}" shape-rendering="crispEdges">'
        '<rect width="{}" height="{}" fill="#fff"/><path d="{}" fill="#000"/></svg>',
        size, size, label, size, size, path,
    )  # fmt: skip


def _use(css_class: str, file: str, symbol: str, size: int) -> SafeString:
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        css_class, size, size, static(file), symbol,
    )  # fmt: skip


@register.filter
def state_icon(kind: str) -> str:
    """The icon of a state: ok, part, wait, off, err, info."""
    return STATE_ICONS.get(kind, "info")


@register.filter
def notice_kind(kind: str) -> str:
    """A state, also from the level of a Django message."""
    return {"success": "ok", "warning": "wait", "error": "err", "debug": "info"}.get(kind, kind)


@register.filter
def page_numbers(page: Page[Any]) -> list[int | str]:
    """Numbers of a pager: 1 2 3 … 34."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.filter
def browser_name(user_agent: str) -> str:
    """Browser and system in words: "Chrome, Windows". Most claim to be others too: the order counts."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return ", ".join(filter(None, (browser, system))) or _("Trình duyệt khác")


@register.simple_tag(takes_context=True)
def csrf(context: template.Context) -> SafeString:
    """The token of a posting form, also inside a component included with `only`."""
    request = getattr(context, "request", None) or context.get("request")
    if request is None:
        return format_html("{}", "")
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))


@register.inclusion_tag("_ui/field.html")
def field(bound: BoundField, hint: str = "") -> dict[str, Any]:
    """A form field: label, hint (or the help text), error and input, tied together for screen readers."""
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        shape_of = "choice"
    elif getattr(widget, "use_fieldset", False):
        shape_of = "group"
    else:
        shape_of = "line"
    attrs: dict[str, Any] = {"placeholder": False}
    if shape_of == "line" and not isinstance(widget, forms.ClearableFileInput):
        attrs["class"] = f"input {widget.attrs.get('class', '')}".strip()
    if hint and not bound.help_text:
        described = (f"{bound.auto_id}_helptext", bound.aria_describedby)
        attrs["aria-describedby"] = " ".join(filter(None, described))
    # An answer may be left for later and yet be wanted: see attendees/forms_questions.py.
    is_wanted = bound.field.required or getattr(bound.field, "is_wanted", False)
    return {
        "field": bound,
        "shape": shape_of,
        "hint": hint or bound.help_text,
        "input": bound.as_widget(attrs=attrs),
        "optional": shape_of == "line" and not is_wanted,
    }


@register.inclusion_tag("_ui/fields.html")
def fields(form: forms.BaseForm) -> dict[str, Any]:
    """Every field of a form, in its order, hidden ones last."""
    return {"visible": form.visible_fields(), "hidden": form.hidden_fields()}


@register.inclusion_tag("_ui/act.html", takes_context=True)
def act(context: template.Context, spec: Any, **more: Any) -> dict[str, Any]:
    """One thing that can be done: a link, or a small form that posts.

    `spec` is a mapping or an object with some of: label (a verb), url, post, kind ("main", "plain", "danger"
    or ""), icon, name and value of the button, fields (hidden name → value), about (who or what, for
    screen readers), note (the reason when disabled), disabled, large, wide, download.
    """
    given = spec if isinstance(spec, Mapping) else {key: getattr(spec, key, ACT[key]) for key in ACT}
    values = {**ACT, **given, **more}
    values["token"] = csrf(context) if values["post"] else ""
    return values


class Title(NamedTuple):
    """A long title around its short form."""

    lead: str
    main: str
    tail: str


@register.simple_tag
def split_title(title: str, short_title: str) -> Title:
    """Splits a title around its short form, punctuation with the middle: lead, main, tail.

    Without a match everything is `main` and the other two are empty.
    """
    short = short_title.strip()
    found = re.search(re.escape(short), title, re.IGNORECASE) if short else None
    if not found or found.group() == title:
        return Title("", title.strip(), "")
    tail = title[found.end() :]
    mark = re.match(r"[,;:.]+", tail)
    cut = mark.end() if mark else 0
    return Title(title[: found.start()].strip(), found.group() + tail[:cut], tail[cut:].strip())
