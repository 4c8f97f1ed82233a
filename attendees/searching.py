"""What a person is found by: one text without marks, with telephone and address for who may read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, QuerySet, When

from conference import vietnamese

LONGEST = 1000
LONGEST_SEARCH = 200  # characters; every word is a condition, and thousands of them take seconds


def key_of(words: Iterable[str], code: str, phone: str) -> str:
    """What is kept; the address is the last of the words."""
    return f"{vietnamese.fold(' '.join(words))} {code.lower()} {_digits(phone)}"[:LONGEST]


def open_key(search_key: str, phone: str, email: str) -> str:
    """The same for who sees contacts masked."""
    key = search_key.removesuffix(_digits(phone))
    folded = vietnamese.fold(email)
    return key.replace(f" {folded} ", " ") if folded else key


def has_words(text: str, words: Iterable[str]) -> bool:
    return all(word in text for word in words)


def narrowed(people: QuerySet[Any], text: str, *, by_contact: bool) -> QuerySet[Any]:
    """Those of the people who have every word; see `AttendeeQuerySet.search`."""
    text = text[:LONGEST_SEARCH]
    words = vietnamese.fold(text).split()
    if not words:
        return people
    found = people
    for word in words:
        found = found.filter(search_key__contains=word)
    if not by_contact:
        rows = found.order_by().values_list("pk", "search_key", "phone", "email")
        found = found.filter(pk__in=[pk for pk, *told in rows if has_words(open_key(*told), words)])
    as_typed = Case(When(full_name__icontains=vietnamese.clean(text), then=0), default=1)
    order = people.query.order_by or ("sort_key", "pk")
    return found.annotate(as_typed=as_typed).order_by("as_typed", *order)


def _digits(phone: str) -> str:
    return "0" + phone.removeprefix("+84") if phone else ""
