"""Signing up to sessions: the person by the own link, officers for the people of their delegation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attendees import person_page
from attendees.answering import CONFLICT, find_portal, masthead
from attendees.entering import actor, attendee_page, delegation_page, guest, in_person
from attendees.holding import Stale
from attendees.models import Attendee
from attendees.person_page import PersonPage
from attendees.portal import Portal
from sessions import choices as chosen
from sessions import forms_choices, signing_up
from sessions.forms_choices import Cell
from sessions.models import SignUp

OK = 200


# ── One person ────────────────────────────────────────────────────────────────────────────────────


@require_safe
@attendee_page
def choices(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """By time slot what runs side by side, how many places are left, and what the person chose."""
    return _draw(request, _find(request, conference, person))


@require_POST
@attendee_page
def take(request: HttpRequest, conference: str, person: str, item: str) -> HttpResponse:
    """The person takes a place, moves to another one, or stands in the queue."""
    shown = _find(request, conference, person)
    by, sent = in_person(request, shown.person), request.POST
    try:
        seen = sent.get("seen")
        made = signing_up.sign_up(shown.person, item, by=by, move="move" in sent, seen=seen)
    except Stale:
        return _stale(request, shown)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _said(shown.person, made.row, made.left))
    return redirect("thematic:choices", conference, person)


@require_POST
@attendee_page
def leave(request: HttpRequest, conference: str, person: str, item: str) -> HttpResponse:
    """The person gives a place up, or waits no longer."""
    shown = _find(request, conference, person)
    by = in_person(request, shown.person)
    try:
        left = signing_up.give_up(shown.person, item, by=by, seen=request.POST.get("seen"))
    except Stale:
        return _stale(request, shown)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        for title in left:
            messages.success(request, _("Đã thôi đăng ký “%s”.") % title)
    return redirect("thematic:choices", conference, person)


def _said(person: Attendee, row: SignUp, left: list[str]) -> str:
    """What became of it."""
    if row.state == SignUp.State.WAITING and not person.email:
        return _("Phiên đã hết chỗ. Đã vào danh sách chờ; có chỗ thì hiện ở trang này, Ban Tổ chức báo đoàn.")
    if row.state == SignUp.State.WAITING:
        return _("Phiên đã hết chỗ. Đã vào danh sách chờ; có chỗ thì Ban Tổ chức báo bằng thư.")
    if left:
        return _("Đã chuyển sang phiên này. Chỗ ở “%s” đã nhường lại.") % "”, “".join(left)
    return _("Đã đăng ký. Ông/Bà có chỗ ở phiên này.")


def _stale(request: HttpRequest, shown: PersonPage) -> HttpResponse:
    sentence = _("Lựa chọn ở khung giờ này vừa được đổi ở nơi khác. Xem lại dưới đây rồi chọn.")
    messages.error(request, sentence)
    return _draw(request, shown, status=CONFLICT)


def _draw(request: HttpRequest, shown: PersonPage, *, status: int = OK) -> HttpResponse:
    context: dict[str, Any] = {
        "shown": shown,
        "person": shown.person,
        "conference": shown.conference,
        "guest": guest(request),
        "choices": chosen.of_person(shown.person) if shown.person.is_active else [],
    }
    return render(request, "sessions/choices_page.html", context, status=status)


def _find(request: HttpRequest, conference: str, code: str) -> PersonPage:
    return person_page.find(request, Attendee.objects.visible_to(actor(request)), conference, code)


# ── A delegation ──────────────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
@delegation_page
def delegation_choices(request: HttpRequest, conference: str, code: str) -> HttpResponse:
    """Everybody of the delegation by time slot; saved as far as it goes, refusals stand at the person."""
    portal = find_portal(request, conference, code)
    if not portal.answers:
        raise PermissionDenied
    slots, cells = _cells(portal)
    if request.method != "POST":
        return _draw_table(request, portal, slots, cells)
    forms_choices.fill(cells, request.POST)
    done = sum(1 for _cell in forms_choices.save(cells, lambda cell: _act(cell, portal)))
    refused = {cell.name: cell for cell in cells if cell.errors}
    if done:
        said = ngettext("Đã lưu %(n)s lựa chọn.", "Đã lưu %(n)s lựa chọn.", done) % {"n": done}
        messages.success(request, said)
    elif not refused:
        messages.info(request, _("Không có lựa chọn nào thay đổi."))
    if not refused:
        return redirect("thematic:delegation_choices", conference, code)
    slots, fresh = _cells(portal)
    for cell in fresh:
        if (old := refused.get(cell.name)) is not None:
            cell.wanted, cell.errors, cell.is_stale = old.wanted, old.errors, old.is_stale
    return _draw_table(request, portal, slots, fresh)


@transaction.atomic
def _act(cell: Cell, portal: Portal) -> None:
    """Does what was chosen for one person in one slot."""
    by, person, seen = portal.user, cell.person, cell.seen
    if not cell.wanted:
        signing_up.give_up(person, *cell.codes, by=by, seen=seen)
        return
    if cell.stops_waiting and (waits := cell.of_state(SignUp.State.WAITING)):
        signing_up.give_up(person, *waits, by=by, seen=seen)
    elif cell.wanted in cell.codes:
        sentence = _("Đang chờ chỗ ở phiên này: có chỗ thì được chuyển, không phải chọn lại.")
        raise ValidationError(sentence, code="waiting")
    if cell.wanted not in cell.codes:
        known = None if cell.stops_waiting else seen  # what was seen has been asked above
        signing_up.sign_up(person, cell.wanted, by=by, move=True, seen=known)


def _cells(portal: Portal) -> tuple[list[Any], list[Cell]]:
    people = portal.delegation.attendees.active().select_related("conference", "category").in_order()
    slots, rows = chosen.of_people(portal.conference, list(people))
    return slots, [Cell(person, choice) for person, own in rows for choice in own]


def _draw_table(request: HttpRequest, portal: Portal, slots: list[Any], cells: list[Cell]) -> HttpResponse:
    """One line for each person; 409 where somebody else was faster."""
    each = len(slots) or 1
    rows = [cells[start : start + each] for start in range(0, len(cells), each)]
    context = {
        **masthead(portal),
        "portal": portal,
        "slots": slots,
        "rows": rows,
        "refused": [cell for cell in cells if cell.errors],
        "is_open": any(cell.is_open for cell in cells),
    }
    status = CONFLICT if any(cell.is_stale for cell in cells) else OK
    return render(request, "sessions/delegation_choices.html", context, status=status)
