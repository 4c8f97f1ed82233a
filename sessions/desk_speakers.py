"""What the desk is told of speakers: who does not come, what waits to be approved. Named in `DESK_PANELS`."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from conference.desk import todo
from conference.models import Conference, User
from sessions.models import MaterialVersion, Participation, SpeakerProfile

NAMED = 3


def attention(conference: Conference, user: User) -> dict[str, list[Any]]:
    """Lines for "what should be done today"."""
    found = (_declined(conference), _profiles(conference), _slides(conference))
    return todo(found, may_act=conference.is_run_by(user))


def _declined(conference: Conference) -> dict[str, Any] | None:
    rows = Participation.objects.filter(
        session__conference=conference, session__day__gte=conference.today(), answer="declined"
    )
    names = list(rows.order_by("session__day", "session__starts", "pk").values_list("full_name", flat=True))
    if not names:
        return None
    return {
        "kind": "err",
        "icon": "user",
        "title": _("%(n)s phần tham gia bị từ chối") % {"n": len(names)},
        "text": _("%(names)s. Mời người khác.") % {"names": joined(names, _("%(n)s người khác"))},
        "verb": _("Xem lý do"),
        "url": f"{reverse('admin:thematic_participation_changelist')}?answer__exact=declined",
    }


def _profiles(conference: Conference) -> dict[str, Any] | None:
    rows = SpeakerProfile.objects.filter(attendee__conference=conference).waiting()
    names = list(rows.order_by("proposed_at", "pk").values_list("attendee__full_name", flat=True))
    if not names:
        return None
    return {
        "kind": "wait",
        "icon": "edit",
        "title": _("%(n)s phần giới thiệu báo cáo viên chờ duyệt") % {"n": len(names)},
        "text": joined(names, _("%(n)s người khác")) + ".",
        "verb": _("Xem và duyệt"),
        "url": f"{reverse('admin:thematic_speakerprofile_changelist')}?state__exact=waiting",
    }


def _slides(conference: Conference) -> dict[str, Any] | None:
    rows = MaterialVersion.objects.filter(
        material__session__conference=conference, material__withdrawn_at=None, state="waiting"
    )
    titles = list(rows.order_by("given_at", "pk").values_list("material__title", flat=True))
    if not titles:
        return None
    return {
        "kind": "wait",
        "icon": "file",
        "title": _("%(n)s bài trình bày chờ duyệt") % {"n": len(titles)},
        "text": joined(titles, _("%(n)s bài khác")) + ".",
        "verb": _("Xem và duyệt"),
        "url": f"{reverse('admin:thematic_material_changelist')}?versions__state__exact=waiting",
    }


def joined(names: list[str], others: str) -> str:
    """The first few, then how many more there are in the words of `others`."""
    known = list(dict.fromkeys(filter(None, names)))
    rest = len(known) - NAMED
    return ", ".join([*known[:NAMED], *([others % {"n": rest}] if rest > 0 else [])])
