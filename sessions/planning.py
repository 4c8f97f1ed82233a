"""The acts of planning: a session is added, placed, moved; a part of a day is shifted, a day is copied.

Whoever plans, here or in the form of a session, holds the row of the conference before any session, so that
two organisers take turns: what one of them saw free is asked again before it is taken, and who saw an older
row is told instead of writing over the newer one.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from attendees.holding import Stale
from conference import journal, vietnamese, vietnamese_dates
from conference.models import Conference, User
from sessions import scheduling, snapshots
from sessions.models import BusyTime, Hall, Participation, Session, SignUp
from sessions.scheduling import Part, Place, Slot

LONGEST_SHIFT = 12 * 60
FIELDS = ("day", "starts", "ends", "hall")
OUTSIDE = frozenset({Session.Kind.RECEPTION, Session.Kind.SOCIAL, Session.Kind.OTHER})


Busy = tuple[datetime.datetime, datetime.datetime]
NOT_BUSY: Mapping[int, Sequence[Busy]] = MappingProxyType({})


class Time(NamedTuple):
    """Where a session stands: a day, two times of the wall clock, a hall or none."""

    day: datetime.date
    starts: datetime.time
    ends: datetime.time
    hall: Hall | None


# ── Reading ───────────────────────────────────────────────────────────────────────────────────────


def busy_times(conference: Conference) -> dict[int, list[Busy]]:
    """Key of an attendee → when that person said to be elsewhere. One query."""
    found: dict[int, list[Busy]] = defaultdict(list)
    for one in BusyTime.objects.filter(profile__attendee__conference=conference).select_related("profile"):
        begin, end = (datetime.datetime.combine(one.day, time) for time in (one.starts, one.ends))
        found[one.profile.attendee_id].append((begin, end))
    return found


def members(conference: Conference) -> dict[str, frozenset[int]]:
    """Code of a session → who has a place in it, by key of the attendee. One query."""
    found: dict[str, set[int]] = defaultdict(set)
    rows = SignUp.objects.of(conference).taken().active().order_by()
    for code, person in rows.values_list("code", "attendee_id"):
        found[code].add(person)
    return {code: frozenset(people) for code, people in found.items()}


def slot(
    session: Session, busy: Mapping[int, Sequence[Busy]] = NOT_BUSY, signed_up: frozenset[int] = frozenset()
) -> Slot:
    """One session with its hall and people read, the busy times of its people, and who signed up to it."""
    hall = session.hall
    return Slot(
        key=session.code,
        title=session.title,
        day=session.day,
        starts=session.starts,
        ends=session.ends,
        place=Place(hall.pk, hall.name, hall.capacity, hall.minutes_away) if hall else None,
        parts=tuple(_part(one, busy) for one in session.participations.all()),
        members=frozenset(signed_up),
        expected=session.expected,
        is_break=session.is_break,
        may_be_outside=session.kind in OUTSIDE,
    )


def _part(one: Participation, busy: Mapping[int, Sequence[Busy]]) -> Part:
    """A person on the list is that person; a name without one is the same wherever name and body are."""
    asked = one.role in Participation.ASKED and bool(one.full_name or one.attendee_id)
    if one.attendee_id:
        who: tuple[Any, ...] = ("attendee", one.attendee_id)
    elif one.full_name:
        who = ("name", vietnamese.fold(one.full_name), vietnamese.fold(one.organisation_name))
    else:
        who = ("body", vietnamese.fold(one.organisation_name))
    times = tuple(busy.get(one.attendee_id or 0, ()))
    return Part(who, str(one), who[0] != "body", one.answer if asked else "", times)


def findings(conference: Conference, sessions: Iterable[Session] | None = None) -> list[scheduling.Finding]:
    """What is wrong with the live plan; five queries, however long it is.

    `sessions`: all of them, where they have been read with their people already.
    """
    if sessions is None:
        sessions = conference.sessions.with_people().in_order()
    everybody, busy = conference.attendees.confirmed().count(), busy_times(conference)
    signed_up = members(conference)
    slots = (slot(one, busy, signed_up.get(one.code, frozenset())) for one in sessions)
    return scheduling.warnings(slots, conference.starts_on, conference.ends_on, everybody)


# ── Placing ───────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def place(
    session: Session, to: Time, *, by: User, version: int | None = None, knowing: Iterable[str] = ()
) -> Session:
    """Moves a session. `knowing`: codes of sessions that stand in the way and may be overlapped.

    Raises Stale when somebody changed the session since `version`, ValidationError (code "clash", with the
    codes in `params`) when the hall is taken by a session that is not in `knowing`, or when the times are no
    times. Where it stands already, nothing is written.
    """
    conference = hold(session.conference)
    current = _current(conference, session, version)
    before = {field: getattr(current, field) for field in FIELDS}
    after = to._asdict()
    if before == after:
        return current
    _require_times(to)
    require_room(current, to, knowing)
    for field, value in after.items():
        setattr(current, field, value)
    _write(current)
    _note("move", current, before, after, by)
    return current


@transaction.atomic
def add(conference: Conference, to: Time, *, by: User, knowing: Iterable[str] = (), **fields: Any) -> Session:
    """Puts a new session into the plan; `fields` of the model beside the time. Errors as `place`."""
    conference = hold(conference)
    _require_times(to)
    session = Session(conference=conference, **to._asdict(), **fields)
    session.code = session.code or new_code(conference, session.title)
    require_room(session, to, knowing)
    session.full_clean()
    session.save()
    journal.record("add", session, by=by, conference=conference, changes={"title": ["", session.title]})
    return session


@transaction.atomic
def shift(
    conference: Conference, day: datetime.date, after: datetime.time, minutes: int, *, by: User,
    hall: Hall | None = None,
) -> list[Session]:  # fmt: skip
    """Moves whatever begins on that day at `after` or later by so many minutes; in one hall, or in all.

    All or nothing: refused when one of them would leave its day.
    """
    conference = hold(conference)
    if not minutes or abs(minutes) > LONGEST_SHIFT:
        raise ValidationError({"minutes": _("Nhập số phút từ 1 đến 720; số âm thì dời sớm hơn.")})
    held = conference.sessions.select_for_update(no_key=True).filter(day=day, starts__gte=after)
    moved = list((held.filter(hall=hall) if hall else held).order_by("pk"))  # as `signing_up` does
    if not moved:
        raise ValidationError(_("Không có phiên nào bắt đầu từ giờ này. Chọn giờ khác."), code="nothing")
    delta = datetime.timedelta(minutes=minutes)
    for one in moved:
        begin = datetime.datetime.combine(day, one.starts) + delta
        end = datetime.datetime.combine(day, one.ends) + delta
        if begin.date() != day or end.date() != day:
            said = {"title": scheduling.short(one.title)}
            raise ValidationError(
                _("“%(title)s” sẽ sang ngày khác. Chọn số phút nhỏ hơn.") % said, code="day"
            )
        before = {"starts": one.starts, "ends": one.ends}
        one.starts, one.ends = begin.time(), end.time()
        _write(one)
        _note("move", one, before, {"starts": one.starts, "ends": one.ends}, by)
    return moved


@transaction.atomic
def copy_day(
    conference: Conference, source: datetime.date, target: datetime.date, *, by: User
) -> list[Session]:
    """The sessions of one day once more on another, with their halls and without their people."""
    conference = hold(conference)
    if source == target:
        raise ValidationError({"target": _("Chọn ngày khác với ngày chép từ.")})
    if conference.sessions.filter(day=target).exists():
        day = vietnamese_dates.short_date(target)
        raise ValidationError({"target": _("Ngày %(day)s đã có phiên. Chọn ngày còn trống.") % {"day": day}})
    made = []
    for one in conference.sessions.filter(day=source).in_order():
        copy = Session(
            conference=conference, kind=one.kind, title=one.title, day=target, starts=one.starts,
            ends=one.ends, hall_id=one.hall_id, expected=one.expected, note=one.note,
            code=new_code(conference, one.title),
        )  # fmt: skip
        copy.save()
        made.append(copy)
        journal.record("add", copy, by=by, conference=conference, changes={"title": ["", copy.title]})
    if not made:
        raise ValidationError({"source": _("Ngày này chưa có phiên nào để chép.")})
    return made


def new_code(conference: Conference, title: str) -> str:
    """A code for links and feeds, from the title: mot-so-diem-moi, then mot-so-diem-moi-2.

    Never one that was announced: people are signed up to it, and calendars know it, until a release says
    otherwise.
    """
    room = Session._meta.get_field("code").max_length or 40
    words = vietnamese.fold(title).split() or ["phien"]
    base = words[0][: room - 5]
    for word in words[1:]:
        if len(base) + len(word) + 1 > room - 5:
            break
        base = f"{base}-{word}"
    announced = snapshots.released(conference)
    taken = {entry.code for entry in (*announced.entries, *announced.cancelled)}
    taken.update(conference.sessions.filter(code__startswith=base).values_list("code", flat=True))
    number = 1
    while (code := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return code


# ── What an act is made of ────────────────────────────────────────────────────────────────────────


def hold(conference: Conference) -> Conference:
    """Before any session is. Not against rows that only point to it: the journal is written meanwhile."""
    return Conference.objects.select_for_update(of=("self",), no_key=True).get(pk=conference.pk)


def _current(conference: Conference, session: Session, version: int | None) -> Session:
    """The row as it is now, held: a form of the desk holds it too while it is saved."""
    rows = conference.sessions.select_for_update(of=("self",), no_key=True).select_related("hall")
    current = rows.filter(pk=session.pk).first()
    if current is None:
        raise ValidationError(_("Phiên này vừa bị xóa. Tải lại trang."), code="gone")
    current.conference = conference
    if version not in (None, current.version):
        raise Stale(current)
    return current


def _require_times(to: Time) -> None:
    if to.ends <= to.starts:
        sentence = _(
            "Giờ kết thúc phải sau giờ bắt đầu, trong cùng một ngày. Phiên qua nửa đêm thì tách làm hai."
        )
        raise ValidationError({"ends": ValidationError(sentence, code="order")})


def require_room(session: Session, to: Time, knowing: Iterable[str] = ()) -> None:
    """Refuses a hall that is taken at that time, of whoever holds the conference."""
    if to.hall is None:
        return
    held = session.conference.sessions.filter(hall=to.hall, day=to.day).exclude(pk=session.pk)
    here = Slot(session.code, session.title, to.day, to.starts, to.ends, Place(to.hall.pk, to.hall.name))
    in_the_way = scheduling.clashes(here, (slot(one) for one in held.with_people()))
    unknown = [one for one in in_the_way if one.key not in set(knowing)]
    if unknown:
        said = {
            "hall": to.hall.name,
            "others": "; ".join(f"“{one.short}” ({one.hours})" for one in unknown),
        }
        raise ValidationError(
            _("%(hall)s đã có phiên lúc đó: %(others)s. Chọn giờ hoặc hội trường khác, hoặc xếp chồng."),
            code="clash", params={**said, "codes": [str(one.key) for one in in_the_way]},
        )  # fmt: skip


def _write(session: Session) -> None:
    session.version = models.F("version") + 1
    session.save()
    session.refresh_from_db(fields=("version",))


def _note(act: str, session: Session, before: dict[str, Any], after: dict[str, Any], by: User) -> None:
    changes = journal.differences(before, after)
    journal.record(act, session, by=by, conference=session.conference, changes=changes)
