"""Reads the whole journal again: entries against their chain, the chain against the heads kept elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from conference import appending, sealing
from conference.models import Conference, JournalEntry, JournalSeal, User

Mark = tuple[int, int, str]  # chain, sequence, head
SEALED_WITHIN, LATE = timedelta(minutes=10), timedelta(hours=1)


@dataclass
class Proof:
    """What was found. Nothing was changed unseen where `faults` is empty."""

    entries: int = 0
    chains: int = 0
    erased: int = 0
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def prove(kept: Iterable[Mark] = ()) -> Proof:
    """Every entry against its seal, every seal against the one before, every head against the file.

    `kept`: heads that somebody kept elsewhere, as `sealing.read_mark` gives them.
    """
    return _Prover().prove(kept)


class _Prover:
    """One reading, from the first seal of the first chain to the last of the last."""

    def __init__(self) -> None:
        self.proof = Proof()
        self.slugs = dict(Conference.objects.values_list("pk", "slug"))
        self.accounts = set(User.objects.values_list("pk", flat=True))
        self.heads: dict[int, dict[int, set[str]]] = {}  # chain → sequence → heads, as they were written down
        self.ends: dict[int, tuple[int, str]] = {}
        self.backdated = 0  # the sealer was stopped, or somebody wrote them in afterwards
        self.erasures: Counter[int] = Counter()  # entry that tells of an erasing → seals that name it
        self.withheld: dict[int, list[tuple[int, str]]] = {}  # the same → entries, with what is left of them

    def prove(self, kept: Iterable[Mark]) -> Proof:
        border, lines = timezone.now() - SEALED_WITHIN, list(appending.entries(sealing.path()))
        self._read_heads(lines)
        for chain, sequence, head in kept:
            self._note(chain, sequence, head)
        for one, entry in sealing.with_entries(JournalSeal.objects.order_by("chain", "sequence")):
            self._compare(one, entry)
        for chain, known in self.heads.items():
            last = self.ends.get(chain, (0, ""))[0]
            most = max(known, default=0)
            if most > last:
                self._fault(chain, last, f"{most - last} entries after it were written down and are gone")
        self._count_erasures()
        self.proof.chains = len(self.ends)
        if self.backdated:
            told = f"{self.backdated} entries were sealed more than an hour after the moment that they tell"
            self.proof.notes.append(told)
        for chain in sealing.lacking(border, lines):
            self.proof.notes.append(f"{self._name(chain)}: its end is not in {sealing.path().name}")
        late = sealing.unsealed().filter(at__lt=border).count()
        if late:
            self.proof.notes.append(f"{late} entries older than ten minutes have no seal yet")
        return self.proof

    def _read_heads(self, lines: list[dict[str, Any]]) -> None:
        if not lines and JournalSeal.objects.exists():
            self.proof.faults.append(f"{sealing.path()} is missing: a tail that was cut cannot be seen")
        for line in lines:
            chain, to = line["chain"], line.get("restored")
            if to is not None:
                self.proof.notes.append(f"{self._name(chain)}: restored on {line['at']} to {to} entries")
                kept = {n: head for n, head in self.heads.get(chain, {}).items() if n < to}
                self.heads[chain] = {**kept, to: {line["head"]}}
            else:
                self._note(chain, line["sequence"], line["head"])

    def _note(self, chain: int, sequence: int, head: str) -> None:
        self.heads.setdefault(chain, {}).setdefault(sequence, set()).add(head)

    def _compare(self, one: JournalSeal, entry: JournalEntry | None) -> None:
        last, before = self.ends.get(one.chain, (0, sealing.anchor(one.chain)))
        self.ends[one.chain] = (one.sequence, one.head)
        self.proof.entries += 1
        if one.sequence != last + 1:
            self._fault(one.chain, one.sequence, f"{one.sequence - last - 1} seals before it are gone")
        elif entry is None:
            self._fault(one.chain, one.sequence, f"entry {one.entry} was removed")
        elif sealing.next_head(before, one, entry) != one.head:
            self._fault(one.chain, one.sequence, f"entry {one.entry} was changed or moved")
        elif why := self._misfit(one, entry):
            self._fault(one.chain, one.sequence, f"entry {one.entry} {why}")
        elif one.sealed_at - entry.at > LATE:
            self.backdated += 1
        if self.heads.get(one.chain, {}).get(one.sequence, set()) - {one.head}:
            self._fault(one.chain, one.sequence, "the chain up to here is another than was written down")

    def _misfit(self, one: JournalSeal, entry: JournalEntry) -> str:
        """What of the entry is not in the chain itself, or may have been taken away with a person."""
        if entry.conference_id != (one.chain or None) and (entry.conference_id or one.chain in self.slugs):
            return "was moved to another conference"
        if entry.actor_id != one.actor and (entry.actor_id or one.actor in self.accounts):
            return "was given to another account"
        if one.withheld is not None:
            self.withheld.setdefault(one.withheld, []).append((one.entry, one.rest))
        if one.erasure is None:
            known = one.personal if one.withheld is None else one.rest
            is_same = bool(one.salt) and sealing.personal(one.salt, entry) == known
            return "" if is_same else "was changed"
        self.proof.erased += 1
        if {name: getattr(entry, name) for name in sealing.BLANK} != sealing.BLANK:
            return "was erased, and written anew"
        self.erasures[one.erasure] += 1
        return ""

    def _count_erasures(self) -> None:
        """As many were erased as the acts of erasing tell: under their name nothing else was taken out.

        And of entries without an account, or without what is over its time, that much is left.
        """
        acts = JournalEntry.objects.filter(act__in=sealing.TAKE_OUT)
        told = acts.in_bulk([*self.erasures, *self.withheld])
        for pk, count in self.erasures.items():
            said = told[pk].changes.get("entries", [None, 0])[1] if pk in told else 0
            if said != count:
                self.proof.faults.append(f"entry {pk} tells of {said} erased entries, {count} name it")
        for pk, left in self.withheld.items():
            said = told[pk].changes.get("hash", [None, ""])[1] if pk in told else ""
            if said != sealing.rests(left):
                fault = f"entry {pk} tells otherwise of the {len(left)} entries that lost something under it"
                self.proof.faults.append(fault)

    def _fault(self, chain: int, sequence: int, says: str) -> None:
        self.proof.faults.append(f"{self._name(chain)}, {sequence}: {says}")

    def _name(self, chain: int) -> str:
        return self.slugs.get(chain, f"conference {chain}" if chain else "without a conference")
