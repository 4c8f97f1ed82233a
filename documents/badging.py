"""Badges after they were printed: which are new or have changed since, and who took a delegation's away.

A run counts as printed once it is asked for, unless it failed or was stopped before there was a file: nobody
prints a sheet twice because its file is still being made, or was taken away when somebody was erased.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from attendees import naming
from attendees.models import Attendee, Delegation
from conference import journal, vietnamese
from conference.models import Conference, User
from documents.models import BadgeHandover, BadgePrint, Document

BADGES = "badges"
_ENDED = (Document.State.FAILED, Document.State.CANCELLED)


@dataclass
class Team:
    """A line of the ledger: people of a delegation by the state of their badge, and what was taken away."""

    delegation: Delegation
    total: int = 0
    fresh: int = 0  # never printed
    changed: int = 0  # printed, and something on it is another now
    handovers: list[BadgeHandover] = field(default_factory=list)

    @property
    def taken(self) -> int:
        return sum(one.cards for one in self.handovers)

    @property
    def due(self) -> int:
        return self.fresh + self.changed


def face(person: Attendee) -> str:
    """SHA-256 of everything that stands on the badge of this person."""
    said = [
        person.full_name, person.title, person.organisation_name, *naming.team(person.delegation),
        person.category.band, person.code, person.badge_token,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def runs(conference: Conference) -> list[Document]:
    """The runs of badges that count, oldest first: the n-th of them is batch n."""
    return list(
        conference.documents.filter(badge_prints__isnull=False)
        .distinct()
        .exclude(state__in=_ENDED, was_ready=False)
        .order_by("pk")
    )


def printed(conference: Conference, since: Document | None = None) -> dict[int, str]:
    """What the last badge of each person said, in runs up to and including `since` (all of them: None)."""
    rows = BadgePrint.objects.filter(document__conference=conference)
    rows = rows.exclude(document__state__in=_ENDED, document__was_ready=False)
    if since is not None:
        rows = rows.filter(document__lte=since.pk)
    return dict(rows.order_by("document_id", "pk").values_list("attendee", "face"))


def due(people: Iterable[Attendee], known: dict[int, str]) -> list[int]:
    """Who of the people has no badge among the known ones, or one that says something else."""
    return [person.pk for person in people if known.get(person.pk) != face(person)]


def note(document: Document, people: Iterable[Attendee]) -> None:
    """Write down what a run prints, in the transaction that asks for it."""
    BadgePrint.objects.bulk_create(
        BadgePrint(document=document, attendee=person, face=face(person)) for person in people
    )


def erased_since(document: Document) -> Counter[int]:
    """Delegation → how many of those whose badges this run prints were erased since."""
    if not document.pk:  # a paper of the command
        return Counter()
    gone = BadgePrint.objects.filter(document=document, attendee__erased_at__isnull=False)
    return Counter(gone.values_list("attendee__delegation", flat=True))


def ledger(conference: Conference) -> list[Team]:
    """Every delegation with confirmed people, in order. The same number of queries for any number."""
    known = printed(conference)
    handovers = defaultdict(list)
    for one in BadgeHandover.objects.filter(delegation__conference=conference).order_by("pk"):
        handovers[one.delegation_id].append(one)
    teams: dict[int, Team] = {}
    people = conference.attendees.confirmed().filter(erased_at=None)
    for person in people.select_related("delegation__unit", "category").in_order():
        delegation = person.delegation
        team = teams.setdefault(delegation.pk, Team(delegation, handovers=handovers[delegation.pk]))
        team.total += 1
        if person.pk not in known:
            team.fresh += 1
        elif known[person.pk] != face(person):
            team.changed += 1
    return list(teams.values())


@transaction.atomic
def hand_over(delegation: Delegation, cards: int, received_by: str, *, key: uuid.UUID, by: User) -> bool:
    """Write down that somebody took so many badges. False where this press was written down already.

    Raises `PermissionDenied` for who does not run the conference, `ValidationError` for a count or a name
    that says nothing.
    """
    conference = delegation.conference
    if not conference.is_run_by(by):
        raise PermissionDenied
    Delegation.objects.select_for_update(no_key=True).get(pk=delegation.pk)  # one writes at a time
    if BadgeHandover.objects.filter(key=key).exists():
        return False
    name = vietnamese.clean(received_by)[:200]
    most = delegation.attendees.confirmed().count()
    if not 0 < cards <= most:
        raise ValidationError({"cards": _("Ghi số thẻ từ 1 đến %s, số đại biểu đã xác nhận.") % most})
    if not name:
        raise ValidationError({"received_by": _("Ghi tên người nhận.")})
    made = BadgeHandover.objects.create(
        delegation=delegation,
        cards=cards,
        received_by=name,
        at=conference.now(),
        by=by,
        by_name=str(by),
        key=key,
    )
    changes: dict[str, list[Any]] = {"cards": [None, cards], "received_by": [None, name]}
    journal.record("hand_over_badges", made, by=by, conference=conference, changes=changes)
    return True


@transaction.atomic
def take_back(handover: BadgeHandover, *, by: User) -> None:
    """Strike a line that was written by mistake; the journal keeps it."""
    conference = handover.delegation.conference
    if not conference.is_run_by(by):
        raise PermissionDenied
    changes: dict[str, list[Any]] = {
        "cards": [handover.cards, None],
        "received_by": [handover.received_by, None],
    }
    journal.record("take_back_badges", handover, by=by, conference=conference, changes=changes)
    handover.delete()
