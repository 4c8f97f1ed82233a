"""Slots: the parts of a paper that differ from person to person, each in a box whose place is known.

`{% slot "name" %}…{% endslot %}` is a `div` with `data-slot`. What stands inside may name `card`, the
person's values; what stands outside is the same for everybody. With `down=` and `tall=` (points) the layout
says where the box begins and how much room it has; without them the style sheet does.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import Parser, Token, token_kwargs

from documents.stamping import SlotNode

register = template.Library()


@register.tag
def slot(parser: Parser, token: Token) -> SlotNode:
    """`{% slot "name" down=… tall=… %}…{% endslot %}`, see above."""
    _tag, name, *rest = token.split_contents()
    places: dict[str, Any] = token_kwargs(rest, parser)
    if rest or set(places) - {"down", "tall"}:
        raise template.TemplateSyntaxError(f"A slot takes a name, down= and tall=, not {token.contents}")
    nodelist = parser.parse(("endslot",))
    parser.delete_first_token()
    return SlotNode(name.strip("\"'"), nodelist, places)
