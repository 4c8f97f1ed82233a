"""What a phone shows before anybody comes: its sessions, how many are in, the time of the server."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.utils import timezone

from checkin.models import Device
from sessions.models import Session


def state(device: Device) -> dict[str, Any]:
    """The sessions that the device serves, breaks left out. The device was seen."""
    Device.objects.filter(pk=device.pk).update(last_seen_at=timezone.now())
    served = device.sessions.all() if device.sessions.exists() else device.conference.sessions.all()
    rows = served.exclude(kind=Session.Kind.BREAK).in_order().annotate(present=Count("attendances"))
    sessions = [
        {
            "code": one.code,
            "title": one.title,
            "day": one.day.isoformat(),
            "starts": f"{one.starts:%H:%M}",
            "ends": f"{one.ends:%H:%M}",
            "present": one.present,
        }
        for one in rows
    ]
    return {"sessions": sessions, "now": device.conference.now().isoformat()}
