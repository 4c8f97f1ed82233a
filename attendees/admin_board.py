"""Desk: the board of delegations, and the acts over its spare seats. Named in `DESK_PAGES`."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attendees import board as boards
from attendees import list_pages, pooling
from attendees.board_lines import Writer, short
from attendees.desk import REVIEW_TAGS, TAGS
from attendees.forms_board import BoardForm, HandOutForm, MapForm, ReleaseForm
from attendees.holding import Stale
from attendees.models import Delegation
from conference import access, desk_forms, fragments, journal, refusals
from conference.desk import desk_page
from conference.kept_words import in_vietnamese

View = Callable[..., HttpResponse]


def pages(desk: admin.AdminSite) -> list[URLPattern]:
    """The addresses of the board."""
    return [
        path("board/", desk.admin_view(board), name="board"),
        path("board/export/", desk.admin_view(export), name="board_export"),
        path("board/hand-out/", desk.admin_view(hand_out), name="board_hand_out"),
        path("board/collect/", desk.admin_view(collect), name="board_collect"),
        path("board/<slug:code>/", desk.admin_view(seats), name="board_seats"),
        path("board/<slug:code>/<slug:category>/release/", desk.admin_view(release), name="board_release"),
    ]


def _read(request: HttpRequest) -> tuple[boards.Reading, BoardForm, boards.Board]:
    reading = boards.read(access.current(request), MapForm(request.GET).chosen())
    form = BoardForm(request.GET, reading)
    return reading, form, boards.arrange(reading, form.wanted())


# ── The board ─────────────────────────────────────────────────────────────────────────────────────


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The board; its moving part alone when a script asks whether anything has changed."""
    reading, form, arranged = _read(request)
    page = Writer(reading, arranged).page()
    etag = f'W/"{page.fingerprint}"'
    context = {"page": page, "etag": etag, "may_change": access.of(request).may_change}
    context["summary"] = [{**one, "url": _with(request.GET, figure=one["value"])} for one in page.summary]
    context["reviews"] = [{**one, "url": _with(request.GET, review=one["value"])} for one in page.reviews]
    if fragments.is_asked(request, "board"):
        unchanged = get_conditional_response(request, etag=etag)
        response = unchanged or render(request, "admin/board/_live.html", context)
        response.headers["ETag"] = etag
    else:
        context |= _around(request, reading, form)
        response = desk_page(request, "admin/board/board.html", context | {"title": _("Bảng đoàn")})
    patch_vary_headers(response, (fragments.FRAGMENT,))
    return response


def _around(request: HttpRequest, reading: boards.Reading, form: BoardForm) -> dict[str, Any]:
    """What stands still on the page: filters, chips, the two maps."""
    asked = request.GET
    maps = [
        {"label": one.label, "url": _with(asked, map=one.value, region=""), "is_chosen": one == reading.map}
        for one in boards.Map
    ]
    return {
        "form": form,
        "maps": maps if reading.is_redrawn else [],
        "chips": [{"label": label, "url": _with(asked, **{name: ""})} for name, label in form.chips()],
        "asked": asked.urlencode(),
        "conference": reading.conference,
        "on": boards.today(reading.conference),
    }


def _with(asked: QueryDict, **changes: str) -> str:
    """The address of the board with some words changed; empty ones are left out."""
    query = asked.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}" if query else reverse("admin:board")


@require_POST
@access.freshly_signed_in
def export(request: HttpRequest) -> HttpResponse:
    """The board as it is narrowed now, as a workbook. That it was taken is in the journal."""
    from attendees import board_sheet  # with it comes openpyxl, 10 MiB of every process

    reading, form, arranged = _read(request)
    by: Any = request.user
    with in_vietnamese():
        again = BoardForm(request.GET, reading)  # its choices are in the language in which it is made
        again.is_valid()
        changes = {
            _("bảng"): ["", _("Bảng đoàn")],
            _("bộ lọc"): ["", f"{reading.map.label}, {_narrowed(again)}"],
        }
    journal.record("export", reading.conference, by=by, conference=reading.conference, changes=changes)
    data = board_sheet.content(reading, arranged, _narrowed(form))
    return list_pages.attachment(data, board_sheet.name(reading))


def _narrowed(form: BoardForm) -> str:
    """What narrows the board, in words."""
    return ", ".join(label for _name, label in form.chips()) or _("tất cả các đoàn")


