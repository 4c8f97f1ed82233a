"""The public page that says whether a certificate is true. It tells little, keeps nothing, and answers all
alike.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from attendees import codes
from conference import room, vietnamese_dates
from conference.models import Conference
from documents import verifying
from documents.batches import as_said
from documents.forms import HashForm, VerifyForm
from documents.models import Certificate, CertificateFile

SIZE_CLASS = 16 * 1024  # bytes; every answer fits into one
View = Callable[..., HttpResponse]


def public_and_unrecorded(view: View) -> View:
    """Not indexed, not kept, no referrer; too many questions from one address wait a minute."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if _may_ask(request):
            response = view(request, *args, **kwargs)
        else:
            response = render(request, "429.html", status=429)
            response["Retry-After"] = "60"
        _even_out(response)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        response["Cache-Control"] = "no-store"
        return response

    return guarded


@require_safe
@public_and_unrecorded
def verify_form(request: HttpRequest) -> HttpResponse:
    """Type a code in; the answer has its own address, the one in the QR.

    It asks by GET, as nothing changes: a page without referrer would post with the origin "null".
    """
    form = VerifyForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("documents:verify", code=form.cleaned_data["code"])
    return render(request, "documents/verify.html", {"form": form, "answer": None})


@require_safe
@public_and_unrecorded
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Valid, replaced, revoked or unknown. A code that cannot exist is unknown like any other.

    The same questions to the database and the same size of answer, whatever there is to say.
    """
    try:
        read = codes.normalise_certificate_code(code)
    except ValueError:
        read = ""
    certificate, files = verifying.known(read), verifying.files_of(read)
    verifying.count(read)
    hashes = HashForm(request.GET if "sha256" in request.GET else None)
    context = {
        "form": VerifyForm(),
        "answer": _answer(certificate),
        "facts": _facts(certificate, files),
        "files": files,
        "hashes": hashes,
        "same": _same(hashes, files),
        "known": json.dumps({one.sha256: _sameness(one) for one in files}),
        "other": _other(),
    }
    return render(request, "documents/verify.html", context)


def _same(form: HashForm, files: list[CertificateFile]) -> str:
    """What the hash that was typed says of a file; nothing where none was typed."""
    if not form.is_bound or not form.is_valid():
        return ""
    found = next((one for one in files if one.sha256 == form.cleaned_data["sha256"]), None)
    return _sameness(found) if found else _other()


def _sameness(file: CertificateFile) -> str:
    if file.kind == CertificateFile.Kind.SIGNED:
        return _("Tệp này đúng là bản đã cấp, đã ký số.")
    return _("Tệp này đúng là bản đã cấp, chưa ký số.")


def _other() -> str:
    return _("Tệp này khác với các bản đã cấp: đã bị sửa, in lại, hoặc là tệp của giấy khác.")


def _even_out(response: HttpResponse) -> None:
    """Answers of one size: what a page says cannot be told from its length."""
    missing = -len(response.content) % SIZE_CLASS
    response.content += b"\n" * missing


def _answer(certificate: Certificate | None) -> dict[str, str]:
    """The verdict in words."""
    if certificate is None:
        text = _(
            "Kiểm tra lại từng ký tự của mã in trên giấy. Nếu mã đúng như in, giấy này không do hệ thống cấp."
        )
        return {"kind": "none", "title": _("Không tìm thấy giấy chứng nhận"), "text": text}
    agency = {"agency": _as_printed(certificate).issuing_agency}
    zone = certificate.series.conference.zone
    ended = vietnamese_dates.short_date(certificate.ended_at.astimezone(zone)) if certificate.ended_at else ""
    if certificate.state == Certificate.State.VALID:
        text = _("Do %(agency)s cấp. Đối chiếu họ tên và số dưới đây với bản đang cầm.") % agency
        return {"kind": "valid", "title": _("Giấy chứng nhận có giá trị"), "text": text}
    if certificate.state == Certificate.State.REPLACED:
        text = (
            _("Đã thay bằng bản khác ngày %s. Bản đang cầm không còn giá trị; bản thay có mã kiểm tra riêng.")
            % ended
        )
        return {"kind": "replaced", "title": _("Giấy chứng nhận đã được thay"), "text": text}
    text = _("Cơ quan cấp đã thu hồi ngày %s. Bản đang cầm không còn giá trị.") % ended
    return {"kind": "revoked", "title": _("Giấy chứng nhận đã bị thu hồi"), "text": text}


def _signature(files: list[CertificateFile], zone: ZoneInfo) -> str:
    signed = next((one for one in files if one.kind == CertificateFile.Kind.SIGNED), None)
    if signed is None:
        return _("Bản chưa ký số")
    if signed.signed_at is None:
        return _("Đã ký số bởi %s") % signed.signer
    at = signed.signed_at.astimezone(zone)
    when = f"{vietnamese_dates.clock(at)}, {vietnamese_dates.short_date(at)}"
    return _("Đã ký số bởi %(who)s, lúc %(when)s") % {"who": signed.signer, "when": when}


def _as_printed(certificate: Certificate) -> Conference:
    """The conference as the paper tells of it, whatever was corrected since."""
    return as_said(certificate.series.conference, certificate.said)


def _facts(certificate: Certificate | None, files: list[CertificateFile]) -> list[tuple[str, str]]:
    """What stands on the paper, to be compared, and on its files; nothing else."""
    if certificate is None:
        return []
    conference = _as_printed(certificate)
    when = vietnamese_dates.date_range_in_words(conference.starts_on, conference.ends_on)
    return [
        (_("Họ và tên"), certificate.full_name),
        (_("Số"), certificate.full_number),
        (_("Hội nghị"), conference.title),
        (_("Thời gian, địa điểm"), f"{when[0].upper()}{when[1:]}, tại {conference.place}"),
        (_("Ngày cấp"), vietnamese_dates.short_date(certificate.issued_on)),
        (_("Chữ ký số"), _signature(files, conference.zone)),
    ]


def _may_ask(request: HttpRequest) -> bool:
    """Counts the question, which comes by GET: of those the limits count none by themselves.

    Where the database has no room to count, everybody is answered: the code alone keeps out who guesses.
    """
    asked = HttpRequest()
    asked.method, asked.META = "POST", request.META
    may = True
    with room.beside_the_answer():
        may = bool(ratelimit.consume(asked, action="verify"))
    return may
