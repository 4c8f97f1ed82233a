"""What the sources say of one session, beside each other: totals, who is told differently, who is missing."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from attendees.models import Attendee, Delegation
from conference.models import Conference
from sessions import signing_in
from sessions.models import Attendance, Figure, Report, Session, Source

# Seen with the own eyes, or by a phone, in the hall; paper may be signed for another, online is elsewhere.
DOOR: frozenset[str] = frozenset((Source.DESK, Source.SCAN, Source.HEAD, Source.SELF))


class Difference(models.TextChoices):
    """How what is said of a person does not fit together."""

    SIGNED_ONLY = "signed-only", _("Có chữ ký, không có lượt vào")
    UNSIGNED = "unsigned", _("Có lượt vào, không ký trên tờ đã nhập")
    BOTH = "both", _("Vừa trực tuyến, vừa tại chỗ")
    LEFT = "left", _("Có lượt ra, không có lượt vào")
    GONE = "gone", _("Có mặt, nay không còn trong danh sách")


class Known(NamedTuple):
    """What stands of one person: the delegation, whether they take a seat, which sources saw them."""

    delegation: int
    is_active: bool
    is_expected: bool
    said: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Picture:
    """Everything about one session by id of the person; no names yet."""

    people: dict[int, Known]
    entered: frozenset[int]  # delegations whose sheet was entered to its end
    left: frozenset[int]  # who was scanned going out

    @cached_property
    def present(self) -> list[int]:
        """Who is there by any source."""
        return sorted(pk for pk, known in self.people.items() if known.said)

    @cached_property
    def totals(self) -> dict[str, int]:
        """Source → people, in the order of the sources; 0 where a source saw nobody."""
        found = Counter(source for known in self.people.values() for source in known.said)
        return {source: found[source] for source in Source.values}

    @cached_property
    def differences(self) -> dict[str, list[int]]:
        """Kind → people, only kinds that there are."""
        is_scanned = any(known.said & DOOR for known in self.people.values())
        found: dict[str, list[int]] = defaultdict(list)
        for pk, known in sorted(self.people.items()):
            for kind in self._kinds(pk, known, is_scanned):
                found[kind].append(pk)
        return {kind: found[kind] for kind in Difference.values if kind in found}

    def _kinds(self, pk: int, known: Known, is_scanned: bool) -> Iterator[str]:
        said, signed = known.said, Source.PAPER in known.said
        if signed and is_scanned and not said & DOOR:
            yield Difference.SIGNED_ONLY
        if said & DOOR and not signed and known.delegation in self.entered:
            yield Difference.UNSIGNED
        if Source.ONLINE in said and len(said) > 1:
            yield Difference.BOTH
        if pk in self.left and not said:
            yield Difference.LEFT
        if said and not known.is_active:
            yield Difference.GONE

    def by(self, sources: Collection[str]) -> list[int]:
        """Who was seen by one of these sources."""
        wanted = frozenset(sources)
        return sorted(pk for pk, known in self.people.items() if known.said & wanted)

    @property
    def seal(self) -> str:
        """A word for exactly this picture: another one when anybody reports anything."""
        said = ";".join(f"{pk}:{','.join(sorted(known.said))}" for pk, known in sorted(self.people.items()))
        return hashlib.sha256(said.encode()).hexdigest()[:16]


class Team(NamedTuple):
    """One delegation in the table."""

    delegation: Delegation
    expected: int
    present: int
    counts: list[int]  # by source, in their order
    is_entered: bool
    differences: int


def look(session: Session) -> Picture:
    """Four questions, however many people."""
    said: dict[int, set[str]] = defaultdict(set)
    people: dict[int, Known] = {}
    path = ("attendee", "source", "attendee__delegation", "attendee__status")
    for pk, source, delegation, status in session.reports.values_list(*path):
        said[pk].add(source)
        people[pk] = Known(delegation, status in Attendee.ACTIVE, False)
    for pk, delegation in signing_in.expected(session).values_list("pk", "delegation"):
        people[pk] = Known(delegation, True, True)
    # Scans lie in an upper room, asked by name; who goes out was in, or nobody saw them come.
    scanned = session.scans.filter(direction="out", attendee__isnull=False)
    left = dict(scanned.values_list("attendee", "attendee__delegation"))
    for pk, delegation in left.items():
        people.setdefault(pk, Known(delegation, False, False))
    return Picture(
        {pk: known._replace(said=frozenset(said[pk])) for pk, known in people.items()},
        frozenset(session.signed_sheets.values_list("delegation", flat=True)),
        frozenset(left),
    )


def teams(picture: Picture) -> list[Team]:
    """The delegations in their order: one question."""
    members: dict[int, list[int]] = defaultdict(list)
    for pk, known in picture.people.items():
        members[known.delegation].append(pk)
    differing = Counter(picture.people[pk].delegation for told in picture.differences.values() for pk in told)
    rows = Delegation.objects.filter(pk__in=members).order_by("position", "code")
    return [_team(one, picture, members[one.pk], differing[one.pk]) for one in rows]


def _team(delegation: Delegation, picture: Picture, members: Iterable[int], differences: int) -> Team:
    known = [picture.people[pk] for pk in members]
    return Team(
        delegation,
        sum(one.is_expected for one in known),
        sum(bool(one.said) for one in known),
        [sum(source in one.said for one in known) for source in Source.values],
        delegation.pk in picture.entered,
        differences,
    )


class Since(NamedTuple):
    """How what is known now differs from a frozen figure, by the sources it counted."""

    come: list[int]  # reported since
    gone: list[int]  # counted then, and erased or taken back since

    def __bool__(self) -> bool:
        return bool(self.come or self.gone)


def since(figure: Figure, picture: Picture) -> Since:
    """Who was reported after the figure was frozen, and who is not known any more."""
    now, then = set(picture.by(figure.sources)), set(figure.counted)
    return Since(sorted(now - then), sorted(then - now))


# ── Day by day ────────────────────────────────────────────────────────────────────────────────────


class Row(NamedTuple):
    """One session in the overview."""

    session: Session
    present: int
    counts: list[int]  # by source, in their order
    entered: int  # sheets that came back
    figure: Figure | None


class Day(NamedTuple):
    """One day: everybody who was in at least one of its sessions, counted once."""

    day: datetime.date
    people: int
    rows: list[Row]


def days(conference: Conference) -> list[Day]:
    """Every session that is attended, with what its sources say: five questions for any number."""
    held = conference.sessions.exclude(kind=Session.Kind.BREAK).in_order()
    sessions = list(held.annotate(sheets=models.Count("signed_sheets")))
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    reports = Report.objects.filter(session__in=sessions).order_by()
    for pk, source, number in reports.values_list("session", "source").annotate(n=models.Count("pk")):
        counts[pk][source] = number
    facts = Attendance.objects.filter(session__in=sessions).order_by()
    present = dict(facts.values_list("session").annotate(n=models.Count("pk")))
    on_day = dict(facts.values_list("session__day").annotate(n=models.Count("attendee", distinct=True)))
    figures: dict[int, Figure] = {}
    for one in Figure.objects.filter(session__in=sessions).defer("counted").order_by("number"):
        figures[one.session_id] = one
    return [
        Day(
            day,
            on_day.get(day, 0),
            [
                Row(
                    one, present.get(one.pk, 0), [counts[one.pk][source] for source in Source.values],
                    one.sheets, figures.get(one.pk),
                )
                for one in group
            ],
        )
        for day, group in groupby(sessions, key=lambda one: one.day)
    ]  # fmt: skip
