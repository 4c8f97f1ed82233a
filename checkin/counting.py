"""What a phone shows: its sessions, how many are in, what the door may see of a person, where they were."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.db.models import Count
from django.utils import timezone

from attendees import badge_code
from attendees.models import Attendee
from checkin.models import Device, Scan
from conference import room
from sessions.models import Attendance, Session, SessionQuerySet

Pair = tuple[int, int]  # session, person


def served(device: Device) -> SessionQuerySet:
    """The sessions of the device, else all of the conference; breaks are not attended."""
    own = device.sessions.all()
    sessions: Any = own if own.exists() else device.conference.sessions.all()
    found: SessionQuerySet = sessions.exclude(kind=Session.Kind.BREAK).in_order()
    return found


def state(device: Device) -> dict[str, Any]:
    """What the device serves, the keys that sign badges, the time. The device was seen."""
    with room.beside_the_answer():
        Device.objects.filter(pk=device.pk).update(last_seen_at=timezone.now())
    conference = device.conference
    sessions = [
        {
            "code": one.code,
            "title": one.title,
            "day": one.day.isoformat(),
            "starts": f"{one.starts:%H:%M}",
            "ends": f"{one.ends:%H:%M}",
            "present": one.present,
        }
        for one in served(device).annotate(present=Count("attendances"))
    ]
    return {
        "device": device.name,
        "id": device.pk,
        "conference": {
            "slug": conference.slug,
            "title": conference.short_title,
            "zone": conference.time_zone,
        },
        "keys": badge_code.public_keys(conference),
        "sessions": sessions,
        "now": conference.now().isoformat(),
    }


def shown(person: Attendee) -> dict[str, str | bool]:
    """What the door may see, field by field: no telephone, address, year or identity number.

    `photo`: whether there is one to ask for.

    Needs the delegation with its unit, and the category.
    """
    return {
        "name": person.full_name,
        "title": person.title,
        "organisation": person.organisation_name,
        "delegation": person.delegation.name,
        "category": person.category.name,
        "seat": person.seat_note,
        "photo": bool(person.photo),
    }


def first_seen(
    sessions: Collection[int], people: Collection[int | None] | None
) -> dict[Pair, tuple[datetime.datetime, str]]:
    """(session, person) → since when the person is there, and where that was seen. `people` None: all."""
    about: dict[str, Any] = {"session__in": sessions}
    if people is not None:
        about["attendee__in"] = people
    if not sessions:
        return {}
    facts = Attendance.objects.filter(**about).order_by()
    found = {(one.session_id, one.attendee_id): (one.at, one.get_source_display()) for one in facts}
    entered = Scan.objects.filter(direction=Scan.Direction.IN, **about).select_related("device")
    for scan in entered.order_by("-at", "-sequence"):
        pair = (scan.session_id, scan.attendee_id or 0)
        if pair in found and scan.at == found[pair][0]:
            found[pair] = (scan.at, scan.device.name)
    return found
