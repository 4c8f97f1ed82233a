"""Texts with places to fill: `{name}` from the list of the kind, and nothing else. Filled in one pass.

There is no template language: no attribute, index, format or conversion. A value that holds "{link}" stays
text, and what people have written never becomes a link.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from conference import vietnamese
from mailing.errors import MailError

LONGEST_SUBJECT = 200
LONGEST_BODY = 20_000
LONGEST_VALUE = 10_000

_PLACE = re.compile(r"\{([a-z0-9_]{1,40})\}")
_ANYTHING_LIKE_IT = re.compile(r"\{+[^{}]*\}*|\}+")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# A dot that programs take for one in the name of a host, and the colon of an address.
_DOT = re.compile(r"(?<=\w)[.。．｡](?=[^\W\d_]{2})")
_COLON = re.compile(r":(?=//)")


def names_in(text: str) -> list[str]:
    """The places of a text, each once, in their order."""
    return list(dict.fromkeys(_PLACE.findall(text)))


def check(text: str, allowed: Collection[str], *, longest: int = LONGEST_BODY) -> None:
    """`MailError` with a sentence for the first thing in braces that is not a place of this kind."""
    if len(text) > longest:
        raise MailError(_("Dài quá %(n)s ký tự. Viết ngắn lại.") % {"n": longest})
    for found in _ANYTHING_LIKE_IT.findall(text):
        place = _PLACE.fullmatch(found)
        if place is None or place[1] not in allowed:
            raise MailError(
                _("Không có chỗ điền %(found)s. Dùng một trong: %(allowed)s.")
                % {"found": _short(found), "allowed": ", ".join(f"{{{name}}}" for name in allowed)}
            )


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its places filled; what has no value stays as it is. What is put in is not read again."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def clean(text: str) -> str:
    """Lines without control and invisible characters (which can turn the direction of a text), NFC."""
    lines = _LINE_ENDS.sub("\n", text).replace("\t", "    ")
    kept = (char for char in lines if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    return "\n".join(line.rstrip() for line in unicodedata.normalize("NFC", "".join(kept)).split("\n"))


def one_line(text: str) -> str:
    """A text for the head of a letter. "=?" would begin an encoded word, which hides what it says."""
    return vietnamese.clean(text).replace("=?", "= ?")


def no_link(value: str) -> str:
    """The value so that no program turns a part of it into a link: "evil.example" → "evil. example"."""
    return _COLON.sub(": ", _DOT.sub(lambda found: f"{found[0]} ", value))


def _short(text: str, longest: int = 40) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"
