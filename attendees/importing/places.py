"""Which delegation the words for a province mean: name, other spelling, short form or code of its unit."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import F

from attendees.models import Delegation
from conference import vietnamese
from conference.models import Conference, UnitSuccession

# What may stand before the name: "Đoàn đại biểu tỉnh Lâm Đồng", "UBND TP. Cần Thơ".
_OPENINGS = ("doan dai bieu", "doan", "uy ban nhan dan", "ubnd", "tinh", "thanh pho", "tp", "t p")
_CLOSE = 0.75  # how alike a misspelled name must be to be proposed
_PROPOSED = 4


class Places:
    """The delegations of one conference by every word for them. Words of two delegations mean neither."""

    def __init__(self, conference: Conference, delegations: Iterable[Delegation]) -> None:
        self.conference = conference
        self.delegations = list(delegations)
        self._exact: dict[str, set[int]] = defaultdict(set)
        self._folded: dict[str, set[int]] = defaultdict(set)
        self._by_key = {one.pk: one for one in self.delegations}
        self._found: dict[str, Delegation | None] = {}  # thousands of rows say few different words
        for one in self.delegations:
            for name in filter(None, _names(one)):
                self._exact[_plain(name)].add(one.pk)
                self._folded[bare(name)].add(one.pk)

    def find(self, text: str) -> Delegation | None:
        """The one delegation that the words mean."""
        if text not in self._found:
            self._found[text] = self._meant(text)
        return self._found[text]

    def _meant(self, text: str) -> Delegation | None:
        for known, words in ((self._exact, _plain(text)), (self._folded, bare(text))):
            if len(found := known.get(words, set())) == 1:
                return self._by_key[next(iter(found))]
        return None

    def named_in(self, text: str) -> Delegation | None:
        """The one delegation whose name ends the name of a body: "Sở Y tế tỉnh Lâm Đồng"."""
        words = vietnamese.fold(text).split()
        for size in range(min(len(words) - 1, 5), 1, -1):  # a name of one syllable would be found anywhere
            found = self._folded.get(" ".join(words[-size:]), set())
            if len(found) == 1:
                return self._by_key[next(iter(found))]
        return None

    def proposals(self, text: str) -> list[Delegation]:
        """What may have been meant, the likeliest first."""
        words = bare(text)
        keys = list(self._folded.get(words, ()))
        keys += [key for unit in self._successors(words) for key in self._folded.get(unit, ())]
        for name in difflib.get_close_matches(words, self._folded, _PROPOSED, _CLOSE):
            keys += self._folded[name]
        return [self._by_key[key] for key in dict.fromkeys(keys)][:_PROPOSED]

    def _successors(self, words: str) -> Iterator[str]:
        """Names in this conference's set of the unit that has this name in the other one."""
        if not words:
            return
        rows = UnitSuccession.objects.select_related("old", "new").exclude(old__unit_set=F("new__unit_set"))
        for row in rows:
            ours, theirs = (row.new, row.old)
            if ours.unit_set != self.conference.unit_set:
                ours, theirs = theirs, ours
            if bare(theirs.name) == words:
                yield bare(ours.name)


def bare(text: str) -> str:
    """The words without marks and without what only says what kind of thing is named."""
    words = vietnamese.fold(text)
    while opening := next((one for one in _OPENINGS if words.startswith(f"{one} ")), ""):
        words = words.removeprefix(opening).strip()
    return words


def _plain(text: str) -> str:
    return vietnamese.clean(text).casefold()


def _names(delegation: Delegation) -> Iterator[str]:
    yield from (delegation.name, delegation.code)
    if unit := delegation.unit:
        yield from (unit.name, unit.full_name, unit.abbr, unit.code, unit.name_en, unit.slug, *unit.aliases)
