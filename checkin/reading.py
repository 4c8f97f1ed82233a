"""The shape of what a phone sends: JSON in, checked values out, or a refusal with a code and a sentence."""

from __future__ import annotations

import datetime
import json
import re
import uuid
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from checkin.models import LONGEST_HEARD, Scan
from checkin.pairing import Refused
from checkin.taking import LONGEST_BATCH, Heard

LONGEST_BODY = 1024 * 1024  # bytes: 500 scans take a third of it
LONGEST_FILE = 2 * LONGEST_BODY
LARGEST_SEQUENCE = 2**31 - 1
YEARS_2000_TO_2099 = range(2000, 2100)
LONGEST_OFFSET = 100 * 366 * 24 * 60 * 60 * 1000  # ms; a phone may believe that it is 1970
LONGEST_ERROR = 24 * 60 * 60 * 1000  # ms
MOST_CARRIED = 3000  # in a file: a megabyte
LARGEST_KEY = 2**63 - 1
MAC = re.compile(r"[0-9a-f]{64}")
CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
HALF = re.compile(r"[\ud800-\udfff]")  # of a letter: text that no bytes can say
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def members(body: bytes, longest: int = LONGEST_BODY) -> dict[str, Any]:
    """The JSON object of a request, or of a file."""
    if len(body) > longest:
        raise Refused("too-large", _("Nội dung gửi lên quá dài. Chia nhỏ rồi gửi lại."))
    told = _json(body)
    if not isinstance(told, dict):
        raise _wrong("JSON")
    return told


def secret(told: dict[str, Any]) -> str:
    """The pairing secret."""
    return _text(told, "secret", 200)


def carried(told: dict[str, Any]) -> tuple[int, str, str]:
    """Of scans brought by another: the key of the device that recorded, their JSON text, its code."""
    text, mac = told.get("scans"), told.get("mac")
    if not isinstance(text, str) or HALF.search(text):
        raise _wrong("scans")
    if not isinstance(mac, str) or not MAC.fullmatch(mac):
        raise _wrong("mac")
    return _number(told, "device", 1, LARGEST_KEY), text, mac


def carried_scans(text: str) -> list[Heard]:
    """The scans in such a text."""
    return scans({"scans": _json(text)}, most=MOST_CARRIED)


def scans(told: dict[str, Any], most: int = LONGEST_BATCH) -> list[Heard]:
    """The scans of a batch."""
    rows = told.get("scans")
    if not isinstance(rows, list):
        raise _wrong("scans")
    if len(rows) > most:
        sentence = _("Mỗi lần gửi nhiều nhất %s lượt quét. Chia ra rồi gửi lại.")
        raise Refused("too-many", sentence % most)
    return [_scan(row) for row in rows]


def _scan(row: Any) -> Heard:
    if not isinstance(row, dict):
        raise _wrong("scans")
    return Heard(
        id=_uuid(row),
        sequence=_number(row, "sequence", 0, LARGEST_SEQUENCE),
        session=_text(row, "session", 100),
        direction=_one_of(row, "direction", Scan.Direction.values),
        heard=_text(row, "heard", LONGEST_HEARD),
        device_at=_moment(row),
        offset_ms=_number(row, "offset_ms", -LONGEST_OFFSET, LONGEST_OFFSET),
        error_ms=_number(row, "error_ms", 0, LONGEST_ERROR),
        said=_one_of({"said": "", **row}, "said", ["", *dict(Scan.SAID)]),
        insisted=_is({"insisted": False, **row}, "insisted"),
    )


def _json(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused("json", _("Nội dung gửi lên không phải JSON hợp lệ.")) from error


def _text(row: dict[str, Any], name: str, longest: int) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest or CONTROL.search(value):
        raise _wrong(name)
    return value


def _one_of(row: dict[str, Any], name: str, known: list[str]) -> str:
    value = row.get(name)
    if not isinstance(value, str) or value not in known:
        raise _wrong(name)
    return value


def _is(row: dict[str, Any], name: str) -> bool:
    value = row.get(name)
    if not isinstance(value, bool):
        raise _wrong(name)
    return value


def _number(row: dict[str, Any], name: str, least: int, most: int) -> int:
    value = row.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise _wrong(name)
    return value


def _uuid(row: dict[str, Any]) -> uuid.UUID:
    value = row.get("id")
    if not isinstance(value, str) or not UUID.fullmatch(value):
        raise _wrong("id")
    return uuid.UUID(value)


def _moment(row: dict[str, Any]) -> datetime.datetime:
    """With its zone; the year of a phone that was reset is 1970, so that the corrected time counts."""
    value = row.get("device_at")
    try:
        found = parse_datetime(value) if isinstance(value, str) and len(value) <= LONGEST_HEARD else None
        offset = _number(row, "offset_ms", -LONGEST_OFFSET, LONGEST_OFFSET)
        if found is None or found.tzinfo is None:
            raise _wrong("device_at")
        corrected = found.astimezone(datetime.UTC) + datetime.timedelta(milliseconds=offset)
    except (ValueError, OverflowError) as error:
        raise _wrong("device_at") from error
    if corrected.year not in YEARS_2000_TO_2099 or found.year < 1970:
        raise _wrong("device_at")
    return found


def _wrong(name: str) -> Refused:
    return Refused(
        "field", _("Trường %(name)s thiếu hoặc sai. Cập nhật ứng dụng rồi gửi lại.") % {"name": name}
    )
