"""The codes on a sheet to sign: of each row (session, person), and of the sheet (session, delegation).

"KY", four characters for the session, the short code of the person, a check character: 15 in all, so that no
row is taken for a badge (8, 16 or more). "KT", the session, four for the delegation, a check character: 11.
Capitals and figures only, which every keyboard scanner types alike, on whatever layout.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from attendees import codes
from attendees.models import Attendee, Delegation
from sessions.models import Session

ROW, SHEET = "KY", "KT"
NUMBER_LENGTH = 4
ROW_LENGTH = len(ROW) + NUMBER_LENGTH + codes.CODE_LENGTH + 1
SHEET_LENGTH = len(SHEET) + 2 * NUMBER_LENGTH + 1
LONGEST = 100  # of what is typed; anything longer is no code
_BASE = len(codes.ALPHABET)


class Row(NamedTuple):
    """What a code says: the number of its session, and a person's code or a delegation's number."""

    session: int
    person: str = ""
    delegation: int = 0


def of_row(session: Session, person: Attendee) -> str:
    """The code beside a person, without dashes."""
    return codes.with_check(ROW + _spelled(session.pk) + person.code)


def of_sheet(session: Session, delegation: Delegation) -> str:
    """The code at the head of a delegation's sheet, without dashes."""
    return codes.with_check(SHEET + _spelled(session.pk) + _spelled(delegation.pk))


def read(text: str) -> Row:
    """What a typed or scanned code says; raises ValueError with a sentence for whoever entered it."""
    code = codes.as_stored(text[:LONGEST])
    if len(code) == codes.CODE_LENGTH and codes.is_whole(code):
        raise ValueError(_("Đây là mã thẻ, không phải mã dòng. Quét mã QR ở cuối dòng của tờ ký."))
    if not code.startswith((ROW, SHEET)) or len(code) not in (ROW_LENGTH, SHEET_LENGTH):
        raise ValueError(_("Đây không phải mã của tờ ký. Mã dòng bắt đầu bằng KY, có 15 ký tự."))
    if not codes.is_whole(code):
        raise ValueError(_("Mã có ký tự sai hoặc hai ký tự đổi chỗ. Nhập lại như in trên tờ ký."))
    session = _number(code[len(ROW) : len(ROW) + NUMBER_LENGTH])
    rest = code[len(ROW) + NUMBER_LENGTH : -1]
    if code.startswith(ROW) and len(code) == ROW_LENGTH:
        return Row(session, person=rest)
    if code.startswith(SHEET) and len(code) == SHEET_LENGTH:
        return Row(session, delegation=_number(rest))
    raise ValueError(_("Đây không phải mã của tờ ký. Mã dòng bắt đầu bằng KY, có 15 ký tự."))


def _spelled(number: int) -> str:
    """Four characters for a number below a million."""
    if not 0 <= number < _BASE**NUMBER_LENGTH:
        raise ValueError(f"{number} has no place in a code of a sheet.")
    digits = (number // _BASE**place % _BASE for place in range(NUMBER_LENGTH - 1, -1, -1))
    return "".join(codes.ALPHABET[digit] for digit in digits)


def _number(text: str) -> int:
    return sum(codes.ALPHABET.index(char) * _BASE**place for place, char in enumerate(reversed(text)))
