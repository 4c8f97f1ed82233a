"""Seats given up: from a delegation to the pool of their component, and from there to another delegation.

A declined or an empty seat stays with its delegation until its deadline. Before, the delegation may give it
back; the organisers take it whenever they decide. Seats of all delegations and the pool together never
change. Rows are held in one order, delegations by key, then components by key, so that no two acts wait for
each other in a circle; each act is journalled at the seats and at the pool.

`shown` is the number of seats that the person had on the screen: the same press a second time changes
nothing, and what somebody else changed in between raises `Stale`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from attendees.holding import Stale, hold, hold_all, quota_of, required, status_after_person, touch
from attendees.models import Attendee, Category, Delegation, Quota
from conference import journal
from conference.journal import Actor
from conference.kept_words import in_vietnamese
from conference.models import Conference, JournalEntry


def overdue(conference: Conference) -> QuerySet[Delegation]:
    """The delegations whose officers can change nothing any more: past the general and their own deadline."""
    now = conference.now()
    late = Delegation.objects.filter(conference=conference).filter(
        Q(extended_to=None) | Q(extended_to__lt=now)
    )
    return late if now > conference.confirm_by else late.none()


def loose_seats(delegations: QuerySet[Delegation]) -> list[tuple[Quota, int]]:
    """Each quota of the delegations that has seats which nobody takes, and how many. Two queries."""
    people = Attendee.objects.filter(delegation__in=delegations.order_by().values("pk")).active()
    taken = Counter(
        {
            (delegation, category): count
            for delegation, category, count in people.order_by()
            .values_list("delegation", "category")
            .annotate(Count("pk"))
        }
    )
    quotas = Quota.objects.filter(delegation__in=delegations.order_by().values("pk"), seats__gt=0)
    rows = [
        (quota, quota.seats - taken[quota.delegation_id, quota.category_id])
        for quota in quotas.select_related("delegation__unit", "category").order_by(
            "delegation__position", "delegation__pk", "category__position"
        )
    ]
    return [(quota, loose) for quota, loose in rows if loose > 0]


@transaction.atomic
def release(
    delegation: Delegation,
    category: Category,
    seats: int,
    *,
    by: Actor | None,
    reason: str,
    shown: int | None = None,
) -> None:
    """Moves seats that nobody takes from a delegation to the pool. By its own people only until its deadline.

    Errors: `PermissionDenied`; `ValidationError` (closed, quota, reason); `Stale`.
    """
    held = hold(delegation, by=by)
    quota = quota_of(held, category)
    if _said_before(quota, shown, -seats):
        return
    loose = quota.seats - held.attendees.filter(category=category).active().count()
    if not 1 <= seats <= loose:
        raise ValidationError(
            {"seats": ValidationError(_("Chọn từ 1 đến %(n)s suất còn trống.") % {"n": loose}, code="quota")}
            if loose > 0
            else ValidationError(_("Mọi suất này đã có người giữ. Không còn suất trống."), code="quota")
        )
    entries = _to_pool([(quota, seats)], by=by, reason=required(reason), conference=held.conference)
    journal.record_all(entries)
    if by is None or held.conference.is_run_by(by):
        _renew([held])
    else:
        was_declined = held.status == Delegation.Status.DECLINED
        touch(held, by=by, status=held.status if was_declined else status_after_person(held))


@transaction.atomic
def release_all(conference: Conference, *, by: Actor | None) -> int:
    """Moves every empty and every declined seat of delegations past their deadline to the pool; how many."""
    _require_organiser(conference, by)
    held = hold_all(overdue(conference).values_list("pk", flat=True), by=None)
    late = [one.pk for one in held if not one.is_open()]  # given more time while we waited
    loose = loose_seats(Delegation.objects.filter(pk__in=late))
    if loose:
        with in_vietnamese():
            reason = _("Quá hạn trả lời")
        journal.record_all(_to_pool(loose, by=by, reason=reason, conference=conference))
        _renew({quota.delegation for quota, _seats in loose})
    return sum(seats for _quota, seats in loose)


@transaction.atomic
def hand_out(
    category: Category, delegation: Delegation, seats: int, *, by: Actor | None, shown: int | None = None
) -> None:
    """Gives seats of the pool to a delegation. For organisers. Errors: `ValidationError` (quota); `Stale`."""
    _require_organiser(delegation.conference, by)
    held = hold(delegation, by=None)
    spare = _hold_pools([category.pk])[category.pk]
    _require_fit(spare, held)
    quota, _made = Quota.objects.get_or_create(delegation=held, category=spare, defaults={"seats": 0})
    if _said_before(quota, shown, seats):
        return
    enough = Category.objects.filter(pk=spare.pk, pool__gte=seats)
    if seats < 1 or not enough.update(pool=F("pool") - seats):
        sentence = _("Dự phòng chỉ còn %(n)s suất. Nhập số từ 1 đến %(n)s.") % {"n": spare.pool}
        nothing = _("Dự phòng của thành phần này đã hết.")
        raise ValidationError({"seats": ValidationError(sentence if spare.pool else nothing, code="quota")})
    Quota.objects.filter(pk=quota.pk).update(seats=F("seats") + seats)
    given = {"seats": [quota.seats, quota.seats + seats]}, {"pool": [spare.pool, spare.pool - seats]}
    journal.record_all(
        journal.entry("hand_out", row, by=by, conference=held.conference, changes=changes)
        for row, changes in zip((quota, spare), given, strict=True)
    )
    _renew([held])


def _to_pool(
    loose: list[tuple[Quota, int]], *, by: Actor | None, reason: str, conference: Conference
) -> list[JournalEntry]:
    """Takes seats off held delegations, declined ones first, and adds them to the pools. What to journal."""
    entries, gained = [], defaultdict[int, int](int)
    for quota, seats in loose:
        declined = max(quota.declined - seats, 0)
        as_shown = Quota.objects.filter(pk=quota.pk, seats=quota.seats, declined=quota.declined)
        why = quota.decline_reason if declined else ""
        if not as_shown.update(seats=quota.seats - seats, declined=declined, decline_reason=why):
            raise Stale(quota)  # a form of the desk, which holds no delegation
        after = {"seats": quota.seats - seats, "declined": declined}
        changes = journal.differences({"seats": quota.seats, "declined": quota.declined}, after)
        changes["decline_reason"] = [None, reason]
        entries.append(journal.entry("release", quota, by=by, conference=conference, changes=changes))
        gained[quota.category_id] += seats
    for key, category in _hold_pools(gained).items():
        Category.objects.filter(pk=key).update(pool=F("pool") + gained[key])
        pool = {"pool": [category.pool, category.pool + gained[key]]}
        entries.append(journal.entry("release", category, by=by, conference=conference, changes=pool))
    return entries


def _hold_pools(categories: Iterable[int]) -> dict[int, Category]:
    """Holds components by key. Not against people who are just put on one of their seats: no key changes."""
    rows = Category.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(categories))
    return {one.pk: one for one in rows.order_by("pk")}


def _said_before(quota: Quota, shown: int | None, change: int) -> bool:
    """Is this one press of a button sent twice?"""
    if shown is None or shown == quota.seats:
        return False
    if shown + change == quota.seats:
        return True
    raise Stale(quota)


def _renew(delegations: Iterable[Delegation]) -> None:
    """What an officer has on the screen is old now."""
    keys = [one.pk for one in delegations]
    Delegation.objects.filter(pk__in=keys).update(version=F("version") + 1)


def _require_organiser(conference: Conference, by: Actor | None) -> None:
    if by is not None and not conference.is_run_by(by):
        raise PermissionDenied


def _require_fit(category: Category, held: Delegation) -> None:
    if category.conference_id != held.conference_id:
        raise ValidationError(_("Thành phần này thuộc hội nghị khác."), code="quota")
    if category.needs_border_guard and held.unit and not held.unit.has_border_guard:
        sentence = _("Địa phương này không có Bộ đội Biên phòng. Chọn đoàn khác.")
        raise ValidationError({"delegation": ValidationError(sentence, code="quota")})
