"""Whose data an account has seen since a moment: the question of a breach, answered from the journal.

Wide rather than narrow: a list that was taken out counts for everybody who could stand on it.
"""

from __future__ import annotations

import datetime
from collections import defaultdict

from django.db.models import Min

from attendees.models import Attendee, AttendeeQuerySet, Delegation
from conference.models import JournalEntry, User
from documents.models import Document

# Acts by which somebody reads people, one by one or all at once.
READING = ("reveal", "export", "request-document", "print", "show_link", "carry_scans")
OFFERED = "offer_pairing"
TAKEN = "take_list"  # by a phone, which has no account: counted for everybody who ever offered it a code


def seen_by(account: User, since: datetime.datetime) -> dict[int, set[str]]:
    """Person (primary key) → the acts by which the account could read their data."""
    found: dict[int, set[str]] = defaultdict(set)
    entries = JournalEntry.objects.filter(at__gte=since).order_by("pk")
    for entry in entries.filter(actor=account, act__in=READING).iterator(500):
        for pk in _people(entry).filter(created_at__lte=entry.at).values_list("pk", flat=True):
            found[pk].add(entry.act)
    offers = JournalEntry.objects.filter(actor=account, act=OFFERED).values_list("subject")
    first = dict(offers.annotate(Min("pk")).order_by())  # not the row of the phone: it knows the last only
    for entry in entries.filter(act=TAKEN, subject__in=first):
        if entry.pk < first[entry.subject]:
            continue
        people = Attendee.objects.filter(conference=entry.conference, created_at__lte=entry.at)
        for pk in people.values_list("pk", flat=True):
            found[pk].add(entry.act)
    return dict(found)


def _people(entry: JournalEntry) -> AttendeeQuerySet:
    """Who could be read by this act: one person, a delegation, the scope of a paper, or a conference."""
    if entry.person_ref is not None:
        return Attendee.objects.filter(pk=entry.person_ref)
    label, _colon, number = entry.subject.partition(":")
    if label == Document._meta.label_lower and (paper := Document.objects.filter(pk=int(number)).first()):
        return _on_paper(paper)
    if label == Delegation._meta.label_lower:
        return Attendee.objects.filter(delegation__pk=int(number))
    return Attendee.objects.filter(conference=entry.conference)


def _on_paper(paper: Document) -> AttendeeQuerySet:
    people = Attendee.objects.filter(conference=paper.conference_id)
    if paper.attendee_ids:
        return people.filter(pk__in=paper.attendee_ids)
    return people.filter(delegation__in=paper.places) if paper.places else people
