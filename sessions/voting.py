"""The acts of people about papers: which are open, one is given, one comes back. See `sessions.feedback`.

To be given a paper and to send it are two requests and two transactions. The first knows the person and
writes a slip; it makes the paper, and writes nothing of it. The second knows the paper only.
"""

from __future__ import annotations

import datetime
import hashlib
import secrets
import uuid
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from attendees.models import Attendee
from conference import moments
from conference.guests import Guest
from conference.models import Conference
from sessions import release, running, tallying, urn
from sessions.feedback import USUAL_DAYS, Paper
from sessions.models import Feedback, Session, Slip, TestAnswer, TestQuestion
from sessions.snapshots import Entry

ASKED_ABOUT = (Session.Kind.TOPIC, Session.Kind.TALK, Session.Kind.DISCUSSION)
# Speakers give people the last minutes for the papers.
LAST_MINUTES = datetime.timedelta(minutes=15)
SALT = "sessions.voting"
NONCE_BYTES = 20


# ── When ──────────────────────────────────────────────────────────────────────────────────────────


def last_day(conference: Conference) -> datetime.date:
    """Until the end of this day papers are taken. One query."""
    chosen = conference.feedback_settings.values_list("days_after", flat=True).first()
    return conference.ends_on + datetime.timedelta(days=USUAL_DAYS if chosen is None else chosen)


def closes_at(conference: Conference) -> datetime.datetime:
    """The first moment at which no paper is taken any more, in the conference's zone. One query."""
    after = last_day(conference) + datetime.timedelta(days=1)
    return datetime.datetime.combine(after, datetime.time(), conference.zone)


def is_over(conference: Conference) -> bool:
    return conference.now() >= closes_at(conference)


@dataclass(frozen=True)
class Window:
    """From when to when a paper can be had and sent; `opens` None: from the first release on."""

    opens: datetime.datetime | None
    closes: datetime.datetime

    def holds(self, at: datetime.datetime) -> bool:
        return (self.opens is None or self.opens <= at) and at < self.closes


def window(conference: Conference, kind: str, entry: Entry | None, end: datetime.datetime) -> Window:
    """Of one paper. `entry`: the session as released, None: the whole conference; `end`: `closes_at`."""
    if entry is None:
        last_day = datetime.datetime.combine(conference.ends_on, datetime.time(), conference.zone)
        return Window(last_day, end)
    starts = running.begins(entry).replace(tzinfo=conference.zone)
    if kind == Paper.BEFORE:
        return Window(None, starts)
    ends = running.ends(entry).replace(tzinfo=conference.zone)
    return Window(max(starts, ends - LAST_MINUTES), end)


# ── Which papers there are for a person ───────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Offer:
    """One paper as one person finds it on the own page."""

    kind: Paper
    session: Session | None
    entry: Entry | None
    window: Window
    is_given: bool
    at: datetime.datetime

    @property
    def state(self) -> str:
        """ "given", "early", "open" or "over"."""
        if self.is_given:
            return "given"
        if self.window.holds(self.at):
            return "open"
        return "over" if self.at >= self.window.closes else "early"

    @property
    def code(self) -> str:
        """The session in a form; "" for the whole conference."""
        return self.session.code if self.session else ""

    @property
    def title(self) -> str:
        return self.entry.headline if self.entry else _("Toàn hội nghị")

    @property
    def opens(self) -> str:
        return moments.moment(self.window.opens) if self.window.opens else ""


def offers(person: Attendee) -> list[Offer]:
    """Every paper, in the order of the programme, that of the whole conference last. Five queries."""
    conference = person.conference
    entries = [entry for entry in release.entries(conference) if entry.kind in ASKED_ABOUT]
    if not entries or conference.status == Conference.Status.DRAFT:  # a paper is a page that all can read
        return []
    codes = [entry.code for entry in entries]
    sessions = {one.code: one for one in conference.sessions.filter(code__in=codes)}
    asked = TestQuestion.objects.filter(session__conference=conference, session__kind=Session.Kind.TOPIC)
    tested = set(asked.values_list("session", flat=True))
    given = set(Slip.objects.given_to(person).values_list("session", "kind"))
    now, end = conference.now(), closes_at(conference)

    def offer(kind: Paper, session: Session | None, entry: Entry | None) -> Offer:
        is_given = (session and session.pk, kind) in given
        return Offer(kind, session, entry, window(conference, kind, entry, end), is_given, now)

    found = []
    for entry in entries:
        if (session := sessions.get(entry.code)) is not None:
            kinds = Paper if session.pk in tested else (Paper.FEEDBACK,)
            found += [offer(Paper(kind), session, entry) for kind in sorted(kinds, key=ORDER.index)]
    return [*found, offer(Paper.FEEDBACK, None, None)]


ORDER = (Paper.BEFORE, Paper.AFTER, Paper.FEEDBACK)


def by_state(found: list[Offer]) -> list[tuple[str, list[Offer]]]:
    """What can be done now comes first; groups without an offer are left out."""
    groups = ((state, [one for one in found if one.state == state]) for state in STATES)
    return [(state, group) for state, group in groups if group]


STATES = ("open", "early", "given", "over")


