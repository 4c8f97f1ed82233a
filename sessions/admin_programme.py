"""Desk: the plan of the programme, as a grid and as a table, with its warnings. Named in `DESK_PAGES`.

The table with its forms is the page; the grid is drawn from it by script and acts through the same addresses.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Hashable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from attendees.answering import CONFLICT
from attendees.holding import Stale
from conference import access, fragments, refusals
from conference.desk import desk_page
from sessions import planning, scheduling
from sessions.forms_programme import AddForm, CopyForm, PlaceForm, ShiftForm
from sessions.models import Hall, Session

OK = 200
A_DAY = datetime.timedelta(days=1)
FIRST_START = datetime.time(8)
USUAL_LENGTH = datetime.timedelta(minutes=30)


def pages(desk: admin.AdminSite) -> list[URLPattern]:
    """The addresses of the plan."""
    return [
        path("programme/", desk.admin_view(plan), name="programme"),
        path("programme/add/", desk.admin_view(add), name="programme_add"),
        path("programme/shift/", desk.admin_view(shift), name="programme_shift"),
        path("programme/copy/", desk.admin_view(copy), name="programme_copy"),
        path("programme/<slug:item>/place/", desk.admin_view(place), name="programme_place"),
    ]


class Plan:
    """What the page shows: one day of the live programme, and the warnings of all of it."""

    def __init__(self, request: HttpRequest, *, to_change: bool = False) -> None:
        self.conference = access.current(request, to_change=to_change)
        self.may_change = access.of(request).may_change
        self.sessions = list(self.conference.sessions.with_people().in_order())
        self.halls: list[Hall] = list(self.conference.halls.all())
        self.days = self._days()
        self.day = self._chosen(request)

    def _days(self) -> list[datetime.date]:
        """Every day from the eve to the day after, and whatever a session stands on beyond them."""
        first, last = self.conference.starts_on - A_DAY, self.conference.ends_on + A_DAY
        spanned = {first + A_DAY * n for n in range((last - first).days + 1)}
        return sorted(spanned | {session.day for session in self.sessions})

    def _chosen(self, request: HttpRequest) -> datetime.date:
        typed = request.POST.get("shown") or request.GET.get("day") or ""
        known = {f"{day:%Y-%m-%d}": day for day in self.days}
        return known.get(typed, self.conference.starts_on)

    @property
    def of_day(self) -> list[Session]:
        return [session for session in self.sessions if session.day == self.day]

    def session(self, code: str) -> Session:
        found = next((session for session in self.sessions if session.code == code), None)
        if found is None:
            raise Http404
        return found

    def url(self, anchor: str = "", day: datetime.date | None = None) -> str:
        return f"{reverse('admin:programme')}?day={day or self.day:%Y-%m-%d}{anchor and f'#{anchor}'}"

    def place_form(self, session: Session, data: Any = None) -> PlaceForm:
        start = {name: getattr(session, name) for name in ("starts", "ends", "version")}
        start |= {"day": f"{session.day:%Y-%m-%d}", "hall": session.hall_id or ""}
        return PlaceForm(self.days, self.halls, data, prefix=f"p-{session.code}", initial=start)

    def add_form(self, data: Any = None) -> AddForm:
        last = self.of_day[-1] if self.of_day else None
        starts = last.ends if last else FIRST_START
        ends = (datetime.datetime.combine(self.day, starts) + USUAL_LENGTH).time()
        hall = last.hall_id if last else (self.halls[0].pk if self.halls else "")
        start = {
            "day": f"{self.day:%Y-%m-%d}",
            "starts": starts,
            "ends": max(starts, ends),
            "hall": hall or "",
        }
        return AddForm(self.days, self.halls, data, initial=start, prefix="add")

    def shift_form(self, data: Any = None) -> ShiftForm:
        start = {"day": f"{self.day:%Y-%m-%d}"}
        return ShiftForm(self.days, self.halls, data, initial=start, prefix="shift")

    def copy_form(self, data: Any = None) -> CopyForm:
        start = {"source": f"{self.day:%Y-%m-%d}"}
        return CopyForm(self.days, self.halls, data, initial=start, prefix="copy")


# ── The page ──────────────────────────────────────────────────────────────────────────────────────


@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """The plan of one day; its moving part alone when the grid asks for it after an act."""
    return draw(request, Plan(request))


def draw(request: HttpRequest, plan: Plan, *, status: int = OK, **bound: forms.Form) -> HttpResponse:
    """The page, with the one form that was refused in the place of a fresh one."""
    findings = planning.findings(plan.conference, plan.sessions)
    of_session: dict[Hashable, list[scheduling.Finding]] = defaultdict(list)
    for finding in findings:
        for key in finding.keys:
            of_session[key].append(finding)
    rows = []
    for session in plan.of_day:
        form = bound.get(f"p-{session.code}") or plan.place_form(session)
        rows.append({"session": session, "form": form, "findings": of_session[session.code]})
    context = {
        "plan": plan,
        "rows": rows,
        "days": [(day, plan.url(day=day), _count(plan, day)) for day in plan.days],
        "findings": [{"it": one, "url": _at(plan, one)} for one in findings],
        "add": bound.get("add") or plan.add_form(),
        "shift": bound.get("shift") or plan.shift_form(),
        "copy": bound.get("copy") or plan.copy_form(),
        "may_change": plan.may_change,
    }
    if fragments.is_asked(request, "plan"):
        return render(request, "admin/programme/_live.html", context)
    title = _("Lập chương trình")
    return desk_page(request, "admin/programme/programme.html", context | {"title": title}, status=status)


def _count(plan: Plan, day: datetime.date) -> int:
    return sum(session.day == day for session in plan.sessions)


def _at(plan: Plan, finding: scheduling.Finding) -> str:
    slot = finding.slots[0]
    return plan.url(f"p-{slot.key}", slot.day)


# ── Acts ──────────────────────────────────────────────────────────────────────────────────────────


@require_POST
def place(request: HttpRequest, item: str) -> HttpResponse:
    """Moves one session to the day, the hours and the hall that were typed or dragged."""
    plan = Plan(request, to_change=True)
    session = plan.session(item)
    form = plan.place_form(session, request.POST)

    def act() -> str:
        version, knowing = form.cleaned_data["version"], _knowing(request, form)
        moved = planning.place(session, form.time(), by=_by(request), version=version, knowing=knowing)
        return plan.url(f"p-{item}", moved.day)

    return _done(
        request, plan, form, act, f"p-{item}", _("Đã xếp lại “%s”.") % scheduling.short(session.title)
    )


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Puts a new session into the plan."""
    plan = Plan(request, to_change=True)
    form = plan.add_form(request.POST)

    def act() -> str:
        fields = {name: form.cleaned_data[name] for name in ("title", "kind", "number")}
        planning.add(plan.conference, form.time(), by=_by(request), knowing=_knowing(request, form), **fields)
        return plan.url("them", form.cleaned_data["day"])

    return _done(request, plan, form, act, "add", _("Đã thêm phiên."))


