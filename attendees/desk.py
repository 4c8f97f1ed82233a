"""What the desk shows of delegations and people: figures, map, table, what waits. Named in `DESK_PANELS`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendees import corrections
from attendees.board import ReviewState, review_state
from attendees.models import Attendee, Correction, Delegation, Quota
from conference import moments, units, vietnamese
from conference.desk import todo
from conference.models import Conference, User

# State of a delegation → kind of tag, kind of tile.
TAGS = {"confirmed": "ok", "answering": "part", "waiting": "wait", "declined": "off"}
TILES = {"confirmed": "full", "answering": "part", "waiting": "none", "declined": "off"}
# State of the review → kind of tag, its icon.
REVIEW_TAGS = {
    ReviewState.ACCEPTED: ("ok", "check"),
    ReviewState.SENT: ("info", "mail"),
    ReviewState.RETURNED: ("wait", "back"),
    ReviewState.NONE: ("off", "clock"),
}
TILE_WIDTH = 5  # characters in small letters
NAMED = 8  # delegations named in one sentence


def board(conference: Conference, user: User) -> dict[str, list[Any]]:
    """Figures per component, the delegations with their numbers, the tile map."""
    delegations = _delegations(conference)
    rows = [_row(conference, one) for one in delegations]
    provinces = [row for row in rows if row["unit"]]
    return {
        "figures": figures(conference),
        "delegations": rows,
        "reviews": reviews(delegations),
        "tiles": [row for row in provinces if row["unit"].unit_set == conference.unit_set],
        "isles": [*units.INSETS[conference.unit_set]],
        "legend": [
            {
                "state": TILES[state.value],
                "word": state.label,
                "count": sum(row["status"] == state for row in provinces),
            }
            for state in (
                Delegation.Status.CONFIRMED,
                Delegation.Status.ANSWERING,
                Delegation.Status.WAITING,
                Delegation.Status.DECLINED,
            )
        ],
    }


def reviews(delegations: Iterable[Delegation]) -> list[dict[str, Any]]:
    """How many answers stand where between their delegations and the organisers."""
    counts = Counter(review_state(one) for one in delegations)
    return [
        {"value": state.value, "label": str(state.label), "n": counts[state], "kind": kind, "icon": icon}
        for state, (kind, icon) in REVIEW_TAGS.items()
    ]


def figures(conference: Conference) -> list[dict[str, Any]]:
    """All delegates first (not those who work there), then every component that has seats or people."""
    seats = dict(
        Quota.objects.filter(delegation__conference=conference)
        .order_by()
        .values_list("category")
        .annotate(Sum("seats"))
    )
    on_seat = Q(status__in=Attendee.ACTIVE)
    people = {
        category: counts
        for category, *counts in Attendee.objects.filter(conference=conference)
        .order_by()
        .values_list("category")
        .annotate(
            nominated=Count("pk", filter=on_seat),
            confirmed=Count("pk", filter=Q(status=Attendee.Status.CONFIRMED)),
            present=Count("pk", filter=Q(pk__in=Attendee.objects.present().values("pk"))),
        )
    }
    shown = [one for one in conference.categories.all() if seats.get(one.pk) or people.get(one.pk)]
    each = [
        _figure(one.short_name or one.name, one.pk, seats.get(one.pk, 0), *people.get(one.pk, (0, 0, 0)))
        for one in shown
    ]
    delegates = [figure for one, figure in zip(shown, each, strict=True) if one.counts_as_delegates]
    keys = ("seats", "nominated", "confirmed", "present")
    return [
        _figure(_("Đại biểu đã xác nhận"), 0, *(sum(one[key] for one in delegates) for key in keys)),
        *each,
    ]


def _figure(
    label: str, category: int, seats: int, nominated: int, confirmed: int, present: int
) -> dict[str, Any]:
    url = reverse("admin:attendees_attendee_changelist")
    return {
        "label": label,
        "seats": seats,
        "nominated": nominated,
        "confirmed": confirmed,
        "present": present,
        "url": f"{url}?category__id__exact={category}" if category else url,
    }


def _delegations(conference: Conference) -> list[Delegation]:
    rows = conference.delegations.select_related("unit", "organisation").with_counts()
    return sorted(rows, key=lambda one: (one.is_central, one.position, one.code))


def _row(conference: Conference, one: Delegation) -> dict[str, Any]:
    counts: Any = one  # annotated by with_counts()
    return {
        "unit": one.unit,
        "code": one.unit.code if one.unit else _("TW"),
        "name": one.unit.full_name if one.unit else one.name,
        "short": one.unit.name if one.unit else one.name,
        "abbr": one.unit.abbr if one.unit else "",
        "row": one.unit.tile_row if one.unit else None,
        "col": one.unit.tile_col if one.unit else None,
        "host": one.unit_id is not None and one.unit_id == conference.host_unit_id,
        "status": one.status,
        "kind": TAGS[one.status],
        "state": TILES[one.status],
        "word": one.get_status_display(),
        "done": counts.confirmed,
        "total": counts.seats,
        "share": share(counts.confirmed, counts.seats),
        "nominated": counts.nominated,
        "present": counts.present,
        "url": reverse("admin:attendees_delegation_change", args=(one.pk,)),
    }


def share(done: int, total: int) -> str:
    """What a tile says where both numbers do not fit: 48%. Empty where they do."""
    return f"{done * 100 // (total or 1)}%" if len(f"{done}/{total}") > TILE_WIDTH else ""


# ── What waits ────────────────────────────────────────────────────────────────────────────────────


def attention(conference: Conference, user: User) -> dict[str, list[Any]]:
    """What should be done today: each a statement, whom it concerns, and one verb."""
    everybody = list(conference.delegations.select_related("unit").defer("extra").order_by("position"))
    for one in everybody:
        one.conference = conference
    delegations = [one for one in everybody if one.status != Delegation.Status.DECLINED]
    waiting = [one for one in delegations if one.status == Delegation.Status.WAITING]
    may = conference.is_run_by(user)
    found = (
        _beginning(conference, everybody) if may else None,
        _hidden(conference) if may and everybody else None,
        _unanswered(conference, waiting, may),
        _partial([one for one in delegations if one.status == Delegation.Status.ANSWERING], may),
        _sent([one for one in everybody if review_state(one) == ReviewState.SENT]),
        _substitutes(conference),
        _corrections(conference),
        _shared_phones(conference),
        _extended(conference, delegations),
        _spare(conference),
    )
    return todo(found, may_act=may)


def _beginning(conference: Conference, delegations: list[Delegation]) -> dict[str, Any] | None:
    """What comes first in a new conference: components with their seats, then the delegations."""
    if delegations:
        return None
    line = {"kind": "wait", "icon": "users"}
    if not conference.categories.exists():
        return line | {
            "title": _("Chưa có thành phần nào"),
            "text": _("Thêm các thành phần và số suất mỗi đoàn trước khi lập đoàn."),
            "verb": _("Thêm thành phần"),
            "url": reverse("admin:attendees_category_add"),
        }
    return line | {
        "title": _("Chưa có đoàn nào"),
        "text": _("Lập đoàn cho các đơn vị, thêm đoàn của cơ quan Trung ương, rồi mời."),
        "verb": _("Lập các đoàn"),
        "url": reverse("admin:attendees_delegation_changelist"),
    }


def _hidden(conference: Conference) -> dict[str, Any] | None:
    """Delegations are there, and nobody but the desk can read about the conference."""
    if conference.status != Conference.Status.DRAFT:
        return None
    return {
        "kind": "wait",
        "icon": "lock",
        "title": _("Hội nghị còn ở tình trạng Nháp"),
        "text": _("Trang công khai và chương trình đã phát hành chưa hiện với ai."),
        "verb": _("Đổi tình trạng"),
        "url": reverse("admin:conference_conference_change", args=(conference.pk,)),
    }


def _unanswered(conference: Conference, waiting: list[Delegation], may: bool) -> dict[str, Any] | None:
    if not waiting:
        return None
    moment = conference.confirm_by.astimezone(conference.zone)
    when = moments.moment(moment)
    late = _("Hạn chung đã qua lúc %(when)s.") if conference.now() > moment else _("Hết hạn lúc %(when)s.")
    return {
        "kind": "err",
        "icon": "bang",
        "title": ngettext("%(n)s đoàn chưa phản hồi", "%(n)s đoàn chưa phản hồi", len(waiting))
        % {"n": len(waiting)},
        "text": f"{names(waiting)}. {late % {'when': when}}",
        **_remind(waiting, may),
    }


def _sent(sent: list[Delegation]) -> dict[str, Any] | None:
    if not sent:
        return None
    return {
        "kind": "wait",
        "icon": "check",
        "title": _("%(n)s câu trả lời chờ tiếp nhận") % {"n": len(sent)},
        "text": f"{names(sent)}.",
        "verb": _("Xem và tiếp nhận"),
        "url": _list("delegation", f"review={ReviewState.SENT.value}"),
    }


def _spare(conference: Conference) -> dict[str, Any] | None:
    pools = {one.short_name or one.name: one.pool for one in conference.categories.all() if one.pool}
    if not pools:
        return None
    return {
        "kind": "info",
        "icon": "users",
        "title": _("%(n)s suất dự phòng chưa cấp") % {"n": sum(pools.values())},
        "text": f"{_joined([f'{name} {seats}' for name, seats in pools.items()])}.",
        "verb": _("Xem và cấp cho đoàn"),
        "url": f"{reverse('admin:board')}#du-phong",
    }


def _partial(partial: list[Delegation], may: bool) -> dict[str, Any] | None:
    if not partial:
        return None
    return {
        "kind": "wait",
        "icon": "half",
        "title": _("%(n)s đoàn mới trả lời một phần") % {"n": len(partial)},
        "text": f"{names(partial)}.",
        **_remind(partial, may),
    }


def _remind(owing: list[Delegation], may: bool) -> dict[str, Any]:
    """On to the letters that remind them; who only looks on sees the list."""
    if not may:
        return {"url": _list("delegation", f"status__exact={owing[0].status}")}
    chosen = urlencode([("delegation", one.pk) for one in owing])
    return {"verb": _("Nhắc trả lời"), "url": f"{reverse('admin:attendees_delegation_remind')}?{chosen}"}


def _substitutes(conference: Conference) -> dict[str, Any] | None:
    waiting = Attendee.objects.filter(conference=conference, substitute_for__isnull=False).nominated()
    people = list(waiting.select_related("delegation__unit").in_order())
    if not people:
        return None
    places = list(dict.fromkeys(_place(one.delegation) for one in people))
    return {
        "kind": "wait",
        "icon": "swap",
        "title": _("%(n)s người thay chờ xác nhận") % {"n": len(people)},
        "text": f"{_joined(places)}.",
        "verb": _("Xem và xác nhận"),
        "url": _list("attendee", "substitution=waiting"),
    }


def _corrections(conference: Conference) -> dict[str, Any] | None:
    waiting = Correction.objects.filter(attendee__conference=conference).waiting()
    asked = list(waiting.select_related("attendee").order_by("asked_at", "pk"))
    if not asked:
        return None
    people = [one.attendee.full_name for one in asked]
    asked[0].attendee.conference = conference
    due = moments.moment(corrections.due(asked[0]))
    return {
        "kind": "wait",
        "icon": "edit",
        "title": _("%(n)s đề nghị của đại biểu chờ trả lời") % {"n": len(people)},
        "text": _("%(who)s. Trả lời trước %(due)s.")
        % {"who": _joined(list(dict.fromkeys(people))), "due": due},
        "verb": _("Xem và trả lời"),
        "url": _list("correction", "state__exact=waiting"),
    }


def _shared_phones(conference: Conference) -> dict[str, Any] | None:
    by_phone: dict[str, list[Attendee]] = {}
    for one in sharing_a_phone(conference).select_related("delegation__unit"):
        by_phone.setdefault(one.phone, []).append(one)
    if not by_phone:
        return None
    sentences = [
        _("%(who)s cùng ghi %(phone)s")
        % {
            "who": _joined([f"{one.full_name} ({_place(one.delegation)})" for one in people], _(" và ")),
            "phone": vietnamese.mask_phone(phone),
        }
        for phone, people in by_phone.items()
    ]
    return {
        "kind": "wait",
        "icon": "ask",
        "title": _("%(n)s số điện thoại trùng nhau") % {"n": len(by_phone)},
        "text": f"{_joined(sentences, '; ')}.",
        "verb": _("Đối chiếu"),
        "url": _list("attendee", "contact=shared"),
    }


def sharing_a_phone(conference: Conference | None) -> QuerySet[Attendee]:
    """People on a seat whose number stands at somebody else's name too."""
    people = Attendee.objects.filter(conference=conference).active().exclude(phone="")
    shared = (
        people.order_by().values("phone").annotate(people=Count("pk")).filter(people__gt=1).values("phone")
    )
    return people.filter(phone__in=shared).order_by("phone", "sort_key")


