"""What the desk shows of letters: what failed, what waits for approval, that all is stopped."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from conference.desk import todo
from conference.models import Conference, User
from mailing import outbox
from mailing.models import Message, State


def attention(conference: Conference, user: User) -> dict[str, list[Any]]:
    """Lines for "what should be done today". Named in `DESK_PANELS`."""
    rows = Message.objects.visible_to(user).filter(conference=conference).order_by()
    counts = dict(rows.values_list("state").annotate(Count("pk")))
    found = (
        _failed(counts.get(State.FAILED, 0)),
        _drafts(counts.get(State.DRAFT, 0)),
        _stopped(conference, counts.get(State.APPROVED, 0) + counts.get(State.SENDING, 0)),
    )
    return todo(found, may_act=conference.is_run_by(user))


def _failed(count: int) -> dict[str, Any] | None:
    if not count:
        return None
    return {
        "kind": "err",
        "icon": "mail",
        "title": _("%(n)s thư không gửi được") % {"n": count},
        "text": _("Lý do đứng ở từng thư. Địa chỉ sai thì gửi lại tới địa chỉ đúng."),
        "verb": _("Xem và gửi lại"),
        "url": _list(State.FAILED),
    }


def _drafts(count: int) -> dict[str, Any] | None:
    if not count:
        return None
    return {
        "kind": "wait",
        "icon": "mail",
        "title": _("%(n)s thư chờ duyệt") % {"n": count},
        "text": _("Thư đã soạn chưa được gửi cho ai."),
        "verb": _("Xem và duyệt gửi"),
        "url": _list(State.DRAFT),
    }


def _stopped(conference: Conference, waiting: int) -> dict[str, Any] | None:
    hold = outbox.held(conference) if waiting else None
    if hold is None:
        return None
    return {
        "kind": "wait",
        "icon": "lock",
        "title": _("Đang dừng gửi thư, %(n)s thư đã duyệt phải chờ") % {"n": waiting},
        "text": hold.reason,
        "verb": _("Mở hộp thư đi"),
        "url": _list(State.APPROVED),
    }


def _list(state: State) -> str:
    return f"{reverse('admin:mailing_message_changelist')}?state__exact={state.value}"
