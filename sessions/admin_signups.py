"""Desk: who signed up to which session; organisers add and remove people by hand. Named in `DESK_PAGES`."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from attendees import list_pages
from attendees.models import Attendee
from conference import access, journal, refusals
from conference.desk import desk_page
from conference.models import Conference
from sessions import offers, sign_up_sheet, signing_up
from sessions.forms_choices import AddForm
from sessions.models import SignUp
from sessions.offers import Offer


def pages(desk: admin.AdminSite) -> list[URLPattern]:
    """The addresses of the sign-ups."""
    return [
        path("sign-ups/", desk.admin_view(overview), name="sign_ups"),
        path("sign-ups/export/", desk.admin_view(export), name="sign_ups_export"),
        path("sign-ups/<slug:item>/", desk.admin_view(session), name="sign_ups_session"),
        path("sign-ups/<slug:item>/add/", desk.admin_view(add), name="sign_ups_add"),
        path("sign-ups/<slug:item>/remove/", desk.admin_view(remove), name="sign_ups_remove"),
    ]


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every session that people sign up to: places, queue; and what was struck out with people in it."""
    conference = access.current(request)
    slots = offers.read(conference)
    context = {
        "slots": slots,
        "struck_out": _struck_out(conference, slots),
        "unreleased": _unreleased(conference, slots),
        "may_change": access.of(request).may_change,
    }
    return desk_page(request, "admin/sign_ups/overview.html", context | {"title": _("Đăng ký phiên")})


@require_safe
def session(request: HttpRequest, item: str) -> HttpResponse:
    """The people of one session, and the form that adds one by hand."""
    conference = access.current(request)
    return _draw(request, conference, _offer(conference, item), AddForm(conference))


@require_POST
def add(request: HttpRequest, item: str) -> HttpResponse:
    """Signs somebody up by the code on the badge; beyond the places only with a reason."""
    conference = access.current(request, to_change=True)
    offer, form, by = _offer(conference, item), AddForm(conference, request.POST), _by(request)
    if form.is_valid():
        person, move, beyond = (form.cleaned_data[name] for name in ("code", "move", "beyond"))
        try:
            made = signing_up.sign_up(person, item, by=by, move=move, beyond=beyond)
        except ValidationError as refusal:
            refusals.tell(form, refusal)
        else:
            has_place = made.row.state == SignUp.State.TAKEN
            said = _("%s có chỗ ở phiên này.") if has_place else _("%s vào danh sách chờ của phiên này.")
            messages.success(request, said % person)
            return HttpResponseRedirect(reverse("admin:sign_ups_session", args=(item,)))
    return _draw(request, conference, offer, form)


@require_POST
def remove(request: HttpRequest, item: str) -> HttpResponse:
    """Takes somebody off; who waits longest moves up."""
    conference = access.current(request, to_change=True)
    people = Attendee.objects.visible_to(request.user).filter(conference=conference)
    person = get_object_or_404(
        people.select_related("conference"), code=request.POST.get("person", "")
    )  # fmt: skip
    if signing_up.give_up(person, item, by=_by(request)):
        messages.success(request, _("Đã bỏ %s khỏi phiên này.") % person)
    else:
        messages.info(request, _("%s không còn trong danh sách của phiên này.") % person)
    return HttpResponseRedirect(reverse("admin:sign_ups_session", args=(item,)))


@require_POST
@access.freshly_signed_in
def export(request: HttpRequest) -> HttpResponse:
    """Figures and names as a workbook, of all sessions or of one. That it was taken is in the journal."""
    conference = access.current(request)
    item = request.POST.get("item", "")
    wanted = (
        [_offer(conference, item)]
        if item
        else [one for slot in offers.read(conference) for one in slot.offers]
    )
    said = wanted[0].entry.title if item else gettext_lazy("tất cả các phiên")
    changes: dict[str, list[Any]] = {"list": ["", gettext_lazy("Đăng ký phiên")], "session": ["", said]}
    journal.record("export", conference, by=_by(request), conference=conference, changes=changes)
    data = sign_up_sheet.content(conference, wanted)
    return list_pages.attachment(data, sign_up_sheet.name(conference))


# ── Finding and drawing ───────────────────────────────────────────────────────────────────────────


def _offer(conference: Conference, code: str) -> Offer:
    known = {offer.code: offer for slot in offers.read(conference) for offer in slot.offers}
    if code not in known:
        raise Http404
    return known[code]


def _struck_out(conference: Conference, slots: list[offers.Slot]) -> list[tuple[str, int]]:
    """Title of what stands in the programme and no longer in the plan, and how many are signed up to it."""
    shown = {offer.code for slot in slots for offer in slot.offers}
    gone = [entry for entry in offers.announced(conference) if entry.code not in shown]
    found = offers.counts(conference, [entry.code for entry in gone]) if gone else {}
    return [(entry.title, sum(found[entry.code])) for entry in gone]


def _unreleased(conference: Conference, slots: list[offers.Slot]) -> int:
    """How many sessions people could sign up to if they were released."""
    shown = [offer.code for slot in slots for offer in slot.offers]
    return int(conference.sessions.signed_up_to().exclude(code__in=shown).count())


def _draw(request: HttpRequest, conference: Conference, offer: Offer, form: AddForm) -> HttpResponse:
    rows = sign_up_sheet.people(conference, [offer.code]).get(offer.code, [])
    context = {
        "offer": offer,
        "taken": [row for row in rows if row.state == SignUp.State.TAKEN],
        "waiting": [row for row in rows if row.state == SignUp.State.WAITING],
        "form": form,
        "may_change": access.of(request).may_change,
    }
    return desk_page(request, "admin/sign_ups/session.html", context | {"title": offer.entry.headline})


def _by(request: HttpRequest) -> Any:
    return request.user
