"""A programme as it stood at one moment: plain values, to be kept in a release and read back from it."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from conference import moments, vietnamese_dates
from conference.models import Conference
from sessions.models import Participation, Session


@dataclass(frozen=True)
class Part:
    """Somebody's part in a session, as printed; `attendee` is the code of who stands on the list."""

    role: str
    full_name: str
    title: str
    organisation_name: str
    attendee: str = ""
    is_assumed: bool = False

    def get_role_display(self) -> str:
        return str(dict(Participation.Role.choices).get(self.role, self.role))

    @property
    def words(self) -> str:
        """Báo cáo viên: Trần Minh Quân, Phó Cục trưởng, Cục …"""
        who = ", ".join(filter(None, (self.full_name, self.title, self.organisation_name)))
        return f"{self.get_role_display()}: {who}"


@dataclass(frozen=True)
class Entry:
    """A session, with what templates ask of one.

    `sequence` counts how often what was announced of it changed, `since` is the version that changed it last:
    they are of the announcement, not of the session, and make no difference between two entries.
    """

    code: str
    kind: str
    title: str
    number: int | None
    day: datetime.date
    starts: datetime.time
    ends: datetime.time
    hall: str
    note: str
    people: tuple[Part, ...]
    row: int = field(default=0, compare=False)  # a number for apps that want one
    sequence: int = field(default=0, compare=False)
    since: int = field(default=1, compare=False)

    @property
    def is_topic(self) -> bool:
        return self.kind == Session.Kind.TOPIC

    @property
    def is_break(self) -> bool:
        return self.kind == Session.Kind.BREAK

    @property
    def part(self) -> Session.Part:
        return Session.part_of_day(self.starts)

    @property
    def hours(self) -> str:
        return vietnamese_dates.time_range(self.starts, self.ends)

    @property
    def when(self) -> str:
        """08:45–09:45, thứ Năm, 06/6/2024"""
        return f"{self.hours}, {moments.weekday_date(self.day)}"

    @property
    def headline(self) -> str:
        """Chuyên đề 1: Một số điểm mới …"""
        if self.is_topic and self.number:
            return f"{_('Chuyên đề %(n)s') % {'n': self.number}}: {self.title}"
        return self.title

    def get_part_display(self) -> str:
        return str(self.part.label)

    def get_kind_display(self) -> str:
        return str(dict(Session.Kind.choices).get(self.kind, self.kind))


@dataclass(frozen=True)
class Snapshot:
    """What a release holds: the programme, and what earlier versions had announced and it has no more."""

    entries: tuple[Entry, ...] = ()
    cancelled: tuple[Entry, ...] = ()

    @property
    def by_code(self) -> dict[str, Entry]:
        return {entry.code: entry for entry in self.entries}


def released(conference: Conference) -> Snapshot:
    """What everybody reads: the latest version, empty while there is none. One query."""
    found = conference.releases.newest_first().first()
    return read(found.content) if found else Snapshot()


def live(conference: Conference) -> list[Entry]:
    """The programme as organisers plan it now. Three queries, however long it is."""
    rows = conference.sessions.select_related("hall").prefetch_related("participations__attendee").in_order()
    return [_entry(session) for session in rows]


def _entry(session: Session) -> Entry:
    people = tuple(
        Part(
            role=one.role,
            full_name=one.full_name,
            title=one.title,
            organisation_name=one.organisation_name,
            attendee=one.attendee.code if one.attendee else "",
            is_assumed=one.is_assumed,
        )
        for one in session.participations.all()
    )
    return Entry(
        code=session.code,
        kind=session.kind,
        title=session.title,
        number=session.number,
        day=session.day,
        starts=session.starts,
        ends=session.ends,
        hall=session.hall.name if session.hall else "",
        note=session.note,
        people=people,
        row=session.pk,
    )


def following(before: Snapshot, entries: Sequence[Entry], number: int) -> Snapshot:
    """The snapshot of version `number`, with what has been announced so far counted on.

    A session that is announced again after it was cancelled goes on where its cancellation stood.
    """
    known = {entry.code: entry for entry in (*before.cancelled, *before.entries)}
    still = before.by_code
    now = []
    for entry in entries:
        old = known.get(entry.code)
        if old is None:
            now.append(replace(entry, sequence=0, since=number))
        elif old == entry and entry.code in still:
            now.append(replace(entry, sequence=old.sequence, since=old.since))
        else:
            now.append(replace(entry, sequence=old.sequence + 1, since=number))
    codes = {entry.code for entry in entries}
    gone = [
        replace(old, sequence=old.sequence + 1, since=number) if code in still else old
        for code, old in known.items()
        if code not in codes
    ]
    return Snapshot(tuple(now), tuple(gone))


def digest(before: int, entries: Iterable[Entry]) -> str:
    """A name for exactly this programme as the successor of version `before`."""
    plain = [{**asdict(entry), "row": 0, "sequence": 0, "since": 0} for entry in entries]
    return hashlib.sha256(json.dumps([before, plain], default=str, sort_keys=True).encode()).hexdigest()


# ── To and from JSON ──────────────────────────────────────────────────────────────────────────────


def content(snapshot: Snapshot) -> dict[str, Any]:
    """A snapshot as JSON: days and hours in ISO form."""
    return {
        "sessions": [_plain(entry) for entry in snapshot.entries],
        "cancelled": [_plain(entry) for entry in snapshot.cancelled],
    }


def read(stored: Mapping[str, Any]) -> Snapshot:
    """A snapshot from JSON."""
    return Snapshot(
        tuple(map(_read, stored.get("sessions", ()))), tuple(map(_read, stored.get("cancelled", ())))
    )


def _plain(entry: Entry) -> dict[str, Any]:
    times = {"day": entry.day.isoformat(), "starts": f"{entry.starts:%H:%M}", "ends": f"{entry.ends:%H:%M}"}
    return {**asdict(entry), **times, "people": [asdict(part) for part in entry.people]}


def _read(stored: Mapping[str, Any]) -> Entry:
    return Entry(
        **{
            **stored,
            "day": datetime.date.fromisoformat(stored["day"]),
            "starts": datetime.time.fromisoformat(stored["starts"]),
            "ends": datetime.time.fromisoformat(stored["ends"]),
            "people": tuple(Part(**part) for part in stored["people"]),
        }
    )