@require_POST
def shift(request: HttpRequest) -> HttpResponse:
    """Moves everything from a point of the day on."""
    plan = Plan(request, to_change=True)
    form = plan.shift_form(request.POST)

    def act() -> str:
        given = dict(form.cleaned_data)
        planning.shift(plan.conference, given.pop("day"), given.pop("after"), by=_by(request), **given)
        return plan.url()

    return _done(request, plan, form, act, "shift", _("Đã dời các phiên."))


@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    """Copies the sessions of one day to an empty one."""
    plan = Plan(request, to_change=True)
    form = plan.copy_form(request.POST)

    def act() -> str:
        planning.copy_day(plan.conference, **form.cleaned_data, by=_by(request))
        return plan.url(day=form.cleaned_data["target"])

    return _done(request, plan, form, act, "copy", _("Đã chép ngày."))


def _done(
    request: HttpRequest, plan: Plan, form: forms.Form, act: Callable[[], str], name: str, said: str
) -> HttpResponse:
    """Does the act and shows the plan; a refusal stands where it was typed, or is told to the grid."""
    by_script, status = request.headers.get("Accept") == "application/json", OK
    if form.is_valid():
        try:
            with transaction.atomic():
                if isinstance(form, AddForm) and form.is_repeated:
                    messages.info(request, _("Biểu mẫu này đã được gửi và đã lưu."))
                    return HttpResponseRedirect(plan.url("them"))
                url = act()
        except (Stale, ValidationError) as refusal:
            status = CONFLICT
            _tell(form, refusal)
        else:
            if by_script:
                return JsonResponse({"said": said, "url": url})
            messages.success(request, said)
            return HttpResponseRedirect(url)
    if by_script:
        told = [str(words) for errors in form.errors.values() for words in errors]
        knowing = form.data.get(form.add_prefix("knowing"), "")
        return JsonResponse({"errors": told, "knowing": knowing}, status=CONFLICT)
    return draw(request, Plan(request), status=status, **{name: form})


def _tell(form: forms.Form, refusal: Stale | ValidationError) -> None:
    """Puts a refusal into the form, with what is needed to decide about it."""
    if isinstance(refusal, Stale):
        _keep(form, "version", refusal.current.version)  # type: ignore[attr-defined]  # a session
        sentence = _("Người khác vừa sửa phiên này. Xem lại giờ và hội trường, rồi xếp lại.")
        refusal = ValidationError(sentence, code="stale")
    elif getattr(refusal, "code", "") == "clash":
        _keep(form, "knowing", " ".join((refusal.params or {})["codes"]))
    refusals.tell(form, refusal)


def _keep(form: forms.Form, name: str, value: Any) -> None:
    """Puts a value into the form that goes back."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
    data[form.add_prefix(name)] = value
    form.data = data


def _knowing(request: HttpRequest, form: forms.Form) -> list[str]:
    return str(form.cleaned_data["knowing"]).split() if "overlap" in request.POST else []


def _by(request: HttpRequest) -> Any:
    return request.user
