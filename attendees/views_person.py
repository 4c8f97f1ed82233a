"""The page of one attendee, by a personal link. Who answers for the person may look, and acts elsewhere."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from attendees import corrections, person_page, privacy
from attendees.answering import CONFLICT
from attendees.entering import actor, attendee_page, guest, in_person
from attendees.forms_person import CorrectionForm
from attendees.forms_questions import AnswerForm
from attendees.models import Attendee
from attendees.person_page import PersonPage
from conference import programme, refusals

OK = 200
require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@attendee_page
def page(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """Who, when and where; the code for the door; the programme; what is written about the person."""
    shown = _find(request, conference, person, even_gone=True)
    if shown.is_gone:
        return _draw(request, shown, "attendees/attendee_gone.html")
    announced = programme.Announced(shown.conference)
    calendar = programme.own_calendar(shown.person) if shown.is_own else ""
    return _draw(request, shown, "attendees/attendee_page.html", announced=announced, calendar=calendar)


@require_form
@attendee_page
def notice(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """What is kept about the person, why, and for how long. That it was read is said by POST."""
    shown = _find(request, conference, person)
    if request.method == "POST":
        privacy.acknowledge(shown.person, by=in_person(request, shown.person))
        messages.success(request, _("Đã ghi nhận Ông/Bà đã đọc thông báo về dữ liệu cá nhân."))
        return redirect(shown.home)
    return _draw(request, shown, "attendees/attendee_notice.html")


@require_form
@attendee_page
def correct(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """Something is written wrong."""
    shown = _find(request, conference, person)
    by = in_person(request, shown.person)
    form = CorrectionForm(_fetch(request, conference, person), request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            corrections.ask(shown.person, form.wanted(), form.cleaned_data["text"], by=by)
        except ValidationError as refusal:
            refusals.tell(form, refusal)
        else:
            messages.success(request, _("Đã gửi đề nghị sửa. Ban Tổ chức trả lời ngay trên trang này."))
            return redirect(shown.home)
    return _draw(request, shown, "attendees/attendee_correct.html", form=form)


@require_form
@attendee_page
def answer(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """The organisers' questions to this person."""
    shown = _find(request, conference, person)
    by = in_person(request, shown.person)

    form = AnswerForm(
        shown.person, shown.open_questions, request.POST or None, request.FILES or None, own=True
    )
    if form.is_bound and form.is_valid() and form.save(by=by):
        left = _find(request, conference, person).unanswered
        messages.success(request, _("Đã lưu câu trả lời. %s.") % left)
        return redirect(shown.home)
    status = CONFLICT if form.is_stale else OK
    return _draw(request, shown, "attendees/attendee_answer.html", status=status, form=form)


# ── Finding and drawing ───────────────────────────────────────────────────────────────────────────


def _fetch(request: HttpRequest, conference: str, code: str) -> Attendee:
    people = Attendee.objects.visible_to(actor(request))
    people = people.select_related("conference", "category", "delegation__conference")
    return get_object_or_404(people, conference__slug=conference, code=code)


def _find(request: HttpRequest, conference: str, code: str, *, even_gone: bool = False) -> PersonPage:
    people = Attendee.objects.visible_to(actor(request))
    return person_page.find(request, people, conference, code, even_gone=even_gone)


def _draw(
    request: HttpRequest, shown: PersonPage, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"shown": shown, "person": shown.person, "conference": shown.conference}
    return render(request, template, {**context, "guest": guest(request)}, status=status)
