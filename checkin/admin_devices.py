"""Desk: the phones at the doors: added, changed, paired by a code on the screen, revoked.

Named in `DESK_PAGES`.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from attendees import codes
from checkin import pairing
from checkin.forms import DeviceForm, RevokeForm
from checkin.models import Device, Scan
from conference import access, refusals
from conference.desk import desk_page
from conference.models import Conference

LATEST = 50  # scans on the page of a device
OK, CONFLICT = 200, 409
KINDS = {Device.State.WAITING: "wait", Device.State.PAIRED: "ok", Device.State.REVOKED: "off"}
TOLD = {
    Scan.Verdict.WELCOME: "ok",
    Scan.Verdict.AGAIN: "wait",
    Scan.Verdict.OUT: "info",
    Scan.Verdict.ELSEWHERE: "wait",
    Scan.Verdict.REVOKED: "err",
    Scan.Verdict.UNKNOWN: "err",
}


def pages(desk: admin.AdminSite) -> list[URLPattern]:
    """The addresses of the devices."""
    return [
        path("devices/", desk.admin_view(devices), name="devices"),
        path("devices/add/", desk.admin_view(add), name="devices_add"),
        path("devices/<int:device>/", desk.admin_view(page), name="devices_page"),
        path("devices/<int:device>/edit/", desk.admin_view(edit), name="devices_edit"),
        path("devices/<int:device>/pair/", desk.admin_view(pair), name="devices_pair"),
        path("devices/<int:device>/revoke/", desk.admin_view(revoke), name="devices_revoke"),
    ]


@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    """All of them, those in use first."""
    conference = access.current(request)
    return _list(request, conference, DeviceForm(conference))


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """One more device; on its page the code is shown that pairs it."""
    conference = access.current(request, to_change=True)
    form = DeviceForm(conference, request.POST)
    if form.is_valid():
        try:
            made = pairing.add(conference, **form.cleaned_data, by=_by(request))
        except ValidationError as refusal:
            refusals.tell(form, refusal)
        else:
            messages.success(request, _("Đã thêm %s. Mở mã ghép, rồi quét bằng máy đó.") % made)
            return _to(made)
    return _list(request, conference, form)


@require_safe
def page(request: HttpRequest, device: int) -> HttpResponse:
    """One device and its last scans."""
    return _page(request, _device(request, device))


@require_POST
def edit(request: HttpRequest, device: int) -> HttpResponse:
    """Another name or other sessions; the phone learns of them by itself."""
    found = _device(request, device, to_change=True)
    form = DeviceForm(found.conference, request.POST)
    if not form.is_valid():
        return _page(request, found, edited=form)
    shown = request.POST.get("shown")
    try:
        changed = pairing.change(found, **form.cleaned_data, by=_by(request), shown=shown)
    except pairing.Refused as refused:
        messages.error(request, str(refused))
    except ValidationError as refusal:
        refusals.tell(form, refusal)
        return _page(request, found, edited=form, status=CONFLICT if form.has_error(NON_FIELD_ERRORS) else OK)
    else:
        sentence = (
            _("Đã sửa %s. Máy nhận tên và phiên mới khi liên lạc lần tới.") if changed else _("%s không đổi.")
        )
        messages.success(request, sentence % form.cleaned_data["name"])
    return _to(found)


@never_cache
@require_POST
def pair(request: HttpRequest, device: int) -> HttpResponse:
    """A new code, shown by this answer and never again; the one before it opens nothing any more."""
    found = _device(request, device, to_change=True)
    try:
        secret = pairing.offer(found, by=_by(request))
    except pairing.Refused as refused:
        messages.error(request, str(refused))
        return _to(found)
    address = pairing.address_of(found.conference, secret)
    minutes = int(pairing.GOOD_FOR.total_seconds() // 60)
    context = {"device": found, "address": address, "code": codes.group(secret), "minutes": minutes}
    return desk_page(request, "admin/door/pair.html", context | {"title": _("Ghép %s") % found})


@require_POST
def revoke(request: HttpRequest, device: int) -> HttpResponse:
    """The phone opens nothing from its next request on; what it scanned stays."""
    found = _device(request, device, to_change=True)
    form = RevokeForm(request.POST)
    if not form.is_valid():
        return _page(request, found, revoking=form)
    if pairing.revoke(found, by=_by(request), reason=form.cleaned_data["reason"]):
        messages.success(request, _("Đã thu hồi %s. Những lượt quét đã nhận vẫn còn.") % found)
    else:
        messages.info(request, _("%s đã được thu hồi từ trước.") % found)
    return _to(found)


# ── Finding and drawing ───────────────────────────────────────────────────────────────────────────


def _device(request: HttpRequest, key: int, *, to_change: bool = False) -> Device:
    conference = access.current(request, to_change=to_change)
    found = Device.objects.visible_to(request.user).filter(conference=conference)
    return get_object_or_404(found.select_related("conference", "paired_by"), pk=key)


def _list(request: HttpRequest, conference: Conference, form: DeviceForm) -> HttpResponse:
    found = Device.objects.visible_to(request.user).filter(conference=conference)
    unknown = Count("scans", filter=Q(scans__attendee=None))
    counted = found.annotate(scan_count=Count("scans"), unknown=unknown)
    rows = counted.prefetch_related("sessions").order_by("revoked_at", "name")
    context = {
        "conference": conference,
        "rows": [{"device": one, "kind": KINDS[one.state]} for one in rows],
        "form": form,
        "may_change": access.of(request).may_change,
    }
    return desk_page(request, "admin/door/devices.html", context | {"title": _("Thiết bị ở cửa")})


def _page(
    request: HttpRequest,
    device: Device,
    *,
    edited: DeviceForm | None = None,
    revoking: RevokeForm | None = None,
    status: int = OK,
) -> HttpResponse:
    scans = device.scans.select_related("attendee__delegation", "session").order_by(
        "-received_at", "-sequence"
    )
    context = {
        "device": device,
        "kind": KINDS[device.state],
        "scans": [
            {"scan": one, "kind": TOLD.get(Scan.Verdict(one.verdict), "off")} for one in scans[:LATEST]
        ],
        "scan_count": device.scans.count(),
        "edited": edited or DeviceForm(device.conference, initial=_said(device)),
        "form": revoking or RevokeForm(),
        "may_change": access.of(request).may_change,
        "title": str(device),
    }
    return desk_page(request, "admin/door/device.html", context, status=status)


def _said(device: Device) -> dict[str, Any]:
    return {"name": device.name, "sessions": [one.pk for one in device.sessions.all()]}


def _to(device: Device) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:devices_page", args=(device.pk,)))


def _by(request: HttpRequest) -> Any:
    return request.user
