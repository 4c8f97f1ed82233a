"""What was written to somebody, for the pages of the rooms above: `log.of("attendees.delegation:17")`."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, QuerySet
from django.urls import reverse

from mailing import kinds
from mailing.models import Message, State

TAGS = {
    State.DRAFT: "wait",
    State.APPROVED: "info",
    State.SENDING: "part",
    State.SENT: "ok",
    State.FAILED: "err",
    State.CANCELLED: "off",
}
MOST = 50


@dataclass(frozen=True)
class Line:
    """One letter, for the template `admin/mailing/_log.html`."""

    title: str
    to: str
    kind: str  # of its tag
    state: str
    at: datetime.datetime
    note: str  # why it did not leave
    url: str


def of(*subject_refs: str) -> list[Line]:
    """Letters about these rows, the latest first; one question to the database for any number."""
    letters = Message.objects.about(*subject_refs).select_related("conference")
    return [line(message) for message in letters.order_by("-created_at", "-pk")[:MOST]]


def last_sent(kind: str, subject_refs: Iterable[str]) -> dict[str, datetime.datetime]:
    """When each of these rows was last written to with a letter of that kind, as far as it was."""
    letters = Message.objects.about(*subject_refs).filter(kind=kind, state=State.SENT)
    return dict(letters.order_by().values_list("subject_ref").annotate(Max("sent_at")))


def waiting(kind: str, subject_refs: Iterable[str]) -> QuerySet[Message]:
    """Letters of that kind about these rows that are still to leave."""
    still = (State.DRAFT, *Message.MOVING)
    return Message.objects.about(*subject_refs).filter(kind=kind, state__in=still)


def line(message: Message) -> Line:
    return Line(
        title=kinds.title_of(message.kind),
        to=message.masked_addresses,
        kind=TAGS[State(message.state)],
        state=str(State(message.state).label),
        at=moment(message).astimezone(message.conference.zone),
        note=message.error,
        url=reverse("admin:mailing_message_change", args=(message.pk,)),
    )


def moment(message: Message) -> datetime.datetime:
    """When the letter came into its state, as far as the row tells."""
    return message.sent_at or message.approved_at or message.created_at
