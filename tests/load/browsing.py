"""A browser without a screen: it keeps cookies, reads forms, follows redirects, and times every request."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

LONGEST = 30.0  # seconds for one answer
AGAIN = 0.5  # seconds before a request without an answer is tried again


@dataclass
class Form:
    """A form as a browser would send it: where, and what stands in its fields."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """The forms of a page."""

    def __init__(self, path: str, body: str) -> None:
        super().__init__()
        self.path, self.body = path, body
        self.forms: list[Form] = []
        self._choice, self._text = "", ""
        self.feed(body)

    def form(self, ending: str) -> Form | None:
        """The first whose address ends so."""
        return next((one for one in self.forms if one.action.partition("?")[0].endswith(ending)), None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name, kind = told.get("name", ""), told.get("type", "text")
        if tag == "form":
            self.forms.append(Form(urljoin(self.path, told.get("action") or self.path).partition("#")[0]))
        elif not self.forms:
            return
        elif tag == "input" and name and kind not in {"submit", "button", "file"}:
            if kind not in {"checkbox", "radio"} or "checked" in told:
                self.forms[-1].fields[name] = told.get("value", "on" if kind == "checkbox" else "")
        elif tag == "select":
            self._choice = name
        elif tag == "option" and self._choice and "selected" in told:
            self.forms[-1].fields[self._choice] = told.get("value", "")
        elif tag == "textarea":
            self._text = name

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._choice = ""
        elif tag == "textarea":
            self._text = ""

    def handle_data(self, data: str) -> None:
        if self._text and self.forms:
            own = self.forms[-1].fields
            own[self._text] = own.get(self._text, "") + data


@dataclass
class Timings:
    """Of all browsers together: seconds by kind of request, statuses, and what had no answer."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    unanswered: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, status: int, seconds: float) -> None:
        with self._lock:
            self.statuses[status] += 1
            self.seconds.setdefault(kind, []).append(seconds)

    def lose(self, kind: str) -> None:
        with self._lock:
            self.unanswered[kind] += 1

    def told(self) -> dict[str, dict[str, float]]:
        """Milliseconds by kind of request."""
        every = {"all": [one for values in self.seconds.values() for one in values], **self.seconds}
        return {kind: _percentiles(values) for kind, values in sorted(every.items()) if values}


def _percentiles(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    shares = {f"p{one}": ordered[min(len(ordered) - 1, len(ordered) * one // 100)] for one in (50, 95, 99)}
    told = {name: round(1000 * value) for name, value in {**shares, "max": ordered[-1]}.items()}
    return {"requests": len(ordered), **told}


@dataclass
class Browser:
    """One person's. `timings` is exchanged when another part of a run begins."""

    address: str
    timings: Timings
    cookies: dict[str, str] = field(default_factory=dict)

    def open(self, path: str, kind: str, end: threading.Event) -> Page | None:
        """A page, asked for until it comes; None at the end of the run."""
        while not end.is_set():
            answer = self._ask("GET", path.partition("#")[0], kind)
            if answer is not None:
                status, location, body = answer
                if status in {301, 302, 303}:
                    path = location
                    continue
                return Page(path, body) if status == 200 else None
            time.sleep(AGAIN)
        return None

    def send(self, form: Form, kind: str) -> tuple[int, str] | None:
        """Status and address of the answer; None where there was none."""
        answer = self._ask("POST", form.action, kind, form.fields)
        return answer and answer[:2]

    def _ask(
        self, method: str, path: str, kind: str, fields: dict[str, str] | None = None
    ) -> tuple[int, str, str] | None:
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=LONGEST)
        head = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fields is not None:
            head |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.address}
        begun = time.monotonic()
        try:
            connection.request(method, path, urlencode(fields) if fields is not None else None, head)
            response = connection.getresponse()
            body = response.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            self.timings.lose(kind)
            return None
        finally:
            connection.close()
        self.timings.note(kind, response.status, time.monotonic() - begun)
        for line in response.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        return response.status, response.headers.get("Location", ""), body
