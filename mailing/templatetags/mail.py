"""What every page about letters shows: whether anything leaves at all."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest

from conference import access
from mailing import outbox

register = template.Library()


@register.inclusion_tag("admin/mailing/_hold.html", takes_context=True)
def mail_hold(context: template.Context) -> dict[str, Any]:
    """The strip that says that all letters are stopped, why, and by whom."""
    request: HttpRequest | None = context.get("request")
    conference = access.of(request).conference if request else None
    if request is None or conference is None:
        return {"hold": None}
    hold = access.once(request, "mail hold", lambda: outbox.held(conference))
    may = (
        access.of(request).may_change if hold and hold.conference_id else access.of(request).is_administrator
    )
    return {"hold": hold, "may_release": may, "request": request, "zone": conference.zone}
