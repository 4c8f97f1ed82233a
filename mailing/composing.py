"""Puts a letter together as it leaves: its secrets, its attachments, its head."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from email.header import Header
from email.headerregistry import Address
from email.message import Message as MIMEMessage
from email.utils import format_datetime, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from conference import vietnamese
from conference.models import Conference
from mailing import placeholders, wording
from mailing.errors import MailError
from mailing.models import Message

File = tuple[str, bytes, str]  # name, content, content type
RESERVED = ("example", "invalid", "test")  # top-level names that lead nowhere (RFC 2606)


def still_wanted(message: Message) -> str:
    """Empty while the letter has a point; else the sentence that says why it has none.

    Raises `MailError` where it would not come to whom it is about.
    """
    of_subject = settings.MAIL_SUBJECTS.get(message.subject_ref.rpartition(":")[0])
    if of_subject and (reason := import_string(of_subject)(message)):
        return str(reason)
    if not message.condition:
        return ""
    name, _colon, key = message.condition.partition(":")
    asked, sentence = settings.MAIL_CONDITIONS[name]
    return "" if import_string(asked)(int(key or key_of(message.subject_ref))) else str(sentence)


def pointless(message: Message) -> str:
    """Why a letter that has ended leaves no more; empty while it may, if only to another address."""
    try:
        return still_wanted(message) if message.state in Message.ENDED else ""
    except MailError:
        return ""


def key_of(subject_ref: str) -> int:
    """The key of the row that a letter is about: 17 of "attendees.delegation:17"."""
    return int(subject_ref.rpartition(":")[2])


def check_addresses(message: Message) -> None:
    """`MailError` where a demonstration would write to somebody who exists."""
    if not message.conference.is_demo:
        return
    for address in message.to:
        if address.rpartition("@")[2].rstrip(".").rpartition(".")[2].lower() not in RESERVED:
            raise MailError(
                _("Hội nghị minh họa chỉ gửi tới địa chỉ kết thúc bằng .example, .invalid hoặc .test: %s.")
                % address
            )


def secrets_of(message: Message) -> dict[str, str]:
    """The values that are stored nowhere. Whoever is asked raises `MailError` if there is none any more."""
    return {name: str(_named(settings.MAIL_SECRETS, name)(pk)) for name, pk in message.secrets.items()}


def files_of(message: Message) -> list[File]:
    """The attachments. Their makers raise `NotReady` while they are being made, `MailError` if they fail."""
    return [_named(settings.MAIL_ATTACHMENTS, maker)(pk) for maker, pk in message.attachments]


class Composed(EmailMessage):
    """A letter whose long subject begins on the line of its name; Django leaves that line empty."""

    def message(self, *args: Any, **kwargs: Any) -> Any:
        made: Any = super().message(*args, **kwargs)
        del made["Subject"]
        MIMEMessage.__setitem__(made, "Subject", Header(str(self.subject), "utf-8", header_name="Subject"))
        return made


def compose(message: Message, secrets: dict[str, str], files: Sequence[File]) -> EmailMessage:
    """The letter as it leaves; sent again it bears the same Message-ID."""
    text = wording.of_message(message, secrets)
    conference = message.conference
    letter = Composed(
        subject=text.subject,
        body=text.body,
        from_email=sender(conference),
        to=[address_line(message.recipient_name, one, alone=len(message.to) == 1) for one in message.to],
        reply_to=[conference.contact_email] if conference.contact_email else None,
        headers={
            "Message-ID": message.message_id,
            "Date": format_datetime(timezone.localtime(timezone.now(), conference.zone)),
        },
    )
    for name, content, content_type in files:
        letter.attach(vietnamese.clean(name), content, content_type)
    return letter


def sender(conference: Conference) -> str:
    """The organisers' name at the address of the installation."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return address_line(conference.contact_name or name, address)


def address_line(name: str, address: str, *, alone: bool = True) -> str:
    """ "Tổ Thư ký <bantochuc@hoinghi.example>"; a name that stands for several addresses is left out."""
    name = placeholders.one_line(name)
    return str(Address(display_name=name, addr_spec=address)) if name and alone else address


def _named(registry: dict[str, str], name: str) -> Callable[[int], Any]:
    if name not in registry:
        raise MailError(_("Thiếu phần “%s” của thư. Báo người quản trị.") % name)
    found: Callable[[int], Any] = import_string(registry[name])
    return found
