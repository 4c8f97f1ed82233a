"""What is stamped: the values of people cut into the contents of slots. Knows no engine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

from django.template import Context, Node
from django.template.base import FilterExpression, NodeList
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString

_PICTURE = re.compile(r'<img src="asset:([^"]+)"[^>]*>')
_MARKS = re.compile(r"[\u0300-\u036f]")
MOST_PICKED = 8


@dataclass(frozen=True)
class Stamp:
    """What one person has in one slot. `down` and `tall` in points where the layout gives the place."""

    html: str
    down: float | None = None
    tall: float | None = None


Stamps = Mapping[str, Stamp]


@dataclass(frozen=True)
class Deck:
    """Cards to be stamped, in their order.

    `stamps`: what each has in its slots. `alone`: the page of one card by itself. `full`: the pages of the
    paper with these cards, as the engine would lay them out. `sheet`: the sheet on which they are put
    together, empty but for its places (elements with the ids `place-1` and so on); without one each card has
    a page of its own. `faces`: how often each card stands on it, in a row.
    """

    stamps: Sequence[Stamps]
    alone: Callable[[int], str]
    full: Callable[[Sequence[int]], str]
    sheet: str = ""
    faces: int = 1

    def firsts(self) -> dict[frozenset[str], int]:
        """The first card with each set of slots: cards with other slots are cards of another template."""
        found: dict[frozenset[str], int] = {}
        for index, stamps in enumerate(self.stamps):
            found.setdefault(frozenset(stamps), index)
        return found


class SlotNode(Node):
    """A slot in a template: it can be rendered with its box, for a page, or without, to be stamped."""

    def __init__(self, name: str, nodelist: NodeList, places: dict[str, FilterExpression]) -> None:
        self.name = name
        self.nodelist = nodelist
        self._places = places

    def render(self, context: Context) -> SafeString:
        names = {"down": "top", "tall": "height"}
        style = ";".join(f"{names[key]}:{value:.3f}pt" for key, value in self.place(context).items())
        styled = format_html(' style="{}"', style) if style else ""
        return format_html('<div data-slot="{}"{}>{}</div>', self.name, styled, self.nodelist.render(context))

    def place(self, context: Context) -> dict[str, float]:
        """`down` and `tall` in points, as far as the template says them."""
        return {key: float(place.resolve(context)) for key, place in self._places.items()}


def slots_in(template: str) -> list[SlotNode]:
    """The slots of a template, in their order."""
    compiled: Any = get_template(template)
    return list(compiled.template.nodelist.get_nodes_by_type(SlotNode))


def stamps(
    template_of: Callable[[Any], str], context: Mapping[str, Any], cards: Sequence[Any]
) -> Iterator[Stamps]:
    """What each of the cards puts into the slots of its template."""
    names = dict.fromkeys(map(template_of, cards))
    known: dict[str, Any] = {name: (get_template(name), slots_in(name)) for name in names}
    shared = Context(dict(context))
    for card in cards:
        compiled, slots = known[template_of(card)]
        with shared.bind_template(compiled.template), shared.push(card=card):
            yield {
                slot.name: Stamp(slot.nodelist.render(shared).strip(), **slot.place(shared)) for slot in slots
            }


def picture_in(html: str) -> str:
    """The file name of the picture, where a slot holds one and nothing else."""
    found = _PICTURE.fullmatch(html)
    return found[1] if found else ""


def picked(deck: Deck) -> list[int]:
    """Indexes of the cards by which a template is tried: the longest and shortest, most marks, most lines."""
    cards = deck.stamps

    def said(index: int) -> str:
        return " ".join(stamp.html for stamp in cards[index].values())

    def marks(index: int) -> int:
        return len(_MARKS.findall(normalize("NFD", said(index))))

    everybody = range(len(cards))
    by_length = sorted(everybody, key=lambda index: (len(said(index)), index))
    by_marks = sorted(everybody, key=lambda index: (-marks(index), index))
    by_lines = sorted(everybody, key=lambda index: (-said(index).count("<br>"), index))
    extreme = [*by_length[-2:], *by_length[:2], *by_marks[:2], *by_lines[:2]]
    return sorted(dict.fromkeys([*deck.firsts().values(), *extreme]))[:MOST_PICKED]
