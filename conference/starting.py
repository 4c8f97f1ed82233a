"""What no installation that others can reach starts with. Every refusal says in one sentence what to do."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from packaging.version import Version

# First versions without a hole that would reach us; what it was. Kept here alone.
MENDED_IN: dict[str, tuple[str, str]] = {
    "weasyprint": ("70.0", "its fetcher was passed by: files and network in a paper (CVE-2026-55073)"),
    "django-allauth": ("65.14.2", "limits could be passed by with a made-up X-Forwarded-For"),
    "django": ("5.2.19", "security releases of 5.2"),
    "celery": ("5.2.2", "whoever writes to the broker ran code (CVE-2021-23727)"),
    "redis": ("4.5.4", "answers reached another question (CVE-2023-28859)"),
    "openpyxl": ("2.4.2", "files of the machine in a workbook (CVE-2017-5992)"),
}
LONGEST_WEAK_KEY, FEWEST_SIGNS, SHORTEST_TOKEN = 49, 10, 32
LOOPBACK_NAME = "localhost"


def require(*, debug: bool, demo: bool, site_url: str, keys: list[str], metrics_token: str) -> None:
    """Raises `ImproperlyConfigured` with everything that forbids the start."""
    why = [*holes(), *_settings(debug, demo, site_url, keys, metrics_token)]
    if why:
        raise ImproperlyConfigured("\n".join(why))


def holes(installed: dict[str, str] | None = None) -> list[str]:
    """Installed versions with a known hole."""
    found = installed or {name: version(name) for name in MENDED_IN}
    return [
        f"{name} {found[name]} has a known hole ({what}). Install {least} or later."
        for name, (least, what) in MENDED_IN.items()
        if Version(found[name]) < Version(least)
    ]


def is_reachable(site_url: str) -> bool:
    """Whether anybody but this machine is meant to come."""
    host = urlsplit(site_url).hostname or ""
    if host == LOOPBACK_NAME:
        return False
    try:
        return not ip_address(host).is_loopback
    except ValueError:  # a name
        return True


def _settings(debug: bool, demo: bool, site_url: str, keys: list[str], metrics_token: str) -> Iterator[str]:
    if metrics_token and len(metrics_token) < SHORTEST_TOKEN:
        yield f"METRICS_TOKEN must have at least {SHORTEST_TOKEN} signs, or be unset."
    if not is_reachable(site_url):
        return
    if debug:
        yield f"DEBUG shows source and settings to every visitor of {site_url}: set it to 0."
    if demo:
        yield "DEMO asks organisers for no second factor: set it to 0, or SITE_URL to a loopback address."
    if not site_url.startswith("https://"):
        yield "SITE_URL must begin with https:// where others come."
    if any(map(is_weak, keys)):
        yield "SECRET_KEY, and each of SECRET_KEY_FALLBACKS, must be at least 50 random characters."


def is_weak(key: str) -> bool:
    """Too short, too even, or one that stands in an example."""
    return len(key) <= LONGEST_WEAK_KEY or len(set(key)) < FEWEST_SIGNS or key.startswith("django-insecure-")
