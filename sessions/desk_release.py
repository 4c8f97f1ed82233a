"""What the desk says of the programme: that what is planned has not been released. Named in `DESK_PANELS`."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from conference.models import Conference, User
from sessions import release


def attention(conference: Conference, user: User) -> dict[str, list[Any]]:
    """A line for "what should be done today", for those who can release."""
    if not conference.is_run_by(user):
        return {"todo": []}
    draft = release.draft_diff(conference)
    if not draft.diff:
        return {"todo": [_empty()] if draft.before is None else []}
    if draft.before is None:
        title, text = _("Chương trình chưa phát hành"), _("Ngoài Ban Tổ chức chưa ai xem được.")
    else:
        title = _("Chương trình có %(n)s thay đổi chưa phát hành") % {"n": len(draft.diff)}
        text = _("Mọi người đang đọc phiên bản %(n)s.") % {"n": draft.before.number}
    line = {
        "kind": "wait",
        "icon": "cal",
        "title": title,
        "text": text,
        "verb": _("Xem và phát hành"),
        "url": reverse("admin:thematic_release_add"),
    }
    return {"todo": [line]}


def _empty() -> dict[str, Any]:
    """Of a new conference: there is nothing to release yet."""
    return {
        "kind": "wait",
        "icon": "cal",
        "title": _("Chương trình chưa có phiên nào"),
        "text": _("Thêm hội trường và các phiên, rồi phát hành chương trình."),
        "verb": _("Lập chương trình"),
        "url": reverse("admin:programme"),
    }
