"""What every page about letters shows: whether anything leaves at all."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse

from conference import access
from conference.journal import ref_of
from mailing import log, outbox
from mailing.models import Hold

register = template.Library()


@register.inclusion_tag("admin/mailing/_hold.html", takes_context=True)
def mail_hold(context: template.Context) -> dict[str, Any]:
    """The strips that say that letters are stopped, why, by whom; with the way back for who may go it."""
    request: HttpRequest | None = context.get("request")
    conference = access.of(request).conference if request else None
    if request is None or conference is None:
        return {"lines": []}
    holds = access.once(request, "mail holds", lambda: outbox.holds(conference))
    lines = [{"hold": hold, "release": _release(request, hold)} for hold in holds]
    return {"lines": lines, "request": request, "zone": conference.zone}


def _release(request: HttpRequest, hold: Hold) -> str:
    """Where the press goes that lifts a hold; empty for who may not."""
    mine = access.of(request)
    if hold.conference_id is None:
        return reverse("admin:mailing_message_release_all") if mine.is_administrator else ""
    return reverse("admin:mailing_message_release") if mine.may_change else ""


@register.inclusion_tag("admin/mailing/_panel.html")
def mail_log(row: Model) -> dict[str, Any]:
    """The panel with all letters about a row of a room above."""
    return {"lines": log.of(ref_of(row))}
