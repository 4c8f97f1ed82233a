"""Organisers who press a button until they are told that it was taken, and write down what they were told."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

TOKEN = "a" * 32  # the cookie and the field say the same
PAUSE = 0.5  # seconds before a press that was not answered is tried again
TAKEN = (302, 303)
WHO = 401  # sent to give the password again: a redirect, and nothing was taken


@dataclass(frozen=True)
class Press:
    """One press of a button: where, and what the form says. Sent again it must do nothing more."""

    path: str
    fields: Mapping[str, str]


@dataclass
class Organiser:
    """One who presses, one after another, in a thread; `taken` counts answers that acknowledged it."""

    address: str
    cookies: Mapping[str, str]
    presses: Sequence[Press]
    every: float
    taken: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    tries: int = 0

    def start(self, end: threading.Event) -> threading.Thread:
        thread = threading.Thread(target=self._run, args=(end,), daemon=True)
        thread.start()
        return thread

    def _run(self, end: threading.Event) -> None:
        for press in self.presses:
            while not end.is_set():
                self.tries += 1
                status = self._send(press)
                if status in TAKEN:
                    self.taken.append(press.path)
                    break
                if status is not None and status < 500:
                    self.refused.append(f"{press.path}: {status}")
                    break
                time.sleep(PAUSE)
            end.wait(self.every)

    def _send(self, press: Press) -> int | None:
        """The answer's status; None where there was none."""
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=20)
        body = urlencode({**press.fields, "csrfmiddlewaretoken": TOKEN})
        head = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Origin": self.address,
        }
        try:
            connection.request("POST", press.path, body, head)
            response = connection.getresponse()
            response.read()
            is_asked_who = "/reauthenticate/" in response.headers.get("Location", "")
            return WHO if is_asked_who else response.status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