# ── A paper is given ──────────────────────────────────────────────────────────────────────────────


def give(person: Attendee, kind: str, code: str, *, by: Guest) -> str:
    """Writes down that the person has it, and returns the paper: a secret that is kept nowhere.

    Raises ValidationError with a sentence outside its time, and the second time. Not journalled.
    """
    if by.attendee_id != person.pk:
        raise PermissionDenied
    if person.status != Attendee.Status.CONFIRMED:
        raise ValidationError(_("Phiếu chỉ dành cho đại biểu đã xác nhận."), code="unconfirmed")
    offer = next((one for one in offers(person) if (one.kind, one.code) == (kind, code)), None)
    if offer is None:
        raise ValidationError(_("Không có phiếu này. Tải lại trang rồi chọn."), code="unknown")
    _require_open(offer)
    with transaction.atomic():
        if offer.session is not None and kind != Paper.FEEDBACK:
            Session.objects.select_for_update().get(pk=offer.session.pk)  # its questions stand from now on
        try:
            with transaction.atomic():
                Slip.objects.create(
                    attendee=person, session=offer.session, kind=kind, on=person.conference.today()
                )
        except IntegrityError as twice:
            raise ValidationError(_given(), code="given") from twice
    category = None if kind == Paper.FEEDBACK else _hidden_in(person)
    return seal(person.conference, kind, offer.session, category)


def _require_open(offer: Offer) -> None:
    sentences = {
        "given": _given(),
        "early": _("Phiếu này mở lúc %s.") % offer.opens,
        "over": _("Đã hết thời gian nhận phiếu này."),
    }
    if (sentence := sentences.get(offer.state)) is not None:
        raise ValidationError(sentence, code=offer.state)


def _given() -> str:
    return _("Ông/Bà đã nhận phiếu này. Mỗi người một phiếu; phiếu đã nhận không cấp lại được.")


def _hidden_in(person: Attendee) -> int | None:
    """The component to be kept with a test: one in which the person is one of at least K."""
    same = Attendee.objects.filter(
        conference=person.conference_id, category=person.category_id, status=Attendee.Status.CONFIRMED
    )
    return person.category_id if same.count() >= tallying.K else None


def seal(conference: Conference, kind: str, session: Session | None, category: int | None) -> str:
    """A paper: what it is about, 160 random bits, and the seal of the installation. No person, no moment."""
    about = (kind, session.pk if session else 0, category or 0, secrets.token_hex(NONCE_BYTES))
    return _signer(conference).sign("-".join(map(str, about)))


def _signer(conference: Conference) -> signing.Signer:
    return signing.Signer(sep=".", salt=f"{SALT}.{conference.pk}")


# ── A paper comes back ────────────────────────────────────────────────────────────────────────────


class Ballot(NamedTuple):
    """A paper that was given by this installation for this conference."""

    key: uuid.UUID
    conference: Conference
    kind: Paper
    session: Session | None
    category: int | None

    @property
    def is_sent(self) -> bool:
        kind = Feedback if self.kind == Paper.FEEDBACK else TestAnswer
        return bool(kind._default_manager.filter(pk=self.key).exists())

    @property
    def is_open(self) -> bool:
        """May it still be sent? The hours are those of the programme of today."""
        entry = None
        if self.session is not None:
            released = {one.code: one for one in release.entries(self.conference)}
            entry = released.get(self.session.code)
            if entry is None:  # cancelled since: what was given is taken till the end
                return not is_over(self.conference)
        end = closes_at(self.conference)
        return self.conference.now() < window(self.conference, self.kind, entry, end).closes

    def questions(self) -> list[TestQuestion]:
        return list(self.session.test_questions.in_order()) if self.session else []


def read(conference: Conference, paper: str) -> Ballot | None:
    """What a paper is about; None for what was never given out. The session is read, no person."""
    try:
        about = _signer(conference).unsign(paper)
        kind, session, category, _nonce = about.split("-")
        key = uuid.UUID(bytes=hashlib.sha256(about.encode()).digest()[:16])
    except (signing.BadSignature, ValueError):
        return None
    found = conference.sessions.filter(pk=session).first() if session != "0" else None
    if session != "0" and found is None:
        return None
    return Ballot(key, conference, Paper(kind), found, int(category) or None)


def send(ballot: Ballot, given: dict[str, Any]) -> None:
    """Keeps what the paper says: `given` are the fields of `Feedback`, or question → option of a test.

    Raises ValidationError when it is too late, or when it came back before. Not journalled.
    """
    if not ballot.is_open:
        raise ValidationError(_("Đã hết thời gian nhận phiếu này."), code="over")
    try:
        if ballot.kind == Paper.FEEDBACK:
            group: dict[str, Any] = {"conference": ballot.conference, "session": ballot.session}
            urn.put(Feedback(id=ballot.key, **group, **given), **group)
        else:
            group = {"session": ballot.session, "phase": ballot.kind, "category_id": ballot.category}
            urn.put(TestAnswer(id=ballot.key, **group, chosen=given), **group)
    except urn.Spent as twice:
        raise ValidationError(_("Phiếu này đã được gửi."), code="sent") from twice
