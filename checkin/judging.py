"""What the scans of the doors leave open, and what a person decides of it.

A question is one person in one session: let in by two doors (a clash), or seen going in and out too close to
tell. It names its scans. A decision is taken on exactly those, or refused: so nobody decides on scans that
they have not seen, whatever arrives meanwhile, and no lock is held.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from attendees.models import Attendee
from checkin import presence, taking
from checkin.decisions import Decision, sorted_ids
from checkin.models import Scan
from checkin.presence import Presence, Settled, State
from conference import journal, vietnamese
from conference.models import Conference, User
from sessions.models import Session

Place = tuple[int, int]  # session, person
STATES = {Decision.Outcome.IN: State.IN, Decision.Outcome.OUT: State.OUT}


@dataclass(frozen=True)
class Question:
    """What a person must decide of one badge in one session. `scans`: those in question, in their order."""

    session: Session
    attendee: Attendee
    is_clash: bool
    scans: tuple[Scan, ...]

    @property
    def seen(self) -> list[str]:
        """The scans by their ids: what a decision names."""
        return sorted_ids(str(one.pk) for one in self.scans)

    @property
    def outcomes(self) -> list[tuple[str, Any]]:
        """What can be decided, with the words for it."""
        wanted = Decision.ABOUT_CLASHES if self.is_clash else tuple(STATES)
        return [(one.value, one.label) for one in wanted]

    @property
    def key(self) -> str:
        """Where it stands on its page."""
        return f"{self.session.code}-{self.attendee.code}-{'two' if self.is_clash else 'where'}"


def questions(conference: Conference) -> tuple[Question, ...]:
    """Everything that is open, by session and then by person, in three queries."""
    rows = Scan.objects.filter(_at_two_doors(conference)).passed()
    scans = list(rows.select_related("device", "session", "attendee__delegation"))
    return _asked(scans, _derived(scans, conference))


def whereabouts(conference: Conference, sessions: Iterable[Session]) -> dict[int, dict[int, Presence]]:
    """Session → person → where the scans and the decisions say that the person is, in two queries."""
    rows = Scan.objects.filter(session__in=list(sessions)).passed()
    return _derived(list(rows.order_by()), conference)


def _at_two_doors(conference: Conference) -> Q:
    """Only who was seen at two doors of one session can raise a question."""
    rows = Scan.objects.filter(session__conference=conference).passed().order_by()
    pairs = rows.values("session", "attendee").annotate(doors=Count("device", distinct=True))
    places: list[Place] = list(pairs.filter(doors__gt=1).values_list("session", "attendee"))
    return Q(session__in={one[0] for one in places}, attendee__in={one[1] for one in places})


def _derived(scans: Iterable[Scan], conference: Conference) -> dict[int, dict[int, Presence]]:
    of_session: dict[int, list[Scan]] = defaultdict(list)
    for one in scans:
        of_session[one.session_id].append(one)
    settled = settled_in(conference)
    return {
        session: presence.derive(map(taking.seen, rows), settled.get(session, ()))
        for session, rows in of_session.items()
    }


def settled_in(conference: Conference) -> dict[int, list[Settled]]:
    """Session → what was decided there and stands, the oldest first."""
    found: dict[int, list[Settled]] = defaultdict(list)
    known = Decision.objects.filter(session__conference=conference, attendee__isnull=False)
    rows = known.in_force().in_turn()
    for session, person, scans, outcome in rows.values_list("session", "attendee", "scans", "outcome"):
        state = STATES.get(Decision.Outcome(outcome))
        found[session].append(Settled(person, frozenset(scans), state))
    return found


def _asked(scans: list[Scan], present: dict[int, dict[int, Presence]]) -> tuple[Question, ...]:
    by_id = {str(one.pk): one for one in scans}
    found = []
    for people in present.values():
        for one in people.values():
            for pairs, is_clash in ((one.clashes, True), (one.undecided, False)):
                if pairs:
                    concerned = sorted({scan for pair in pairs for scan in pair})
                    rows = tuple(by_id[scan.id] for scan in concerned)
                    found.append(Question(rows[0].session, _known(rows[0]), is_clash, rows))
    return tuple(sorted(found, key=_order))


def _order(one: Question) -> tuple[Any, ...]:
    return one.session.day, one.session.starts, one.session.pk, one.attendee.sort_key, one.is_clash


def _known(scan: Scan) -> Attendee:
    if scan.attendee is None:
        raise ValueError("Nobody was recognised.")
    return scan.attendee


@transaction.atomic
def decide(
    conference: Conference,
    seen: Iterable[str],
    outcome: str,
    *,
    by: User,
    note: str = "",
) -> Decision:
    """Keeps what an organiser says of the question with exactly these scans.

    Raises `PermissionDenied` for whoever does not run the conference, and `ValidationError` (code "stale")
    where no open question has these scans: something came meanwhile, or somebody else has decided.
    """
    if not conference.is_run_by(by):
        raise PermissionDenied
    wanted = sorted_ids(seen)
    open_now = (one for one in questions(conference) if one.seen == wanted)
    asked = next((one for one in open_now if outcome in dict(one.outcomes)), None)
    if asked is None:
        raise ValidationError(_stale(), code="stale")
    made = Decision(
        session=asked.session, attendee=asked.attendee, scans=wanted, outcome=outcome,
        question=_name_of(asked), note=vietnamese.clean(note)[:300], by=by, at=conference.now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:  # another organiser pressed in the same moment
        raise ValidationError(_stale(), code="stale") from error
    changes: dict[str, list[Any]] = {"outcome": ["", _words(made)], "note": ["", made.note]}
    journal.record("decide", made, by=by, conference=conference, changes=changes, about=asked.attendee)
    return made


@transaction.atomic
def revise(decision: Decision, outcome: str, reason: str, *, by: User) -> Decision:
    """Decides anew what was decided wrongly: the new decision replaces this one, which stays to be read.

    Raises `PermissionDenied` for whoever does not run the conference, and `ValidationError`: without a
    reason (at `note`), with an outcome that is no other answer to the question (at `outcome`), and with code
    "stale" where another decision has replaced this one.
    """
    conference, reason = decision.session.conference, vietnamese.clean(reason)[:300]
    if not conference.is_run_by(by):
        raise PermissionDenied
    if not reason:
        raise ValidationError({"note": _("Ghi lý do.")})
    if outcome not in dict(decision.alternatives):
        raise ValidationError({"outcome": _("Chọn một quyết định khác.")})
    made = Decision(
        session=decision.session, attendee=decision.attendee, scans=decision.scans, outcome=outcome,
        question=decision.question, replaces=decision, note=reason, by=by, at=conference.now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        sentence = _("Quyết định này đã được thay. Xem quyết định mới rồi chọn lại.")
        raise ValidationError(sentence, code="stale") from error
    changes: dict[str, list[Any]] = {
        "outcome": [_words(decision), _words(made)],
        "reason": ["", reason],
    }
    journal.record("decide", made, by=by, conference=conference, changes=changes, about=made.attendee)
    return made


def _name_of(asked: Question) -> str:
    kind = "clash" if asked.is_clash else "state"
    return hashlib.sha256(" ".join([kind, *asked.seen]).encode()).hexdigest()


def _words(decision: Decision) -> Any:
    """What was decided, in a language that the journal chooses."""
    return Decision.Outcome(decision.outcome).label


def _stale() -> str:
    return _("Vừa có lượt quét mới hoặc người khác đã quyết định. Xem lại rồi chọn lại.")
