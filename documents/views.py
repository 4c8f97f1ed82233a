"""Papers: the list, asking for one, its progress, its file. All starts from what the person may see."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from attendees import entering, links
from attendees.models import Delegation
from conference import access
from conference.journal import Actor
from conference.models import Conference, User
from documents import gaps, requests, storing
from documents.errors import PaperError
from documents.forms import AskForm
from documents.kinds import KINDS
from documents.kinds.base import file_name
from documents.models import Document
from documents.rows import Row, may_change, of, offers, rows

SHOWN = 50
View = Callable[..., HttpResponseBase]


def paper_page(view: View) -> View:
    """For views of (conference, public_id): who is signed in, or the bearer of a link of its delegation."""

    @wraps(view)
    def entered(request: HttpRequest, conference: str, public_id: str) -> HttpResponseBase:
        vars(request)["documents_actor"] = request.user
        if not request.user.is_authenticated or not _sees(request.user, conference, public_id):
            about = {
                "delegation__conference__slug": conference,
                "delegation__documents__public_id": public_id,
            }
            guest = links.guest_of(request, **about)
            if guest is None and not request.user.is_authenticated:
                if links.is_bearer(request):
                    raise Http404
                return access.sign_in_first(request)
            vars(request)["documents_actor"] = guest or request.user
        return view(request, conference, public_id)

    return entered


def actor(request: HttpRequest) -> Actor:
    """For whom the page of a paper was opened."""
    return cast(Actor, vars(request).get("documents_actor", request.user))


def _sees(user: Any, conference: str, public_id: str) -> bool:
    papers = Document.objects.visible_to(user)
    return papers.filter(conference__slug=conference, public_id=public_id).exists()


@require_safe
@login_required
def papers(request: HttpRequest, conference: str) -> HttpResponse:
    """The papers of a conference, or of one delegation, newest first; and what can be asked for."""
    found = _conference(request, conference)
    delegation = _delegation(request, found)
    documents = of(Document.objects.visible_to(request.user).filter(conference=found))
    if delegation is not None:
        documents = documents.filter(delegation=delegation)
    context = {
        "conference": found,
        "delegation": delegation,
        "rows": rows(documents[:SHOWN], _person(request)),
        "offers": offers(found, _person(request), delegation),
    }
    return render(request, "documents/paper_list.html", context)


@require_POST
@login_required
def ask(request: HttpRequest, conference: str) -> HttpResponse:
    """Ask for a paper and go to where its progress is seen; before badges it is told who lacks what."""
    found = _conference(request, conference)
    form = AskForm(request.POST, conference=found, user=_person(request))
    if not form.is_valid():
        messages.error(
            request, _("Không lập được giấy: lựa chọn không còn đúng. Tải lại trang rồi chọn lại.")
        )
        return redirect(_back(request, found))
    asked = form.cleaned_data
    try:
        scope, by = form.scope(), _person(request)
        lacking = [] if "anyway" in request.POST else gaps.before(asked["kind"], found, scope, by=by)
        if lacking:
            told = {"conference": found, "back": _back(request, found), **gaps.shown(lacking, request.POST)}
            return render(request, "documents/gaps_page.html", told)
        wanted = {"scope": scope, "each": asked["each"], "key": asked["key"]}
        requests.request_document(asked["kind"], found, by=by, **wanted)
    except PermissionDenied:
        raise Http404 from None
    except PaperError as error:
        messages.error(request, str(error))
    else:
        said = _("Đã nhận yêu cầu: %s. Giấy được lập ở máy chủ, có thể rời trang.")
        messages.success(request, said % KINDS[asked["kind"]].title)
    return redirect(_back(request, found))


@require_safe
@paper_page
def paper(request: HttpRequest, conference: str, public_id: str) -> HttpResponse:
    """One paper."""
    document = _document(request, conference, public_id)
    context = {
        "conference": document.conference,
        "delegation": document.delegation,
        "rows": rows([document], actor(request)),
        "offers": [],
    }
    return render(request, "documents/paper_list.html", context)


@require_safe
@paper_page
def progress(request: HttpRequest, conference: str, public_id: str) -> HttpResponse:
    """How far it is, for the script that asks every three seconds."""
    document = _document(request, conference, public_id)
    row = Row(document, may_change(document, actor(request)))
    answer: dict[str, Any] = {
        "state": document.state,
        "done": row.done,
        "total": row.total,
        "sentence": row.sentence,
        "html": render_to_string("documents/_paper.html", {"row": row}, request=request),
    }
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})


@require_safe
@paper_page
def download(request: HttpRequest, conference: str, public_id: str) -> FileResponse:
    """The file, under a name that says what it is."""
    document = _document(request, conference, public_id)
    if document.state != Document.State.READY:
        raise Http404
    try:
        file = storing.opened(document.file)
    except FileNotFoundError:
        raise Http404 from None
    name = f"{file_name(Row(document, False).title)} - {document.conference.slug}.{document.suffix}"
    response = FileResponse(file, content_type=f"application/{document.suffix}")
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@entering.delegation_page
def receipt(request: HttpRequest, conference: str, code: str, receipt: str) -> HttpResponse:
    """The receipt of an answer: its file, or where it is seen to be made."""
    visible = Delegation.objects.visible_to(entering.actor(request)).filter(conference__slug=conference)
    delegation = get_object_or_404(visible.select_related("conference"), code=code)
    found = get_object_or_404(delegation.receipts.select_related("delegation__conference"), code=receipt)
    document = requests.request_receipt(found, by=entering.actor(request))
    page = "download" if document.state == Document.State.READY else "paper"
    return redirect(f"documents:{page}", conference, document.public_id)


@require_POST
@login_required
def cancel(request: HttpRequest, conference: str, public_id: str) -> HttpResponse:
    document = _changeable(request, conference, public_id)
    if document.cancel(by=_person(request)):
        messages.success(request, _("Đã hủy: %s.") % Row(document, True).title)
    else:
        messages.warning(request, _("Giấy này đã xong hoặc đã dừng từ trước."))
    return redirect(_back(request, document.conference))


@require_POST
@login_required
def retry(request: HttpRequest, conference: str, public_id: str) -> HttpResponse:
    document = _changeable(request, conference, public_id)
    if requests.retry(document, by=_person(request)):
        messages.success(request, _("Đang lập lại: %s.") % Row(document, True).title)
    else:
        messages.warning(request, _("Giấy này đang được lập hoặc đã xong."))
    return redirect(_back(request, document.conference))


def _person(request: HttpRequest) -> User:
    """Who is signed in; `login_required` has seen to it."""
    return cast(User, request.user)


def _conference(request: HttpRequest, slug: str) -> Conference:
    return get_object_or_404(Conference.objects.visible_to(request.user), slug=slug)


def _delegation(request: HttpRequest, conference: Conference) -> Delegation | None:
    """The delegation that the page is about: the one asked for, or an officer's only one."""
    visible = Delegation.objects.visible_to(request.user).filter(conference=conference).select_related("unit")
    if code := request.GET.get("delegation", ""):
        return get_object_or_404(visible, code=code)
    if conference.role_of(request.user):
        return None
    own = list(visible[:2])
    return own[0] if len(own) == 1 else None


def _document(request: HttpRequest, conference: str, public_id: str) -> Document:
    visible = of(Document.objects.visible_to(actor(request)))
    return get_object_or_404(visible, conference__slug=conference, public_id=public_id)


def _changeable(request: HttpRequest, conference: str, public_id: str) -> Document:
    document = _document(request, conference, public_id)
    if not may_change(document, _person(request)):
        raise Http404
    return document


def _back(request: HttpRequest, conference: Conference) -> str:
    """Where the person came from, if it is a page of ours; else the list of papers."""
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return reverse("documents:papers", args=(conference.slug,))
