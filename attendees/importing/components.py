"""Which component the words of a list mean: those of its column, of a group row, or the name of a body."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from attendees.models import Category, Delegation
from conference import vietnamese

# How offices shorten what components and bodies are called.
_SHORT = {
    "ubnd": "uy ban nhan dan", "ub": "uy ban", "tttt": "thong tin truyen thong", "vp": "van phong",
    "ttdn": "thong tin doi ngoai", "bdbp": "bo doi bien phong", "bch": "bo chi huy", "tw": "trung uong",
    "btg": "ban tuyen giao", "tgdv": "tuyen giao dan van", "btc": "ban to chuc", "bc": "bao chi",
    "ptth": "phat thanh truyen hinh", "vhttdl": "van hoa the thao du lich",
}  # fmt: skip
# They say where a body is, or whose: "Công an các tỉnh, thành phố" is "Công an".
_ASIDE = re.compile(
    r"\b(dai bieu|dai dien|thanh pho|tinh uy|thanh uy|truc thuoc|cong tac|khoi|doan|nguoi"
    r"|tinh|tp|t p|va|cac|cua|thuoc|cap)\b"
)


@lru_cache(maxsize=4096)
def words(text: str) -> frozenset[str]:
    """What a name says, without marks, order, shortenings and place."""
    folded = vietnamese.fold(text.replace("&", "")).replace("pt th", "ptth")
    said = " ".join(_SHORT.get(word, word) for word in _ASIDE.sub(" ", folded).split())
    return frozenset((said or folded).split())


class Components:
    """The components of which one delegation has seats."""

    def __init__(self, delegation: Delegation, categories: Iterable[Category]) -> None:
        self.categories = list(categories)
        self._place = words(delegation.unit.name) if delegation.unit else frozenset()

    def named(self, text: str) -> list[Category]:
        """What the words of the column mean: one is certain, several or none must be asked for."""
        said = self._said(text)
        if not said:
            return []
        for names in (self._called, self._within):
            if found := [one for one in self.categories if names(one, said)]:
                return found
        return []

    def of_group(self, text: str) -> list[Category]:
        """The same for a group row. The name of a body says little where several components come from it."""
        found = self.named(text)
        if len(found) != 1 or words(found[0].name) == self._said(text):
            return found
        return self._with_siblings(found[0])

    def of_body(self, text: str) -> list[Category]:
        """Whom a body sends, by its kind or by its name."""
        said = self._said(text)
        if not said:
            return []
        by_kind = [one for one in self.categories if _is_of_kind(one, said)]
        return by_kind or self.of_group(text)

    def _said(self, text: str) -> frozenset[str]:
        said = words(text)
        return said - self._place if self._place < said else said

    def _with_siblings(self, category: Category) -> list[Category]:
        kind = category.organisation_kind_id
        siblings = (one for one in self.categories if kind and one.organisation_kind_id == kind)
        return list(dict.fromkeys((category, *siblings)))

    @staticmethod
    def _called(category: Category, said: frozenset[str]) -> bool:
        return said in (words(category.name), words(category.short_name), words(category.slug))

    @staticmethod
    def _within(category: Category, said: frozenset[str]) -> bool:
        name, short = words(category.name), words(category.short_name)
        return said < name or name < said or short < said


def _is_of_kind(category: Category, said: frozenset[str]) -> bool:
    kind = category.organisation_kind
    return kind is not None and words(kind.name) <= said
