"""A delegation received in one go: its list as the desk reads it, who came, what they were given."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from itertools import islice
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendees import walking_in
from attendees.models import Attendee, Category, Delegation, counted
from attendees.naming import delegation_title
from conference import journal, vietnamese, vietnamese_dates
from conference.models import Conference, User
from sessions import attending
from sessions.attending import Answer, Kind
from sessions.models import Arrival, Attendance, Session

MOST_DELEGATIONS = 5


class Kits(NamedTuple):
    """What is handed out. `number` None: one for each who comes by this press."""

    number: int | None = None
    shown: int = 0  # how many the delegation had, on the screen
    taken_by: Attendee | None = None
    note: str = ""


class Received(NamedTuple):
    """What became of one press. `too_many`: somebody else has just handed out kits, these were not noted."""

    arrival: Arrival | None
    answers: list[Answer]
    too_many: bool = False

    @property
    def refused(self) -> list[Answer]:
        return [one for one in self.answers if one.kind in (Kind.REPLACED, Kind.WITHDRAWN)]


def find_delegations(conference: Conference, text: str) -> list[Delegation]:
    """Delegations whose name holds the text, with `nominated` people; at most a handful, in their order."""
    if not (words := " ".join(vietnamese.fold(text).split())):
        return []
    people = Attendee.objects.filter(delegation=models.OuterRef("pk")).active()
    rows = conference.delegations.select_related("unit").annotate(
        nominated=counted(people, "delegation", models.Count("pk"))
    )
    found = (one for one in rows if f" {words}" in f" {vietnamese.fold(one.name)}" or words == one.code)
    return list(islice(found, MOST_DELEGATIONS))


def listed(delegation: Delegation, session: Session) -> list[Answer]:
    """Everybody on a seat, in order, then who does not come. Who was replaced is told at the substitute."""
    people = delegation.attendees.exclude(status=Attendee.Status.REPLACED)
    rows = people.select_related("delegation", "category", "substitute_for").order_by("sort_key", "pk")
    seen = {one.attendee_id: one for one in session.attendances.filter(attendee__delegation=delegation)}
    answers = [attending.look(person, seen.get(person.pk)) for person in rows]
    return sorted(answers, key=lambda answer: answer.kind == Kind.WITHDRAWN)


@transaction.atomic
def receive(
    delegation: Delegation,
    codes: Collection[str],
    session: Session,
    kits: Kits,
    *,
    by: User,
    key: uuid.UUID,
) -> Received:
    """Writes down who came, by the rules of `attending.record`, and the kits. The first report counts.

    `key` names one filled form: sent again it changes nothing. The delegation is held, so that two desks act
    one after the other; kits that the second one counted by an old screen are not noted.
    Raises `ValidationError` when nothing was ticked and nothing given, `PermissionDenied` as `record` does.
    """
    if delegation.conference_id != session.conference_id or not attending.may_record(session.conference, by):
        raise PermissionDenied
    note = vietnamese.clean(kits.note)
    if not (codes or kits.number or note):
        raise ValidationError(_("Chưa chọn ai. Chọn người đã đến, hoặc ghi số bộ tài liệu."), code="empty")
    held = Delegation.objects.select_for_update(of=("self",)).select_related("unit").get(pk=delegation.pk)
    ticked = held.attendees.filter(code__in=codes)
    answers = attending.record_all(ticked, session, by=by, source=Attendance.Source.HEAD)
    came = [answer for answer in answers if answer.kind == Kind.WELCOME]
    known = Arrival.objects.filter(request_key=key).first()
    if known and known.delegation_id == held.pk and not came and kits.number in (None, known.kits):
        return Received(known, answers)
    too_many = bool(kits.number) and kits.shown != held.arrivals.kits()
    count = 0 if too_many else len(came) if kits.number is None else kits.number
    if not (came or count or note) or (known and not came and too_many):
        return Received(None, answers, too_many)
    arrival = Arrival(people=len(came), kits=count, note=note)
    arrival.request_key = uuid.uuid4() if known else key  # the form was filled anew after a step back
    _keep(arrival, held, session, kits.taken_by if count else None, by=by)
    return Received(arrival, answers, too_many)


def _keep(arrival: Arrival, held: Delegation, session: Session, taker: Attendee | None, *, by: User) -> None:
    arrival.delegation, arrival.session, arrival.recorded_by = held, session, by
    arrival.taken_by, arrival.taken_by_name = taker, str(taker or "")
    arrival.at = session.conference.now()
    arrival.save()
    changes: dict[str, list[Any]] = {
        "people": [0, arrival.people],
        "kits": [0, arrival.kits],
        "taken_by": ["", arrival.taken_by_name],
    }
    journal.record("receive", arrival, by=by, conference=session.conference, changes=changes)


@transaction.atomic
def walk_in(
    session: Session, delegation: Delegation, category: Category, *, by: User, **given: Any
) -> Answer:
    """Registers somebody who is not on the list and writes that they are there; `given` as for `register`."""
    person = walking_in.register(delegation, category, by=by, **given)
    return attending.record(person, session, by=by)


@transaction.atomic
def come_instead(attendee: Attendee, session: Session, *, by: User, **given: Any) -> Answer:
    """Puts another in the place of a person and writes that they are there; `given` as for `substitute`."""
    person = walking_in.substitute(attendee, by=by, **given)
    if session.attendances.filter(attendee=attendee).exists():
        raise ValidationError(_("Người này đã vào phiên rồi. Không ghi đi thay được."), code="present")
    return attending.record(person, session, by=by)


def sentence(arrival: Arrival) -> str:
    """Đã ghi nhận 5 người của Đoàn tỉnh Lâm Đồng lúc 07:42, 5 bộ tài liệu."""
    words = {
        "team": delegation_title(arrival.delegation),
        "time": vietnamese_dates.clock(arrival.at.astimezone(arrival.session.conference.zone)),
        "people": ngettext("%(n)s người", "%(n)s người", arrival.people) % {"n": arrival.people},
        "kits": ngettext("%(n)s bộ tài liệu", "%(n)s bộ tài liệu", arrival.kits) % {"n": arrival.kits},
    }
    if arrival.people and arrival.kits:
        return _("Đã ghi nhận %(people)s của %(team)s lúc %(time)s, %(kits)s.") % words
    if arrival.people:
        return _("Đã ghi nhận %(people)s của %(team)s lúc %(time)s.") % words
    if arrival.kits:
        return _("Đã giao %(kits)s cho %(team)s lúc %(time)s.") % words
    return _("Đã lưu ghi chú về %(team)s lúc %(time)s.") % words


def refusal(answer: Answer) -> str:
    """Why a person who was ticked is not written down."""
    if answer.kind == Kind.REPLACED:
        words = {"name": answer.attendee.addressed, "other": answer.holder.addressed if answer.holder else ""}
        if not answer.holder:
            return _("Chưa ghi nhận %(name)s: thẻ đã thay người. Thu thẻ này.") % words
        return _("Chưa ghi nhận %(name)s: đã thay bằng %(other)s. Thu thẻ cũ.") % words
    return _("Chưa ghi nhận %s: đã rút khỏi danh sách đoàn. Gọi Ban Tổ chức.") % answer.attendee.addressed


def no_seat(answer: Answer) -> str:
    """The same, said to the person: why they cannot check in themselves."""
    if answer.kind == Kind.REPLACED:
        return _("Thẻ này đã thay người, không điểm danh được nữa. Gặp bàn đón tiếp.")
    return _("Người mang thẻ này không còn trong danh sách đoàn. Gặp bàn đón tiếp.")


def missing(delegation: Delegation, session: Session) -> int:
    """How many people on a seat were not seen in the session yet."""
    seen = Attendance.objects.filter(session=session, attendee=models.OuterRef("pk"))
    return delegation.attendees.active().filter(~models.Exists(seen)).count()
