"""Certificates taken home: one by its holder, those of a delegation by who answers for it."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from attendees import entering
from attendees.models import Attendee, Delegation
from documents import handing_out, storing
from documents.kinds.base import file_name
from documents.models import Certificate

_log = logging.getLogger(__name__)


@require_safe
@entering.attendee_page
def of_person(request: HttpRequest, conference: str, person: str) -> HttpResponseBase:
    """The best file of the valid certificate of one person."""
    people = Attendee.objects.visible_to(entering.actor(request)).filter(conference__slug=conference)
    holder = get_object_or_404(people, code=person)
    found = _entries(holder.certificates.valid())
    if not found:
        raise Http404
    name, stored = found[0]
    return _taken(FileResponse(storing.opened(stored), content_type="application/pdf"), name)


@require_safe
@entering.delegation_page
def of_delegation(request: HttpRequest, conference: str, code: str) -> HttpResponseBase:
    """Those of a delegation that are valid, streamed as a ZIP."""
    visible = Delegation.objects.visible_to(entering.actor(request)).filter(conference__slug=conference)
    delegation = get_object_or_404(visible, code=code)
    seen = Certificate.objects.visible_to(entering.actor(request)).valid()
    valid = seen.filter(attendee__delegation=delegation).order_by("number")
    found = _entries(valid)
    if not found:
        raise Http404
    response = StreamingHttpResponse(handing_out.archive(found), content_type="application/zip")
    return _taken(response, f"{file_name(f'Giấy chứng nhận {delegation.name}')}.zip")


def _entries(certificates: Iterable[Certificate]) -> list[tuple[str, str]]:
    try:
        return handing_out.entries(certificates)
    except FileNotFoundError:
        _log.exception("A kept file of a certificate is gone from the disk")
        raise Http404 from None


def _taken(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    return response
