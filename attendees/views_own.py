"""What is held of one person, by the personal link: read, taken along, no longer agreed to, to be erased."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from attendees import corrections, own_data, person_page
from attendees.entering import actor, attendee_page, in_person
from attendees.forms_person import ErasureForm
from attendees.models import Attendee
from attendees.person_page import PersonPage


@require_safe
@attendee_page
def data(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """Everything, line by line: what, what for, how long."""
    shown = _own(request, conference, person)
    context = {
        "shown": shown,
        "person": shown.person,
        "conference": shown.conference,
        "guest": in_person(request, shown.person),
        "lines": own_data.told(shown.person),
        "consents": own_data.consents(shown.person),
        "form": ErasureForm(),
        "asked": shown.person.corrections.waiting().filter(kind="erase").first(),
    }
    return render(request, "attendees/attendee_data.html", context)


@require_safe
@attendee_page
def data_file(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """The same as a file that a machine reads."""
    shown = _own(request, conference, person)
    response = JsonResponse(
        own_data.as_file(shown.person), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    response["Content-Disposition"] = f'attachment; filename="du-lieu-{shown.person.code}.json"'
    return response


@require_POST
@attendee_page
def withdraw_consent(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """A consent is taken back, and what stood on it."""
    shown = _own(request, conference, person)
    try:
        own_data.withdraw(shown.person, request.POST.get("name", ""), by=in_person(request, shown.person))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Đã rút đồng ý và xóa nội dung ấy."))
    return redirect(shown.data_url)


@require_POST
@attendee_page
def ask_erasure(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """The request goes to the organisers."""
    shown = _own(request, conference, person)
    form = ErasureForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Lời nhắn dài tối đa 1000 ký tự."))
        return redirect(shown.data_url)
    by = in_person(request, shown.person)
    try:
        corrections.ask_erasure(shown.person, form.cleaned_data["text"], by=by)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Đã gửi đề nghị xóa. Ban Tổ chức trả lời trong 2 ngày làm việc."))
    return redirect(shown.data_url)


def _own(request: HttpRequest, conference: str, code: str) -> PersonPage:
    """The page of the person, who alone reads it; also of a seat that was given to somebody else."""
    people = Attendee.objects.visible_to(actor(request))
    shown = person_page.find(request, people, conference, code, even_gone=True)
    in_person(request, shown.person)
    return shown
