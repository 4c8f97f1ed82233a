"""Cells of the desk's lists: states and categories, always colour, sign and word."""

from __future__ import annotations

from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


def tag(kind: str, label: str, icon: str = "") -> SafeString:
    """A state; kind: ok, part, wait, off, err, info."""
    return render_to_string("_ui/tag.html", {"kind": kind, "label": label, "icon": icon})


def category(band: str, label: str) -> SafeString:
    """The category of a person."""
    return render_to_string("_ui/category.html", {"band": band, "label": label})


class Noted(NamedTuple):
    """A value and a line in small letters below it."""

    text: str
    note: str

    def __str__(self) -> str:
        return self.text
