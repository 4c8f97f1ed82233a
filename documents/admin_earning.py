"""Desk: who earns a certificate, why others do not, the rule, and exceptions. See `DESK_PAGES`."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from attendees.models import Attendee
from conference import access, refusals
from conference.models import Conference
from documents import certificates, earning, eligibility, ruling
from documents.eligibility import Effect, Judged
from documents.forms_earning import DecisionForm, FilterForm, RuleForm
from documents.missing import Condition, Slot
from documents.models import Certificate

PER_PAGE = 50
OK, CONFLICT = 200, 409


class Line(NamedTuple):
    """One person in the table, and the valid certificate if there is one."""

    one: Judged
    certificate: Certificate | None


class Row(NamedTuple):
    """A slot of the programme on the page of one person: its sessions, and whether they were there."""

    slot: Slot
    titles: list[str]
    is_attended: bool


def pages(desk: admin.AdminSite) -> list[URLPattern]:
    """The addresses of the certificates' rule."""
    return [
        path("earning/", desk.admin_view(overview), name="earning"),
        path("earning/rule/", desk.admin_view(rule), name="earning_rule"),
        path("earning/people/<slug:person>/", desk.admin_view(one_person), name="earning_person"),
    ]


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Everybody: what they earn, or each condition that they do not meet. Constant in queries."""
    conference = access.current(request)
    asked = eligibility.plain(eligibility.rule_of(conference))
    found = eligibility.judge(conference, conference.attendees.in_order(), asked)
    valid = Certificate.objects.valid().filter(series__conference=conference)
    issued = dict(valid.values_list("attendee", "wording"))
    filters = FilterForm(request.GET, conference=conference)
    filters.is_valid()
    page = Paginator(filters.choose(found, issued), PER_PAGE).get_page(request.GET.get("page"))
    shown = certificates.valid_of([one.person for one in page.object_list])
    context: dict[str, Any] = {
        "rule": earning.words(asked),
        "slots": len(eligibility.programme(conference)),
        "sums": _sums(found, issued),
        "lacks": _lacks(found),
        "is_empty": not found,
        "filters": filters,
        "page": page,
        "lines": [Line(one, shown.get(one.person.pk)) for one in page.object_list],
    }
    return _render(request, "admin/earning/overview.html", title=_("Ai được cấp giấy chứng nhận"), **context)


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest) -> HttpResponse:
    """The rule; what is typed can be tried on everybody before it is saved."""
    conference = access.current(request, to_change=True)
    form = RuleForm(conference, _sent(request))
    by: Any = request.user
    after, status = None, OK
    if form.is_bound and form.is_valid():
        if "preview" in request.POST:
            after = form.rule()
        else:
            try:
                ruling.set_rule(conference, by=by, **form.given())
            except ValidationError as refusal:
                refusals.tell(form, refusal)
            else:
                messages.success(request, _("Đã lưu điều kiện cấp giấy. Giấy đã cấp giữ nguyên."))
                return HttpResponseRedirect(reverse("admin:earning"))
    elif form.is_bound and form.is_stale:
        status = CONFLICT
    context = {"form": form, **_effects(conference, after)}
    return _render(request, "admin/earning/rule.html", status, title=_("Điều kiện cấp giấy"), **context)


@require_http_methods(["GET", "HEAD", "POST"])
def one_person(request: HttpRequest, person: str) -> HttpResponse:
    """One person: slot by slot, each condition, and what was decided; an organiser decides here."""
    conference = access.current(request, to_change=request.method == "POST")
    found = get_object_or_404(conference.attendees.select_related("delegation", "conference"), code=person)
    form, by, status = DecisionForm(_sent(request)), request.user, OK
    if form.is_bound and form.is_valid():
        given: Any = form.cleaned_data
        try:
            ruling.decide(found, by=by, **given)  # type: ignore[arg-type]  # signed in
        except ValidationError as refusal:
            refusals.tell(form, refusal)
            status = CONFLICT if getattr(refusal, "code", "") == "stale" else OK
        else:
            messages.success(request, _("Đã ghi quyết định cho %s.") % found.full_name)
            return HttpResponseRedirect(request.path)
    context = {**_about(conference, found), "form": form}
    return _render(request, "admin/earning/person.html", status, title=found.full_name, **context)


# ── What the pages show ───────────────────────────────────────────────────────────────────────────


def _sums(found: list[Judged], issued: dict[int, str]) -> list[tuple[str, str, int]]:
    """State of the filter, its word, and how many people."""
    counts = Counter(one.outcome.wording for one in found)
    differs = sum(
        issued.get(one.person.pk, one.outcome.wording) != one.outcome.wording for one in found
    )  # fmt: skip
    waiting = sum(one.outcome.is_earned and one.person.pk not in issued for one in found)
    return [
        ("completed", _("Hoàn thành"), counts[earning.COMPLETED]),
        ("attended", _("Tham dự"), counts[earning.ATTENDED]),
        ("not", _("Chưa được cấp"), counts[""]),
        ("exception", _("Ngoại lệ"), sum(one.outcome.is_exception for one in found)),
        ("waiting", _("Chưa có giấy"), waiting),
        ("differs", _("Giấy đã cấp khác kết quả"), differs),
    ]


def _lacks(found: list[Judged]) -> list[tuple[Condition, int]]:
    """Each condition that somebody without a certificate does not meet, and how many."""
    counts = Counter(
        unmet.condition for one in found if not one.outcome.is_earned for unmet in one.outcome.unmet
    )
    return [(one, counts[one]) for one in Condition if counts[one]]


def _effects(conference: Conference, after: earning.Rule | None) -> dict[str, Any]:
    """How many earn what by the rule that holds, and by another one that is tried."""
    known = eligibility.facts(conference, conference.attendees.all())
    slots = eligibility.programme(conference)
    now = eligibility.plain(eligibility.rule_of(conference))
    facts = [one for _person, one in known]
    context: dict[str, Any] = {"before": eligibility.effect(now, facts, slots), "slots": len(slots)}
    if after is None:
        return {**context, "after": None}
    holders = set(
        Certificate.objects.valid().filter(series__conference=conference).values_list("attendee", flat=True)
    )
    outcomes = [(person.pk, earning.outcome(after, one, slots)) for person, one in known]
    tried: Effect = eligibility.effect(after, facts, slots)
    rows = zip(
        (_("Ghi “hoàn thành”"), _("Ghi “tham dự”"), _("Chưa được cấp")), context["before"], tried, strict=True
    )
    left = sum(pk in holders and not one.is_earned for pk, one in outcomes)
    return {**context, "after": tried, "effects": list(rows), "left": left, "words": earning.words(after)}


def _about(conference: Conference, person: Attendee) -> dict[str, Any]:
    """What is known and was decided of one person."""
    decisions = list(person.certificate_decisions.newest_first())
    return {
        "person": person,
        "one": eligibility.judge_one(person),
        "rows": _rows(conference, person),
        "certificate": certificates.valid_of([person]).get(person.pk),
        "decisions": decisions,
        "after": decisions[0].pk if decisions else 0,
    }


def _rows(conference: Conference, person: Attendee) -> list[Row]:
    sessions = dict(conference.sessions.in_order().values_list("code", "title"))
    seen = set(person.attendances.values_list("session__code", flat=True))
    return [
        Row(
            slot,
            [title for code, title in sessions.items() if code in slot.codes],
            bool(slot.codes & seen),
        )
        for slot in eligibility.programme(conference)
    ]


def _sent(request: HttpRequest) -> Any:
    """What was typed, also where that is nothing; None where a page is only asked for."""
    return request.POST if request.method == "POST" else None


def _render(request: HttpRequest, template: str, status: int = OK, **context: Any) -> HttpResponse:
    shared = {**admin.site.each_context(request), "may_change": access.of(request).may_change}
    return render(request, template, {**shared, **context}, status=status)
