"""The answer of a delegation: every act that changes who comes.

Portal, admin, importer, API and commands all call these functions. Each holds the delegation's row until its
transaction ends, so that acts within one delegation come one after another, and journals what it did. The
same act a second time changes nothing, so that a form may be sent twice.

`by` is the person who acts, None for the system. `version` is the version that the person had on the screen:
of the attendee; for acts on the whole delegation (confirm, decline, choose_head) of the delegation.
Errors: `PermissionDenied`; `ValidationError` with a sentence for people (codes closed, quota, empty,
replaced, confirmed, certified, gone, reason, or errors of fields); `Stale` when somebody else was faster.
"""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from attendees import bonds, correspondence, links, receipts
from attendees.holding import Stale as Stale
from attendees.holding import (
    fresh,
    head_without,
    hold,
    hold_all,
    hold_person,
    just_said,
    leave_empty,
    made_before,
    new_person,
    put_instead,
    quota_of,
    require_desk,
    require_seat,
    require_uncertified,
    require_version,
    required,
    rewrite,
    seat,
    set_status,
    status_after_person,
    touch,
)
from attendees.models import Attendee, Category, Correction, Delegation, Quota
from conference import journal, storing, vietnamese
from conference.journal import Actor
from conference.models import Conference, Unit

# ── The delegation as a whole ─────────────────────────────────────────────────────────────────────


def without_seats(conference: Conference) -> str:
    """Why the units that have no delegation cannot get one yet; empty where they can, or all have one."""
    if conference.categories.with_local_seats().exists() or not _uninvited(conference).exists():
        return ""
    return _(
        "Chưa thành phần nào có suất cho đoàn địa phương: đoàn lập ra sẽ không cử được ai. "
        "Thêm các thành phần và số suất mỗi đoàn trước."
    )


def _uninvited(conference: Conference) -> QuerySet[Unit]:
    return conference.units().exclude(pk__in=conference.delegations.of_units().values("unit"))


@transaction.atomic
def invite_units(conference: Conference, *, by: Actor | None) -> list[Delegation]:
    """One delegation with its quotas for every invited unit that has none yet. Returns the new ones.

    Raises `ValidationError` as long as no component has seats for a unit: who is invited could send nobody.
    """
    Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
    if why := without_seats(conference):
        raise ValidationError(why, code="seats")
    categories = list(conference.categories.all())
    made = []
    for unit in _uninvited(conference):
        delegation = Delegation.objects.create(
            conference=conference, unit=unit, code=unit.slug, name=unit.full_name, position=int(unit.code)
        )
        Quota.objects.bulk_create(
            Quota(delegation=delegation, category=category, seats=seats)
            for category in categories
            if (seats := category.seats_for(unit))
        )
        journal.record("invite", delegation, by=by, conference=conference)
        made.append(delegation)
    return made


@transaction.atomic
def allot(category: Category, *, by: Actor | None) -> int:
    """Seats of a component that came later, for the delegations of units without. Returns for how many."""
    made = 0
    for held in hold_all(Delegation.objects.lacking(category).values_list("pk", flat=True), by=by):
        if held.unit and (seats := category.seats_for(held.unit)):
            quota = Quota.objects.create(delegation=held, category=category, seats=seats)
            journal.record("add", quota, by=by, conference=held.conference)
            made += 1
    return made


@transaction.atomic
def confirm(delegation: Delegation, *, by: Actor | None, version: int | None = None) -> int:
    """Confirms everybody nominated and closes the answer, which gets a receipt. Returns how many come in all.

    A list that was changed after it was sent is sent anew.
    """
    held = hold(delegation, by=by)
    waiting = list(held.attendees.nominated().select_related("conference"))
    settled = held.status == Delegation.Status.CONFIRMED and not waiting
    said_before = settled and receipts.is_current(receipts.last_of(held), held)
    if not (said_before and just_said(held, by, version)):
        require_version(held, version)
        if not held.attendees.active().exists():
            raise ValidationError(
                _("Chưa có ai để xác nhận. Cử người, hoặc chọn Không cử đoàn."), code="empty"
            )
        if not said_before:
            for attendee in waiting:
                set_status(attendee, Attendee.Status.CONFIRMED, by=by)
            touch(held, by=by, status=Delegation.Status.CONFIRMED, decline_reason="")
            receipts.issue(held, by=by)
    return held.attendees.confirmed().count()


@transaction.atomic
def decline(delegation: Delegation, reason: str, *, by: Actor | None, version: int | None = None) -> None:
    """The unit sends nobody: everybody on a seat is withdrawn. A reason is needed; it gets a receipt too."""
    held = hold(delegation, by=by)
    reason = required(reason)
    said_before = held.status == Delegation.Status.DECLINED and held.decline_reason == reason
    if said_before and just_said(held, by, version):
        return
    require_version(held, version)
    for attendee in held.attendees.active().select_related("conference"):
        require_uncertified(attendee)
        set_status(attendee, Attendee.Status.DECLINED, by=by, reason=reason)
    touch(held, by=by, status=Delegation.Status.DECLINED, decline_reason=reason, head=None)
    receipts.issue(held, by=by)


