"""Desk: what the sources say of who was there, beside each other, and the figure frozen. See `DESK_PAGES`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attendees.models import Attendee, AttendeeQuerySet
from conference import access, refusals
from conference.desk import desk_page
from conference.models import Conference
from sessions import freezing, reconciling, retracting
from sessions.forms_presences import FilterForm, FreezeForm, RetractForm
from sessions.models import Report, Session, Source
from sessions.reconciling import Difference, Picture

PER_PAGE = 50
SHOWN = 10  # people of a difference before the page leads to all of them
OK, CONFLICT = 200, 409


class Line(NamedTuple):
    """One person in the table: for each source its report, or None."""

    person: Attendee
    cells: list[Report | None]
    kinds: list[str]

    @property
    def may_retract(self) -> bool:
        return any(one and one.source != Source.SCAN for one in self.cells)


class Told(NamedTuple):
    """One kind of difference: its first people, and how many there are."""

    kind: str
    label: str
    lines: list[Line]
    number: int


def pages(desk: admin.AdminSite) -> list[URLPattern]:
    """The addresses of the comparison."""
    return [
        path("presences/", desk.admin_view(overview), name="presences"),
        path("presences/<slug:item>/", desk.admin_view(session), name="presences_session"),
        path("presences/<slug:item>/freeze/", desk.admin_view(freeze), name="presences_freeze"),
        path("presences/<slug:item>/<slug:person>/", desk.admin_view(retract), name="presences_retract"),
    ]


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every day and session: how many, by which source, and what was frozen."""
    conference = access.current(request)
    context: dict[str, Any] = {"days": reconciling.days(conference), "sources": Source.labels}
    return desk_page(request, "admin/presences/overview.html", context | {"title": _("Đối chiếu có mặt")})


@require_safe
def session(request: HttpRequest, item: str) -> HttpResponse:
    """One session: figures, differences first, delegations, people."""
    conference = access.current(request)
    return _draw(request, conference, _session(conference, item))


@require_POST
def freeze(request: HttpRequest, item: str) -> HttpResponse:
    """Freezes the figure that the page showed."""
    conference = access.current(request, to_change=True)
    found, form, by = _session(conference, item), FreezeForm(request.POST), _by(request)
    status = OK
    if form.is_valid():
        given = form.cleaned_data
        try:
            figure = freezing.freeze(found, given["sources"], given["reason"], seen=given["seen"], by=by)
        except ValidationError as refusal:
            refusals.tell(form, refusal)
        except freezing.Stale:
            sentence = _(
                "Số liệu vừa thay đổi khi trang đang mở: có lượt ghi mới, hoặc người khác vừa chốt. "
                "Xem lại số dưới đây rồi chốt."
            )
            form.add_error(None, sentence)
            status = CONFLICT
        else:
            messages.success(request, _("Đã chốt: %(n)s người có mặt.") % {"n": figure.people})
            return HttpResponseRedirect(reverse("admin:presences_session", args=(item,)))
    return _draw(request, conference, found, form, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def retract(request: HttpRequest, item: str, person: str) -> HttpResponse:
    """What each source says of one person in one session; what was a mistake is taken back, with a reason."""
    conference = access.current(request, to_change=True)
    found = _session(conference, item)
    rows = conference.attendees.select_related("delegation", "conference")
    who = get_object_or_404(rows, code=person)
    reports = list(found.reports.filter(attendee=who).select_related("recorded_by"))
    form = RetractForm(request.POST or None, reports=reports)
    if request.method == "POST" and not form.is_wanted:  # somebody else was faster
        _tell(request, found, retracting.Taken(who, [], []))
        return HttpResponseRedirect(reverse("admin:presences_session", args=(item,)))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            done = retracting.retract(who, found, given["reports"], given["reason"], by=_by(request))
        except ValidationError as refusal:
            refusals.tell(form, refusal)
        else:
            _tell(request, found, done)
            return HttpResponseRedirect(reverse("admin:presences_session", args=(item,)))
    context = {
        "session": found, "person": who, "reports": reports, "form": form,
        "is_scanned": any(one.source == Source.SCAN for one in reports),
    }  # fmt: skip
    return desk_page(request, "admin/presences/retract.html", context | {"title": _("Gỡ ghi nhận nhầm")})


def _tell(request: HttpRequest, session: Session, done: retracting.Taken) -> None:
    if not done.sources:
        messages.info(request, _("Ghi nhận này đã được gỡ từ trước."))
        return
    words = {"name": done.person.addressed, "sources": freezing.source_words(done.sources)}
    messages.success(request, _("Đã gỡ ghi nhận của %(name)s: %(sources)s.") % words)
    if done.rest:
        messages.info(request, retracting.still_there(done))
    if done.is_sheet_open:
        sheet = reverse("thematic:sheet", args=(session.conference.slug, done.person.delegation.code))
        sentence = _("Tờ ký của đoàn bớt một chữ ký: mở tờ ký, đếm lại rồi nhập xong lần nữa.")
        link = format_html('<a href="{}?{}">{}</a>', sheet, f"session={session.code}", _("Mở tờ ký"))
        messages.warning(request, format_html("{} {}", sentence, link))


# ── Finding and drawing ───────────────────────────────────────────────────────────────────────────


def _session(conference: Conference, code: str) -> Session:
    rows = conference.sessions.exclude(kind=Session.Kind.BREAK).select_related("conference", "hall")
    return get_object_or_404(rows, code=code)


def _draw(
    request: HttpRequest,
    conference: Conference,
    found: Session,
    form: FreezeForm | None = None,
    status: int = OK,
) -> HttpResponse:
    picture = reconciling.look(found)
    frozen = _frozen(found, picture)
    if form is None:
        last = frozen["figure"]
        form = FreezeForm(initial={"sources": last.sources if last else Source.values})
    filters = FilterForm(request.GET, conference=conference)
    filters.is_valid()
    wanted = filters.choose(picture)
    people = Attendee.objects.filter(pk__in=wanted).select_related("delegation").in_order()
    page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **frozen,
        "session": found,
        "picture": picture,
        "present": len(picture.present),
        "totals": [(Source(source), number) for source, number in picture.totals.items()],
        "sources": Source.labels,
        "told": _told(found, picture),
        "teams": reconciling.teams(picture),
        "filters": filters,
        "page": page,
        "lines": _lines(found, picture, page.object_list),
        "form": form,
        "may_change": access.of(request).may_change,
    }
    title = _("Đối chiếu: %s") % found.title
    return desk_page(request, "admin/presences/session.html", context | {"title": title}, status=status)


