"""F24: what opens by a code alone is guessed less than once in a million years, as fast as the limits let."""

import secrets

import pytest
from django.conf import settings

from attendees import codes

ADDRESSES = 1_000  # each guesses without a pause
GOOD = 1_000_000  # codes that open something, at once: thousands of conferences
MINUTES = 365 * 24 * 60
RARE = 1e-6  # expected hits in a year


def hits(code: str, limit: str) -> float:
    """How many guesses of a year open something."""
    amount, minute, per = settings.ACCOUNT_RATE_LIMITS[limit].split("/")
    assert (minute, per) == ("m", "ip")
    return ADDRESSES * int(amount) * MINUTES * GOOD / len(codes.ALPHABET) ** len(code)


@pytest.mark.parametrize(
    ("code", "limit"),
    [
        (codes.new_certificate_code(), "verify"),
        (codes.spelled(secrets.token_bytes(codes.LONG_BYTES)), "link"),
        (codes.spelled(secrets.token_bytes(codes.LONG_BYTES)), "pair"),
    ],
    ids=["certificate", "link", "phone"],  # the codes themselves differ from process to process
)
def test_a_guess_opens_nothing_in_a_million_years(code: str, limit: str) -> None:
    assert hits(code, limit) < RARE


def test_a_code_that_only_finds_a_row_would_be_guessed() -> None:
    """The control: the short code of a person, which opens nothing, is as short as a code may not be."""
    assert hits(codes.new_code(), "verify") > 1
