"""Erasing a person (law 91/2025/QH15): what tells of them goes, in every room; official records stay.

    shown = preview(person)    # exactly what would go and what would stay; changes nothing
    erase(person, by=olga)     # the same, for good; twice is once

The row stays without a name, so that lists, seats and figures keep their sums. What stays, and why, says
`conference.purpose_table`; the page of the desk and the command say it before anything is done.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from attendees import journals
from attendees.models import Attendee, Correction, Delegation, ImportBatch
from conference import erased, sealing
from conference.erasing import EARLIER, Erasing, Line
from conference.mentions import Mentions
from conference.models import Conference, JournalEntry, JournalQuerySet, User
from conference.purposes import ERASED_NAME

NAMES = ("full_name", "family_name", "middle_name", "given_name")
HIDDEN = (*NAMES, "sort_key", "search_key")


@dataclass(frozen=True)
class Outcome:
    """What an erasing does. `unsure`: texts that name the person as somebody else is named too."""

    goes: list[Line]
    stays: list[Line]
    entries: int  # of the journal
    files: int
    unsure: int


def preview(person: Attendee) -> Outcome:
    """What `erase` would do now: it is done, counted and taken back."""
    with transaction.atomic():
        outcome = _take_out(_held(person), by=None)
        transaction.set_rollback(True)
    return outcome


@transaction.atomic
def erase(person: Attendee, *, by: User | None) -> Outcome | None:
    """Erases for good; None for who was erased before. For organisers, and for the command (`by` None).

    Raises `PermissionDenied`, and `ValidationError` for who still has a seat at a conference to come.
    """
    current = _held(person)
    if by is not None and not current.conference.is_run_by(by):
        raise PermissionDenied
    if current.erased_at is not None:
        return None
    require_erasable(current)
    erased.note(current.code, current.status)
    return _take_out(current, by=by)


@transaction.atomic
def erase_again(person: Attendee, status: str) -> Outcome:
    """What a restored database brought back goes again; the seat is in the state in which it was left."""
    current = _held(person)
    current.status = status
    return _take_out(current, by=None, again=True)


def require_erasable(person: Attendee) -> None:
    """Not under legal hold; and nobody who is still to come: the seat is given up, or given away, first."""
    conference = person.conference
    require_not_kept(conference)
    if person.is_active and conference.today() <= conference.ends_on:
        sentence = _("Người này còn giữ suất. Ghi không tham dự hoặc thay người trước, rồi xóa dữ liệu.")
        raise ValidationError(sentence, code="active")


def require_not_kept(conference: Conference) -> None:
    """Under legal hold nothing of anybody goes, whoever asks."""
    if conference.legal_hold:
        sentence = _("Hội nghị đang giữ nguyên dữ liệu (thanh tra, khiếu nại, tố tụng). Chưa xóa được.")
        raise ValidationError(sentence, code="held")


def mentions_of(person: Attendee) -> tuple[Mentions, Mentions]:
    """What names this person alone, and what names them as it names others of the conference too."""
    others = Attendee.objects.filter(conference=person.conference_id).exclude(pk=person.pk)
    offices = Delegation.objects.filter(conference=person.conference_id)
    is_shared = {
        "full_name": others.filter(full_name__iexact=person.full_name).exists(),
        "phone": others.filter(phone=person.phone).exists(),
        "email": others.filter(email__iexact=person.email).exists()
        or offices.filter(contact_email__iexact=person.email).exclude(contact_name=person.full_name).exists(),
    }
    sure = {name: "" if shared else getattr(person, name) for name, shared in is_shared.items()}
    unsure = {name: getattr(person, name) if shared else "" for name, shared in is_shared.items()}
    return _mentions(sure), _mentions(unsure)


def _mentions(words: dict[str, str]) -> Mentions:
    return Mentions([words["full_name"]], [words["phone"]], [words["email"]])


def _held(person: Attendee) -> Attendee:
    """The row, until the transaction ends: behind its delegation, as every act holds it.

    An erasing writes lists, requests, batches of certificates and the rows of other delegations too. They are
    held first, in the order of the acts that hold several (`importing`, `corrections`; issuing holds a batch,
    then its people): nobody waits for somebody who waits for him.
    """
    rooms: Any = person.conference  # those above are known by their reverse names
    for wanted in (
        ImportBatch.objects.filter(conference=person.conference_id),
        Correction.objects.filter(attendee=person),
        Delegation.objects.filter(conference=person.conference_id),
        rooms.certificate_batches.all(),
    ):
        list(wanted.select_for_update().order_by("pk").values_list("pk", flat=True))
    rows = Attendee.objects.select_for_update(of=("self",)).select_related("conference", "delegation")
    return rows.get(pk=person.pk)


def _take_out(person: Attendee, *, by: User | None, again: bool = False) -> Outcome:
    begun = timezone.now()
    sure, unsure = mentions_of(person)
    erasing = Erasing(person, sure, again=again)
    entries = _entries(person, sure, JournalEntry.objects.all())
    doubtful = _doubtful(person, unsure, entries)
    erasing.run()
    waiting = Correction.objects.filter(attendee=person).waiting()
    settled = {"settled_at": person.conference.now(), "settled_by": by}
    waiting.filter(kind=Correction.Kind.ERASE).update(state=Correction.State.DONE, **settled)
    # What else was asked for is not put right any more.
    waiting.update(state=Correction.State.REFUSED, **settled)
    _take_name(person)
    erasing.counts[erasing.rows("attendees.Attendee").held[0]] += 1
    chosen = JournalEntry.objects.filter(pk__in=entries)
    sealing.erase(chosen, person, by=by, conference=person.conference)
    transaction.on_commit(lambda: _told_meanwhile(person, sure, begun, by=by), robust=True)
    lines = erasing.lines()
    return Outcome(
        goes=[one for one in lines if not one.stays],
        stays=[one for one in lines if one.stays],
        entries=len(entries),
        files=len(erasing.files),
        unsure=doubtful,
    )


def _take_name(person: Attendee) -> None:
    """The row as a line of a list: no name, and no badge is printed of it any more.

    Code and token stay: what phones have still to send of the badge is counted.
    """
    fresh = Attendee(full_name=ERASED_NAME, code=person.code, badge_token=person.badge_token)
    fresh.prepare()
    told = {name: getattr(fresh, name) for name in HIDDEN}
    now = person.conference.now()
    rows = Attendee.objects.filter(pk=person.pk)
    rows.update(**told, status=person.status, erased_at=now, version=F("version") + 1)
    person.refresh_from_db()


# ── The journal ───────────────────────────────────────────────────────────────────────────────────


def _entries(person: Attendee, mentions: Mentions, among: JournalQuerySet) -> list[int]:
    """Those about the person, and those about others that name them. An erasing itself tells of nobody."""
    told = among.exclude(act="erase")
    seats = Q(pk=person.substitute_for_id) | Q(substitute_for=person.pk)
    kin = Attendee.objects.filter(seats).values("pk")
    about = journals.of_person(person) | JournalEntry.objects.filter(act="replace", person_ref__in=kin)
    own = set(told.filter(pk__in=about.order_by().values("pk")).values_list("pk", flat=True))
    others = told.filter(conference=person.conference_id).exclude(pk__in=own)
    return sorted(own | _naming(others, mentions))


@transaction.atomic
def _told_meanwhile(
    person: Attendee, mentions: Mentions, begun: datetime.datetime, *, by: User | None
) -> None:
    """What acts that hold nothing of ours wrote between our look and the commit, with the name."""
    recent = JournalEntry.objects.filter(at__gte=begun - EARLIER).exclude(**sealing.BLANK)
    if late := _entries(person, mentions, recent):
        chosen = JournalEntry.objects.filter(pk__in=late)
        sealing.erase(chosen, person, by=by, conference=person.conference)


def _naming(entries: Any, mentions: Mentions) -> set[int]:
    rows = entries.order_by("pk").values_list("pk", "actor_name", "subject_name", "changes")
    return {pk for pk, *told in rows.iterator(2000) if mentions.inside(told)}


def _doubtful(person: Attendee, mentions: Mentions, known: list[int]) -> int:
    """How many other entries say a name that somebody else bears too: for a person to look at."""
    others = JournalEntry.objects.filter(conference=person.conference_id, person_ref=None)
    return len(_naming(others.exclude(pk__in=known), mentions))
