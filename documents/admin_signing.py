"""Desk: digital signatures on certificates, by our key or by the agency's service. Named in `DESK_PAGES`."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from attendees import privacy
from conference import access, keys, refusals
from conference.desk import desk_page
from conference.models import Conference
from conference.serving import as_download
from documents import rows, sealing
from documents.errors import PaperError
from documents.forms_signing import TakeBackForm
from documents.kinds.certificate_signing import BASES, SIGNING
from documents.models import Certificate, CertificateFile, Document

LATEST = 4
Kind = CertificateFile.Kind


def pages(desk: admin.AdminSite) -> list[URLPattern]:
    """The addresses of signing."""
    return [
        path("signing/", desk.admin_view(overview), name="signing"),
        path("signing/sign/", desk.admin_view(sign), name="signing_sign"),
        path("signing/export/", desk.admin_view(export), name="signing_export"),
        path("signing/manifest/", desk.admin_view(manifest), name="signing_manifest"),
        path("signing/take/", desk.admin_view(take), name="signing_take"),
    ]


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """How many are signed, and the two ways to sign the others."""
    return _draw(request, access.current(request), TakeBackForm())


@require_POST
@access.freshly_signed_in
def sign(request: HttpRequest) -> HttpResponse:
    """With the key of the house."""
    conference = access.current(request, to_change=True)
    by: Any = request.user
    try:
        sealing.ask_to_sign(conference, by=by, key=keys.press(request.POST.get("key", "")))
    except PaperError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã nhận yêu cầu ký. Tiến độ hiện ở dưới."))
    return HttpResponseRedirect(reverse("admin:signing"))


@require_POST
@access.freshly_signed_in
def export(request: HttpRequest) -> HttpResponse:
    """The files that the agency's own service is to sign."""
    conference = access.current(request, to_change=True)
    by: Any = request.user
    try:
        sealing.ask_for_bases(conference, by=by, key=keys.press(request.POST.get("key", "")))
    except PaperError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đang lập tệp để trình ký. Tiến độ hiện ở dưới."))
    return HttpResponseRedirect(reverse("admin:signing"))


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """A line for each file that was given out for signing: number, name, SHA-256, bytes."""
    conference = access.current(request, to_change=True)
    if (other := access.proof_first(request)) is not None:
        return other
    kept = CertificateFile.objects.filter(kind=Kind.BASE, certificate__series__conference=conference)
    bases = list(kept.select_related("certificate__series__conference").order_by("certificate__number"))
    by: Any = request.user
    privacy.journal_export(conference, "Bảng mã băm của tệp trình ký", by=by, people=len(bases))
    from attendees.workbook_cells import as_csv  # with it comes openpyxl, 10 MiB of every process

    told = ((one.certificate.full_number, one.certificate.full_name, one.sha256, one.size) for one in bases)
    table = as_csv([(_("Số"), _("Họ và tên"), "SHA-256", _("Số byte")), *told])
    return as_download(f"{conference.slug}-sha256.csv", table, "text/csv; charset=utf-8")


@require_POST
@access.freshly_signed_in
def take(request: HttpRequest) -> HttpResponse:
    """Signed files come back; what became of each is said here."""
    conference = access.current(request, to_change=True)
    form = TakeBackForm(request.POST, request.FILES)
    if not form.is_valid():
        return _draw(request, conference, form)
    given = form.cleaned_data
    by: Any = request.user
    try:
        uploads = ((one.name, one.read()) for one in given["signed"])
        found = sealing.take_back(conference, uploads, untrusted=given["untrusted"], by=by)
    except ValidationError as refusal:
        refusals.tell(form, refusal)
        return _draw(request, conference, form)
    return _draw(request, conference, TakeBackForm(), found)


def _draw(
    request: HttpRequest,
    conference: Conference,
    form: TakeBackForm,
    found: list[sealing.Outcome] | None = None,
) -> HttpResponse:
    user: Any = request.user
    papers = Document.objects.visible_to(user).filter(conference=conference, kind__in=(BASES, SIGNING))
    valid = Certificate.objects.valid().filter(series__conference=conference)
    signed = valid.filter(files__kind=Kind.SIGNED).count()
    outcomes = found or []
    context = {
        "title": _("Ký số giấy chứng nhận"),
        "sums": [
            (_("Giấy còn giá trị"), valid.count()),
            (_("Đã ký số"), signed),
            (_("Chưa ký số"), valid.count() - signed),
            (_("Đã xuất, chờ bản ký"), _waiting(valid)),
        ],
        "papers": rows.rows(rows.of(papers)[:LATEST], user),
        "form": form,
        "has_key": sealing.has_key(),
        "taken": [one for one in outcomes if one.certificate],
        "refused": [one for one in outcomes if one.refusal],
        "reasons": _reasons(outcomes),
        "is_answer": found is not None,
        "key": uuid.uuid4(),
        "may_change": access.of(request).may_change,
    }
    return desk_page(request, "admin/signing/overview.html", context)


def _reasons(outcomes: list[sealing.Outcome]) -> list[tuple[str, list[str]]]:
    """Each refusal once, with the files that it is of: one reason may be that of three hundred."""
    found: dict[str, list[str]] = {}
    for one in outcomes:
        if one.refusal:
            found.setdefault(one.refusal, []).append(one.name)
    return list(found.items())


def _waiting(valid: Any) -> int:
    count: int = valid.filter(files__kind=Kind.BASE).exclude(files__kind=Kind.SIGNED).count()
    return count
