"""Walks the site as one person: every page that links lead to, each kind of page once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from tests.journeys.pages import Page

LEAVE_ALONE = ("/static/", "/media/", "/accounts/logout/")


def kind_of(address: str) -> str:
    """The pattern behind an address: pages of one pattern are alike, whatever is filtered on them."""
    path = address.partition("?")[0]
    try:
        return resolve(path).route
    except Resolver404:
        return path


def walk(
    client: Client, *starts: str, of_a_kind: int = 1, limit: int = 150, files: bool = False
) -> Iterator[tuple[Page, HttpResponse]]:
    """Pages reached from `starts` by GET, at most `of_a_kind` of one pattern; `files`: no pages too."""
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
            if files:
                yield Page(address, ""), response
            list(getattr(response, "streaming_content", ()))  # a file: read to its end, it is closed
        for link in onward:
            if link and link not in known and not link.startswith(LEAVE_ALONE):
                known.add(link)
                waiting.append(link)
