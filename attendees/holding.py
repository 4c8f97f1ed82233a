"""What the acts of a delegation are made of: its row held, its rules asked, its state written anew.

Only the acts call these, `attendees.answers` and for whole lists `attendees.importing`; everybody else calls
the acts.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from attendees import codes
from attendees.models import Attendee, Category, Delegation, Quota
from conference import journal, vietnamese
from conference.journal import Actor
from conference.models import User

LONGEST_REASON = 500
NAME_PARTS = ("family_name", "middle_name", "given_name")


class Stale(Exception):
    """Somebody else changed the row since it was shown. `current` is the row as it stands now."""

    def __init__(self, current: models.Model) -> None:
        super().__init__(str(current))
        self.current = current


def hold(delegation: Delegation, *, by: Actor | None) -> Delegation:
    held = (
        Delegation.objects.select_for_update(of=("self",)).select_related("conference").get(pk=delegation.pk)
    )
    require_open(held, by)
    return held


def hold_all(keys: Iterable[int], *, by: Actor | None) -> list[Delegation]:
    """Several delegations, always in the same order, so that no two acts wait for each other."""
    rows = Delegation.objects.select_for_update(of=("self",)).select_related("conference", "unit")
    held = list(rows.filter(pk__in=keys).order_by("pk"))
    for one in held:
        require_open(one, by)
    return held


def require_open(held: Delegation, by: Actor | None) -> None:
    if by is not None and not held.is_open_to(by):
        if not held.is_answered_by(by):
            raise PermissionDenied
        raise ValidationError(_("Đã quá hạn trả lời. Gọi Ban Tổ chức để thay đổi."), code="closed")


def hold_person(attendee: Attendee, *, by: Actor | None) -> tuple[Delegation, Attendee]:
    held = hold(attendee.delegation, by=by)
    people = held.attendees.select_related("conference", "category__conference", "substitute_for__category")
    current = require_there(people.filter(pk=attendee.pk).first())
    current.delegation = held
    return held, current


def hold_alone(pk: int) -> Attendee:
    """A person without the delegation, where no seat is touched. Raises `ValidationError`: gone, erased."""
    return require_there(Attendee.objects.select_for_update(of=("self",)).filter(pk=pk).first())


def require_there(current: Attendee | None) -> Attendee:
    """The row as it stands, held: nobody was taken off the list, or erased, since the page was shown."""
    if current is None:
        raise gone()
    require_not_erased(current)
    return current


def gone() -> ValidationError:
    return ValidationError(_("Người này không còn trong danh sách của đoàn."), code="gone")


def require_not_erased(current: Attendee) -> None:
    """Nothing is written any more about who was erased; `current` is the row as it stands, held."""
    if current.erased_at is not None:
        raise ValidationError(_("Dữ liệu của người này đã xóa. Không ghi thêm được."), code="erased")


def require_version(current: Delegation | Attendee, version: int | None) -> None:
    if version not in (None, current.version):
        raise Stale(current)


def just_said(held: Delegation, by: Actor | None, version: int | None) -> bool:
    """Is this one press of a button sent twice: was the version on the screen the one before the answer?"""
    mine = by is not None and (held.answered_by_id, held.answered_by_name) == (by.pk, str(by))
    return version in (None, held.version) or (mine and version == held.version - 1)


def touch(held: Delegation, *, by: Actor | None, status: str, **fields: Any) -> None:
    """Writes the state of the answer under a new version. A settled answer keeps its time.

    What the organisers had said to it falls: that they accept it, when the delegation itself changes
    something; that they gave it back, when it is sent again.
    """
    after = {"status": status, **fields}
    changed_after = held.review == held.Review.ACCEPTED and by and not held.conference.is_run_by(by)
    sent_again = held.review == held.Review.RETURNED and status in Delegation.SENT
    if changed_after or sent_again:
        after |= {"review": Delegation.Review.NONE, "review_remark": "", "reviewed_at": None}
    changes = journal.differences({field: getattr(held, field) for field in after}, after)
    if by is not None and ("status" in changes or status == Delegation.Status.ANSWERING):
        held.answered_at, held.answered_by_name = held.conference.now(), str(by)
        held.answered_by = by if isinstance(by, User) else None
    for field, value in after.items():
        setattr(held, field, value)
    held.version += 1
    held.save()
    if changes:
        journal.record("answer", held, by=by, conference=held.conference, changes=changes)


def set_status(attendee: Attendee, status: str, *, by: Actor | None, reason: str = "") -> None:
    before = {"status": attendee.status, "decline_reason": attendee.decline_reason}
    attendee.status, attendee.decline_reason = status, reason
    attendee.version += 1
    attendee.save()
    changes = journal.differences(before, {"status": status, "decline_reason": reason})
    journal.record("status", attendee, by=by, conference=attendee.conference, changes=changes)


def new_person(
    held: Delegation, category: Category, request_key: uuid.UUID | None, person: dict[str, Any]
) -> Attendee:
    require_person_fields(person)
    now = held.conference.now()
    attendee = Attendee(
        conference=held.conference,
        delegation=held,
        category=category,
        request_key=request_key,
        created_at=now,
        code=codes.new_code(),
        badge_token=codes.new_token(),
        **person,
    )
    attendee.clean_person()
    return attendee


def rewrite(current: Attendee, person: dict[str, Any]) -> dict[str, list[Any]]:
    """Writes into the row only, not into the database; `person` may hold `category` too. What differs."""
    require_person_fields(person, "category")
    before = {field: getattr(current, field) for field in person}
    if "given_name" not in person and person.get("full_name", current.full_name) != current.full_name:
        person = person | dict.fromkeys(NAME_PARTS, "")  # proposed anew from the new name
    for field, value in person.items():
        setattr(current, field, value)
    current.clean_person()
    return journal.differences(before, {field: getattr(current, field) for field in before})


def seat(attendee: Attendee) -> None:
    attendee.full_clean()
    attendee.save()


def put_instead(current: Attendee, substitute: Attendee, *, by: Actor | None, reason: str) -> None:
    """The substitute takes the seat; the row of who leaves stays, marked."""
    if not current.is_active:
        raise ValidationError(_("Chỉ thay được người đang giữ suất."), code="replaced")
    require_uncertified(current)
    current.replaced_at, current.replaced_by_name = current.conference.now(), str(by or "")
    set_status(current, Attendee.Status.REPLACED, by=by, reason=vietnamese.clean(reason)[:LONGEST_REASON])
    substitute.substitute_for = current
    substitute.seat_first_id = current.seat_first_id or current.pk
    substitute.seat_note = substitute.seat_note or current.seat_note  # the chair is that of the seat
    seat(substitute)
    changes = {"for": [str(current), str(substitute)]}
    journal.record("replace", substitute, by=by, conference=current.conference, changes=changes)


def made_before(held: Delegation, attendee: Attendee) -> Attendee | None:
    """The person whom this very form has made already. `Stale` when the form now says something else."""
    if attendee.request_key is None:
        return None
    known = (
        held.attendees.select_related("conference", "category")
        .filter(request_key=attendee.request_key)
        .first()
    )
    if known is not None:
        written = [field for field in Attendee.PERSON_FIELDS if field not in NAME_PARTS]
        written += [field for field in Attendee.DESK_FIELDS if getattr(attendee, field)]
        if any(getattr(known, field) != getattr(attendee, field) for field in written):
            raise Stale(known)
    return known


def require_person_fields(person: dict[str, Any], *more: str) -> None:
    if unknown := set(person) - {*Attendee.PERSON_FIELDS, *Attendee.DESK_FIELDS, *more}:
        raise TypeError(f"not to be written about a person: {', '.join(sorted(unknown))}")


def require_desk(held: Delegation, person: dict[str, Any], by: Actor | None) -> None:
    """Where people sit in the hall is the organisers' to say."""
    if by is not None and set(person) & set(Attendee.DESK_FIELDS) and not held.conference.is_run_by(by):
        raise PermissionDenied


