"""A list of one delegation, sent as a file: by its officers, by the bearer of its link, by organisers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attendees import list_pages
from attendees.answering import find_portal, masthead
from attendees.entering import delegation_page
from attendees.list_forms import GivenForm
from attendees.models import ImportBatch
from attendees.portal import Portal

require_form = require_http_methods(["GET", "HEAD", "POST"])
NAMES = {"upload": "list", "template": "list_template"}
SHOWN = 5  # earlier files on the first page


class PortalFrame(list_pages.Frame):
    """The pages within the portal of one delegation."""

    def __init__(self, request: HttpRequest, portal: Portal) -> None:
        super().__init__(request, portal.conference, portal.user)
        self.portal = portal

    def url(self, step: str, batch: ImportBatch | None = None) -> str:
        more = (str(batch.public_id),) if batch else ()
        return self.portal.url(NAMES.get(step, f"list_{step}"), *more)

    def shell(self, context: dict[str, Any], status: int) -> HttpResponse:
        own = {**masthead(self.portal), "portal": self.portal}
        return render(self.request, "attendees/list_page.html", {**own, **context}, status=status)

    @property
    def back(self) -> str:
        return self.portal.back


def _frame(request: HttpRequest, conference: str, code: str) -> PortalFrame:
    """Onlookers see the delegation, and no way to send a list."""
    portal = find_portal(request, conference, code)
    if not portal.answers:
        raise PermissionDenied
    return PortalFrame(request, portal)


def _found(request: HttpRequest, conference: str, code: str, batch: str) -> tuple[PortalFrame, ImportBatch]:
    frame = _frame(request, conference, code)
    rows = frame.portal.delegation.imports.select_related("conference", "delegation__unit")
    return frame, get_object_or_404(rows, public_id=batch)


@require_form
@delegation_page
def upload(request: HttpRequest, conference: str, code: str) -> HttpResponse:
    """Give a file, or paste a table."""
    frame = _frame(request, conference, code)
    delegation = frame.portal.delegation
    if not frame.portal.is_open and request.method != "POST":
        messages.error(request, _("Đã quá hạn trả lời. Gọi Ban Tổ chức để thay đổi."))
        return redirect(frame.portal.url("delegation"))
    form = GivenForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    earlier = delegation.imports.exclude(state=ImportBatch.State.DROPPED)[:SHOWN]
    return list_pages.upload(frame, form, delegation, earlier)


@require_POST
@delegation_page
def template(request: HttpRequest, conference: str, code: str) -> HttpResponse:
    """The workbook of the delegation, to be filled in."""
    frame = _frame(request, conference, code)
    return list_pages.template(frame, frame.portal.delegation)


@require_form
@delegation_page
def columns(request: HttpRequest, conference: str, code: str, batch: str) -> HttpResponse:
    """What every column holds."""
    return list_pages.columns(*_found(request, conference, code, batch))


@require_form
@delegation_page
def preview(request: HttpRequest, conference: str, code: str, batch: str) -> HttpResponse:
    """Row by row what will happen, or what has."""
    return list_pages.preview(*_found(request, conference, code, batch))


@require_POST
@delegation_page
def take(request: HttpRequest, conference: str, code: str, batch: str) -> HttpResponse:
    """The list as it was shown."""
    return list_pages.take(*_found(request, conference, code, batch))


@require_form
@delegation_page
def undo(request: HttpRequest, conference: str, code: str, batch: str) -> HttpResponse:
    """As before the list."""
    return list_pages.undo(*_found(request, conference, code, batch))


@require_POST
@delegation_page
def drop(request: HttpRequest, conference: str, code: str, batch: str) -> HttpResponse:
    """The file was the wrong one."""
    return list_pages.drop(*_found(request, conference, code, batch))


@require_safe
@delegation_page
def marked(request: HttpRequest, conference: str, code: str, batch: str) -> HttpResponse:
    """The same workbook, its problems marked."""
    return list_pages.marked(*_found(request, conference, code, batch))
