"""Hands letters to the mail server: one connection for several, and what the server said, in sentences."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address
from django.utils.translation import gettext as _

from conference import vietnamese

LONGEST_SAYING = 160  # characters of a server's own words
CLOSING = 421  # "service not available, closing"
Said = tuple[int, bytes | str]


class Away(Exception):
    """The server cannot be talked to now; whether it took the letter is not known. `str()` is a sentence."""


@dataclass
class Answer:
    """What became of each address: reached, to be tried again, or refused for good, with a sentence."""

    reached: list[str] = field(default_factory=list)
    later: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


class Post:
    """The way to the mail server, opened when the first letter leaves."""

    def __init__(self) -> None:
        self.connection: Any = get_connection()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave; never raises: what was handed over stays so."""
        try:
            self.connection.close()
        except (OSError, smtplib.SMTPException):
            self.connection.connection = None

    def send(self, letter: EmailMessage, to: list[str], secrets: Collection[str] = ()) -> Answer:
        """Hand a letter over for some of its addresses. `secrets` are kept out of every sentence."""
        by_smtp = isinstance(self.connection, EmailBackend)
        try:
            self.connection.open()
            if by_smtp:
                self.connection.connection.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Away(_away(error)) from None
        if not by_smtp:  # into files, without EMAIL_URL
            self.connection.send_messages([letter])
            return Answer(reached=list(to))
        try:
            return self._by_smtp(letter, to, secrets)
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            self.close()
            raise Away(_away(error)) from None

    def _by_smtp(self, letter: EmailMessage, to: list[str], secrets: Collection[str]) -> Answer:
        server: smtplib.SMTP = self.connection.connection
        envelope = {sanitize_address(one, "utf-8"): one for one in to}
        sender = sanitize_address(letter.from_email, "utf-8")
        content = letter.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's own message
        try:
            refusals: Mapping[str, Said] = server.sendmail(sender, list(envelope), content)
        except smtplib.SMTPRecipientsRefused as error:
            # Nothing was handed over. A server that says goodbye is not asked for the addresses behind it.
            (*_before, last) = error.recipients.values()
            refusals = {**dict.fromkeys(envelope, last), **error.recipients}
        except smtplib.SMTPResponseException as error:  # of the sender, or of the letter itself
            refusals = dict.fromkeys(envelope, (error.smtp_code, error.smtp_error))
        except smtplib.SMTPNotSupportedError as error:
            refusals = {one: (550, str(error)) for one in envelope}
        answer = Answer(reached=[address for one, address in envelope.items() if one not in refusals])
        for one, (code, words) in refusals.items():
            sentence = _refusal(envelope[one], code, words, secrets)
            (answer.refused if 500 <= code < 600 else answer.later)[envelope[one]] = sentence
        if any(code == CLOSING for code, _words in refusals.values()):
            self.close()
        return answer


def _refusal(address: str, code: int, words: bytes | str, secrets: Collection[str]) -> str:
    said = {"address": address, "said": f"{code} {_plain(words, secrets)}".strip()}
    if 500 <= code < 600:
        return _("Máy chủ thư từ chối %(address)s: “%(said)s”.") % said
    return _("Máy chủ thư chưa nhận thư cho %(address)s: “%(said)s”.") % said


def _plain(words: bytes | str, secrets: Collection[str]) -> str:
    """A server's own words on one line. Some repeat an address of the letter that they dislike."""
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    for secret in secrets:
        text = text.replace(secret, "[…]")
    text = vietnamese.clean(text)
    return text if len(text) <= LONGEST_SAYING else f"{text[:LONGEST_SAYING]}…"


def own_words(error: Exception) -> str:
    """What the server or the network said, on one line; the name of the kind where they said nothing."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_plain(error.smtp_error, ())}"
    return _plain(getattr(error, "strerror", None) or str(error) or type(error).__name__, ())


def _away(error: Exception) -> str:
    match error:
        case TimeoutError() | smtplib.SMTPServerDisconnected(__context__=TimeoutError()):
            return _("Máy chủ thư không trả lời kịp.")
        case ConnectionRefusedError():
            return _("Không nối được với máy chủ thư.")
        case smtplib.SMTPAuthenticationError():
            return _("Máy chủ thư không nhận đăng nhập của hệ thống. Báo người quản trị.")
        case smtplib.SMTPServerDisconnected() | ConnectionError():
            return _("Máy chủ thư ngắt kết nối giữa chừng.")
        case socket.gaierror():
            return _("Không tìm thấy máy chủ thư trên mạng. Báo người quản trị.")
        case ssl.SSLError():
            return _("Không lập được đường truyền bảo mật tới máy chủ thư. Báo người quản trị.")
    return _("Chưa gửi được qua máy chủ thư (%s). Báo người quản trị.") % own_words(error)
