"""What must hold before the site starts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import Error
from django.core.checks import Warning as Caution
from django.urls import URLPattern, URLResolver, get_resolver

from conference.policy import HOLDER, RULES


def names_of(patterns: Iterable[URLPattern | URLResolver], room: str = "") -> Iterator[tuple[str, str]]:
    """Every pattern with its full name, or "" where it has none: (name, what it matches)."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{room}{pattern.namespace}:" if pattern.namespace else room
            yield from names_of(pattern.url_patterns, inner)
        else:
            yield f"{room}{pattern.name}" if pattern.name else "", str(pattern.pattern)


def every_address_has_a_line(**_kwargs: Any) -> list[Error]:
    """`conference.policy` knows every address, names no other, and says who finds its rows."""
    known = list(names_of(get_resolver().url_patterns))
    names = {name for name, _ in known}
    return [
        *(
            Error(f"The address {name or matched} has no line in conference/policy.py.", id="conference.E001")
            for name, matched in known
            if name not in RULES
        ),
        *(
            Error(f"conference/policy.py names {name}, which is no address.", id="conference.E002")
            for name in RULES
            if name not in names
        ),
        *(
            Error(f"{rows} has no visible_to for {name}.", id="conference.E003")
            for name, rows in ((name, rule.rows) for name, rule in RULES.items())
            if rows and rows != HOLDER and not hasattr(apps.get_model(rows).objects.all(), "visible_to")
        ),
    ]


def roots_can_be_read(**_kwargs: Any) -> list[Caution]:
    """Nothing else needs them, so that nothing stops: until they can, no signed file is taken back."""
    if not settings.SIGNING_TRUST_FILE:
        return []
    try:
        if b"-----BEGIN CERTIFICATE-----" in Path(settings.SIGNING_TRUST_FILE).read_bytes():
            return []
    except OSError:
        pass
    mend = "Put the roots (PEM) there, readable to every process, or empty the variable."
    return [Caution("SIGNING_TRUST_FILE names no file of roots.", hint=mend, id="conference.W001")]