@transaction.atomic
def decline_seats(
    delegation: Delegation,
    category: Category,
    seats: int,
    reason: str,
    *,
    by: Actor | None,
    shown: int | None = None,
) -> None:
    """Leaves `seats` of a component empty; 0 takes them back. A reason is needed for more than before.

    `shown` is the number of empty seats that the person had on the screen.
    """
    held = hold(delegation, by=by)
    quota = quota_of(held, category)
    reason = vietnamese.clean(reason)
    if quota.declined == seats and reason in ("", quota.decline_reason):
        return
    if shown is not None and shown != quota.declined:
        raise Stale(quota)
    leave_empty(held, quota, seats, reason, by=by)
    touch(held, by=by, status=status_after_person(held), decline_reason="")


@transaction.atomic
def extend(delegation: Delegation, until: datetime.datetime | None, *, by: Actor | None) -> None:
    """Gives the officers of one delegation more time; None takes it back. For organisers only.

    A moment that gives none is refused at `until`.
    """
    if by is not None and not delegation.conference.is_run_by(by):
        raise PermissionDenied
    held = hold(delegation, by=None)
    changes = journal.differences({"extended_to": held.extended_to}, {"extended_to": until})
    if changes:
        if until is not None:
            require_more_time(held, until)
        held.extended_to = until
        held.save(update_fields=("extended_to",))
        links.prolong(held)
        journal.record("extend", held, by=by, conference=held.conference, changes=changes)


def require_more_time(delegation: Delegation, until: datetime.datetime) -> None:
    """Refuses a moment that is over, or not after everybody's deadline."""
    conference = delegation.conference
    if until <= max(conference.confirm_by, conference.now()):
        sentence = _(
            "Thời điểm này không gia hạn được cho đoàn. Chọn thời điểm muộn hơn bây giờ "
            "và muộn hơn hạn chung."
        )
        raise ValidationError({"until": sentence})


@transaction.atomic
def accept(delegation: Delegation, *, by: Actor | None) -> None:
    """The organisers take the answer as it was sent. Nothing happens when they did so before."""
    held = _hold_for_review(delegation, by)
    if held.review != Delegation.Review.ACCEPTED:
        _require_sent(held)
        _review(held, "accept", Delegation.Review.ACCEPTED, by=by)


@transaction.atomic
def return_with(delegation: Delegation, remark: str, *, by: Actor | None) -> None:
    """The organisers give the answer back, with what is to be put right; it is open again, with time."""
    held, remark = _hold_for_review(delegation, by), required(remark)
    if (held.review, held.review_remark) == (Delegation.Review.RETURNED, remark):
        return
    _require_sent(held)
    if not held.is_open():
        raise ValidationError(_("Hạn trả lời đã qua. Gia hạn để đoàn sửa và gửi lại được."), code="closed")
    held.status, held.decline_reason, held.version = Delegation.Status.ANSWERING, "", held.version + 1
    _review(held, "return", Delegation.Review.RETURNED, by=by, remark=remark)


@transaction.atomic
def choose_head(attendee: Attendee, *, by: Actor | None, version: int | None = None) -> None:
    """Makes a person on a seat the head of the own delegation. `version` is the delegation's."""
    held, current = hold_person(attendee, by=by)
    if held.head_id == current.pk:
        return
    if not current.is_active:
        raise ValidationError(_("Trưởng đoàn phải là người đang giữ suất."), code="replaced")
    require_version(held, version)
    touch(held, by=by, status=held.status, head=current)


# ── One person ────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def nominate(
    delegation: Delegation,
    category: Category,
    *,
    by: Actor | None,
    request_key: uuid.UUID | None = None,
    **person: Any,
) -> Attendee:
    """Puts a person on a seat. `person`: the fields of `Attendee.PERSON_FIELDS`, by organisers
    also of `DESK_FIELDS`.

    `request_key` names one filled form: sent again it gives the same person, with other words `Stale`.
    """
    held = hold(delegation, by=by)
    require_desk(held, person, by)
    attendee = new_person(held, category, request_key, person)
    if (known := made_before(held, attendee)) is not None:
        return known
    require_seat(held, category)
    seat(attendee)
    journal.record("nominate", attendee, by=by, conference=held.conference)
    touch(held, by=by, status=Delegation.Status.ANSWERING, decline_reason="")
    return attendee


@transaction.atomic
def edit(attendee: Attendee, *, by: Actor | None, version: int | None = None, **person: Any) -> Attendee:
    """Changes what is written about a person. `person` may hold `category` too. Returns the row as saved."""
    held, current = hold_person(attendee, by=by)
    require_desk(held, person, by)
    category, changes = current.category, rewrite(current, person)
    if changes:
        if version not in (None, current.version):
            raise Stale(fresh(current))
        if current.category != category and current.is_active:
            require_seat(held, current.category)
        current.version += 1
        current.save()
        journal.record("edit", current, by=by, conference=held.conference, changes=changes)
        touch(held, by=by, status=held.status)
    return current


