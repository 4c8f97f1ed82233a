"""Signed sheets entered afterwards: by ticks as on the paper, or by the codes of their rows.

What the paper says is kept as what the paper says, also of people who were seen at the door (`Report`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendees.models import Attendee, AttendeeQuerySet, Delegation
from attendees.naming import delegation_title
from conference import journal, vietnamese_dates
from conference.models import Conference, User
from sessions import attending, receiving, sheet_codes
from sessions.attending import Answer, Kind
from sessions.models import Report, Session, SignedSheet, Source

MOST_ROWS = 500  # codes entered by one press


class Line(NamedTuple):
    """One person on the list of a sheet, and what each source says: source → its report."""

    person: Attendee
    said: dict[str, Report]

    @property
    def is_signed(self) -> bool:
        return Source.PAPER in self.said

    @property
    def is_online(self) -> bool:
        return Source.ONLINE in self.said


class Count(NamedTuple):
    """A delegation in the list of sheets. `sheet`: how it was entered to its end; None where it was not."""

    delegation: Delegation
    expected: int
    signed: int
    sheet: SignedSheet | None

    @property
    def is_changed(self) -> bool:
        """Were signatures entered after the sheet was closed?"""
        return self.sheet is not None and self.sheet.signatures != self.signed


class Entered(NamedTuple):
    """What became of one code that was entered. `kind`: ok, again, sheet or err."""

    text: str
    kind: str
    sentence: str
    delegation: Delegation | None = None  # whose sheet it is, for the code of a sheet
    session: Session | None = None


def expected(session: Session) -> AttendeeQuerySet:
    """Who takes a seat; of a session to which people sign up, who has a place in it."""
    people = Attendee.objects.filter(conference=session.conference_id).active()
    if session.sign_up:
        people = people.filter(sign_ups__code=session.code, sign_ups__state="taken")
    return people


def listed(delegation: Delegation, session: Session) -> list[Line]:
    """Who is expected, and whoever else something was said of, in the order of the paper."""
    said: dict[int, dict[str, Report]] = defaultdict(dict)
    for report in session.reports.filter(attendee__delegation=delegation).select_related("recorded_by"):
        said[report.attendee_id][report.source] = report
    wanted = models.Q(pk__in=expected(session).values("pk")) | models.Q(pk__in=said)
    people = delegation.attendees.filter(wanted).select_related("substitute_for")
    return [Line(one, said.get(one.pk, {})) for one in people.order_by("sort_key", "pk")]


def counts(session: Session) -> list[Count]:
    """Every delegation that is expected or has signed, in order: four questions for any number."""
    seats = _by_delegation(expected(session), "delegation")
    signatures = _by_delegation(session.reports.filter(source=Source.PAPER), "attendee__delegation")
    sheets = {one.delegation_id: one for one in session.signed_sheets.select_related("entered_by")}
    there = seats.keys() | signatures.keys() | sheets.keys()
    rows = Delegation.objects.filter(pk__in=there).select_related("unit").order_by("position", "code")
    return [Count(one, seats.get(one.pk, 0), signatures.get(one.pk, 0), sheets.get(one.pk)) for one in rows]


def _by_delegation(rows: models.QuerySet[models.Model], path: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(path).annotate(n=models.Count("pk")).values_list(path, "n"))


@transaction.atomic
def enter(
    delegation: Delegation,
    codes: Collection[str],
    session: Session,
    *,
    by: User,
    source: str = Source.PAPER,
    counted: int | None = None,
) -> list[Answer]:
    """Writes down who signed, or attends online, by the rules of `attending.record`.

    `counted`: how many signatures somebody counted on the paper; then the sheet is entered to its end, and
    the number must be that of the signatures known. The delegation is held: two desks act in turn.
    Raises `ValidationError` with nothing written, `PermissionDenied` as `record` does, and for people online
    to everybody who does not run the conference.
    """
    if delegation.conference_id != session.conference_id or not attending.may_record(session.conference, by):
        raise PermissionDenied
    if source == Source.ONLINE and not session.conference.is_run_by(by):
        raise PermissionDenied
    if not codes and counted is None:
        raise ValidationError(_("Chưa chọn ai. Chọn người đã ký trên giấy."), code="empty")
    held = Delegation.objects.select_for_update(of=("self",)).select_related("unit").get(pk=delegation.pk)
    ticked = list(held.attendees.filter(code__in=codes))
    answers = attending.record_all(ticked, session, by=by, source=source)
    changes: dict[str, list[object]] = {
        "session": ["", session.title],
        "source": ["", str(Source(source).label)],
        "people": [0, sum(one.attendance is not None for one in answers)],
    }
    if counted is not None:
        changes["signatures"] = _close(held, session, counted, by=by)
    journal.record("enter_sheet", held, by=by, conference=session.conference, changes=changes)
    return answers


def _close(delegation: Delegation, session: Session, counted: int, *, by: User) -> list[object]:
    """The sheet is entered to its end; gives the number before and now."""
    known = session.reports.filter(source=Source.PAPER, attendee__delegation=delegation).count()
    if known != counted:
        words = {"counted": counted, "known": known}
        sentence = _(
            "Trên giấy đếm được %(counted)s chữ ký, nhưng có %(known)s người được đánh dấu đã ký. "
            "Đối chiếu từng dòng; người ký ở dòng trống thì đăng ký trước."
        )
        raise ValidationError({"counted": ValidationError(sentence, code="differs", params=words)})
    now = session.conference.now()
    known_as = SignedSheet.objects.filter(session=session, delegation=delegation).first()
    before = known_as.signatures if known_as else None
    SignedSheet.objects.update_or_create(
        session=session,
        delegation=delegation,
        defaults={"signatures": counted, "at": now, "entered_by": by},
    )
    return [before, counted]


def enter_rows(conference: Conference, texts: Iterable[str], *, by: User) -> list[Entered]:
    """Writes down the signatures of rows by their codes: an answer for each text, in their order.

    A code says itself of which session it is. Raises `PermissionDenied` as `record` does.
    """
    if not attending.may_record(conference, by):
        raise PermissionDenied
    texts = list(texts)
    read: dict[str, sheet_codes.Row] = {}
    answers: dict[str, Entered] = {}
    for text in texts:
        try:
            read[text] = sheet_codes.read(text)
        except ValueError as error:
            answers[text] = Entered(text, "err", str(error))
    sessions = conference.sessions.in_bulk({one.session for one in read.values()})
    by_session: dict[int, list[str]] = defaultdict(list)
    for text, row in read.items():
        by_session[row.session].append(text)
    for pk, told in sorted(by_session.items()):
        if (session := sessions.get(pk)) is None:
            unknown = _("Tờ ký này thuộc hội nghị khác, hoặc phiên đã bị xóa.")
            answers |= {text: Entered(text, "err", unknown) for text in told}
        else:
            rows = {text: read[text] for text in told}
            answers |= _people(session, rows, by=by) | _sheets(session, rows)
    return [answers[text] for text in texts]


@transaction.atomic
def _people(session: Session, rows: dict[str, sheet_codes.Row], *, by: User) -> dict[str, Entered]:
    """The rows of people, at one session."""
    wanted = {row.person for row in rows.values() if row.person}
    if not wanted:
        return {}
    known = session.reports.filter(source=Source.PAPER, attendee__code__in=wanted)
    before = dict(known.values_list("attendee__code", "at"))
    people = session.conference.attendees.filter(code__in=wanted)
    answers = attending.record_all(people, session, by=by, source=Source.PAPER)
    told = {one.attendee.code: one for one in answers}
    return {
        text: _entered(text, session, told.get(row.person), before.get(row.person))
        for text, row in rows.items()
        if row.person
    }


def _entered(text: str, session: Session, answer: Answer | None, before: object) -> Entered:
    if answer is None:
        return Entered(text, "err", _("Không còn người mang mã này trong hội nghị. Ghi tay ở tờ của đoàn."))
    if answer.kind in (Kind.REPLACED, Kind.WITHDRAWN):
        return Entered(text, "err", receiving.refusal(answer))
    person = answer.attendee
    words = {"name": person.addressed, "team": person.delegation.name}
    if before is not None:
        return Entered(
            text, "again", _("%(name)s, %(team)s: chữ ký đã ghi từ trước.") % words, session=session
        )
    return Entered(text, "ok", _("%(name)s, %(team)s: đã ghi chữ ký.") % words, session=session)


def _sheets(session: Session, rows: dict[str, sheet_codes.Row]) -> dict[str, Entered]:
    """The codes of whole sheets: they lead to the list of the delegation."""
    wanted = {row.delegation for row in rows.values() if row.delegation}
    if not wanted:
        return {}
    found = Delegation.objects.filter(conference=session.conference_id).select_related("unit").in_bulk(wanted)
    told = {}
    for text, row in rows.items():
        if row.delegation and (team := found.get(row.delegation)):
            sentence = _("Tờ ký của %s. Mở để đánh dấu từng dòng.") % delegation_title(team)
            told[text] = Entered(text, "sheet", sentence, team, session)
        elif row.delegation:
            told[text] = Entered(text, "err", _("Tờ ký này của một đoàn không còn trong hội nghị."))
    return told


def sentence(answers: Collection[Answer], source: str) -> str:
    """Đã ghi 5 chữ ký."""
    number = sum(one.attendance is not None for one in answers)
    if source == Source.ONLINE:
        return ngettext(
            "Đã ghi %(n)s người dự trực tuyến.", "Đã ghi %(n)s người dự trực tuyến.", number
        ) % {"n": number}  # fmt: skip
    return ngettext("Đã ghi %(n)s chữ ký.", "Đã ghi %(n)s chữ ký.", number) % {"n": number}


def closed(sheet: SignedSheet) -> str:
    """Đã nhập xong lúc 14:20, thứ Năm, 06/6/2024: 5 chữ ký."""
    at = sheet.at.astimezone(sheet.session.conference.zone)
    words = {"at": vietnamese_dates.clock(at), "day": vietnamese_dates.weekday_date(at.date())}
    return _("Tờ đã nhập xong lúc %(at)s, %(day)s: %(n)s chữ ký.") % {**words, "n": sheet.signatures}
