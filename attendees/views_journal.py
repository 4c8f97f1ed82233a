"""What was changed in a delegation, in short, for its own officers: what, by whom, when."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from attendees import journals
from attendees.answering import find_portal
from attendees.entering import delegation_page

PER_PAGE = 30


@require_safe
@login_required
@delegation_page
def changes(request: HttpRequest, conference: str, code: str) -> HttpResponse:
    """For people with an account: a link opens the answer, not the record of those who gave it."""
    portal = find_portal(request, conference, code)
    if portal.guest or not portal.answers:
        raise PermissionDenied
    delegation = portal.delegation
    page = Paginator(journals.of_delegation(delegation), PER_PAGE).get_page(request.GET.get("page"))
    context = {"portal": portal, "delegation": delegation, "conference": portal.conference, "page": page}
    return render(request, "attendees/delegation_changes.html", context)
