"""Organisers who press a button until they are told that it was taken, and write down what they were told."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

TOKEN = "a" * 32  # the cookie and the field say the same
LONGEST = 20.0  # seconds that anybody waits for an answer
PAUSE = 0.5  # seconds before a press that was not answered is tried again
TAKEN = (302, 303)
DOORSTEP = "/accounts/"  # where who is not known is sent: no answer to a press


@dataclass(frozen=True)
class Press:
    """One press of a button: where, and what the form says. Sent again it must do nothing more."""

    path: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What came back, and when; the status is 0 where nothing did."""

    status: int
    at: float
    seconds: float
    head: Mapping[str, str] = field(default_factory=dict)
    text: str = ""

    @property
    def is_taken(self) -> bool:
        return self.status in TAKEN and not self.head["Location"].startswith(DOORSTEP)


@dataclass
class Organiser:
    """One who presses, one after another, in a thread; `taken` are presses that were acknowledged.

    Who is `patient` presses again until there is an answer; others leave it after the first try.
    """

    address: str
    cookies: Mapping[str, str]
    presses: Sequence[Press]
    every: float
    patient: bool = True
    taken: list[Press] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    left: list[Press] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    @property
    def tries(self) -> int:
        return len(self.answers)

    def start(self, end: threading.Event) -> threading.Thread:
        thread = threading.Thread(target=self._run, args=(end,), daemon=True)
        thread.start()
        return thread

    def _run(self, end: threading.Event) -> None:
        for press in self.presses:
            while not end.is_set():
                answer = send(self.address, self.cookies, press)
                self.answers.append(answer)
                if answer.is_taken:
                    self.taken.append(press)
                    break
                if 0 < answer.status < 500:
                    self.refused.append(f"{press.path}: {answer.status}")
                    break
                if not self.patient:
                    self.left.append(press)
                    break
                time.sleep(PAUSE)
            end.wait(self.every)


def send(address: str, cookies: Mapping[str, str], press: Press) -> Answer:
    """Press once, through a connection of its own."""
    body = urlencode({**press.fields, "csrfmiddlewaretoken": TOKEN}, doseq=True)
    head = {"Content-Type": "application/x-www-form-urlencoded", "Origin": address}
    return ask(address, cookies, "POST", press.path, body, head)


def ask(
    address: str,
    cookies: Mapping[str, str],
    method: str,
    path: str,
    body: str | None = None,
    head: Mapping[str, str] | None = None,
) -> Answer:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=LONGEST)
    told = "; ".join(f"{name}={value}" for name, value in cookies.items())
    begun = time.monotonic()
    try:
        connection.request(method, path, body, {"Cookie": told, **(head or {})})
        response = connection.getresponse()
        text = response.read().decode()
        status, heard = response.status, dict(response.headers)
    except (OSError, http.client.HTTPException) as error:
        status, heard, text = 0, {}, repr(error)
    finally:
        connection.close()
    now = time.monotonic()
    return Answer(status, now, now - begun, heard, text)
