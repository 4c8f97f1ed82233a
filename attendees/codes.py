"""Codes on papers: the short code of an attendee, the token in a badge's QR, the code of a certificate.

The alphabet has 32 characters, without I, L, O and U, so that nothing is misread. The short code has seven
random characters (35 bits) and a check character: read as a polynomial over the field of 32 elements, a right
code is zero at the element 2. Every place has its own weight, a power of 2, and all weights differ: one wrong
character is always caught, and so are two that changed places, adjacent or not. The check character is one of
the same 32, which the usual schemes (ISO 7064, a prime modulus) cannot offer.

The short code only finds a row and may be guessed: tokens and certificate codes are what opens one (80 bits).
"""

import base64
import hashlib
import secrets
from collections.abc import Callable
from functools import reduce

from django.utils.translation import gettext_noop

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
SECRET_LENGTH = 16
LONG_BYTES, LONG_LENGTH = 20, 32  # of what stands in an address and is kept as its hash only

# x⁵ + x² + 1 over GF(2) is primitive: the powers of 2 run through all 31 elements that are not zero.
_FIELD_POLYNOMIAL = 0b100101
_READ_AS = str.maketrans("OIL", "011")
_BASE32 = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET)
_UNSPELLED = {value: key for key, value in _BASE32.items()}
_IGNORED = str.maketrans("", "", " \t\r\n\u00a0-‐‑–—.")


def _double(element: int) -> int:
    """Multiply an element of the field by 2."""
    return element << 1 ^ (_FIELD_POLYNOMIAL if element >= len(ALPHABET) // 2 else 0)


def _value(characters: str) -> int:
    """Evaluate the polynomial of the characters at 2; zero for a right code."""
    return reduce(lambda total, char: _double(total) ^ ALPHABET.index(char), characters, 0)


def _random(length: int, choose: Callable[[str], str] | None = None) -> str:
    if choose is not None:
        return "".join(choose(ALPHABET) for _ in range(length))
    # 32 characters: five bits of a byte choose one evenly, and one call draws them all.
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in secrets.token_bytes(length))


def new_code(choose: Callable[[str], str] | None = None) -> str:
    """Return the short code of an attendee: eight characters, stored without a dash; not unique by itself.

    Demo data pass the `choice` of a seeded generator, to draw the same codes again.
    """
    return with_check(_random(CODE_LENGTH - 1, choose))


def with_check(body: str) -> str:
    """Return the characters and their check character: what other short codes of the house end with."""
    return body + ALPHABET[_double(_value(body))]


def is_whole(code: str) -> bool:
    """Are these characters of the alphabet, the last of them the check character of the rest?"""
    return bool(code) and set(code) <= set(ALPHABET) and not _value(code)


def new_token() -> str:
    """Return the token in the QR of a badge: 16 characters, 80 random bits."""
    return _random(SECRET_LENGTH)


def new_certificate_code() -> str:
    """Return the code of a certificate, which opens its page: 16 characters, 80 random bits."""
    return _random(SECRET_LENGTH)


def spelled(secret: bytes) -> str:
    """Return bytes in characters of five bits: 20 bytes are the 32 characters of a link or of a phone."""
    return base64.b32encode(secret).decode().rstrip("=").translate(_BASE32)


def unspelled(text: str) -> bytes:
    """Return the bytes of `spelled`; raises binascii.Error for any other text."""
    padding = "=" * (-len(text) % 8)
    return base64.b32decode(text.translate(_UNSPELLED).encode(errors="replace") + padding.encode())


def spelled_as_stored(text: str) -> str:
    """Undo what people do to such a secret; of anything longer the beginning is enough to be wrong."""
    return as_stored(text[: 2 * LONG_LENGTH])


def hashed(secret: str) -> str:
    """Return the SHA-256 that a row keeps of a secret, in hexadecimal."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def group(code: str) -> str:
    """Return a code as people read it, in fours: "7K3M-9QFP"."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def as_stored(text: str) -> str:
    """Undo what people do to a code: lower case, spaces, dashes, O for 0, I or L for 1."""
    return text.translate(_IGNORED).upper().translate(_READ_AS)


def as_read(text: str) -> str:
    """Return what a reader of codes types: capitals, without the blanks and lines around and between."""
    return "".join(text.split()).upper()


def normalise_code(text: str) -> str:
    """Return a typed short code as stored; raises ValueError with a Vietnamese sentence."""
    code = as_stored(text)
    if len(code) != CODE_LENGTH:
        raise ValueError(gettext_noop("Mã thẻ có 8 ký tự. Nhập lại như in trên thẻ, ví dụ 7K3M-9QFE."))
    if not set(code) <= set(ALPHABET):
        raise ValueError(
            gettext_noop("Mã thẻ chỉ gồm chữ số và chữ cái không dấu. Nhập lại như in trên thẻ.")
        )
    if _value(code):
        raise ValueError(
            gettext_noop("Mã thẻ có ký tự sai hoặc hai ký tự đổi chỗ. Nhập lại như in trên thẻ.")
        )
    return code


def normalise_certificate_code(text: str) -> str:
    """Return a typed certificate code as stored; raises ValueError with a Vietnamese sentence."""
    code = as_stored(text)
    if len(code) != SECRET_LENGTH or not set(code) <= set(ALPHABET):
        raise ValueError(gettext_noop("Mã kiểm tra có 16 ký tự. Nhập lại như in trên giấy chứng nhận."))
    return code
