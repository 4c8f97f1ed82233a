"""How long a test waits for what comes by itself, and the one way to wait."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

LONGEST = 120.0  # seconds: what a slow and loaded machine may need. Where it comes at once this costs nothing
T = TypeVar("T")


def until(
    happened: Callable[[], T],
    what: str | Callable[[], object],
    seconds: float = LONGEST,
    pause: Callable[[float], object] = time.sleep,
) -> T:
    """Ask again and again; the first answer that is true. Where none comes, `what` was waited for."""
    deadline = time.monotonic() + seconds
    while not (answer := happened()):
        assert time.monotonic() < deadline, (
            f"not within {seconds:.0f} s: {what if isinstance(what, str) else what()}"
        )
        pause(0.05)
    return answer
