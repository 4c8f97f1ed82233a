"""The text of a letter: which template, what stands in its places, what an organiser may see of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from conference import vietnamese
from conference.models import Conference
from mailing import kinds, placeholders
from mailing.errors import MailError
from mailing.kinds import Kind
from mailing.models import Message, MessageTemplate


@dataclass(frozen=True)
class Text:
    """A letter as it is read."""

    subject: str
    body: str


def of(conference: Conference, kind: Kind) -> Text:
    """The template of a kind in a conference: its own, else that of the kind."""
    found = MessageTemplate.objects.filter(conference=conference, kind=kind.slug)
    own = None if kind.is_fixed else found.first()
    return Text(own.subject, own.body) if own else Text(kind.subject, kind.body)


def check(kind: Kind, text: Text) -> Text:
    """The text as it is kept; `MailError` for what the kind does not allow."""
    return Text(check_subject(kind, text.subject), check_body(kind, text.body))


def check_subject(kind: Kind, subject: str) -> str:
    """No secret stands here: the line is shown in lists, and in the logs of every server on the way."""
    subject = vietnamese.clean(subject)
    if not subject:
        raise MailError(_("Nhập tiêu đề của thư."))
    open_names = [name for name in kind.placeholders if name not in kind.secrets]
    placeholders.check(subject, open_names, longest=placeholders.LONGEST_SUBJECT)
    return subject


def check_body(kind: Kind, body: str) -> str:
    body = placeholders.clean(body).strip("\n")
    if not body.strip():
        raise MailError(_("Nhập nội dung của thư."))
    placeholders.check(body, list(kind.placeholders))
    return body


def fill(kind: Kind, text: Text, values: Mapping[str, str], secrets: Mapping[str, str]) -> Text:
    """The letter: places filled in one pass, what people wrote made unable to become a link."""
    safe = {
        name: value if name in kind.ours else placeholders.no_link(value) for name, value in values.items()
    }
    subject = placeholders.one_line(placeholders.fill(text.subject, safe))
    return Text(subject, placeholders.fill(text.body, {**safe, **secrets}))


def of_message(message: Message, secrets: Mapping[str, str]) -> Text:
    """A letter with its secrets, ready to leave. `MailError` if its kind does not allow its text any more."""
    kind = kinds.get(message.kind)
    text = check(kind, Text(message.subject_template, message.body_template))
    return fill(kind, text, message.values, secrets)


def preview(message: Message, text: Text | None = None) -> Text:
    """The letter as an organiser may see it: secrets stay hidden. `text`: a template being written."""
    template = text or Text(message.subject_template, message.body_template)
    kind = kinds.all_kinds().get(message.kind) or Kind(message.kind, message.kind, {}, "", "")
    hidden = {
        name: _("[%(what)s của %(whom)s]") % {"what": kind.label(name), "whom": message.subject_name}
        for name in message.secrets
    }
    return fill(kind, template, message.values, hidden)


def example(kind: Kind, text: Text) -> Text:
    """The template with the examples of its places."""
    shown = {name: value for name, (_label, value) in kind.placeholders.items()}
    hidden = {name: shown.pop(name) for name in kind.secrets & set(shown)}
    return fill(kind, text, shown, hidden)
