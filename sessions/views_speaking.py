"""The page of a speaker by the personal link, without an account. Who answers for the person may look."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attendees import person_page
from attendees.entering import actor, attendee_page, guest, in_person
from attendees.models import Attendee
from attendees.person_page import PersonPage
from conference import refusals
from conference.guests import Guest
from conference.serving import shown_picture
from sessions import handing_out, speaking
from sessions.forms_speaking import DeclineForm, IntroduceForm, NeedsForm, SlidesForm
from sessions.models import Participation
from sessions.speaker_page import Own, SpeakerPage

require_form = require_http_methods(["GET", "HEAD", "POST"])
Answer = Participation.Answer


@require_safe
@attendee_page
def page(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """In which sessions, with whom, what was answered; what was sent and what the organisers said to it."""
    return _draw(request, _find(request, conference, person), "sessions/speaking_page.html")


@require_POST
@attendee_page
def confirm(request: HttpRequest, conference: str, person: str, item: str) -> HttpResponse:
    """The speaker comes."""
    speaker = _find(request, conference, person)
    by, own = in_person(request, speaker.person), _session(speaker, item)
    try:
        _answer(own, Answer.CONFIRMED, "", by)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Đã ghi nhận Ông/Bà nhận lời. Ban Tổ chức trân trọng cảm ơn."))
    return redirect(speaker.home)


@require_form
@attendee_page
def decline(request: HttpRequest, conference: str, person: str, item: str) -> HttpResponse:
    """The speaker does not come, and says why."""
    speaker = _find(request, conference, person)
    by, own = in_person(request, speaker.person), _session(speaker, item)
    form = DeclineForm(request.POST or None, initial={"reason": own.reason})
    if form.is_bound and form.is_valid():
        try:
            _answer(own, Answer.DECLINED, form.cleaned_data["reason"], by)
        except ValidationError as refusal:
            refusals.tell(form, refusal)
        else:
            messages.success(request, _("Đã ghi nhận Ông/Bà không tham gia phiên này."))
            return redirect(speaker.home)
    return _draw(request, speaker, "sessions/speaking_decline.html", form=form, own=own)


@require_form
@attendee_page
def introduce(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """What everybody is to read of the speaker, once the organisers have approved it."""
    speaker = _find(request, conference, person)
    by = in_person(request, speaker.person)
    form = IntroduceForm(speaker.profile, request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        texts = {name: form.cleaned_data[name] for name in speaking.TEXTS}
        photo, no_photo = form.cleaned_data["photo"], form.cleaned_data.get("no_photo", False)
        try:
            speaking.propose(speaker.person, texts, by=by, photo=photo, no_photo=no_photo)
        except ValidationError as refusal:
            refusals.tell(form, refusal)
        else:
            messages.success(request, _("Đã gửi. Ban Tổ chức duyệt rồi mới công bố."))
            return redirect(speaker.home)
    return _draw(request, speaker, "sessions/speaking_introduce.html", form=form)


@require_form
@attendee_page
def needs(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """What the speaker needs in the hall, and when the speaker is elsewhere."""
    speaker = _find(request, conference, person)
    by = in_person(request, speaker.person)
    known = {"needs": speaker.profile.needs, "times": speaker.busy}
    form = NeedsForm(speaker.conference, known, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            speaking.tell(speaker.person, form.cleaned_data["needs"], form.spans(), by=by)
        except ValidationError as refusal:
            refusals.tell(form, refusal)
        else:
            messages.success(request, _("Đã lưu. Ban Tổ chức xem ngay khi xếp chương trình."))
            return redirect(speaker.home)
    return _draw(request, speaker, "sessions/speaking_needs.html", form=form)


@require_form
@attendee_page
def slides(request: HttpRequest, conference: str, person: str, item: str) -> HttpResponse:
    """What the speaker shows in one of the own sessions; the organisers approve it first."""
    speaker = _find(request, conference, person)
    by = in_person(request, speaker.person)
    own = next((one for one in speaker.sessions if one.session.code == item), None)
    if own is None:
        raise Http404
    form = SlidesForm(request.POST, request.FILES) if request.method == "POST" else SlidesForm()
    if form.is_bound and form.is_valid():
        try:
            handing_out.offer(own.session, speaker.person, form.cleaned_data["file"], by=by)
        except ValidationError as refusal:
            form.add_error("file", refusal.messages)
        else:
            messages.success(request, _("Đã gửi bài trình bày. Ban Tổ chức duyệt rồi đại biểu mới tải được."))
            return redirect(speaker.home)
    return _draw(request, speaker, "sessions/speaking_slides.html", form=form, own=own)


@require_safe
@attendee_page
def photo(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """The photo that the speaker sent last, approved or not."""
    return shown_picture(_find(request, conference, person).profile.latest["photo"])


# ── Finding, acting, drawing ──────────────────────────────────────────────────────────────────────


def _find(request: HttpRequest, conference: str, code: str) -> SpeakerPage:
    """The page of a person who has a part in the programme; for all others there is none."""
    people = Attendee.objects.visible_to(actor(request)).filter(participations__isnull=False).distinct()
    return SpeakerPage(person_page.find(request, people, conference, code).person)


def _session(speaker: SpeakerPage, code: str) -> Own:
    """One of the own sessions, in which the speaker is asked to come."""
    found = next((one for one in speaker.sessions if one.session.code == code and one.asked), None)
    if found is None:
        raise Http404
    return found


@transaction.atomic
def _answer(own: Own, reply: str, reason: str, by: Guest) -> None:
    """One answer for every part in that session."""
    for part in own.asked:
        speaking.answer(part, reply, reason, by=by)


def _draw(request: HttpRequest, speaker: SpeakerPage, template: str, **context: Any) -> HttpResponse:
    context |= {
        "speaker": speaker,
        "person": speaker.person,
        "conference": speaker.conference,
        "shown": PersonPage(speaker.person, actor(request), request),
        "guest": guest(request),
    }
    return render(request, template, context)
