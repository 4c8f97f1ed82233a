"""Walks the site as one person: every page that links lead to, each kind of page once or twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from tests.journeys.pages import Page

LEAVE_ALONE = ("/static/", "/media/", "/accounts/logout/")


def kind_of(address: str) -> str:
    """The pattern behind an address, with the names of its parameters instead of their values."""
    path, _, query = address.partition("?")
    try:
        found = resolve(path)
    except Resolver404:
        return path
    keys = sorted({part.split("=")[0] for part in query.split("&") if part})
    return f"{found.route} {' '.join(keys)}"


def walk(
    client: Client, *starts: str, of_a_kind: int = 2, limit: int = 400
) -> Iterator[tuple[Page, HttpResponse]]:
    """Pages reached from `starts` by GET, at most `of_a_kind` of one pattern and query."""
    waiting, known, kinds = list(starts), set(starts), Counter[str]()
    while waiting and limit:
        address = waiting.pop(0)
        if kinds[kind_of(address)] >= of_a_kind:
            continue
        kinds[kind_of(address)] += 1
        limit -= 1
        response = client.get(address)
        if response.status_code in (301, 302):
            onward = Page(address, f'<a href="{response.headers["Location"]}">').links
        elif response.headers.get("Content-Type", "").startswith("text/html"):
            page = Page(address, response.content.decode())
            onward = page.links
            yield page, response
        else:
            onward = []
        for link in onward:
            if link and link not in known and not link.startswith(LEAVE_ALONE):
                known.add(link)
                waiting.append(link)
