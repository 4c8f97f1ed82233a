"""Checking in oneself: the page that the code on the screen opens, and its one press."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from attendees import codes, links
from attendees.models import Attendee
from conference import serving
from conference.models import Conference
from sessions import self_check_in
from sessions.models import Session
from sessions.readers import conference_for

OK, TOO_MANY = 200, 429


class HereForm(forms.Form):
    """Whose badge it is, where the browser does not know the person."""

    code = forms.CharField(
        label=gettext_lazy("Mã thẻ"),
        max_length=40,
        help_text=gettext_lazy("Tám ký tự in dưới hình QR của thẻ, ví dụ 7K3M-9QFE."),
        error_messages={"required": gettext_lazy("Nhập mã in dưới hình QR của thẻ.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    ticket = forms.CharField(max_length=200, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, known: Attendee | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].required = known is None

    def clean_code(self) -> str:
        text = self.cleaned_data["code"]
        try:
            return codes.normalise_code(text) if text else ""
        except ValueError as error:
            raise ValidationError(_(str(error))) from error


@require_safe
def enter(request: HttpRequest, conference: str, item: str, token: str) -> HttpResponse:
    """By the code on the screen: one button for who is known, the code of the badge for everybody else."""
    found = conference_for(request.user, conference)
    session, known = _session(found, item), _known(request, found)
    try:
        ticket = self_check_in.admit(session, token)
    except ValidationError as refusal:
        return _draw(request, session, refusal=refusal)
    return _draw(request, session, known=known, form=HereForm(known=known, initial={"ticket": ticket}))


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, conference: str, item: str) -> HttpResponse:
    """I am here. Without the press, as after a reload, the page says what to do."""
    if request.method != "POST":
        return enter(request, conference, item, token="")
    if not ratelimit.consume(request, action="here"):
        return _slow_down(request)
    found = conference_for(request.user, conference)
    session, known = _session(found, item), _known(request, found)
    form = HereForm(request.POST, known=known)
    try:
        self_check_in.require_open(session)
        self_check_in.require_ticket(session, request.POST.get("ticket", ""))
        person = _person(found, form, known) if form.is_valid() else None
        if person is None:
            if not ratelimit.consume(request, action="here_unknown"):
                return _slow_down(request)
            return _draw(request, session, known=known, form=form)
        answer = self_check_in.check_in(session, person, form.cleaned_data["ticket"])
    except ValidationError as refusal:
        return _draw(request, session, refusal=refusal)
    return _draw(request, session, answer=answer, said=self_check_in.sentence(answer))


def _person(conference: Conference, form: HereForm, known: Attendee | None) -> Attendee | None:
    """Whose code was typed, else who is known by the link; None with an error in the form."""
    if not (code := form.cleaned_data["code"]):
        return known
    person = conference.attendees.filter(code=code).first()
    if person is None:
        form.add_error("code", _("Không có thẻ nào mang mã này trong hội nghị. Xem lại mã in trên thẻ."))
    return person


def _session(conference: Conference, code: str) -> Session:
    return get_object_or_404(conference.sessions.select_related("conference", "hall"), code=code)


def _known(request: HttpRequest, conference: Conference) -> Attendee | None:
    """The person whose personal link this browser holds."""
    bearer = links.guest_of(request, attendee__conference=conference)
    if bearer is None or bearer.attendee_id is None:
        return None
    return conference.attendees.filter(pk=bearer.attendee_id).first()


def _slow_down(request: HttpRequest) -> HttpResponse:
    response = render(request, "429.html", status=TOO_MANY)
    response["Retry-After"] = "60"
    return serving.kept_nowhere(response)


def _draw(
    request: HttpRequest, session: Session, refusal: ValidationError | None = None, **context: Any
) -> HttpResponse:
    context |= {
        "conference": session.conference,
        "session": session,
        "refusal": refusal.messages[0] if refusal else "",
        "code": refusal.code if refusal else "",
    }
    response = render(request, "sessions/here_page.html", context)
    response["Referrer-Policy"] = "strict-origin"
    return serving.kept_nowhere(response)
