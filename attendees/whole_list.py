"""The answer of a delegation in one go: what is said about every seat, then the list is sent. All or nothing.

It calls the same acts as the single buttons, within one transaction. What one of them refuses is told at its
line, and nothing of the others is done.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from attendees import answers
from attendees.holding import Stale, hold
from attendees.models import Attendee, Category, Delegation, Receipt
from attendees.seats import Seats
from conference.journal import Actor


class Act(StrEnum):
    """What can be said about one seat, in the order in which it is done: first what frees a seat."""

    DECLINE = "decline"
    REPLACE = "replace"
    NOMINATE = "nominate"
    EMPTY = "empty"
    CONFIRM = "confirm"  # of who is on the list already: sending does it
    LATER = "later"  # of an open seat: it stays open


_ORDER = list(Act)


@dataclass(frozen=True)
class Said:
    """What is said about one seat. `line`: which line of the form, for what is refused."""

    line: str
    act: Act
    category: Category
    person: Attendee | None = None
    reason: str = ""
    and_seat: bool = False
    fields: dict[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """What the acts refuse: line of the form → sentence, or errors of its fields."""

    def __init__(self, by_line: dict[str, ValidationError]) -> None:
        super().__init__(", ".join(by_line))
        self.by_line = by_line


@transaction.atomic
def send(
    delegation: Delegation,
    said: Sequence[Said],
    *,
    by: Actor | None,
    shown: str,
    key: uuid.UUID,
    digest: str,
) -> Receipt:
    """Does what was said about the seats, confirms everybody on the list and gives the receipt.

    `shown`: `signature` of the list on the screen. `key` names the filled page and `digest` its content: sent
    again it gives the same receipt, with other content `Stale`. Raises `Refused`, else as `answers.confirm`.
    """
    held = hold(delegation, by=by)
    if (before := sent_before(held, key, digest)) is not None:
        return before
    if shown != signature(Seats(held)):
        raise Stale(held)
    refused = {}
    for one in sorted(said, key=lambda one: _ORDER.index(one.act)):
        try:
            with transaction.atomic():
                _do(held, one, by, uuid.uuid5(key, one.line))
        except ValidationError as error:
            refused[one.line] = error
    if refused:
        raise Refused(refused)
    answers.confirm(held, by=by)
    receipt = held.receipts.latest("number")
    if receipt.request_key is None:
        receipt.request_key, receipt.request_sha256 = key, digest
        receipt.save(update_fields=("request_key", "request_sha256"))
    return receipt


def sent_before(delegation: Delegation, key: uuid.UUID, digest: str) -> Receipt | None:
    """The receipt of a page that was sent already. `Stale` when it said something else."""
    before = Receipt.objects.filter(request_key=key).first()
    if before and (before.delegation_id, before.request_sha256) != (delegation.pk, digest):
        raise Stale(delegation)
    return before


def signature(seats: Seats) -> str:
    """What a list says now, people by code and version, seats by number: to see whether it changed."""
    parts = [f"{part.category.slug}:{part.seats}:{part.declined}" for part in seats.components]
    return " ".join([seats.shown, *parts]).strip()


def told(typed: Mapping[str, str], key: str) -> str:
    """What was said about a line, in words; empty where nothing is to change."""
    act, who, why = (typed.get(f"{key}-{name}", "").strip() for name in ("act", "full_name", "reason"))
    match act:
        case Act.REPLACE:
            return _("Thay bằng %(who)s. Lý do: %(why)s") % {"who": who or "…", "why": why or "…"}
        case Act.DECLINE:
            return _("Không tham dự. Lý do: %s") % (why or "…")
        case Act.NOMINATE:
            return _("Cử %s") % (who or "…")
        case Act.EMPTY:
            return _("Không cử. Lý do: %s") % (why or "…")
    return ""


def typed_of(data: Mapping[str, str]) -> dict[str, str]:
    """What was typed into the page: the controls of its lines, and the list that it showed."""
    names = [name for name in data if name.startswith(("p-", "s-")) or name == "shown"]
    return {name: data[name].replace("\0", "") for name in names}


def typed_lines(typed: Mapping[str, str]) -> list[str]:
    """Keys of the lines that were filled."""
    return [name.removesuffix("-act") for name in typed if name.endswith("-act")]


def _do(held: Delegation, said: Said, by: Actor | None, key: uuid.UUID) -> None:
    match said.act, said.person:
        case Act.DECLINE, Attendee() as person:
            answers.decline_person(person, said.reason, by=by, and_seat=said.and_seat)
        case Act.REPLACE, Attendee() as person:
            answers.replace(person, by=by, request_key=key, reason=said.reason, **said.fields)
        case Act.NOMINATE, None:
            answers.nominate(held, said.category, by=by, request_key=key, **said.fields)
        case Act.EMPTY, None:
            declined = held.quotas.get(category=said.category).declined
            answers.decline_seats(held, said.category, declined + 1, said.reason, by=by)
