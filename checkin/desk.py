"""What the desk shows of the doors: badges about which a person must decide. Named in `DESK_PANELS`."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checkin import judging
from conference.models import Conference, User


def attention(conference: Conference, user: User) -> dict[str, list[Any]]:
    """A line for "what should be done today"."""
    count = len(judging.questions(conference))
    if not count:
        return {}
    title = ngettext("%(n)s thẻ hai cửa ghi khác nhau", "%(n)s thẻ hai cửa ghi khác nhau", count)
    line = {
        "kind": "err",
        "icon": "bang",
        "title": title % {"n": count},
        "text": _("Máy không tự quyết được ai đang ở trong."),
        "verb": _("Xem và quyết định"),
        "url": reverse("admin:door_questions"),
    }
    return {"todo": [line]}
