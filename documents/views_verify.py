"""The public page that says whether a certificate is true. It tells little, keeps nothing, and answers all
alike.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from attendees import codes
from conference import vietnamese_dates
from documents.forms import VerifyForm
from documents.models import Certificate
from documents.verifying import known

# Guessing: 30 answers a minute to one address; a code has 80 random bits.
MOST_A_MINUTE = 30
View = Callable[..., HttpResponse]


def public_and_unrecorded(view: View) -> View:
    """Not indexed, not kept, no referrer; too many questions from one address wait a minute."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if _asked_too_often(request):
            response = render(request, "429.html", status=429)
            response["Retry-After"] = "60"
        else:
            response = view(request, *args, **kwargs)
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
    """Valid, replaced, revoked or unknown. A code that cannot exist is unknown like any other."""
    try:
        certificate = known(codes.normalise_certificate_code(code))
    except ValueError:
        certificate = None
    context = {"form": VerifyForm(), "answer": _answer(certificate), "facts": _facts(certificate)}
    return render(request, "documents/verify.html", context)


def _answer(certificate: Certificate | None) -> dict[str, str]:
    """The verdict in words."""
    if certificate is None:
        text = _(
            "Kiểm tra lại từng ký tự của mã in trên giấy. Nếu mã đúng như in, giấy này không do hệ thống cấp."
        )
        return {"kind": "none", "title": _("Không tìm thấy giấy chứng nhận"), "text": text}
    agency = {"agency": certificate.series.conference.issuing_agency}
    ended = vietnamese_dates.short_date(certificate.ended_at) if certificate.ended_at else ""
    if certificate.state == Certificate.State.VALID:
        text = _("Do %(agency)s cấp. Đối chiếu họ tên và số dưới đây với bản đang cầm.") % agency
        return {"kind": "valid", "title": _("Giấy chứng nhận có giá trị"), "text": text}
    if certificate.state == Certificate.State.REPLACED:
        text = _("Đã thay bằng bản khác ngày %s. Bản đang cầm không còn giá trị.") % ended
        return {"kind": "replaced", "title": _("Giấy chứng nhận đã được thay"), "text": text}
    text = _("Cơ quan cấp đã thu hồi ngày %s. Bản đang cầm không còn giá trị.") % ended
    return {"kind": "revoked", "title": _("Giấy chứng nhận đã bị thu hồi"), "text": text}


def _facts(certificate: Certificate | None) -> list[tuple[str, str]]:
    """What stands on the paper, to be compared; nothing else."""
    if certificate is None:
        return []
    conference = certificate.series.conference
    when = vietnamese_dates.date_range_in_words(conference.starts_on, conference.ends_on)
    return [
        (_("Họ và tên"), certificate.full_name),
        (_("Số"), certificate.full_number),
        (_("Hội nghị"), conference.title),
        (_("Thời gian, địa điểm"), f"{when[0].upper()}{when[1:]}, tại {conference.place}"),
        (_("Ngày cấp"), vietnamese_dates.short_date(certificate.issued_on)),
        (_("Chữ ký số"), _("Bản chưa ký số")),
    ]


def _asked_too_often(request: HttpRequest) -> bool:
    """Counts in the shared cache; the address is the one that the trusted proxies tell."""
    key = f"verify:{get_adapter().get_client_ip(request)}"
    cache.add(key, 0, timeout=60)
    try:
        return cache.incr(key) > MOST_A_MINUTE
    except ValueError:  # the minute ended between the two
        return False
