"""Officers in the last minutes before the deadline, and the ledger of what they were told was kept.

Each opens the page of the own delegation, nominates, corrects and confirms people, and writes down what was
acknowledged. A nomination without an answer is sent again with the same key, as a browser does on reload; an
edit without an answer may have been kept or not.
"""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.load.browsing import Browser, Form, Page

TAKEN = {302, 303}
OWN = 6  # people whom an officer nominates before correcting only
AGAIN = 3600.0  # seconds after which a letter is opened again: what it opens lasts twice as long
_PERSON = re.compile(r"#suat-([A-Za-z0-9-]+)$")


@dataclass
class Ledger:
    """What one officer was told, and what they were not."""

    nominated: dict[str, str] = field(default_factory=dict)  # name → code of the person
    edits: dict[str, list[str]] = field(default_factory=dict)  # code → positions, acknowledged, in order
    doubtful: dict[str, list[str]] = field(default_factory=dict)  # code → positions sent without an answer
    confirmed: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@dataclass
class Officer:
    """One of them, in a thread."""

    number: int
    browser: Browser
    home: str  # the address of the page of the delegation
    pause: Sequence[float]
    dice: random.Random
    letter: str = ""  # the address in the letter of who has no account
    ledger: Ledger = field(default_factory=Ledger)
    opened: float = field(default_factory=time.monotonic)  # when the letter was opened last
    _acts: int = 0

    def start(self, end: threading.Event) -> threading.Thread:
        thread = threading.Thread(target=self._run, args=(end,), daemon=True)
        thread.start()
        return thread

    def _run(self, end: threading.Event) -> None:
        end.wait(self.dice.uniform(0, self.pause[1]))
        while not end.is_set():
            if self.letter and time.monotonic() - self.opened > AGAIN:
                self.open_letter(end)
            page = self.browser.open(self.home, "page of the delegation", end)
            if page is None:
                self._refuse("page", 0, end)
            elif len(self.ledger.nominated) < OWN and self.dice.random() < 0.4:
                self._nominate(end)
            elif waiting := set(self.ledger.nominated.values()) - set(self.ledger.confirmed):
                code = self.dice.choice(sorted(waiting))
                (self._edit if self.dice.random() < 0.6 else self._confirm)(code, page, end)
            elif self.ledger.nominated:
                self._edit(self.dice.choice(sorted(self.ledger.nominated.values())), page, end)
            end.wait(self.dice.uniform(*self.pause))

    def open_letter(self, end: threading.Event) -> None:
        page = self.browser.open(self.letter, "letter", end)
        form = page and page.form(self.letter)
        answer = form and self.browser.send(form, "button of a letter")
        if answer and answer[0] in TAKEN:
            self.opened = time.monotonic()
        else:
            self._refuse("letter", answer[0] if answer else 0, end)

    def _nominate(self, end: threading.Event) -> None:
        name = f"Trần Thị Thử {self.number:02}-{len(self.ledger.nominated):02}"
        form = self._form(f"{self.home}seats/department/nominate/", "seats/department/nominate/", end)
        if form is None:
            self._refuse("form of a person", 0, end)
            return
        form.fields |= {"full_name": name, "position": "Chuyên viên"}
        while (answer := self.browser.send(form, "nomination")) is None and not end.wait(0.5):
            continue
        if answer is None:
            self.ledger.nominated[name] = ""  # nobody knows
            return
        status, location = answer
        if status in TAKEN and (found := _PERSON.search(location)):
            self.ledger.nominated[name] = found[1]
            self.browser.open(location, "page of the delegation", end)
        else:
            self._refuse("nomination", status, end)

    def _edit(self, code: str, _page: Page, end: threading.Event) -> None:
        if not code:
            return
        form = self._form(f"{self.home}people/{code}/edit/", f"people/{code}/edit/", end)
        if form is None:
            self._refuse("form of a person", 0, end)
            return
        self._acts += 1
        position = f"Chuyên viên số {self.number:02}.{self._acts:05}"
        form.fields["position"] = position
        answer = self.browser.send(form, "correction")
        if answer is None:
            self.ledger.doubtful.setdefault(code, []).append(position)
            return
        status, location = answer
        if status in TAKEN and _PERSON.search(location):
            self.ledger.edits.setdefault(code, []).append(position)
            self.browser.open(location, "page of the delegation", end)
        else:
            self._refuse("correction", status, end)

    def _confirm(self, code: str, page: Page, end: threading.Event) -> None:
        form = page.form(f"people/{code}/confirm/")
        if not code or form is None:
            return
        answer = self.browser.send(form, "confirmation")
        if answer is None:
            return
        status, location = answer
        if status not in TAKEN:
            self._refuse("confirmation", status, end)
            return
        told = self.browser.open(location, "page of the delegation", end)
        if told is not None and "Đã xác nhận" in told.body:
            self.ledger.confirmed.append(code)

    def _form(self, path: str, ending: str, end: threading.Event) -> Form | None:
        page = self.browser.open(path, "form of a person", end)
        return page and page.form(ending)

    def _refuse(self, what: str, status: int, end: threading.Event) -> None:
        if not end.is_set():
            self.ledger.refused.append(f"{what}: {status}")
