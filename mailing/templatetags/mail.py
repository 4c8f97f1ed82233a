"""What every page about letters shows: whether anything leaves at all."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Model
from django.http import HttpRequest

from conference import access
from mailing import log, outbox

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


@register.inclusion_tag("admin/mailing/_panel.html")
def mail_log(row: Model) -> dict[str, Any]:
    """The panel with all letters about a row of a room above."""
    return {"lines": log.of(f"{row._meta.label_lower}:{row.pk}")}
