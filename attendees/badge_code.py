"""What the QR of a badge says: its token and a signature, which a phone checks without a network.

`HN1`, the 16 characters of the token, then the Ed25519 signature (RFC 8032) over `HN1:` and the token: 122
characters of the house alphabet, which fit the alphanumeric mode of a QR of version 7 at level Q. Every
conference has a key of its own, derived from SECRET_KEY, so that a badge of another conference is not rightly
signed here; keys of SECRET_KEY_FALLBACKS are still believed. Badges printed before there were signatures say
the token alone, and who has no reader types the short code: both find the same row.
"""

from __future__ import annotations

import binascii
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils.crypto import salted_hmac

from attendees import codes
from attendees.models import Attendee
from conference.models import Conference

MARK = "HN1"
SIGNATURE_LENGTH = 103  # of 64 bytes in characters of five bits
LENGTH = len(MARK) + codes.SECRET_LENGTH + SIGNATURE_LENGTH


def of(person: Attendee) -> str:
    """What the QR of the person's badge says."""
    key = _key(settings.SECRET_KEY, person.conference_id)
    return MARK + person.badge_token + codes.spelled(key.sign(_message(person.badge_token)))


def token(text: str) -> str:
    """The token in what was read from a badge, signed or not; empty where the text is neither.

    The signature is not looked at: the token finds its row by itself, and nobody guesses 80 bits.
    """
    read = codes.as_read(text)
    if not set(read) <= set(codes.ALPHABET):
        return ""
    if len(read) == LENGTH and read.startswith(MARK):
        return read[len(MARK) :][: codes.SECRET_LENGTH]
    return read if len(read) == codes.SECRET_LENGTH else ""


def is_signed(text: str, conference: Conference) -> bool:
    """Was this the badge of the conference when it was printed, whether or not the token still lives?"""
    read = codes.as_read(text)
    if len(read) != LENGTH or not (known := token(read)):
        return False
    try:
        signature = codes.unspelled(read[-SIGNATURE_LENGTH:])
    except binascii.Error:
        return False
    return any(_is_right(secret, conference.pk, signature, known) for secret in _secrets())


def public_keys(conference: Conference) -> list[str]:
    """The keys a phone checks with, as hexadecimal of 32 bytes; the one that signs today first."""
    keys = (_key(secret, conference.pk).public_key() for secret in _secrets())
    return [key.public_bytes_raw().hex() for key in keys]


def _secrets() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _is_right(secret: str, conference: int, signature: bytes, known: str) -> bool:
    try:
        _key(secret, conference).public_key().verify(signature, _message(known))
    except InvalidSignature:
        return False
    return True


def _message(known: str) -> bytes:
    return f"{MARK}:{known}".encode()


@lru_cache(maxsize=64)
def _key(secret: str, conference: int) -> Ed25519PrivateKey:
    seed = salted_hmac("attendees.badge_code", str(conference), secret=secret, algorithm="sha256").digest()
    return Ed25519PrivateKey.from_private_bytes(seed)
