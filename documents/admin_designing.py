"""Desk: how badges and certificates look, with a live preview; versions; who lacks what. See `DESK_PAGES`."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference import access, keys, refusals
from conference.desk import desk_page
from conference.models import Conference
from conference.serving import kept_nowhere
from documents import designing, gaps, looks, previewing
from documents.designs import look_of
from documents.errors import PaperError
from documents.forms_designing import MOST_SEEDS, NO_SEAL, DesignForm
from documents.models import Design
from documents.previewing import Shown

PER_PAGE = 50
OK, SEE_OTHER, CONFLICT = 200, 303, 409


@dataclass(frozen=True)
class Preview:
    """What stands beside the form: pages, or why there are none; nothing before it was asked for."""

    pages: list[Shown] = field(default_factory=list)
    refusal: str = ""
    faults: list[str] = field(default_factory=list)
    carried: dict[str, str] = field(default_factory=dict)


def pages(desk: admin.AdminSite) -> list[URLPattern]:
    """The addresses of the designs."""
    return [
        path("designs/", desk.admin_view(overview), name="designs"),
        *(one_paper for paper in looks.LAYOUTS for one_paper in _of_paper(desk, paper)),
        path("designs/<int:design>/restore/", desk.admin_view(restore), name="designs_restore"),
    ]


def _of_paper(desk: admin.AdminSite, paper: str) -> Iterator[URLPattern]:
    known, name = {"paper": paper}, f"designs_{paper}"
    yield path(f"designs/{paper}/", desk.admin_view(one), known, name=name)
    yield path(f"designs/{paper}/preview/", desk.admin_view(preview), known, name=f"{name}_preview")
    yield path(f"designs/{paper}/missing/", desk.admin_view(missing), known, name=f"{name}_missing")


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The papers that may be designed, each with the version that stands."""
    conference = access.current(request, to_change=True)
    standing = [(paper, Design.objects.current(conference, paper.value)) for paper in Design.Paper]
    context = {"title": _("Mẫu thẻ, giấy chứng nhận"), "standing": standing, "no_seal": NO_SEAL}
    return desk_page(request, "admin/designs/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, paper: str) -> HttpResponse:
    """The form of one paper; what is typed can be looked at before it is saved as the next version."""
    conference = access.current(request, to_change=True)
    form, status = _form(request, conference, paper), OK
    by: Any = request.user
    if form.is_bound and "look" in request.POST:
        return _page(request, conference, form, _seen(conference, form, request.POST["look"]))
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            made = designing.save(conference, form.look(), seen=given["seen"], key=given["key"], by=by)
        except ValidationError as refusal:
            refusals.tell(form, refusal)
            if getattr(refusal, "code", "") == "stale":
                form.go_on_from(Design.objects.current(conference, paper))
                status = CONFLICT
        else:
            messages.success(request, _("Đã lưu %s. Giấy đã lập giữ nguyên mẫu cũ.") % _lower(made))
            return HttpResponseRedirect(request.path, status=SEE_OTHER)
    return _page(request, conference, form, Preview(carried=form.carried()), status)


@require_POST
def preview(request: HttpRequest, paper: str) -> HttpResponse:
    """The part of the page that shows what is typed now, for the script of the page."""
    conference = access.current(request, to_change=True)
    form = _form(request, conference, paper)
    context = {"preview": _seen(conference, form), "paper": paper}
    return kept_nowhere(render(request, "admin/designs/_preview.html", context))


@require_POST
def restore(request: HttpRequest, design: int) -> HttpResponse:
    """What an older version said becomes the next one."""
    conference = access.current(request, to_change=True)
    versions = Design.objects.visible_to(request.user).filter(conference=conference)
    old, by = get_object_or_404(versions.select_related("conference"), pk=design), request.user
    seen, key = keys.read(request.POST.get("seen", "")), keys.press(request.POST.get("key", ""))
    try:
        if seen is None or key is None:  # of a form that was not ours
            raise ValidationError(_("Trang đã cũ. Tải lại trang rồi bấm lần nữa."))
        made = designing.restore(old, seen=seen, key=key, by=by)  # type: ignore[arg-type]  # signed in
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        told = {"n": old.number, "made": _lower(made)}
        messages.success(request, _("Đã lấy lại phiên bản %(n)s: %(made)s.") % told)
    return HttpResponseRedirect(reverse(f"admin:designs_{old.paper}"), status=SEE_OTHER)


@require_safe
def missing(request: HttpRequest, paper: str) -> HttpResponse:
    """Who of those who come lacks something on this paper, and where it is filled in."""
    conference = access.current(request, to_change=True)
    found = gaps.of(conference, paper, gaps.people(conference))
    context = {
        "title": _("Còn thiếu trên %s") % str(Design.Paper(paper).label).lower(),
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "stops": sum(gap.stops for gap in found),
        "paper": Design.Paper(paper),
    }
    return desk_page(request, "admin/designs/missing.html", context)


# ── What the pages show ───────────────────────────────────────────────────────────────────────────


def _form(request: HttpRequest, conference: Conference, paper: str) -> DesignForm:
    current = Design.objects.visible_to(request.user).current(conference, paper)
    sent: Any = (request.POST, request.FILES) if request.method == "POST" else ()
    return DesignForm(conference, look_of(current, paper), current.number if current else 0, *sent)


def _seen(conference: Conference, form: DesignForm, asked: str = "") -> Preview:
    """The pages of what was typed; asked for "other", of another person."""
    if not form.is_valid():
        faults = [
            f"{form[name].label}: {sentence}" if name in form.fields else str(sentence)
            for name, sentences in form.errors.items()
            for sentence in sentences
        ]
        return Preview(faults=faults, carried=form.carried())
    if asked == "other":
        form.data = {**form.data.dict(), "seed": secrets.randbelow(MOST_SEEDS)}  # type: ignore[attr-defined]  # it was sent
    try:
        shown = previewing.preview(conference, form.look(), int(form.data["seed"]))
    except PaperError as refusal:
        return Preview(refusal=str(refusal), carried=form.carried())
    return Preview(pages=shown, carried=form.carried())


def _page(
    request: HttpRequest, conference: Conference, form: DesignForm, shown: Preview, status: int = OK
) -> HttpResponse:
    paper = Design.Paper(form.base.paper)
    versions = Design.objects.visible_to(request.user).of(conference, paper.value).select_related("made_by")
    context = {
        "title": _("Mẫu %s") % str(paper.label).lower(),
        "paper": paper,
        "form": form,
        "preview": shown,
        "versions": Paginator(versions, PER_PAGE).get_page(request.GET.get("page")),
        "current": versions.first(),
        "key": uuid.uuid4(),
        "no_seal": NO_SEAL,
        "is_stale": status == CONFLICT,
    }
    return kept_nowhere(desk_page(request, "admin/designs/one.html", context, status=status))


def _lower(made: Design) -> str:
    """In a sentence."""
    return str(made)[:1].lower() + str(made)[1:]
