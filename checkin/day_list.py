"""The list that a phone keeps for one day of the conference, so that its answers need no network.

What the door may see of a person, field by field; tokens of badges only as their SHA-256. The phone wipes it
at `expires` of its own accord, and encrypts it until then.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext as _

from attendees import codes
from attendees.models import Attendee
from checkin import counting
from checkin.models import Device
from checkin.pairing import Refused
from conference import journal
from sessions import attending
from sessions.admitting import turned_away

KEPT_UNTIL = datetime.time(3)  # of the morning after: the last to leave were scanned, and phones are at rest
OVER_AFTER = datetime.timedelta(days=1)


def day_list(device: Device) -> dict[str, Any]:
    """Everybody on the list of the conference and who was seen in its sessions; `Refused` when it is over.

    The first time on a day is journalled. However many people there are, it costs the same queries.
    """
    conference = device.conference
    now = conference.now()
    if now.date() > conference.ends_on + OVER_AFTER:
        raise Refused("over", _("Hội nghị đã kết thúc: danh sách đại biểu không tải về điện thoại nữa."))
    if device.list_day != now.date():
        Device.objects.filter(pk=device.pk).update(list_day=now.date())
        changes = {"list_day": [device.list_day, now.date()]}
        journal.record("take_list", device, by=None, conference=conference, changes=changes)
    served = list(counting.served(device))
    people = list(attending.people_of(conference).order_by("sort_key", "pk"))
    active = [person for person in people if person.is_active]
    code_of = {session.pk: session.code for session in served}
    away: dict[int, list[str]] = {}
    for session, person in turned_away(conference, served, active):
        away.setdefault(person, []).append(code_of[session])
    expires = datetime.datetime.combine(now.date() + datetime.timedelta(days=1), KEPT_UNTIL, conference.zone)
    return {
        "day": now.date().isoformat(),
        "expires": expires.isoformat(),
        "people": [_row(person, away.get(person.pk, [])) for person in people],
        "present": _present(code_of, {person.pk: person.code for person in people}),
        "now": now.isoformat(),
    }


def _row(person: Attendee, elsewhere: list[str]) -> dict[str, Any]:
    answer = attending.look(person, None)
    known = {attending.Kind.REPLACED: "replaced", attending.Kind.WITHDRAWN: "withdrawn"}
    return {
        "code": person.code,
        "token": codes.hashed(person.badge_token),
        "former": person.former_badges,
        **counting.shown(person),
        "band": person.category.band,
        "status": known.get(answer.kind, ""),
        "holder": answer.holder.full_name if answer.kind == attending.Kind.REPLACED and answer.holder else "",
        "elsewhere": elsewhere,
    }


def _present(code_of: dict[int, str], person_code: dict[int, str]) -> dict[str, dict[str, list[str]]]:
    present: dict[str, dict[str, list[str]]] = {code: {} for code in code_of.values()}
    for (session, person), (since, where) in counting.first_seen(code_of, None).items():
        if person in person_code:
            present[code_of[session]][person_code[person]] = [since.isoformat(), where]
    return present
