"""Phones at the door: added, changed, offered a pairing code, paired by it once, revoked.

Pairing secret and token are 160 random bits in the alphabet of personal links, so that every log strikes
them; the row keeps their SHA-256 only. Secrets live by the real clock, also where that of a demonstration
stands.
"""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attendees import codes
from checkin.models import Device, DeviceQuerySet
from conference import journal, vietnamese
from conference.models import Conference, User
from sessions.models import Session

GOOD_FOR = datetime.timedelta(minutes=15)


class Refused(ValueError):
    """The secret or token opens nothing; `code` for the phone, the message a sentence for its holder."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@transaction.atomic
def add(conference: Conference, name: str, sessions: Sequence[Session] = (), *, by: User) -> Device:
    """A device that waits to be paired. Without `sessions` it serves all of them.

    Raises `ValidationError` where the name is taken: by its name a volunteer tells one phone from another.
    """
    _require_organiser(conference, by)
    device = Device(conference=conference, name=vietnamese.clean(name))
    _save(device)
    device.sessions.set(sessions)
    changes: dict[str, list[Any]] = {"sessions": ["", _titles(sessions)]}
    journal.record("add", device, by=by, conference=conference, changes=changes if sessions else None)
    return device


@transaction.atomic
def change(
    device: Device, name: str, sessions: Sequence[Session] = (), *, by: User, shown: str | None = None
) -> bool:
    """Another name, other sessions; the phone learns of them when it asks next. False where nothing changes.

    What it scanned before, for a session that it serves no more, is taken still. `shown`: `Device.shown` as
    it was on the screen. Raises `Refused` where it was revoked, `ValidationError` where the name is taken or,
    with code "stale", where somebody else was faster.
    """
    _require_organiser(device.conference, by)
    locked = Device.objects.select_for_update(of=("self",)).select_related("conference").get(pk=device.pk)
    if locked.revoked_at is not None:
        raise Refused("revoked", _("Thiết bị này đã thu hồi. Thêm thiết bị mới."))
    name, before, after = vietnamese.clean(name), list(locked.sessions.in_order()), list(sessions)
    if (locked.name, set(before)) == (name, set(after)):
        return False
    if shown not in (None, locked.shown):
        sentence = _("Người khác vừa sửa thiết bị này. Xem lại rồi lưu lần nữa.")
        raise ValidationError(sentence, code="stale")
    old = {"name": locked.name, "sessions": _titles(before)}
    changes = journal.differences(old, {"name": name, "sessions": _titles(after)})
    locked.name = name
    left = {one.pk for one in before or locked.conference.sessions.all()} - {one.pk for one in after}
    now = locked.conference.now().isoformat()
    locked.served_until |= {str(key): now for key in left if after}
    _save(locked)
    locked.sessions.set(after)
    journal.record("edit", locked, by=by, conference=locked.conference, changes=changes)
    return True


@transaction.atomic
def offer(device: Device, *, by: User) -> str:
    """A new pairing secret, good for 15 minutes and once; from now on the old token opens nothing.

    Raises `Refused` when the device was revoked.
    """
    _require_organiser(device.conference, by)
    locked = Device.objects.select_for_update().get(pk=device.pk)
    if locked.revoked_at is not None:
        raise Refused("revoked", _("Thiết bị này đã thu hồi. Thêm thiết bị mới."))
    secret = _random()
    locked.secret_hash, locked.secret_until = codes.hashed(secret), timezone.now() + GOOD_FOR
    if locked.token_hash:
        locked.former_hashes = [*locked.former_hashes, locked.token_hash]
    locked.token_hash, locked.paired_at, locked.paired_by = "", None, by
    changed = ["secret_hash", "secret_until", "token_hash", "former_hashes", "paired_at", "paired_by"]
    locked.save(update_fields=changed)
    journal.record("offer_pairing", locked, by=by, conference=device.conference)
    return secret


def address_of(conference: Conference, secret: str) -> str:
    """What the QR says: behind # the secret is sent to no server and reaches no log."""
    return f"{settings.SITE_URL}/{conference.slug}/door/#{secret}"


@transaction.atomic
def pair(conference: str, secret: str) -> tuple[Device, str]:
    """Exchanges a pairing secret for the token of the device: (device, token). Raises `Refused`.

    `conference`: its slug; one that is not there answers as a wrong secret. The row is locked: of two phones
    with one code the second finds the secret used.
    """
    now = timezone.now()
    hashed = codes.hashed(codes.spelled_as_stored(secret))
    offered = _standing(conference).select_for_update(of=("self",))
    device = offered.filter(secret_hash=hashed, secret_until__gt=now).first()
    if device is None:
        raise Refused("secret", _("Mã ghép sai, đã dùng hoặc quá 15 phút. Xin Ban Tổ chức mã mới."))
    token = _random()
    device.secret_hash, device.secret_until = "", None
    device.token_hash, device.paired_at, device.last_seen_at = codes.hashed(token), now, now
    device.save(update_fields=["secret_hash", "secret_until", "token_hash", "paired_at", "last_seen_at"])
    journal.record("pair", device, by=None, conference=device.conference)
    return device, token


@transaction.atomic
def revoke(device: Device, *, by: User, reason: str) -> bool:
    """From the next request on the phone opens nothing. Returns False when it was revoked before."""
    _require_organiser(device.conference, by)
    locked = Device.objects.select_for_update().get(pk=device.pk)
    if locked.revoked_at is not None:
        return False
    locked.revoked_at = timezone.now()
    locked.secret_hash, locked.secret_until, locked.token_hash = "", None, ""
    locked.save(update_fields=["revoked_at", "secret_hash", "secret_until", "token_hash"])
    changes: dict[str, list[Any]] = {"revoked_at": [None, locked.revoked_at], "reason": [None, reason]}
    journal.record("revoke", locked, by=by, conference=device.conference, changes=changes)
    return True


def device_of(conference: str, token: str) -> Device:
    """The paired device of a token at the conference of that slug.

    Raises `Refused`: revoked, paired anew, or never known.
    """
    paired = _standing(conference)
    found = list(paired.filter(token_hash=codes.hashed(token)).order_by()) if token else []
    if not found:
        raise Refused("revoked", _("Thiết bị này chưa ghép hoặc đã thu hồi. Xin Ban Tổ chức mã ghép mới."))
    return found[0]


def _save(device: Device) -> None:
    try:
        with transaction.atomic():
            device.save()
    except IntegrityError as error:
        raise ValidationError({"name": _("Đã có thiết bị mang tên này. Đặt tên khác.")}) from error


def _titles(sessions: Sequence[Session]) -> str:
    return ", ".join(one.title for one in sessions)


def _standing(slug: str) -> DeviceQuerySet:
    return Device.objects.standing().filter(conference__slug=slug).select_related("conference")


def _random() -> str:
    return codes.spelled(secrets.token_bytes(codes.LONG_BYTES))


def _require_organiser(conference: Conference, by: User) -> None:
    if not conference.is_run_by(by):
        raise PermissionDenied
