"""What must hold before the site starts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.checks import Error
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


def a_demonstration_stays_at_home(**_kwargs: Any) -> list[Error]:
    """DEMO asks for no second factor and writes passwords into a file: not where others come."""
    home = urlsplit(settings.SITE_URL).hostname in ("127.0.0.1", "localhost", "::1")
    if not settings.DEMO or home:
        return []
    return [
        Error(
            "DEMO=1 asks organisers for no second factor; SITE_URL must be a loopback address.",
            hint="Set DEMO=0, or show the demonstration on the machine itself.",
            id="conference.E004",
        )
    ]


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
