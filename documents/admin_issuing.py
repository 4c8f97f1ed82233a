"""Desk: batches of certificates, put before the signer, approved, issued; their numbers. See `DESK_PAGES`."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attendees.models import Attendee
from conference import access, keys, refusals
from conference.desk import desk_page
from conference.models import Conference
from conference.serving import kept_nowhere
from documents import certificates, gaps, handing_out, issuing, previewing, rows
from documents.batches import CertificateBatch, content_hash
from documents.errors import PaperError
from documents.forms_issuing import ApproveForm, DraftForm, PatternForm, WithdrawForm
from documents.looks import CERTIFICATE
from documents.models import Certificate, Design, Document
from documents.rules import Wording
from mailing.errors import MailError

PER_PAGE = 50
OK, SEE_OTHER, CONFLICT = 200, 303, 409
APPROVED = (CertificateBatch.State.APPROVED, CertificateBatch.State.ISSUED)


def pages(desk: admin.AdminSite) -> list[URLPattern]:
    """The addresses of the batches."""
    return [
        path("issuing/", desk.admin_view(batches), name="issuing"),
        path("issuing/draft/", desk.admin_view(draft), name="issuing_draft"),
        path("issuing/numbers/", desk.admin_view(numbers), name="issuing_numbers"),
        path("issuing/<int:lot>/", desk.admin_view(one), name="issuing_one"),
        path("issuing/<int:lot>/look/", desk.admin_view(look), name="issuing_look"),
        path("issuing/<int:lot>/approve/", desk.admin_view(approve), name="issuing_approve"),
        path("issuing/<int:lot>/issue/", desk.admin_view(issue), name="issuing_issue"),
        path("issuing/<int:lot>/letters/", desk.admin_view(letters), name="issuing_letters"),
        path("issuing/<int:lot>/withdraw/", desk.admin_view(withdraw), name="issuing_withdraw"),
    ]


@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    """Every batch with its state, the newest first. Constant in queries."""
    conference = access.current(request)
    found = conference.certificate_batches.with_counts().order_by("-ordinal")
    series = certificates.series_of(conference)
    context = {
        "title": _("Cấp giấy chứng nhận"),
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "may_change": access.of(request).may_change,
        "next": series.show(series.last + 1),
    }
    return desk_page(request, "admin/issuing/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """Who would get a certificate, and who not; the press puts them before the signer."""
    conference = access.current(request, to_change=True)
    by: Any = request.user
    is_sent = request.method == "POST"
    form = DraftForm(conference, request.POST if is_sent else _asked(request))
    found = issuing.considered(conference, form.scope()) if form.is_valid() else None
    if is_sent and found and "look" not in request.POST:
        try:
            batch = issuing.draft(conference, form.scope(), by=by, key=form.cleaned_data["key"])
        except ValidationError as refusal:
            refusals.tell(form, refusal)
        else:
            messages.success(request, _("Đã trình %s. Người ký duyệt, rồi cấp.") % str(batch).lower())
            return _to(batch)
    context = {
        "title": _("Trình cấp giấy chứng nhận"),
        "form": form,
        "found": found,
        "scope": issuing.in_words(form.scope()) if found else "",
        "completed": sum(one.outcome.wording == Wording.COMPLETED for one in found.coming) if found else 0,
        "revoked": _revoked(found),
        "design": Design.objects.current(conference, CERTIFICATE),
        **_lacking(conference, found),
    }
    return desk_page(request, "admin/issuing/draft.html", context)


@require_safe
def one(request: HttpRequest, lot: int) -> HttpResponse:
    """One batch with everybody in it. Constant in queries."""
    return _draw(request, _batch(request, lot))


@require_safe
def look(request: HttpRequest, lot: int) -> HttpResponse:
    """What is approved, as it will be printed: some of the batch as pictures of the true page."""
    batch = _batch(request, lot)
    context: dict[str, Any] = {"title": _("Giấy sẽ in của %s") % str(batch).lower(), "batch": batch}
    try:
        context["pages"] = previewing.batch_preview(batch)
    except PaperError as refusal:
        context["refusal"] = str(refusal)
    return kept_nowhere(desk_page(request, "admin/issuing/look.html", context))


@require_POST
@access.freshly_signed_in
def approve(request: HttpRequest, lot: int) -> HttpResponse:
    """By the signer; or an organiser writes down on what paper the signer did."""
    batch, form = _batch(request, lot), ApproveForm(request.POST, signs=access.of(request).may_sign)
    _require_part(request)
    by: Any = request.user
    if not form.is_valid():
        return _draw(request, batch, approving=form)
    seen, paper = form.cleaned_data["seen"], form.cleaned_data["paper_reference"]
    try:
        with transaction.atomic():  # of two who press at once the second is told that it was done
            was_approved = issuing.hold(batch).state in APPROVED
            issuing.approve(batch, seen, by=by, paper_reference=paper)
    except ValidationError as refusal:
        return _refused(request, batch, refusal, form, approving=form)
    if was_approved:
        messages.info(request, _("Đợt này đã được duyệt từ trước, không ghi thêm."))
    else:
        messages.success(request, _("Đã ghi duyệt %s.") % str(batch).lower())
    return _to(batch)


@require_POST
@access.freshly_signed_in
def issue(request: HttpRequest, lot: int) -> HttpResponse:
    """Everybody of the batch at once; pressed again it leads to what was issued."""
    batch = _batch(request, lot)
    by: Any = request.user
    try:
        with transaction.atomic():
            was_issued = issuing.hold(batch).state == CertificateBatch.State.ISSUED
            issued = issuing.issue(batch, by=by)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return _draw(request, _batch(request, lot), CONFLICT)
    if was_issued:
        messages.info(request, _("Đợt này đã cấp từ trước, không cấp thêm."))
    else:
        _tell(request, issued)
    return _to(batch)


@require_POST
def withdraw(request: HttpRequest, lot: int) -> HttpResponse:
    """Takes back a batch that is not issued."""
    batch, form = _batch(request, lot), WithdrawForm(request.POST)
    _require_part(request)
    by: Any = request.user
    if not form.is_valid():
        return _draw(request, batch, withdrawing=form)
    try:
        issuing.withdraw(batch, form.cleaned_data["reason"], by=by)
    except ValidationError as refusal:
        return _refused(request, batch, refusal, form, withdrawing=form)
    messages.success(request, _("Đã rút %s.") % str(batch).lower())
    return _to(batch)


@require_POST
def letters(request: HttpRequest, lot: int) -> HttpResponse:
    """Drafts a letter to each holder; they leave when somebody approves them in the outbox."""
    access.current(request, to_change=True)
    batch, by = _batch(request, lot), request.user
    try:
        mailing = handing_out.announce(batch, by=by)  # type: ignore[arg-type]  # signed in
    except MailError as refusal:
        messages.error(request, str(refusal))
        return _to(batch)
    messages.success(request, _("Đã soạn thư báo nhận giấy. Xem một thư, rồi duyệt gửi cả đợt."))
    if n := batch.certificates.valid().filter(attendee__email="").count():
        told = ngettext(
            "%(n)s người không có địa chỉ thư: giao giấy theo đoàn.",
            "%(n)s người không có địa chỉ thư: giao giấy theo đoàn.",
            n,
        )
        messages.warning(request, told % {"n": n})
    return HttpResponseRedirect(reverse("admin:mailing_mailing_change", args=(mailing.pk,)))


@require_http_methods(["GET", "HEAD", "POST"])
def numbers(request: HttpRequest) -> HttpResponse:
    """How certificates are numbered from now on."""
    conference = access.current(request, to_change=True)
    series = certificates.series_of(conference)
    by: Any = request.user
    sent = request.POST if request.method == "POST" else None
    form, status = PatternForm(sent, initial={"pattern": series.pattern, "before": series.pattern}), OK
    if form.is_bound and form.is_valid():
        try:
            certificates.set_pattern(
                conference, form.cleaned_data["pattern"], form.cleaned_data["before"], by=by
            )
        except ValidationError as refusal:
            refusals.tell(form, refusal)
            status = CONFLICT if getattr(refusal, "code", "") == "stale" else OK
        else:
            messages.success(request, _("Đã lưu mẫu số. Giấy đã cấp giữ nguyên số đã in."))
            return HttpResponseRedirect(reverse("admin:issuing"))
    series = certificates.series_of(conference)
    context = {
        "title": _("Mẫu số giấy chứng nhận"),
        "form": form,
        "next": series.show(series.last + 1),
        "last": series.last,
        "current": series.pattern,
    }
    return desk_page(request, "admin/issuing/numbers.html", context, status=status)


# ── What the pages show ───────────────────────────────────────────────────────────────────────────


def _lacking(conference: Conference, found: issuing.Considered | None) -> dict[str, Any]:
    """Who would get a certificate with something missing on it: the first by name, and how many."""
    known = gaps.of(conference, CERTIFICATE, [one.person for one in found.coming]) if found else []
    prefetch_related_objects([one.person for one in known[: gaps.MOST_SHOWN]], "delegation")
    return {"gaps": known[: gaps.MOST_SHOWN], "lacking": len(known)}


def _revoked(found: issuing.Considered | None) -> list[Attendee]:
    """Who would get a certificate again after one was revoked: of who got it by mistake nobody wants that."""
    coming = [one.person for one in found.coming] if found else []
    ended = Certificate.objects.filter(state=Certificate.State.REVOKED, attendee__in=coming)
    known = set(ended.values_list("attendee", flat=True))
    return [person for person in coming if person.pk in known]


def _batch(request: HttpRequest, pk: int) -> CertificateBatch:
    """Of the conference at hand."""
    found = access.current(request).certificate_batches.with_counts()
    return get_object_or_404(
        found.select_related("conference", "design", "drafted_by", "approved_by", "issued_by"), pk=pk
    )


def _require_part(request: HttpRequest) -> None:
    """Who only looks on is refused, whatever was sent."""
    if not (access.of(request).may_change or access.of(request).may_sign):
        raise PermissionDenied


def _to(batch: CertificateBatch) -> HttpResponse:
    """See what came of it."""
    response = HttpResponseRedirect(reverse("admin:issuing_one", args=(batch.pk,)))
    response.status_code = SEE_OTHER
    return response


def _asked(request: HttpRequest) -> dict[str, Any]:
    """Rows named in the address, as a form that was sent."""
    named = {
        name: [pk for pk in request.GET.getlist(name) if keys.read(pk) is not None]
        for name in ("delegation", "attendee")
    }
    return {**named, "key": ""}


def _refused(
    request: HttpRequest, batch: CertificateBatch, refusal: ValidationError, form: Any, **forms: Any
) -> HttpResponse:
    """What was typed stands; what another did meanwhile is a conflict, told above the batch as it is."""
    if getattr(refusal, "code", "") != "stale":
        refusals.tell(form, refusal)
        return _draw(request, batch, **forms)
    messages.error(request, " ".join(refusal.messages))
    return _draw(request, _batch(request, batch.pk), CONFLICT, **forms)


def _draw(request: HttpRequest, batch: CertificateBatch, status: int = OK, **forms: Any) -> HttpResponse:
    """The page of a batch; `forms`: what was typed into one of its forms and refused."""
    found = batch.lines.select_related("attendee__delegation")
    seen = content_hash(found)
    query = request.GET.get("q", "").strip()[:100]
    if query:
        people = Attendee.objects.filter(conference=batch.conference_id)
        found = found.filter(attendee__in=people.search(query, by_contact=False).order_by().values("pk"))
    # Who got none stands first, with the reason: "" comes last.
    page = Paginator(found.order_by("-left_out", "position"), PER_PAGE).get_page(request.GET.get("page"))
    given = Certificate.objects.filter(
        batch=batch, attendee__in=[line.attendee_id for line in page.object_list]
    )
    known = {one.attendee_id: one for one in given}
    user: Any = request.user
    papers = Document.objects.filter(request_key=batch.issue_key or batch.draft_key)
    series = certificates.series_of(batch.conference)
    context = {
        "title": f"{batch}: {_('cấp giấy chứng nhận')}",
        "batch": batch,
        "page": page,
        "query": query,
        "lines": [(line, known.get(line.attendee_id)) for line in page.object_list],
        "papers": rows.rows(rows.of(papers), user),
        "may_change": access.of(request).may_change,
        "may_sign": access.of(request).may_sign,
        "is_fresh": access.is_fresh(request),
        "approving": forms.get("approving") or ApproveForm(),
        "seen": seen,
        "withdrawing": forms.get("withdrawing") or WithdrawForm(),
        "next": series.show(series.last + 1),
        "span": _span(batch),
    }
    return desk_page(request, "admin/issuing/one.html", context, status=status)


def _span(batch: CertificateBatch) -> list[str]:
    """The first and the last number of the batch."""
    ordered = batch.certificates.order_by("number").values_list("full_number", flat=True)
    return [one for one in (ordered.first(), ordered.last()) if one] if batch.issue_key else []


def _tell(request: HttpRequest, batch: CertificateBatch) -> None:
    """How many got theirs; who did not, by name."""
    total = batch.lines.count()
    left = batch.lines.exclude(left_out="").count()
    sentence = _("Đã cấp %(n)s giấy. Tệp đang được lập, xem tiến độ dưới đây.")
    messages.success(request, sentence % {"n": total - left})
    if left:
        head = ngettext("%(n)s người chưa được cấp.", "%(n)s người chưa được cấp.", left) % {"n": left}
        messages.warning(request, format_html("{} {}", head, " ".join(issuing.left_out(batch))))