def _frozen(found: Session, picture: Picture) -> dict[str, Any]:
    """The figure that holds, those before it, and what has come since."""
    figures = list(found.figures.newest_first())
    last = figures[0] if figures else None
    since = reconciling.since(last, picture) if last else None
    return {
        "figure": last,
        "counted_sources": freezing.source_words(last.sources) if last else "",
        "since": since,
        "come": _lines(found, picture, _first(since.come)) if since else [],
        "gone": _first(since.gone).filter(erased_at=None) if since else [],
        "figures": figures[1:],
        "seen": freezing.seal(found, picture),
    }


def _told(found: Session, picture: Picture) -> list[Told]:
    """The differences with names, in two questions for all of them."""
    shown = {kind: people[:SHOWN] for kind, people in picture.differences.items()}
    wanted = {pk for people in shown.values() for pk in people}
    known = {line.person.pk: line for line in _lines(found, picture, _first(wanted, len(wanted)))}
    return [
        Told(
            kind,
            str(Difference(kind).label),
            [known[pk] for pk in people if pk in known],
            len(picture.differences[kind]),
        )
        for kind, people in shown.items()
    ]


def _first(ids: Iterable[int], most: int = SHOWN) -> AttendeeQuerySet:
    wanted = list(ids)[:most]
    return Attendee.objects.filter(pk__in=wanted).select_related("delegation").in_order()


def _lines(found: Session, picture: Picture, people: Iterable[Attendee]) -> list[Line]:
    """These people with what each source says of them."""
    rows = list(people)
    said = {(one.attendee_id, one.source): one for one in found.reports.filter(attendee__in=rows)}
    kinds: dict[int, list[str]] = {}
    for kind, differing in picture.differences.items():
        for pk in differing:
            kinds.setdefault(pk, []).append(str(Difference(kind).label))
    return [
        Line(one, [said.get((one.pk, source)) for source in Source.values], kinds.get(one.pk, []))
        for one in rows
    ]


def _by(request: HttpRequest) -> Any:
    return request.user