def _from_what_is_there(view: View) -> View:
    """When seats changed while somebody looked at them, the page is shown anew, with a sentence."""

    @wraps(view)
    def shown_anew(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Stale:
            messages.warning(request, _("Số suất vừa thay đổi. Xem lại rồi làm lại."))
            return HttpResponseRedirect(request.get_full_path())

    return shown_anew


# ── Seats ─────────────────────────────────────────────────────────────────────────────────────────


def _delegation(request: HttpRequest, code: str, *, to_change: bool = False) -> Delegation:
    conference = access.current(request, to_change=to_change)
    found = get_object_or_404(conference.delegations.select_related("unit"), code=code)
    found.conference = conference
    return found


@require_safe
def seats(request: HttpRequest, code: str) -> HttpResponse:
    """The seats of one delegation, component by component, with what can be done about them."""
    delegation = _delegation(request, code)
    reading = boards.read(delegation.conference)
    found = dict(reading.of(delegation))
    reasons = dict(delegation.quotas.values_list("category", "decline_reason"))
    rows = [
        {"category": one, "label": short(one), "figures": found[one.pk], "reason": reasons.get(one.pk, "")}
        for one in reading.categories
        if found[one.pk] != boards.NOTHING or (one.pool and access.of(request).may_change)
    ]
    review = boards.review_state(delegation)
    context = {
        "title": _("Suất của đoàn"),
        "delegation": delegation,
        "rows": rows,
        "total": boards.total(found.values()),
        "kind": TAGS[delegation.status],
        "review": review.label,
        "review_tag": REVIEW_TAGS[review],
        "may_change": access.of(request).may_change,
    }
    return desk_page(request, "admin/board/seats.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@_from_what_is_there
def release(request: HttpRequest, code: str, category: str) -> HttpResponse:
    """Asks how many seats go to the pool, and takes them."""
    delegation = _delegation(request, code, to_change=True)
    quota = get_object_or_404(delegation.quotas.select_related("category"), category__slug=category)
    loose = quota.seats - delegation.attendees.filter(category=quota.category).active().count()
    form = ReleaseForm(request.POST or None, initial={"seats": max(loose, 1), "shown": quota.seats})
    by: Any = request.user
    if form.is_valid() and _done(
        form, lambda: pooling.release(delegation, quota.category, by=by, **form.cleaned_data)
    ):
        said = {"n": form.cleaned_data["seats"], "category": short(quota.category), "delegation": delegation}
        messages.success(request, _("Đã thu %(n)s suất %(category)s của %(delegation)s về dự phòng.") % said)
        return HttpResponseRedirect(reverse("admin:board_seats", args=(code,)))
    text = _(
        "%(delegation)s có %(seats)s suất %(category)s, %(loose)s suất chưa có người giữ. "
        "Suất thu về nằm trong dự phòng, Ban Tổ chức cấp cho đoàn khác."
    ) % {
        "delegation": delegation,
        "seats": quota.seats,
        "category": short(quota.category),
        "loose": max(loose, 0),
    }
    return _ask(request, form, _("Thu suất về dự phòng"), text, _("Thu về"), back=delegation)


@require_http_methods(["GET", "HEAD", "POST"])
@_from_what_is_there
def hand_out(request: HttpRequest) -> HttpResponse:
    """Asks which delegation gets how many spare seats, and gives them."""
    conference = access.current(request, to_change=True)
    asked = request.GET
    start = {"category": asked.get("category"), "delegation": asked.get("delegation"), "seats": 1}
    form = HandOutForm(conference, request.POST or None, initial={**start, "once": uuid.uuid4().hex})
    if form.is_valid():
        given, by = form.cleaned_data, request.user
        seats = reverse("admin:board_seats", args=(given["delegation"].code,))
        with transaction.atomic():
            if desk_forms.is_repeated(given["once"]):
                messages.info(request, _("Biểu mẫu này đã được gửi và đã lưu."))
                return HttpResponseRedirect(seats)
            if _done(form, lambda: _give(given, by)):
                messages.success(request, _given(given))
                return HttpResponseRedirect(seats)
            desk_forms.allow_again(given["once"])
    text = _("Suất dự phòng là suất các đoàn trả lại hoặc quá hạn chưa cử. Đoàn nhận có thêm suất ngay.")
    return _ask(request, form, _("Cấp suất từ dự phòng"), text, _("Cấp suất"))


def _give(given: dict[str, Any], by: Any) -> None:
    pooling.hand_out(given["category"], given["delegation"], given["seats"], by=by)


def _given(given: dict[str, Any]) -> str:
    """What was done, and what has to follow when the delegation can no longer answer by itself."""
    delegation: Delegation = given["delegation"]
    said = {"n": given["seats"], "category": short(given["category"]), "delegation": delegation}
    sentence = _("Đã cấp %(n)s suất %(category)s cho %(delegation)s.") % said
    if delegation.is_open():
        return sentence
    return f"{sentence} {_('Hạn trả lời của đoàn đã qua: gia hạn thì cán bộ đầu mối mới cử được người.')}"


@require_http_methods(["GET", "HEAD", "POST"])
@_from_what_is_there
def collect(request: HttpRequest) -> HttpResponse:
    """Shows what delegations past their deadline leave unused, and takes all of it to the pool."""
    conference = access.current(request, to_change=True)
    form = forms.Form(request.POST if request.method == "POST" else None)
    by: Any = request.user
    if form.is_valid():
        taken: list[int] = []
        if _done(form, lambda: taken.append(pooling.release_all(conference, by=by))):
            messages.success(request, _("Đã thu %(n)s suất về dự phòng.") % {"n": taken[0]})
            return HttpResponseRedirect(reverse("admin:board"))
    loose = pooling.loose_seats(pooling.overdue(conference))
    text = _(
        "%(n)s suất trống hoặc báo không cử của các đoàn đã quá hạn trả lời. "
        "Thu về rồi, đoàn không cử thêm được người vào các suất này."
    ) % {"n": sum(n for _quota, n in loose)}
    rows = [
        _("%(delegation)s: %(n)s suất %(category)s")
        % {"delegation": quota.delegation, "n": n, "category": short(quota.category)}
        for quota, n in loose
    ]
    return _ask(
        request, form, _("Thu suất quá hạn về dự phòng"), text, _("Thu tất cả") if loose else "", rows=rows
    )


def _done(form: forms.Form, act: Callable[[], None]) -> bool:
    """Does the act; what it refuses is told in the form."""
    try:
        act()
    except ValidationError as refused:
        refusals.tell(form, refused)
    return not form.errors


def _ask(
    request: HttpRequest,
    form: forms.Form,
    title: str,
    text: str,
    verb: str,
    *,
    back: Delegation | None = None,
    rows: list[str] | None = None,
) -> HttpResponse:
    board = reverse("admin:board")
    context = {
        "title": title,
        "text": text,
        "verb": verb,
        "form": form,
        "rows": rows or [],
        "back": back,
        "keep_url": reverse("admin:board_seats", args=(back.code,)) if back else board,
    }
    return desk_page(request, "admin/board/ask.html", context)