def _extended(conference: Conference, delegations: list[Delegation]) -> dict[str, Any] | None:
    longer = [
        one
        for one in delegations
        if one.extended_to
        and one.extended_to > conference.confirm_by
        and one.status != Delegation.Status.CONFIRMED
    ]
    if not longer:
        return None
    last = max(one.deadline for one in longer)
    when = moments.moment(last)
    return {
        "kind": "info",
        "icon": "clock",
        "title": _("%(n)s đoàn được gia hạn, chưa chốt") % {"n": len(longer)},
        "text": _("%(names)s. Muộn nhất đến %(when)s.") % {"names": names(longer), "when": when},
        "verb": _("Xem các đoàn"),
        "url": _list("delegation", "extended=yes"),
    }


def names(delegations: list[Delegation]) -> str:
    """The delegations by their short names, the first few of many."""
    return _joined([_place(one) for one in delegations])


def _place(delegation: Delegation) -> str:
    return delegation.unit.name if delegation.unit else delegation.name


def _joined(words: list[str], last: str = ", ") -> str:
    if len(words) > NAMED:
        rest = _("%(n)s nơi khác") % {"n": len(words) - NAMED}
        return f"{', '.join(words[:NAMED])} {_('và')} {rest}"
    return (
        last.join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 and last != ", " else ", ".join(words)
    )


def _list(model: str, query: str) -> str:
    return f"{reverse(f'admin:attendees_{model}_changelist')}?{query}"
