"""Phones and e-mail addresses as lists hold them: without their zero, two in a cell, as a power of ten."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from attendees.workbooks.grids import Value, shown
from attendees.workbooks.shapes import ERROR, NOTICE, WARNING
from conference import vietnamese
from conference.vietnamese import gettext_noop

ZERO = gettext_noop("Đã thêm số 0 mà Excel làm mất ở đầu số điện thoại.")
OLD_NUMBER = gettext_noop("Số 11 chữ số đã đổi sang đầu số mới năm 2018.")
SEVERAL_PHONES = gettext_noop("Ô này có hơn một số điện thoại. Chỉ số đầu được dùng.")
POWER = gettext_noop("Số điện thoại ở dạng lũy thừa của Excel đã viết lại đủ chữ số.")
LOST_DIGITS = gettext_noop("Excel đã làm tròn số điện thoại này, chữ số cuối bị mất. Ghi lại số ở dạng chữ.")
SEVERAL_MAILS = gettext_noop("Ô này có hơn một địa chỉ thư điện tử. Chỉ địa chỉ đầu được dùng.")
NOT_A_MAIL = gettext_noop("Địa chỉ thư điện tử này sai. Ghi dạng ten@coquan.gov.vn.")
MAIL_TRIMMED = gettext_noop("Đã bỏ dấu và chữ thừa quanh địa chỉ thư điện tử.")

_POWER = re.compile(r"\+?(\d(?:[.,]\d+)?)\s?E\+?(\d{1,2})", re.I)
_SPLIT = re.compile(r"\s*[;,/&|\n\r]\s*|\s+(?:-|–|và|hoặc)\s+")
_RUN = re.compile(r"(?<!\d)(?:\+?84|0)(?:[ .-]?\d){8,10}(?!\d)")
_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)
_MAIL_SPLIT = re.compile(r"[\s;,|]+|(?<=[A-Za-z])/(?=[A-Za-z0-9._-]+@)")
NONE = frozenset(
    {"-", "--", "—", "–", "không", "không có", "ko", "k", "x", "0", "n/a", "na", "chưa có", "…", "...", "."}
)


@dataclass(slots=True)
class Contact:
    """What was read, and the one thing there is to tell about it."""

    text: str = ""
    level: str = ""
    code: str = ""
    message: str = ""
    after: str = ""


def read_phone(value: Value) -> Contact:
    """Read the cell of a phone into E.164."""
    if isinstance(value, float) and not value.is_integer():
        return Contact(level=ERROR, code="phone", message=LOST_DIGITS)
    raw = value if isinstance(value, str) else shown(value)
    text = vietnamese.clean(raw).strip("'’`").strip()
    if not text or text.lower() in NONE:
        return Contact()
    if found := _POWER.fullmatch(text):
        return _of_power(found)
    try:
        number = vietnamese.phone(text)
    except ValueError as fault:
        return (
            _renumbered(text)
            or _first_of(raw, text)
            or Contact(level=ERROR, code="phone", message=str(fault))
        )
    digits = re.sub(r"\D", "", text)
    if number.startswith("+84") and digits == number[3:]:
        return Contact(number, NOTICE, "lost_zero", ZERO, vietnamese.show_phone(number))
    return Contact(number)


def _of_power(found: re.Match[str]) -> Contact:
    """9.12345678E+08 is a whole number, 9.12E+08 has lost its digits."""
    mantissa = found[1].replace(",", ".")
    try:
        number = Decimal(f"{mantissa}E{found[2]}")
    except InvalidOperation:
        return Contact(level=ERROR, code="phone", message=LOST_DIGITS)
    if len(mantissa.replace(".", "")) < int(found[2]) + 1:
        return Contact(level=ERROR, code="phone_rounded", message=LOST_DIGITS)
    try:
        phone = vietnamese.phone(str(int(number)))
    except ValueError as fault:
        return Contact(level=ERROR, code="phone", message=str(fault))
    return Contact(phone, NOTICE, "phone_power", POWER, vietnamese.show_phone(phone))


def _renumbered(text: str) -> Contact | None:
    padded = f"0{text}" if re.fullmatch(r"1[2689]\d{8}", re.sub(r"\D", "", text)) and text[0] == "1" else text
    number = vietnamese.renumbered(padded)
    if not number:
        return None
    return Contact(number, NOTICE, "old_number", OLD_NUMBER, vietnamese.show_phone(number))


def _first_of(raw: str, text: str) -> Contact | None:
    """The first of several numbers in a cell, when it is right."""
    parts = [part for part in _SPLIT.split(raw) if any(map(str.isdigit, part))]
    if len(parts) < 2:
        parts = _RUN.findall(text)
    if len(parts) < 2:
        return None
    for part in parts:
        first = read_phone(part) if part != raw else Contact()
        if first.text:
            shown_as = vietnamese.show_phone(first.text)
            return Contact(first.text, WARNING, "several_phones", SEVERAL_PHONES, shown_as)
    return None


def read_mail(value: Value) -> Contact:
    """Read the cell of an e-mail address."""
    text = shown(value)
    if not text or text.lower() in NONE:
        return Contact()
    if _MAIL.fullmatch(text) and len(text) <= 254 and ".." not in text:
        return Contact(text)
    bare = re.sub(r"^(?:mailto|e-?mail)\s*:\s*", "", text, flags=re.I)
    parts = [part for part in (piece.strip("<>()[].,;:'\"") for piece in _MAIL_SPLIT.split(bare)) if part]
    mails = [part for part in parts if _MAIL.fullmatch(part) and len(part) <= 254 and ".." not in part]
    if len(mails) > 1:
        return Contact(mails[0], WARNING, "several_mails", SEVERAL_MAILS, mails[0])
    if len(mails) == 1 and len(parts) == 1:
        return Contact(mails[0], NOTICE, "mail_trimmed", MAIL_TRIMMED, mails[0])
    return Contact(level=ERROR, code="mail", message=NOT_A_MAIL)
