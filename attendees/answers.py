"""The answer of a delegation: every act that changes who comes.

Portal, admin, importer, API and commands all call these functions. Each holds the delegation's row until its
transaction ends, so that acts within one delegation come one after another, and journals what it did.

`by` is the person who acts, None for the system. `version` is the version that the person had on the screen.
Errors: `ValidationError` (codes closed, quota, empty, replaced, reason, or errors of fields) with a sentence for
people, and `Stale` when somebody else was faster.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attendees.models import Attendee, Category, Delegation, Quota
from conference import journal, vietnamese
from conference.models import Conference, User


class Stale(Exception):
    """Somebody else changed the row since it was shown. `current` is the row as it stands now."""

    def __init__(self, current: models.Model) -> None:
        super().__init__(str(current))
        self.current = current


# ── The delegation as a whole ─────────────────────────────────────────────────────────────────────


@transaction.atomic
def invite_units(conference: Conference, *, by: User | None) -> list[Delegation]:
    """One delegation with its quotas for every invited unit that has none yet. Returns the new ones."""
    categories = list(conference.categories.all())
    known = conference.delegations.of_units().values("unit")
    made = []
    for unit in conference.units().exclude(pk__in=known):
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
def confirm(delegation: Delegation, *, by: User | None, version: int | None = None) -> int:
    """Confirms everybody nominated and closes the answer. Returns how many people are confirmed in all."""
    held = _hold(delegation, by=by, version=version)
    if not held.attendees.active().exists():
        raise ValidationError(_("Chưa có ai để xác nhận. Cử người, hoặc chọn Không cử đoàn."), code="empty")
    for attendee in held.attendees.nominated().select_related("conference"):
        _set_status(attendee, Attendee.Status.CONFIRMED, by=by)
    _touch(held, by=by, status=Delegation.Status.CONFIRMED, decline_reason="")
    return held.attendees.confirmed().count()


@transaction.atomic
def decline(delegation: Delegation, reason: str, *, by: User | None, version: int | None = None) -> None:
    """The unit sends nobody: everybody on a seat is withdrawn. A reason is needed."""
    held = _hold(delegation, by=by, version=version)
    reason = _required(reason)
    for attendee in held.attendees.active().select_related("conference"):
        _set_status(attendee, Attendee.Status.DECLINED, by=by, reason=reason)
    _touch(held, by=by, status=Delegation.Status.DECLINED, decline_reason=reason, head=None)


@transaction.atomic
def decline_seats(delegation: Delegation, category: Category, seats: int, reason: str, *, by: User | None) -> None:
    """Leaves `seats` of a component empty; 0 takes them back. A reason is needed for more than 0."""
    held = _hold(delegation, by=by)
    quota = held.quotas.filter(category=category).first()
    taken = held.attendees.filter(category=category).active().count()
    if quota is None or not 0 <= seats <= quota.seats - taken:
        raise ValidationError(_("Không còn suất trống để trả lại."), code="quota")
    quota.declined, quota.decline_reason = seats, _required(reason) if seats else ""
    quota.save()
    _touch(held, by=by, status=Delegation.Status.ANSWERING, decline_reason="")


@transaction.atomic
def extend(delegation: Delegation, until: datetime.datetime, *, by: User | None) -> None:
    """Gives the officers of one delegation more time."""
    held = _hold(delegation, by=None)
    journal.record("extend", held, by=by, conference=held.conference, changes={"extended_to": [held.extended_to, until]})
    held.extended_to = until
    held.save(update_fields=("extended_to",))


@transaction.atomic
def choose_head(attendee: Attendee, *, by: User | None) -> None:
    """Makes a person the head of the own delegation."""
    held, current = _hold_person(attendee, by=by)
    _touch(held, by=by, status=held.status, head=current)


# ── One person ────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def nominate(delegation: Delegation, category: Category, *, by: User | None, **person: Any) -> Attendee:
    """Puts a person on a seat. `person`: the fields of `Attendee.PERSON_FIELDS`."""
    held = _hold(delegation, by=by)
    _require_seat(held, category)
    attendee = _seated(Attendee(conference=held.conference, delegation=held, category=category, **person))
    journal.record("nominate", attendee, by=by, conference=held.conference)
    _touch(held, by=by, status=Delegation.Status.ANSWERING, decline_reason="")
    return attendee


@transaction.atomic
def edit(attendee: Attendee, *, by: User | None, version: int | None = None, **person: Any) -> Attendee:
    """Changes what is written about a person. `person` may hold `category` too. Returns the row as saved."""
    held, current = _hold_person(attendee, by=by, version=version)
    before = {field: getattr(current, field) for field in person}
    if "full_name" in person and person["full_name"] != current.full_name and "given_name" not in person:
        person |= {"family_name": "", "middle_name": "", "given_name": ""}  # proposed anew from the new name
    if (category := person.get("category")) not in (None, current.category) and current.is_active:
        _require_seat(held, category)
    for field, value in person.items():
        setattr(current, field, value)
    current.full_clean()
    changes = journal.differences(before, {field: getattr(current, field) for field in before})
    if changes:
        current.version += 1
        current.save()
        journal.record("edit", current, by=by, conference=held.conference, changes=changes)
        _touch(held, by=by, status=held.status)
    return current


@transaction.atomic
def confirm_person(attendee: Attendee, *, by: User | None, version: int | None = None) -> None:
    """This person comes. Nothing happens when that was already said."""
    held, current = _hold_person(attendee, by=by, version=version)
    if current.status == Attendee.Status.REPLACED:
        raise ValidationError(_("Người này đã được thay. Xác nhận người thay."), code="replaced")
    if current.status == Attendee.Status.CONFIRMED:
        return
    if not current.is_active:
        _require_seat(held, current.category)
    _set_status(current, Attendee.Status.CONFIRMED, by=by)
    _touch(held, by=by, status=_status_after_person(held), decline_reason="")


@transaction.atomic
def decline_person(attendee: Attendee, reason: str, *, by: User | None, version: int | None = None) -> None:
    """This person does not come; the seat is free again. A reason is needed."""
    held, current = _hold_person(attendee, by=by, version=version)
    _set_status(current, Attendee.Status.DECLINED, by=by, reason=_required(reason))
    _touch(held, by=by, status=_status_after_person(held), **_head_without(held, current))


@transaction.atomic
def replace(attendee: Attendee, *, by: User | None, version: int | None = None, **person: Any) -> Attendee:
    """Somebody else takes the seat. The old row stays, marked, and its badge is void. Returns the substitute."""
    held, current = _hold_person(attendee, by=by, version=version)
    if not current.is_active:
        raise ValidationError(_("Chỉ thay được người đang giữ suất."), code="replaced")
    _set_status(current, Attendee.Status.REPLACED, by=by)
    substitute = Attendee(
        conference=held.conference, delegation=held, category=current.category, substitute_for=current, **person
    )
    _seated(substitute)
    journal.record("replace", substitute, by=by, conference=held.conference, changes={"for": [str(current), str(substitute)]})
    _touch(held, by=by, status=_status_after_person(held), **_head_without(held, current))
    return substitute


@transaction.atomic
def remove(attendee: Attendee, *, by: User | None, version: int | None = None) -> None:
    """Takes a person off the list who was nominated by mistake. A confirmed one is declined or replaced instead."""
    held, current = _hold_person(attendee, by=by, version=version)
    if current.status != Attendee.Status.NOMINATED:
        raise ValidationError(_("Chỉ xóa được người chờ xác nhận. Chọn Không tham dự hoặc Thay người."), code="confirmed")
    journal.record("remove", current, by=by, conference=held.conference)
    if (replaced := current.substitute_for) is not None:
        _set_status(replaced, Attendee.Status.NOMINATED, by=by)
    head = _head_without(held, current)
    current.delete()
    _touch(held, by=by, status=_status_after_person(held), **head)


# ── What the acts are made of ─────────────────────────────────────────────────────────────────────


def _hold(delegation: Delegation, *, by: User | None, version: int | None = None) -> Delegation:
    held = Delegation.objects.select_for_update(of=("self",)).select_related("conference").get(pk=delegation.pk)
    if by is not None and not held.is_open_to(by):
        raise ValidationError(_("Đã quá hạn trả lời. Gọi Ban Tổ chức để thay đổi."), code="closed")
    if version is not None and version != held.version:
        raise Stale(held)
    return held


def _hold_person(attendee: Attendee, *, by: User | None, version: int | None = None) -> tuple[Delegation, Attendee]:
    held = _hold(attendee.delegation, by=by)
    current = Attendee.objects.select_related("conference", "category", "substitute_for__conference").get(pk=attendee.pk)
    current.delegation = held
    if version is not None and version != current.version:
        raise Stale(current)
    return held, current


def _touch(held: Delegation, *, by: User | None, status: str, **fields: Any) -> None:
    """Writes the state of the answer under a new version."""
    after = {"status": status, **fields}
    changes = journal.differences({field: getattr(held, field) for field in after}, after)
    for field, value in after.items():
        setattr(held, field, value)
    held.version += 1
    if by is not None:
        held.answered_at, held.answered_by = timezone.now(), by
    held.save()
    if changes:
        journal.record("answer", held, by=by, conference=held.conference, changes=changes)


def _set_status(attendee: Attendee, status: str, *, by: User | None, reason: str = "") -> None:
    changes = {"status": [attendee.status, status]}
    attendee.status, attendee.decline_reason = status, reason
    attendee.version += 1
    attendee.save()
    journal.record("status", attendee, by=by, conference=attendee.conference, changes=changes)


def _seated(attendee: Attendee) -> Attendee:
    attendee.full_clean(exclude=("code", "badge_token"))
    attendee.save()
    return attendee


def _require_seat(held: Delegation, category: Category) -> None:
    quota = held.quotas.filter(category=category).first()
    taken = held.attendees.filter(category=category).active().count()
    if quota is None or taken >= quota.open_seats:
        sentence = _("Đã đủ số suất của thành phần này. Bớt một người, hoặc chọn thành phần khác.")
        raise ValidationError({"category": ValidationError(sentence, code="quota")})


def _status_after_person(held: Delegation) -> str:
    """A delegation closed as a whole stays closed while one person is exchanged; else it is being answered."""
    if held.status == Delegation.Status.CONFIRMED and held.attendees.active().exists():
        waiting = held.attendees.nominated().exists()
        return Delegation.Status.ANSWERING if waiting else Delegation.Status.CONFIRMED
    return Delegation.Status.ANSWERING


def _head_without(held: Delegation, leaving: Attendee) -> dict[str, None]:
    return {"head": None} if held.head_id == leaving.pk else {}


def _required(reason: str) -> str:
    reason = vietnamese.clean(reason)
    if not reason:
        raise ValidationError({"reason": ValidationError(_("Ghi lý do."), code="reason")})
    if len(reason) > 500:
        raise ValidationError({"reason": ValidationError(_("Lý do dài tối đa 500 ký tự."), code="reason")})
    return reason
