"""What attendees ask to have put right (law 91/2025/QH15), and what the organisers answer."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from attendees import answers, conflicts, privacy
from attendees.holding import gone, hold_alone
from attendees.models import Attendee, Correction
from conference import journal, vietnamese
from conference.guests import Guest
from conference.models import User

# What a person may ask to have changed about herself; the component and the code are the organisers'.
FIELDS = (
    "honorific", "full_name", "birth_year", "position", "rank", "organisation_name", "phone", "email",
)  # fmt: skip
MOST_WAITING = 5
WORKING_DAYS, SATURDAY = 2, 5
LONGEST_TEXT, LONGEST_REMARK = 1000, 500
State = Correction.State


@transaction.atomic
def ask(attendee: Attendee, wanted: dict[str, Any], text: str, *, by: Guest) -> Correction:
    """The person says what is wrong. `wanted`: field → what it should be. Sent twice it is one request."""
    current = _hold_asker(attendee, by)
    if current.status == Attendee.Status.REPLACED:
        raise ValidationError(_("Suất này đã thay người. Không còn thông tin để sửa."), code="replaced")
    if unknown := set(wanted) - set(FIELDS):
        raise TypeError(f"not to be asked for: {', '.join(sorted(unknown))}")
    wanted = {name: value for name, value in wanted.items() if value != getattr(current, name)}
    text = vietnamese.clean(text)[:LONGEST_TEXT]
    if not wanted and not text:
        sentence = _("Chưa có gì để sửa. Sửa ngay trong ô ghi sai, hoặc viết vào ô cuối.")
        raise ValidationError(sentence, code="empty")
    waiting = list(current.corrections.waiting())
    for known in waiting:
        if (known.wanted, known.text) == (wanted, text):
            return known
    if len(waiting) >= MOST_WAITING:
        sentence = _("Đã có %(n)s đề nghị chờ xử lý. Chờ Ban Tổ chức trả lời, hoặc gọi Ban Tổ chức.")
        raise ValidationError(sentence % {"n": len(waiting)}, code="many")
    made = Correction.objects.create(
        attendee=current, wanted=wanted, text=text, asked_at=attendee.conference.now()
    )
    changes = {name: [getattr(current, name), value] for name, value in wanted.items()}
    journal.record("ask_correction", made, by=by, conference=attendee.conference, changes=changes)
    return made


@transaction.atomic
def ask_erasure(attendee: Attendee, text: str, *, by: Guest) -> Correction:
    """The person wants everything erased. Asked again while it waits it is one request."""
    current = _hold_asker(attendee, by)
    known = current.corrections.waiting().filter(kind=Correction.Kind.ERASE).first()
    if known is not None:
        return known
    text = vietnamese.clean(text)[:LONGEST_TEXT]
    now = attendee.conference.now()
    made = Correction.objects.create(
        attendee=current, kind=Correction.Kind.ERASE, wanted={}, text=text, asked_at=now
    )
    journal.record("ask_erasure", made, by=by, conference=attendee.conference)
    return made


def due(correction: Correction) -> datetime.datetime:
    """Until when it is answered: two working days (decree 356/2025/NĐ-CP); Saturday and Sunday are none."""
    moment = correction.asked_at.astimezone(correction.attendee.conference.zone)
    left = WORKING_DAYS
    while left:
        moment += datetime.timedelta(days=1)
        left -= moment.weekday() < SATURDAY
    return moment


@transaction.atomic
def accept(correction: Correction, *, by: User, remark: str = "") -> bool:
    """Writes what was asked for. Returns False when somebody settled the request before."""
    current = _hold(correction, by)
    if current is None:
        return False
    if current.kind == Correction.Kind.ERASE:
        sentence = _("Xóa dữ liệu làm ở trang riêng: mở đề nghị, xem những gì xóa và giữ, rồi xóa.")
        raise ValidationError(sentence, code="erase")
    if current.wanted:
        answers.edit(current.attendee, by=by, **current.wanted)
    _settle(current, State.DONE, by=by, remark=remark)
    return True


@transaction.atomic
def refuse(correction: Correction, remark: str, *, by: User) -> bool:
    """Leaves everything as it is and says why. Returns False when somebody settled the request before."""
    if not vietnamese.clean(remark):
        raise ValidationError({"remark": _("Ghi trả lời cho đại biểu.")}, code="remark")
    current = _hold(correction, by)
    if current is None:
        return False
    _settle(current, State.REFUSED, by=by, remark=remark)
    return True


def lines(correction: Correction, *, masked: bool = False) -> list[conflicts.Row]:
    """What is asked for, field by field: as it is written now, and as it should be."""
    person = correction.attendee

    def words(name: str, value: Any) -> str:
        mask = privacy.MASKS.get(name) if masked else None
        return mask(value or "") if mask else conflicts.shown(name, value)

    return [
        conflicts.Row(
            label=str(Attendee._meta.get_field(name).verbose_name),  # type: ignore[union-attr]  # a column
            theirs=words(name, getattr(person, name)),
            mine=words(name, correction.wanted[name]),
        )
        for name in FIELDS
        if name in correction.wanted
    ]


def _hold_asker(attendee: Attendee, by: Guest) -> Attendee:
    if by.attendee_id != attendee.pk:
        raise PermissionDenied
    return hold_alone(attendee.pk)


def _hold(correction: Correction, by: User) -> Correction | None:
    rows = Correction.objects.select_for_update(of=("self",)).select_related("attendee__conference")
    current = rows.filter(pk=correction.pk).first()
    if current is None:
        raise gone()
    if not current.attendee.conference.is_run_by(by):
        raise PermissionDenied
    return current if current.state == State.WAITING else None


def _settle(current: Correction, state: str, *, by: User, remark: str) -> None:
    conference = current.attendee.conference
    current.state, current.remark = state, vietnamese.clean(remark)[:LONGEST_REMARK]
    current.settled_at, current.settled_by = conference.now(), by
    current.save()
    changes = {"state": [State.WAITING, state], "remark": ["", current.remark]}
    journal.record("settle_correction", current, by=by, conference=conference, changes=changes)
