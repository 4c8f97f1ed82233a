"""Asking the desk for pages, and reading what they say."""

import html
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, models
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conference.models import User

UNDEFINED = "!undefined %s!"


def url(model: type[models.Model], page: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def signed_in(user: User, *, ago: float = -3600) -> Client:
    """A browser whose person gave a password so many seconds ago; by default it is good for a whole test."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - ago}]
    session.save()
    return client


@contextmanager
def strict_templates() -> Iterator[None]:
    """Undefined variables become words that tests look for. Compiled templates stay: they ask as they run."""
    engine = engines["django"].engine  # type: ignore[attr-defined]  # of DjangoTemplates
    plain, engine.string_if_invalid = engine.string_if_invalid, UNDEFINED
    try:
        yield
    finally:
        engine.string_if_invalid = plain


def text(response: Any) -> str:
    """What a page says, without markup; blanks are single."""
    body = response.content.decode()
    undefined = re.findall("!undefined (.*?)!", body)
    assert not undefined, undefined
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", body, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def rows(response: Any) -> list[str]:
    """The linked names of a list, in its order."""
    body = response.content.decode()
    found = re.findall(r'<th scope="row"[^>]*><a [^>]*>(.*?)</a>', body, flags=re.S)
    return [html.unescape(re.sub(r"<[^>]+>", "", one)).strip() for one in found]


def fields(response: Any) -> dict[str, str]:
    """What the form of a page holds, as a browser would send it."""
    form = response.context["adminform"].form
    data = {form.add_prefix(name): form[name].value() for name in form.fields}
    for one in response.context["inline_admin_formsets"]:
        for inner in (one.formset.management_form, *one.formset.forms):
            data |= {inner.add_prefix(name): inner[name].value() for name in inner.fields}
    left_out = {name for name, value in data.items() if value is None or value is False or value in ("", [])}
    return {name: form_value(value) for name, value in data.items() if name not in left_out}


def form_value(value: Any) -> Any:
    return (
        value.strftime("%d/%m/%Y")
        if hasattr(value, "strftime") and not hasattr(value, "hour")
        else str(value)
    )


def queries(client: Client, address: str) -> int:
    client.get(address)  # content types, the sign-in
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


Grow = Callable[[], None]


def same_count(client: Client, address: str, grow: Grow, times: tuple[int, ...] = (1, 3, 30)) -> list[int]:
    """The number of queries of a page as its rows become more. Equal numbers mean no query per row."""
    counts, size = [], 0
    for wanted in times:
        for _ in range(wanted - size):
            grow()
        size = wanted
        counts.append(queries(client, address))
    return counts


@pytest.fixture
def strict() -> Any:
    with strict_templates():
        yield
