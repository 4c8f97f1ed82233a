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

from attendees import codes
from attendees.models import Attendee
from checkin.models import Device, Scan
from checkin.pairing import Refused
from checkin.presence import Seen
from sessions import attending
from sessions.attending import Kind
from sessions.models import Attendance, Session

LONGEST_BATCH = 500
Pair = tuple[int, int | None]  # session, person
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


class Answer(NamedTuple):
    """What the server holds of one scan. `refused`: why it is not kept, a sentence; else empty."""

    id: uuid.UUID
    verdict: str
    attendee: Attendee | None = None
    since: datetime.datetime | None = None
    where: str = ""
    refused: str = ""


@transaction.atomic
def take(device: Device, told: Sequence[Heard]) -> list[Answer]:
    """Keeps the scans of one batch: an answer for each, in their order.

    Raises `Refused` for a batch of more than 500, for a device that was revoked, and where another batch
    brought one of the ids in the same moment: then it is sent again.
    """
    if len(told) > LONGEST_BATCH:
        sentence = _("Mỗi lần gửi nhiều nhất %s lượt quét. Chia ra rồi gửi lại.")
        raise Refused("too-many", sentence % LONGEST_BATCH)
    held = Device.objects.select_for_update(of=("self",)).select_related("conference").get(pk=device.pk)
    if held.revoked_at is not None or held.token_hash != device.token_hash:
        raise Refused("revoked", _("Thiết bị này đã thu hồi. Xin Ban Tổ chức mã ghép mới."))
    batch = _Batch(held)
    batch.read(told)
    for one in told:
        batch.weigh(one)
    batch.keep()
    return batch.answers(told)


class _Batch:
    """The work on one batch; every step asks the database once for all."""

    def __init__(self, device: Device) -> None:
        self.device, self.now = device, device.conference.now()
        self.refused: dict[Heard, str] = {}
        self.new: list[Scan] = []

    def read(self, told: Iterable[Heard]) -> None:
        """What is known already, and what the phone may mean."""
        ids, numbers = {one.id for one in told}, {one.sequence for one in told}
        same = models.Q(pk__in=ids) | models.Q(device=self.device, sequence__in=numbers)
        known = Scan.objects.filter(same).select_related("attendee__delegation", "attendee__category")
        self.known = {scan.pk: scan for scan in known}
        self.numbers = {scan.sequence: scan for scan in known if scan.device_id == self.device.pk}
        everywhere = {one.code: one for one in self.device.conference.sessions.all()}
        served = {one.code: one for one in self.device.sessions.all()}
        self.sessions: dict[str, Session] = served or everywhere
        self.people = _people(self.device, {one.heard for one in told})

    def weigh(self, told: Heard) -> None:
        """New, known, or not to be kept."""
        session = self.sessions.get(told.session)
        if session is None:
            self.refused[told] = _("Thiết bị này không phục vụ phiên đó. Chọn lại phiên trên thiết bị.")
            return
        scan = self._scan(told, session)
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
            device_at=told.device_at, offset_ms=told.offset_ms, error_ms=told.error_ms,
            at=min(corrected, self.now), received_at=self.now, said=told.said,
        )  # fmt: skip

    def keep(self) -> None:
        """Presence first, because it says who is welcome; then the scans."""
        entering: dict[tuple[int, int], Attendance] = {}
        for scan in self.new:
            scan.verdict = _verdict(scan)
            if scan.verdict == Scan.Verdict.AGAIN and scan.attendee is not None:
                fact = Attendance(
                    session=scan.session, attendee=scan.attendee, at=scan.at, source=Attendance.Source.SCAN
                )
                first = entering.setdefault((scan.session_id, scan.attendee.pk), fact)
                first.at = min(first.at, scan.at)
        made = attending.record_many(list(entering.values()))
        for scan in self.new:
            pair = (scan.session_id, scan.attendee_id)
            if scan.verdict == Scan.Verdict.AGAIN and pair in made:
                made.discard(pair)
                scan.verdict = Scan.Verdict.WELCOME
        try:
            with transaction.atomic():
                Scan.objects.bulk_create(self.new)
        except IntegrityError as error:  # another device sent one of the ids in the same moment
            sentence = _("Một lượt quét vừa được gửi từ nơi khác. Gửi lại.")
            raise Refused("again", sentence) from error

    def answers(self, told: Sequence[Heard]) -> list[Answer]:
        kept = {one: self.known.get(one.id) or self.numbers[one.sequence] for one in told
                if one not in self.refused}  # fmt: skip
        first = _first_seen(kept.values())
        answers = []
        for one in told:
            scan = kept.get(one)
            if scan is None:
                answers.append(Answer(one.id, "refused", refused=self.refused[one]))
                continue
            since, where = first.get((scan.session_id, scan.attendee_id), (None, ""))
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
    return (*who, scan.device_at, scan.offset_ms, scan.error_ms)


def _people(device: Device, heard: Iterable[str]) -> dict[str, Attendee]:
    """What was read → whose badge it is: the token of its QR, or the code typed from it."""
    typed = {}
    for text in map(codes.as_read, heard):
        try:
            typed[text] = codes.normalise_code(text)
        except ValueError:
            continue
    tokens = {
        text for text in map(codes.as_read, heard) if len(text) == codes.SECRET_LENGTH and text.isascii()
    }
    badge = models.Q(badge_token__in=tokens) | models.Q(code__in=set(typed.values()))
    people = device.conference.attendees.select_related("delegation", "category").filter(badge)
    found = {person.badge_token: person for person in people}
    by_code = {person.code: person for person in people}
    return found | {text: by_code[code] for text, code in typed.items() if code in by_code}


def _verdict(scan: Scan) -> str:
    """What is known without the presence of others; who comes in is "again" until a fact was made."""
    if scan.attendee is None:
        return Scan.Verdict.UNKNOWN
    kind = attending.look(scan.attendee, None).kind
    if kind in VERDICTS:
        return VERDICTS[kind]
    return Scan.Verdict.OUT if scan.direction == Scan.Direction.OUT else Scan.Verdict.AGAIN


def _first_seen(scans: Iterable[Scan]) -> dict[Pair, tuple[datetime.datetime, str]]:
    """(session, person) → since when the person is there, and where that was seen."""
    people = {one.attendee_id for one in scans if one.attendee_id}
    sessions = {one.session_id for one in scans}
    about = {"attendee__in": people, "session__in": sessions}
    facts = Attendance.objects.filter(**about)
    found: dict[Pair, tuple[datetime.datetime, str]]
    found = {(one.session_id, one.attendee_id): (one.at, one.get_source_display()) for one in facts}
    entered = Scan.objects.filter(direction=Scan.Direction.IN, **about).select_related("device")
    for scan in entered.order_by("-at", "-sequence"):
        pair = (scan.session_id, scan.attendee_id)
        if pair in found and scan.at == found[pair][0]:
            found[pair] = (scan.at, scan.device.name)
    return found
