"""The journal cannot be changed unseen: its entries are sealed into chains, with their heads kept elsewhere.

head(n) = SHA-256(head(n-1) + what entry n says), a chain for each conference. A sealer chains what is
committed, in the order in which it finds it, so that no act waits for another. After each round the heads go
into a file outside the database (`HEADS_FILE`): it shows that a tail was cut, or a whole chain made anew.
What is younger than a round, ten seconds while the sweeper lives, is not protected yet. `conference.proving`
reads all of it again.

What tells of people is in the chain by a salted hash only. Who is erased takes the salt along: the chain
stays whole, and nobody can guess what stood there. An account that is erased is taken out of the acts that
it did, and the acts stay: what is left of them is hashed anew, and the act of erasing, itself in the chain,
tells the hash of all those hashes. So it is with values whose time is over (`conference.retention`).
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from conference import appending, journal
from conference.journal import Actor
from conference.models import Conference, JournalEntry, JournalSeal, User

EVERY = 10.0  # seconds
AT_ONCE, MOST = 1000, 5000  # in one transaction; in one round, so that a long past keeps nobody waiting
READ_AT_ONCE = 2000
# An entry may be committed after others with higher numbers: so far back the sealer looks each time.
OVERLAP = 20_000
NONE = 0  # the chain of acts that belong to no conference
ERASED = "•••"
TAKE_OUT = ("erase", "forget")  # acts under whose name something is taken out of entries
BLANK: dict[str, Any] = {"actor_name": ERASED, "origin": "", "subject_name": ERASED, "changes": {}}
_LOCK = 0x48_4E_4A_53  # any number that nothing else of ours uses
_last = {"swept": -EVERY}
_written_down = {"all": False}  # as far as this process knows
_TEXT = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_MARK = re.compile(r"(\d{1,18})/(\d{1,18})/([0-9a-f]{64})")


def sweep() -> None:
    """Seal what was written since the last round. Named in `SWEEPS`."""
    if time.monotonic() - _last["swept"] >= EVERY:
        _last["swept"] = time.monotonic()
        seal(most=MOST)


def seal(*, everything: bool = False, most: int | None = None) -> int:
    """Seal every committed entry that has none, or about `most`; write the heads down. Returns how many."""
    heads = {} if _written_down["all"] else lacking()
    count = 0
    while (most is None or count < most) and (made := _seal_some(everything)):
        count += len(made)
        heads |= {one.chain: (one.sequence, one.head) for one in made}  # the last of each chain
    _written_down["all"] = False
    ends = [{"chain": chain, "sequence": n, "head": head} for chain, (n, head) in sorted(heads.items())]
    appending.append_all(path(), ends)
    _written_down["all"] = True
    return count


def lacking(
    before: datetime | None = None, lines: Iterable[Mapping[str, Any]] | None = None
) -> dict[int, tuple[int, str]]:
    """Ends of chains that a kill after the commit, or a full disk, kept out of the file.

    `before`: only what was sealed by then, so that a round that is going on lacks nothing. `lines`: what the
    file says, for who has read it.
    """
    lines = appending.entries(path()) if lines is None else lines
    written = {line["chain"]: line.get("sequence", line.get("restored", 0)) for line in lines}
    ends = {chain: end(chain, before) for chain in _chains()}
    return {chain: one for chain, one in ends.items() if one[0] > written.get(chain, 0)}


def _chains() -> set[int]:
    """Those that have a seal."""
    return set(JournalSeal.objects.order_by().values_list("chain", flat=True).distinct())


def unsealed(*, everything: bool = True) -> models.QuerySet[JournalEntry]:
    """Entries without a seal; by default all of them, however old."""
    found = JournalEntry.objects.filter(~Exists(JournalSeal.objects.filter(entry=OuterRef("pk"))))
    if not everything:
        latest = JournalSeal.objects.aggregate(entry=Max("entry"))["entry"] or 0
        found = found.filter(pk__gt=latest - OVERLAP)
    return found.order_by("pk")


def path() -> Path:
    """Where the heads are written down."""
    return Path(settings.HEADS_FILE)


def note_restored() -> None:
    """The database was taken back to an older state: from its heads on the chains go on anew.

    Also those that it did not have yet: they begin anew.
    """
    for chain in sorted(_chains() | {line["chain"] for line in appending.entries(path())}):
        sequence, head = end(chain)
        appending.append(path(), {"chain": chain, "restored": sequence, "head": head})


@transaction.atomic
def erase(
    entries: models.QuerySet[JournalEntry],
    subject: models.Model,
    *,
    by: Actor | None,
    conference: Conference | None,
) -> JournalEntry:
    """Take out of these entries what tells of people, because `subject` is erased; the act is journalled.

    What is not sealed yet is sealed later as it then is. The new entry says how many seals lost their salt:
    nothing else can be taken out under its name.
    """
    _hold_sealer()
    chosen = list(entries.values_list("pk", flat=True))
    sealed = JournalSeal.objects.filter(entry__in=chosen, erasure=None)
    changes: dict[str, list[Any]] = {"entries": [None, sealed.count()]}
    because = journal.record("erase", subject, by=by, conference=conference, changes=changes)
    # Past the guards of both, of our code and of the database, which let nothing be changed: this act may.
    with _erasing():
        models.QuerySet(JournalEntry).filter(pk__in=[*chosen, because.pk]).update(subject_name=ERASED)
        models.QuerySet(JournalEntry).filter(pk__in=chosen).update(**BLANK)
        seals: models.QuerySet[JournalSeal] = models.QuerySet(JournalSeal)
        seals.filter(entry__in=chosen, erasure=None).update(salt="", erasure=because.pk)
    because.refresh_from_db()
    return because


@transaction.atomic
def withhold(
    left: Mapping[int, Mapping[str, Any]], subject: User | Conference, *, by: User | None
) -> JournalEntry:
    """Take an account that is erased, or what is over its time in a conference, out of entries; journalled.

    `left`: entry → columns of `BLANK` with what they say from now on. An entry of which something was taken
    out in this way before is emptied: what is left has one seal, not two.
    """
    _hold_sealer()
    every: models.QuerySet[JournalSeal] = models.QuerySet(JournalSeal)
    seals = every.filter(entry__in=list(left))
    emptied = set(seals.exclude(erasure=None).values_list("entry", flat=True))
    again = set(seals.filter(erasure=None).exclude(withheld=None).values_list("entry", flat=True))
    said = {pk: BLANK if pk in again else left[pk] for pk in sorted(left.keys() - emptied)}
    sealed = [_sealed_anew(*one, left) for one in with_entries(seals.filter(erasure=None, withheld=None))]
    changes: dict[str, list[Any]] = {
        "entries": [None, len(again)],
        "withheld": [None, len(sealed)],
        "hash": [None, rests((one.entry, one.rest) for one in sealed)],
    }
    conference = subject if isinstance(subject, Conference) else None
    act = "forget" if conference else "erase"
    because = journal.record(act, subject, by=by, conference=conference, changes=changes)
    with _erasing():
        _write(said)
        if act == "erase":
            models.QuerySet(JournalEntry).filter(pk=because.pk).update(subject_name=ERASED)
        for one in sealed:
            one.withheld = because.pk
        every.bulk_update(sealed, ["salt", "rest", "withheld"], batch_size=AT_ONCE)
        seals.filter(entry__in=again).update(salt="", erasure=because.pk)
    because.refresh_from_db()
    return because


def _write(said: Mapping[int, Mapping[str, Any]]) -> None:
    """What entries say from now on: some thousand of them in a statement, since no two say the same."""
    rows: models.QuerySet[JournalEntry] = models.QuerySet(JournalEntry)
    names = sorted({name for columns in said.values() for name in columns})
    waiting = iter(said)
    while some := list(islice(waiting, AT_ONCE)):
        entries = rows.in_bulk(some)
        for pk, entry in entries.items():
            for name, value in said[pk].items():
                setattr(entry, name, value)
        rows.bulk_update(entries.values(), names)


def rests(told: Iterable[tuple[int, str]]) -> str:
    """One hash over what is left of entries: each as its number and `JournalSeal.rest`."""
    return _sha256([list(one) for one in sorted(told)])


def end(chain: int, before: datetime | None = None) -> tuple[int, str]:
    """Sequence and head of the last seal; `before`: of the last one that is older."""
    rows = JournalSeal.objects.filter(chain=chain).order_by("-sequence")
    rows = rows.filter(sealed_at__lt=before) if before else rows
    return rows.values_list("sequence", "head").first() or (0, anchor(chain))


def mark(chain: int) -> str:
    """Where a chain stands now, as letters tell it and `journal verify --head` reads it: "3/1204/9f86d0…"."""
    sequence, head = end(chain)
    return f"{chain}/{sequence}/{head}"


def read_mark(text: str) -> tuple[int, int, str]:
    """Chain, sequence and head. Raises `ValueError`."""
    found = _MARK.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return int(found[1]), int(found[2]), found[3]


def anchor(chain: int) -> str:
    """The head before the first entry."""
    return _sha256(["Hoi Nghi journal", chain])


def next_head(before: str, one: JournalSeal, entry: JournalEntry) -> str:
    """The head with this entry; `one` holds what its row may lose."""
    at, sealed_at = (moment.astimezone(UTC).isoformat() for moment in (entry.at, one.sealed_at))
    plain = [one.chain, one.sequence, entry.pk, at, sealed_at, one.actor]
    told = [entry.act, entry.subject, entry.delegation_ref, entry.person_ref, entry.request_id]
    return _sha256([before, *plain, *told, one.personal])


def personal(salt: str, entry: JournalEntry) -> str:
    """What of the entry tells of people, as the chain knows it."""
    return _sha256([salt, entry.actor_name, entry.origin, entry.subject_name, entry.changes])


@transaction.atomic
def _seal_some(everything: bool) -> list[JournalSeal]:
    _hold_sealer()
    now = timezone.now()
    ends: dict[int, tuple[int, str]] = {}
    made = []
    for entry in unsealed(everything=everything)[:AT_ONCE]:
        chain = entry.conference_id or NONE
        sequence, before = ends.get(chain) or end(chain)
        one = _sealed(chain, sequence + 1, entry, now)
        one.head = next_head(before, one, entry)
        ends[chain] = (one.sequence, one.head)
        made.append(one)
    return JournalSeal.objects.bulk_create(made)


def _hold_sealer() -> None:
    """Until this transaction ends nobody else seals; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))


