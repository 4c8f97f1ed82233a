"""Scans that another phone, or a stick, brings: what one phone recorded where there was no network.

The list is text with a message authentication code (HMAC-SHA-256) by the hash of the phone's token, which the
phone and the row both know: what was cut or changed on the way is not taken for scans of that phone.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from checkin import reading, taking
from checkin.models import Device
from checkin.pairing import Refused
from checkin.taking import LONGEST_BATCH, Answer, Heard
from conference import journal
from conference.models import Conference, User

FORM = "hoi-nghi-scans-1"


def carry(conference: Conference, told: dict[str, Any], *, by: User | None = None) -> list[Answer]:
    """Keeps the scans of the phone that recorded them: an answer for each, in their order.

    `told`: `device`, `scans` as JSON text, `mac`. `by`: the organiser who brings a file. A phone that was
    revoked meanwhile has no token to prove it by, its scans are taken on the organiser's word; one in whose
    place another was paired proves to them by its old token that the file is whole. Raises `Refused` for a
    damaged file, a phone of another conference, and as `taking.take` does, except that a long file is taken
    in several batches; `PermissionDenied` for anybody else than an organiser.
    """
    if by is not None and not conference.is_run_by(by):
        raise PermissionDenied
    named, text, mac = reading.carried(told)
    device = conference.devices.select_related("conference").filter(pk=named).first()
    if device is None:
        raise Refused("carried", _("Tệp lượt quét này của hội nghị khác."))
    may_prove = bool(device.token_hash)  # not after it was revoked, or offered a new code
    if not may_prove and by is None:
        raise Refused("carried", _("Thiết bị đã ghi các lượt này đã thu hồi. Nộp tệp cho Ban Tổ chức."))
    keys = [device.token_hash, *(device.former_hashes if by is not None else ())]
    if may_prove and not any(hmac.compare_digest(_mac(device, text, key), mac) for key in keys):
        sentence = _("Tệp lượt quét hỏng, hoặc thiết bị đã ghép lại sau khi ghi. Xuất lại từ thiết bị đó.")
        raise Refused("carried", sentence)
    batches = _batches(reading.carried_scans(text))
    answers = [answer for batch in batches for answer in taking.take(device, batch, proved=by is None)]
    if by is not None:
        kept = sum(not answer.refused for answer in answers)
        changes: dict[str, list[Any]] = {"scans": [0, kept]}
        journal.record("carry_scans", device, by=by, conference=conference, changes=changes)
    return answers


def _batches(heard: list[Heard]) -> list[list[Heard]]:
    return [heard[start : start + LONGEST_BATCH] for start in range(0, len(heard), LONGEST_BATCH)]


def _mac(device: Device, text: str, key: str) -> str:
    said = f"{device.conference.slug}\n{device.pk}\n{text}"
    return hmac.new(key.encode(), said.encode(), sha256).hexdigest()