def free_seats(quota: Quota | None, taken: int) -> int:
    """How many more people a component takes; none without a quota."""
    return max(quota.open_seats - taken, 0) if quota else 0


def quota_of(held: Delegation, category: Category) -> Quota:
    quota = held.quotas.select_related("category").filter(category=category).first()
    if quota is None:
        raise ValidationError(_("Đoàn này không có suất của thành phần đã chọn."), code="quota")
    return quota


def require_seat(held: Delegation, category: Category) -> None:
    quota = held.quotas.filter(category=category).first()
    if not free_seats(quota, held.attendees.filter(category=category).active().count()):
        if quota and quota.seats:
            sentence = _("Đã đủ số suất của thành phần này. Bớt một người, hoặc chọn thành phần khác.")
        else:
            sentence = _("Đoàn này không có suất của thành phần đã chọn.")
        raise ValidationError({"category": ValidationError(sentence, code="quota")})


def require_uncertified(attendee: Attendee, *, also_ended: bool = False) -> None:
    """A certificate rests on the person: it is withdrawn first. Asked upwards by the name of the relation."""
    certificates = attendee.certificates.all()
    if (certificates if also_ended else certificates.filter(state="valid")).exists():
        sentence = _("Người này đã có giấy chứng nhận. Ban Tổ chức thu hồi giấy trước, rồi mới đổi được.")
        raise ValidationError(sentence, code="certified")


def leave_empty(held: Delegation, quota: Quota, seats: int, reason: str, *, by: Actor | None) -> None:
    taken = held.attendees.filter(category=quota.category).active().count()
    if not 0 <= seats <= max(quota.seats - taken, 0):
        raise ValidationError(_("Không còn suất trống để trả lại."), code="quota")
    before = [quota.declined, quota.decline_reason]
    if seats >= quota.declined:
        reason = required(reason)
    quota.declined, quota.decline_reason = seats, (reason or quota.decline_reason) if seats else ""
    quota.save()
    changes = {"declined": [before[0], seats], "decline_reason": [before[1], quota.decline_reason]}
    journal.record("decline_seats", quota, by=by, conference=held.conference, changes=changes)


def status_after_person(held: Delegation) -> str:
    """A delegation closed as a whole stays closed while nobody waits; else it is being answered."""
    if held.status == Delegation.Status.CONFIRMED and held.attendees.active().exists():
        waiting = held.attendees.nominated().exists()
        return Delegation.Status.ANSWERING if waiting else Delegation.Status.CONFIRMED
    return Delegation.Status.ANSWERING


def head_without(held: Delegation, leaving: Attendee) -> dict[str, None]:
    if held.head_id != leaving.pk:
        return {}
    held.head = leaving  # for the journal, which names the person also when the row is gone by then
    return {"head": None}


def fresh(attendee: Attendee) -> Attendee:
    return Attendee.objects.select_related("conference", "category", "delegation").get(pk=attendee.pk)


def required(reason: str) -> str:
    reason = vietnamese.clean(reason)
    if not reason:
        raise ValidationError({"reason": ValidationError(_("Ghi lý do."), code="reason")})
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": ValidationError(_("Lý do dài tối đa 500 ký tự."), code="reason")})
    return reason
