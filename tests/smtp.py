"""A real mail server on the loopback, in a thread of the test: it takes letters, and refuses by a script."""

from __future__ import annotations

import asyncio
import email.policy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from celery import current_app
from django.conf import LazySettings

from tests.installation import free_port
from tests.patience import LONGEST, until


@dataclass(frozen=True)
class Received:
    """A letter as it came over the wire."""

    sender: str
    to: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        parsed = BytesParser(policy=email.policy.default).parsebytes(self.raw)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def text(self) -> str:
        """The plain text, with the line ends of the mail taken off."""
        body = self.message.get_body(("plain",))
        assert body is not None
        return str(body.get_content()).replace("\r\n", "\n")


@dataclass
class MailServer:
    """What it received, and how it behaves. Answers are SMTP replies such as "450 4.2.0 try later"."""

    port: int
    received: list[Received] = field(default_factory=list)
    # address → answers to its RCPT, one a try; the last one stays
    refusals: dict[str, list[str]] = field(default_factory=dict)
    # answers to whole letters, one a letter; None or nothing takes it
    answers: list[str | None] = field(default_factory=list)
    delay: float = 0.0  # seconds before it answers to a letter
    # called when a letter has been taken, before the answer leaves: the place to die, or to kill the other
    taken: Callable[[Received], None] | None = None
    drops: bool = False  # takes the letter and hangs up without an answer
    connections: int = 0

    def to(self, address: str) -> list[Received]:
        return [one for one in self.received if address in one.to]

    def ids(self) -> list[str]:
        return [str(one.message["Message-ID"]) for one in self.received]

    def wait_for(self, count: int, seconds: float = LONGEST) -> list[Received]:
        taken = self.received
        until(lambda: len(taken) >= count, lambda: f"{count} letters, {len(taken)} came", seconds)
        return taken

    @property
    def url(self) -> str:
        """For EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    # ── What aiosmtpd calls ──

    async def handle_EHLO(  # noqa: N802  (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if script := self.refusals.get(address):
            answer = script[0] if len(script) == 1 else script.pop(0)
            if not answer.startswith("2"):
                return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  (aiosmtpd's name)
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.answers and (answer := self.answers.pop(0)):
            return answer
        assert isinstance(envelope.content, bytes)
        letter = Received(str(envelope.mail_from), tuple(envelope.rcpt_tos), envelope.content)
        self.received.append(letter)
        if self.taken:
            self.taken(letter)
        if self.drops:
            server.transport.abort()
        return "250 OK"


class _Controller(Controller):
    def factory(self) -> SMTP:
        return SMTP(self.handler, enable_SMTPUTF8=False, hostname="localhost")


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Running until the block ends."""
    server = MailServer(free_port())
    controller: Any = _Controller(server, hostname="127.0.0.1", port=server.port, ready_timeout=LONGEST)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@pytest.fixture
def server(settings: LazySettings) -> Iterator[MailServer]:
    """Where the letters of this test go."""
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", running.port, LONGEST
        yield running


@pytest.fixture
def silent_bell(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """Nobody hears the bell: what was rung for."""
    rung: list[list[int]] = []

    def note(name: str, arguments: tuple[list[int]], **options: Any) -> None:
        rung.append(arguments[0])

    monkeypatch.setattr(current_app, "send_task", note)
    return rung
