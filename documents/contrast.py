"""Can a text be read on its ground? Colours as "#rrggbb"; the measure is that of WCAG 2.2, 1.4.3."""

from __future__ import annotations

import re

HEX = re.compile(r"#[0-9a-f]{6}")
BLACK, WHITE = "#000000", "#ffffff"


def ratio(one: str, other: str) -> float:
    """From 1 (the same lightness) to 21 (black on white)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """The first colour with so much of the other in it: 0 is the first alone, 1 the other."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def readable_on(ground: str) -> str:
    """Black or white, whichever reads better there."""
    return max((WHITE, BLACK), key=lambda ink: ratio(ink, ground))


def grey(level: int) -> str:
    """A grey from 0 (black) to 255."""
    return f"#{level:02x}{level:02x}{level:02x}"


def _channels(colour: str) -> tuple[int, int, int]:
    if not HEX.fullmatch(colour):
        raise ValueError(f"{colour!r} is no colour")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        part = channel / 255
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    red, green, blue = map(linear, _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
