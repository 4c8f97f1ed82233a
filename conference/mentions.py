"""Where a text names one person: by the name, a telephone number or an address that nobody else has there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from conference import vietnamese
from conference.purposes import ERASED_NAME


class Mentions:
    """What names a person, found in texts and in plain data, and struck there."""

    def __init__(
        self,
        names: Iterable[str],
        phones: Iterable[str],
        addresses: Iterable[str],
        instead: str = ERASED_NAME,
    ) -> None:
        self._instead = instead  # stands where the name stood
        self._name = _any_of(names)
        self._contact = _any_of([*addresses, *(form for one in phones for form in _spellings(one))])

    def inside(self, value: Any) -> bool:
        """Does this text, or anything in this list or object, name the person?"""
        if isinstance(value, str):
            text = unicodedata.normalize("NFC", value)
            return any(one is not None and one.search(text) for one in (self._name, self._contact))
        if isinstance(value, Mapping):
            return any(self.inside(one) for pair in value.items() for one in pair)
        return isinstance(value, list | tuple) and any(map(self.inside, value))

    def struck(self, value: Any) -> Any:
        """The same without the person: the name is replaced, contacts go; what does not name them stays."""
        if isinstance(value, str) and self.inside(value):
            text = unicodedata.normalize("NFC", value)
            text = self._contact.sub("", text) if self._contact else text
            return self._name.sub(self._instead, text).strip() if self._name else text.strip()
        if isinstance(value, Mapping):
            return {self.struck(key): self.struck(one) for key, one in value.items()}
        if isinstance(value, list):
            found = [(one, self.struck(one)) for one in value]
            return [now for before, now in found if now != "" or before == ""]
        return value


def _any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    forms = sorted({unicodedata.normalize("NFC", word.strip()) for word in words if word.strip()}, key=len)
    if not forms:
        return None
    whole = "|".join(r"\s+".join(map(re.escape, form.split())) for form in reversed(forms))
    return re.compile(rf"(?<!\w)(?:{whole})(?!\w)", re.I)


def _spellings(phone: str) -> set[str]:
    """As it is kept, as people write it, and without any sign."""
    if not phone:
        return set()
    shown = vietnamese.show_phone(phone)
    national = "0" + phone.removeprefix("+84")
    return {phone, phone.removeprefix("+"), national, shown, shown.replace(" ", ".")}