@transaction.atomic
def confirm_person(attendee: Attendee, *, by: Actor | None, version: int | None = None) -> None:
    """This person comes. Nothing happens when that was already said."""
    held, current = hold_person(attendee, by=by)
    if current.status == Attendee.Status.REPLACED:
        raise ValidationError(_("Người này đã được thay. Xác nhận người thay."), code="replaced")
    if current.status == Attendee.Status.CONFIRMED:
        return
    require_version(current, version)
    if not current.is_active:
        require_seat(held, current.category)
    set_status(current, Attendee.Status.CONFIRMED, by=by)
    touch(held, by=by, status=status_after_person(held), decline_reason="")


@transaction.atomic
def decline_person(
    attendee: Attendee, reason: str, *, by: Actor | None, version: int | None = None, and_seat: bool = False
) -> None:
    """This person does not come; the seat is free again, or with `and_seat` left empty. Needs a reason."""
    held, current = hold_person(attendee, by=by)
    reason = required(reason)
    if current.status == Attendee.Status.REPLACED:
        raise ValidationError(_("Người này đã được thay. Chọn người thay."), code="replaced")
    if current.status == Attendee.Status.DECLINED and current.decline_reason == reason:
        return
    require_version(current, version)
    require_uncertified(current)
    was_seated = current.is_active
    set_status(current, Attendee.Status.DECLINED, by=by, reason=reason)
    if and_seat and was_seated:
        quota = quota_of(held, current.category)
        leave_empty(held, quota, quota.declined + 1, reason, by=by)
    touch(held, by=by, status=status_after_person(held), **head_without(held, current))


@transaction.atomic
def replace(
    attendee: Attendee,
    *,
    by: Actor | None,
    version: int | None = None,
    request_key: uuid.UUID | None = None,
    reason: str = "",
    **person: Any,
) -> Attendee:
    """Somebody else takes the seat. The old row stays, marked, and its badge is void. Returns the substitute.

    `request_key`: as in `nominate`. `reason`: why, if it was said.
    """
    held, current = hold_person(attendee, by=by)
    require_desk(held, person, by)
    substitute = new_person(held, current.category, request_key, person)
    if (known := made_before(held, substitute)) is not None:
        return known
    require_version(current, version)
    put_instead(current, substitute, by=by, reason=reason)
    touch(held, by=by, status=status_after_person(held), **head_without(held, current))
    return substitute


@transaction.atomic
def remove(attendee: Attendee, *, by: Actor | None, version: int | None = None) -> None:
    """Takes a person off the list who was nominated by mistake; whom the person was to replace is back.

    Who was erased meanwhile is not: nobody could take them off the seat again. A confirmed person is declined
    or replaced instead, and so is one who was already seen at the conference. What goes too is journalled.
    """
    _hold_requests(attendee)
    held, current = hold_person(attendee, by=by)
    require_version(current, version)
    if current.status != Attendee.Status.NOMINATED or current.attendances.exists():
        sentence = _("Chỉ xóa được người chờ xác nhận. Chọn Không tham dự hoặc Thay người.")
        raise ValidationError(sentence, code="confirmed")
    require_uncertified(current, also_ended=True)
    lost = bonds.for_journal(current)
    journal.record("remove", current, by=by, conference=held.conference, changes=lost)
    replaced, head = current.substitute_for, head_without(held, current)
    current.delete()
    transaction.on_commit(lambda: storing.forget(current.photo), robust=True)
    if replaced is not None and replaced.erased_at is None:
        require_seat(held, replaced.category)
        replaced.replaced_at, replaced.replaced_by_name = None, ""
        set_status(replaced, Attendee.Status.NOMINATED, by=by)
    touch(held, by=by, status=status_after_person(held), **head)


def _hold_requests(attendee: Attendee) -> None:
    """What the person asks for goes along, and who settles a request holds it before the delegation."""
    asked = Correction.objects.select_for_update().filter(attendee=attendee)
    list(asked.order_by("pk").values_list("pk", flat=True))


# ── What the organisers say to an answer ──────────────────────────────────────────────────────────


def _hold_for_review(delegation: Delegation, by: Actor | None) -> Delegation:
    if by is not None and not delegation.conference.is_run_by(by):
        raise PermissionDenied
    return hold(delegation, by=None)


def _require_sent(held: Delegation) -> None:
    if held.status not in Delegation.SENT:
        raise ValidationError(_("Đoàn chưa gửi danh sách."), code="open")


def _review(held: Delegation, act: str, review: str, *, by: Actor | None, remark: str = "") -> None:
    before = {"review": held.review, "review_remark": held.review_remark}
    held.review, held.review_remark, held.reviewed_at = review, remark, held.conference.now()
    held.save()
    after = {"review": review, "review_remark": remark}
    changes = journal.differences(before, after)
    journal.record(act, held, by=by, conference=held.conference, changes=changes)
    correspondence.post_review(held, by=by)
