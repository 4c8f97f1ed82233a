"""The organisers' questions on the pages of a delegation: about the whole, and about each person."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from attendees.answering import CONFLICT, find_person, find_portal
from attendees.entering import delegation_page
from attendees.forms_questions import AnswerForm
from attendees.portal import Portal
from attendees.portal_questions import Questions

OK = 200
require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_form
@delegation_page
def questions(request: HttpRequest, conference: str, code: str) -> HttpResponse:
    """What is asked of the delegation, and how far each of its people is."""
    portal, asked = _open(request, conference, code)
    open_now = asked.open_of(portal.delegation)
    form = AnswerForm(portal.delegation, open_now, request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid() and form.save(by=portal.user):
        messages.success(request, _("Đã lưu câu trả lời của đoàn."))
        return redirect(portal.url("questions"))
    context = {"closed": asked.shut_of(portal.delegation), "asked": asked}
    return _draw(request, portal, "attendees/delegation_questions.html", form, **context)


@require_form
@delegation_page
def person_questions(request: HttpRequest, conference: str, code: str, person: str) -> HttpResponse:
    """What is asked of one person, answered for her; then the next who still owes an answer."""
    portal, asked = _open(request, conference, code)
    found = find_person(request, portal, person)
    open_now = asked.open_of(found) if found.is_active else []
    form = AnswerForm(found, open_now, request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid() and form.save(by=portal.user):
        messages.success(request, _("Đã lưu câu trả lời của %s.") % found.addressed)
        following = Questions(find_portal(request, conference, code), request.session).after(found)
        goes_on = "next" in request.POST and following is not None
        return redirect(following.url if goes_on and following else portal.url("questions"))
    context = {"closed": asked.shut_of(found), "person": found, "next": asked.after(found)}
    return _draw(request, portal, "attendees/person_questions.html", form, **context)


def _open(request: HttpRequest, conference: str, code: str) -> tuple[Portal, Questions]:
    """For those who answer; onlookers read the answers at the desk."""
    portal = find_portal(request, conference, code)
    if not portal.answers:
        raise PermissionDenied
    return portal, Questions(portal, request.session)


def _draw(
    request: HttpRequest, portal: Portal, template: str, form: AnswerForm, **context: object
) -> HttpResponse:
    masthead = {"conference": portal.conference, "delegation": portal.delegation, "guest": portal.guest}
    status = CONFLICT if form.is_stale else OK
    return render(request, template, {**masthead, "portal": portal, "form": form, **context}, status=status)
