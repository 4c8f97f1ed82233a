"""Primary keys as they come in an address or a form."""

LONGEST = 18  # digits; the column holds no more


def read(text: str) -> int | None:
    """The key that was sent; None for what can be none, "²" and a number without end too."""
    is_key = text.isascii() and text.isdigit() and len(text) <= LONGEST
    return int(text) if is_key else None
