"""The acts of signing up: a place is taken, given up, passed on to who waited for it.

The rules, which stand here and nowhere else:

- At one time a person takes one place and waits for one more at most. Who takes a place and wants another at
  the same time moves (`move`): the old one is given up only when the new one is got, in the same transaction.
- Who signs up where all places are taken stands in the queue. Who waits keeps the place taken elsewhere at
  that time; when the turn comes, the new place is taken and the old one passed on to its own queue. Every
  promotion ends one wait, and nobody starts one by it, so that the chain ends.
- A place is held by people who still come. Whoever is declined or replaced loses it at the next act here, or
  within a moment by `sessions.sweeping`; a substitute signs up anew, as who waits was there before.
- Who has a part in another session at that time, as released, cannot take a place or wait for one.
- Organisers sign up anybody at any time, also beyond the number of places, with a reason. Everybody else
  until the last moment of the session; a place is given up until the session begins.

An act holds the rows of all sessions that run beside its own, in the order of their keys, and no row of a
person: whoever acts on one time slot comes one after another, so that places are counted, queues move and
people move between sessions without a race, and two who swap never wait for each other in a circle. Whoever
plans holds the conference first, then sessions in the same order. Somebody who is just being removed from the
list takes the own rows along without holding a session: nobody waits for such a row, the person is passed
over, and the sweeper looks again. On SQLite writers come one after another anyway.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendees.holding import Stale
from attendees.models import Attendee
from conference import journal, moments, vietnamese
from conference.guests import Guest
from conference.journal import Actor
from conference.models import Conference
from mailing.errors import MailError
from sessions import comparing, offers, passing_on, scheduling, snapshots
from sessions.comparing import Diff
from sessions.models import Session, SignUp
from sessions.offers import Offer
from sessions.passing_on import Passed
from sessions.signups import SignUpQuerySet
from sessions.snapshots import Entry

LONGEST_REASON = 500
NO_SEAT = gettext_lazy("Người này không còn giữ suất ở hội nghị nên không đăng ký phiên được.")
State = SignUp.State
_log = logging.getLogger(__name__)


class Moved(NamedTuple):
    """What an act made of a person: the row, and the titles of what was given up for it."""

    row: SignUp
    left: list[str]


@transaction.atomic
def sign_up(
    person: Attendee, code: str, *, by: Actor | None, move: bool = False, seen: str | None = None,
    beyond: str = "",
) -> Moved:  # fmt: skip
    """Takes a place in the session for the person, or stands in the queue where none is left.

    What stands already stays as it is. `move`: what the person has at the same time is given up for it.
    `seen`: `standing` as the page showed it; `Stale` when it is another by now. `beyond`: why a place more
    than there are is given, by organisers. Raises `PermissionDenied`, and `ValidationError` with a sentence:
    codes "gone", "replaced", "closed", "part", "overlap" (with the title of the other session in `params`).
    """
    slot = _Slot(person.conference, code)
    current = _current(slot, person, by)
    offer = slot.offer(code)
    slot.pass_on()
    mine = slot.of(current)
    _require_seen(current, mine, seen)
    known, beyond = mine.get(code), _reason(slot.conference, beyond, by)
    if known is not None and not (beyond and known.state == State.WAITING):
        return Moved(known, [])
    _require_open(offer, by, beyond)
    slot.require_no_part(current, offer.entry)
    state = State.TAKEN if beyond or slot.left(code) else State.WAITING
    other = [row for row in mine.values() if row.state == state and slot.overlap(row.code, code)]
    if other and not move:
        raise _overlap(slot, other[0])
    if known is not None:
        known.delete()
    left = [slot.take_off(row, "give_up", by) for row in other]
    made = slot.put_on(current, code, state, by, beyond)
    slot.pass_on()
    return Moved(made, left)


@transaction.atomic
def give_up(person: Attendee, *codes: str, by: Actor | None, seen: str | None = None) -> list[str]:
    """Gives up places and waits in one time slot; the next in the queue moves up. The titles of what it was.

    What is given up already is no error. `seen` and errors: as in `sign_up`.
    """
    slot = _Slot(person.conference, codes[0])
    current = _current(slot, person, by, even_gone=True)
    mine = slot.of(current)
    _require_seen(current, mine, seen)
    rows = [mine[code] for code in codes if code in mine]
    for row in rows:
        slot.require_not_begun(row.code, by)
    left = [slot.take_off(row, "give_up", by) for row in rows]
    slot.pass_on()
    return left


@transaction.atomic
def settle(conference: Conference, code: str) -> int:
    """Clears away who does not come any more and passes free places on; how many moved up."""
    return _Slot(conference, code).pass_on()


def free_cancelled(conference: Conference, diff: Diff, *, by: Actor | None) -> int:
    """After a release: sessions that are no more hold nobody. How many were signed up. In its transaction."""
    gone = {change.entry.code: change.entry.title for change in diff.of(comparing.Kind.CANCELLED)}
    rows = list(SignUp.objects.of(conference).filter(code__in=gone).select_related("attendee"))
    journal.record_all(
        journal.entry(
            "give_up", row, by=by, conference=conference,
            changes={"session": [gone[row.code], ""], "reason": ["", "Phiên bị hủy"]},
        )
        for row in rows
    )  # fmt: skip
    SignUp.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def standing(rows: Sequence[SignUp]) -> str:
    """What a person has in one time slot, to be sent back by a form."""
    return " ".join(sorted(f"{row.code}:{row.state}" for row in rows))


# ── What an act is made of ────────────────────────────────────────────────────────────────────────


class _Slot:
    """The sessions beside one, held until the transaction ends."""

    def __init__(self, conference: Conference, code: str) -> None:
        self.conference = conference
        self.released = snapshots.released(conference).entries
        known = offers.known_codes(conference) | {code}
        entries = [one for one in self.released if one.code in known]
        self.codes = offers.beside(code, entries)
        self.entries: dict[str, Entry] = {one.code: one for one in entries if one.code in self.codes}
        self.sessions = {one.code: one for one in _hold(conference, self.codes)}
        self.leaving: set[int] = set()  # keys of people who are just being removed
        gone = SignUp.objects.of(conference, *self.codes).exclude(attendee__status__in=Attendee.ACTIVE)
        for row in _unless_held(gone.select_related("attendee")):
            self.take_off(row, "lose_place", None)

    def offer(self, code: str) -> Offer:
        entry, session = self.entries.get(code), self.sessions.get(code)
        if entry is None or session is None:
            raise ValidationError(
                _("Phiên này không còn trong chương trình. Chọn phiên khác."), code="gone"
            )  # fmt: skip
        return Offer(entry, session)

    def of(self, person: Attendee) -> dict[str, SignUp]:
        """What the person has here, by session; ours until the end. Refused for who is just being removed."""
        rows = SignUp.objects.filter(attendee=person, code__in=self.codes)
        known, held = rows.count(), {row.code: row for row in _unless_held(rows)}
        if len(held) < known:
            raise ValidationError(NO_SEAT, code="replaced")
        return held

    def title(self, code: str) -> str:
        known: Entry | Session | None = self.entries.get(code) or self.sessions.get(code)
        return scheduling.short(known.title) if known else code

    def overlap(self, one: str, other: str) -> bool:
        first, second = self.entries.get(one), self.entries.get(other)
        return first is not None and second is not None and comparing.overlap(first, second)

    def left(self, code: str) -> int:
        """Places that nobody takes."""
        taken = SignUp.objects.of(self.conference, code).taken().active().count()
        return max(self.offer(code).capacity - taken, 0)

    def require_not_begun(self, code: str, by: Actor | None) -> None:
        if by is None or self.conference.is_run_by(by) or not self._is_known(code):
            return
        if self.offer(code).has_begun:
            raise ValidationError(_("Phiên đã bắt đầu. Gọi Ban Tổ chức để thay đổi."), code="closed")

    def require_no_part(self, person: Attendee, wanted: Entry) -> None:
        """Who speaks or takes the chair somewhere else at that time cannot sit here."""
        for entry in self.released:
            has_part = any(part.attendee == person.code for part in entry.people)
            if has_part and entry.code != wanted.code and comparing.overlap(entry, wanted):
                said = {"title": scheduling.short(entry.title), "hours": entry.hours}
                sentence = _("Người này có phần tham gia ở “%(title)s” (%(hours)s), trùng giờ với phiên này.")
                raise ValidationError(sentence % said, code="part")

    def _is_known(self, code: str) -> bool:
        return code in self.entries and code in self.sessions

    # ── Writing ──

    def put_on(self, person: Attendee, code: str, state: str, by: Actor | None, reason: str) -> SignUp:
        row = SignUp.objects.create(
            attendee=person, code=code, state=state, made_at=self.conference.now(), made_by=str(by or "")
        )
        changes: dict[str, list[Any]] = {"session": ["", self.title(code)], "state": ["", state]}
        if reason:
            changes["reason"] = ["", reason]
        journal.record("sign_up", row, by=by, conference=self.conference, changes=changes)
        return row

    def take_off(self, row: SignUp, act: str, by: Actor | None) -> str:
        title = self.title(row.code)
        changes = {"session": [title, ""], "state": [row.state, ""]}
        journal.record(act, row, by=by, conference=self.conference, changes=changes)
        row.delete()
        return title

    def pass_on(self) -> int:
        """Gives free places to who waits longest, until none is left or nobody waits. How many moved up."""
        passed: list[Passed] = []
        while (row := self._next()) is not None:
            try:
                taken = [one for one in self.of(row.attendee).values() if one.state == State.TAKEN]
            except ValidationError:
                self.leaving.add(row.attendee_id)
                continue
            left = [
                self.take_off(one, "give_up", None) for one in taken if self.overlap(one.code, row.code)
            ]  # fmt: skip
            row.state = State.TAKEN
            row.save(update_fields=("state",))
            told: list[Any] = ["", self.title(row.code)]
            changes = {"session": told, "state": [State.WAITING, State.TAKEN]}
            journal.record("move_up", row, by=None, conference=self.conference, changes=changes)
            passed.append(Passed(row, self.entries[row.code], left))
        if passed:
            self._tell(passed)
        return len(passed)

    def _next(self) -> SignUp | None:
        """Who is to get a place now: of the first session that has one and a queue, the first in it."""
        rows = SignUp.objects.of(self.conference, *self.codes).waiting().active()
        rows = rows.exclude(attendee__in=self.leaving)
        for code in sorted(set(rows.order_by().values_list("code", flat=True))):
            if self._is_known(code) and not self.offer(code).has_begun and self.left(code):
                queue = rows.filter(code=code).select_related("attendee__delegation").in_turn()
                first = _unless_held(queue).first()
                if first is not None:
                    first.attendee.conference = self.conference
                    return first
        return None

    def _tell(self, passed: list[Passed]) -> None:
        """A queue is not held up by the letters about it."""
        try:
            with transaction.atomic():
                passing_on.draft(self.conference, passed)
        except MailError as refused:
            _log.warning("No letter was written about %s places: %s", len(passed), refused)


def _hold(conference: Conference, codes: Sequence[str]) -> list[Session]:
    """Against whoever signs up or plans, not against rows that only point to a session."""
    rows = Session.objects.select_for_update(of=("self",), no_key=True).select_related("hall")
    held = list(rows.filter(conference=conference, code__in=codes).order_by("pk"))
    for one in held:
        one.conference = conference
    return held


def _unless_held(rows: SignUpQuerySet) -> SignUpQuerySet:
    """Those of the rows that nobody else is just deleting; ours until the end of the transaction."""
    if not connection.features.has_select_for_update_skip_locked:
        return rows
    return rows.select_for_update(of=("self",), skip_locked=True)


def _current(slot: _Slot, person: Attendee, by: Actor | None, *, even_gone: bool = False) -> Attendee:
    """The person as known now, for somebody who may act."""
    rows = Attendee.objects.select_related("delegation__conference", "conference")
    current = rows.filter(pk=person.pk, conference=slot.conference).first()
    if current is None or not (current.is_active or even_gone):
        raise ValidationError(NO_SEAT, code="replaced")
    is_own = isinstance(by, Guest) and by.attendee_id == current.pk
    if by is not None and not is_own and not current.delegation.is_answered_by(by):
        raise PermissionDenied
    return current


def _require_seen(person: Attendee, mine: dict[str, SignUp], seen: str | None) -> None:
    if seen is not None and seen != standing(list(mine.values())):
        raise Stale(person)


def _require_open(offer: Offer, by: Actor | None, beyond: str) -> None:
    if by is None or offer.session.conference.is_run_by(by):
        if not offer.capacity and not beyond:
            raise ValidationError(_("Phiên này chưa mở đăng ký, hoặc chưa có số chỗ."), code="closed")
    elif not offer.capacity:
        raise ValidationError(_("Phiên này không nhận đăng ký."), code="closed")
    elif not offer.is_open:
        until = moments.moment(offer.closes_at)
        raise ValidationError(_("Đã hết hạn đăng ký lúc %s. Gọi Ban Tổ chức.") % until, code="closed")


def _reason(conference: Conference, beyond: str, by: Actor | None) -> str:
    """Why there is one more than places; only organisers may say so."""
    reason = vietnamese.clean(beyond)[:LONGEST_REASON]
    if reason and by is not None and not conference.is_run_by(by):
        raise PermissionDenied
    return reason


def _overlap(slot: _Slot, other: SignUp) -> ValidationError:
    said = {"title": slot.title(other.code), "hours": slot.entries[other.code].hours}
    if other.state == State.TAKEN:
        sentence = _(
            "Đã có chỗ ở “%(title)s” (%(hours)s), trùng giờ. Chuyển sang phiên này hoặc giữ phiên đó."
        )
    else:
        sentence = _(
            "Đang chờ chỗ ở “%(title)s” (%(hours)s), trùng giờ. Chuyển sang chờ phiên này hoặc chờ tiếp."
        )
    return ValidationError(sentence % said, code="overlap", params=said)
