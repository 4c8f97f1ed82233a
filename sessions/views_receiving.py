"""A delegation at the reception: ticked, written down and given its kits in one press."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from attendees import walking_in
from attendees.answers import Stale
from attendees.models import Attendee, Delegation
from attendees.naming import delegation_title
from conference import keys, refusals
from conference.models import Conference, User
from sessions import attending, desk, receiving, retracting
from sessions.forms import GroupForm
from sessions.forms_desk import ComerForm, WalkInForm
from sessions.models import Arrival, Session


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delegation(request: HttpRequest, conference: str, code: str) -> HttpResponse:
    """Who of this delegation has come?"""
    found = desk.conference_of(request, conference)
    rows = found.delegations.select_related("unit", "conference", "head")
    group = get_object_or_404(rows, code=code)
    session = desk.session_of(request, found)
    answers = retracting.offered(receiving.listed(group, session), session, cast(User, request.user))
    total = group.arrivals.kits()
    if request.method == "POST":
        form = GroupForm(request.POST, delegation=group)
        if form.is_valid() and (done := _receive(request, form, group, session)):
            return done
    else:
        form = GroupForm(initial=_proposed(request, group, answers, total), delegation=group)
    arrivals = list(group.arrivals.select_related("session__conference", "recorded_by", "delegation__unit"))
    context = {
        "conference": found,
        "session": session,
        "group": group,
        "title": delegation_title(group),
        "form": form,
        "answers": answers,
        "present": sum(answer.kind == "again" for answer in answers),
        "expected": sum(answer.kind == "" for answer in answers),
        "arrivals": [(one, receiving.sentence(one)) for one in arrivals],
        "said": _said(request, arrivals),
        "kits": total,
        "desk": desk.place(session),
    }
    return render(request, "sessions/reception_delegation.html", context)


def _proposed(
    request: HttpRequest, group: Delegation, answers: list[attending.Answer], total: int
) -> dict[str, object]:
    """Whoever's badge led here is ticked and takes the kits, else the head; with `all` everybody."""
    expected = [answer.attendee.code for answer in answers if not answer.kind]
    by = request.GET.get("by", "")
    active = {answer.attendee.code for answer in answers if answer.kind != "stop"}
    takes = by if by in active else group.head.code if group.head else ""
    ticked = expected if "all" in request.GET else [code for code in expected if code == by]
    return {"people": ticked, "taken_by": takes, "shown": total}


def _receive(
    request: HttpRequest, form: GroupForm, group: Delegation, session: Session
) -> HttpResponse | None:
    """Writes it down and leads back to the list, which says what became of it; None where it was refused."""
    codes = set(form.cleaned_data["people"])
    kits, key = form.handed_out(), form.cleaned_data["key"]
    try:
        done = receiving.receive(group, codes, session, kits, by=cast(User, request.user), key=key)
    except ValidationError as refusal:
        refusals.tell(form, refusal)
        return None
    for answer in done.refused:
        messages.warning(request, receiving.refusal(answer))
    for lost in sorted(codes - {answer.attendee.code for answer in done.answers}):
        messages.warning(request, _("Người có mã %s không còn trong danh sách của đoàn.") % lost)
    if done.too_many:
        messages.warning(
            request, _("Chưa ghi số bộ tài liệu: bàn khác vừa giao cho đoàn này. Xem tổng rồi ghi thêm.")
        )
    elif done.arrival is None and not done.refused:
        messages.info(request, _("Mọi người đã chọn đều đã được ghi nhận từ trước."))
    query = {"session": session.code} | ({"press": done.arrival.request_key} if done.arrival else {})
    return redirect(f"{request.path}?{urlencode(query)}")


def _said(request: HttpRequest, arrivals: list[Arrival]) -> str:
    """What the last press did; it stays when the page is loaded again."""
    key = keys.press(request.GET.get("press", ""))
    found = next((one for one in arrivals if one.request_key == key), None) if key else None
    return receiving.sentence(found) if found else ""


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def register(request: HttpRequest, conference: str) -> HttpResponse:
    """Somebody has come who is not on the list."""
    found = desk.conference_of(request, conference)
    session, user = desk.session_of(request, found), _registrar(request, found)
    form = WalkInForm(
        request.POST or None,
        conference=found,
        may_add_seats=found.is_run_by(request.user),
        initial={"delegation": request.GET.get("delegation", "").replace("\0", "")},
    )
    context = {"conference": found, "session": session, "form": form, "may": user is not None}
    if not (user and request.method == "POST" and form.is_valid()):
        return _draw(request, context)
    given = form.cleaned_data
    if not given["sure"] and (
        known := _not_made_by(walking_in.alike(given["delegation"], given["full_name"]), given)
    ):
        return _draw(request, context | {"known": known})

    def act() -> attending.Answer:
        more = {"request_key": given["request_key"], "extra": given.get("extra", "")}
        return receiving.walk_in(
            session, given["delegation"], given["category"], by=user, **more, **form.person()
        )

    return _perform(request, context, act)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def substitute(request: HttpRequest, conference: str, person: str) -> HttpResponse:
    """Somebody else has come for this person."""
    found = desk.conference_of(request, conference)
    session = desk.session_of(request, found)
    rows = found.attendees.select_related("delegation", "category", "conference")
    leaving = get_object_or_404(rows, code=person)
    user = _registrar(request, found)  # asked last: who may not learns nothing of who is there
    new = Attendee(conference=found, category=leaving.category, version=leaving.version)
    form = ComerForm(request.POST or None, instance=new)
    context = {
        "conference": found, "session": session, "form": form, "leaving": leaving, "may": user is not None,
    }  # fmt: skip
    if not (user and request.method == "POST" and form.is_valid()):
        return _draw(request, context)
    given = form.cleaned_data

    def act() -> attending.Answer:
        more = {"request_key": given["request_key"], "version": given["version"]}
        return receiving.come_instead(leaving, session, by=user, **more, **form.person())

    return _perform(request, context, act)


def _registrar(request: HttpRequest, conference: Conference) -> User | None:
    """The person, where they may register others; None where the page tells who does. A post is refused."""
    user = cast(User, request.user)
    if walking_in.may_register(conference, user):
        return user
    if request.method == "POST":
        raise PermissionDenied
    return None


def _not_made_by(known: list[Attendee], given: dict[str, object]) -> list[Attendee]:
    """Whom this very form has made already is nobody else."""
    return [] if any(one.request_key == given["request_key"] for one in known) else known


def _perform(
    request: HttpRequest, context: dict[str, object], act: Callable[[], attending.Answer]
) -> HttpResponse:
    form, session = cast(ComerForm, context["form"]), cast(Session, context["session"])
    try:
        answer = act()
    except ValidationError as refusal:
        refusals.tell(form, refusal)
        return _draw(request, context)
    except Stale:
        form.add_error(None, _("Người này vừa được sửa, hoặc biểu mẫu đã dùng. Mở lại trang rồi nhập lại."))
        return _draw(request, context, status=409)
    return redirect(desk.say(request, session, answer))


def _draw(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    context["desk"] = desk.place(cast(Session, context["session"]))
    return render(request, "sessions/reception_register.html", context, status=status)
