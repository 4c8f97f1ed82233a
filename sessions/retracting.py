"""A presence reported by mistake: who pressed wrongly takes it back at once, organisers with a reason.

The report of a source goes, and the presence with its last report. What a phone scanned stays: the badge was
there. A figure that was frozen, and a certificate that was issued, stay too; their own acts change them.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from attendees.models import Attendee, Delegation
from conference import journal, vietnamese
from conference.kept_words import in_vietnamese
from conference.models import User
from conference.vietnamese_dates import clock
from sessions import attending, freezing
from sessions.attending import Answer
from sessions.models import Attendance, Report, Session, SignedSheet, Source

BY_ONE_PRESS = (Source.DESK, Source.HEAD)
FRESH = datetime.timedelta(minutes=15)


class Taken(NamedTuple):
    """What became of one act: which sources went, and which still say that the person is there."""

    person: Attendee
    sources: list[str]  # none: all was gone before
    rest: list[str]
    is_sheet_open: bool = False  # the sheet of the delegation was closed, and is to be counted again


def offered(answers: Iterable[Answer], session: Session, by: User) -> list[Answer]:
    """The same answers; what `by` may take back at the desk carries the id of the report: one question."""
    found = list(answers)
    here = [one.attendee for one in found if one.attendance]
    own = _own(session, by).filter(attendee__in=here)
    reports = dict(own.values_list("attendee", "pk")) if here else {}
    return [one._replace(report=reports.get(one.attendee.pk)) for one in found]


@transaction.atomic
def undo(report: int, session: Session, *, by: User) -> Taken:
    """Takes back what `by` wrote at the desk within the last quarter of an hour.

    `report` names one press: sent again it does not touch what was written anew meanwhile. Raises
    `ValidationError` where it is gone, older or of somebody else, `PermissionDenied` as `attending.record`.
    """
    if not attending.may_record(session.conference, by):
        raise PermissionDenied
    row = (
        _own(session, by)
        .filter(pk=report)
        .select_related("attendee__delegation", "attendee__substitute_for")
        .first()
    )
    done = _take_back(row.attendee, session, {row.pk}, "", by=by) if row else None
    if done is None or not done.sources:
        sentence = _("Không gỡ được: đã gỡ rồi, đã quá 15 phút, hoặc người khác ghi. Báo Ban Tổ chức.")
        raise ValidationError(sentence, code="gone")
    return done


@transaction.atomic
def retract(person: Attendee, session: Session, reports: Collection[int], reason: str, *, by: User) -> Taken:
    """Takes back these reports of a person in a session, whoever made them.

    None of them there any more: nothing is written. The delegation is held, as by who enters its sheet: it is
    closed with this signature or without. Raises `ValidationError` without a report or a reason,
    `PermissionDenied` for who does not run the conference, `ValueError` when person and session belong to
    two conferences.
    """
    if person.conference_id != session.conference_id:
        raise ValueError("The person belongs to another conference than the session.")
    if not session.conference.is_run_by(by):
        raise PermissionDenied
    reason = vietnamese.clean(reason)
    if not reports:
        raise ValidationError({"reports": _("Chọn nguồn đã ghi nhầm.")})
    if not reason:
        raise ValidationError({"reason": _("Ghi lý do.")})
    list(Delegation.objects.select_for_update(no_key=True).filter(pk=person.delegation_id).values_list("pk"))
    return _take_back(person, session, reports, reason, by=by)


def still_there(done: Taken) -> str:
    """Bà Phạm Thị Thanh Hà vẫn có mặt theo: Quét thẻ."""
    words = {"name": done.person.addressed, "sources": freezing.source_words(done.rest)}
    return _("%(name)s vẫn có mặt theo: %(sources)s.") % words


def stays(done: Taken) -> list[str]:
    """What else one press at the desk wrote, or another source, and is not undone: a sentence each."""
    person = done.person
    told = [still_there(done)] if done.rest else []
    if Source.HEAD in done.sources and (kits := person.delegation.arrivals.kits()):
        told.append(_("Số bộ tài liệu đã giao không đổi: đoàn đã nhận %(n)s bộ.") % {"n": kits})
    if person.is_walk_in and person.substitute_for:
        words = {"name": person.addressed, "other": person.substitute_for.addressed}
        told.append(_("%(name)s vẫn dự thay %(other)s. Thay nhầm thì báo Ban Tổ chức.") % words)
    elif person.is_walk_in:
        sentence = _("%s vẫn trong danh sách đoàn. Đăng ký nhầm thì báo Ban Tổ chức.")
        told.append(sentence % person.addressed)
    return told


def _own(session: Session, by: User) -> models.QuerySet[Report]:
    since = session.conference.now() - FRESH
    return session.reports.filter(recorded_by=by, source__in=BY_ONE_PRESS, at__gte=since).order_by()


def _take_back(
    person: Attendee, session: Session, reports: Collection[int], reason: str, *, by: User
) -> Taken:
    """The person is held against other desks, the presence against a scan that arrives: see `attending`."""
    attending.hold([person.pk])
    about = {"session": session, "attendee": person}
    presence = Attendance.objects.select_for_update().filter(**about).first()
    said = Report.objects.filter(**about).order_by("at", "pk")
    wrong = list(said.filter(pk__in=reports).exclude(source=Source.SCAN))
    if presence is None or not wrong:
        return Taken(person, [], [one.source for one in said])
    said.filter(pk__in=[one.pk for one in wrong]).delete()
    sources, rest = [one.source for one in wrong], list(said)
    if rest:
        first = rest[0]
        presence.at, presence.source, presence.recorded_by = first.at, first.source, first.recorded_by
        presence.save(update_fields=("at", "source", "recorded_by"))
    else:
        presence.delete()
    is_sheet_open = Source.PAPER in sources and _open_sheet(person, session)
    _write_down(person, session, wrong, reason, by=by)
    return Taken(person, sources, [one.source for one in rest], is_sheet_open)


def _open_sheet(person: Attendee, session: Session) -> bool:
    """The count of its signatures is right no more; False where it was not closed."""
    gone, _each = SignedSheet.objects.filter(session=session, delegation=person.delegation_id).delete()
    return bool(gone)


def _write_down(person: Attendee, session: Session, wrong: list[Report], reason: str, *, by: User) -> None:
    zone = session.conference.zone
    with in_vietnamese():
        words = [f"{one.get_source_display()} {clock(one.at.astimezone(zone))}" for one in wrong]
    changes: dict[str, list[object]] = {"session": [session.title, ""], "source": [", ".join(words), ""]}
    if reason:
        changes["reason"] = ["", reason]
    journal.record("retract", person, by=by, conference=session.conference, changes=changes)
