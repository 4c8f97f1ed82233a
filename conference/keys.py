"""Keys as they come in an address or a form: of a row, and of one press of a button."""

import uuid

LONGEST = 18  # digits; the column holds no more


def read(text: str) -> int | None:
    """The key that was sent; None for what can be none, "²" and a number without end too."""
    is_key = text.isascii() and text.isdigit() and len(text) <= LONGEST
    return int(text) if is_key else None


def press(text: str) -> uuid.UUID | None:
    """The mark of one press; a page that was tampered with has none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
