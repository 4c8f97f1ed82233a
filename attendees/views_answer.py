"""The answer of a delegation on one page: the whole list, its draft, and the signed letter."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attendees import answering, conflicts, drafting, uploading, whole_list
from attendees.answers import Stale
from attendees.entering import delegation_page
from attendees.forms import UploadForm, VersionForm
from attendees.forms_answer import WholeList
from attendees.inspecting import Inert, inspect
from attendees.portal import Portal
from conference import vietnamese_dates
from conference.serving import as_download, stored

OK, CONFLICT, REFUSED = 200, 409, 400
# No page can put a file back into its field.
NOT_SENT = gettext_lazy("Tệp chưa được gửi. Chọn lại tệp, rồi gửi cùng danh sách.")


@require_http_methods(["GET", "HEAD", "POST"])
@delegation_page
def answer(request: HttpRequest, conference: str, code: str) -> HttpResponse:
    """Everything at once: confirm, replace, decline, nominate, enclose the letter, send."""
    portal = answering.find_portal(request, conference, code)
    if (refusal := answering.refuse(request, portal)) is not None:
        return refusal
    if request.method != "POST":
        draft = None if "fresh" in request.GET else portal.draft
        return draw(request, portal, draft.fields if draft else {})
    form, files = WholeList(portal.seats, request.POST), UploadForm(request.POST, request.FILES)
    try:
        sent = form.head.is_valid() and _send(portal, form, files)
    except Stale:
        return _changed_meanwhile(request, portal, form.typed)
    if sent:
        drafting.sent(portal.delegation, by=portal.user, version=_stands_on(request))
        return redirect(portal.url("delegation"))
    if (kept := _keep(request, portal, form.typed)) is not None:
        form.stand_on(kept)
    if request.FILES and not files.errors:
        files.add_error("letters", NOT_SENT)
    return draw(request, portal, form=form, files=files)


def _tell_of_files(request: HttpRequest) -> None:
    if request.FILES:
        messages.warning(request, NOT_SENT)


def _changed_meanwhile(request: HttpRequest, portal: Portal, typed: dict[str, str]) -> HttpResponse:
    """The list is not the one that was filled: both are shown. Nothing is kept for organisers, so they go on
    in the page itself, filled as it was, over the list of now.
    """
    _tell_of_files(request)
    kept, now = _keep(request, portal, typed), _anew(request, portal)
    if not portal.has_draft:
        messages.warning(request, _("Danh sách vừa đổi, chưa ghi gì. Xem lại những gì đã nhập rồi gửi."))
        return draw(request, now, typed, status=CONFLICT)
    on = request.POST.get("draft", "") if kept is None else str(kept)
    rows, again = conflicts.of_whole_list(now.delegation, typed), portal.answer_url + "?fresh"
    fields, keep = {**typed, "draft": on}, portal.draft_url
    return answering.draw_conflict(request, now, now.delegation, rows, fields=fields, action=keep, back=again)


def _send(portal: Portal, form: WholeList, files: UploadForm) -> bool:
    """Sends the list with its files, or notes in the forms why not."""
    key, digest = form.head.cleaned_data["key"], _digest(form.typed)
    if whole_list.sent_before(portal.delegation, key, digest):
        return True
    if form.typed.get("shown", "") != whole_list.signature(portal.seats):
        raise Stale(portal.delegation)
    if not all([form.is_valid(), files.is_valid()]):  # both tell
        return False
    once: dict[str, Any] = {"shown": form.typed.get("shown", ""), "key": key, "digest": digest}
    try:
        letters = _inspected(files)
        with transaction.atomic():
            uploading.give(portal.delegation, letters, by=portal.user)
            whole_list.send(portal.delegation, form.said(), by=portal.user, **once)
    except whole_list.Refused as refused:
        form.tell(refused.by_line)
    except ValidationError as error:
        form.refusals += error.messages
    else:
        return True
    return False


def draw(
    request: HttpRequest,
    portal: Portal,
    typed: dict[str, str] | None = None,
    *,
    form: WholeList | None = None,
    files: UploadForm | None = None,
    on: int | None = None,
    status: int = OK,
) -> HttpResponse:
    """The page: filled from what was `typed` before, or as it was sent, with what is wrong in it.

    `on`: the draft that the page goes on from, where that is not the one that is kept now.
    """
    draft = portal.draft if on is None else None
    form = form or WholeList(portal.seats, typed=typed, draft=draft.version if draft else on or 0)
    context = {
        **answering.masthead(portal),
        "portal": portal,
        "form": form,
        "files": files or UploadForm(),
        "draft": draft if typed and draft else None,
        "lost": form.lost_lines,
    }
    return render(request, "attendees/delegation_answer.html", context, status=status)


@require_POST
@delegation_page
def draft(request: HttpRequest, conference: str, code: str) -> HttpResponse:
    """Keeps what was typed: by a button, or by the script of the page, which hears back in JSON."""
    portal = answering.find_portal(request, conference, code)
    if (refusal := answering.refuse(request, portal)) is not None:
        return refusal
    if not portal.has_draft:
        raise Http404
    if request.POST.get("do") == "drop":
        drafting.drop(portal.delegation)
        return redirect(portal.answer_url)
    typed = whole_list.typed_of(request.POST)
    if not _by_script(request):
        _tell_of_files(request)
    try:
        saved = drafting.save(portal.delegation, typed, by=portal.user, version=_stands_on(request))
    except Stale as stale:
        return _draft_clash(request, portal, typed, stale)
    except (ValidationError, ValueError):
        return _told(request, portal, _("Chưa lưu được bản nháp: hết hạn hoặc quá dài."), REFUSED)
    when = vietnamese_dates.clock(saved.saved_at.astimezone(portal.conference.zone))
    sentence = _("Đã lưu nháp lúc %s. Ban Tổ chức chưa nhận.") % when
    return _told(request, portal, sentence, version=saved.version)


def _told(
    request: HttpRequest, portal: Portal, sentence: str, status: int = 200, version: int = 0
) -> HttpResponse:
    if _by_script(request):
        return JsonResponse({"sentence": sentence, "version": version}, status=status)
    (messages.success if status < REFUSED else messages.error)(request, sentence)
    return redirect(portal.answer_url)


def _draft_clash(request: HttpRequest, portal: Portal, typed: dict[str, str], stale: Stale) -> HttpResponse:
    if _by_script(request):
        return JsonResponse({"sentence": _elsewhere()}, status=CONFLICT)
    theirs: Any = stale.current
    rows = conflicts.of_draft(portal.delegation, theirs.fields, typed)
    fields = {**typed, "draft": theirs.version}
    return answering.draw_conflict(request, portal, theirs, rows, fields=fields, back=portal.answer_url)


@require_POST
@delegation_page
def uploads(request: HttpRequest, conference: str, code: str) -> HttpResponse:
    """Takes the signed letter, or withdraws a file. What was typed beside it stays, kept or on the page."""
    portal = answering.find_portal(request, conference, code)
    if (refusal := answering.refuse(request, portal)) is not None:
        return refusal
    typed = whole_list.typed_of(request.POST)  # nothing where the files stand alone, on the delegation's page
    files = UploadForm(request.POST, request.FILES)
    kept = _keep(request, portal, typed) if typed else None
    try:
        said = _withdrawn(request, portal) or (_given(portal, files) if files.is_valid() else "")
        if not said and not files.errors:
            files.add_error("letters", _("Chọn tệp trước."))
    except ValidationError as error:
        files.add_error("letters", error.messages)
    if files.errors and not typed:
        return answering.draw(request, portal, files=files)
    if not files.errors:
        messages.success(request, said)
    if files.errors or (typed and kept is None):
        on = None if kept is not None else _stands_on(request) or 0
        return draw(request, _anew(request, portal), typed, files=files if files.errors else None, on=on)
    return redirect((portal.answer_url if typed else portal.url("delegation")) + "#tep")


def _withdrawn(request: HttpRequest, portal: Portal) -> str:
    found = [one for one in portal.uploads if one.sha256 == request.POST.get("withdraw")]
    for one in found:
        uploading.withdraw(one, by=portal.user)
    return _("Đã gỡ tệp “%s”.") % found[0].name if found else ""


def _inspected(files: UploadForm) -> list[Inert]:
    return [inspect(one) for one in files.cleaned_data["letters"]]


def _given(portal: Portal, files: UploadForm) -> str:
    given = uploading.give(portal.delegation, _inspected(files), by=portal.user)
    return _("Đã nhận tệp %s.") % ", ".join(f"“{one.name}”" for one in given) if given else ""


@require_safe
@delegation_page
def upload(request: HttpRequest, conference: str, code: str, sha256: str) -> HttpResponse:
    """A file as it was kept: to be saved, never shown or run by the browser."""
    portal = answering.find_portal(request, conference, code)
    found = portal.delegation.uploads.standing().filter(sha256=sha256).first()
    if found is None:
        raise Http404
    return as_download(found.name, stored(found.file), found.content_type)


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _keep(request: HttpRequest, portal: Portal, typed: dict[str, str]) -> int | None:
    """Keeps what was typed and not sent: the version of the draft. None where it is not kept: the page still
    shows it. A draft that somebody else has saved since the page was opened stays.
    """
    if portal.has_draft:
        try:
            version = _stands_on(request)
            return drafting.save(portal.delegation, typed, by=portal.user, version=version).version
        except Stale:
            messages.warning(request, _elsewhere())
        except (ValidationError, ValueError):
            pass
    return None


def _stands_on(request: HttpRequest) -> int | None:
    """The draft that the page was opened or saved with, by its version."""
    told = VersionForm({"version": request.POST.get("draft")})
    return told.cleaned_data["version"] if told.is_valid() else None


def _elsewhere() -> str:
    return _("Bản nháp vừa được lưu ở máy khác. Chọn Lưu nháp để so hai bản.")


def _anew(request: HttpRequest, portal: Portal) -> Portal:
    """The same page as everything stands now."""
    return answering.find_portal(request, portal.conference.slug, portal.delegation.code)


def _digest(typed: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(typed, sort_keys=True).encode()).hexdigest()
