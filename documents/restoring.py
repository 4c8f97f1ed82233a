"""After a restored backup: what was given and ended since is taken from the mark outside (`documents.marks`).

A number that stands on a paper in somebody's hands is not given again, what was replaced or revoked stays so,
who was erased is erased again (`conference.erased`), and no mail leaves before a person has looked.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import transaction

from attendees import erasing
from attendees.models import Attendee
from conference import account_erasing, erased, journal, sealing
from conference.erased import Erased
from conference.models import Conference
from documents import certificates, letters, marks
from documents.models import Certificate, NumberSeries
from mailing import outbox

REASON = "Dữ liệu vừa khôi phục từ bản sao lưu: kiểm tra thư chờ gửi, rồi cho gửi trở lại."
ENDED = "Ghi lại theo sổ theo dõi sau khi khôi phục dữ liệu."
Series = tuple[str, str, int]  # conference, kind, year


class Counter(NamedTuple):
    """A series that stands below its mark."""

    conference: str
    kind: str
    year: int
    last: int  # in this database
    mark: int
    is_given: bool  # else nobody wrote that its transaction came through: perhaps no paper has the number


class Ending(NamedTuple):
    """A certificate that was replaced or revoked, as the mark says."""

    code: str
    state: str
    at: datetime.datetime


@dataclass
class Findings:
    """What the database lacks."""

    counters: list[Counter] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)  # of certificates that are valid here
    uncertain: list[Ending] = field(default_factory=list)  # begun; nobody wrote that they came through
    unknown: list[str] = field(default_factory=list)  # codes of papers that this database does not hold
    conferences: list[str] = field(default_factory=list)  # of the mark, which this database does not hold
    erased: list[Erased] = field(default_factory=list)  # people and accounts that are here again
    unsure: list[Erased] = field(default_factory=list)  # whose erasing was begun, perhaps not done
    strangers: list[str] = field(default_factory=list)  # codes that somebody confirmed and no mark names


def findings(also: Collection[str] = (), erase: Collection[str] = ()) -> Findings:
    """What is to be done; `also`, `erase`: codes of uncertain endings and people that somebody confirmed."""
    found, told = Findings(), _Marks()
    _compare_numbers(told, found)
    _compare_endings(told.ended, {one.code: one for one in told.ending.values()}, also, found)
    gone = erased.known(erase)
    _compare_erased(gone, found)
    people = {one.code for one in (*gone.through, *gone.uncertain)}
    papers = {*told.ended, *(one.code for one in told.ending.values())}
    found.strangers = sorted({*also} - papers | {*erase} - people)
    return found


def apply(found: Findings) -> None:
    """Hold all mail, raise every counter, end what was ended, erase again; all journalled. Twice is once.

    What keeps numbers and letters in is through before the first person is erased. Who cannot be erased
    keeps nobody else: at the end an `ExceptionGroup` tells of all of them.
    """
    _hold_and_raise(found)
    faults = []
    for person in found.erased:
        try:
            _erase_again(person)
        except Exception as fault:
            fault.add_note(f"while erasing {person.code} again")
            faults.append(fault)
    if faults:
        raise ExceptionGroup("people who were erased are still in the restored database", faults)


def _erase_again(one: Erased) -> None:
    if account := account_erasing.here([one.code]).get(one.code):
        account_erasing.erase_again(account)
    else:
        erasing.erase_again(Attendee.objects.get(code=one.code), one.status)


@transaction.atomic
def _hold_and_raise(found: Findings) -> None:
    outbox.hold(None, by=None, reason=REASON)
    for one in found.counters:
        conference = Conference.objects.get(slug=one.conference)
        series = NumberSeries.held(conference, one.kind, one.year, _pattern(one.kind))
        if series.last < one.mark:
            changes: dict[str, list[object]] = {"last": [series.last, one.mark]}
            NumberSeries.objects.filter(pk=series.pk).update(last=one.mark)
            journal.record("continue_series", series, by=None, conference=conference, changes=changes)
    valid = Certificate.objects.valid().select_related("series__conference")
    for ending in found.endings:
        certificate = valid.filter(code=ending.code).first()
        if certificate is None:
            continue
        valid.filter(pk=certificate.pk).update(state=ending.state, ended_at=ending.at, reason=ENDED)
        act = "replace" if ending.state == Certificate.State.REPLACED else "revoke"
        told: dict[str, list[object]] = {"reason": [None, ENDED]}
        journal.record(act, certificate, by=None, conference=certificate.series.conference, changes=told)
    transaction.on_commit(sealing.note_restored)


class _Marks:
    """What the file of marks says: the highest number of every series, and every ending."""

    def __init__(self) -> None:
        self.highest: dict[Series, int] = defaultdict(int)
        self.given: dict[Series, int] = defaultdict(int)  # the highest that came through
        self.ending: dict[str, Ending] = {}  # by the token under which it was begun
        self.ended: dict[str, Ending] = {}  # by code
        giving: dict[str, tuple[Series, int]] = {}
        for entry in marks.read():
            done = entry.get("done", "")
            if "number" in entry:
                key = (entry["conference"], entry["kind"], entry["year"])
                self.highest[key] = max(self.highest[key], entry["number"])
                if "token" in entry:
                    giving[entry["token"]] = key, entry["number"]
                else:  # written before numbers had tokens
                    self.given[key] = max(self.given[key], entry["number"])
            elif "ended" in entry:
                at = datetime.datetime.fromisoformat(entry["at"])
                self.ending[entry["token"]] = Ending(entry["ended"], entry["state"], at)
            elif done in giving:
                key, number = giving.pop(done)
                self.given[key] = max(self.given[key], number)
            elif ending := self.ending.pop(done, None):
                self.ended[ending.code] = ending


def _compare_numbers(told: _Marks, found: Findings) -> None:
    known = {
        (one.conference.slug, one.kind, one.year): one.last
        for one in NumberSeries.objects.select_related("conference")
    }
    slugs = set(Conference.objects.values_list("slug", flat=True))
    for key, mark in sorted(told.highest.items()):
        last = known.get(key, 0)
        if key[0] not in slugs:
            found.conferences.append(key[0])
        elif last < mark:
            found.counters.append(Counter(*key, last, mark, is_given=last < told.given[key]))


def _compare_endings(
    through: dict[str, Ending], begun: dict[str, Ending], also: Collection[str], found: Findings
) -> None:
    codes = {*through, *begun}
    states = dict(Certificate.objects.filter(code__in=codes).values_list("code", "state"))
    for code in sorted(codes):
        if code not in states:
            found.unknown += [code] if code in through else []
        elif states[code] != Certificate.State.VALID:
            continue
        elif code in through or code in also:
            found.endings.append(through.get(code) or begun[code])
        else:
            found.uncertain.append(begun[code])


def _compare_erased(known: erased.Known, found: Findings) -> None:
    codes = [one.code for one in (*known.through, *known.uncertain)]
    here = set(Attendee.objects.filter(code__in=codes, erased_at=None).values_list("code", flat=True))
    here |= account_erasing.here(codes).keys()
    found.erased = [one for one in known.through if one.code in here]
    found.unsure = [one for one in known.uncertain if one.code in here]


def _pattern(kind: str) -> str:
    patterns = {str(one): pattern for one, pattern in letters.PATTERNS.items()}
    return {**patterns, certificates.SERIES: certificates.PATTERN}[kind]
