"""What a page offers: its links and its forms, read as a browser without script would."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

TYPED = {"", "text", "search", "email", "tel", "url", "password", "textarea"}
PRESSED = {"submit", "image"}


@dataclass
class Field:
    """One control of a form. `values`: what may be chosen; `value`: what is filled in."""

    name: str
    kind: str
    value: str = ""
    values: list[str] = field(default_factory=list)
    checked: bool = True

    @property
    def is_typed(self) -> bool:
        return self.kind in TYPED


@dataclass
class Form:
    """A form and its address on the page where it stands."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)

    def filled(self, text: str | None = None, button: Field | None = None) -> dict[str, object]:
        """What the browser would send, with `text` typed into every field that takes text."""
        data: dict[str, object] = {}
        for one in self.fields:
            if not one.name or one.kind in PRESSED or one.kind in {"file", "button", "reset"}:
                continue
            if one.kind in {"checkbox", "radio"} and not one.checked:
                continue
            value = text if text is not None and one.is_typed else one.value
            if one.name in data:
                earlier = data[one.name]
                data[one.name] = [*earlier, value] if isinstance(earlier, list) else [earlier, value]
            else:
                data[one.name] = value
        if button is not None and button.name:
            data[button.name] = button.value
        return data

    @property
    def buttons(self) -> list[Field]:
        return [one for one in self.fields if one.kind in PRESSED]

    @property
    def shape(self) -> tuple[str, ...]:
        """Which fields it has: two forms of one shape do the same to different things."""
        return (self.method, *sorted({one.name for one in self.fields}))


class Page(HTMLParser):
    """Links and forms of one page, with addresses made absolute."""

    def __init__(self, address: str, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.address = address
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self._form: Form | None = None
        self._select: Field | None = None
        self._text: Field | None = None
        self._loose: list[tuple[str, Field]] = []
        self.feed(html)
        for name, one in self._loose:  # controls outside of their form
            if name in self.by_id:
                self.by_id[name].fields.append(one)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(self._absolute(given["href"]))
        elif tag == "form":
            self._form = Form(self._absolute(given.get("action", "")), given.get("method", "get").lower())
            self.forms.append(self._form)
            if "id" in given:
                self.by_id[given["id"]] = self._form
        elif tag in ("input", "button"):
            kind = given.get("type", "submit" if tag == "button" else "")
            value = given.get("value", "on" if kind in {"checkbox", "radio"} else "")
            self._add(Field(given.get("name", ""), kind, value, checked="checked" in given), given)
        elif tag == "textarea":
            self._text = self._add(Field(given.get("name", ""), "textarea"), given)
        elif tag == "select":
            self._select = self._add(Field(given.get("name", ""), "select"), given)
        elif tag == "option" and self._select is not None:
            value = given.get("value", "")
            self._select.values.append(value)
            if "selected" in given or not self._select.value:
                self._select.value = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._text is not None:
            self._text.value = self._text.value.removeprefix("\n")  # as browsers do
            self._text = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.value += data

    def _add(self, one: Field, given: dict[str, str]) -> Field:
        if "form" in given:
            self._loose.append((given["form"], one))
        elif self._form is not None:
            self._form.fields.append(one)
        return one

    def _absolute(self, address: str) -> str:
        """Path and query on this site; "" for other places."""
        joined = urlsplit(urljoin(self.address, address))
        if joined.scheme not in {"", "http", "https"} or joined.hostname not in (None, "testserver"):
            return ""
        return joined.path + (f"?{joined.query}" if joined.query else "")
