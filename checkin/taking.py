"""Scans are taken from a phone: each kept once, however often it is sent, and turned into presence.

A batch is one transaction that holds the row of its device. Every answer says what is kept under the id that
was sent; what is refused is not kept, and the phone shows why.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from attendees import badge_code, codes
from attendees.models import Attendee
from checkin import counting
from checkin.models import Device, Scan
from checkin.pairing import Refused
from checkin.presence import Seen
from sessions import attending
from sessions.admitting import turned_away
from sessions.attending import Kind
from sessions.models import Attendance, Session

LONGEST_BATCH = 500
# Said by a phone whose list is older than what the server knows, or of a code signed by nobody.
TURNED_AWAY = (Scan.Verdict.REPLACED, Scan.Verdict.WITHDRAWN, Scan.Verdict.REVOKED, Scan.Verdict.UNKNOWN)
NEVER = "1970-01-01T00:00:00+00:00"
VERDICTS = {Kind.REPLACED: Scan.Verdict.REPLACED, Kind.WITHDRAWN: Scan.Verdict.WITHDRAWN}


class Heard(NamedTuple):
    """One scan as the phone tells it; the shape was checked, the meaning was not."""

    id: uuid.UUID
    sequence: int
    session: str  # its code
    direction: str
    heard: str
    device_at: datetime.datetime
    offset_ms: int
    error_ms: int
    said: str = ""
    insisted: bool = False


class Answer(NamedTuple):
    """What the server holds of one scan. `refused`: why it is not kept, a sentence; else empty.

    `where`: the door where the person was seen since then; of who is elsewhere, the session of their place.
    """

    id: uuid.UUID
    verdict: str
    attendee: Attendee | None = None
    since: datetime.datetime | None = None
    where: str = ""
    refused: str = ""


def take(device: Device, told: Sequence[Heard], *, proved: bool = True) -> list[Answer]:
    """Keeps the scans of one batch: an answer for each, in their order.

    `proved`: the phone itself stands behind it by its token; else an organiser does, see `carrying`.
    Raises `Refused` for a batch of more than 500, for a device that was revoked, and where another batch
    brought one of the ids in the same moment: then it is sent again.
    """
    if len(told) > LONGEST_BATCH:
        sentence = _("Mỗi lần gửi nhiều nhất %s lượt quét. Chia ra rồi gửi lại.")
        raise Refused("too-many", sentence % LONGEST_BATCH)
    try:
        return _take(device, told, proved=proved)
    except IntegrityError as error:  # another device sent one of the ids in the same moment
        sentence = _("Một lượt quét vừa được gửi từ nơi khác. Gửi lại.")
        raise Refused("again", sentence) from error


@transaction.atomic
def _take(device: Device, told: Sequence[Heard], *, proved: bool) -> list[Answer]:
    standing = Device.objects.standing().filter(token_hash=device.token_hash) if proved else Device.objects
    held = standing.select_for_update().filter(pk=device.pk).order_by().values_list("served_until", flat=True)
    if not (served := list(held)):
        raise Refused("revoked", _("Thiết bị này đã thu hồi. Xin Ban Tổ chức mã ghép mới."))
    batch = _Batch(device, served[0])
    batch.read(told)
    for one in told:
        batch.weigh(one)
    batch.keep()
    return batch.answers(told)


class _Batch:
    """The work on one batch; every step asks the database once for all."""

    def __init__(self, device: Device, served_until: dict[str, str]) -> None:
        self.device, self.now, self.served_until = device, device.conference.now(), served_until
        self.refused: dict[Heard, str] = {}
        self.new: list[Scan] = []
        self.made: dict[counting.Pair, tuple[datetime.datetime, str]] = {}

    def read(self, told: Iterable[Heard]) -> None:
        """What is known already, and what the phone may mean."""
        ids, numbers = {one.id for one in told}, {one.sequence for one in told}
        same = models.Q(pk__in=ids) | models.Q(device=self.device, sequence__in=numbers)
        known = list(Scan.objects.filter(same).order_by())
        models.prefetch_related_objects(known, "attendee__delegation", "attendee__category")
        self.known = {scan.pk: scan for scan in known}
        self.numbers = {scan.sequence: scan for scan in known if scan.device_id == self.device.pk}
        asked = self.device.conference.sessions.filter(code__in={one.session for one in told}).order_by()
        served = set(
            Device.sessions.through.objects.filter(device=self.device).values_list("session", flat=True)
        )
        self.until = {
            one.pk: datetime.datetime.fromisoformat(self.served_until.get(str(one.pk), NEVER))
            for one in asked
            if served and one.pk not in served
        }
        self.sessions = {one.code: one for one in asked}
        self.people = _people(self.device, {one.heard for one in told})
        self.away = turned_away(self.device.conference, self.sessions.values(), set(self.people.values()))

    def weigh(self, told: Heard) -> None:
        """New, known, or not to be kept."""
        session = self.sessions.get(told.session)
        scan = self._scan(told, session) if session else None
        if scan is None or scan.at > self.until.get(scan.session_id, scan.at):
            self.refused[told] = _("Thiết bị này không phục vụ phiên đó. Chọn lại phiên trên thiết bị.")
            return
        known = self.known.get(told.id) or self.numbers.get(told.sequence)
        if known is None:
            self.known[scan.pk] = self.numbers[scan.sequence] = scan
            self.new.append(scan)
        elif _content(known) != _content(scan):
            self.refused[told] = _("Lượt quét này đã gửi với nội dung khác. Báo Ban Tổ chức.")

    def _scan(self, told: Heard, session: Session) -> Scan:
        corrected = told.device_at + datetime.timedelta(milliseconds=told.offset_ms)
        return Scan(
            id=told.id, device=self.device, sequence=told.sequence, session=session,
            direction=told.direction, heard=told.heard, attendee=self.people.get(codes.as_read(told.heard)),
            insisted=told.insisted,
            device_at=told.device_at, offset_ms=told.offset_ms, error_ms=told.error_ms,
            at=min(corrected, self.now), received_at=self.now, said=told.said,
        )  # fmt: skip

    def keep(self) -> None:
        """Presence first, because it says who is welcome; then the scans."""
        entering: dict[tuple[int, int], Attendance] = {}
        for scan in self.new:
            scan.verdict = self._verdict(scan)
            if scan.verdict == Scan.Verdict.AGAIN and scan.attendee is not None:
                fact = Attendance(
                    session=scan.session, attendee=scan.attendee, at=scan.at, source=Attendance.Source.SCAN
                )
                first = entering.setdefault((scan.session_id, scan.attendee.pk), fact)
                first.at = min(first.at, scan.at)
        made = attending.record_many(list(entering.values()))
        self.made = {pair: (entering[pair].at, self.device.name) for pair in made}
        for scan in self.new:
            pair = (scan.session_id, scan.attendee_id)
            if scan.verdict == Scan.Verdict.AGAIN and pair in made:
                made.discard(pair)
                scan.verdict = Scan.Verdict.WELCOME
        Scan.objects.bulk_create(self.new)

    def _verdict(self, scan: Scan) -> str:
        """What is known without the presence of others; who comes in is "again" until a fact was made."""
        if scan.attendee is None:
            # A phone knows dead badges by its list, also those from before there were signatures.
            dead = scan.said == Scan.Verdict.REVOKED
            dead = dead or badge_code.is_signed(scan.heard, self.device.conference)
            return Scan.Verdict.REVOKED if dead else Scan.Verdict.UNKNOWN
        kind = attending.look(scan.attendee, None).kind
        if kind in VERDICTS:
            return VERDICTS[kind]
        if scan.direction == Scan.Direction.OUT:
            return Scan.Verdict.OUT
        # What happened at the door counts: whom the phone turned away did not come in by this scan …
        if scan.said in TURNED_AWAY and not scan.insisted:
            return scan.said
        # … and whom a phone without its list has let in is in.
        stopped = scan.said in ("", Scan.Verdict.ELSEWHERE) and not scan.insisted
        if stopped and (scan.session_id, scan.attendee.pk) in self.away:
            return Scan.Verdict.ELSEWHERE
        return Scan.Verdict.AGAIN

    def answers(self, told: Sequence[Heard]) -> list[Answer]:
        kept = {one: self.known.get(one.id) or self.numbers[one.sequence] for one in told
                if one not in self.refused}  # fmt: skip
        pairs = {(one.session_id, one.attendee_id) for one in kept.values() if one.attendee_id}
        asked = pairs.difference(self.made)
        first = self.made | counting.first_seen({one[0] for one in asked}, {one[1] for one in asked})
        answers = []
        for one in told:
            scan = kept.get(one)
            if scan is None:
                answers.append(Answer(one.id, "refused", refused=self.refused[one]))
                continue
            pair = (scan.session_id, scan.attendee_id or 0)
            since, where = first.get(pair, (None, self.away.get(pair, "")))
            answers.append(Answer(one.id, scan.verdict, scan.attendee, since, where))
        return answers


def seen(scan: Scan) -> Seen:
    """A kept scan of a known badge as the rules of `presence` read it."""
    if scan.attendee_id is None:
        raise ValueError("Nobody was recognised.")
    return Seen(
        scan.at, scan.device_id, scan.sequence, str(scan.pk), scan.attendee_id,
        scan.direction == Scan.Direction.IN, scan.bound, scan.told == Scan.Verdict.WELCOME,
    )  # fmt: skip


def _content(scan: Scan) -> tuple[object, ...]:
    """What the phone said; a copy says the same."""
    who = (scan.device_id, scan.sequence, scan.session_id, scan.direction, scan.heard, scan.said)
    return (*who, scan.insisted, scan.device_at, scan.offset_ms, scan.error_ms)


def _people(device: Device, heard: Iterable[str]) -> dict[str, Attendee]:
    """What was read → whose badge it is: the token of its QR, or the code typed from it."""
    typed, tokens = {}, {}
    for text in map(codes.as_read, heard):
        if token := badge_code.token(text):
            tokens[text] = token
        try:
            typed[text] = codes.normalise_code(text)
        except ValueError:
            continue
    badge = models.Q(badge_token__in=set(tokens.values())) | models.Q(code__in=set(typed.values()))
    people = device.conference.attendees.select_related("delegation", "category").filter(badge).order_by()
    by_key = {key: person for person in people for key in (person.badge_token, person.code)}
    read = {**typed, **tokens}
    return {text: by_key[key] for text, key in read.items() if key in by_key}