@contextmanager
def _erasing() -> Iterator[None]:
    """Tells the trigger of the journal (migration 0010) that what is written now takes a person out."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL hoi_nghi.erasing = 'on'")
        yield  # a failure takes the setting back with the transaction
        cursor.execute("SET LOCAL hoi_nghi.erasing = 'off'")


def _sealed(chain: int, sequence: int, entry: JournalEntry, now: datetime) -> JournalSeal:
    salt = secrets.token_hex(16)
    return JournalSeal(
        chain=chain, sequence=sequence, entry=entry.pk, actor=entry.actor_id, sealed_at=now,
        salt=salt, personal=personal(salt, entry),
    )  # fmt: skip


def with_entries(
    seals: models.QuerySet[JournalSeal],
) -> Iterator[tuple[JournalSeal, JournalEntry | None]]:
    """Each with what it seals, some thousand at a time."""
    rest = seals.iterator(READ_AT_ONCE)
    while some := list(islice(rest, READ_AT_ONCE)):
        entries = JournalEntry.objects.in_bulk([one.entry for one in some])
        for one in some:
            yield one, entries.get(one.entry)


def _sealed_anew(one: JournalSeal, entry: Any, left: Mapping[int, Mapping[str, Any]]) -> JournalSeal:
    """The seal with another salt, over what is left of its entry."""
    for name, value in left[one.entry].items():
        setattr(entry, name, value)
    one.salt = secrets.token_hex(16)
    one.rest = personal(one.salt, entry)
    return one


def _sha256(told: list[Any]) -> str:
    return hashlib.sha256(_TEXT.encode(told).encode()).hexdigest()
